"""Networks from a user's own file: one row a link, in the schema of table `network`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import GeometryError, SchemaError
from borders.files import schema
from borders.files.vector import read_vector
from borders.geodesy.lonlat import WGS84
from corridors.network.dated_statuses import LinkStatus, read_link_statuses
from corridors.network.link import Link
from corridors.network.rates import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas

__all__ = ["check_columns", "links_of_table", "read_links"]

# Ends of links at one node may lie this far apart, as courses may be schematic; an assumption.
NODE_LIMIT_M = 1000.0
# A loose end this near another node was most likely meant to meet it; an assumption.
NEAR_MISS_M = 50.0
# Relative standard error of a length that the file leaves out and that is taken from the drawn
# line; an assumption.
DRAWN_SIGMA = 0.05
# What no link exceeds: the length of the equator, the gauge of any railway, `LARGEST`.
_BOUNDS = {
    "length_m": (0.0, 4e7), "sigma_m": (0.0, 4e7), "gauge_mm": (300.0, 3000.0),
    "delay_h": (0.0, LARGEST), "delay_passengers_h": (0.0, LARGEST), "cost_usd_t": (0.0, LARGEST),
}  # fmt: skip
# Columns of every table of features that table `network` does not have.
_FEATURE_ONLY = ("kind", "valid_from", "valid_to")
# Words for units that may end the name of a column.
_UNITS = frozenset((
    "m", "mm", "cm", "km", "mi", "mile", "miles", "metre", "metres", "meter", "meters",
    "kilometre", "kilometres", "kilometer", "kilometers", "s", "sec", "min", "mins", "minute",
    "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "kmh", "kph", "kmph",
    "mph", "ms", "per", "in", "usd", "eur", "try", "azn", "amd", "gel", "t", "ton", "tons",
    "tonne", "tonnes",
))  # fmt: skip
# Singular forms that stand for a column.
_SINGULAR = {"country": "countries"}
# Similarity (of difflib) from which a column's name is a slip of the keyboard, not another word.
_ALIKE = 0.85


def read_links(path: Path) -> tuple[Link, ...]:
    """Return the links of a GeoPackage, GeoJSON or FlatGeobuf file in EPSG:4326.

    Raises
    ------
    FileFormatError, CRSError, GeometryError : the file cannot be read as longitude and latitude.
    SchemaError : a column is missing or a value impossible; says which link.
    GeometryError : links of one node end far apart, or an end misses a node by a little.
    """
    return links_of_table(read_vector(path), path.name)


def links_of_table(table: geopandas.GeoDataFrame, name: str) -> tuple[Link, ...]:
    """Return the links of a table in EPSG:4326, one row a link.

    Parameters
    ----------
    name : of the table, for messages.

    Raises
    ------
    SchemaError, GeometryError : as for a file.
    """
    columns = [str(c) for c in table.columns if c not in (*_FEATURE_ONLY, table.geometry.name)]
    missing = {"id", "from", "to", "mode"} - set(columns)
    if missing:
        raise SchemaError(f"{name}: {_no_column(missing, columns)}")
    check_columns(columns, name)
    stated = table[[c for c in columns if c in schema.columns("network")]].astype(object)
    shapes = np.array([_single(shape) for shape in table.geometry], dtype=object)
    rows = zip(stated.where(stated.notna(), None).to_dict("records"), shapes, strict=True)
    links = [
        _link(row, shape, drawn_m, f"{name}, link {n}")
        for n, ((row, shape), drawn_m) in enumerate(zip(rows, _drawn_m(shapes), strict=True), 1)
    ]
    _check_ids(links, name)
    _check_nodes(links, name)
    return tuple(links)


def check_columns(columns: Iterable[str], where: str) -> None:
    """Refuse a column that would not be read though its name resembles one of table `network`.

    Parameters
    ----------
    columns : names; one that resembles no column of table `network` may stay, as may one beside
        the column that it resembles.

    Raises
    ------
    SchemaError : the first such column; says which one it may stand for, and its unit.
    """
    known = schema.columns("network")
    present = set(columns)
    stems = {_stem(key): key for key in known}
    for column in sorted(present - known.keys()):
        meant = _meant(column, stems)
        if meant is None or meant in present:
            continue
        unit = known[meant]["unit"]
        how = f"give '{meant}', in {unit}" if unit else f"rename it '{meant}'"
        message = (
            f"{where}: column '{column}' would not be read; {how}, or give it a name less like that"
        )
        raise SchemaError(message)


def _single(shape: Any) -> Any:
    """Return a line of one part as a plain line: QGIS saves every line as a MultiLineString."""
    several = shape is not None and shape.geom_type == "MultiLineString"
    return shape.geoms[0] if several and len(shape.geoms) == 1 else shape


def _no_column(missing: set[str], columns: list[str]) -> str:
    nearly = [c for c in columns if c.strip().lower() in missing]
    how = f"rename {', '.join(nearly)}" if nearly else f"it has {', '.join(columns[:12])}"
    return f"no column {', '.join(sorted(missing))}; {how}; see `network` in docs/data.md"


def _drawn_m(shapes: np.ndarray) -> list[float]:
    from borders.geodesy import length_m

    lines = [s if s is not None and s.geom_type == "LineString" else None for s in shapes]
    drawn = np.zeros(len(lines))
    known = np.array([line is not None and not line.is_empty for line in lines])
    if known.any():
        drawn[known] = length_m(np.array(lines, dtype=object)[known])
    return [float(v) for v in drawn]


def _link(row: dict[str, Any], shape: Any, drawn_m: float, where: str) -> Link:
    where = f"{where} ('{row['id']}')"
    for key in ("id", "from", "to"):
        row[key] = None if row[key] is None else str(row[key])
    if isinstance(row.get("statuses"), str):
        try:
            row["statuses"] = json.loads(row["statuses"])
        except (ValueError, RecursionError) as err:
            message = f"{where}: statuses is not JSON ({err}); write a list of tables"
            raise SchemaError(message) from err
    typed = schema.check("network", row, where)
    if shape is None or shape.is_empty:
        if typed["mode"] != "transfer":
            message = f"{where}: no geometry; draw a line from '{row['from']}' to '{row['to']}'"
            raise GeometryError(message)
        xy: tuple[tuple[float, float], ...] = ()
    elif shape.geom_type != "LineString":
        what = f"a {shape.geom_type}"
        if shape.geom_type == "MultiLineString":
            what += f" of {len(shape.geoms)} parts"
        how = "split it (QGIS: Multipart to singleparts)" if "parts" in what else "draw one"
        message = f"{where}: {what}; a link is one line: {how}"
        raise GeometryError(message)
    else:
        xy = tuple((float(x), float(y)) for x, y in shapely.get_coordinates(shape))
    return _with_defaults(typed, xy, drawn_m, where)


def _with_defaults(
    typed: dict[str, Any], xy: tuple[tuple[float, float], ...], drawn_m: float, where: str
) -> Link:
    """Return a link of a checked row, with defaults for the values that the file leaves out."""
    status, statuses = typed.pop("status"), typed.pop("statuses")
    start, end, countries = typed.pop("from"), typed.pop("to"), typed.pop("countries")
    values = {key: value for key, value in typed.items() if value is not None}
    values.setdefault("length_m", drawn_m)
    values.setdefault("sigma_m", DRAWN_SIGMA * values["length_m"])
    if "speed_kmh" in values and values["speed_kmh"] <= 0:
        message = f"{where}: speed_kmh is {values['speed_kmh']}; give more than 0 or leave it out"
        raise SchemaError(message)
    for key, (least, most) in _BOUNDS.items():
        if not least <= values.get(key, least) <= most:
            message = (
                f"{where}: {key} is {values[key]:g}; give {least:g} to {most:g} or leave it out"
            )
            raise SchemaError(message)
    if drawn_m and values["length_m"] + 3 * values["sigma_m"] < _chord_m(xy):
        message = (
            f"{where}: length_m is {values['length_m']:,.0f}, but its ends are "
            f"{_chord_m(xy):,.0f} m apart; is it in kilometres?"
        )
        raise SchemaError(message)
    if statuses:
        if not all(isinstance(row, dict) for row in statuses):
            message = f"{where}: statuses is not a list of tables; see `network` in docs/data.md"
            raise SchemaError(message)
        dated = read_link_statuses([{"link": "x", **row} for row in statuses], where, sourced=False)
    else:
        dated = (LinkStatus(status=status or "open"),)
    codes = tuple(code.strip() for code in (countries or "").split(",") if code.strip())
    for code in codes:
        if not re.fullmatch("[A-Z]{2}", code):
            message = f"{where}: countries has '{code}'; write ISO 3166-1 codes such as TR,GE"
            raise SchemaError(message)
    return Link(**values, start=start, end=end, statuses=dated, xy=xy, countries=codes)


def _chord_m(xy: tuple[tuple[float, float], ...]) -> float:
    return float(WGS84.inv(*xy[0], *xy[-1])[2]) if xy else 0.0


def _check_ids(links: list[Link], where: str) -> None:
    first: dict[str, int] = {}
    for n, link in enumerate(links, 1):
        if link.id in first:
            message = f"{where}: links {first[link.id]} and {n} have the id '{link.id}'; rename one"
            raise SchemaError(message)
        first[link.id] = n


def _check_nodes(links: list[Link], where: str) -> None:
    ends: dict[str, list[tuple[Link, tuple[float, float]]]] = defaultdict(list)
    for link in links:
        if link.xy:
            ends[link.start].append((link, link.xy[0]))
            ends[link.end].append((link, link.xy[-1]))
    for node, meeting in ends.items():
        first, xy = meeting[0]
        for other, other_xy in meeting[1:]:
            apart_m = float(WGS84.inv(*xy, *other_xy)[2])
            limit_m = max(NODE_LIMIT_M, 3 * max(first.position_sigma_m, other.position_sigma_m))
            if apart_m > limit_m:
                message = (
                    f"{where}: links '{first.id}' and '{other.id}' both end at '{node}', yet "
                    f"{apart_m:,.0f} m apart (limit {limit_m:,.0f} m); check their ends"
                )
                raise GeometryError(message)
    _check_near_misses(ends, where)


def _check_near_misses(ends: dict[str, list[tuple[Link, tuple[float, float]]]], where: str) -> None:
    """Refuse a loose end that lies next to another node of its layer."""
    nodes = list(ends)
    if len(nodes) < 2:
        return
    points = shapely.points([ends[node][0][1] for node in nodes])
    tree = shapely.STRtree(points)
    # In degrees; half as much again, as a degree of longitude is shorter than one of latitude.
    around_deg = NEAR_MISS_M / 111_195 * 1.5
    for n, m in zip(*tree.query(points, predicate="dwithin", distance=around_deg), strict=True):
        if n == m or len(ends[nodes[n]]) > 1 or nodes[n].layer != nodes[m].layer:
            continue
        link, xy = ends[nodes[n]][0]
        apart_m = float(WGS84.inv(*xy, *ends[nodes[m]][0][1])[2])
        if apart_m <= NEAR_MISS_M:
            message = (
                f"{where}: link '{link.id}' dangles at '{nodes[n]}', {apart_m:,.0f} m from node "
                f"'{nodes[m]}'; join them, or draw them further apart"
            )
            raise GeometryError(message)


def _meant(column: str, stems: dict[str, str]) -> str | None:
    """Return the column of table `network` that a name resembles, None if it resembles none."""
    from difflib import get_close_matches

    stem = _stem(column)
    if stem in _SINGULAR:
        return _SINGULAR[stem]
    near = [stem] if stem in stems else get_close_matches(stem, stems, n=1, cutoff=_ALIKE)
    return stems[near[0]] if near else None


def _stem(name: str) -> str:
    """Return a name without case, marks and the unit at its end."""
    words = [word for word in re.split(r"[\W_]+", name.casefold()) if word]
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return "_".join(words)
