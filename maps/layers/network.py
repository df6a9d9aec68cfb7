"""Networks and comparisons as layers: links by status, ways kept, gained and lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from shapely import LineString, Point

from borders.gazetteer.places import LANGUAGES, places
from borders.measure import Measure
from corridors.routing.route import name_of
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.terms import Terms
from maps.i18n import comma, day, name_of as name_in, phrases, word
from maps.layers.model import Layer, Shape
from maps.style import CHANGES, DASHES, Style, mode_style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.analysis.compare import Row
    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.route import Route, Step
    from corridors.scenarios.scenario import Scenario
    from maps.layers.model import Message

__all__ = ["comparison_layers", "network_layers", "titles"]

_POST = Style(colour="#b00020", width=2.0)
_OPEN = Style(colour="#2d5d4b", width=2.0)
Rows: TypeAlias = "tuple[tuple[str, str], ...]"
_WORDS = {"kept": "in both", "gained": "only in", "lost": "only in"}


def network_layers(
    network: Network,
    scenarios: Sequence[Scenario],
    *,
    terms: Terms | None = None,
    show: bool = True,
    every: bool = False,
    language: str = "en",
) -> list[Layer]:
    """Return the links of a network by mode, each in the dash of its status, and its crossings.

    Parameters
    ----------
    scenarios : the last of them decides the dashes; what each makes of a link is told with it.
    terms : modes to show and users whose statuses count.
    show : whether the layers are switched on at first.
    language : of the names of the layers; `Layer.names` has all.
    every : with the links that only another scenario builds, and the crossings that are open.
    """
    terms = terms or Terms()
    known = with_candidate_links(network, scenarios)
    states = {one.id: NetworkState(known, one, terms) for one in scenarios}
    state = states[scenarios[-1].id]
    modes = [m for m in ("rail", "road", "ferry") if m in (terms.modes or (m,))]
    drawn: dict[str, list[Shape]] = {mode: [] for mode in modes}
    posts: list[Shape] = []
    keys: dict[str, None] = {}
    for link in state.network.links:
        if link.mode not in drawn or not (every or _there(state, link)):
            continue
        shape = _link(state, link, states)
        drawn[link.mode].append(shape)
        if link.crossing is not None and (every or not state.usable(link, forward=True)):
            posts.append(_post(state, link, shape, every=every))
        keys |= dict.fromkeys(shape.sources)
    label = name_in(state.scenario.names, state.scenario.name or state.scenario.id, language)
    gap, cited = f"{comma(language)} ", tuple(keys)
    on = f"{gap}{day(state.on, language)}{gap}{label}"
    found = [
        Layer(
            id=f"network-{mode}", name=word(f"ui-network-{mode}", language) + on,
            names=phrases(f"ui-network-{mode}"), group="network", shapes=tuple(shapes),
            sources=cited, swatch=mode_style(mode), show=show, backdrop=True,
        )
        for mode, shapes in drawn.items()
        if shapes
    ]  # fmt: skip
    if posts:
        found.insert(
            0,
            Layer(
                id="crossings", name=word("figure-closed", language) + on, shapes=tuple(posts),
                names=phrases("ui-crossings"), group="network", sources=cited,
                swatch=_OPEN if every else _POST, show=show, backdrop=True,
            ),
        )  # fmt: skip
    return found


def _there(state: NetworkState, link: Link) -> bool:
    return not link.candidate or state.usable(link, forward=True)


def _status(state: NetworkState, link: Link) -> str:
    """Return the status of a link under a scenario; what it opens unbuilt stays unbuilt."""
    status = state.status(link, forward=True).status
    if state.usable(link, forward=True):
        return status if state.unbuilt(link) else "open"
    return "closed" if state.forced.get(link.id) is False and status == "open" else status


def _link(state: NetworkState, link: Link, states: Mapping[str, NetworkState]) -> Shape:
    """Return a link as it is under one scenario, with what the others make of it."""
    status = _status(state, link)
    under = {
        key: (_status(one, link), one.forced[link.id])
        for key, one in states.items()
        if link.id in one.forced
    }
    periods = tuple(s for s in link.statuses if s.users in ("all", state.terms.users))
    return Shape(
        geometry=LineString(link.xy),
        style=mode_style(link.mode, status=status),
        title=f"{_ends(link)}: {status}",
        titles=titles(link),
        rows=_rows(state, link),
        measure=Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis),
        periods=() if link.candidate else periods,
        dated="under" if link.candidate else "dashed",
        under=under,
        link=link.id,
        sources=tuple(filter(None, dict.fromkeys((link.source, *(s.source for s in periods))))),
    )


def titles(link: Link) -> dict[str, str]:
    """Return what a link is called in all languages: its own name, or those of its ends."""
    nodes = dict.fromkeys(node.place for node in (link.start, link.end))
    ends = [places().get(node) for node in nodes]
    if link.name:
        return {"en": link.name}
    if not all(ends):
        return {"en": _ends(link)}
    return {
        code: "–".join(name_in(one.names, one.name, code) for one in ends if one)
        for code in LANGUAGES
    }


def _ends(link: Link) -> str:
    return f"{name_of(link.start.place)}–{name_of(link.end.place)}"


def _rows(state: NetworkState, link: Link) -> tuple[tuple[str, Message], ...]:
    """Return what a popup says of a link besides its length and statuses."""
    position = f"{link.position_sigma_m / 1000:g}"
    rows: list[tuple[str, Message]] = [
        ("Link", link.id),
        ("Basis", ("list", f"basis-{link.basis}")),
        ("Takes", ("said-hours", f"{state.rates.hours(link):.1f}")),
        ("Gauge", ("said-mm", str(link.gauge_mm)) if link.gauge_mm else ""),
        ("Crossing", f"{link.name} ({link.crossing})" if link.crossing else ""),
        ("Drawn line", ("said-placed", f"basis-{link.geometry_quality or 'reach'}", position)),
        ("Note", link.note),
    ]
    return tuple(row for row in rows if row[1])


def _post(state: NetworkState, link: Link, shape: Shape, *, every: bool) -> Shape:
    """Return a crossing as a point; a page marks those not open itself.

    The point lies between the two posts; for ships, at the quay: where the border runs at sea is
    not known here.
    """
    x, y = link.xy[0]
    if link.mode != "ferry":
        x, y = (x + link.xy[-1][0]) / 2, (y + link.xy[-1][1]) / 2
    status = state.status(link, forward=True)
    since = f" since {status.valid_from}" if status.valid_from else ""
    title = f"{link.name or _ends(link)}: {status.status}{since}"
    style = _OPEN if every else _POST
    return replace(
        shape, geometry=Point(x, y), style=style, title=title,
        titles={"en": link.name or _ends(link)},
    )  # fmt: skip


def comparison_layers(rows: Sequence[Row], *, language: str = "en") -> list[Layer]:
    """Return, for each pair and each scenario after the first, what is kept, gained and lost."""
    from maps.layers.routes import way_name, way_rows

    found = []
    for row in rows:
        if row.way is None:
            continue
        name, said = way_name(row.way, language), way_rows(row.way, language)
        if row.way is row.base:
            found.append(_way(name, said, row.way))
        else:
            found.append(_difference(name, said, row.base, row.way))
    return found


def _way(name: str, said: Rows, way: Route) -> Layer:
    shapes = [_step(step, "kept", way, said) for step in way.steps if step.link.xy]
    return Layer(
        id=way.id, name=name, shapes=tuple(shapes), sources=way.sources, swatch=CHANGES["kept"],
    )  # fmt: skip


def _difference(name: str, said: Rows, base: Route | None, way: Route) -> Layer:
    steps = base.steps if base else ()
    before = {step.link.id for step in steps}
    after = {step.link.id for step in way.steps}
    lost = [
        _step(s, "lost", base, said) for s in steps if base and s.link.id not in after and s.link.xy
    ]
    rest = [
        _step(s, "kept" if s.link.id in before else "gained", way, said)
        for s in way.steps
        if s.link.xy
    ]
    sources = tuple(dict.fromkeys((*way.sources, *(base.sources if base else ()))))
    same = before == after
    note = "grey: kept, blue: gained, orange: lost" if base else "ui-gained"
    return Layer(
        id=way.id, name=name, shapes=(*lost, *rest), sources=sources,
        swatch=CHANGES["kept" if same else "gained"], legend_note="same-way" if same else note,
    )  # fmt: skip


def _step(step: Step, change: str, way: Route, said: Rows) -> Shape:
    """Return a link of a way; `said` is what the layer as a whole says of its way."""
    style = CHANGES[change]
    if step.unbuilt:
        style = Style(colour=style.colour, width=style.width, dash=DASHES["planned"])
    where = "" if change == "kept" else f" {way.scenario.id}"
    rows = [
        *said,
        ("Here", f"{_WORDS[change]}{where}"),
        ("Link", f"{step.link.id}, {step.link.length_m / 1000:,.1f} km, {step.link.basis}"),
        ("Status", f"{step.status} on {way.on}" + (", opened" if step.opened else "")),
        ("Crossing", step.link.crossing or ""),
    ]  # fmt: skip
    return Shape(
        geometry=LineString(step.link.xy),
        style=style,
        title=f"{way.name} {_WORDS[change]}{where}: {_ends(step.link)}",
        rows=tuple(row for row in rows if row[1]),
    )
