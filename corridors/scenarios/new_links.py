"""New links of scenarios: a path through places becomes a link of the network."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, fields
from functools import partial
from math import hypot
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, GeometryError, SchemaError, UnknownNameError
from borders.files import schema
from borders.gazetteer.lookup import place
from borders.gazetteer.places import places
from borders.recurring import checked_hours
from corridors.network.compiled import CompiledNetwork
from corridors.network.dated_statuses import LinkStatus
from corridors.network.link import Link, Node
from corridors.network.nearest_point import LinkPoint
from corridors.network.own_places import nearest_nodes, place_on
from corridors.network.rates import LARGEST, SLOWEST_KMH
from corridors.scenarios.settings import GAUGES_MM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from shapely import LineString

    from borders.gazetteer.places import Place
    from corridors.model.path import Piece
    from corridors.network.network import Network
    from corridors.network.snapping import Meant

__all__ = ["Build", "built_link", "check_path", "new_ends", "read_build", "with_new_ends"]

# Standard error of the position of a line that nobody surveyed; an assumption.
POSITION_SIGMA_M = 6000.0
# Largest ratio of a stated length to the drawn course: no road or railway of the network is more
# than 2.2 times as long as its drawn course.
LONGEST_RATIO = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A new link of a scenario.

    Parameters
    ----------
    path : steps in the form of a corridor file's path (see `corridors.model.path`).
    length_km, sigma_km : stated length and its standard error; None for the chain of the path.
    closed, open_hours : when it is closed again and again, and when alone it is open.
    """

    id: str
    mode: str
    path: tuple[dict[str, Any], ...] = field(hash=False)
    length_km: float | None = None
    sigma_km: float | None = None
    terrain: str = "hilly"
    gauge_mm: int = 1435
    speed_kmh: float | None = None
    delay_h: float | None = None
    closed: str = ""
    open_hours: str = ""
    source: str = ""
    note: str = ""

    def row(self) -> dict[str, Any]:
        """Return the new link as a row of a scenario file, without values that are defaults."""
        defaults = {field.name: field.default for field in fields(self)}
        values = {name: getattr(self, name) for name in defaults}
        stated = {name: value for name, value in values.items() if value != defaults[name]}
        return stated | {"path": [dict(step) for step in self.path]}


def read_build(row: dict[str, Any], where: str, network: Network | None = None) -> Build:
    """Return a new link from a row of a scenario file.

    Parameters
    ----------
    network : whose places its path may name, besides those of the gazetteer.

    Raises
    ------
    SchemaError : the row breaks the rules of `schema.csv`, or its path is invalid.
    UnknownNameError : no such place or guide line on its path.
    """
    typed = schema.check("build", row, where)
    gauge = typed["gauge_mm"]
    if gauge is not None and not GAUGES_MM[0] <= gauge <= GAUGES_MM[1]:
        message = f"{where}: gauge_mm is {gauge}; give {GAUGES_MM[0]} to {GAUGES_MM[1]}"
        raise SchemaError(message)
    ranges = {"length_km": 0.001, "sigma_km": 0.0, "speed_kmh": SLOWEST_KMH, "delay_h": 0.0}
    for column, least in ranges.items():
        if typed[column] is not None and not least <= typed[column] <= LARGEST:
            message = f"{where}: {column} is {typed[column]}; give {least:g} to {LARGEST:,.0f}"
            raise SchemaError(message)
    checked_hours(typed["closed"], typed["open_hours"], where)
    check_path(typed["path"], where, network)
    values = {key: value for key, value in typed.items() if value is not None}
    return Build(**{**values, "path": tuple(deepcopy(typed["path"]))})


