"""Links of a network: a stretch of road or track, a crossing, a ferry, a change of mode."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from borders.dates import holds
from borders.errors import SchemaError
from borders.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

__all__ = [
    "MODES",
    "UNBUILT",
    "USERS",
    "Link",
    "LinkStatus",
    "Node",
    "read_link_statuses",
]

MODES = ("rail", "road", "ferry", "transfer")
USERS = ("freight", "passengers", "third-country")
# Statuses of what would first have to be built.
UNBUILT = frozenset({"construction", "planned", "dismantled"})


class Node(str):
    """A node of a network: a place on a layer, written ``kars.rail1435``, or any id of a user's.

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
    def place(self) -> str:
        """Return the place: ``kars.rail1435`` and ``kars.road`` are both at ``kars``."""
        layer = self.layer
        return self[: -len(layer) - 1] if layer else str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """What held of a link in a period, in which direction, for whom, and who says so."""

    status: str
    valid_from: date | None = None
    valid_to: date | None = None
    direction: str = "both"
    users: str = "all"
    source: str = ""
    state: str = ""
    precision: str = "day"
    note: str = ""

    def concerns(self, on: date, *, forward: bool, users: str) -> bool:
        """Tell whether it holds on a day, for a direction and a class of users."""
        return (
            self.users in ("all", users)
            and self.direction in ("both", "forward" if forward else "backward")
            and holds(self.valid_from, self.valid_to, on)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link between two nodes; people use it both ways unless its statuses say otherwise.

    Parameters
    ----------
    start, end : nodes; text will do.
    length_m : on the ground; the drawn course is shorter where it is schematic.
    sigma_m : standard error of the length.
    shared_m, shared_with : the part of it that all links of one calibration share.
    delay_h, delay_passengers_h : time lost on it besides driving; None for the usual one.
    delay_state : how sure that is; as sure as the link if empty.
    countries : ISO 3166-1 alpha-2 codes from start to end.
    statuses : dated ones; where none concerns a day, the status is unknown.
    candidate : there only under a scenario that builds it, or gives another gauge to the link
        that it replaces.
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
    xy: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Take nodes as text too."""
        for end in ("start", "end"):
            node = getattr(self, end)
            if not isinstance(node, Node):
                object.__setattr__(self, end, Node(node))

    @property
    def changes_gauge(self) -> bool:
        """Tell whether it leads from one track gauge to another."""
        return self.mode == "transfer" and all(
            node.layer.startswith("rail") for node in (self.start, self.end)
        )

    def status(self, on: date, *, forward: bool = True, users: str = "freight") -> LinkStatus:
        """Return the status on a day; a row for one class of users outranks one for all.

        Examples
        --------
        >>> from borders.dates import parse_date
        >>> one = Link(id="x", start="a", end="b", mode="road", length_m=1, sigma_m=0, statuses=(
        ...     LinkStatus(status="open"), LinkStatus(status="closed", users="passengers")))
        >>> day = parse_date("2026-06-01")
        >>> one.status(day).status, one.status(day, users="passengers").status
        ('open', 'closed')
        """
        found = [s for s in self.statuses if s.concerns(on, forward=forward, users=users)]
        found.sort(key=lambda s: (s.users == "all", s.direction == "both"))
        return found[0] if found else LinkStatus(status="unknown")


def read_link_statuses(
    rows: Sequence[dict[str, Any]], where: str, *, sourced: bool = True
) -> tuple[LinkStatus, ...]:
    """Return checked statuses in order of time.

    Parameters
    ----------
    sourced : each must say who says so and how sure it is; if not, what is silent stays silent.

    Raises
    ------
    SchemaError : a period ends before it begins, or two that concern the same users in the same
        direction overlap or leave a hole.
    """
    found = []
    silent = {} if sourced else {"source": "araxes", "state": "unverified"}
    for n, row in enumerate(rows, 1):
        kept = {key: value for key, value in row.items() if value not in (None, "")}
        typed = schema.check("link-status", {**silent, **kept}, f"{where}, status {n}")
        typed |= dict.fromkeys(silent.keys() - kept.keys())
        typed.pop("link")
        found.append(LinkStatus(**{key: v for key, v in typed.items() if v is not None}))
    found.sort(key=lambda s: (s.users, s.direction, s.valid_from is not None, s.valid_from))
    for one in found:
        if one.valid_from and one.valid_to and one.valid_to <= one.valid_from:
            message = f"{where}: '{one.status}' ends {one.valid_to}, not after {one.valid_from}"
            raise SchemaError(message)
    _check_order(found, where)
    return tuple(found)


def _check_order(found: Iterable[LinkStatus], where: str) -> None:
    for one, two in pairwise(found):
        if (one.users, one.direction) != (two.users, two.direction):
            continue
        if one.valid_to is None or two.valid_from is None or two.valid_from < one.valid_to:
            message = (
                f"{where}: '{one.status}' and '{two.status}' overlap on {two.valid_from or 'all'};"
                " give the first an earlier valid_to"
            )
            raise SchemaError(message)
        if one.valid_to < two.valid_from:
            message = (
                f"{where}: nothing is said from {one.valid_to} to {two.valid_from}; "
                "add a row, of status 'unknown' if need be"
            )
            raise SchemaError(message)
