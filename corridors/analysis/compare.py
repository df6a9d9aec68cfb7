"""Compare pairs of places under several scenarios, each against the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Any

from borders.files.bundle import BUNDLED
from borders.measure import interval_row
from corridors.context.flows import overloads
from corridors.network.cost_basis import COST_KEYS
from corridors.network.estimate import total
from corridors.network.network import Network
from corridors.routing.find import place_pairs, route_of
from corridors.routing.query import as_list, as_pairs, planner_for
from corridors.routing.route import Route, name_of, opening_part
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    import pandas

    from corridors.network.estimate import Estimate
    from corridors.routing.batch_routes import BatchRoutes
    from corridors.routing.obstacles import Obstacle
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Step
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.terms import Terms

__all__ = [
    "SCENARIOS",
    "Comparison",
    "Row",
    "blocks_of",
    "compare",
    "default_scenarios",
    "difference",
    "probability_shorter",
]

# What is compared on the bundled network where no scenarios are named; the first is the base.
SCENARIOS = (
    "status-quo",
    "tripp-open",
    "kars-dilucu-built",
    "turkiye-armenia-open",
    "tripp-and-kars-dilucu",
    "all-open",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One pair under one scenario.

    Parameters
    ----------
    origin, destination : ids of places.
    way : the best route; None if there is none, and then `reason` says what stands in the way.
    base : the best route under the first scenario, None if there is none.
    mode_set : the modes that the routes of the row's block keep to; empty where routes by none of
        the sets of modes exist.
    best : whether it has a route, and no other set of modes a better one under the scenario.
    starred : whether it is the best of several blocks of the pair.
    reason : what makes the route differ from `base`, or why there is none; empty for `base`.
    standing : if there is no route, the fewest links that would have to open.
    """

    origin: str
    destination: str
    scenario: Scenario
    way: Route | None
    base: Route | None
    reason: str
    standing: tuple[Obstacle, ...] = ()
    mode_set: tuple[str, ...] = ()
    best: bool = True
    starred: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """Return the ids of the places that the row is about."""
        return self.origin, self.destination

    @property
    def shorter(self) -> float | None:
        """Return the probability that the route is shorter than under the first scenario.

        None where there is no route under one of the two, and for the first scenario itself.
        """
        if self.way is None or self.base is None or self.way is self.base:
            return None
        return self._excess("km").probability_below(0)

    @property
    def better(self) -> float | None:
        """Return the probability that the route has less of what the terms make least.

        None as for `shorter`.
        """
        if self.way is None or self.base is None or self.way is self.base:
            return None
        return self._excess(self.way.terms.by).probability_below(0)

    @property
    def new_steps(self) -> tuple[Step, ...]:
        """Return the steps of the route that are not of that under the first scenario."""
        return () if self.way is None else _new_steps(self.way, self.base)

    @cached_property
    def _excesses(self) -> dict[str, Estimate]:
        """Return what `_excess` returned so far."""
        return {}

    def _excess(self, by: str) -> Estimate:
        """Return by how much the route exceeds that of the first scenario; there must be both."""
        assert self.way is not None
        assert self.base is not None
        if by not in self._excesses:
            self._excesses[by] = difference(self.way, self.base, by)
        return self._excesses[by]

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what published capacities say of the way under the demand of the terms.

        Where they name none, all of the base's traffic is what might take it: the most, as nobody
        knows here how much would.
        """
        if self.way is None or self.way.terms.demand is not None:
            return () if self.way is None else self.way.remarks
        if self.base is None or self.way is self.base:
            return ()
        return tuple(overloads(self.base.carriers, self.way.carriers))

    def row(self) -> dict[str, Any]:
        """Return the values of the row's JSON; None where there is no route to give them."""
        route, shorter = self.way, self.shorter
        values: dict[str, Any] = {
            "from": name_of(self.origin),
            "to": name_of(self.destination),
            "scenario": self.scenario.id,
        }
        values |= self._sums()
        values["crossings"] = list(route.crossings) if route else []
        values["unbuilt_km"] = route and round(route.unbuilt_m / 1000, 1)
        values["reason"] = self.reason
        values["modes"] = list(route.modes) if route else []
        values["mode_set"] = list(self.mode_set)
        values["best"] = self.best
        values["countries"] = list(route.countries) if route else []
        values["gauge_changes"] = route and route.gauge_changes
        values["transfers"] = route and route.transfers
        values["ferries"] = route and route.ferries
        values["remarks"] = list(self.remarks)
        values["lent"] = [value.key for value in route.lent] if route else []
        values["p_shorter"] = None if shorter is None else round(shorter, 3)
        values["p_quicker"] = None
        if shorter is not None:
            values["p_quicker"] = round(self._excess("hours").probability_below(0), 3)
        return values

    def _sums(self) -> dict[str, float | str | None]:
        """Return kilometres, hours and costs, and by how much they exceed the first scenario's."""
        route, base = self.way, self.base
        sums: dict[str, float | str | None] = {}
        sums |= interval_row("km", route.length if route else None, 1000)
        sums |= interval_row("hours", route.time if route else None)
        sums |= interval_row("cost_usd_t", route.cost if route else None)
        sums |= dict.fromkeys(COST_KEYS) if route is None else route.cost_basis.row()
        for by, (_, key, unit) in QUANTITIES.items():
            delta = self._excess(by) if route and base else None
            sums |= interval_row(f"delta_{key}", delta, unit)
        return sums


