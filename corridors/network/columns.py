"""The columns of a table of links: names that others give them, their units, edges of graphs."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, SchemaError
from borders.files import schema
from corridors.network.link import TAGGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas

__all__ = ["ENDS", "TAGS", "LinkTable", "check_columns", "link_table", "read_columns"]

# Columns of every table of features that table `network` does not have.
_FEATURE_ONLY = ("kind",)
# Columns besides those of table `network` that decide where, when and by whom a link may be used;
# `corridors.network.osm_tags` reads them.
TAGS = (
    "oneway", "reversed", "junction", "access", "vehicle", "motor_vehicle", "hgv", "maxspeed",
    "speed_kph", "valid_from", "valid_to", "highway", "railway", "route", "osmid",
)  # fmt: skip
# Columns of table `network` that decide nothing: others may have names like theirs.
_TOLD = (*TAGGED, "names", "bridge_m", "tunnel_m", "osm_ways")
# Of `TAGS`, those whose bare numbers are speeds in km/h.
_TAGS_IN_KMH = ("maxspeed", "speed_kph")
# Columns of that kind that are not read, and what to give instead.
_UNREAD = {
    "bidirectional": "oneway", "direction": "oneway", "one_way": "oneway", "reverse_cost": "oneway",
    "oneway:conditional": "statuses", "access:conditional": "closed",
    "opening_hours": "open_hours", "seasonal": "closed", "users": "statuses",
    "start_date": "valid_from",
    "end_date": "valid_to", "toll:hgv": "cost_usd_t",
}  # fmt: skip
# Pairs of columns that name the ends of a link: ours, those of our files, since FROM and TO are
# words of SQL, and others' (OSMnx and networkx, networkx and pgRouting, momepy).
ENDS = (
    ("from", "to"), ("from_place", "to_place"), ("u", "v"), ("source", "target"),
    ("node_start", "node_end"),
)  # fmt: skip
# Columns that a table of any kind may have, known whatever their case: KML has `Name`.
_ANY_CASE = frozenset(("id", "name", "from", "to", "mode", "source", "status", "state", "note"))
# Words for units that may end the name of a column.
_UNITS = frozenset((
    "m", "mm", "cm", "km", "mi", "ft", "feet", "mile", "miles", "metre", "metres", "meter",
    "meters",
    "kilometre", "kilometres", "kilometer", "kilometers", "s", "sec", "min", "mins", "minute",
    "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "kmh", "kph", "kmph",
    "mph", "ms", "per", "in", "usd", "eur", "try", "azn", "amd", "gel", "t", "ton", "tons",
    "tonne", "tonnes",
))  # fmt: skip
# Unit of our column → unit that a name may end with → factor to ours.
_FACTORS = {
    "m": {
        "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "km": 1000.0,
        "kilometre": 1000.0, "kilometres": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0,
        "mi": 1609.344, "mile": 1609.344, "miles": 1609.344, "ft": 0.3048, "feet": 0.3048,
    },
    "mm": {"mm": 1.0, "cm": 10.0, "m": 1000.0},
    "h": {
        "h": 1.0, "hr": 1.0, "hrs": 1.0, "hour": 1.0, "hours": 1.0, "min": 1 / 60, "mins": 1 / 60,
        "minute": 1 / 60, "minutes": 1 / 60, "s": 1 / 3600, "sec": 1 / 3600, "d": 24.0,
        "day": 24.0, "days": 24.0,
    },
    "km/h": {"kmh": 1.0, "kph": 1.0, "kmph": 1.0, "mph": 1.609344},
}  # fmt: skip
# Other words that stand for a column, without their units.
_OTHER_WORDS = {
    "country": "countries", "len": "length_m", "dist": "length_m", "distance": "length_m",
}  # fmt: skip
# Similarity (of difflib) from which a column's name is a slip of the keyboard, not another word.
_ALIKE = 0.85


class LinkTable(NamedTuple):
    """A table whose columns have the names and units of table `network`.

    Parameters
    ----------
    rows : column → value of each row, None where it has none; besides the columns of table
        `network` those of `TAGS`.
    shapes : the geometry of each row, or None.
    edges : whether it is one of the edges of a graph, whose ends other programs name.
    written : whether each row is a link of ours as it was written: none is a way back of another.
    """

    rows: list[dict[str, Any]]
    shapes: list[Any]
    edges: bool
    written: bool


def link_table(
    table: geopandas.GeoDataFrame, name: str, columns: Mapping[str, str | None] | None = None
) -> LinkTable:
    """Return the rows of a table under the names and in the units of table `network`.

    Parameters
    ----------
    name : of the table, for messages.
    columns : column of table `network` → the table's own, whose unit may end either name
        (``length=LEN_KM``); None after it leaves that column of the table unread.

    Raises
    ------
    SchemaError : a column is missing, or would not be read though its name resembles one.
    """
    geometry = table.geometry.name
    if {"u", "v"} <= {str(key) for key in table.index.names}:
        table = table.reset_index()
    layers = set(map(str, table["layer"])) if "layer" in table else set()
    if layers == {"nodes", "edges"}:
        # OSMnx saves a graph as these two layers.
        table = table[table["layer"] == "edges"]
    frame = table.drop(columns=geometry)
    values = {str(key): _values(frame[key]) for key in frame.columns}
    known = (*schema.columns("network"), *TAGS)
    values = _renamed(values, columns or {}, known, name)
    values, edges = _with_ends(_in_small_letters(values))
    present = [key for key in values if key not in _FEATURE_ONLY]
    missing = [key for key in _required(edges, values) if key not in values]
    if missing:
        raise SchemaError(f"{name}: {_no_column(missing, present)}")
    check_columns((key for key in present if key not in TAGS), name)
    _check_unread(values, name)
    kept = [key for key in known if key in values]
    rows = [{key: values[key][n] for key in kept} for n in range(len(table))]
    _check_ends(rows, name)
    kinds = values.get("kind", [None])
    written = not edges and all(isinstance(kind, str) and kind == "link" for kind in kinds)
    return LinkTable(rows, [_single(shape) for shape in table.geometry], edges, written)


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
    known = {key: row for key, row in schema.columns("network").items() if key not in _TOLD}
    present = set(columns) - {key for key in _TOLD if key != "names"}
    stems = {_stem(key): key for key in known}
    for column in sorted(present - known.keys()):
        meant = _meant(column, stems)
        if meant is None or meant in present:
            continue
        unit = known[meant]["unit"]
        how = f"give '{meant}', in {unit}" if unit else f"rename it '{meant}'"
        message = (
            f"{where}: column '{column}' would not be read; {how}, map it ({meant}={column}), or "
            "give it a name less like that"
        )
        raise SchemaError(message)


def _check_ends(rows: Iterable[Mapping[str, Any]], name: str) -> None:
    """Refuse a link from or to what is no single value, such as a list of nodes."""
    for n, row in enumerate(rows, 1):
        for key in ("from", "to"):
            value = row.get(key)
            if not isinstance(value, Hashable):
                message = f"{name}, link {n}: {key} is {str(value)[:60]}; write the id of one node"
                raise SchemaError(message)


def _values(column: Any) -> list[Any]:
    """Return the values of a column as Python's own, None where there is none."""
    values, gaps = column.astype(object).tolist(), column.isna().tolist()
    return [None if gap else value for value, gap in zip(values, gaps, strict=True)]


