"""What one process does for a sweep: it keeps the network and answers shares, each by itself.

A share's rows depend on the question and the share alone, not on what the process did before, so
that the table is the same however many processes there are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError
from corridors.analysis.drawn_routes import RoutesByDraw
from corridors.analysis.path_sums import KEPT, PathSums
from corridors.context.flows import over_capacity
from corridors.network.cost_basis import COST_KEYS
from corridors.network.link import UNBUILT
from corridors.network.link_table import LinkTable
from corridors.network.load import load_network
from corridors.network.open_borders import memberships_on
from corridors.routing.find import route_of
from corridors.routing.planner import RoutePlanner
from corridors.routing.query import network_at
from corridors.routing.weighted_graph import KEPT_WEIGHTS
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import QUANTITIES
from corridors.study.study import Study
from corridors.sweeps.question import bundled_checksum, file_checksum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corridors.analysis.path_sums import Sums
    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.batch_routes import BatchRoutes
    from corridors.routing.graph import Ints
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.terms import Terms
    from corridors.sweeps.question import Question, Share

__all__ = ["Columns", "Process", "answer_here", "columns_of", "planner_of"]

# Name of a column → its values, one for each row.
Columns = dict[str, np.ndarray]

_SUMS = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "cost_usd_t",
         "low_cost_usd_t", "high_cost_usd_t")  # fmt: skip
_DRAWN = tuple((column, by, factor) for by, (_, column, factor) in QUANTITIES.items())


def columns_of(question: Question) -> tuple[str, ...]:
    """Return the columns of the table of a question."""
    drawn = question.draws is not None
    sums = [key for key, _, _ in _DRAWN] if drawn else _SUMS
    return (
        "case", *question.labels, *(["draw"] if drawn else []), *_asked(question.terms), *sums,
        *COST_KEYS, "unbuilt_km", "modes", "crossings", "path",
        *(["over_capacity"] if question.terms.demand else []),
    )  # fmt: skip


def _asked(terms: Terms) -> tuple[str, ...]:
    """Return the columns that tell what is asked for."""
    return ("from", "to", "on", "mode_set", "by", "users", *(["at"] if terms.at else []))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a path besides its sums."""

    unbuilt_km: float
    modes: str
    crossings: str
    path: str
    over_capacity: str = ""


_NONE = _Told(np.nan, "", "", "")
_NO_MONEY = ("",) * len(COST_KEYS)


def planner_of(question: Question, network: Network) -> RoutePlanner:
    """Return the planner of a question, whose links are divided at the ends that are asked for."""
    scenarios = [Scenario(id="", on=question.on), *question.builders]
    divided = network_at(network, scenarios, question.terms, question.ends)
    return RoutePlanner(divided, scenarios, question.terms, engine=question.engine)


