"""Whole ways through the network as layers of a figure, named in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely import LineString

from borders.gazetteer.places import places
from maps.i18n import comma, interval, name_of, number, short, word
from maps.layers.model import Layer, Shape
from maps.style import DASHES, ROUTES, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.route import Route, Step

__all__ = ["way_layers", "way_name", "way_rows"]


def way_layers(ways: Sequence[Route], language: str) -> list[Layer]:
    """Return one layer for each of up to three ways; what is unbuilt is dashed."""
    found = []
    for n, (way, look) in enumerate(zip(ways, ROUTES, strict=False), 1):
        rows = way_rows(way, language)
        shapes = tuple(_shape(step, look, way.name, rows) for step in way.steps if step.link.xy)
        note = "dashed: to be built or rebuilt" if way.unbuilt_m else ""
        layer = Layer(id=f"{n}-{way.id}", name=way_name(way, language), shapes=shapes,
                      sources=way.sources, swatch=look, legend_note=note)  # fmt: skip
        found.append(layer)
    return found


def _local_name(key: str, language: str) -> str:
    """Return the name of a place in a language, without what it adds in brackets."""
    one = places().get(key)
    if one is None:
        return key
    return short(name_of(one.names, one.name, language))


def way_name(way: Route, language: str) -> str:
    """Return the ends of a way, its scenario and its length."""
    km = number(f"{way.length.value / 1000:,.0f}", language)
    return f"{_called(way, language)}{comma(language)} {km}\u00a0{word('km', language)}"


def _called(way: Route, language: str) -> str:
    ends = " – ".join(_local_name(key, language) for key in (way.origin, way.destination))
    scenario = name_of(way.scenario.names, way.scenario.name or way.scenario.id, language)
    return f"{ends}: {scenario}"


def way_rows(way: Route, language: str) -> tuple[tuple[str, str], ...]:
    """Return what a caption says of a way: its name, then length, time and what is unbuilt."""
    value, low, high = (
        number(f"{one:,.0f}", language) for one in (way.hours, way.low_hours, way.high_hours)
    )
    hours = f"{value} {word('hours', language)} ({low}–{high})"
    unbuilt = f"{number(f'{way.unbuilt_m / 1000:,.0f}', language)} {word('km', language)}"
    parts = interval(way.length, language), hours, f"{unbuilt} {word('unbuilt', language)}"
    return ("Called", _called(way, language)), ("Way", f"{comma(language)} ".join(parts))


def _shape(step: Step, look: Style, title: str, rows: tuple[tuple[str, str], ...]) -> Shape:
    dash = DASHES["planned"] if step.unbuilt else ()
    style = Style(colour=look.colour, width=look.width, dash=dash)
    return Shape(geometry=LineString(step.link.xy), style=style, title=title, rows=rows)
