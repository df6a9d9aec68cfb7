"""How much of a scenario's saving each of its openings brings: Shapley values.

Source: L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II,
https://doi.org/10.1515/9781400881970-018
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from corridors.network.estimate import Estimate, total
from corridors.routing.find import ordered
from corridors.routing.query import planner_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Share", "attribute", "bare"]

# 2^14 subsets of the parts; 2^10 of what it sets, each of which is searched for itself.
MOST, MOST_SET = 14, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one part of a scenario saves.

    Parameters
    ----------
    part : what it does, such as ``open zangezur-tripp``.
    by : what is saved: ``km``, ``hours`` or ``cost``.
    saving : in metres, hours or US dollars a tonne, as a fraction: all of them add up to the
        scenario's saving exactly. `saving_m`, `saving_h` and `saving_usd_t` say the unit.
    estimate : the same with its 95 % interval, for the ways that are best at the usual values.
    """

    part: str
    saving: Fraction
    estimate: Estimate
    by: str = "km"

    @property
    def saving_m(self) -> float | None:
        """Return the saving in metres; None if hours or costs were asked for."""
        return float(self.saving) if self.by == "km" else None

    @property
    def saving_h(self) -> float | None:
        """Return the saving in hours; None if kilometres or costs were asked for."""
        return float(self.saving) if self.by == "hours" else None

    @property
    def saving_usd_t(self) -> float | None:
        """Return the saving in US dollars a tonne; None if another saving was asked for."""
        return float(self.saving) if self.by == "cost" else None

    def row(self) -> dict[str, Any]:
        """Return the share as one row of a table, with its 95 % interval."""
        key, unit = {"km": ("km", 1000), "hours": ("hours", 1), "cost": ("cost_usd_t", 1)}[self.by]
        return {
            "part": self.part,
            f"saving_{key}": float(self.saving) / unit,
            f"low_{key}": self.estimate.low / unit,
            f"high_{key}": self.estimate.high / unit,
        }


def attribute(  # noqa: PLR0913 - any question may be of another day
    origin: str,
    destination: str,
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Share]:
    """Return how much each opening, closing, new link or setting of a scenario saves.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    terms : what is to be least; kilometres of road or rail, if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.
    progress : called with the number of ways found and of all.

    Returns
    -------
    Shares whose savings are in metres, hours or US dollars a tonne, as `terms` ask; they add up to
    what the whole scenario saves.

    Raises
    ------
    AraxesError : the scenario has nothing to attribute, more than fourteen parts, or more than
        ten settings among them.
    NoAnswerError : without some of the parts there is no way, so that its saving has no size.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> shares = attribute("Nakhchivan", "Baku", "iran-road", terms=Terms(modes=("road",)))
    >>> [one.part for one in shares]
    ['open x-aghband-kalala', 'open road-mincivan-aghband']
    """
    planner = planner_for([scenario], terms, network, on)
    whole = planner.states[0].scenario
    parts = _parts(whole)
    game = _Game(planner, whole, parts, ordered(planner, origin, destination))
    count = 2 ** len(parts)
    which = [0] * count
    for done, mask in enumerate(_order(parts), 1):
        which[mask] = game.way(mask)
        if progress:
            progress(done, count)
    shares = []
    for n, (kind, key) in enumerate(parts):
        weights = _weights(n, len(parts), which)
        saving = sum((w * game.ways[k].cost for k, w in weights.items()), Fraction(0))
        estimate = _estimate(planner.terms.by, [(w, game.ways[k]) for k, w in weights.items()])
        shares.append(
            Share(part=f"{kind} {key}", saving=saving, estimate=estimate, by=planner.terms.by)
        )
    return shares


def _order(parts: Sequence[tuple[str, str]]) -> Iterator[int]:
    """Return every subset of the parts: none first, then those that leave most open."""
    closes = _bits(parts, "close")
    rest = sorted(range(1, 2 ** len(parts)), key=lambda mask: -(mask ^ closes).bit_count())
    yield 0
    yield from rest


def _bits(parts: Sequence[tuple[str, str]], kind: str) -> int:
    return sum(1 << n for n, (one, _) in enumerate(parts) if one == kind)


def _weights(n: int, size: int, which: Sequence[int]) -> dict[int, Fraction]:
    """Return what each way counts for in the share of part n, from the way of each subset."""
    counts: Counter[tuple[int, int]] = Counter()
    bit = 1 << n
    for mask, way in enumerate(which):
        before = (mask & ~bit).bit_count()
        counts[way, before] += -1 if mask & bit else 1
    found: dict[int, Fraction] = defaultdict(Fraction)
    for (way, before), times in counts.items():
        each = Fraction(factorial(before) * factorial(size - before - 1), factorial(size))
        found[way] += times * each
    return {way: weight for way, weight in found.items() if weight}


