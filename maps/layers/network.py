"""Networks and compared routes as layers: links by status, links kept, gained and lost."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from shapely import LineString, Point

from borders.gazetteer.places import LANGUAGES, places
from borders.geodesy import length_m, point_along
from borders.measure import Measure, decimals, time_unit
from corridors.network.border_position import part_before_border
from corridors.network.compiled import CompiledNetwork
from corridors.network.load import undated_on
from corridors.routing.route import name_of
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.terms import Terms
from maps.i18n import comma, day, name_of as name_in, phrases, scenario_name, word, words
from maps.layers.main_links import main_links
from maps.layers.model import Layer, Shape, km_of_error, own_credit
from maps.style import CHANGES, DASHES, Style, mode_style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from borders.gazetteer.places import Place
    from corridors.analysis.compare import Row
    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.route import Route, Step
    from corridors.scenarios.scenario import Scenario
    from maps.layers.model import Message

__all__ = ["comparison_layers", "network_layers", "titles"]

Rows: TypeAlias = "tuple[tuple[str, str], ...]"

# Crossings that are closed, as a figure draws them, and those that a page marks itself.
_CLOSED = Style(colour="#b00020", width=2.0)
_OPEN = Style(colour="#2d5d4b", width=2.0)
# Of a link under two scenarios: what a popup says of the routes that it is in.
_WORDS = {"kept": "in both", "gained": "only in", "lost": "only in"}


def network_layers(
    network: Network,
    scenarios: Sequence[Scenario],
    *,
    terms: Terms | None = None,
    every: bool = False,
    language: str = "en",
    always: Sequence[Link] = (),
) -> list[Layer]:
    """Return the links of a network by mode, each in the dash of its status, and its crossings.

    Of a large network only the main classes are drawn (`maps.layers.main_links`); the legend says
    what is left out.

    Parameters
    ----------
    scenarios : the last of them decides the dashes; each shape carries the status that each
        of them gives it.
    terms : modes to show and users whose statuses count.
    language : of the names of the layers; `Layer.names` has all.
    always : links that are drawn whatever their class, as those of the ways compared; also parts of
        links that were divided at the end of a way.
    every : also draw the links that only another scenario builds, and the crossings that are
        open.
    """
    terms = terms or Terms()
    extended = with_candidate_links(network, scenarios)
    states = {scenario.id: NetworkState(extended, scenario, terms) for scenario in scenarios}
    state = states[scenarios[-1].id]
    modes = [mode for mode in ("rail", "road", "ferry") if mode in (terms.modes or (mode,))]
    drawn: dict[str, list[Shape]] = {mode: [] for mode in modes}
    crossings: list[Shape] = []
    marked: list[Link] = []
    keys: dict[str, None] = {}
    main = main_links(state.network.links, modes)
    there = {link.id for link in main.links} if always else set()
    more = (state.network.by_id(link.id) or link for link in always if link.id not in there)
    for link in (*main.links, *more):
        if link.mode not in drawn or not (every or _is_drawn(state, link)):
            continue
        shape = _link_shape(state, link, states)
        drawn[link.mode].append(shape)
        if link.crossing is not None and (every or not state.usable(link, forward=True)):
            crossings.append(_crossing(state, link, shape, every=every))
            marked.append(link)
        keys |= dict.fromkeys(shape.sources)
    keys |= dict.fromkeys(own_credit(network))
    label = scenario_name(state.scenario, language)
    gap, cited = f"{comma(language)} ", tuple(keys)
    on = f"{gap}{day(state.on, language)}{gap}{label}"
    layers = [
        Layer(
            id=f"network-{mode}", name=word(f"ui-network-{mode}", language) + on,
            names=phrases(f"ui-network-{mode}"), group="network", shapes=tuple(shapes),
            sources=cited, swatch=mode_style(mode), backdrop=True,
            legend_note=main.remark if mode == "road" else "",
            places=network.places if isinstance(network, CompiledNetwork) else (),
        )
        for mode, shapes in drawn.items()
        if shapes
    ]  # fmt: skip
    if not crossings:
        return layers
    # What nobody knows to be open is not closed for that.
    shut = any(state.status(link, forward=True).status != "unknown" for link in marked)
    title = "figure-closed" if shut else "ui-crossings"
    above = Layer(
        id="crossings", name=word(title, language) + on, shapes=tuple(crossings),
        names=phrases("ui-crossings"), group="network", sources=cited,
        swatch=_OPEN if every else _CLOSED, backdrop=True,
        legend_note="" if shut or every else "unknown",
    )  # fmt: skip
    return [above, *layers]


def _is_drawn(state: NetworkState, link: Link) -> bool:
    """Tell whether a link exists, or the scenario builds it."""
    return not link.candidate or state.usable(link, forward=True)


def _status(state: NetworkState, link: Link) -> str:
    """Return the status of a link under a scenario; what it opens unbuilt stays unbuilt."""
    status = state.status(link, forward=True).status
    if state.usable(link, forward=True):
        return status if state.unbuilt(link) else "open"
    return "closed" if state.forced.get(link.id) is False and status == "open" else status


def _link_shape(state: NetworkState, link: Link, states: Mapping[str, NetworkState]) -> Shape:
    """Return a link as one scenario has it, with the status that each scenario forces on it."""
    status = _status(state, link)
    held = state.status(link, forward=True)
    undated = link.id not in state.forced and undated_on(held.valid_from, state.on)
    under = {
        key: (_status(scenario_state, link), scenario_state.forced[link.id])
        for key, scenario_state in states.items()
        if link.id in scenario_state.forced
    }
    periods = tuple(s for s in link.statuses if s.users in ("all", state.terms.users))
    return Shape(
        geometry=LineString(link.xy),
        style=mode_style(link.mode, status="unknown" if undated else status),
        title=f"{_ends(link)}: {status}",
        titles=titles(link),
        rows=_rows(state, link),
        measure=Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis),
        periods=() if link.candidate else periods,
        dated="under" if link.candidate else "dashed",
        under=under,
        link=link.id,
        position_sigma_m=link.position_sigma_m,
        sources=tuple(filter(None, dict.fromkeys((link.source, *(s.source for s in periods))))),
    )


def titles(link: Link) -> dict[str, str]:
    """Return what a link is called in all languages: its own name, or those of its ends."""
    keys = dict.fromkeys(node.place for node in (link.start, link.end))
    ends = [places().get(key) for key in keys]
    if link.name:
        known = {code: link.names[code] for code in LANGUAGES if code in link.names}
        # Crossings that are called after a road, a pass or a tunnel have words of their own.
        if link.crossing in words() and word(link.crossing, "en") == link.name:
            known = phrases(link.crossing) | known
        return {**_crossing_titles(link.name, ends), "en": link.name, **known}
    if not all(ends):
        return {"en": _ends(link)}
    return {
        code: "–".join(name_in(place.names, place.name, code) for place in ends if place)
        for code in LANGUAGES
    }


def _crossing_titles(name: str, ends: Sequence[Place | None]) -> dict[str, str]:
    """Return what a crossing that is called after two places is called in other languages.

    A language in which neither place has a name is left out; so is every one if the name is of
    another kind, such as that of a road.
    """
    between = " / " if " / " in re.sub(r"\(.*?\)", "", name) else " – "
    parts = [part.partition(" (") for part in name.split(between)]
    if len(parts) != 2 or len(ends) != 2:
        return {}
    called = [
        (bare, _called(bare, end) if end else {})
        for (bare, _, _), end in zip(parts, ends, strict=True)
    ]
    mode = next((mode for mode in ("rail", "road") if parts[1][2].startswith(mode)), "")
    found = {}
    for code in LANGUAGES:
        if any(names.get(code) for _, names in called):
            both = between.join(names.get(code, bare) for bare, names in called)
            found[code] = both + (f" ({word(f'mode-{mode}', code)})" if mode else "")
    return found


def _called(name: str, end: Place) -> Mapping[str, str]:
    """Return the names of the place at an end that is called so in English, if there is one.

    It is any of the same country, or the town whose gate the end is. Notes in brackets and what
    stands behind a slash, the name of the post across the border, are left out; so are lakes. Of
    several the one known in the most languages tells it.
    """
    town = places().get(end.id.removesuffix("_gate"))
    same = [names for names in _plain_names(end.country) if names["en"] == name]
    return max([*same, *([town.names] if town else [])], key=len, default={})


@cache
def _plain_names(country: str) -> tuple[Mapping[str, str], ...]:
    """Return the names, without notes and what stands behind a slash, of a country's places."""
    return tuple(
        {
            code: re.split(r" \(| / ", text)[0]
            for code, text in {"en": place.name, **place.names}.items()
        }
        for place in places().values()
        if place.country == country and "lake" not in place.kind
    )


