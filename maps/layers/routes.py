"""Whole routes through the network as layers of a figure, named in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely import LineString

from borders.gazetteer.places import places
from borders.measure import decimals, time_unit
from corridors.routing.route import name_of as called
from maps.i18n import comma, day, interval, mode_words, name_of, number, scenario_name, short, word
from maps.layers.model import Layer, Shape
from maps.style import DASHES, ROUTES, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.measure import Interval
    from corridors.routing.route import Route, Step

__all__ = ["route_layers", "route_name", "route_rows", "time_text"]

# Fewer hours or kilometres are given with a decimal.
_FEW = 10


def route_layers(routes: Sequence[Route], language: str) -> list[Layer]:
    """Return one layer for each of up to three routes; what is unbuilt is dashed."""
    layers = []
    for n, (route, look) in enumerate(zip(routes, ROUTES, strict=False), 1):
        rows = route_rows(route, language)
        shapes = tuple(
            _step_shape(step, look, route.name, rows) for step in route.steps if step.link.xy
        )
        note = "dashed: to be built or rebuilt" if route.unbuilt_m else ""
        layer = Layer(id=f"{n}-{route.id}", name=route_name(route, language), shapes=shapes,
                      sources=route.sources, swatch=look, legend_note=note)  # fmt: skip
        layers.append(layer)
    return layers


def route_name(route: Route, language: str) -> str:
    """Return the ends of a route, its modes, what was forced on it, its scenario and its length."""
    length_km = route.length.value / 1000
    km = number(f"{length_km:,.{_digits(length_km)}f}", language)
    return (
        f"{_ends_and_scenario(route, language)}{comma(language)} {km}\u00a0{word('km', language)}"
    )


def _ends_and_scenario(route: Route, language: str) -> str:
    ends = " – ".join(_local_name(key, language) for key in (route.origin, route.destination))
    scenario = scenario_name(route.scenario, language)
    how = f"{comma(language)} ".join(_how(route, language))
    return f"{ends} ({how}): {scenario}"


def _how(route: Route, language: str) -> list[str]:
    """Return by what modes a route goes, through which places it had to, and what to avoid."""
    gap = f"{comma(language)} "
    how = mode_words(route.modes, language)
    if route.via:
        places_between = gap.join(_local_name(key, language) for key in route.via)
        how.append(word("said-via", language).format(places_between))
    if route.terms.by != "km":
        how.append(word(f"ask-by-{route.terms.by}", language))
    if route.terms.avoid:
        named = (word(f"country-{code}", language) for code in sorted(route.terms.avoid))
        # A country that the words lack goes by its code.
        countries = gap.join(name.removeprefix("country-") for name in named)
        how.append(word("said-avoiding", language).format(countries))
    return how


def _local_name(key: str, language: str) -> str:
    """Return the name of a place in a language, without what it adds in brackets."""
    place = places().get(key)
    if place is None:
        return called(key)
    return short(name_of(place.names, place.name, language))


def route_rows(route: Route, language: str) -> tuple[tuple[str, str], ...]:
    """Return what a caption says of a route: name and day; length, time and what is unbuilt."""
    time = time_text(route.time, language)
    unbuilt = f"{number(f'{route.unbuilt_m / 1000:,.0f}', language)} {word('km', language)}"
    parts = interval(route.length, language), time, f"{unbuilt} {word('unbuilt', language)}"
    title = f"{_ends_and_scenario(route, language)}{comma(language)} {day(route.on, language)}"
    return ("Called", title), ("Way", f"{comma(language)} ".join(parts))


def _digits(value: float) -> int:
    """Return with how many digits after the point hours or kilometres of a route are given."""
    return decimals(value, 1 if value < _FEW else 0)


def time_text(time: Interval, language: str) -> str:
    """Return hours with their 95 % interval, or minutes where they are less than one."""
    unit, per_hour = time_unit(time.value)
    digits = _digits(time.value * per_hour)
    value, low, high = (
        number(f"{x * per_hour:,.{digits}f}", language) for x in (time.value, time.low, time.high)
    )
    return f"{value} {word('hours' if unit == 'h' else unit, language)} ({low}–{high})"


def _step_shape(step: Step, look: Style, title: str, rows: tuple[tuple[str, str], ...]) -> Shape:
    dash = DASHES["planned"] if step.unbuilt else ()
    style = Style(colour=look.colour, width=look.width, dash=dash)
    return Shape(geometry=LineString(step.link.xy), style=style, title=title, rows=rows)
