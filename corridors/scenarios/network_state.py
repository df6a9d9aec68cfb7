"""A network under a scenario: which links may be used on that day, by whom, and what they cost."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from borders.errors import SchemaError, located
from borders.recurring import ALWAYS, Hours
from corridors.network.group_shares import group_shares
from corridors.network.link import UNBUILT, Link, Node
from corridors.network.link_table import LinkTable
from corridors.network.named_links import kinds_named, split_kind
from corridors.network.open_borders import memberships_on
from corridors.network.rates import Rates
from corridors.scenarios.scenario import contradiction
from corridors.scenarios.table_costs import (
    TableWeights,
    crossings_of,
    table_costs,
    table_weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import numpy as np

    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.network import Network
    from corridors.scenarios.new_links import Build
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["NetworkState", "with_candidate_links", "with_other_gauge"]


def with_candidate_links(network: Network, scenarios: Iterable[Scenario]) -> Network:
    """Return a network with every link that one of the scenarios builds or gives another gauge.

    They are closed in all others, so that one graph serves the routes of all scenarios. On a
    network of an extract a link is divided where a new one begins or ends on its way.

    Raises
    ------
    SchemaError : two scenarios differ and have one id, or build different links of one id, or a
        new link ends at no node.
    """
    by_id: dict[str, Scenario] = {}
    built: dict[str, Build] = {}
    new: dict[str, Link] = {}
    scenarios = list(scenarios)
    if any(scenario.build for scenario in scenarios):
        from corridors.scenarios.new_links import with_new_ends

        builds = (build for scenario in scenarios for build, _ in scenario.build.values())
        network = with_new_ends(builds, network)
    for scenario in scenarios:
        if by_id.setdefault(scenario.id, scenario) != scenario:
            message = f"two different scenarios have the id '{scenario.id}'; give one another id"
            raise SchemaError(message)
        for key, (build, _) in scenario.build.items():
            if built.setdefault(key, build) != build:
                message = f"two scenarios build '{key}' differently; give one of them another id"
                raise SchemaError(message)
            if key not in new:
                from corridors.scenarios.new_links import built_link

                _check_new_id(key, network, scenario)
                new[key] = built_link(build, network)
        for _, regauged in with_other_gauge(network, scenario):
            new.setdefault(regauged.id, regauged)
    return network.plus(new.values()) if new else network


def _check_new_id(key: str, network: Network, scenario: Scenario) -> None:
    """Refuse the id of a link, a crossing or a corridor: a name would mean two things."""
    for kind in kinds_named(network, key):
        message = (
            f"scenario '{scenario.id}' builds '{key}', a {kind} that {network.name} has already; "
            "open it, or give the new link another id"
        )
        raise SchemaError(message)


def with_other_gauge(network: Network, scenario: Scenario) -> Iterable[tuple[Link, Link]]:
    """Yield each link to which a scenario gives another gauge, with the one that replaces it."""
    for key, value in scenario.settings.items():
        link_id, _, column = key.rpartition(".")
        if column == "gauge_mm":
            # A corridor also holds the links that already stand for those of another gauge.
            links = (link for link in network.links_of(link_id) if link.replaces is None)
            yield from ((link, _with_gauge(link, int(value))) for link in links)


def _with_gauge(link: Link, gauge: int) -> Link:
    """Return the candidate link of another gauge that replaces a link under a scenario."""
    if link.mode != "rail" or link.gauge_mm is None:
        message = f"'{link.id}' has no rails whose gauge could be set"
        raise SchemaError(message)
    if gauge == link.gauge_mm:
        message = f"'{link.id}' has the gauge {gauge} mm already; leave it out of the scenario"
        raise SchemaError(message)
    start, end = (
        Node.at(node.place, f"rail{gauge}") if node.layer else node
        for node in (link.start, link.end)
    )
    return replace(link, id=f"{link.id}@{gauge}", start=start, end=end, gauge_mm=gauge,
                   candidate=True, replaces=link.id)  # fmt: skip


class NetworkState:
    """One network under one scenario on one day.

    Parameters
    ----------
    network : with the scenario's new links (see `with_candidate_links`).
    like : a state of the same network and terms; its weights are taken over where speeds, delays
        and costs are the same.

    Attributes
    ----------
    on : the day whose statuses hold.
    rates : speeds, delays and costs under the scenario.
    forced : link id → whether the scenario opens it (True) or closes it, whatever its status.
    hours_set : link id → when it may be used, for the links of which the scenario says so.

    Raises
    ------
    UnknownNameError : the scenario names a link that the network lacks.
    SchemaError : the scenario opens and closes the same link.
    AraxesError : the day lies before the first one that the network covers.
    """

    def __init__(
        self,
        network: Network,
        scenario: Scenario,
        terms: Terms,
        *,
        like: NetworkState | None = None,
    ) -> None:
        self.network, self.scenario, self.terms, self._like = network, scenario, terms, like
        self.on: date = network.known_day(scenario.on)
        self.rates = Rates(
            scenario.settings, users=terms.users, vehicle=terms.vehicle, on=self.on,
            shares=self._group_shares(),
        )  # fmt: skip
        self.hours_set = self._hours_set()
        self.forced = self._effects()
        self._avoided_countries, self._avoided_links = self._avoided()

    def _avoided(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the countries and the ids of the links that the terms avoid."""
        countries, links = set(), set()
        for name in self.terms.avoid:
            kind, key = split_kind(name)
            if kind == "country" or (not kind and key in self.network.countries):
                countries.add(key)
                continue
            for named in kinds_named(self.network, name).values():
                links |= {link.id for link in named}
        return frozenset(countries), frozenset(links)

    def _group_shares(self) -> dict[str, dict[str, float]]:
        """Return the shares of the links of each crossing and corridor that the scenario sets.

        And of the parts of each link that is divided, by their lengths.
        """
        keys = {key.rpartition(".")[0] for key in self.scenario.settings}
        groups = (key for key in keys if key in self.network.groups)
        shares = {key: group_shares(self.network.groups[key]) for key in groups}
        for key in keys - shares.keys():
            parts = self.network.whole(key)
            if len(parts) > 1:
                whole_m = sum(part.length_m for part in parts)
                shares[key] = {part.id: part.length_m / whole_m for part in parts}
        return shares

    def _hours_set(self) -> dict[str, Hours]:
        """Return link id → when it may be used, of the links of which the scenario says so."""
        scenario = self.scenario
        hours = {
            key: Hours(build.closed, build.open_hours)
            for key, (build, _) in scenario.build.items()
            if build.closed or build.open_hours
        }
        for keys, column in ((scenario.closed, "closed"), (scenario.open_hours, "open_hours")):
            for key, (text, by) in keys.items():
                for link in self._links_of(key, by):
                    # What the scenario leaves unsaid stays as its status says.
                    known = hours.get(link.id)
                    if known is None:
                        known = self._own_hours(link, forward=True)
                    hours[link.id] = replace(known, **{column: text})
        return hours

    def _own_hours(self, link: Link, *, forward: bool) -> Hours:
        status = link.dated_status(self.on, forward=forward, users=self.terms.users)
        return status.hours if status.status == "open" else ALWAYS

    def hours(self, link: Link, *, forward: bool) -> Hours:
        """Return when a link may be used in a direction, the scenario taken into account.

        One that the scenario opens may always be used, unless it says otherwise.
        """
        if link.id in self.hours_set:
            return self.hours_set[link.id]
        if link.id in self.forced or link.candidate:
            return ALWAYS
        return self._own_hours(link, forward=forward)

    def gates(self, modes: Sequence[str]) -> dict[int, Hours]:
        """Return the arcs that may be used at some hours or seasons only, and when.

        Arc 2 n leads along link n forward, arc 2 n + 1 backward. Those closed on the day itself
        are among them, as somebody may wait there.
        """
        gates = {}
        for n in self._with_hours():
            link = self.network.links[n]
            if not self.wanted(link, modes):
                continue
            for way, forward in enumerate((True, False)):
                hours = self.hours(link, forward=forward)
                if hours and self._ever_open(link, forward=forward):
                    gates[2 * n + way] = hours
        return gates

    def _ever_open(self, link: Link, *, forward: bool) -> bool:
        if link.id in self.forced:
            return self.forced[link.id] and link.leads(forward=forward)
        status = link.dated_status(self.on, forward=forward, users=self.terms.users)
        return not link.candidate and status.status == "open"

    def _with_hours(self) -> list[int]:
        """Return the numbers of the links that have hours or seasons, in order."""
        ranks = (self.network.rank.get(key) for key in self.hours_set)
        return sorted({*self.network.timed_ranks, *(n for n in ranks if n is not None)})

    def _effects(self) -> dict[str, bool]:
        """Return link id → whether the scenario opens it or closes it."""
        scenario, network = self.scenario, self.network
        # Link id → whether it is opened, and the id of the scenario that does so.
        effects: dict[str, tuple[bool, str]] = {}
        for opens, keys in ((True, scenario.open), (False, scenario.close)):
            for key, by in keys.items():
                for link in self._links_of(key, by):
                    if link.replaces is not None:
                        # Of another gauge, which this scenario or another one sets; see below.
                        continue
                    if effects.get(link.id, (opens,))[0] != opens:
                        raise SchemaError(contradiction(effects[link.id][1], by, link.id))
                    effects[link.id] = opens, by
        forced = {key: opens for key, (opens, _) in effects.items()}
        self._check_settings()
        for link, regauged in with_other_gauge(network, scenario):
            forced[regauged.id] = forced.get(link.id, self._open(link))
            forced[link.id] = False
        forced |= dict.fromkeys(scenario.build, True)
        return forced

    def _links_of(self, key: str, by: str) -> tuple[Link, ...]:
        with located(f"scenario '{by}'"):
            return self.network.links_of(key)

    def by(self, modes: Sequence[str]) -> NetworkState:
        """Return the same state for routes that keep to one set of modes."""
        state = copy(self)
        state.terms = replace(self.terms, modes=tuple(modes))
        return state

    def with_weights_of(self, other: NetworkState) -> NetworkState:
        """Return the same state with the speeds, delays and costs of another one."""
        state = copy(self)
        state.rates, state._like = other.rates, other
        vars(state).update(weights=other.weights, weights_back=other.weights_back)
        return state

    def has(self, link: Link) -> bool:
        """Tell whether a link exists here, and not only under another scenario that builds it."""
        return not link.candidate or link.id in self.forced

    def _open(self, link: Link) -> bool:
        return self.status(link, forward=True).status == "open"

    def _check_settings(self) -> None:
        from corridors.network.rates import assumption_groups, assumptions

        for key in self.scenario.settings:
            if key not in assumptions() and key not in assumption_groups():
                self.network.links_of(key.rpartition(".")[0])

    def status(self, link: Link, *, forward: bool) -> LinkStatus:
        """Return the status of a link on the day, whatever the scenario does."""
        if link.id in self.hours_set:
            status = link.dated_status(self.on, forward=forward, users=self.terms.users)
            return status.on_day(self.on, self.hours_set[link.id])
        return link.status(self.on, forward=forward, users=self.terms.users)

    def opened(self, link: Link) -> bool:
        """Tell whether the scenario, and not the day's status, opens a link."""
        return self.forced.get(link.id, False)

    def usable(self, link: Link, *, forward: bool) -> bool:
        """Tell whether a link may be used in a direction, whatever the modes and countries."""
        if link.id in self.forced:
            used = self.forced[link.id] and link.leads(forward=forward)
            return used and self.hours_set.get(link.id, ALWAYS).open_on(self.on)
        return not link.candidate and self.status(link, forward=forward).status == "open"

    def unbuilt(self, link: Link, *, forward: bool = True) -> bool:
        """Tell whether a link would first have to be built."""
        built = link.candidate and link.replaces is None
        return built or self.status(link, forward=forward).status in UNBUILT

    def wanted(self, link: Link, modes: Sequence[str]) -> bool:
        """Tell whether the modes asked for, and what is to be avoided, allow a link."""
        if not self._avoided_countries.isdisjoint(link.countries):
            return False
        if self._avoided_links and not self._avoided_links.isdisjoint((link.id, link.replaces)):
            return False
        if link.mode != "transfer":
            return link.mode in modes
        ends = (link.start, link.end)
        return all(not self.network.modes_at(node).isdisjoint(modes) for node in ends)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Return link id → metres, hours or US dollars a tonne, by `terms.by`, usable or not."""
        by = self.terms.by
        if self._like is not None and (by == "km" or self._same_rates(self._like)):
            return self._like.weights
        rate = self.rates.hours if by == "hours" else self.rates.cost_usd_t
        if isinstance(self.network.links, LinkTable):
            keys = {key.rpartition(".")[0] for key in self.scenario.settings}
            named = [link.id for key in keys for link in self.network.whole(key)]
            return table_weights(self.network.links, None if by == "km" else rate, named)
        if by == "km":
            return {link.id: link.length_m for link in self.network.links}
        known: Mapping[str, float] = {}
        if self._like is not None and self._like.scenario.settings == self.scenario.settings:
            # The same values on another day: only borders inside a union differ.
            known = self._like.weights
        return {
            link.id: rate(link) if link.crossing or link.id not in known else known[link.id]
            for link in self.network.links
        }

    def _same_rates(self, other: NetworkState) -> bool:
        """Tell whether speeds, delays and costs are those of another state, maybe of another day.

        Only that there is no stop inside a union depends on the day.
        """
        users = self.terms.users
        same_unions = memberships_on(self.on, users) == memberships_on(other.on, users)
        return same_unions and self.scenario.settings == other.scenario.settings

    @cached_property
    def weights_back(self) -> dict[str, float]:
        """Return the weights of links that take longer or less backward: borders, by hours."""
        if self._like is not None and self.weights is self._like.weights:
            return self._like.weights_back
        if self.terms.by != "hours":
            return {}
        links: Iterable[Link] = (link for link in self.network.links if link.crossing)
        if isinstance(self.network.links, LinkTable):
            links = crossings_of(self.network.links)
        back = {link.id: self.rates.hours(link.travelled(forward=False)) for link in links}
        return {key: hours for key, hours in back.items() if hours != self.weights[key]}

    def weight(self, link: Link, *, forward: bool) -> float:
        """Return the metres, hours or US dollars a tonne of a link in a direction."""
        usual = self.weights[link.id]
        return usual if forward else self.weights_back.get(link.id, usual)

    def costs(self, modes: Sequence[str]) -> list[float] | np.ndarray:
        """Return the cost of each link forward and backward, in turn; infinite where closed."""
        if isinstance(self.weights, TableWeights):

            def allowed(link: Link, forward: bool) -> bool:
                return self.wanted(link, modes) and self.usable(link, forward=forward)

            named = {*self.forced, *self.hours_set, *self._avoided_links}
            return table_costs(self.weights, allowed, named, self.weights_back)
        costs = []
        weights, weights_back = self.weights, self.weights_back
        known: dict[tuple[int, bool], tuple[bool, bool]] = {}
        for link in self.network.links:
            if self.wanted(link, modes):
                cost = weights[link.id]
                there, back = self._usable_ways(link, known)
                back_cost = weights_back.get(link.id, cost) if back else inf
                costs += [cost if there else inf, back_cost]
            else:
                costs += [inf, inf]
        return costs

    def flags(self, modes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return whether each link may be used, and whether it is wanted, forward and backward.

        Wanted is what exists here, leads that way, and the modes, and what is to be avoided,
        allow, open or not.

        Returns
        -------
        Two arrays of shape (n_links, 2).
        """
        import numpy as np

        links = self.network.links
        table = links if isinstance(links, LinkTable) else None
        asked = table.samples if table is not None else links
        known: dict[tuple[int, bool], tuple[bool, bool]] = {}
        usable = np.array([self._usable_ways(k, known) for k in asked], bool).reshape(-1, 2)
        wanted = np.array([self._wanted_ways(k, modes) for k in asked], bool).reshape(-1, 2)
        if table is None:
            return usable, wanted
        usable, wanted = usable[table.columns.kind], wanted[table.columns.kind]
        # Of these the kind does not tell.
        for key in {*self.forced, *self.hours_set, *self._avoided_links}:
            rank = table.rank(key)
            if rank is not None:
                usable[rank] = self._usable_ways(table[rank])
                wanted[rank] = self._wanted_ways(table[rank], modes)
        return usable, wanted

    def _wanted_ways(self, link: Link, modes: Sequence[str]) -> tuple[bool, bool]:
        wanted = self.wanted(link, modes) and self.has(link)
        return wanted and link.leads(forward=True), wanted and link.leads(forward=False)

    def _usable_ways(
        self, link: Link, known: dict[tuple[int, bool], tuple[bool, bool]] | None = None
    ) -> tuple[bool, bool]:
        """Return whether a link may be used forward, and backward.

        Parameters
        ----------
        known : of the links before it, by what their days say. Thousands of links have the same
            statuses: whether they are open is asked once for those of one way and once for the
            others.
        """
        alike = not (link.candidate or link.id in self.forced or link.id in self.hours_set)
        key = id(link.statuses), link.oneway
        if known is not None and alike and key in known:
            return known[key]
        ways = self.usable(link, forward=True), self.usable(link, forward=False)
        if known is not None and alike:
            known[key] = ways
        return ways
