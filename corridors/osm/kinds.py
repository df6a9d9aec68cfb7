"""What links of one kind of way have in common: statuses, speed, gauge, as rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.network.dated_statuses import LinkStatus
from corridors.osm.tags import BOTH

if TYPE_CHECKING:
    from corridors.osm.tags import WayKind

__all__ = ["POSITION_SIGMA_M", "SOURCE", "kind_row", "transfer_row"]

SOURCE = "openstreetmap"
# Where lines are drawn; an assumption.
POSITION_SIGMA_M = 5.0
# Freight of third countries is freight.
_USERS = {"freight": ("freight", "third-country"), "passengers": ("passengers",)}


def kind_row(kind: WayKind, gauge_mm: int | None, source: str = SOURCE) -> dict[str, Any]:
    """Return the attributes of `Link` that all links of a kind of way of a source share."""
    note = [kind.road]
    note += [f"surface {kind.surface}"] if kind.surface else []
    note += ["toll"] if kind.toll else []
    note += [kind.usage] if kind.usage else []
    note += [kind.service] if kind.service else []
    note += [kind.condition] if kind.condition else []
    row: dict[str, Any] = {
        "mode": kind.mode, "oneway": kind.oneway != BOTH, "statuses": statuses_of(kind, source),
        "gauge_mm": gauge_mm, "tracks": kind.tracks, "electrified": kind.electrified,
        "speed_kmh": kind.speed_kmh, "way_class": kind.road, "speed_limit": kind.speed_limit,
        "surface": kind.surface, "toll": kind.toll, "usage": kind.usage, "service": kind.service,
        "condition": kind.condition,
        "basis": "reach", "geometry_quality": "surveyed", "position_sigma_m": POSITION_SIGMA_M,
        "source": source, "state": "assumption" if kind.speed_kmh else "unverified",
        "note": ", ".join(note),
    }  # fmt: skip
    return {key: value for key, value in row.items() if value not in (None, "", False)}


def statuses_of(kind: WayKind, source: str = SOURCE) -> tuple[LinkStatus, ...]:
    """Return the statuses of a kind of way: who may use it, at which hours and seasons."""
    held: dict[str, Any] = {"source": source, "state": "unverified"}
    if kind.status != "open":
        return (LinkStatus(status=kind.status, **held),)
    rows = [LinkStatus(status="open", **held, closed=kind.closed, open_hours=kind.open_hours)]
    if kind.closed_hgv and "freight" not in kind.closed_to:
        closed = ", ".join(filter(None, (kind.closed, kind.closed_hgv)))
        rows += [
            LinkStatus(status="open", users=users, **held, closed=closed,
                       open_hours=kind.open_hours)
            for users in _USERS["freight"]
        ]  # fmt: skip
    rows += [
        LinkStatus(status="closed", users=users, **held)
        for stated in kind.closed_to
        for users in _USERS[stated]
    ]
    return tuple(rows)


def transfer_row(source: str = SOURCE) -> dict[str, Any]:
    """Return the attributes of the links between a road and a ferry."""
    opened = LinkStatus(status="open", source=source, state="unverified")
    return {"mode": "transfer", "basis": "reach", "source": source, "state": "unverified",
            "statuses": (opened,)}  # fmt: skip
