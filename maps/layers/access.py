"""What lies within a limit of a place as layers: lines, and towns inside, gained and lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from borders.gazetteer.places import LANGUAGES, places
from borders.measure import Measure, decimals
from corridors.analysis.reach import area_width_m, reach
from corridors.routing.route import name_of as place_text
from corridors.scenarios.terms import QUANTITIES
from maps.i18n import comma, day, name_of, number, scenario_name, word
from maps.layers.main_links import main_part
from maps.layers.model import Layer, Shape
from maps.layers.tables import table_layer
from maps.style import Style

if TYPE_CHECKING:
    from corridors.analysis.access import Access, Site
    from corridors.analysis.reach import Reach
    from corridors.network.network import Network

__all__ = ["access_layers", "outlined", "reach_layer", "reach_title"]

# Lines under the first scenario; what others add. Dark and light as well as blue and orange, for
# print in grey.
_BASE = Style(colour="#1f3b4d", width=1.6)
_ADDED = (
    Style(colour="#c04f00", width=2.6),
    Style(colour="#8c2d9a", width=2.6, dash=(8, 3)),
    Style(colour="#00756a", width=2.6, dash=(3, 3)),
)
_TOWNS = {
    "inside": Style(colour="#1f3b4d", width=2.0),
    "gained": Style(colour="#c04f00", width=3.2),
    "lost": Style(colour="#8c2d9a", width=3.2),
    "possibly inside": Style(colour="#8a8a8a", width=1.6),
}
_SOURCE = ("geonames",)
# Width of the outline of what is reached, which its lines outweigh.
_OUTLINE = 0.8


def reach_layer(area: Reach, language: str) -> Layer:
    """Return what lies within a limit of a place: the area, and the lines by their modes."""
    layer = outlined(area, 1)
    near = _near(area, language)
    areal = [shapely.get_dimensions(shape.geometry) == 2 for shape in layer.shapes]
    # The legend calls lines by their modes, and the area by what it is.
    columns = tuple(
        (key, [near if key == "mode" and area else text
               for area, text in zip(areal, texts, strict=True)])
        for key, texts in layer.columns
    )  # fmt: skip
    return replace(layer, name=reach_title(area, language), names={}, columns=columns)


def outlined(area: Reach, n: int) -> Layer:
    """Return a reach as the `n`-th thing of a page: its name tells how wide the area is."""
    drawn, remark = main_part(area)
    layer = table_layer(drawn, n)
    shapes = tuple(
        replace(shape, style=replace(shape.style, width=_OUTLINE))
        if shapely.get_dimensions(shape.geometry) == 2 else shape
        for shape in layer.shapes
    )  # fmt: skip
    names = {code: f"{_within(area, code)} ({_near(area, code)})" for code in LANGUAGES}
    return replace(
        layer, shapes=shapes, names=names, legend_note=remark or layer.legend_note,
        swatch=shapes[0].style if shapes else layer.swatch,
    )  # fmt: skip


def _near(area: Reach, language: str) -> str:
    """Return how far from what is reached the area goes, in words."""
    return word("chart-reach-area", language).format(_distance(area_width_m(area), language))


def _distance(metres: float, language: str) -> str:
    """Return a round distance in kilometres, or in metres where it is less than one."""
    value, unit = (metres, "m") if metres < 1000 else (metres / 1000, "km")
    return f"{number(f'{value:g}', language)} {word(unit, language)}"


def reach_title(area: Reach, language: str) -> str:
    """Return within what limit of what place, under what scenario and on what day."""
    scenario = area.scenario
    parts = [scenario_name(scenario, language)]
    if scenario.on:
        parts.append(word("as-of", language).format(day(scenario.on, language)))
    return f"{_within(area, language)}: {f'{comma(language)} '.join(parts)}"


def _within(area: Reach, language: str) -> str:
    """Return within what limit of what place."""
    unit = "ask-usd-t" if area.terms.by == "cost" else QUANTITIES[area.terms.by].unit
    limit = f"{number(f'{area.limit:g}', language)} {word(unit, language)}"
    origin, known = place_text(area.origin), places().get(area.origin)
    if known is not None:
        origin = name_of(known.names, origin, language)
    return word("chart-reach-title", language).format(limit, origin)


def access_layers(access: Access, *, network: Network) -> list[Layer]:
    """Return the lines that are reached under each scenario, and the towns there by what changes.

    Towns are gained or lost against the first scenario under one at least of the others.

    Parameters
    ----------
    network : the one that was asked.
    """
    layers = []
    drawn: set[bytes] = set()
    for n, scenario in enumerate(access.scenarios):
        # A point of a link is known by what it stands for.
        origin = getattr(access.origin, "name", access.origin)
        whole = reach(origin, access.limit, scenario=scenario, terms=access.terms,
                      network=network)  # fmt: skip
        area, remark = main_part(whole)
        look = _BASE if n == 0 else _ADDED[(n - 1) % len(_ADDED)]
        shapes = []
        for link, line in area.stretches:
            key = shapely.to_wkb(line)
            if key in drawn:
                continue
            drawn.add(key)
            shapes.append(
                Shape(geometry=line, style=look, title=link.name or link.id,
                      measure=Measure(value=link.length_m, sigma=link.sigma_m,
                                      basis=link.basis),
                      sources=(link.source,) if link.source else (), link=link.id)
            )  # fmt: skip
        if shapes:
            more = "" if n == 0 else ", besides"
            sources = dict.fromkeys(key for shape in shapes for key in shape.sources)
            layers.append(
                Layer(id=f"access-lines-{n}", name=f"{access.name}, {scenario.id}{more}",
                      shapes=tuple(shapes), sources=tuple(sources), swatch=look,
                      legend_note=remark)
            )  # fmt: skip
    return layers + _town_layers(access)


def _town_layers(access: Access) -> list[Layer]:
    """Return one layer for the towns of each kind: inside, gained, lost, possibly inside."""
    kinds: dict[str, list[Site]] = {key: [] for key in _TOWNS}
    for site in access.sites:
        if site.place_class == "gazetteer":
            kind = _kind(access, site)
            if kind:
                kinds[kind].append(site)
    layers = []
    for kind, sites in kinds.items():
        if not sites:
            continue
        look = _TOWNS[kind]
        people = sum(site.people for site in sites)
        shapes = tuple(
            Shape(geometry=shapely.Point(site.lon, site.lat), style=look, title=site.name,
                  rows=_rows(access, site), sources=_SOURCE)
            for site in sites
        )  # fmt: skip
        layers.append(
            Layer(id=f"access-{kind.replace(' ', '-')}", shapes=shapes, sources=_SOURCE,
                  name=f"towns {kind}: {len(sites):,}, {people:,} people", swatch=look)
        )  # fmt: skip
    return layers


def _kind(access: Access, site: Site) -> str:
    """Return the layer of a town, empty for one that is outside even possibly."""
    changes = {site.change(access.limit, n) for n in range(len(access.scenarios))}
    for kind in ("gained", "lost", "inside"):
        if kind in changes:
            return kind
    return "possibly inside" if min(site.lows) <= access.limit else ""


def _rows(access: Access, site: Site) -> tuple[tuple[str, str], ...]:
    """Return what the card of a town says: people, and what it takes to get there."""
    rows = [("people", f"{site.people:,}" if site.people else "not known")]
    for n, scenario in enumerate(access.scenarios):
        value = "no way"
        if site.costs[n] < float("inf"):
            digits = decimals(site.costs[n], 1)
            cost, low, high = (
                f"{x:,.{digits}f}" for x in (site.costs[n], site.lows[n], site.highs[n])
            )
            value = f"{cost} {access.unit} ({low}–{high})"
        rows.append((f"{place_text(access.origin)}, {scenario.id}", value))
    return tuple(rows)
