"""What hours and seasons of links cost where no link has any: nothing that can be measured."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from turns import ratio_line

from corridors.network.link import Link
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing.planner import RoutePlanner
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BAR, REPEATS = 1.1, 25
SCENARIOS = ("status-quo", "tripp-open", "kars-dilucu-built", "turkiye-armenia-open", "all-open")
PAIRS = (("kars", "baku"), ("yerevan", "batumi"), ("erzurum", "tabriz"), ("tbilisi", "julfa"))


def benches() -> Iterator[dict[str, Any]]:
    """Yield one result for each bench."""
    bundled = load_network()
    links = tuple(
        replace(link, statuses=tuple(replace(s, closed="", open_hours="") for s in link.statuses))
        for link in bundled.links
    )
    network = Network(links=links, on=bundled.on, name=bundled.name)
    scenarios = [read_scenario(key) for key in SCENARIOS]

    def routes(terms: Terms) -> Callable[[], float]:
        def run() -> float:
            planner = RoutePlanner(network, scenarios, terms)
            found = (planner.find(s, pair) for s in planner.states for pair in PAIRS)
            return sum(path.cost for path in found if path is not None)

        return run

    plain, timed = routes(Terms(by="hours")), routes(Terms(by="hours", at="08:00"))
    if plain() != timed():
        message = "routes differ by the clock though no link has hours"
        raise AssertionError(message)
    yield ratio_line(
        f"{len(SCENARIOS)} scenarios × {len(PAIRS)} pairs by the clock vs without one, no link "
        "having hours",
        *_shortest(timed, plain), BAR,
    )  # fmt: skip
    usual = Link.status

    def before() -> float:
        # As it was before links had hours: the status of the period, and no more.
        Link.status = Link.dated_status  # type: ignore[method-assign]
        try:
            return plain()
        finally:
            Link.status = usual  # type: ignore[method-assign]

    yield ratio_line(
        "the same without a clock vs with statuses that know no hours",
        *_shortest(plain, before), BAR,
    )  # fmt: skip


def _shortest(ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[float, float]:
    """Return the least seconds of two functions called in turn: both do the same, but for noise."""
    seconds = [float("inf"), float("inf")]
    for _ in range(REPEATS):
        for n, function in enumerate((ours, theirs)):
            begin = time.process_time()
            function()
            seconds[n] = min(seconds[n], time.process_time() - begin)
    return seconds[0], seconds[1]
