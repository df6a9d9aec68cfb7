"""Links in memory as one file of arrays and rows, which holds all of them and loads fast.

A compiled network (`corridors.network.compiled`) has millions of links of a few kinds, known by
their ways; the links here have ids, places and statuses of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.dates import parse_date
from borders.errors import FileFormatError
from borders.files.mapped_arrays import Mapped, map_arrays, write_arrays
from corridors.network.dated_statuses import bundled_statuses
from corridors.network.link import MODES, Link, Node
from corridors.network.network import Network, credited, status_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

__all__ = ["KIND", "read_link_file", "write_link_file"]

KIND, VERSION = "araxes-links", 1


@dataclass(frozen=True, kw_only=True, repr=False)
class _OnExtracts(Network):
    """A network of which some links lie on the ways of extracts.

    Parameters
    ----------
    extracts : name and day of each.
    """

    extracts: tuple[tuple[str, str], ...] = ()

    @property
    def credit(self) -> str:
        """Return how a map names it as a source: its file, its extracts and their days."""
        return credited(self.name, self.extracts)


_DEFAULTS = Link(id="", start=Node(), end=Node(), mode="", length_m=-1, sigma_m=-1)
_FIELDS = tuple(key for key in Link.__dataclass_fields__ if key not in ("xy", "statuses"))


def write_link_file(network: Network, about: dict[str, Any], path: Path) -> None:
    """Write a network of links in memory; `about` is what `show` and others may tell of it.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    links = network.links
    sizes = [len(link.xy) for link in links]
    xy = [point for link in links for point in link.xy]
    tables = {
        "about": {**about, "since": None if network.since is None else str(network.since)},
        "links": [_row(link) for link in links],
    }
    arrays = {
        "courses.offsets": np.r_[0, np.cumsum(sizes, dtype=np.int64)].astype(np.int64),
        "courses.xy": np.array(xy, np.float64).reshape(-1, 2),
    }
    write_arrays(path, KIND, VERSION, arrays, tables)


def _row(link: Link) -> dict[str, Any]:
    """Return a link without its course and what is usual, as JSON can hold it."""
    row = {
        key: value
        for key in _FIELDS
        if (value := getattr(link, key)) != getattr(_DEFAULTS, key)
    }  # fmt: skip
    return row | {"statuses": status_rows(link.statuses)}


def read_link_file(path: Path, on: date, *, dated: bool) -> Network:
    """Return the network of a file of `write_link_file`.

    Raises
    ------
    FileFormatError : it is no such file, of another version, or damaged.
    """
    mapped = map_arrays(path, KIND, VERSION)
    try:
        about = mapped.table("about")
        since = about["since"]
        return _OnExtracts(
            links=tuple(_links(mapped)), on=on, name=path.name, dated=dated,
            since=None if since is None else parse_date(since),
            extracts=tuple((str(e["name"]), str(e["date"])) for e in about.get("extracts", ())),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, IndexError) as err:
        if isinstance(err, FileFormatError):
            raise
        message = f"{path}: damaged: its tables do not fit together; write it anew"
        raise FileFormatError(message) from err


def _links(mapped: Mapped) -> Iterator[Link]:
    offsets, xy = mapped.arrays["courses.offsets"].tolist(), mapped.arrays["courses.xy"].tolist()
    rows = mapped.table("links")
    if len(rows) + 1 != len(offsets) or offsets[-1] != len(xy) or offsets != sorted(offsets):
        message = "arrays of other sizes"
        raise ValueError(message)
    points = [(x, y) for x, y in xy]
    for row, begin, end in zip(rows, offsets[:-1], offsets[1:], strict=True):
        link = Link(**{
            **{key: value for key, value in row.items() if key in _FIELDS},
            "countries": tuple(row.get("countries", ())),
            "osm_ways": tuple(row.get("osm_ways", ())),
            "statuses": bundled_statuses(row), "xy": tuple(points[begin:end]),
        })  # fmt: skip
        if link.mode not in MODES or not (0 <= link.length_m < inf and 0 <= link.sigma_m < inf):
            message = f"link '{link.id}' has no mode or length"
            raise ValueError(message)
        yield link
