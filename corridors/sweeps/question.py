"""What a sweep asks: pairs under every case, and a checksum by which a question is known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders import __version__
from borders.errors import AraxesError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import two_places
from corridors.analysis.draws import BLOCK, Draws
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing.find import place_pairs
from corridors.routing.query import as_list, as_pairs, planner_for
from corridors.routing.route import name_of
from corridors.routing.router import FEW_SEARCHES, SMALL_GRAPH_NODES, cch_installed
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.settings import read_settings
from corridors.study.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from corridors.scenarios.terms import Terms

__all__ = ["Case", "Question", "Share", "ask"]

# Every subset of more openings than this is refused, and so are more cases in all.
MOST_OPENINGS, MOST_CASES = 20, 10_000_000
# A share of the work has at most so many rows and cases, one case at least; and there are so many
# shares at least if there are as many cases, for workers to share them; fewer with draws, as cases
# of one share draw once.
ROWS, MOST_OF_SHARE, FEWEST, FEWEST_DRAWN = 40_000, 200, 48, 12
# Files of the bundle on which answers rest.
_FILES = ("network/links.geojson", "network/assumptions.csv", "network/rates.csv",
          "network/open_borders.csv", "network/totals.csv", "network/route_error.csv")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: a scenario, with the labels by which its rows are told apart.

    Parameters
    ----------
    n : its number, from 0.
    labels : the values of the columns that tell what it is.
    """

    n: int
    scenario: Scenario
    labels: tuple[str | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of the work: cases in a row, without draws or in one block of them.

    Parameters
    ----------
    n : its number, from 0.
    block : of the draws; None without.
    """

    n: int
    cases: tuple[Case, ...]
    block: int | None


@dataclass(frozen=True, kw_only=True)
class Question:
    """A sweep: what is asked, without the cases.

    Parameters
    ----------
    network : in this process; it is never sent to another, which reads `file` for itself.
    file : of the network; None for the bundled one.
    checksum : of the network's file, or of the bundled data.
    study, study_checksum : folder of the study in which it is asked, and the checksum of what
        answers in it rest on; empty outside one.
    in_memory : whether the network is in this process alone, and in no file.
    builders : scenarios that build links or give them another gauge.
    on : day of the planner, that of the first case.
    pairs : ids of places.
    names : of the places of each pair.
    ends : what was asked for, at which links are divided.
    engine : that searches, the same for every share, so that ties fall alike.
    """

    file: str | None
    checksum: str
    builders: tuple[Scenario, ...]
    on: date
    pairs: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    ends: tuple[str, ...]
    terms: Terms
    scenarios: tuple[Scenario, ...]
    openings: tuple[str, ...]
    vary: tuple[tuple[str, tuple[float, ...]], ...]
    draws: Draws | None
    engine: str
    study: str = ""
    study_checksum: str = ""
    in_memory: bool = False
    network: Network | None = field(default=None, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the network, and the scenarios, which travel with the cases of a share."""
        return {**self.__dict__, "network": None, "scenarios": ()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what `__getstate__` returns."""
        self.__dict__.update(state)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of the columns that tell cases apart."""
        opened = ("openings",) if self.openings else ()
        return ("scenario", *opened, *(key for key, _ in self.vary))

    @property
    def n_cases(self) -> int:
        """Return the number of cases."""
        n = len(self.scenarios) << len(self.openings)
        for _, values in self.vary:
            n *= len(values)
        return n

    @property
    def _of_share(self) -> int:
        """Return the number of cases of a share: many share draws, but all have to have work."""
        rows, blocks, fewest = len(self.pairs) * len(self.terms.choices), 1, FEWEST
        if self.draws:
            rows, blocks = rows * min(BLOCK, self.draws.n), self.draws.n_blocks
            fewest = FEWEST_DRAWN
        return max(1, min(MOST_OF_SHARE, ROWS // rows, -(-self.n_cases * blocks // fewest)))

    @property
    def n_shares(self) -> int:
        """Return the number of shares."""
        blocks = self.draws.n_blocks if self.draws else 1
        return -(-self.n_cases // self._of_share) * blocks

    def share(self, n: int) -> Share:
        """Return a share by its number; blocks of draws of the same cases follow in turn."""
        chunk, block = divmod(n, self.draws.n_blocks if self.draws else 1)
        first = chunk * self._of_share
        last = min(self.n_cases, first + self._of_share)
        cases = tuple(self._case(k) for k in range(first, last))
        return Share(n=n, cases=cases, block=block if self.draws else None)

    def _case(self, n: int) -> Case:
        """Return a case by its number: values vary first, then openings, then scenarios."""
        rest, values = n, []
        for _, of_key in reversed(self.vary):
            rest, k = divmod(rest, len(of_key))
            values.append(of_key[k])
        values.reverse()
        which, mask = divmod(rest, 1 << len(self.openings))
        scenario = self.scenarios[which]
        opened = [key for k, key in enumerate(self.openings) if mask >> k & 1]
        labels: list[str | float] = [scenario.id]
        if self.openings:
            labels.append("+".join(opened))
        if opened or values:
            keys = (key for key, _ in self.vary)
            scenario = replace(
                scenario,
                open=scenario.open | dict.fromkeys(opened, "sweep"),
                set=scenario.set | {k: (v, "sweep") for k, v in zip(keys, values, strict=True)},
            )
        return Case(n=n, scenario=scenario, labels=(*labels, *values))

    def digest(self) -> str:
        """Return the checksum of the question: all that its table depends on."""
        draws = self.draws and [self.draws.n, self.draws.seed, BLOCK]
        terms = {column.name: getattr(self.terms, column.name) for column in fields(self.terms)}
        terms["avoid"] = sorted(self.terms.avoid)
        asked = {
            "version": __version__, "network": self.checksum, "study": self.study_checksum,
            "pairs": self.pairs, "names": self.names, "terms": terms, "draws": draws,
            "scenarios": [_content(scenario) for scenario in self.scenarios],
            "openings": self.openings, "vary": self.vary, "engine": self.engine,
            "share": self._of_share,
        }  # fmt: skip
        return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()


def _content(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario does, without what it is called and who says so."""
    content: dict[str, Any] = {}
    for column in fields(scenario):
        value = getattr(scenario, column.name)
        if column.name not in ("name", "names", "source", "note"):
            content[column.name] = (
                {key: _said(value[key]) for key in sorted(value)}
                if isinstance(value, dict)
                else str(value)
            )
    return content


def _said(value: Any) -> Any:
    """Return a value of a scenario without the id of the scenario that it comes from."""
    if not isinstance(value, tuple):
        return ""
    return value[0].row() if hasattr(value[0], "row") else value[0]


def ask(  # noqa: PLR0913 - the parts of a question
    pairs: Sequence[tuple[str, str]] | tuple[str, str],
    *,
    scenarios: Sequence[Scenario | str] | Scenario | str,
    vary: Mapping[str, Sequence[float]] | None = None,
    openings: Sequence[str] = (),
    draws: int | None = None,
    seed: int = 0,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    file: str | Path | None = None,
) -> Question:
    """Return a question, checked: every name is known, every value can be set.

    Parameters
    ----------
    file : from which `network` was read, if it is one.

    Raises
    ------
    AraxesError : the message says what cannot be asked, and what to do.
    """
    file = network if isinstance(network, str | Path) else file
    file = None if file is None else str(file)
    loaded = network if isinstance(network, Network) else load_network(network)
    named = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    asked_pairs = as_pairs(pairs)
    ends = tuple(dict.fromkeys(e for e in chain.from_iterable(asked_pairs) if isinstance(e, str)))
    planner = planner_for(named, terms, loaded, on, ends=ends)
    found = _pairs(planner, asked_pairs)
    study = None if BUNDLED.over is None else Study.open(BUNDLED.over)
    path = file or _file_of(loaded)
    dated = [replace(state.scenario, on=state.on) for state in planner.states]
    asked = Question(
        file=path, checksum=_checksum(loaded, path),
        study="" if study is None else str(study.folder),
        study_checksum="" if study is None else study.checksum,
        in_memory=path is None and not is_bundled(loaded),
        builders=tuple(s for s in dated if s.build or any("gauge_mm" in k for k in s.set)),
        on=dated[0].on or loaded.on,
        pairs=found, names=tuple((name_of(a), name_of(b)) for a, b in found),
        ends=ends, terms=planner.terms, scenarios=tuple(dated),
        openings=_openings(openings, planner.network, dated), vary=_varied(vary, planner.network),
        draws=None if draws is None else Draws(n=draws, seed=seed), engine="auto", network=loaded,
    )  # fmt: skip
    if asked.n_cases > MOST_CASES:
        message = f"the sweep has {asked.n_cases:,} cases; ask for at most {MOST_CASES:,}"
        raise AraxesError(message)
    for n in (0, asked.n_cases - 1):
        planner.state(asked._case(n).scenario)
    return replace(asked, engine=_engine(asked, planner.graph.n_nodes))


def _engine(asked: Question, n_nodes: int) -> str:
    """Return the engine for all shares; which one must not depend on what a process did before."""
    searches = asked.n_cases * len(asked.pairs)
    if n_nodes <= SMALL_GRAPH_NODES and searches <= FEW_SEARCHES:
        return "python"
    return "cch" if cch_installed() else "scipy"


def _pairs(planner: Any, pairs: Any) -> tuple[tuple[str, str], ...]:
    found = place_pairs(planner, pairs)
    for n, pair in enumerate(found):
        if pair in found[:n]:
            message = f"the pair {':'.join(map(name_of, pair))} is given twice; leave one out"
            raise AraxesError(message)
    if not found:
        message = f"no pair is given; give one or more, such as {two_places()}"
        raise AraxesError(message)
    return tuple(found)


def _openings(
    openings: Sequence[str], network: Network, scenarios: Sequence[Scenario]
) -> tuple[str, ...]:
    """Return the ids that are opened in every combination."""
    keys = tuple(as_list(openings, "openings"))
    if len(set(keys)) < len(keys) or not all(isinstance(key, str) and key for key in keys):
        message = f"the openings are {', '.join(map(str, keys))}; give different ids"
        raise AraxesError(message)
    if len(keys) > MOST_OPENINGS:
        message = (
            f"{len(keys)} openings have {2.0 ** len(keys):,.0f} subsets; give at most "
            f"{MOST_OPENINGS}, or join those of one corridor under its id"
        )
        raise AraxesError(message)
    for key in keys:
        links = {link.id for link in network.links_of(key)}
        for scenario in scenarios:
            opened = {link.id for k in scenario.open for link in network.links_of(k)}
            if links <= opened:
                message = f"scenario '{scenario.id}' opens '{key}' already; leave one of them out"
                raise AraxesError(message)
    return keys


def _varied(
    vary: Mapping[str, Sequence[float]] | None, network: Network
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return the keys that vary and their values, each of which a scenario may set."""
    varied = []
    for key, values in (vary or {}).items():
        if key.endswith(".gauge_mm"):
            message = f"'{key}' cannot vary: a gauge is another link; give scenarios instead"
            raise AraxesError(message)
        numbers = tuple(as_list(values, "values"))
        if not numbers or len(set(numbers)) < len(numbers):
            message = f"'{key}' is to have the values {list(numbers)}; give different ones"
            raise AraxesError(message)
        for value in numbers:
            for _ in read_settings({key: value}, "vary"):
                pass
        Scenario.of("vary", set={key: numbers[0]}).check(network)
        varied.append((key, tuple(float(value) for value in numbers)))
    return tuple(varied)


def _file_of(network: Network) -> str | None:
    """Return the file of a compiled network, from which another process can read it."""
    mapped = getattr(network, "mapped", None)
    return None if mapped is None else str(mapped.path)


def _checksum(network: Network, file: str | None) -> str:
    """Return the checksum of a network: of its file, of the bundled data, or of its links."""
    if file is not None:
        return file_checksum(file)
    if is_bundled(network):
        return bundled_checksum()
    digest = sha256()
    for link in network.links:
        digest.update(repr(link).encode())
    return digest.hexdigest()


def file_checksum(path: str | Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    UnknownNameError : there is no such file, or it cannot be read.
    """
    import hashlib

    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as err:
        message = f"no file '{path}' of a network; give one that exists"
        raise UnknownNameError(message) from err


def is_bundled(network: Network) -> bool:
    """Tell whether a network is the bundled one, or that of the study in which this is asked."""
    bundled = load_network().links
    same = len(network.links) == len(bundled)
    return same and all(a is b or a == b for a, b in zip(network.links, bundled, strict=True))


@cache
def bundled_checksum() -> str:
    """Return the SHA-256 of the bundled data that answers rest on, without those of a study."""
    digest = sha256()
    for name in _FILES:
        digest.update((BUNDLED.folder / name).read_bytes())
    return digest.hexdigest()


def remaining(question: Question, done: set[int]) -> Iterator[int]:
    """Yield the numbers of the shares that are not done, in order."""
    return (n for n in range(question.n_shares) if n not in done)