class Comparison(list[Row]):
    """Rows of `compare`: a list that is a table in a notebook and becomes a DataFrame."""

    def to_frame(self) -> pandas.DataFrame:
        """Return the values of `Row.row` as a DataFrame, one line a row.

        Examples
        --------
        >>> compare(("Kars", "Baku"), "status-quo").to_frame()["from"].tolist()
        ['Kars', 'Kars']
        """
        import pandas as pd

        return pd.DataFrame([row.row() for row in self])

    def _repr_html_(self) -> str:
        """Show modes, sums with their intervals, and reasons as a table in a notebook."""
        import pandas as pd

        html: str = pd.DataFrame(map(_cells, self)).to_html(index=False, border=0)
        return html


def _cells(row: Row) -> dict[str, str]:
    """Return the cells of a row of a notebook's table."""
    values = row.row()

    def whole(key: str) -> str:
        return "" if values[key] is None else f"{values[key]:,.0f}"

    def ends(key: str) -> str:
        low, high = whole(f"low_{key}"), whole(f"high_{key}")
        return f"{low} to {high}" if low else ""

    return {
        "from": values["from"], "to": values["to"], "scenario": values["scenario"],
        "by": ", ".join(values["modes"]), "best": "*" if values["best"] else "",
        "km": whole("km"), "km, 95 %": ends("km"),
        "hours": whole("hours"), "hours, 95 %": ends("hours"),
        "Δ km": whole("delta_km"), "unbuilt km": whole("unbuilt_km"), "why": row.reason,
    }  # fmt: skip


def difference(route: Route, other: Route, by: str) -> Estimate:
    """Return by how many metres, hours or US dollars a tonne a route exceeds another.

    The errors of assumptions that both rest on, and of the lengths of links that both use, cancel
    as far as both routes use them equally.

    Parameters
    ----------
    by : ``km``, ``hours`` or ``cost``.
    """
    difference = total(
        by, [(1.0, route.travelled, route.rates), (-1.0, other.travelled, other.rates)]
    )
    opening = opening_part((1.0, route), (-1.0, other)) if by == "hours" else None
    return difference if opening is None else difference.plus(opening)


def probability_shorter(one: Route, two: Route) -> float:
    """Return the probability that one route is shorter on the ground than another.

    Examples
    --------
    >>> from corridors.routing.find import route
    >>> kars_tbilisi = route("Kars", "Tbilisi")
    >>> probability_shorter(kars_tbilisi, kars_tbilisi)
    0.5
    """
    return difference(one, two, "km").probability_below(0)


def default_scenarios(network: Network | str | Path | None) -> tuple[str, ...]:
    """Return the ids of the scenarios compared where none are named.

    All of `SCENARIOS` on the bundled network. Another network, or that of a study that stands
    alone, lacks the links that they open, so it has the first, `status-quo`, alone.
    """
    bundled = network is None or (isinstance(network, Network) and network.since is not None)
    bundled = bundled and BUNDLED.shows
    return SCENARIOS if bundled else SCENARIOS[:1]


