"""Networks from a user's own file: one row a link, in the schema of table `network`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.errors import AraxesError, GeometryError, SchemaError
from borders.files import schema
from borders.files.vector import read_vector
from borders.frozendict import FrozenDict
from borders.gazetteer.places import places
from borders.geodesy.lonlat import WGS84
from borders.recurring import checked_hours
from corridors.network import osm_tags
from corridors.network.columns import TAGS, link_table
from corridors.network.dated_statuses import LinkStatus, read_link_statuses
from corridors.network.ends import end_faults, layer_faults, near_misses, reversed_links
from corridors.network.findings import Finding, finding_of
from corridors.network.link import TAGGED, Link, Node, is_way
from corridors.network.rates import LARGEST, SLOWEST_KMH
from corridors.network.two_ways import paired
from corridors.network.way_lists import read_ways

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import geopandas

__all__ = ["links_of_table", "read_links", "sound_links"]

# Relative standard error of a length that the file leaves out and that is taken from the drawn
# line; an assumption.
DRAWN_SIGMA = 0.05
# What no link exceeds: the length of the equator, the gauge of any railway, `LARGEST`.
_BOUNDS = {
    "length_m": (0.0, 4e7), "sigma_m": (0.0, 4e7), "gauge_mm": (300.0, 3000.0),
    "delay_h": (0.0, LARGEST), "delay_passengers_h": (0.0, LARGEST), "cost_usd_t": (0.0, LARGEST),
    "speed_kmh": (SLOWEST_KMH, LARGEST),
}  # fmt: skip
# A length is this much too small if it was written in another unit or shifted by a digit.
_SLIPS = {
    0.001: "is it in kilometres?", 1 / 1609.344: "is it in miles?",
    0.1: "is a digit missing?",
}  # fmt: skip
_TURNED = {"forward": "backward", "backward": "forward", "both": "both"}


class Fault(NamedTuple):
    """An error of one link, or of the table as a whole, and where it is."""

    error: AraxesError
    finding: Finding


def read_links(path: Path, columns: Mapping[str, str | None] | None = None) -> tuple[Link, ...]:
    """Return the links of a GeoPackage, GeoJSON or FlatGeobuf file in EPSG:4326.

    Parameters
    ----------
    columns : as for `links_of_table`.

    Raises
    ------
    FileFormatError, CRSError, GeometryError : the file cannot be read as longitude and latitude.
    SchemaError : a column is missing or a value impossible; says which link.
    GeometryError : links of one node end far apart, or an end misses a node by a little.
    """
    return links_of_table(read_vector(path), path.name, columns)


def links_of_table(
    table: geopandas.GeoDataFrame, name: str, columns: Mapping[str, str | None] | None = None
) -> tuple[Link, ...]:
    """Return the links of a table in EPSG:4326, one row a link.

    Parameters
    ----------
    name : of the table, for messages.
    columns : column of table `network` → the table's own (see `corridors.network.columns`).

    Raises
    ------
    SchemaError, GeometryError : as for a file.
    """
    links, faults = _read(table, name, columns)
    for fault in faults:
        if fault.finding.level == "error":
            raise fault.error
    return links


def sound_links(
    table: geopandas.GeoDataFrame, name: str, columns: Mapping[str, str | None] | None = None
) -> tuple[tuple[Link, ...], list[Finding]]:
    """Return the links of a table that can be read, and all that is wrong with it.

    Raises
    ------
    SchemaError : a column is missing, or would not be read though its name resembles one.
    """
    links, faults = _read(table, name, columns)
    return links, [fault.finding for fault in faults]


def _read(
    table: geopandas.GeoDataFrame, name: str, columns: Mapping[str, str | None] | None
) -> tuple[tuple[Link, ...], list[Fault]]:
    read = link_table(table, name, columns)
    rows = paired(read, name)
    letters = {str(row["oneway"]).lower() for row in rows.rows if row.get("oneway") is not None}
    links: list[Link] = []
    faults: list[Fault] = []
    drawn_m = _drawn_m(rows.shapes)
    for n, (row, shape) in enumerate(zip(rows.rows, rows.shapes, strict=True), 1):
        where = f"{name}, link {n}"
        key = str(row.get("id") or "")
        try:
            links.append(_link(row, shape, drawn_m[n - 1], where, letters))
        except AraxesError as err:
            prefix = f"{where} ('{row.get('id')}')"
            faults += [
                Fault(error, finding_of(error, prefix, key, _xy(shape)))
                for error in _errors_of_row(err, row, shape, drawn_m[n - 1], where)
            ]
    if rows.edges:
        links = _turned(links)
    faults += _repeated_ids(links, name)
    for error, link, xy in chain(end_faults(links, name), layer_faults(links, name)):
        faults.append(Fault(error, finding_of(error, name, link.id, xy)))
    # In a town many a street ends beside another.
    surveyed = rows.edges or any(link.source == "openstreetmap" or is_way(link) for link in links)
    level = "remark" if surveyed else "error"
    for error, link, xy in near_misses(links, name):
        faults.append(Fault(error, finding_of(error, name, link.id, xy, level=level)))
    return tuple(links), faults


def _drawn_m(shapes: Sequence[Any]) -> list[float]:
    from borders.geodesy import length_m

    lines = [s if s is not None and s.geom_type == "LineString" else None for s in shapes]
    drawn = np.zeros(len(lines))
    known = np.array([line is not None and not line.is_empty for line in lines], dtype=bool)
    if known.any():
        drawn[known] = length_m(np.array(lines, dtype=object)[known])
    return [float(v) for v in drawn]


def _xy(shape: Any) -> tuple[tuple[float, float], ...]:
    """Return the points of a geometry of any kind, none if it is missing."""
    if shape is None:
        return ()
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(shape))


def _link(
    row: dict[str, Any], shape: Any, drawn_m: float, where: str, letters: Collection[str]
) -> Link:
    where = f"{where} ('{row['id']}')"
    row = dict(row)
    for key in ("id", "from", "to"):
        row[key] = None if row.get(key) is None else _node_text(row[key])
    for keys, mark in ((("name", "source", "note"), " / "), ((*TAGGED, "osm_ways"), ";")):
        for key in keys:
            if key in row:
                row[key] = mark.join(map(_node_text, osm_tags.values_of(row[key]))) or None
    if isinstance(row.get("names"), dict):
        row["names"] = json.dumps(row["names"], default=str)
    elif not isinstance(row.get("names"), str):
        row.pop("names", None)
    if isinstance(row.get("statuses"), str):
        try:
            row["statuses"] = json.loads(row["statuses"])
        except (ValueError, RecursionError) as err:
            message = f"{where}: statuses is not JSON ({err}); write a list of tables"
            raise SchemaError(message) from err
    row.setdefault("mode", osm_tags.mode_of(row))
    if row.get("speed_kmh") is None:
        row["speed_kmh"] = osm_tags.speed_kmh(row, where)
    way = osm_tags.one_way(row, letters, where)
    stated = {key: value for key, value in row.items() if key not in TAGS}
    typed = schema.check("network", stated, where)
    link = _with_defaults(typed | _tags(row), _course(typed, shape, where), drawn_m, where)
    if way == "backward":
        link = _the_other_way(link)
    return replace(link, oneway=True) if way else link


def _errors_of_row(
    first: AraxesError, row: dict[str, Any], shape: Any, drawn_m: float, where: str
) -> list[AraxesError]:
    """Return the error of a row, and those of its other values taken one by one."""
    errors = {str(first): first}
    known = schema.columns("network")["mode"]["values"].split("|")
    base = {"id": row.get("id"), "from": "a", "to": "b", "mode": row.get("mode")}
    base["mode"] = base["mode"] if base["mode"] in known else "road"
    letters = {str(row.get("oneway")).lower()}
    for key, value in row.items():
        if value is not None and key not in ("id", "sigma_m"):
            try:
                _link(base | {key: value}, shape, drawn_m, where, letters)
            except AraxesError as err:
                errors.setdefault(str(err), err)
    return list(errors.values())


def _node_text(value: Any) -> str:
    """Return an id as text; ids of nodes in a column with gaps come as decimals."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _tags(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in TAGS if row.get(key) is not None}


