"""The best way through several places in order, as one way: modes and gauges last at each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.case import Case
    from corridors.link import Link
    from corridors.plan import Found, Plan

__all__ = ["no_way_through", "through"]


def through(plan: Plan, case: Case, stops: Sequence[str]) -> Found | None:
    """Return the best way from the first of some places through the others, None without one.

    For each set of modes the best way to every layer of a place goes on from that layer; the best
    of all sets counts.
    """
    best: Found | None = None
    for modes in plan.terms.choices:
        found = _by(plan, case, modes, stops)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best


def _by(plan: Plan, case: Case, modes: tuple[str, ...], stops: Sequence[str]) -> Found | None:
    start, arrive = plan.ends(stops[0], stops[-1])
    here: dict[int, Found] = {start: (0.0, [])}
    for stop in stops[1:-1]:
        here = _onward(plan, case, modes, here, plan.layers_of(stop))
    return _onward(plan, case, modes, here, [arrive]).get(arrive)


def _onward(
    plan: Plan, case: Case, modes: tuple[str, ...], here: dict[int, Found], there: Sequence[int]
) -> dict[int, Found]:
    """Return node → the best way to it over one of the nodes reached before."""
    asked = [(a, b) for a in here for b in there]
    found: dict[int, Found] = {}
    for (a, b), path in zip(asked, plan.paths(case, modes, asked), strict=True):
        if path is None:
            continue
        cost, links = here[a]
        more: list[tuple[Link, bool]] = plan.steps(path)
        way = cost + sum(case.weights[link.id] for link, _ in more), links + more
        # Of two equally good ways the one with fewer links changes layers for nothing less often.
        if b not in found or (way[0], len(way[1])) < (found[b][0], len(found[b][1])):
            found[b] = way
    return found


def no_way_through(plan: Plan, case: Case, stops: Sequence[str]) -> str:
    """Return one line that says why there is no way through all the places."""
    from corridors.obstacles import no_way
    from corridors.way import name_of

    for leg in pairwise(stops):
        if plan.find(case, [leg])[0] is None:
            return no_way(plan, case, *leg)
    start, *between, end = map(name_of, stops)
    return (
        f"no route from {start} through {', '.join(between)} to {end} on {case.on} in scenario "
        f"'{case.scenario.id}': each part has a way, but no one set of modes and no transfer joins "
        "them; ask part by part, or for more modes"
    )
