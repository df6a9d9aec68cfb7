"""Links of a network: a stretch of road or track, a crossing, a ferry, a change of mode."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from borders.frozendict import FrozenDict
from corridors.network.dated_statuses import LinkStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["MODES", "TAGGED", "UNBUILT", "USERS", "Link", "Node", "is_way", "layer_mode"]

MODES = ("rail", "road", "ferry", "transfer")
# What OpenStreetMap's tags say of a link, beside what decides who may use it when.
TAGGED = ("way_class", "speed_limit", "surface", "toll", "usage", "service", "condition")
USERS = ("freight", "passengers", "third-country")
# Statuses in which a link would first have to be built.
UNBUILT = frozenset({"construction", "planned", "dismantled"})
# What an import calls its nodes, after their numbers.
_WAY_NODE = re.compile(r"n\d+")


def layer_mode(layer: str) -> str:
    """Return the mode of a layer: ``rail`` of ``rail1435``.

    Examples
    --------
    >>> layer_mode("rail1520"), layer_mode("road")
    ('rail', 'road')
    """
    return layer.rstrip("0123456789")


class Node(str):
    """A node of a network: a place on a layer, as ``kars.rail1435``, or any id of a user's own.

    Examples
    --------
    >>> Node("kars.rail1435").place, Node("kars.rail1435").layer
    ('kars', 'rail1435')
    >>> Node("4711").place, Node("4711").layer
    ('4711', '')
    """

    __slots__ = ()

    @classmethod
    def at(cls, place: str, layer: str) -> Node:
        """Return the node of a place on a layer: ``road``, ``ferry``, or ``rail`` and a gauge."""
        return cls(f"{place}.{layer}")

    @property
    def layer(self) -> str:
        """Return the layer, empty for an id that names none."""
        place, _, layer = self.rpartition(".")
        named = layer in ("road", "ferry") or (layer.startswith("rail") and layer[4:].isdigit())
        return layer if place and named else ""

    @property
    def mode(self) -> str:
        """Return the mode of the layer, ``rail`` for any gauge; empty for an id that names none."""
        return layer_mode(self.layer)

    @property
    def place(self) -> str:
        """Return the place: ``kars.rail1435`` and ``kars.road`` are both at ``kars``."""
        layer = self.layer
        return self[: -len(layer) - 1] if layer else str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link between two nodes; people use it both ways unless its statuses say otherwise.

    Parameters
    ----------
    start, end : nodes; text will do.
    length_m : on the ground; the drawn course is shorter where it is schematic.
    sigma_m : standard error of the length.
    shared_m : the part of `sigma_m` that all links of one calibration share.
    shared_with : name of that calibration.
    delay_h, delay_passengers_h : time lost on it besides driving; None for the usual one.
    delay_state : how sure the delay is; `state` if empty.
    countries : ISO 3166-1 alpha-2 codes from start to end.
    statuses : with their periods; where none covers a day, the status is unknown.
    candidate : exists only under a scenario that builds it, or that gives another gauge to the
        link that it replaces.
    replaces : id of the link of another gauge that it stands for.
    part_of : id of the link of which it is a part, where that was divided at the end of a route.
    oneway : whether it leads from start to end only, whatever its statuses and a scenario say.
    names : language → name, besides `name`.
    bridge_m, tunnel_m : how much of it leads over bridges and through tunnels, where that is known.
    way_class : of a link of OpenStreetMap the value of `highway` or `railway`, or ``ferry``.
    speed_limit, surface, usage, service : as tagged there; empty where nothing is.
    toll : whether one is tagged.
    condition : what limits access, as tagged, where it cannot be read as hours or seasons.
    osm_ways : ids of the ways that it is made of, in order of its course.
    xy : course as lon/lat pairs from start to end, EPSG:4326; empty for a change of mode.
    """

    id: str
    start: Node
    end: Node
    mode: str
    length_m: float
    sigma_m: float
    shared_m: float = 0.0
    shared_with: str = ""
    basis: str = "reach"
    name: str = ""
    geometry_quality: str = ""
    position_sigma_m: float = 0.0
    statuses: tuple[LinkStatus, ...] = (LinkStatus(status="open"),)
    gauge_mm: int | None = None
    tracks: int | None = None
    electrified: str | None = None
    speed_kmh: float | None = None
    delay_h: float | None = None
    delay_passengers_h: float | None = None
    delay_state: str = ""
    cost_usd_t: float | None = None
    countries: tuple[str, ...] = ()
    crossing: str | None = None
    corridor: str | None = None
    terrain: str = "hilly"
    source: str = ""
    state: str = ""
    note: str = ""
    candidate: bool = False
    replaces: str | None = None
    part_of: str = ""
    oneway: bool = False
    names: Mapping[str, str] = field(default_factory=FrozenDict, hash=False)
    bridge_m: float = 0.0
    tunnel_m: float = 0.0
    way_class: str = ""
    speed_limit: str = ""
    surface: str = ""
    toll: bool = False
    usage: str = ""
    service: str = ""
    condition: str = ""
    osm_ways: tuple[int, ...] = ()
    xy: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Take nodes as text too."""
        for end in ("start", "end"):
            node = getattr(self, end)
            if not isinstance(node, Node):
                object.__setattr__(self, end, Node(node))

    @property
    def whole_id(self) -> str:
        """Return its id or, if it is a part, that of the whole link, which scenarios know."""
        return self.part_of or self.id

    @property
    def changes_gauge(self) -> bool:
        """Tell whether it leads from one track gauge to another."""
        return self.mode == "transfer" and all(
            node.layer.startswith("rail") for node in (self.start, self.end)
        )

    def travelled(self, *, forward: bool) -> Link:
        """Return the link with its countries in the direction of travel, as its rates need it.

        Examples
        --------
        >>> link = Link(id="x", start="a", end="b", mode="road", length_m=1, sigma_m=0,
        ...             countries=("TR", "GE"))
        >>> link.travelled(forward=False).countries
        ('GE', 'TR')
        """
        if forward or len(self.countries) < 2:
            return self
        return replace(self, countries=self.countries[::-1])

    @property
    def timed(self) -> bool:
        """Tell whether it may be used at some hours or seasons only, by one of its statuses."""
        return any(s.hours for s in self.statuses)

    @property
    def dated(self) -> bool:
        """Tell whether its status may differ from one day to another."""
        return any(s.valid_from or s.valid_to or s.hours for s in self.statuses)

    def leads(self, *, forward: bool) -> bool:
        """Tell whether it leads in a direction at all."""
        return forward or not self.oneway

    def status(self, on: date, *, forward: bool = True, users: str = "freight") -> LinkStatus:
        """Return the status on a day; a row for one class of users outranks one for all.

        Against the direction of a link of one way it is closed, and on a day on which it is closed
        again and again, as in winter.

        Examples
        --------
        >>> from borders.dates import parse_date
        >>> link = Link(id="x", start="a", end="b", mode="road", length_m=1, sigma_m=0, statuses=(
        ...     LinkStatus(status="open"), LinkStatus(status="closed", users="passengers")))
        >>> day = parse_date("2026-06-01")
        >>> link.status(day).status, link.status(day, users="passengers").status
        ('open', 'closed')
        """
        status = self.dated_status(on, forward=forward, users=users)
        return status.on_day(on) if status.hours else status

    def dated_status(self, on: date, *, forward: bool = True, users: str = "freight") -> LinkStatus:
        """Return the status whose period a day falls in, whatever its hours and seasons."""
        if not self.leads(forward=forward):
            return LinkStatus(status="closed", direction="backward", note="one way")
        if len(self.statuses) == 1:
            (only,) = self.statuses
            holds = only.concerns(on, forward=forward, users=users)
            return only if holds else LinkStatus(status="unknown")
        matching = [s for s in self.statuses if s.concerns(on, forward=forward, users=users)]
        matching.sort(key=lambda s: (s.users == "all", s.direction == "both"))
        return matching[0] if matching else LinkStatus(status="unknown")


def is_way(link: Link) -> bool:
    """Tell whether a link is a way of an import, between numbered nodes, not one between places."""
    ends = (link.start.place, link.end.place)
    return bool(link.part_of) or all(_WAY_NODE.fullmatch(end) for end in ends)