def compare(
    pairs: Sequence[tuple[str, str]] | tuple[str, str],
    scenarios: Sequence[Scenario | str] | Scenario | str | None = None,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Return one row for each pair, set of modes and scenario, pairs and scenarios as given.

    Like is compared with like: where the terms name no modes, a pair has a block of rows by road
    and one by rail, the one that is best under the first scenario before the other. A set of modes
    by which no links join the pair has none.

    Parameters
    ----------
    pairs : origins and destinations; one pair may stand alone.
    scenarios : the first one is what the others are compared with; if missing `SCENARIOS`, on a
        network of one's own `status-quo`.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of each
        scenario.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    UnknownNameError : a place or scenario is not known.
    AraxesError : `pairs` holds something else, or two different scenarios have one id.

    Examples
    --------
    >>> rows = compare([("Kars", "Baku")], ["status-quo", "tripp-and-kars-dilucu"])
    >>> [(row.mode_set[0], row.scenario.id) for row in rows]
    [('rail', 'status-quo'), ('rail', 'tripp-and-kars-dilucu'), \
('road', 'status-quo'), ('road', 'tripp-and-kars-dilucu')]
    """
    if scenarios is None:
        scenarios = default_scenarios(network)
    compared = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    asked = as_pairs(pairs)
    planner = planner_for(compared, terms, network, on, ends=chain.from_iterable(asked))
    ends_of_pairs = place_pairs(planner, asked)
    batches = planner.batch_each(ends_of_pairs, progress=progress)
    rows: list[Row] = []
    for p, ends in enumerate(ends_of_pairs):
        blocks = [
            _block(planner, modes, ends, batch, p)
            for modes, batch in zip(planner.terms.choices, batches, strict=True)
        ]
        rows += _ordered(planner, ends, [block for block in blocks if block])
    return Comparison(rows)


def _block(
    planner: RoutePlanner, modes: tuple[str, ...], pair: tuple[str, str], batch: BatchRoutes, p: int
) -> list[Row]:
    """Return the rows of a pair by one set of modes, one a scenario.

    No rows if no links join the pair by these modes, be they open or not.
    """
    if not planner.serves(batch.pairs[p], modes):
        return []
    states = [state.by(modes) for state in planner.states]
    links_of = [batch.links(n, p) for n in range(len(states))]
    routes = [
        None if links is None else route_of(state, batch.pairs[p], links)
        for state, links in zip(states, links_of, strict=True)
    ]
    rows = [
        replace(_row(planner, state, batch.pairs[p], way, routes[0]), origin=pair[0],
                destination=pair[1])
        for state, way in zip(states, routes, strict=True)
    ]  # fmt: skip
    joined = any(row.way is not None or row.standing for row in rows)
    return rows if joined else []


def _row(
    planner: RoutePlanner,
    state: NetworkState,
    ends: tuple[str, str],
    way: Route | None,
    base: Route | None,
) -> Row:
    """Return the row of a pair under one scenario."""
    from corridors.routing.obstacles import obstacle_message, obstacles

    fewest: list[Obstacle] | None = None
    if way is None:
        fewest = obstacles(planner, state, *ends)
        reason = obstacle_message(planner, state, ends, fewest, brief=True)
    else:
        reason = "" if way is base else _reason_of_change(way, base)
    return Row(
        origin=ends[0], destination=ends[1], scenario=state.scenario, way=way, base=base,
        reason=reason, standing=tuple(fewest or ()), mode_set=state.terms.modes or (),
    )  # fmt: skip


def _ordered(planner: RoutePlanner, ends: tuple[str, str], blocks: list[list[Row]]) -> list[Row]:
    """Return the rows of all blocks of a pair, the best block first and the best rows marked.

    Without any block, rows that say that no links join the pair.
    """
    if not blocks:
        rows = (_row(planner, state, ends, None, None) for state in planner.states)
        return [replace(row, best=False) for row in rows]
    least = [[inf if row.way is None else row.way.least()[0] for row in rows] for rows in blocks]
    of_scenario = [min(values) for values in zip(*least, strict=True)]
    order = sorted(range(len(blocks)), key=lambda n: (least[n][0], min(least[n])))
    ordered = []
    for n in order:
        for row, value, smallest in zip(blocks[n], least[n], of_scenario, strict=True):
            best = value < inf and value == smallest
            ordered.append(replace(row, best=best, starred=best and len(blocks) > 1))
    return ordered


def blocks_of(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the rows of each pair by each set of modes, in their order."""
    blocks: dict[tuple[tuple[str, str], tuple[str, ...]], list[Row]] = {}
    for row in rows:
        blocks.setdefault((row.pair, row.mode_set), []).append(row)
    return list(blocks.values())


def _new_steps(route: Route, base: Route | None) -> tuple[Step, ...]:
    base_ids = {step.link.id for step in base.steps} if base else set()
    return tuple(step for step in route.steps if step.link.id not in base_ids)


def _reason_of_change(route: Route, base: Route | None) -> str:
    """Return, in words, what makes a route differ from that of the first scenario."""
    new = _new_steps(route, base)
    if not new:
        return "the same way"
    opened = [s.link.corridor or s.link.crossing or s.link.whole_id for s in new if s.opened]
    return f"through {', '.join(dict.fromkeys(opened))}" if opened else "another way"
