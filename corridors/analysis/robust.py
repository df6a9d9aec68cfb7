"""How far an answer holds: in what share of the draws, and if openings or borders fail.

Three questions of a pair of places: in what share of the draws of lengths, speeds and delays each
scenario is the best; without which of its openings, and without which border crossings, no way
exists; and how many ways there are that share no crossing, with the fewest crossings whose closing
leaves none (Menger's theorem, where every crossing is one link).

Source: K. Menger (1927), Zur allgemeinen Kurventheorie, https://doi.org/10.4064/fm-10-1-96-115
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import AraxesError
from corridors.analysis.compare import default_scenarios
from corridors.analysis.drawn_routes import RoutesByDraw
from corridors.analysis.draws import Draws
from corridors.network.cost_basis import cost_basis
from corridors.routing.find import place_pairs, route_of
from corridors.routing.query import as_list, as_pairs, planner_for
from corridors.routing.route import name_of
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    import pandas

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import FoundPath, RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.terms import Terms

__all__ = ["DRAWS", "Loss", "Robust", "RobustRow", "robust"]

DRAWS = 1000
# Of more links than this the ways that share no crossing are not looked for: it would take minutes.
MOST_LINKS = 20_000
# Two sums of one draw differ if they do so by more than this part; rounding differs by less.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What the closing of crossings costs at worst.

    Parameters
    ----------
    crossings : those whose closing costs most; empty if there is none on the way.
    least : what the best way that is left takes, in km, hours or US dollars a tonne; infinite if
        none is left.
    """

    crossings: tuple[str, ...]
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustRow:
    """A pair of places under one scenario.

    Parameters
    ----------
    origin, destination : ids of places.
    by : what is least: ``km``, ``hours`` or ``cost``.
    share : of the draws in which the scenario is the best; of equally good ones each has its part
        of the draw, so that the shares add up to 1 where there is a way under any.
    not_worse : share of the draws in which no other scenario is better.
    least : what the best way takes at the usual values, in km, hours or US dollars a tonne;
        infinite if there is none.
    quantiles : 2.5 %, median and 97.5 % of it over the draws.
    needed : openings and new links of the scenario without each of which there is no way.
    critical : crossings without each of which there is no way.
    cut : the fewest crossings whose closing leaves no way; None where a way crosses no border.
    ways : as many ways as possible that share no crossing, by the least sum; one where a way
        crosses no border, none where there is none.
    losses : what the closing of the worst crossing costs, and of the worst two together.
    """

    origin: str
    destination: str
    scenario: Scenario
    by: str
    share: float
    not_worse: float
    least: float
    quantiles: tuple[float, float, float]
    needed: tuple[str, ...]
    critical: tuple[str, ...]
    cut: tuple[str, ...] | None
    ways: tuple[Route, ...]
    losses: tuple[Loss, Loss]

    def row(self) -> dict[str, Any]:
        """Return the row as values of a table; what is infinite is None."""
        key = QUANTITIES[self.by].column
        low, median, high = (_rounded(value) for value in self.quantiles)
        values: dict[str, Any] = {
            "from": name_of(self.origin), "to": name_of(self.destination),
            "scenario": self.scenario.id, "share": round(self.share, 4),
            "not_worse": round(self.not_worse, 4), key: _rounded(self.least),
            f"low_{key}": low, f"median_{key}": median, f"high_{key}": high,
            "needed": list(self.needed), "critical": list(self.critical),
            "disjoint_ways": len(self.ways),
            "cut": None if self.cut is None else list(self.cut),
        }  # fmt: skip
        if self.by == "cost":
            values |= cost_basis(way.cost for way in self.ways).row()
        for word, loss in zip(("one", "two"), self.losses, strict=True):
            values |= {f"worst_{word}": list(loss.crossings),
                       f"{key}_without_{word}": _rounded(loss.least)}  # fmt: skip
        return values


class Robust(list[RobustRow]):
    """Rows of `robust`, with the number of draws and their seed."""

    def __init__(self, rows: Iterable[RobustRow], *, draws: Draws) -> None:
        super().__init__(rows)
        self.draws = draws

    def to_frame(self) -> pandas.DataFrame:
        """Return the rows as a DataFrame."""
        import pandas as pd

        return pd.DataFrame([row.row() for row in self])