def built_link(build: Build, network: Network) -> Link:
    """Return the link of a scenario's new line.

    Its length is the stated one, or else the chain through its places times the factor of its
    mode and terrain. A railway to a town ends at the town's station, as routes by rail do.

    Raises
    ------
    SchemaError : the path does not begin and end at places of the network or passes more than one
        border, or a stated length is shorter than the straight line between the ends or far longer
        than the path.
    """
    from borders.files.features import end_to_end
    from corridors.model.length import PUBLISHED_SIGMA, chain_length
    from corridors.model.path import pieces
    from corridors.model.sinuosity import sinuosity

    where = f"build '{build.id}'"
    check_path(list(build.path), where, network)
    find = _finder(network, build.mode)
    layer = f"rail{build.gauge_mm}" if build.mode == "rail" else build.mode
    ends = [_end(build, at, network, where) for at in (0, -1)]
    path = [dict(step) for step in build.path]
    for step, end in ((path[0], ends[0]), (path[-1], ends[1])):
        if step.get("place"):
            step["place"] = end
    path_pieces = pieces(path, where, find=find)
    chain = chain_length(path_pieces, sinuosity(build.mode, build.terrain))
    length_m, sigma_m, basis = chain.length_m, chain.sigma_m, "chain"
    shared_m, shared_with = chain.shared_m, chain.shared_with
    if build.length_km is not None:
        _check_length(build.length_km, path_pieces, [find(end) for end in ends], where)
        length_m, basis = 1000 * build.length_km, "published"
        sigma_m = PUBLISHED_SIGMA["unverified"] * length_m
        if build.sigma_km is not None:
            sigma_m = 1000 * build.sigma_km
        shared_m, shared_with = 0.0, ""
    countries = _countries(path, ends, find, where)
    line = end_to_end(path_pieces)
    if build.mode != "ferry" and countries:
        _check_abroad(line, countries, where)
    return Link(
        id=build.id, mode=build.mode,
        start=_node(ends[0], layer, network), end=_node(ends[1], layer, network),
        length_m=length_m, sigma_m=sigma_m, shared_m=shared_m, shared_with=shared_with,
        basis=basis, geometry_quality="schematic", position_sigma_m=POSITION_SIGMA_M,
        statuses=(LinkStatus(status="planned", source=build.source, state="assumption"),),
        gauge_mm=build.gauge_mm if build.mode == "rail" else None, terrain=build.terrain,
        speed_kmh=build.speed_kmh, delay_h=build.delay_h, countries=countries,
        crossing=build.id if len(countries) > 1 else None, source=build.source,
        state="assumption", note=build.note, candidate=True,
        xy=tuple(line.coords),
    )  # fmt: skip


def new_ends(
    builds: Iterable[Build], network: CompiledNetwork
) -> dict[tuple[str, frozenset[str]], Meant]:
    """Return what the ends of new links mean on a network by their mode; nothing if all are nodes.

    What means nothing, or several things, is left out: who builds the link says so.
    """
    meant: dict[tuple[str, frozenset[str]], Meant] = {}
    for build in builds:
        for at in (0, -1):
            name, modes = _end_name(list(build.path), at, f"build '{build.id}'"), (build.mode,)
            if network.table.nodes_of(name):
                continue
            with suppress(AmbiguousNameError, GeometryError, UnknownNameError):
                meant[name, frozenset(modes)] = network.snapper.meant(name, modes, "")
    return meant if any(isinstance(m.place, LinkPoint) for m in meant.values()) else {}


def with_new_ends(builds: Iterable[Build], network: Network) -> Network:
    """Return a network whose links are divided where new links end on their way.

    One that is divided already is so for the question that is asked, ends of new links among them.
    """
    if not isinstance(network, CompiledNetwork) or network.divisions:
        return network
    meant = new_ends(builds, network)
    return network.at_ends(meant) if meant else network


def _finder(network: Network | None, mode: str = "road") -> Callable[[str], Place]:
    """Return what finds a place by name, on a network if there is one."""
    return place if network is None else partial(place_on, network, mode=mode)


def _node(key: str, layer: str, network: Network) -> Node:
    """Return the node of a place on a layer, or the place's own if its id names no layers."""
    plain = Node(key)
    return plain if plain in network.nodes and not plain.layer else Node.at(key, layer)


