"""Names and coordinates as ends of routes on a network that has nodes everywhere."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import AmbiguousNameError, GeometryError, UnknownNameError
from borders.gazetteer.lookup import place
from borders.gazetteer.places import fold
from corridors.network.link import layer_mode
from corridors.network.link_table import PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Collection

    from corridors.network.link_table import LinkTable

__all__ = ["LIMIT_M", "Snapped", "Snapper"]

# A node farther away is not where somebody meant to begin; an assumption.
LIMIT_M = 5000.0
_COORDINATES = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*", re.A)
# Of two places of one name the more important is meant.
_RANKS = ("city", "town", "suburb", "village", "station", "halt", "hamlet")
# Nodes this near in degrees are measured exactly.
_NEAREST = 16


class Snapped(str):
    """A place of a network, as ``n4711``, that stands for a name.

    Parameters
    ----------
    name : what was asked for.
    away_m : how far from there the node lies, in metres.
    """

    __slots__ = ("away_m", "name")

    name: str
    away_m: float

    def __new__(cls, key: str, name: str, away_m: float) -> Snapped:
        """Return the place with its name."""
        snapped = super().__new__(cls, key)
        snapped.name, snapped.away_m = name, away_m
        return snapped

    def __reduce__(self) -> tuple[type[Snapped], tuple[str, str, float]]:
        """Return what makes it anew in another process."""
        return Snapped, (str(self), self.name, self.away_m)


class _Named(NamedTuple):
    name: str
    lon: float
    lat: float
    rank: int


class Snapper:
    """Finds the nodes of a network by names and coordinates.

    Parameters
    ----------
    places : those of the network's own extracts: node, lon, lat, kind, names by language.
    name : of the network, for messages.
    """

    def __init__(self, table: LinkTable, places: list[list[Any]], name: str) -> None:
        self._table, self._places, self._name = table, places, name

    def find(self, name: str, modes: Collection[str]) -> Snapped:
        """Return the node on a layer of some modes that a name or ``lat,lon`` means.

        A node from which the larger part of the network can be reached is preferred.

        Raises
        ------
        UnknownNameError : no such name, or no node within `LIMIT_M` of it.
        AmbiguousNameError : two places of the extract have the name.
        GeometryError : the coordinates lie outside of the globe.
        """
        match = _COORDINATES.fullmatch(name)
        if match:
            lat, lon = float(match[1]), float(match[2])
            if abs(lat) > 90 or abs(lon) > 180:
                message = f"'{name}' is no latitude and longitude; write 40.601,43.095"
                raise GeometryError(message)
            return self._snap(_Named(f"{match[1]},{match[2]}", lon, lat, 0), modes)
        return self._snap(self._named(name), modes)

    def nearest(self, lon: float, lat: float, modes: Collection[str]) -> tuple[str, float] | None:
        """Return the nearest place on a layer of some modes, and how far it is in metres."""
        found = self._nearest(_Named("", lon, lat, 0), self._on_layers(modes))
        return None if found is None else (self._table.place_of(found[0]), found[1])

    def _on_layers(self, modes: Collection[str]) -> np.ndarray:
        """Tell which nodes are on a layer of some modes."""
        layers = enumerate(self._table.layers)
        served = [n for n, layer in layers if layer_mode(layer) in modes]
        return np.isin(self._table.nodes.layer, served)

    def _named(self, name: str) -> _Named:
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
                f"no place or node '{name[:100]}' in {self._name}; give a name of one of its "
                f"{len(self._places):,} places, a node such as "
                f"{self._table.place_of(0)}, or coordinates such as 40.601,43.095{self._near(name)}"
            )
            raise UnknownNameError(message) from err
        return _Named(known.name, known.lon, known.lat, 0)

    def _near(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(fold(name), self._by_name, n=3)
        offered = list(dict.fromkeys(self._by_name[key][0].name for key in near))
        return f"; did you mean {', '.join(offered)}?" if offered else ""

    @cached_property
    def _by_name(self) -> dict[str, list[_Named]]:
        """Return folded name → the places that have it."""
        by_name: dict[str, list[_Named]] = {}
        for _, lon, lat, kind, names in self._places:
            rank = _RANKS.index(kind) if kind in _RANKS else len(_RANKS)
            shown = names.get("") or next(iter(names.values()))
            for key in {fold(name) for name in names.values()}:
                by_name.setdefault(key, []).append(_Named(shown, lon, lat, rank))
        return by_name

    def _snap(self, named: _Named, modes: Collection[str]) -> Snapped:
        table = self._table
        on_layer = self._on_layers(modes)
        joined = on_layer & (table.parts == 0)
        nearest = self._nearest(named, joined)
        if nearest is None or nearest[1] > LIMIT_M:
            nearest = self._nearest(named, on_layer) or nearest
        if nearest is None:
            message = f"{self._name} has no {' or '.join(modes)}"
            raise UnknownNameError(message)
        node, away_m = nearest
        if away_m > LIMIT_M:
            message = (
                f"'{named.name}' lies {away_m / 1000:,.1f} km from the next {' or '.join(modes)} "
                f"of {self._name}, more than {LIMIT_M / 1000:g} km; give a place or coordinates "
                "nearer to it"
            )
            raise UnknownNameError(message)
        return Snapped(table.place_of(node), named.name, away_m)

    def _nearest(self, named: _Named, among: np.ndarray) -> tuple[int, float] | None:
        from borders.geodesy.lonlat import WGS84

        numbers = np.flatnonzero(among)
        if not numbers.size:
            return None
        away = self._table.nodes.xy[numbers] / PER_DEGREE - (named.lon, named.lat)
        away[:, 0] = (away[:, 0] + 180) % 360 - 180
        away[:, 0] *= np.cos(np.radians(named.lat))
        squared = (away**2).sum(axis=1)
        few = min(_NEAREST, len(numbers))
        candidates = numbers[np.argpartition(squared, few - 1)[:few]]
        ends = self._table.nodes.xy[candidates].T / PER_DEGREE
        start = np.full(few, named.lon), np.full(few, named.lat)
        metres = WGS84.inv(*start, *ends)[2]
        best = int(np.argmin(metres))
        return int(candidates[best]), float(metres[best])


def _apart_m(first: _Named, second: _Named) -> float:
    from borders.geodesy.lonlat import WGS84

    return float(WGS84.inv(first.lon, first.lat, second.lon, second.lat)[2])