def _rounded(value: float) -> float | None:
    return round(value, 1) + 0.0 if value < inf else None


def robust(  # noqa: PLR0913 - any query may be of another day
    pairs: Sequence[tuple[str, str]] | tuple[str, str],
    scenarios: Sequence[Scenario | str] | Scenario | str | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Robust:
    """Return one row for each pair and scenario: how far the answer holds.

    Parameters
    ----------
    pairs : origins and destinations; one pair may stand alone.
    scenarios : those of `compare` if missing.
    draws : how many draws of lengths, speeds, delays and costs; all scenarios share them.
    seed : another seed gives other draws.
    terms : what is least. By hours with a time of departure, each draw is answered by the clock;
        of ways that share no crossing the sum of hours without waits is least.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of each
        scenario.
    progress : called with the number of rows done and of all.

    Raises
    ------
    AraxesError : the network has over 20,000 links, or no draws are asked for.
    UnknownNameError : a place or scenario is not known.

    Examples
    --------
    >>> rows = robust(("Kars", "Gyumri"), ["turkiye-armenia-open"], draws=10)
    >>> rows[0].share, len(rows[0].ways) >= 2
    (1.0, True)
    """
    if scenarios is None:
        scenarios = default_scenarios(network)
    named = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    asked = as_pairs(pairs)
    planner = planner_for(named, terms, network, on, ends=chain.from_iterable(asked))
    if len(planner.network.links) > MOST_LINKS:
        message = (
            f"{planner.network.name} has {len(planner.network.links):,} links; ways that share no "
            f"crossing are looked for among {MOST_LINKS:,} at most: cut out a part of it"
        )
        raise AraxesError(message)
    ends = place_pairs(planner, asked)
    drawn = Draws(n=draws, seed=seed)
    costs = RoutesByDraw(planner, ends, drawn).least()
    costs /= QUANTITIES[planner.terms.by].factor
    rows = []
    for p, pair in enumerate(ends):
        shares = _shares(costs[:, p])
        for s, state in enumerate(planner.states):
            rows.append(_row(planner, state, pair, shares[:, s], costs[s, p]))
            if progress:
                progress(len(rows), len(ends) * len(planner.states))
    return Robust(rows, draws=drawn)


def _shares(costs: Floats) -> Floats:
    """Return share and share of not being worse of each scenario, shape (2, scenarios).

    Parameters
    ----------
    costs : of each scenario and draw.
    """
    least = costs.min(axis=0)
    best = np.isfinite(costs) & (costs <= least * (1 + _SAME))
    split = best / np.maximum(best.sum(axis=0), 1)
    return np.array([split.mean(axis=1), best.mean(axis=1)])


def _row(
    planner: RoutePlanner, state: NetworkState, pair: tuple[str, str], shares: Floats, drawn: Floats
) -> RobustRow:
    borders = _Borders(planner, state, pair)
    path = borders.path(())
    quantiles = np.quantile(drawn, [0.025, 0.5, 0.975], method="inverted_cdf")
    cut, ways = borders.cut(), borders.ways()
    return RobustRow(
        origin=pair[0], destination=pair[1], scenario=state.scenario, by=planner.terms.by,
        share=float(shares[0]), not_worse=float(shares[1]),
        least=inf if path is None else path.cost / QUANTITIES[planner.terms.by].factor,
        quantiles=(float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
        needed=_needed(planner, state, pair) if path is not None else (),
        critical=borders.critical(), cut=cut,
        ways=tuple(route_of(state, pair, way) for way in ways),
        losses=(borders.worst_one(), borders.worst_two()),
    )  # fmt: skip


def _needed(planner: RoutePlanner, state: NetworkState, pair: tuple[str, str]) -> tuple[str, ...]:
    """Return the openings and new links of a scenario without each of which there is no way."""
    whole, needed = state.scenario, []
    for kind in ("open", "build"):
        for key in getattr(whole, kind):
            left = {k: v for k, v in getattr(whole, kind).items() if k != key}
            without = planner.state(replace(whole, **{kind: left}))  # type: ignore[arg-type]
            if planner.find(without, pair) is None:
                needed.append(f"{kind} {key}")
    return tuple(needed)


class _Borders:
    """The ways between two places under a scenario while crossings are closed by name."""

    def __init__(self, planner: RoutePlanner, state: NetworkState, pair: tuple[str, str]) -> None:
        self._planner, self._state, self._pair = planner, state, pair
        self._unit = QUANTITIES[planner.terms.by].factor
        self._known: dict[frozenset[str], FoundPath | None] = {}

    def path(self, closed: Iterable[str]) -> FoundPath | None:
        """Return the best way while some crossings are closed, None if there is none."""
        key = frozenset(closed)
        if key not in self._known:
            state = _shut(self._state, key)
            self._known[key] = self._planner.find(state, self._pair)
        return self._known[key]

    def _cost(self, closed: Iterable[str]) -> float:
        path = self.path(closed)
        return inf if path is None else path.cost / self._unit

    def _on(self, path: FoundPath | None) -> list[str]:
        """Return the names of the crossings on a way, in the order of travel."""
        steps = [] if path is None else path.steps
        return list(dict.fromkeys(link.crossing for link, _ in steps if link.crossing))

    def critical(self) -> tuple[str, ...]:
        """Return the crossings without each of which there is no way; all lie on the best one."""
        return tuple(key for key in self._on(self.path(())) if self.path((key,)) is None)

    def worst_one(self) -> Loss:
        """Return the crossing whose closing costs most."""
        return self._worst([(key,) for key in self._on(self.path(()))])

    def worst_two(self) -> Loss:
        """Return the two crossings whose closing together costs most.

        One of them lies on the best way, the other one on the best way without the first: closing
        others costs nothing.
        """
        pairs = [
            (first, second)
            for first in self._on(self.path(()))
            for second in self._on(self.path((first,))) or [first]
        ]
        return self._worst([tuple(dict.fromkeys(pair)) for pair in pairs])

    def _worst(self, sets: Sequence[tuple[str, ...]]) -> Loss:
        if not sets:
            return Loss(crossings=(), least=self._cost(()))
        worst = max(sets, key=lambda closed: (self._cost(closed), -len(closed)))
        return Loss(crossings=worst, least=self._cost(worst))

    def cut(self) -> tuple[str, ...] | None:
        """Return the fewest crossings whose closing leaves no way, None if no closing does.

        Every way that is found is a set of crossings of which one at least has to be closed; the
        smallest set that meets all of them is closed next, until no way is left.
        """
        ways: list[list[str]] = []
        closed: tuple[str, ...] = ()
        while (path := self.path(closed)) is not None:
            crossings = self._on(path)
            if not crossings:
                return None
            ways.append(crossings)
            closed = _fewest_of_each(ways)
        return closed

    def ways(self) -> list[list[tuple[Link, bool]]]:
        """Return as many ways as possible that share no crossing, by the least sum."""
        best = self.path(())
        if best is None:
            return []
        if self.cut() is None:
            return [best.steps]
        return _disjoint(self._planner, self._state, self._pair, self._crossings())

    def _crossings(self) -> list[str]:
        return sorted({k.crossing for k in self._planner.network.links if k.crossing})


def _shut(state: NetworkState, crossings: frozenset[str]) -> NetworkState:
    """Return a state in which some crossings are closed besides, whatever the scenario opens."""
    shut = copy(state)
    links = (link for key in crossings for link in state.network.links_of(key))
    shut.forced = state.forced | dict.fromkeys((link.id for link in links), False)
    return shut


def _fewest_of_each(ways: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return a smallest set of names of which one at least is in each of some lists."""
    from scipy.optimize import LinearConstraint, milp

    names = list(dict.fromkeys(key for way in ways for key in way))
    meets = np.array([[key in way for key in names] for way in ways], float)
    found = milp(np.ones(len(names)), constraints=LinearConstraint(meets, lb=1.0),
                 integrality=np.ones(len(names)), bounds=(0, 1))  # fmt: skip
    return tuple(key for key, used in zip(names, found.x, strict=True) if used > 0.5)


def _disjoint(
    planner: RoutePlanner, state: NetworkState, pair: tuple[str, str], crossings: Sequence[str]
) -> list[list[tuple[Link, bool]]]:
    """Return as many ways as possible that share no crossing, with the least sum of all.

    Flows of whole numbers, one for each set of modes, of which at most one unit passes each
    crossing, in whichever direction and by whichever mode (an integer program).
    """
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import block_diag, hstack, vstack

    flows = [_flow_by(planner, state, modes, pair, crossings) for modes in state.terms.choices]
    kept = block_diag([flow.kept for flow in flows], format="csr")
    through = hstack([flow.through for flow in flows], format="csr")
    leaving = hstack([flow.leaving for flow in flows], format="csr").toarray().ravel()
    cost = np.concatenate([flow.costs for flow in flows])
    # One way more is worth more than any sum of costs of all ways.
    reward = 1.0 + len(crossings) * float(cost.sum()) / max(1.0, float(cost.max()))
    found = milp(
        cost / max(1.0, float(cost.max())) - reward * leaving,
        constraints=LinearConstraint(
            vstack([kept, through]),
            lb=np.zeros(kept.shape[0] + len(crossings)),
            ub=np.concatenate([np.zeros(kept.shape[0]), np.ones(len(crossings))]),
        ),
        integrality=np.ones(len(cost)), bounds=(0, len(crossings)),
    )  # fmt: skip
    units = np.round(found.x).astype(int)
    ways, begin = [], 0
    for flow in flows:
        used = units[begin : begin + len(flow.arcs)].tolist()
        begin += len(flow.arcs)
        left = {arc: times for arc, times in zip(flow.arcs.tolist(), used, strict=True) if times}
        ways += [planner.steps(path) for path in _walked(planner, left, flow.start, flow.end)]
    unit = [sum(state.weight(link, forward=ahead) for link, ahead in way) for way in ways]
    return [way for _, way in sorted(zip(unit, ways, strict=True), key=lambda pair: pair[0])]


class _Flow(NamedTuple):
    """What may flow from one place to another by one set of modes.

    Parameters
    ----------
    arcs, costs : that may be used.
    kept : rows of nodes between the ends, at which as much leaves as enters; a column an arc.
    leaving : the row of the first place.
    through : rows of crossings, 1 where an arc leads over it.
    """

    arcs: Ints
    costs: Floats
    start: int
    end: int
    kept: Any
    leaving: Any
    through: Any


def _flow_by(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], pair: tuple[str, str],
    crossings: Sequence[str],
) -> _Flow:  # fmt: skip
    """Return what may flow between two places by one set of modes, as sparse matrices."""
    from scipy.sparse import csr_array

    graph, links = planner.graph, planner.network.links
    number = {key: n for n, key in enumerate(crossings)}
    by_arc = planner.weighted.costs(state, modes)
    arcs = np.flatnonzero(np.isfinite(by_arc))
    start, end = planner.ends(*planner.stops.stations(modes, [pair])[0])
    ones, order = np.ones(len(arcs)), np.arange(len(arcs))
    shape = (graph.n_nodes, len(arcs))
    leaves = csr_array((ones, (graph.tail[arcs], order)), shape=shape)
    enters = csr_array((ones, (graph.head[arcs], order)), shape=shape)
    balance = (leaves - enters).tocsr()
    rows = [
        (number[key], k)
        for k, arc in enumerate(arcs.tolist())
        if arc < 2 * len(links) and (key := links[arc // 2].crossing)
    ]
    at = np.array(rows, int).reshape(-1, 2).T
    passes = (np.ones(at.shape[1]), (at[0], at[1]))
    return _Flow(
        arcs, by_arc[arcs], start, end,
        kept=balance[np.setdiff1d(np.arange(graph.n_nodes), [start, end])],
        leaving=balance[[start]],
        through=csr_array(passes, shape=(len(crossings), len(arcs))),
    )  # fmt: skip


def _walked(planner: RoutePlanner, left: dict[int, int], start: int, end: int) -> list[list[int]]:
    """Return the paths of a flow from one node to another."""
    graph = planner.graph
    out: dict[int, list[int]] = {}
    for arc, times in left.items():
        out.setdefault(int(graph.tail[arc]), []).extend([arc] * times)
    paths = []
    while out.get(start):
        path, node = [], start
        while node != end:
            arc = out[node].pop()
            path.append(arc)
            node = int(graph.head[arc])
        paths.append(path)
    return paths