def _course(typed: Mapping[str, Any], shape: Any, where: str) -> tuple[tuple[float, float], ...]:
    """Return the course of a row, a line of one part, or nothing for a change of mode."""
    if shape is None or shape.is_empty:
        if typed["mode"] != "transfer":
            message = f"{where}: no geometry; draw a line from '{typed['from']}' to '{typed['to']}'"
            raise GeometryError(message)
        return ()
    if shape.geom_type != "LineString":
        what = f"a {shape.geom_type}"
        if shape.geom_type == "MultiLineString":
            what += f" of {len(shape.geoms)} parts"
        how = "split it (QGIS: Multipart to singleparts)" if "parts" in what else "draw one"
        message = f"{where}: {what}; a link is one line: {how}"
        raise GeometryError(message)
    return _xy(shape)


def _with_defaults(
    typed: dict[str, Any], xy: tuple[tuple[float, float], ...], drawn_m: float, where: str
) -> Link:
    """Return a link of a checked row, with defaults for the values that the file leaves out."""
    statuses = _with_hours(_statuses(typed, where), typed, where)
    columns = schema.columns("network").keys() - {
        "status", "statuses", "oneway", "closed", "open_hours",
    }  # fmt: skip
    values = {key: v for key, v in typed.items() if key in columns and v is not None}
    start, end = values.pop("from"), values.pop("to")
    for node in (start, end):
        _check_layer(node, values.get("gauge_mm"), where)
    values |= _of_osm(values, where)
    codes = _countries(values.pop("countries", ""), where)
    values.setdefault("length_m", drawn_m)
    values.setdefault("sigma_m", DRAWN_SIGMA * values["length_m"])
    _check_values(values, xy, drawn_m, where)
    return Link(**values, start=start, end=end, statuses=statuses, xy=xy, countries=codes)


