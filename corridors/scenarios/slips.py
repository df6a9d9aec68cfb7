"""Remarks on what a scenario says that has no effect, or that was hardly meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.network.link import USERS
from corridors.network.own_places import place_on
from corridors.network.rates import assumption_groups, assumptions
from corridors.scenarios.new_links import named_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.new_links import Build

__all__ = ["slips"]

# Mean speeds on a link, in km/h, that no train, lorry or coach, or ship keeps up; assumptions.
FASTEST_KMH = {"rail": 300.0, "road": 110.0, "ferry": 75.0}
# Slower than people walk.
SLOWEST_KMH = 5.0


def slips(state: NetworkState) -> list[str]:
    """Return one remark for each slip in a scenario; none of them makes it unsound.

    Opening what is open, closing what is closed, speeds that nothing has, and new links that pass
    a place of the network without joining anything there.
    """
    return [*_without_effect(state), *_speeds(state), *_passed_places(state)]


def _without_effect(state: NetworkState) -> Iterable[str]:
    """Yield a remark for all that is opened or closed and was so already."""
    scenario, network = state.scenario, state.network
    for keys, does, was in ((scenario.open, "opens", "open"), (scenario.close, "closes", "closed")):
        for key in keys:
            ways = [_ways(state, link) for link in network.links_of(key)]
            if all(all(way) if was == "open" else not any(way) for way in ways):
                yield f"{does} '{key}', which is {was} on {state.on} already: without effect"


def _ways(state: NetworkState, link: Link) -> list[bool]:
    """Return whether a link is open, for each class of users and in each direction."""
    return [
        not link.candidate and link.status(state.on, forward=forward, users=users).status == "open"
        for users in USERS
        for forward in (True, False)
    ]


def _speeds(state: NetworkState) -> Iterable[str]:
    """Yield a remark for each speed that is set and that nothing has."""
    for key, value in state.scenario.settings.items():
        if "speed_kmh" in key.split("."):
            yield from _speed(f"sets '{key}' to", value, _modes(state, key))
    for key, (build, _) in state.scenario.build.items():
        if build.speed_kmh is not None:
            yield from _speed(f"builds '{key}' for", build.speed_kmh, [build.mode])


def _modes(state: NetworkState, key: str) -> list[str]:
    """Return the modes of the links that a speed is set for."""
    if key in assumptions() or key in assumption_groups():
        return [part for part in key.split(".") if part in FASTEST_KMH]
    links = state.network.links_of(key.rpartition(".")[0])
    return sorted({link.mode for link in links} & FASTEST_KMH.keys())


def _speed(does: str, value: float, modes: Sequence[str]) -> Iterable[str]:
    for mode in modes:
        if value > FASTEST_KMH[mode]:
            fastest = FASTEST_KMH[mode]
            yield f"{does} {value:g} km/h; no mean speed by {mode} is above {fastest:g} km/h"
        elif value < SLOWEST_KMH:
            yield f"{does} {value:g} km/h; that is slower than people walk"


def _passed_places(state: NetworkState) -> Iterable[str]:
    """Yield a remark for each place of the network that a new link passes without a junction."""
    for key, (build, _) in state.scenario.build.items():
        link = state.network.link(key)
        ends = {link.start.place, link.end.place}
        for passed in _named_between(state.network, build):
            layers = [node.layer for node in state.network.layers.get(passed, ())]
            joins = [layer for layer in layers if layer == link.start.layer]
            if passed not in ends and joins:
                yield (
                    f"builds '{key}' through '{passed}' without joining the {build.mode} there; "
                    "end the new link there and begin another"
                )


def _named_between(network: Network, build: Build) -> list[str]:
    """Return the ids of the places that a path names between its ends, each once."""
    between = named_places(build.path)[1:-1]
    return list(dict.fromkeys(place_on(network, name).id for name in between))
