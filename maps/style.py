"""One style table for every output: colour by kind and mode, dash by status.

Colours are the colour-blind-safe set of Okabe and Ito, darkened where needed for contrast on the
light basemap; dashes tell statuses apart in print without colour and for readers who see none.

Source
------
M. Okabe, K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "BASEMAP",
    "BASEMAP_DARK",
    "CHANGES",
    "DASHES",
    "HOURS_PARTS",
    "ROUTES",
    "TINTS",
    "Style",
    "area_style",
    "mode_style",
    "read_style",
    "style",
    "styled",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a line, an area or a point is drawn.

    Parameters
    ----------
    colour : hexadecimal, ``#rrggbb``.
    width : of the line, in pixels on a page; a figure multiplies it by the pen of its page format.
    dash : lengths of strokes and gaps, in the unit of the width; empty for a solid line.
    fill : opacity of the area inside, 0 for none.
    """

    colour: str
    width: float = 2.5
    dash: tuple[float, ...] = ()
    fill: float = 0.0


# What a part of the hours of a way is → its colour and, in grey, its hatch. Charts stack parts
# in this order; pages have the same colours (assets/araxes.css).
HOURS_PARTS = {
    "running": ("#1f3b4d", ""), "sailing": ("#4b9cc9", "\\\\\\\\"), "border": ("#c05000", ""),
    "ship": ("#e0a030", ""), "gauge": ("#8a6a9c", "xxxx"), "change": ("#6f8600", "...."),
    "delay": ("#8a8a8a", ""), "opening": ("#b9c4c9", ""),
}  # fmt: skip
# Colour and width of each system, the same in every output. The hue says the mode: railways are
# blue, roads brown, pipelines green, ferries light blue; the railway through Zangezur, about which
# most is asked, is red. Systems that one figure shows side by side differ in lightness too, for
# print in grey. No pipeline is as wide as a railway.
_BY_ID = {
    "kars-1921": Style(colour="#8c2d04", width=3.6),
    "nakhchivan": Style(colour="#5b3a8c", width=2.2, fill=0.10),
    "nakhchivan-1921": Style(colour="#a8489a", width=2.2, fill=0.06),
    "batum-1921": Style(colour="#7a5c00", width=2.2, fill=0.08),
    "annex2-1921": Style(colour="#5f5f1f", width=2.0),
    "berlin-1878": Style(colour="#4a3b00", width=2.4),
    "brest-litovsk-1918": Style(colour="#00594f", width=2.4),
    "elviye-i-selase": Style(colour="#77773a", width=1.6, fill=0.07),
    "gumru-1920": Style(colour="#b0457a", width=2.6),
    "moscow-1921": Style(colour="#7d6b9c", width=5.0),
    "lachin-2020": Style(colour="#9c5700", width=2.6, fill=0.12),
    "lachin-2022": Style(colour="#5c3200", width=2.6, fill=0.12),
    "zangezur-tripp": Style(colour="#c8102e", width=4.5),
    "zangezur-whole": Style(colour="#c5606a", width=6.0),
    "horadiz-aghband": Style(colour="#16406e", width=3.0),
    "nakhchivan-railway": Style(colour="#4f6fae", width=3.0),
    "kars-igdir-dilucu": Style(colour="#005f9e", width=3.4),
    "btk": Style(colour="#1f3b4d", width=3.0),
    "kars-gyumri": Style(colour="#41586e", width=3.0),
    "btc": Style(colour="#2c4a00", width=2.8),
    "bte": Style(colour="#6f8600", width=1.8),
    "tanap": Style(colour="#4a6b2a", width=2.0),
    "tap": Style(colour="#5f761c", width=2.0),
    "igdir-nakhchivan-gas": Style(colour="#5d7a00", width=2.0),
    "alat-aktau": Style(colour="#0072b2", width=2.0),
    "alat-turkmenbashi": Style(colour="#56608f", width=2.0),
}
_BY_MODE = {
    "rail": Style(colour="#1f3b4d", width=3.0),
    "road": Style(colour="#7a4b00", width=2.6),
    "pipeline": Style(colour="#3f6b00", width=2.0),
    "ferry": Style(colour="#0072b2", width=2.0),
}
_OTHER = Style(colour="#333333")

