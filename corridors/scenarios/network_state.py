"""A network under a scenario: which links may be used on that day, by whom, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from borders.errors import SchemaError, located
from corridors.network.group_shares import group_shares
from corridors.network.link import UNBUILT, Link, Node
from corridors.network.rates import Rates
from corridors.scenarios.scenario import contradiction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.network import Network
    from corridors.scenarios.new_links import Build
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["NetworkState", "with_candidate_links"]


def with_candidate_links(network: Network, scenarios: Iterable[Scenario]) -> Network:
    """Return a network with every link that one of the scenarios builds or gives another gauge.

    They are closed in all others, so that one graph serves the routes of all scenarios.

    Raises
    ------
    SchemaError : two scenarios differ and have one id, or build different links of one id, or a
        new link ends at no node.
    """
    by_id: dict[str, Scenario] = {}
    built: dict[str, Build] = {}
    new: dict[str, Link] = {}
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
        for link, gauge in _regauged(network, scenario):
            regauged = _with_gauge(link, gauge)
            new.setdefault(regauged.id, regauged)
    return network.plus(new.values()) if new else network


def _check_new_id(key: str, network: Network, scenario: Scenario) -> None:
    if key in network.rank:
        message = (
            f"scenario '{scenario.id}' builds '{key}', a link that {network.name} has already; "
            "open it, or give the new one another id"
        )
        raise SchemaError(message)


def _regauged(network: Network, scenario: Scenario) -> Iterable[tuple[Link, int]]:
    """Yield each link to which a scenario gives a gauge, with that gauge in millimetres."""
    for key, value in scenario.settings.items():
        link_id, _, column = key.rpartition(".")
        if column == "gauge_mm":
            yield from ((link, int(value)) for link in network.links_of(link_id))


def _with_gauge(link: Link, gauge: int) -> Link:
    """Return the candidate link of another gauge that replaces a link under a scenario."""
    if link.mode != "rail" or link.gauge_mm is None:
        message = f"'{link.id}' has no rails whose gauge could be set"
        raise SchemaError(message)
    if gauge == link.gauge_mm:
        message = f"'{link.id}' has the gauge {gauge} mm already; leave it out of the scenario"
        raise SchemaError(message)
    start, end = (Node.at(node.place, f"rail{gauge}") for node in (link.start, link.end))
    return replace(link, id=f"{link.id}@{gauge}", start=start, end=end, gauge_mm=gauge,
                   candidate=True, replaces=link.id)  # fmt: skip


class NetworkState:
    """One network under one scenario on one day.

    Parameters
    ----------
    network : with the scenario's new links (see `with_candidate_links`).
    like : a state of the same network and terms that sets no values; its weights are taken over
        where this scenario sets none either.

    Attributes
    ----------
    on : the day whose statuses hold.
    rates : speeds, delays and costs under the scenario.
    forced : link id → whether the scenario opens it (True) or closes it, whatever its status.

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
            scenario.settings, users=terms.users, on=self.on, shares=self._group_shares()
        )
        self.forced = self._effects()

    def _group_shares(self) -> dict[str, dict[str, float]]:
        """Return the shares of the links of each crossing and corridor that the scenario sets."""
        keys = {key.rpartition(".")[0] for key in self.scenario.settings}
        groups = (key for key in keys if key in self.network.groups)
        return {key: group_shares(self.network.groups[key]) for key in groups}

    def _effects(self) -> dict[str, bool]:
        """Return link id → whether the scenario opens it or closes it."""
        scenario, network = self.scenario, self.network
        # Link id → whether it is opened, and the id of the scenario that does so.
        effects: dict[str, tuple[bool, str]] = {}
        for opens, keys in ((True, scenario.open), (False, scenario.close)):
            for key, by in keys.items():
                for link in self._links_of(key, by):
                    if effects.get(link.id, (opens,))[0] != opens:
                        raise SchemaError(contradiction(effects[link.id][1], by, link.id))
                    effects[link.id] = opens, by
        forced = {key: opens for key, (opens, _) in effects.items()}
        self._check_settings()
        for link, gauge in _regauged(network, scenario):
            regauged_id = _with_gauge(link, gauge).id
            forced[regauged_id] = forced.get(link.id, self._open(link))
            forced[link.id] = False
        forced |= dict.fromkeys(scenario.build, True)
        return forced

    def _links_of(self, key: str, by: str) -> tuple[Link, ...]:
        with located(f"scenario '{by}'"):
            return self.network.links_of(key)

    def has(self, link: Link) -> bool:
        """Tell whether a link exists here, and not only under another scenario that builds it."""
        return not link.candidate or link.id in self.forced

    def _open(self, link: Link) -> bool:
        return self.status(link, forward=True).status == "open"

    def _check_settings(self) -> None:
        from corridors.network.rates import assumptions

        for key in self.scenario.settings:
            if key not in assumptions():
                self.network.links_of(key.rpartition(".")[0])

    def status(self, link: Link, *, forward: bool) -> LinkStatus:
        """Return the status of a link on the day, whatever the scenario does."""
        return link.status(self.on, forward=forward, users=self.terms.users)

    def opened(self, link: Link) -> bool:
        """Tell whether the scenario, and not the day's status, opens a link."""
        return self.forced.get(link.id, False)

    def usable(self, link: Link, *, forward: bool) -> bool:
        """Tell whether a link may be used in a direction, whatever the modes and countries."""
        if link.id in self.forced:
            return self.forced[link.id]
        return not link.candidate and self.status(link, forward=forward).status == "open"

    def unbuilt(self, link: Link, *, forward: bool = True) -> bool:
        """Tell whether a link would first have to be built."""
        built = link.candidate and link.replaces is None
        return built or self.status(link, forward=forward).status in UNBUILT

    def wanted(self, link: Link, modes: Sequence[str]) -> bool:
        """Tell whether the modes and countries asked for allow a link."""
        if not self.terms.avoid.isdisjoint(link.countries):
            return False
        if link.mode != "transfer":
            return link.mode in modes
        layers = (link.start.layer, link.end.layer)
        return all(layer[:4] in modes or layer in modes for layer in layers)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Return link id → metres, hours or US dollars a tonne, by `terms.by`, usable or not."""
        by = self.terms.by
        if self._like is not None and (
            by == "km" or (not self.scenario.set and self.on == self._like.on)
        ):
            return self._like.weights
        if by == "km":
            return {link.id: link.length_m for link in self.network.links}
        rate = self.rates.hours if by == "hours" else self.rates.cost_usd_t
        return {link.id: rate(link) for link in self.network.links}

    def costs(self, modes: Sequence[str]) -> list[float]:
        """Return the cost of each link forward and backward, in turn; infinite where closed."""
        costs = []
        for link in self.network.links:
            wanted = self.wanted(link, modes)
            cost = self.weights[link.id]
            costs += [
                cost if wanted and self.usable(link, forward=forward) else inf
                for forward in (True, False)
            ]
        return costs
