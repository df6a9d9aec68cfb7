"""What is drawn how in a layer of a file: one rule for each look of the style table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import shapely

from corridors.analysis.access import CLASSES
from corridors.export.kml import RowStyle
from maps.style import BASEMAP, Style, area_style, mode_style, style

if TYPE_CHECKING:
    from corridors.export.file_table import FileTable

__all__ = ["PLACE_SCALES", "Rule", "Shape", "row_styles", "rules", "shape_of"]

Shape = Literal["point", "line", "area"]

# The scale from which on places of a class show, 1 to so many; the last is of all others
# (assumptions).
PLACE_SCALES = {"city": 20_000_000, "town": 3_000_000, "": 1_000_000}
_PLACE = {
    "city": Style(colour=BASEMAP["text"], width=2.6),
    "town": Style(colour=BASEMAP["text"], width=1.9),
    "": Style(colour=BASEMAP["country"], width=1.5),
}
# How much of its colour a dashed line keeps where there are no dashes (an assumption).
_PALE = 0.55
_BASE = {
    "base-land": Style(colour=BASEMAP["land"], width=0.0, fill=1.0),
    "base-lake": Style(colour=BASEMAP["lake"], width=0.0, fill=1.0),
    "base-river": Style(colour=BASEMAP["river"], width=1.0),
    "base-border": Style(colour=BASEMAP["border"], width=1.1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Rows of a layer that look alike.

    Parameters
    ----------
    where : column → value that the rows have in common, None for those without; all if empty.
    latest : of the rows of a thing those without an end, unless a time of the map is set.
    scale : the smallest scale at which they show, 1 to so many; 0 for all.
    """

    label: str
    style: Style
    where: tuple[tuple[str, str | None], ...] = ()
    latest: bool = False
    scale: int = 0


def shape_of(rows: FileTable) -> Shape:
    """Return whether a layer is of points, lines or areas: what most of its rows are."""
    dimensions = shapely.get_dimensions(rows.shapes[~shapely.is_missing(rows.shapes)]).tolist()
    most = max(set(dimensions), key=dimensions.count, default=1)
    shapes: tuple[Shape, ...] = ("point", "line", "area")
    return shapes[max(most, 0)]


def rules(rows: FileTable) -> list[Rule]:
    """Return the rules of a layer, the widest lines first: they are drawn below the others.

    Systems have the hue and the width of their own, other lines those of their mode; a status, or
    how the leg of a border was drawn, is a dash.
    """
    kind = rows.texts("kind")[0]
    if kind in _BASE:
        return [Rule(label=kind.removeprefix("base-"), style=_BASE[kind])]
    if kind == "place":
        return _place_rules(rows)
    if kind in ("territory", "corridor-strip"):
        return _area_rules(rows, kind)
    found: dict[tuple[Any, ...], Rule] = {}
    dashed_by = "geometry_quality" if kind == "border" else "status"
    statuses, modes, ids = rows.texts(dashed_by), rows.texts("mode"), rows.texts("id")
    ended = _superseded(rows) if kind == "corridor" else set()
    for key, name, mode, status in zip(ids, rows.texts("name"), modes, statuses, strict=True):
        network = kind in ("link", "route")
        looks = mode_style(mode, status=status) if network else style(key, mode=mode, status=status)
        columns = ("mode", dashed_by) if network else ("id", dashed_by)
        values = (mode if network else key, status)
        where = tuple(
            (column, value or None)
            for column, value in zip(columns, values, strict=True)
            if rows.column(column) is not None
        )
        if where not in found:
            label = ", ".join(filter(None, ((mode if network else name) or kind, status)))
            found[where] = Rule(label=label, style=looks, where=where, latest=key in ended)
    return sorted(found.values(), key=lambda rule: -rule.style.width)


def row_styles(rows: FileTable) -> list[RowStyle]:
    """Return how each row of one kind is drawn where a program knows no rules and no dashes.

    What is dashed on our maps is paler.
    """
    every = rules(rows)
    columns = {key for rule in every for key, _ in rule.where}
    texts = {key: rows.texts(key) for key in columns}
    looks = {rule.where: rule.style for rule in every}
    keys = tuple(key for key, _ in every[0].where)
    styles = [
        looks.get(tuple((key, texts[key][n] or None) for key in keys), every[0].style)
        for n in range(len(rows.shapes))
    ]
    return [
        RowStyle(
            colour=style.colour,
            width=style.width,
            opacity=_PALE if style.dash else 1.0,
            fill=style.fill,
        )
        for style in styles
    ]


def _superseded(rows: FileTable) -> set[str]:
    """Return the ids that have several rows, of which some have ended."""
    ids, ends = rows.texts("id"), rows.texts("valid_to")
    return {key for key, end in zip(ids, ends, strict=True) if end and ids.count(key) > 1}


def _area_rules(rows: FileTable, kind: str) -> list[Rule]:
    names = dict(zip(rows.texts("id"), rows.texts("name"), strict=True))
    ended = _superseded(rows)
    what = ", strip" if kind == "corridor-strip" else ""
    return [
        Rule(
            label=f"{name}{what}", style=area_style(key), where=(("id", key),), latest=key in ended
        )
        for key, name in names.items()
    ]


def _place_rules(rows: FileTable) -> list[Rule]:
    """Return the rules of places, by their class; capitals are cities."""
    classes = rows.texts("class")
    found = [
        Rule(
            label=name, where=(("class", name),),
            style=_PLACE.get(name, _PLACE[""]),
            scale=PLACE_SCALES.get(name, PLACE_SCALES[""]),
        )
        for name in CLASSES
        if name in classes
    ]  # fmt: skip
    return found or [Rule(label="place", style=_PLACE[""])]