# Five dashes, which differ in length and rhythm enough to be told apart at the width of a legend's
# sample and without colour; what they have in common for a reader of the map shares one.
_PLANNED = (8, 6)
_UNDER_CONSTRUCTION = (12, 4, 2, 4)
_OUT_OF_USE = (2, 4)
_STAND_IN = (4, 3)
_UNKNOWN = (1, 6)
# Dash by the status of a thing, or by how a leg was drawn: the same in every output.
DASHES: dict[str, tuple[float, ...]] = {
    "planned": _PLANNED,
    "not ratified": _PLANNED,
    "construction": _UNDER_CONSTRUCTION,
    "closed": _OUT_OF_USE,
    "dismantled": _OUT_OF_USE,
    "disused": _OUT_OF_USE,
    "blocked": _OUT_OF_USE,
    "superseded": _OUT_OF_USE,
    # Short enough to show on the many short legs of a treaty.
    "stand-in": _STAND_IN,
    "inferred": _STAND_IN,
    "unknown": _UNKNOWN,
    "gap": _UNKNOWN,
}

# Parts of a route under a scenario compared with that under the first scenario: in both, in the
# compared one only, in the first one only. Widths tell them apart in grey.
CHANGES = {
    "kept": Style(colour="#444444", width=4.0),
    "gained": Style(colour="#0060a8", width=6.0),
    "lost": Style(colour="#c05000", width=2.4),
}

# Routes drawn whole on one map: the first is the thinnest and on top, so that a part which several
# share shows all of them. Notes say so where several are drawn (`route-widths`).
ROUTES = (
    Style(colour="#1f3b4d", width=2.4),
    Style(colour="#b44a00", width=4.6),
    Style(colour="#6b8fb3", width=7.0),
)

# A road of the network behind the subject of a figure.
NETWORK_ROAD = Style(colour="#b9a893", width=1.6)

BASEMAP = {
    "sea": "#dbe7ee",
    "land": "#f7f5ef",
    "void": "#e4e2dd",
    "border": "#8f8a80",
    "province": "#cfc9bc",
    "lake": "#c5d9e6",
    "river": "#9dbfd4",
    "text": "#222222",
    "country": "#6d675c",
    "water-text": "#3c6e91",
}

# Faint tints of the land of a figure, by country: neighbours differ, none is darker than another.
TINTS = {
    "AM": "#f9efe4",
    "AZ": "#eff3e7",
    "BG": "#f3eff4",
    "GE": "#f3eff4",
    "GR": "#eff3e7",
    "IQ": "#f9efe4",
    "IR": "#f5f2dd",
    "RU": "#f1f1ec",
    "SY": "#f3eff4",
    "TR": "#f7f5ef",
}


# The base map of a page in the dark.
BASEMAP_DARK = {
    "sea": "#141d26",
    "land": "#24272b",
    "border": "#8f8a80",
    "province": "#4a4944",
    "lake": "#16232f",
    "river": "#34576e",
}


def style(key: str, *, mode: str | None = None, status: str | None = None) -> Style:
    """Return the style of a system, dashed by its status.

    Parameters
    ----------
    key : id of the system; unknown ids take the style of their mode.
    mode : rail, road, pipeline or ferry.
    status : status of the system, or how a leg was drawn; decides the dash.

    Examples
    --------
    >>> style("btk", status="planned").dash
    (8, 6)
    """
    base = _BY_ID.get(key) or _BY_MODE.get(mode or "", _OTHER)
    dash = DASHES.get(status or "", ())
    return Style(colour=base.colour, width=base.width, dash=dash)


def mode_style(mode: str, *, status: str = "open") -> Style:
    """Return the style of a link of the network: thinner than the systems that lie on it."""
    base = _BY_MODE.get(mode, _OTHER)
    return Style(colour=base.colour, width=1.2, dash=DASHES.get(status, ()))


def area_style(key: str) -> Style:
    """Return how the area of a system is filled; its outline is drawn as lines of its own."""
    base = _BY_ID.get(key, _OTHER)
    return Style(colour=base.colour, width=0.0, fill=base.fill or 0.12)