def _ends(link: Link) -> str:
    return f"{name_of(link.start.place)}–{name_of(link.end.place)}"


def _rows(state: NetworkState, link: Link) -> tuple[tuple[str, Message], ...]:
    """Return what a popup says of a link besides its length and statuses."""
    position = km_of_error(link.position_sigma_m)
    rows: list[tuple[str, Message]] = [
        ("Link", link.id),
        ("Basis", ("list", f"basis-{link.basis}")),
        ("Takes", _takes(state.rates.hours(link))),
        ("Gauge", ("said-mm", str(link.gauge_mm)) if link.gauge_mm else ""),
        ("Crossing", link.crossing or ""),
        ("Drawn line", ("said-placed", f"basis-{link.geometry_quality or 'reach'}", position)),
        ("Note", link.note),
    ]
    return tuple(row for row in rows if row[1])


def _takes(hours: float) -> Message:
    """Return the time that a link takes, in hours or in minutes."""
    unit, per_hour = time_unit(hours)
    value = hours * per_hour
    return ("said-hours" if unit == "h" else "said-minutes", f"{value:.{decimals(value, 1)}f}")


def _crossing(state: NetworkState, link: Link, shape: Shape, *, every: bool) -> Shape:
    """Return the crossing of a link as a point, drawn as open where the page marks the closed.

    The point lies halfway between the two border posts, or on a longer course where the border
    is. That of a ferry lies at the quay where the link starts, as the border at sea is not in the
    data.
    """
    x, y = link.xy[0]
    if link.mode != "ferry":
        x, y = (x + link.xy[-1][0]) / 2, (y + link.xy[-1][1]) / 2
        if len(link.xy) > 2:
            course = LineString(link.xy)
            at = point_along(course, part_before_border(link) * length_m(course))
            x, y = at.x, at.y
    status = state.status(link, forward=True)
    since = f" since {status.valid_from}" if status.valid_from else ""
    title = f"{link.name or _ends(link)}: {status.status}{since}"
    style = _OPEN if every else _CLOSED
    return replace(
        shape, geometry=Point(x, y), style=style, title=title,
        titles=titles(link),
    )  # fmt: skip


