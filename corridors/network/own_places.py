"""The places of a network by name: its own nodes first, then the gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import UnknownNameError
from borders.gazetteer.lookup import place
from borders.gazetteer.places import Place, fold, places
from corridors.network.compiled import CompiledNetwork
from corridors.network.link import layer_mode
from corridors.network.link_table import LinkTable

if TYPE_CHECKING:
    from corridors.network.link import Link
    from corridors.network.network import Network

__all__ = ["SAME_PLACE_M", "away_m", "nearest_nodes", "own_key", "place_on"]

# A node farther than this from the bundled place of its name is another place; an assumption.
SAME_PLACE_M = 50_000.0


def own_key(network: Network, name: str) -> str | None:
    """Return the place of a network that a name means as its id, or as the id of a node.

    In a network of the user's own the case does not count, unless two ids differ in it only.
    """
    if name in network.layers:
        return name
    if network.since is not None:
        return None
    for node in network.nodes:
        if node == name:
            return node.place
    alike = {node.place for node in network.nodes if fold(name) in (fold(node), fold(node.place))}
    return alike.pop() if len(alike) == 1 else None


def place_on(network: Network, name: str, *, mode: str = "road") -> Place:
    """Return the place that a name means on a network.

    A node is taken for the bundled place of its id only where it lies at it; another place of the
    gazetteer is found by any of its names. On a network of an extract its own places and
    coordinates stand for the nearest node, or for a point of a link that was divided for them.

    Parameters
    ----------
    mode : whose nodes are preferred where the nearest one is taken.

    Raises
    ------
    UnknownNameError : neither has the name; the message offers the nearest.
    """
    if isinstance(network, CompiledNetwork) and isinstance(name, str):
        return _own(network, name if name in network.layers else _snapped(network, name, mode))
    key = own_key(network, name) if isinstance(name, str) else None
    if key is not None:
        known = places().get(key)
        return known if known is not None and _lies_at(network, key, known) else _own(network, key)
    try:
        known = place(name)
    except UnknownNameError as err:
        if network.since is not None or not isinstance(name, str):
            raise
        raise UnknownNameError(_unknown(network, name)) from err
    if known.id in network.layers and not _lies_at(network, known.id, known):
        raise UnknownNameError(_unknown(network, name))
    return known


def _snapped(network: CompiledNetwork, name: str, mode: str) -> str:
    """Return the node nearest to what a name means, of a mode or, if it has none, of any."""
    own = {layer_mode(layer) for layer in network.table.layers}
    return network.snapper.find(name, (mode,) if mode in own else sorted(own))


def nearest_nodes(network: Network, name: str) -> list[str]:
    """Return the places of a network whose ids are most like a name, whatever its case."""
    from difflib import get_close_matches

    by_fold = {fold(key): key for key in network.layers}
    return [by_fold[key] for key in get_close_matches(fold(name), by_fold, n=3)]


def _unknown(network: Network, name: str) -> str:
    near = nearest_nodes(network, name)
    listed = sorted(network.layers)
    rest = f" and {len(listed) - 8} more" if len(listed) > 8 else ""
    how = f"did you mean {', '.join(near)}?" if near else f"it has {', '.join(listed[:8])}{rest}"
    return f"no place or node '{name[:100]}' in {network.name}; {how}"


def _position(network: Network, key: str) -> tuple[float, float] | None:
    return next((xy for n in network.layers[key] if (xy := network.nodes[n]) is not None), None)


def away_m(network: Network, known: Place) -> float:
    """Return how far a place lies from its node, in metres; 0 if it has none with a position."""
    xy = _position(network, known.id) if known.id in network.layers else None
    if xy is None:
        return 0.0
    from borders.geodesy.lonlat import WGS84

    return float(WGS84.inv(known.lon, known.lat, *xy)[2])


def _lies_at(network: Network, key: str, known: Place) -> bool:
    xy = _position(network, key)
    # A degree is 112 km at most: most nodes need no geodesic, and PROJ takes time to load.
    if xy is None or max(abs(known.lon - xy[0]), abs(known.lat - xy[1])) < SAME_PLACE_M / 160_000:
        return True
    return away_m(network, known) <= SAME_PLACE_M


def _own(network: Network, key: str) -> Place:
    """Return a node as a place; its country is that of the links that end there, if they agree."""
    xy = _position(network, key)
    if xy is None:
        message = f"no link of {network.name} draws '{key}', so that it has no position"
        raise UnknownNameError(message)
    if isinstance(network.links, LinkTable):
        meeting = network.links.meeting(key)
    else:
        meeting = [link for link in network.links if key in (link.start.place, link.end.place)]
    return Place(
        id=key, name=key, kind="node", country=_country(meeting, key), lon=xy[0], lat=xy[1],
        sigma_m=max(link.position_sigma_m for link in meeting), names={}, aliases=(), source="",
        state="",
    )  # fmt: skip


def _country(meeting: list[Link], key: str) -> str:
    codes = {
        link.countries[0 if link.start.place == key else -1] for link in meeting if link.countries
    }
    return codes.pop() if len(codes) == 1 else ""