_COLOUR = re.compile("#[0-9a-f]{6}", re.IGNORECASE)
_WIDEST, _LONGEST_DASH = 30.0, 100.0


def read_style(file: str | Path) -> dict[str, dict[str, Any]]:
    """Return the entries of a file that replace some of the style table, for `styled`.

    Parameters
    ----------
    file : TOML with any of the tables ``[systems.ID]`` and ``[modes.MODE]`` (``colour``,
        ``width``, ``fill``), ``[basemap]`` and ``[tints]`` (colours), ``[dashes]`` (lengths of
        strokes and gaps).

    Raises
    ------
    FileFormatError : the file is missing or not TOML.
    SchemaError : an unknown table or key, or a value that is no colour, width or dash.
    """
    from borders.files.toml import read_toml

    path = Path(file)
    table = read_toml(path)
    entries: dict[str, dict[str, Any]] = {}
    for name, rows in table.items():
        if name not in _TABLES:
            message = f"{path}: no table '{name}'; known: {', '.join(_TABLES)}"
            raise SchemaError(message)
        if not isinstance(rows, dict):
            message = f"{path}: {name} is no table; write [{name}]"
            raise SchemaError(message)
        entries[name] = {
            key: _style_value(f"{path}: {name}.{key}", name, key, value)
            for key, value in rows.items()
        }
    return entries


def _style_value(where: str, table: str, key: str, value: Any) -> Any:
    """Return the value of one entry of a style file, checked."""
    if table == "systems":
        return _style_entry(where, value, _BY_ID.get(key, _OTHER))
    known = _TABLES[table]
    if key not in known:
        message = f"{where}: no such entry; known: {', '.join(known)}"
        raise SchemaError(message)
    if table == "modes":
        return _style_entry(where, value, known[key])
    if table == "dashes":
        return _dash(where, value)
    return _colour(where, value)


def _style_entry(where: str, value: Any, base: Style) -> Style:
    """Return a style with the colour, width and fill that an entry gives."""
    if not isinstance(value, dict):
        message = f"{where} is '{value}'; write a table with colour, width or fill"
        raise SchemaError(message)
    changes: dict[str, Any] = {}
    for key, given in value.items():
        if key == "colour":
            changes[key] = _colour(f"{where}.{key}", given)
        elif key in ("width", "fill"):
            most = _WIDEST if key == "width" else 1.0
            changes[key] = _number(f"{where}.{key}", given, most)
        else:
            message = f"{where}: unknown key '{key}'; known: colour, width, fill"
            raise SchemaError(message)
    return replace(base, **changes)


def _colour(where: str, value: Any) -> str:
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        message = f"{where} is '{value}'; write a colour as '#rrggbb'"
        raise SchemaError(message)
    return value.lower()


def _number(where: str, value: Any, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        message = f"{where} is '{value}'; write a number from 0 to {most:g}"
        raise SchemaError(message)
    return float(value)


def _dash(where: str, value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) % 2:
        message = f"{where} is '{value}'; write strokes and gaps in turn, such as [8, 6]"
        raise SchemaError(message)
    dash = tuple(_number(where, length, _LONGEST_DASH) for length in value)
    if dash and sum(dash) == 0:
        message = f"{where} is '{value}'; a stroke or a gap must have a length"
        raise SchemaError(message)
    return dash


@contextmanager
def styled(entries: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Return a context in which entries, as `read_style` returns them, replace the table's.

    The table belongs to the process: use it in one thread at a time.
    """
    before = {name: dict(_TABLES[name]) for name in entries}
    try:
        for name, rows in entries.items():
            _TABLES[name].update(rows)
        yield
    finally:
        for name, rows in before.items():
            _TABLES[name].clear()
            _TABLES[name].update(rows)


# The tables that a style file may change.
_TABLES: dict[str, dict[str, Any]] = {
    "systems": _BY_ID,
    "modes": _BY_MODE,
    "basemap": BASEMAP,
    "tints": TINTS,
    "dashes": DASHES,
}