def _renamed(
    values: dict[str, list[Any]],
    columns: Mapping[str, str | None],
    known: tuple[str, ...],
    name: str,
) -> dict[str, list[Any]]:
    """Return columns by the names that a map gives them, their numbers in our units."""
    units = {key: row["unit"] for key, row in schema.columns("network").items()}
    units |= dict.fromkeys(_TAGS_IN_KMH, "km/h")
    stems = {_stem(key): key for key in known}
    renamed = dict(values)
    for stated, theirs in columns.items():
        if theirs is None:
            if stated not in values:
                raise SchemaError(f"{name}: {_no_such_column(stated, list(values))}")
            renamed.pop(stated, None)
            continue
        ours = stated if stated in known else stems.get(_stem(stated))
        if ours is None:
            message = f"{name}: '{stated}' is no column of a network; known: {', '.join(known)}"
            raise SchemaError(message)
        if theirs not in values:
            raise SchemaError(f"{name}: {_no_such_column(theirs, list(values))}")
        if ours != theirs:
            renamed.pop(theirs, None)
        unit = units.get(ours, "")
        named = _unit(stated) if stated != ours else ""
        factor = _factor(named, _unit(theirs), unit, f"{name}: {stated}={theirs}")
        renamed[ours] = [_times(value, factor) for value in values[theirs]]
    return renamed