class _Way(NamedTuple):
    """The best way under one subset of the parts, and under which others it can be gone.

    `needs`: for each link that is not open by itself the parts that open it, one of which must be
    there. `closers`: parts that close one of its links.
    """

    mask: int
    cost: Fraction
    links: tuple[Link, ...]
    state: NetworkState
    needs: tuple[int, ...]
    closers: int


class _Game:
    """The best way under each subset of a scenario's parts.

    Opening, building and closing only decide what may be used. So the best way of a subset stays
    the best of every other that leaves no more open, as long as it can still be gone; few have to
    be searched for. What is set changes costs: subsets with different settings share nothing.
    """

    def __init__(
        self,
        planner: RoutePlanner,
        whole: Scenario,
        parts: Sequence[tuple[str, str]],
        stops: Sequence[str],
    ) -> None:
        self._planner, self._whole, self._parts, self._stops = planner, whole, parts, stops
        self._closes, self._sets = _bits(parts, "close"), _bits(parts, "set")
        self._bare = planner.state(bare(whole))
        self._by_link: dict[str, int] = defaultdict(int)
        for n, (kind, key) in enumerate(parts):
            for link in () if kind == "set" else planner.network.links_of(key):
                self._by_link[link.id] |= 1 << n
        self._known: dict[int, list[int]] = defaultdict(list)
        self.ways: list[_Way] = []

    def way(self, mask: int) -> int:
        """Return the number of the best way under the parts of a mask."""
        known = self._known[mask & self._sets]
        for n in known:
            if self._holds(self.ways[n], mask):
                return n
        known.append(len(self.ways))
        self.ways.append(self._search(mask))
        return known[-1]

    def _holds(self, way: _Way, mask: int) -> bool:
        more = (mask ^ self._closes) & ~(way.mask ^ self._closes)
        return not more and not mask & way.closers and all(mask & need for need in way.needs)

    def _search(self, mask: int) -> _Way:
        chosen = [part for n, part in enumerate(self._parts) if mask >> n & 1]
        state = self._planner.state(_only(self._whole, chosen))
        path = self._planner.find(state, self._stops)
        if path is None:
            raise NoAnswerError(_refusal(self._planner, state, self._stops))
        needs, closers = set(), 0
        for link, forward in path.steps:
            named = self._by_link[link.replaces or link.id]
            closers |= named & self._closes
            if not self._open(link, forward=forward):
                needs.add(named & ~self._closes)
        links = tuple(link for link, _ in path.steps)
        cost = sum((Fraction(state.weights[link.id]) for link in links), Fraction(0))
        return _Way(mask, cost, links, state, tuple(needs), closers)

    def _open(self, link: Link, *, forward: bool) -> bool:
        """Tell whether a link is open without any of the parts; new rails follow the old ones."""
        one = self._planner.network.link(link.replaces) if link.replaces else link
        return self._bare.usable(one, forward=forward)


def _estimate(by: str, ways: Sequence[tuple[Fraction, _Way]]) -> Estimate:
    """Return the sum of ways, one entry for those that are the same under the same values."""
    same: dict[tuple[object, ...], tuple[Fraction, _Way]] = {}
    for weight, way in ways:
        key = (tuple(link.id for link in way.links), tuple(way.state.scenario.settings.items()))
        same[key] = same.get(key, (Fraction(0), way))[0] + weight, way
    return total(by, [(float(w), way.links, way.state.rates) for w, way in same.values() if w])


def bare(scenario: Scenario) -> Scenario:
    """Return a scenario that only has the day of another."""
    return _only(scenario, [])


def _parts(whole: Scenario) -> list[tuple[str, str]]:
    """Return what the scenario opens, builds, closes and sets."""
    parts = [
        (kind, key) for kind in ("open", "build", "close", "set") for key in getattr(whole, kind)
    ]
    if not parts:
        message = f"scenario '{whole.id}' opens, builds, closes and sets nothing; name another"
        raise AraxesError(message)
    if len(parts) > MOST or len(whole.set) > MOST_SET:
        message = (
            f"scenario '{whole.id}' opens, builds, closes and sets {len(parts)} things, "
            f"{len(whole.set)} of them set; a saving is attributed to at most {MOST}, of which "
            f"{MOST_SET} set: join openings of one corridor under its id"
        )
        raise AraxesError(message)
    return parts


def _only(whole: Scenario, parts: list[tuple[str, str]]) -> Scenario:
    def kept(kind: str) -> dict[str, object]:
        table = getattr(whole, kind)
        return {key: table[key] for k, key in parts if k == kind}

    return replace(whole, **{kind: kept(kind) for kind in ("open", "build", "close", "set")})  # type: ignore[arg-type]


def _refusal(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    from corridors.routing.obstacles import no_way

    parts = [*state.scenario.open, *state.scenario.build]
    only = f"with {', '.join(parts)} alone" if parts else "without any opening"
    return (
        f"{only} there is {no_way(planner, state, stops)}; "
        "a saving can only be shared where there is a way without it"
    )
