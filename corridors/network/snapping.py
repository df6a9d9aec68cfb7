"""Names and coordinates as ends of routes on a network that has nodes everywhere."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import AmbiguousNameError, GeometryError, UnknownNameError
from borders.gazetteer.lookup import place
from borders.gazetteer.places import fold
from borders.geodesy.earth import DEGREE_M
from corridors.network.link import layer_mode
from corridors.network.link_table import PER_DEGREE
from corridors.network.nearest_point import MARGIN, NEAREST, NearestPoints, degrees_from

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from corridors.network.link import Link
    from corridors.network.link_table import LinkTable
    from corridors.network.nearest_point import LinkPoint

__all__ = [
    "AS_GOOD_M",
    "AT_NODE_M",
    "LIMIT_M",
    "Meant",
    "Named",
    "Snapped",
    "Snapper",
    "may_be_left",
]

# A road farther away is not where somebody meant to begin; an assumption.
LIMIT_M = 5000.0
# A point of a link is one of its ends where that is so near; an assumption.
AT_NODE_M = 1.0
# The middle of a named place is known to some hundred metres: a node that is at most so much
# farther from it than the road is as good, and spares dividing a link; an assumption.
AS_GOOD_M = 100.0
# Modes of links that may be left between their ends.
_DIVIDED = ("road", "rail")
# Attributes of links that are due once, however far one goes on them.
_AT_ONCE = ("crossing", "delay_h", "delay_passengers_h", "cost_usd_t")
_COORDINATES = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.A)
_STATIONS = ("station", "halt")
# Of two places of one name the more important is meant.
_RANKS = ("city", "town", "suburb", "village", "station", "halt", "hamlet")
# So many places are named to who asks for one that there is not.
_OFFERED = 5


def _rank(kind: str) -> int:
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)


def _shown(names: Mapping[str, str]) -> str:
    """Return the name of a place on the spot, or else its first one."""
    return names.get("") or next(iter(names.values()))


class Snapped(str):
    """A place of a network, as ``n4711``, that stands for a name.

    Parameters
    ----------
    name : what was asked for.
    away_m : how far from there the place lies, in metres.
    link : id of the link on which it lies between its ends; empty for a node.
    along_m : how far from the start of that link, in metres.
    """

    __slots__ = ("along_m", "away_m", "link", "name")

    name: str
    away_m: float
    link: str
    along_m: float

    def __new__(
        cls, key: str, name: str, away_m: float, link: str = "", along_m: float = 0.0
    ) -> Snapped:
        """Return the place with its name."""
        snapped = super().__new__(cls, key)
        snapped.name, snapped.away_m = name, away_m
        snapped.link, snapped.along_m = link, along_m
        return snapped

    def __reduce__(self) -> tuple[type[Snapped], tuple[str, str, float, str, float]]:
        """Return what makes it anew in another process."""
        return Snapped, (str(self), self.name, self.away_m, self.link, self.along_m)

    def row(self) -> dict[str, Any]:
        """Return what it stands for and how far away it lies, for JSON."""
        row: dict[str, Any] = {
            "name": self.name, "node": str(self), "away_m": round(self.away_m, 1),
        }  # fmt: skip
        if self.link:
            row |= {"link": self.link, "along_m": round(self.along_m, 1)}
        return row


class Meant(NamedTuple):
    """What a name means on a network: a node, or a point of a link.

    Parameters
    ----------
    name : what was asked for.
    away_m : how far the node or the point lies from there, in metres.
    """

    name: str
    place: int | LinkPoint
    away_m: float


class Named(NamedTuple):
    """Where something of a name, or of coordinates, lies.

    Parameters
    ----------
    rank : of a place of an extract by its kind, the most important first.
    kind : of a place of an extract; empty for others.
    exact : whether coordinates were given.
    """

    name: str
    lon: float
    lat: float
    rank: int = 0
    kind: str = ""
    exact: bool = False

    @property
    def is_station(self) -> bool:
        """Tell whether it is a station or a halt, which is a node of its railway."""
        return self.kind in _STATIONS


class Snapper:
    """Finds the nodes of a network, and points of its links, by names and coordinates.

    Parameters
    ----------
    places : those of the network's own extracts: node, lon, lat, kind, names by language.
    name : of the network, for messages.
    on : day on which links have to be open.
    known : name and modes → the place that stands for it, where links were divided for it.
    """

    def __init__(
        self, table: LinkTable, places: list[list[Any]], name: str, on: date,
        known: Mapping[tuple[str, frozenset[str]], Snapped],
    ) -> None:  # fmt: skip
        self._table, self._places, self._name = table, places, name
        self._on, self._known = on, known
        self._points = NearestPoints(table)
        self._known_among: dict[
            tuple[frozenset[str], str, bool], tuple[np.ndarray, np.ndarray]
        ] = {}

    def find(self, name: str, modes: Collection[str], users: str = "") -> Snapped:
        """Return the place on a layer of some modes that a name or ``lat,lon`` means.

        That is the point of a link where links were divided for the name, and a node otherwise.

        Parameters
        ----------
        users : to whom the links there are open, if some are; empty for anyone.

        Raises
        ------
        UnknownNameError : no such name, or no road or railway of these modes within `LIMIT_M`.
        AmbiguousNameError : two places of the extract have the name.
        GeometryError : the coordinates lie outside of the globe.
        """
        known = self._known.get((name, frozenset(modes)))
        if known is not None:
            return known
        meant = self.meant(name, modes, users) if users else None
        if meant is None or not isinstance(meant.place, int):
            meant = self._meant(self.placed(name), modes, users, points=False)
        assert isinstance(meant.place, int)
        return Snapped(self._table.place_of(meant.place), meant.name, meant.away_m)

    def meant(self, name: str, modes: Collection[str], users: str) -> Meant:
        """Return what a name or ``lat,lon`` means: the nearest point of a link, or a node.

        What lies less than `AT_NODE_M` from an end of a link is that node. Only roads and railways
        are left between their ends, and no crossings of borders, which are passed as a whole. A
        node stands for a name if it is at most `AS_GOOD_M` farther away. What is open to the users,
        and in the largest part of the network, is preferred.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, GeometryError : as `find`.
        """
        named = self.placed(name)
        # The railway was cut there.
        at_station = named.is_station and "rail" in modes
        return self._meant(named, modes, users, points=not at_station)

    def placed(self, name: str) -> Named:
        """Return where a name or ``lat,lon`` lies.

        Raises
        ------
        UnknownNameError, AmbiguousNameError, GeometryError : as `find`.
        """
        match = _COORDINATES.fullmatch(name)
        if match:
            lat, lon = float(match[1]), float(match[2])
            if abs(lat) > 90 or abs(lon) > 180:
                message = f"'{name}' is no latitude and longitude; write 40.601,43.095"
                raise GeometryError(message)
            return Named(f"{match[1]},{match[2]}", lon, lat, exact=True)
        return self._named(name)

    def nearest(self, lon: float, lat: float, modes: Collection[str]) -> tuple[str, float] | None:
        """Return the nearest place on a layer of some modes, and how far it is in metres."""
        found = self._nearest(Named("", lon, lat), self._on_layers(modes))
        return None if found is None else (self._table.place_of(found[0]), found[1])

    def _on_layers(self, modes: Collection[str]) -> np.ndarray:
        """Tell which nodes are on a layer of some modes."""
        layers = enumerate(self._table.layers)
        served = [n for n, layer in layers if layer_mode(layer) in modes]
        return np.isin(self._table.nodes.layer, served)

    def _named(self, name: str) -> Named:
        meant = self._by_name.get(fold(name), [])
        if meant:
            first, *others = sorted(meant, key=lambda named: named.rank)
            for other in others:
                if other.rank == first.rank and _apart_m(first, other) > LIMIT_M:
                    message = (
                        f"{self._name} has two places '{name}', at {first.lat:.4f},{first.lon:.4f} "
                        f"and {other.lat:.4f},{other.lon:.4f}; give the coordinates of one"
                    )
                    raise AmbiguousNameError(message)
            return first
        try:
            known = place(name)
        except AmbiguousNameError:
            raise
        except UnknownNameError as err:
            message = (
                f"no place or node '{name[:100]}' in {self._name}; give {self._its_places()}a node "
                f"such as {self._table.place_of(0)}, or coordinates such as 40.601,43.095"
                f"{self._near(name)}"
            )
            raise UnknownNameError(message) from err
        return Named(known.name, known.lon, known.lat)

    def _its_places(self) -> str:
        """Return for a message how many places there are, with the most important ones."""
        rows = sorted(self._places, key=lambda row: _rank(row[3]))
        known = [*dict.fromkeys(_shown(row[4]) for row in rows)]
        if len(known) < 2:
            return f"its one place, {known[0]}, " if known else ""
        *first, last = known[:_OFFERED]
        return f"one of its {len(rows):,} places, such as {', '.join(first)} and {last}, "

    def _near(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(fold(name), self._by_name, n=3)
        offered = list(dict.fromkeys(self._by_name[key][0].name for key in near))
        return f"; did you mean {', '.join(offered)}?" if offered else ""

    @cached_property
    def _by_name(self) -> dict[str, list[Named]]:
        """Return folded name → the places that have it."""
        by_name: dict[str, list[Named]] = {}
        for _, lon, lat, kind, names in self._places:
            here = Named(_shown(names), lon, lat, _rank(kind), kind)
            for key in {fold(name) for name in names.values()}:
                by_name.setdefault(key, []).append(here)
        return by_name

    def _meant(self, named: Named, modes: Collection[str], users: str, *, points: bool) -> Meant:
        """Return the nearest node or, if wanted, point of a link.

        Parameters
        ----------
        users : to whom its links are open, if any are; empty for anyone.
        """
        best: Meant | None = None
        margin_m = 0.0 if named.exact else AS_GOOD_M
        for preferred in (True, False):
            nodes, ways = self._among(frozenset(modes), users, preferred=preferred)
            node = self._nearest(named, nodes)
            found = None if node is None else Meant(named.name, *node)
            point = self._point(named, ways) if points else None
            if point is not None and (found is None or point.away_m + margin_m <= found.away_m):
                found = point
            best = found or best
            if found is not None and found.away_m <= LIMIT_M:
                return found
        if best is None:
            message = f"{self._name} has no {' or '.join(modes)}"
            raise UnknownNameError(message)
        message = (
            f"'{named.name}' lies {best.away_m / 1000:,.1f} km from the next {' or '.join(modes)} "
            f"of {self._name}, more than {LIMIT_M / 1000:g} km; "
            f"{self._swapped(named) or 'give a place or coordinates nearer to it'}"
        )
        raise UnknownNameError(message)

    def _swapped(self, named: Named) -> str:
        """Return what to write where coordinates with longitude first would lie near a node."""
        if not named.exact or max(abs(named.lon), abs(named.lat)) > 90:
            return ""
        nearest = self._nearest(
            Named("", named.lat, named.lon), np.ones(len(self._table.nodes.id), bool)
        )
        if nearest is None or nearest[1] > LIMIT_M:
            return ""
        lat, _, lon = named.name.partition(",")
        return f"latitude comes first: {lon},{lat}"

    def _point(self, named: Named, ways: np.ndarray) -> Meant | None:
        """Return the nearest point of a link within the limit, or its end where it is at that."""
        table = self._table
        point = self._points.nearest(named.lon, named.lat, ways, LIMIT_M)
        if point is None:
            return None
        length_m, column = float(table.columns.length_m[point.link]), table.columns
        for end, away_m in (
            (column.start, point.share * length_m), (column.end, (1 - point.share) * length_m)
        ):  # fmt: skip
            if away_m < AT_NODE_M:
                node = int(end[point.link])
                at = Named(named.name, *table.at(node))
                return Meant(named.name, node, _apart_m(named, at))
        return Meant(named.name, point, point.away_m)

    def _among(
        self, modes: frozenset[str], users: str, *, preferred: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Tell which nodes are on a layer of some modes, and which links may be left on the way.

        Parameters
        ----------
        users : to whom links have to be open, if preferred ones are asked for; empty for anyone.
        preferred : only in the largest part of the network.
        """
        asked = modes, users, preferred
        if asked in self._known_among:
            return self._known_among[asked]
        table, column = self._table, self._table.columns
        left = np.array([may_be_left(link, modes) for link in table.samples], bool)
        nodes = self._on_layers(modes)
        if preferred:
            nodes &= table.parts == 0
            if users:
                is_open = np.array([self._open(k, modes, users) for k in table.samples], bool)
                left &= is_open
                at_open = np.zeros(len(nodes), bool)
                for end in (column.start, column.end):
                    at_open[end[is_open[column.kind]]] = True
                nodes &= at_open
        ways = left[column.kind]
        if preferred:
            ways &= (table.parts[column.start] == 0) & (table.parts[column.end] == 0)
        self._known_among[asked] = nodes, ways
        return nodes, ways

    def _open(self, link: Link, modes: frozenset[str], users: str) -> bool:
        """Tell whether a link of some modes is open to users in a direction, at some hours."""
        return link.mode in modes and any(
            link.dated_status(self._on, forward=forward, users=users).status == "open"
            for forward in (True, False)
        )

    def _nearest(self, named: Named, among: np.ndarray) -> tuple[int, float] | None:
        # Of a million nodes those of the band in which the limit lies are looked at first.
        high = self._table.nodes.xy[:, 1] - round(named.lat * PER_DEGREE)
        band = among & (np.abs(high) <= MARGIN * LIMIT_M / DEGREE_M * PER_DEGREE)
        nearest = self._nearest_of(np.flatnonzero(band), named)
        if nearest is not None and nearest[1] <= LIMIT_M:
            return nearest
        return self._nearest_of(np.flatnonzero(among), named)

    def _nearest_of(self, numbers: np.ndarray, named: Named) -> tuple[int, float] | None:
        from borders.geodesy.lonlat import distances_m

        if not numbers.size:
            return None
        away = degrees_from(self._table.nodes.xy[numbers], named.lon, named.lat)
        away[:, 0] *= np.cos(np.radians(named.lat))
        squared = (away**2).sum(axis=1)
        few = min(NEAREST, len(numbers))
        # Of nodes at one position, as on both sides of a barrier, the first is taken.
        candidates = numbers[np.sort(np.argpartition(squared, few - 1)[:few])]
        metres = distances_m(named.lon, named.lat, self._table.nodes.xy[candidates] / PER_DEGREE)
        best = int(np.argmin(metres))
        return int(candidates[best]), float(metres[best])


def may_be_left(link: Link, modes: frozenset[str]) -> bool:
    """Tell whether a link is of some modes, and one that may be left between its ends."""
    at_once = any(getattr(link, key) for key in _AT_ONCE)
    return link.mode in modes and link.mode in _DIVIDED and not link.candidate and not at_once


def _apart_m(first: Named, second: Named) -> float:
    from borders.geodesy.lonlat import WGS84

    return float(WGS84.inv(first.lon, first.lat, second.lon, second.lat)[2])