def _check_layer(node: str, gauge_mm: int | None, where: str) -> None:
    """Refuse an end at a known place whose layer is begun and is none, such as ``kars.rail``."""
    place, _, layer = node.rpartition(".")
    if place in places() and layer.startswith(("rail", "road", "ferry")) and not Node(node).layer:
        message = (
            f"{where}: it ends at '{node}', and '{layer}' is no layer; write {place}.road, "
            f"{place}.ferry, or {place}.rail{gauge_mm or 1435} with the gauge in mm"
        )
        raise SchemaError(message)


def _of_osm(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return names by language, the toll and the ways of OpenStreetMap as a link has them."""
    held: dict[str, Any] = {}
    if "names" in values:
        try:
            names = json.loads(values["names"])
        except (ValueError, RecursionError):
            names = None
        named = isinstance(names, dict) and all(isinstance(v, str) for v in names.values())
        held["names"] = FrozenDict(names if named else {})
    if "toll" in values:
        held["toll"] = osm_tags.is_tagged(values["toll"])
    if "osm_ways" in values:
        try:
            held["osm_ways"] = read_ways(values["osm_ways"])
        except ValueError as err:
            message = (
                f"{where}: osm_ways is '{values['osm_ways'][:40]}'; write ids separated by "
                "semicolons, or leave the column out (osm_ways=)"
            )
            raise SchemaError(message) from err
    return held


def _check_values(
    values: Mapping[str, Any], xy: tuple[tuple[float, float], ...], drawn_m: float, where: str
) -> None:
    if "speed_kmh" in values and values["speed_kmh"] <= 0:
        message = f"{where}: speed_kmh is {values['speed_kmh']}; give more than 0 or leave it out"
        raise SchemaError(message)
    for key, (least, most) in _BOUNDS.items():
        value = values.get(key)
        if value is not None and not least <= value <= most:
            message = f"{where}: {key} is {value:g}; give {least:g} to {most:g} or leave it out"
            raise SchemaError(message)
    length_m, chord_m = values["length_m"], _chord_m(xy)
    if drawn_m and length_m + 3 * values["sigma_m"] < chord_m:
        ratio = length_m / drawn_m
        slip = min(_SLIPS, key=lambda slip: abs(np.log(max(ratio, 1e-9) / slip)))
        near = slip / 1.5 < ratio < slip * 1.5
        message = (
            f"{where}: length_m is {length_m:,.0f}, but its ends are {chord_m:,.0f} m apart; "
            f"{_SLIPS[slip] if near else 'is it in metres?'}"
        )
        raise SchemaError(message)


def _statuses(typed: Mapping[str, Any], where: str) -> tuple[LinkStatus, ...]:
    """Return the dated statuses of a row, or what its status, period and access say."""
    rows = typed["statuses"]
    if not rows:
        return osm_tags.statuses_of(typed, where)
    if not all(isinstance(row, dict) for row in rows):
        message = f"{where}: statuses is not a list of tables; see `network` in docs/data.md"
        raise SchemaError(message)
    if osm_tags.closed_to(typed, where):
        message = f"{where}: statuses and a tag of access both speak; leave one out"
        raise SchemaError(message)
    return read_link_statuses([{"link": "x", **row} for row in rows], where, sourced=False)


def _with_hours(
    statuses: tuple[LinkStatus, ...], typed: Mapping[str, Any], where: str
) -> tuple[LinkStatus, ...]:
    """Return statuses with the hours and seasons of a row, where they have none of their own."""
    hours = checked_hours(typed["closed"], typed["open_hours"], where)
    if not hours:
        return statuses
    return tuple(
        replace(s, closed=hours.closed, open_hours=hours.open_hours)
        if s.status == "open" and not s.hours
        else s
        for s in statuses
    )


def _countries(text: str, where: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in text.split(",") if code.strip())
    for code in codes:
        if not re.fullmatch("[A-Z]{2}", code):
            message = (
                f"{where}: countries has '{code}'; write ISO 3166-1 codes of two letters, with "
                "commas between"
            )
            raise SchemaError(message)
    return codes


def _chord_m(xy: tuple[tuple[float, float], ...]) -> float:
    return float(WGS84.inv(*xy[0], *xy[-1])[2]) if xy else 0.0


def _the_other_way(link: Link) -> Link:
    """Return a link from its end to its start, its statuses by direction turned too."""
    statuses = tuple(replace(s, direction=_TURNED[s.direction]) for s in link.statuses)
    return replace(link, start=link.end, end=link.start, xy=link.xy[::-1], statuses=statuses,
                   countries=link.countries[::-1])  # fmt: skip


def _turned(links: list[Link]) -> list[Link]:
    """Return links whose courses run from start to end: edges of a graph have no direction."""
    wrong = set(reversed_links(links))
    return [
        replace(link, xy=link.xy[::-1]) if link.id in wrong and not link.oneway else link
        for link in links
    ]


def _repeated_ids(links: list[Link], where: str) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for n, link in enumerate(links, 1):
        if link.id in first:
            message = f"{where}: links {first[link.id]} and {n} have the id '{link.id}'; rename one"
            error = SchemaError(message)
            faults.append(Fault(error, finding_of(error, where, link.id, link.xy)))
        first.setdefault(link.id, n)
    return faults
