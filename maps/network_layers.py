"""Networks and comparisons as layers: links by status, ways kept, gained and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapely import LineString, Point

from corridors.case import Case, Terms, candidates
from corridors.network import place_of
from corridors.route import name_of
from maps.layers import Layer, Shape
from maps.style import CHANGES, STATES, Style, mode_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.compare import Row
    from corridors.link import Link
    from corridors.network import Network
    from corridors.route import Route, Step
    from corridors.scenario import Scenario

__all__ = ["comparison_layers", "network_layers"]

_WORDS = {"kept": "in both", "gained": "only in", "lost": "only in"}


def network_layers(
    network: Network, scenario: Scenario, *, terms: Terms | None = None, show: bool = True
) -> list[Layer]:
    """Return the links of a network by mode, each in the dash of its status, and its crossings.

    Parameters
    ----------
    terms : modes to show and users whose statuses count.
    show : whether the layers are switched on at first.
    """
    terms = terms or Terms()
    case = Case(candidates(network, [scenario]), scenario, terms)
    modes = [m for m in ("rail", "road", "ferry") if m in (terms.modes or (m,))]
    shapes: dict[str, list[Shape]] = {mode: [] for mode in modes}
    posts: list[Shape] = []
    keys: dict[str, None] = {}
    for link in case.network.links:
        if link.mode not in shapes or (link.candidate and not case.usable(link, forward=True)):
            continue
        status = case.status(link, forward=True)
        usable = case.usable(link, forward=True)
        state = status.status if not usable or case.unbuilt(link) else "open"
        style = mode_style(link.mode, state=state)
        title = f"{_ends(link)}: {state}"
        line, rows = LineString(link.xy), _rows(case, link)
        shapes[link.mode].append(Shape(geometry=line, style=style, title=title, rows=rows))
        if link.crossing is not None and not usable:
            posts.append(_post(case, link))
        keys |= dict.fromkeys((link.source, status.source))
    cited = tuple(filter(None, keys))
    on = f"{case.on}, {scenario.id}"
    found = [
        Layer(
            id=f"network-{mode}", name=f"{mode.capitalize()} network, {on}",
            shapes=tuple(drawn), sources=cited, swatch=mode_style(mode), show=show, backdrop=True,
        )
        for mode, drawn in shapes.items()
        if drawn
    ]  # fmt: skip
    if posts:
        swatch = posts[0].style
        found.insert(
            0,
            Layer(
                id="closed-crossings", name=f"Closed crossings, {on}", shapes=tuple(posts),
                sources=cited, swatch=swatch, show=show, backdrop=True,
            ),
        )  # fmt: skip
    return found


def _ends(link: Link) -> str:
    return f"{name_of(place_of(link.start))}–{name_of(place_of(link.end))}"


def _rows(case: Case, link: Link) -> tuple[tuple[str, str], ...]:
    """Return what a popup says of a link."""
    low, high = (link.length_m + f * 1.96 * link.sigma_m for f in (-1, 1))
    rows = [
        ("Link", link.id),
        ("Length", f"{link.length_m / 1000:,.1f} km ({low / 1000:,.1f}–{high / 1000:,.1f}), "
                   f"{link.basis}"),
        ("Takes", f"{case.rates.hours(link):.1f} h"),
        ("Gauge", f"{link.gauge_mm} mm" if link.gauge_mm else ""),
        ("Crossing", f"{link.name} ({link.crossing})" if link.crossing else ""),
        *(("Status", _status(s)) for s in link.statuses),
        ("Drawn line", f"{link.geometry_quality}, position ±{link.position_sigma_m / 1000:g} km"),
        ("Note", link.note),
    ]  # fmt: skip
    return tuple(row for row in rows if row[1])


def _status(status: Any) -> str:
    dates = " to ".join(str(d or "…") for d in (status.valid_from, status.valid_to))
    dates = "" if status.valid_from is None and status.valid_to is None else f" ({dates})"
    who = "" if status.users == "all" else f" for {status.users}"
    return f"{status.status}{who}{dates}"


def _post(case: Case, link: Link) -> Shape:
    """Return a closed crossing as a point between the two posts."""
    (x0, y0), (x1, y1) = link.xy[0], link.xy[-1]
    status = case.status(link, forward=True)
    since = f" since {status.valid_from}" if status.valid_from else ""
    return Shape(
        geometry=Point((x0 + x1) / 2, (y0 + y1) / 2),
        style=Style(colour="#b00020", width=2.0),
        title=f"{link.name or _ends(link)}: {status.status}{since}",
        rows=_rows(case, link),
    )


def comparison_layers(rows: Sequence[Row]) -> list[Layer]:
    """Return, for each pair and each scenario after the first, what is kept, gained and lost."""
    found = []
    for row in rows:
        if row.way is None:
            continue
        ends = f"{name_of(row.origin)}–{name_of(row.destination)}"
        if row.way is row.base:
            found.append(_way(f"{ends}: {row.scenario.id}", row.way))
        else:
            found.append(_difference(f"{ends}: {row.scenario.id}", row.base, row.way))
    return found


def _way(name: str, way: Route) -> Layer:
    shapes = [_step(step, "kept", way) for step in way.steps if step.link.xy]
    return Layer(
        id=way.id, name=name, shapes=tuple(shapes), sources=way.sources, swatch=CHANGES["kept"],
    )  # fmt: skip


def _difference(name: str, base: Route | None, way: Route) -> Layer:
    steps = base.steps if base else ()
    before = {step.link.id for step in steps}
    after = {step.link.id for step in way.steps}
    lost = [_step(s, "lost", base) for s in steps if base and s.link.id not in after and s.link.xy]
    rest = [
        _step(s, "kept" if s.link.id in before else "gained", way) for s in way.steps if s.link.xy
    ]
    sources = tuple(dict.fromkeys((*way.sources, *(base.sources if base else ()))))
    return Layer(
        id=way.id, name=name, shapes=(*lost, *rest), sources=sources, swatch=CHANGES["gained"],
        state="grey: kept, blue: gained, orange: lost",
    )  # fmt: skip


def _step(step: Step, change: str, way: Route) -> Shape:
    style = CHANGES[change]
    if step.unbuilt:
        style = Style(colour=style.colour, width=style.width, dash=STATES["planned"])
    where = "" if change == "kept" else f" {way.scenario.id}"
    length = way.length
    rows = [
        ("Way", f"{way.name}, {length.value / 1000:,.0f} km "
                f"({length.low / 1000:,.0f}–{length.high / 1000:,.0f}), {way.hours:,.0f} h"),
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