def check_path(path: list[dict[str, Any]], where: str, network: Network | None = None) -> None:
    """Refuse a path that is invalid on any network, or on one.

    Raises
    ------
    SchemaError : unknown keys, impossible values, a single point, no place at an end.
    UnknownNameError : no such place or guide line.
    """
    from corridors.model.path import pieces

    if not pieces(path, where, find=_finder(network)):
        message = f"{where}: the path has a single point; give at least two places"
        raise SchemaError(message)
    for at in (0, -1):
        _end_name(path, at, where)


def _check_length(length_km: float, path: list[Piece], ends: list[Place], where: str) -> None:
    from borders.geodesy.lonlat import WGS84

    a, b = ends
    apart_km = WGS84.inv(a.lon, a.lat, b.lon, b.lat)[2] / 1000
    # Two standard errors of the places' positions are allowed.
    if length_km < apart_km - 2 * hypot(a.sigma_m, b.sigma_m) / 1000:
        message = (
            f"{where}: length_km is {length_km:g}, but '{a.id}' and '{b.id}' lie "
            f"{apart_km:,.0f} km apart; give the length in kilometres"
        )
        raise SchemaError(message)
    drawn_km = sum(piece.drawn_m for piece in path) / 1000
    if length_km > LONGEST_RATIO * drawn_km + 20:
        message = (
            f"{where}: length_km is {length_km:,g}, but the path is {drawn_km:,.0f} km long as "
            "drawn; give the length in kilometres, or draw the way round that it takes"
        )
        raise SchemaError(message)


def named_places(path: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the places that a path goes through, in order."""
    return [step[key] for step in path for key in ("place", "from", "to") if step.get(key)]


def _countries(
    path: list[dict[str, Any]], ends: list[str], find: Callable[[str], Place], where: str
) -> tuple[str, ...]:
    """Return the countries of a path's places, two at most: a link crosses one border at most."""
    named = (ends[0], *named_places(path), ends[1])
    stops = [stop for name in named if (stop := find(name)).country]
    # The first place in each country in turn.
    entries = stops[:1]
    for stop in stops:
        if stop.country != entries[-1].country:
            entries.append(stop)
    if len(entries) > 2:
        line = " – ".join(f"{entry.id} ({entry.country})" for entry in entries)
        message = (
            f"{where}: the path passes {len(entries) - 1} borders: {line}; split it, so that each "
            "link crosses one at most and begins and ends at places of the network"
        )
        raise SchemaError(message)
    return tuple(entry.country for entry in entries)


def _check_abroad(line: LineString, countries: tuple[str, ...], where: str) -> None:
    """Refuse a course that leads through a country that none of its places lies in."""
    from corridors.scenarios.countries_entered import entered

    depths_m = entered(line, countries, limit_m=2 * POSITION_SIGMA_M)
    if depths_m:
        through = " and ".join(f"{m / 1000:,.0f} km into {code}" for code, m in depths_m.items())
        message = (
            f"{where}: the path of places in {' and '.join(countries)} leads {through}; name the "
            "places on its way, or split it, so that each link crosses one border at most"
        )
        raise SchemaError(message)


def _end_name(path: list[dict[str, Any]], at: int, where: str) -> str:
    """Return the name of the place at which a path begins or ends."""
    step = path[at]
    name: str | None = step.get("place") or step.get("from" if at == 0 else "to")
    if name is None:
        message = f"{where}: the path must begin and end at a place; it is {step}"
        raise SchemaError(message)
    return name


def _end(build: Build, at: int, network: Network, where: str) -> str:
    """Return the id of the place of the network at which a path begins or ends."""
    name = _end_name(list(build.path), at, where)
    key = place_on(network, name, mode=build.mode).id
    if build.mode == "rail" and not network.served(key, ("rail",)):
        station = f"{key}_st"
        if station in places() and network.served(station, ("rail",)):
            return station
    if key not in network.layers:
        near = nearest_nodes(network, name) if network.since is None else []
        how = f"; did you mean {', '.join(near)}?" if near else ""
        message = (
            f"{where}: '{name}' is no place of {network.name}; begin and end at one of its places"
            f"{how}"
        )
        raise SchemaError(message)
    return key
