"""What the names that a route goes from, through and to mean on a network, and where they lie."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AmbiguousNameError, UnknownNameError
from corridors.network.compiled import CompiledNetwork
from corridors.network.named_links import ambiguous, kinds_named, named_links, split_kind
from corridors.network.own_places import own_key, place_on

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.terms import Terms

__all__ = ["Stops", "snapping_modes"]


def snapping_modes(terms: Terms) -> list[str]:
    """Return by which modes coordinates and names of an extract become ends of routes."""
    modes = dict.fromkeys(mode for choice in terms.choices for mode in choice)
    return [*modes] if terms.modes else ["road"]


class Stops:
    """The places, crossings, corridors and links of a network by name.

    Parameters
    ----------
    network : with the links that a scenario builds.
    given : the network without them; places are looked up among its own.
    terms : a town may stand for its station by the modes asked for.
    """

    def __init__(self, network: Network, given: Network, terms: Terms) -> None:
        self._network, self._given, self._terms = network, given, terms
        self._departure = network.ends.departure

    def passage(self, stop: str) -> tuple[Link, ...]:
        """Return the links one of which a route has to use at a stop; none if it is a place."""
        return () if stop in self._departure else named_links(self._network, stop)

    def named(self, name: str) -> str:
        """Return the stop that a name means: a place, or the id of a crossing, corridor or link.

        Raises
        ------
        UnknownNameError : nothing has the name.
        AmbiguousNameError : it is a place and something else, or an id of several things.
        """
        kind, key = split_kind(name) if isinstance(name, str) else ("", name)
        if kind == "place":
            return self.place(key)
        kinds = kinds_named(self._network, name) if isinstance(name, str) else {}
        if not kinds and not kind:
            return self.place(name)
        if not kind:
            try:
                self.place(name)
            except UnknownNameError:
                pass
            else:
                raise AmbiguousNameError(ambiguous(name, ("place", *kinds), self._network))
        named_links(self._network, name)
        return name

    def by_modes(self, modes: Collection[str], stops: Sequence[str]) -> list[str]:
        """Return stops as they are by a set of modes: an end is a station where only that serves.

        What lies between stays as it was asked for.
        """
        first, last = (self.station(end, modes) for end in (stops[0], stops[-1]))
        return [first, *stops[1:-1], last]

    def stations(
        self, modes: tuple[str, ...], pairs: Sequence[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Return pairs of places as they are by a set of modes: a station where it has its own."""
        return [(self.station(a, modes), self.station(b, modes)) for a, b in pairs]

    @cached_property
    def positions(self) -> tuple[list[str], np.ndarray]:
        """Return the places with a known position, and their lon/lat, shape (n, 2)."""
        xy_of = {}
        for key, nodes in self._network.layers.items():
            position = next((xy for n in nodes if (xy := self._network.nodes[n]) is not None), None)
            if position is not None:
                xy_of[key] = position
        return list(xy_of), np.array(list(xy_of.values()))

    def place(self, name: str) -> str:
        """Return the place of the network that a name, in any language, or a node's id means.

        A town without any of the modes asked for stands for its station, if that has a name of its
        own: `tabriz` for `tabriz_st`.

        Raises
        ------
        UnknownNameError : no such place, or no link begins there; the message offers the nearest
            place of the network and its distance, or its nearest ids.
        """
        given = self._given
        if isinstance(given, CompiledNetwork) and isinstance(name, str):
            if name in self._departure:
                return self.station(name)
            return given.snapper.find(name, snapping_modes(self._terms), self._terms.users)
        key = own_key(self._network, name) if isinstance(name, str) else None
        if key is not None:
            return self.station(key)
        known_place = place_on(self._given, name)
        if known_place.id in self._departure:
            return self.station(known_place.id)
        keys, xy = self.positions
        if not keys:
            message = f"'{name}' is on no link of {self._network.name}, which has none on a map"
            raise UnknownNameError(f"{message}; give it links with a course")
        from borders.geodesy.lonlat import distances_m

        away_m = distances_m(known_place.lon, known_place.lat, xy)
        n = int(np.argmin(away_m))
        message = (
            f"'{name}' is on no link of {self._network.name}; the nearest of its places is "
            f"'{keys[n]}', {away_m[n] / 1000:,.0f} km away"
        )
        raise UnknownNameError(message)

    def station(self, key: str, modes: Collection[str] | None = None) -> str:
        """Return the station of a town, `KEY_st`, where only that has some modes.

        Parameters
        ----------
        modes : those that were asked for if missing.
        """
        if modes is None:
            modes = {mode for choice in self._terms.choices for mode in choice}
        station, served = f"{key}_st", self._given.served
        return station if served(station, modes) and not served(key, modes) else key

    def nearest(
        self, state: NetworkState, key: str, modes: Collection[str]
    ) -> tuple[str, float] | None:
        """Return the nearest place on links of some modes and its distance in metres.

        None if the place is on such links itself.
        """
        if isinstance(self._network, CompiledNetwork):
            if self._network.served(key, modes):
                return None
            table = self._network.table
            return self._network.snapper.nearest(*table.at(table.nodes_of(key)[0]), modes)
        links = (link for link in self._network.links if link.mode in modes and state.has(link))
        served = {node.place for link in links for node in (link.start, link.end)}
        keys, xy = self.positions
        if key in served or key not in keys or not served & set(keys):
            return None
        candidates = [n for n, place_id in enumerate(keys) if place_id in served]
        lon, lat = xy[keys.index(key)]
        from borders.geodesy.lonlat import distances_m

        away_m = distances_m(lon, lat, xy[candidates])
        nearest = int(np.argmin(away_m))
        return keys[candidates[nearest]], float(away_m[nearest])
