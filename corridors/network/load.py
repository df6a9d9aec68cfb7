"""The bundled network, or one from a file or table of links."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.toml import read_toml
from corridors.network.dated_statuses import bundled_statuses
from corridors.network.link import Link
from corridors.network.network import LINK_COLUMNS, Network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas

__all__ = ["known_until", "load_network"]

# The data were collected from 1918 on; a status without a first day held on this one.
_FIRST_DAY = date(1918, 1, 1)


@cache
def known_until(root: DataRoot = BUNDLED) -> date:
    """Return the day up to which the bundled statuses are known: that of scenario `status-quo`."""
    day: date = read_toml(root.path("scenarios/status-quo.toml"))["on"]
    return day


def load_network(
    file: str | Path | geopandas.GeoDataFrame | None = None, *, on: date | str | None = None
) -> Network:
    """Return the bundled network, or one from a file or table of links in the same schema.

    Parameters
    ----------
    file : None for the bundled network; or a GeoPackage, GeoJSON or FlatGeobuf whose columns are
        those of table `network` in `data/schema.csv`, or a GeoDataFrame with these; EPSG:4326.
    on : day whose statuses hold, instead of the day of scenario `status-quo` and of those that
        include it; if missing, the day up to which the bundled data are known.

    Raises
    ------
    FileFormatError, CRSError, GeometryError, SchemaError : the file is not what it should be.

    Examples
    --------
    >>> network = load_network(on="2026-06-01")
    >>> network.link("rail-dogukapi-akhuryan-st").status(network.on).status
    'closed'
    """
    day, dated = known_until() if on is None else parse_date(on), on is not None
    if file is None:
        return Network(links=_links(BUNDLED), on=day, since=_FIRST_DAY, dated=dated)
    from borders.files.table_checks import checked
    from corridors.network.table import links_of_table, read_links

    if isinstance(file, str | Path):
        return Network(links=read_links(Path(file)), on=day, name=Path(file).name, dated=dated)
    name = "the table of links"
    links = links_of_table(checked(file, name), name)
    return Network(links=links, on=day, name=name, dated=dated)


@cache
def _links(root: DataRoot) -> tuple[Link, ...]:
    path = root.path("network/links.geojson")
    features = json.loads(path.read_text("utf-8"))["features"]
    return tuple(
        _link(f["properties"], (f["geometry"] or {"coordinates": []})["coordinates"])
        for f in features
    )


def _link(row: Mapping[str, Any], xy: Sequence[Sequence[float]]) -> Link:
    """Return a link of the bundled file, which the build has checked."""
    values = {key: row[key] for key in LINK_COLUMNS if row.get(key) is not None}
    return Link(
        **values,
        start=row["from"],
        end=row["to"],
        name=row.get("name") or "",
        countries=tuple(filter(None, (row.get("countries") or "").split(","))),
        statuses=bundled_statuses(row),
        xy=tuple((lon, lat) for lon, lat in xy),
    )