class Process:
    """One process at work on a question: its planner, with the hierarchy, and sums of paths."""

    def __init__(self, question: Question, network: Network | None = None) -> None:
        self.question = question
        self.planner = planner_of(question, network or _network(question))
        self._facts = _Facts(self.planner.network.links)
        self._sums: dict[object, PathSums] = {}
        self._told: dict[tuple[object, bytes], _Told] = {}
        # Cases in a row, and their routes by draw, of which block follows block.
        self._drawn: tuple[tuple[int, ...], RoutesByDraw] | None = None
        self._states: dict[object, NetworkState] = {}

    def answer(self, share: Share) -> Columns:
        """Return the rows of a share, by case, pair and set of modes, and draw."""
        states = [self._state(case.scenario) for case in share.cases]
        if share.block is not None:
            return self._by_draw(share, states)
        rows: list[tuple[Any, ...]] = []
        batches = self.planner.batch_each(self.question.pairs, states=states)
        for s, (case, state) in enumerate(zip(share.cases, states, strict=True)):
            sums = self._sums_of(state)
            for p in range(len(self.question.pairs)):
                for c, batch in enumerate(batches):
                    path = batch.found.paths[s][p]
                    if path is None:
                        numbers, money, told = (np.nan,) * len(_SUMS), _NO_MONEY, _NONE
                    else:
                        numbers, told = sums.of(path), self._of_path(state, path)
                        money = tuple(sums.cost_basis(path).row().values())
                        numbers = self._with_waits(state, batch, p, path, numbers)
                    head = (case.n, *case.labels, *self._head(state, p, c))
                    told_of = told.unbuilt_km, told.modes, told.crossings, told.path
                    row = *head, *numbers, *money, *told_of
                    over = (told.over_capacity,) if self.question.terms.demand else ()
                    rows.append((*row, *over))
        return _columns(columns_of(self.question), rows)

    def _state(self, scenario: Scenario) -> NetworkState:
        """Return the network under a case; cases that set the same values share their weights."""
        on = scenario.on or self.question.on
        unions = memberships_on(on, self.question.terms.users)
        key = tuple(sorted(scenario.settings.items())), unions
        state = self.planner.state(scenario, like=self._states.get(key))
        if key not in self._states:
            if len(self._states) >= max(1, KEPT_WEIGHTS // len(self.planner.network.links)):
                del self._states[next(iter(self._states))]
            self._states[key] = state
        return state

    def _with_waits(
        self, state: NetworkState, batch: BatchRoutes, pair: int, path: Ints, sums: Sums
    ) -> Sums:
        """Return the sums of a path with the waits before links that are closed on arrival."""
        if state.terms.at is None:
            return sums
        steps = self.planner.steps(path.tolist())
        if not any(state.hours(link, forward=forward) for link, forward in steps):
            return sums
        time = route_of(state, batch.pairs[pair], steps).time
        return sums._replace(hours=time.value, low_hours=time.low, high_hours=time.high)

    def _head(self, state: NetworkState, pair: int, choice: int) -> tuple[Any, ...]:
        terms = self.question.terms
        modes = " ".join(terms.choices[choice])
        ends = self.question.names[pair]
        at = (f"{terms.at:%H:%M}",) if terms.at else ()
        return *ends, state.on.isoformat(), modes, terms.by, terms.who, *at

    def _sums_of(self, state: NetworkState) -> PathSums:
        """Return the sums of paths under the rates of a state, which many states share."""
        unions = memberships_on(state.on, state.terms.users)
        key = tuple(sorted(state.scenario.settings.items())), unions
        if key not in self._sums:
            if len(self._sums) >= max(2, KEPT_WEIGHTS // 10 // len(self.planner.network.links)):
                del self._sums[next(iter(self._sums))]
            self._sums[key] = PathSums(state)
        return self._sums[key]

    def _of_path(self, state: NetworkState, path: Ints) -> _Told:
        """Return what is told of a path; what is unbuilt depends on the day."""
        key = state.on, path.tobytes()
        told = self._told.get(key)
        if told is None:
            if len(self._told) >= KEPT:
                self._told.clear()
            told = self._told[key] = self._told_of(state, path)
        return told

    def _told_of(self, state: NetworkState, path: Ints) -> _Told:
        links, facts = self.planner.network.links, self._facts
        arcs = path[path < 2 * len(links)]
        of_links = arcs // 2
        unbuilt_m = 0.0
        for arc in arcs[facts.may_be_unbuilt[of_links] > 0].tolist():
            if state.unbuilt(links[arc // 2], forward=arc % 2 == 0):
                unbuilt_m += links[arc // 2].length_m
        modes = facts.mode[of_links]
        modes = modes[modes > 0]
        changed = np.flatnonzero(np.diff(modes, prepend=-1))
        # A short name of the path: equal names, equal links.
        name = sha256(arcs.astype("<i8").tobytes()).hexdigest()[:12]
        over: dict[str, str] = {}
        demand = self.question.terms.demand
        if demand is not None:
            used = (links[n] for n in of_links.tolist())
            keys = (key for link in used for key in (link.crossing, link.corridor) if key)
            over = over_capacity(demand, keys)
        return _Told(
            round(unbuilt_m / 1000, 3), " ".join(facts.in_order(modes[changed])),
            " ".join(facts.in_order(facts.crossing[of_links])), name, " ".join(over),
        )  # fmt: skip

    def _by_draw(self, share: Share, states: list[NetworkState]) -> Columns:
        question, block = self.question, share.block
        assert question.draws is not None
        assert block is not None
        cases = tuple(case.n for case in share.cases)
        if self._drawn is None or self._drawn[0] != cases:
            routes = RoutesByDraw(self.planner, question.pairs, question.draws, states=states)
            self._drawn = cases, routes
        routes = self._drawn[1]
        draws = question.draws.block(block)
        found = sorted(routes.block(block), key=lambda r: (r.scenario, r.pair, r.choice))
        size = len(draws)
        table: dict[str, list[Any]] = {name: [] for name in columns_of(question)}
        sums = routes.sums(block, found, [by for _, by, _ in _DRAWN])
        for n, each in enumerate(found):
            case, state = share.cases[each.scenario], states[each.scenario]
            paths = [np.array(path, np.int64) for path in each.found.paths]
            of_path = [*(self._of_path(state, path) for path in paths), _NONE]
            of_state = self._sums_of(state)
            money = [*(tuple(of_state.cost_basis(p).row().values()) for p in paths), _NO_MONEY]
            head = dict(zip(("case", *question.labels), (case.n, *case.labels), strict=True))
            names = _asked(question.terms)
            head |= dict(zip(names, self._head(state, each.pair, each.choice), strict=True))
            for name, value in head.items():
                table[name].append(np.full(size, value))
            table["draw"].append(np.arange(draws.start, draws.stop))
            for (key, _, unit), values in zip(_DRAWN, sums[n], strict=True):
                table[key].append(values / unit)
            for name, words in zip(COST_KEYS, zip(*money, strict=True), strict=True):
                table[name].append(np.array(words)[each.found.which])
            over = ("over_capacity",) if question.terms.demand else ()
            for name in ("unbuilt_km", "modes", "crossings", "path", *over):
                of_paths = np.array([getattr(told, name) for told in of_path])
                table[name].append(of_paths[each.found.which])
        return {name: np.concatenate(parts) for name, parts in table.items()}


class _Facts:
    """What is told of links, by number; of a table of links, kind by kind.

    Attributes
    ----------
    crossing, mode : of each link, a number of `words`; 0 for none.
    may_be_unbuilt : whether a link has a status on some day in which it would have to be built.
    """

    def __init__(self, links: Sequence[Link]) -> None:
        alike = links.samples if isinstance(links, LinkTable) else links
        words = {"": 0}
        rows = [
            (
                words.setdefault(link.crossing or "", len(words)),
                words.setdefault("" if link.mode == "transfer" else link.mode, len(words)),
                link.candidate or any(s.status in UNBUILT for s in link.statuses),
            )
            for link in alike
        ]
        facts = np.array(rows, np.int64).reshape(-1, 3)
        facts = facts[links.columns.kind] if isinstance(links, LinkTable) else facts
        self.crossing, self.mode, self.may_be_unbuilt = facts.T
        self.words = np.array(list(words))

    def in_order(self, numbers: Ints) -> list[str]:
        """Return the words of numbers other than 0, in order."""
        words: list[str] = self.words[numbers[numbers > 0]].tolist()
        return words


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Columns:
    return {
        name: np.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }


def _network(question: Question, path: str | Path | None = None) -> Network:
    """Return the network of a question, read in this process and checked by its checksum."""
    if question.file is None:
        if question.checksum != bundled_checksum():
            message = "this process has other bundled data than the question; install one version"
            raise AraxesError(message)
        return load_network()
    file = path or question.file
    if file_checksum(file) != question.checksum:
        message = f"{file}: the network has another checksum than that of the question"
        raise AraxesError(message)
    return load_network(file)


_PROCESSES: dict[str, Process] = {}
# Threads of a process take turns: its planner, and the study that it sees, are one for all.
_TURN = Lock()


def answer_here(
    question: Question, digest: str, share: Share, *,
    path: str | None = None, study: str | None = None,
) -> Columns:  # fmt: skip
    """Return the rows of a share; the planner of a question is made when its first share comes.

    Parameters
    ----------
    digest : checksum of the question.
    path, study : where the network's file and the folder of the study lie on this machine, if not
        where the question says.
    """
    with _TURN, _seen(question, study or question.study):
        if digest not in _PROCESSES:
            # A process works on one question at a time; the last one's network makes room.
            _PROCESSES.clear()
            network = None if path is None else _network(question, path)
            _PROCESSES[digest] = Process(question, network)
        return _PROCESSES[digest].answer(share)


@contextmanager
def _seen(question: Question, folder: str) -> Iterator[None]:
    """See the study in which a question is asked; other work of this process does not."""
    if not question.study:
        yield
        return
    study = Study.open(folder)
    if question.study_checksum != study.checksum:
        message = f"{folder}: the study has another checksum than that of the question"
        raise AraxesError(message)
    with study.active():
        yield
