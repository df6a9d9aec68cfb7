"""The bundled network, or one from a file or table of links."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import FileFormatError, FormatWarning, SchemaError
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.toml import read_toml
from corridors.network.dated_statuses import bundled_statuses
from corridors.network.link import Link, Node
from corridors.network.network import LINK_COLUMNS, Network, left_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas

__all__ = ["known_until", "load_network", "own_links", "undated_on"]

# What a table is called in messages.
_TABLE = "the table of links"
_STATED = frozenset(LINK_COLUMNS)
# What the scenario of a study says that others build on.
_STATUS_QUO = (
    'there id = "status-quo", a name and the day whose statuses are known, such as on = 2026-06-01'
)
# Tables of a study's folder `network` that hold something else than links.
_NO_LINKS = frozenset({
    "assumptions.csv", "calibration.csv", "calibration_samples.csv", "crossings.csv",
    "open_borders.csv", "rates.csv", "route_error.csv", "statuses.csv", "totals.csv",
})  # fmt: skip
# The data were collected from 1918 on; a status without a first day held on this one.
_FIRST_DAY = date(1918, 1, 1)


@cache
def known_until(root: DataRoot = BUNDLED) -> date:
    """Return the day up to which the statuses are known: that of the scenario `status-quo`.

    Raises
    ------
    FileFormatError : a study that stands alone has no such scenario.
    SchemaError : the scenario has no day.
    """
    path = root.path("scenarios/status-quo.toml")
    if root.over is not None and not path.is_file():
        message = f"scenarios/status-quo.toml: no such file; write {_STATUS_QUO}"
        raise FileFormatError(message)
    day: date | None = read_toml(path).get("on")
    if day is None:
        message = f"scenarios/status-quo.toml: 'on' is missing; write {_STATUS_QUO}"
        raise SchemaError(message)
    return day


def undated_on(valid_from: date | None, on: date) -> bool:
    """Tell whether a status holds on a day only because the data do not say since when it does.

    On the day up to which they are known they say that it holds; on one before they need not.
    """
    return valid_from is None and on < known_until()


def load_network(
    file: str | Path | geopandas.GeoDataFrame | None = None,
    *,
    on: date | str | None = None,
    columns: Mapping[str, str | None] | None = None,
) -> Network:
    """Return the bundled network, or one from a file or table of links in the same schema.

    Parameters
    ----------
    file : None for the bundled network; a file (.npz) of `araxes network import` or `refine`; or a
        vector file, such as a GeoPackage, GeoJSON, CSV or GeoParquet, whose columns are those of
        table `network` in `data/schema.csv`, or a GeoDataFrame with these; EPSG:4326.
        Edges of OSMnx and networkx (``u, v, key, length, oneway, geometry``) are read as they are.
    on : day whose statuses hold, instead of the day of scenario `status-quo` and of those that
        include it; if missing, the day up to which the bundled data are known.
    columns : column of table `network` → that of the file, whose unit may end either name:
        ``{"length": "LEN_KM"}``; ``{"toll": None}`` leaves a column of the file unread.

    Raises
    ------
    FileFormatError, CRSError, GeometryError, SchemaError : the file is not what it should be.

    Warns
    -----
    FormatWarning : the table is one of `Network.to_gdf` that leaves out the changes of mode.

    Examples
    --------
    >>> network = load_network(on="2026-06-01")
    >>> network.link("rail-dogukapi-akhuryan-st").status(network.on).status
    'closed'
    """
    day, dated = known_until() if on is None else parse_date(on), on is not None
    if file is None and BUNDLED.shows:
        links = (*_own_links(BUNDLED), *_links(BUNDLED))
        return Network(links=links, on=day, since=_FIRST_DAY, dated=dated)
    if file is None:
        return Network(links=_own_links(BUNDLED), on=day, name=BUNDLED.called, dated=dated)
    if isinstance(file, str | Path) and Path(file).suffix.lower() == ".npz":
        return _read_arrays(Path(file), day, dated=dated)
    if hasattr(file, "edges"):
        message = (
            f"a {type(file).__name__} is a graph; network_from_osm(graph) makes a network of it"
        )
        raise FileFormatError(message)
    # The readers of all formats, which a file of arrays does not need.
    from borders.files.table_checks import checked
    from corridors.network.table import links_of_table, read_links

    if isinstance(file, str | Path):
        links = read_links(Path(file), columns)
        return Network(links=links, on=day, name=Path(file).name, dated=dated)
    name = str(getattr(file, "attrs", {}).get("name") or _TABLE)
    links = links_of_table(checked(file, name), name, columns)
    if lacks := left_out(file):
        message = f"{name}: {lacks}; take to_gdf(transfers=True)"
        warnings.warn(message, FormatWarning, stacklevel=2)
    return Network(links=links, on=day, name=name, dated=dated)


def own_links() -> tuple[Link, ...]:
    """Return the links that an active study has of its own; none if there is no study.

    Raises
    ------
    FileFormatError, CRSError, GeometryError, SchemaError : as `load_network`.
    """
    return _own_links(BUNDLED)


def _read_arrays(path: Path, day: date, *, dated: bool) -> Network:
    """Return the network of an .npz file: of ways compiled, or of links one by one."""
    from borders.files.mapped_arrays import format_of
    from corridors.network import compiled, link_file

    if format_of(path) == link_file.KIND:
        return link_file.read_link_file(path, day, dated=dated)
    return compiled.read_compiled(path, day, dated=dated)


@cache
def _links(root: DataRoot) -> tuple[Link, ...]:
    # That of the data themselves, though a study may have a file of this name.
    path = root.folder / "network/links.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    return tuple(
        _link(f["properties"], (f["geometry"] or {"coordinates": []})["coordinates"])
        for f in features
    )


@cache
def _own_links(root: DataRoot) -> tuple[Link, ...]:
    """Return the links of the files in the folder `network` of a study, each id once."""
    own = root.own("network")
    if not own:
        return ()
    from corridors.network.own_countries import in_own_countries
    from corridors.network.own_tables import own_statuses, with_own_crossings
    from corridors.network.table import read_links

    files: dict[str, Path] = {}
    links = []
    for path in own:
        if path.name in _NO_LINKS:
            continue
        for link in read_links(path, None):
            if link.id in files:
                message = f"{path}: id '{link.id}' is already in {files[link.id]}; choose another"
                raise SchemaError(message)
            files[link.id] = path
            links.append(in_own_countries(link))
    base = _links(root) if root.over and root.shows else ()
    bundled = {link.id for link in base}
    for key in files.keys() & bundled:
        message = f"{files[key]}: id '{key}' is already that of a bundled link; choose another"
        raise SchemaError(message)
    dated = own_statuses(root, {link.id: link for link in links}, bundled)
    links = [replace(link, statuses=dated[link.id]) if link.id in dated else link for link in links]
    return with_own_crossings(root, links, {link.crossing for link in base if link.crossing})


def _link(row: Mapping[str, Any], xy: Sequence[Sequence[float]]) -> Link:
    """Return a link of the bundled file, which the build has checked."""
    values = {key: value for key, value in row.items() if key in _STATED and value is not None}
    return Link(
        **values,
        start=Node(row["from"]),
        end=Node(row["to"]),
        name=row.get("name") or "",
        countries=tuple(filter(None, (row.get("countries") or "").split(","))),
        statuses=bundled_statuses(row),
        xy=tuple((lon, lat) for lon, lat in xy),
    )