def _in_small_letters(values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return columns with the names of `_ANY_CASE` in small letters, where that is free."""
    small = {key: key.lower() for key in values if key.lower() in _ANY_CASE}
    taken = set(values)
    return {
        small[key] if key in small and small[key] not in taken else key: cells
        for key, cells in values.items()
    }


def _no_such_column(key: str, present: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, present, n=3, cutoff=0.5)
    how = f"did you mean {', '.join(near)}?" if near else f"it has {', '.join(present[:12])}"
    return f"no column '{key}'; {how}"


def _factor(left: str, right: str, unit: str, where: str) -> float:
    """Return the factor from the unit that one of two names ends with to that of our column."""
    factors = _FACTORS.get(unit, {})
    stated = {word: factors[word] for word in (left, right) if word in factors}
    if len(set(stated.values())) > 1:
        message = f"{where}: one name ends with {left}, the other with {right}; say one unit"
        raise SchemaError(message)
    return next(iter(stated.values()), 1.0)


def _times(value: Any, factor: float) -> Any:
    if factor == 1.0 or value is None or isinstance(value, bool):
        return value
    try:
        return float(value) * factor
    except (TypeError, ValueError):
        return value


def _with_ends(values: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], bool]:
    """Return columns with `from` and `to`, and whether they are edges of a graph.

    Lengths of such edges are in metres under the name `length`.
    """
    pair = next((pair for pair in ENDS if set(pair) <= values.keys()), None)
    edges = pair is not None and pair[0] not in ("from", "from_place")
    edges = edges or {"u", "v"} <= values.keys()
    if pair is None:
        return values, False
    named = {key: cells for key, cells in values.items() if key not in pair}
    named |= {"from": values[pair[0]], "to": values[pair[1]]}
    if edges and "length" in named:
        named.setdefault("length_m", named["length"])
    return named, edges


def _required(edges: bool, values: dict[str, list[Any]]) -> tuple[str, ...]:
    """Return the columns that a table must have: edges of a graph have no ids, and are roads."""
    if edges:
        return ("from", "to")
    tagged = any(key in values for key in ("highway", "railway"))
    return ("id", "from", "to") if tagged else ("id", "from", "mode", "to")


def _check_unread(values: dict[str, list[Any]], name: str) -> None:
    for key, instead in _UNREAD.items():
        if instead in values or key not in values:
            continue
        stated = [v for v in values[key] if v is not None and str(v).lower() not in ("", "no", "0")]
        if stated:
            message = (
                f"{name}: column '{key}' would not be read, and says '{str(stated[0])[:40]}'; give "
                f"'{instead}', or leave it out ({key}=)"
            )
            raise SchemaError(message)


def _single(shape: Any) -> Any:
    """Return a line of one part as a plain line: QGIS saves every line as a MultiLineString."""
    several = shape is not None and shape.geom_type == "MultiLineString"
    return shape.geoms[0] if several and len(shape.geoms) == 1 else shape


def _no_column(missing: list[str], columns: list[str]) -> str:
    nearly = [c for c in columns if c.strip().lower() in missing]
    how = f"rename {', '.join(nearly)}" if nearly else f"it has {', '.join(columns[:12]) or 'none'}"
    return f"no column {', '.join(sorted(missing))}; {how}; see `network` in docs/data.md"


def _meant(column: str, stems: dict[str, str]) -> str | None:
    """Return the column of table `network` that a name resembles, None if it resembles none."""
    from difflib import get_close_matches

    stem = _stem(column)
    if stem in _OTHER_WORDS:
        return _OTHER_WORDS[stem]
    near = [stem] if stem in stems else get_close_matches(stem, stems, n=1, cutoff=_ALIKE)
    return stems[near[0]] if near else None


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if word]


def _stem(name: str) -> str:
    """Return a name without case, marks and the unit at its end."""
    words = _words(name)
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return "_".join(words)


def _unit(name: str) -> str:
    """Return the unit that a name ends with, empty if it names none."""
    words = _words(name)
    return words[-1] if len(words) > 1 and words[-1] in _UNITS else ""


def read_columns(text: str) -> dict[str, str | None]:
    """Return a map of columns from its text, such as ``length=LEN_KM,toll=``.

    Raises
    ------
    AraxesError : a part has no ``=``, or names a column twice.
    """
    columns: dict[str, str | None] = {}
    for part in text.split(","):
        ours, sign, theirs = (word.strip() for word in part.partition("="))
        if not sign or not ours:
            message = f"columns has '{part}'; write ours=theirs, such as length=LEN_KM"
            raise AraxesError(message)
        if ours in columns:
            message = f"columns names '{ours}' twice; name it once"
            raise AraxesError(message)
        columns[ours] = theirs or None
    return columns