def comparison_layers(rows: Sequence[Row], *, language: str = "en") -> list[Layer]:
    """Return a layer for each route compared: its links, kept or gained, and those that it lost."""
    from maps.layers.routes import route_name, route_rows

    layers = []
    for row in rows:
        if row.way is None:
            continue
        name, texts = route_name(row.way, language), route_rows(row.way, language)
        if row.way is row.base:
            layers.append(_route_layer(name, texts, row.way))
        else:
            layers.append(_difference_layer(name, texts, row.base, row.way))
    return layers


def _route_layer(name: str, texts: Rows, route: Route) -> Layer:
    shapes = [_step_shape(step, "kept", route, texts) for step in route.steps if step.link.xy]
    return Layer(
        id=route.id, name=name, shapes=tuple(shapes), sources=route.sources,
        swatch=CHANGES["kept"],
    )  # fmt: skip


def _difference_layer(name: str, texts: Rows, base: Route | None, route: Route) -> Layer:
    """Return the links of a route and those that it lost against the base, lost ones below."""
    steps = base.steps if base else ()
    before = {step.link.id for step in steps}
    after = {step.link.id for step in route.steps}
    lost = [
        _step_shape(step, "lost", base, texts)
        for step in steps
        if base and step.link.id not in after and step.link.xy
    ]
    rest = [
        _step_shape(step, "kept" if step.link.id in before else "gained", route, texts)
        for step in route.steps
        if step.link.xy
    ]
    sources = tuple(dict.fromkeys((*route.sources, *(base.sources if base else ()))))
    same = before == after
    note = "grey: kept, blue: gained, orange: lost" if base else "ui-gained"
    return Layer(
        id=route.id, name=name, shapes=(*lost, *rest), sources=sources,
        swatch=CHANGES["kept" if same else "gained"], legend_note="same-way" if same else note,
    )  # fmt: skip


def _step_shape(step: Step, change: str, route: Route, texts: Rows) -> Shape:
    """Return a link of a route; `texts` are the rows that all links of the route share."""
    style = CHANGES[change]
    if step.unbuilt:
        style = Style(colour=style.colour, width=style.width, dash=DASHES["planned"])
    where = "" if change == "kept" else f" {route.scenario.id}"
    rows = [
        *texts,
        ("Here", f"{_WORDS[change]}{where}"),
        ("Link", f"{step.link.id}, {step.link.length_m / 1000:,.1f} km, {step.link.basis}"),
        ("Status", f"{step.status} on {route.on}" + (", opened" if step.opened else "")),
        ("Crossing", step.link.crossing or ""),
    ]  # fmt: skip
    return Shape(
        geometry=LineString(step.link.xy),
        style=style,
        title=f"{route.name} {_WORDS[change]}{where}: {_ends(step.link)}",
        rows=tuple(row for row in rows if row[1]),
    )
