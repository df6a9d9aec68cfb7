"""Sums of paths from arrays against those of routes, link by link."""

from __future__ import annotations

import numpy as np
import pytest

from corridors.analysis.path_sums import PathSums
from corridors.routing.find import route_of
from corridors.routing.query import planner_for
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

VALUES = {"speed_kmh.road": 50, "x-sarp-sarpi.delay_h": 9, "btk.delay_h": 12,
          "delay_h.transfer.gauge": 0, "cost_usd_t.transfer.gauge": 0}  # fmt: skip
SET = Scenario.of("set", includes=["all-open"], set=VALUES)
PAIRS = [("kars", "baku"), ("baku", "kars"), ("erzurum", "tehran"), ("van", "poti"),
         ("agri", "bitlis"), ("nakhchivan", "baku"), ("trabzon", "yerevan")]  # fmt: skip


@pytest.mark.parametrize("users", ["freight", "passengers", "third-country"])
@pytest.mark.parametrize("scenario", ["status-quo", "all-open", SET], ids=str)
def test_the_sums_are_those_of_the_route(users: str, scenario: Scenario | str) -> None:
    planner = planner_for([scenario], Terms(by="hours", users=users), None, None)
    state = planner.states[0]
    sums = PathSums(state)
    n_routes = 0
    for batch in planner.batch_each(PAIRS):
        for p, path in enumerate(batch.found.paths[0]):
            if path is None:
                continue
            route = route_of(state, batch.pairs[p], planner.steps(path.tolist()))
            truth = [
                end / unit
                for total, unit in ((route.length, 1000), (route.time, 1), (route.cost, 1))
                for end in (total.value, total.low, total.high)
            ]
            assert list(sums.of(np.asarray(path))) == pytest.approx(truth, rel=1e-9)
            assert sums.of(np.asarray(path)) is sums.of(np.asarray(path))
            n_routes += 1
    assert n_routes >= 5
