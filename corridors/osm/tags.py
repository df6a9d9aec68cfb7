"""What the tags of a way mean: its mode, status, direction, who may use it, its speed.

Rules follow the pages of the OpenStreetMap wiki on Key:highway, Key:access, Key:oneway,
Lifecycle_prefix, Key:railway, Conditional_restrictions, Key:opening_hours and Key:seasonal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from borders.recurring import readable
from corridors.network.osm_tags import CIRCULAR, CLOSED, KMH

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DRIVEN", "KEYS", "ROADS", "WayKind", "barrier_closes", "wanted_tags", "way_kind"]

# Highways that cars and lorries use, the most important first.
ROADS = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street",
    "road", "service", "track",
)  # fmt: skip
# Those that lead somewhere, kept unless others are asked for.
DRIVEN = ROADS[:-2]
RAILS = ("rail", "narrow_gauge")
SIDINGS = frozenset({"siding", "yard", "spur"})
# Mean speed by class where no limit is tagged, and the part of a limit that is driven, in km/h;
# assumptions.
MEAN_KMH = {
    "motorway": 95.0, "trunk": 75.0, "primary": 65.0, "secondary": 55.0, "tertiary": 45.0,
    "unclassified": 40.0, "residential": 25.0, "living_street": 10.0, "road": 30.0,
    "service": 15.0, "track": 12.0, "link": 40.0,
}  # fmt: skip
LIMIT_SHARE = 0.8
# Words of both styles of tagging, `disused:railway=rail` and `railway=disused`, → status.
LIFE = {
    "disused": "disused", "abandoned": "dismantled", "razed": "dismantled",
    "dismantled": "dismantled", "removed": "dismantled", "demolished": "dismantled",
    "construction": "construction", "proposed": "planned", "planned": "planned",
}  # fmt: skip
FORWARD, BACKWARD, BOTH = "forward", "backward", "both"
_ONEWAY = {
    "yes": FORWARD, "true": FORWARD, "1": FORWARD, "-1": BACKWARD, "reverse": BACKWARD,
    "no": BOTH, "false": BOTH, "0": BOTH, "reversible": BOTH, "alternating": BOTH,
}  # fmt: skip
# Of a road that is open to residents or to cyclists beside it, extracts do not say it is closed.
_CLOSED = frozenset((*CLOSED, "agricultural;forestry", "psv", "bus")) - {
    "residents",
    "use_sidepath",
}
# From the most general to the most special; the most special one that is tagged counts.
_ACCESS = {
    "freight": ("access", "vehicle", "motor_vehicle", "goods", "hgv"),
    "passengers": ("access", "vehicle", "motor_vehicle", "motorcar"),
}  # fmt: skip
# Barriers that are open unless an access tag says otherwise.
_PASSABLE = frozenset({
    "border_control", "cattle_grid", "entrance", "gate", "height_restrictor", "kerb", "lift_gate",
    "no", "sally_port", "speed_bump", "swing_gate", "toll_booth", "arch", "open",
})  # fmt: skip
_CONDITIONS = tuple(f"{key}:conditional" for key in ("access", "vehicle", "motor_vehicle", "hgv"))
# Of each way these are read, the frequent ones first; names are read apart.
KEYS = (
    "highway", "oneway", "maxspeed", "surface", "junction", "access", "bridge", "service",
    "railway", "gauge", "electrified", "usage", "tunnel", "toll", "motor_vehicle", "hgv",
    "admin_level", "route", "tracks", "vehicle", "motorcar", "goods", "seasonal",
    "opening_hours", *_CONDITIONS,
    "oneway:motor_vehicle", "duration", "preserved", *LIFE,
    *(f"{life}:railway" for life in LIFE),
)  # fmt: skip
# A restriction under one condition, such as `no @ (Nov-Apr)`, and what follows it.
_CONDITIONAL = re.compile(r"\s*(\w+)\s*@\s*(?:\(([^()]+)\)|([^();@]+))(?:;|\s*$)")
_SHUT = frozenset({"no", "private"})
_FREE = frozenset({"yes", "permissive", "designated"})
# Months of the seasons that `seasonal` names, as north of the equator; an assumption.
_SEASONS = {"spring": "Mar-May", "summer": "Jun-Aug", "autumn": "Sep-Nov", "winter": "Dec-Feb"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayKind:
    """What ways of the same tags have in common.

    Parameters
    ----------
    road : value of `highway`, `railway` or ``ferry``.
    status : for all users, unless `closed_to` names some.
    oneway : ``forward``, ``backward`` or ``both``.
    closed_to : users that may not use it.
    closed, open_hours : when it is closed again and again, or when alone it is open (see
        `borders.recurring`).
    closed_hgv : when it is closed to lorries, besides.
    condition : what else limits access, as tagged.
    speed_limit : as tagged, in any unit or word; `speed_kmh` is what is driven.
    usage, service : as tagged, what a railway is for; `service` of a service road, too.
    gauges_mm : of each gauge that it has; empty if none is tagged.
    bridge, tunnel : whether it is one.
    optional : kept only where it leads to what is kept, as piers do to ferries.
    """

    mode: str
    road: str
    status: str = "open"
    oneway: str = BOTH
    closed_to: tuple[str, ...] = ()
    closed: str = ""
    open_hours: str = ""
    closed_hgv: str = ""
    condition: str = ""
    speed_kmh: float | None = None
    speed_limit: str = ""
    surface: str = ""
    toll: bool = False
    gauges_mm: tuple[int, ...] = ()
    electrified: str | None = None
    tracks: int | None = None
    usage: str = ""
    service: str = ""
    hours: float | None = None
    bridge: bool = False
    tunnel: bool = False
    optional: bool = False


def wanted_tags(rails: bool = True) -> list[tuple[str, str]]:
    """Return the tags of which a way has one if it may be wanted; borders among them."""
    tags = [("highway", road) for road in (*ROADS, "pedestrian", "construction", "proposed")]
    tags += [("route", "ferry"), ("admin_level", "2")]
    if rails:
        tags += [("railway", word) for word in (*RAILS, *LIFE, "preserved")]
        tags += [(f"{life}:railway", rail) for life, rail in product(LIFE, RAILS)]
    return tags


def way_kind(
    tags: Mapping[str, str], *, roads: frozenset[str], rails: bool, sidings: bool
) -> WayKind | None:
    """Return what a way is by its tags, None if it is not wanted.

    Parameters
    ----------
    tags : those of `KEYS`; others do not count.
    roads : values of `highway` to keep; others are kept as `optional`.
    rails : whether rails are kept.
    sidings : whether sidings, yards and spurs are.

    Examples
    --------
    >>> way_kind({"railway": "disused", "disused": "rail", "gauge": "1524"},
    ...          roads=frozenset(), rails=True, sidings=False).status
    'disused'
    """
    if tags.get("route") == "ferry":
        return _ferry(tags)
    kind = _rail(tags, sidings=sidings) if rails else None
    return kind or _road(tags, roads)


def _rail(tags: Mapping[str, str], *, sidings: bool) -> WayKind | None:
    value, status, usage = tags.get("railway", ""), "open", tags.get("usage", "")
    if value == "preserved":
        value, usage = tags.get("preserved", "rail"), usage or "tourism"
    elif value in LIFE:
        # `railway=abandoned` alone, or with `abandoned=yes`, says no more; `railway=construction`
        # names what is built.
        what = tags.get(value, "rail")
        value, status = "rail" if what == "yes" else what, LIFE[value]
    elif value in RAILS:
        status = _life(tags)
    if value not in RAILS:
        value, status = _prefixed(tags)
    if value not in RAILS or (tags.get("service", "") in SIDINGS and not sidings):
        return None
    electrified = tags.get("electrified")
    if electrified:
        electrified = "no" if electrified == "no" else "yes"
    tracks = tags.get("tracks", "")
    return WayKind(
        mode="rail", road=value, status=status, usage=usage, service=tags.get("service", ""),
        gauges_mm=_gauges(tags.get("gauge", "")), electrified=electrified,
        tracks=int(tracks) if tracks.isdecimal() and 0 < int(tracks) < 100 else None,
        speed_limit=tags.get("maxspeed", ""),
        bridge=_is(tags, "bridge"), tunnel=_is(tags, "tunnel"),
    )  # fmt: skip


def _life(tags: Mapping[str, str]) -> str:
    """Return the status of what is tagged as if in use, and beside it as `disused=yes`."""
    return next((LIFE[word] for word in LIFE if tags.get(word) == "yes"), "open")


def _prefixed(tags: Mapping[str, str]) -> tuple[str, str]:
    for life, status in LIFE.items():
        if (value := tags.get(f"{life}:railway", "")) in RAILS:
            return value, status
    return "", ""


def _gauges(text: str) -> tuple[int, ...]:
    parts = (part.strip() for part in text.split(";"))
    return tuple(sorted({int(p) for p in parts if p.isdecimal() and 300 <= int(p) <= 3000}))


def _is(tags: Mapping[str, str], key: str) -> bool:
    return tags.get(key, "no") not in ("", "no")


def _road(tags: Mapping[str, str], roads: frozenset[str]) -> WayKind | None:
    value, status = tags.get("highway", ""), _life(tags)
    if value in ("construction", "proposed"):
        value, status = tags.get(value, ""), LIFE[value]
    if value not in roads:
        # Of a pier, a terminal's drive or a quay that is all a ferry may land on.
        landing = status == "open" and value in (*ROADS, "pedestrian")
        return WayKind(mode="road", road=value, optional=True) if landing else None
    hours = _closure(tags)
    return WayKind(
        mode="road", road=value, status=status, oneway=_oneway(tags, value),
        closed_to=() if hours.opens else _closed_to(tags), closed=hours.closed,
        open_hours=hours.open_hours, closed_hgv=hours.closed_hgv, condition=hours.condition,
        speed_kmh=_speed_kmh(tags.get("maxspeed", ""), value),
        speed_limit=tags.get("maxspeed", ""), surface=tags.get("surface", ""),
        service=tags.get("service", "") if value == "service" else "",
        toll=_is(tags, "toll"), bridge=_is(tags, "bridge"), tunnel=_is(tags, "tunnel"),
    )  # fmt: skip


def _ferry(tags: Mapping[str, str]) -> WayKind | None:
    hours = _closure(tags)
    closed_to = () if hours.opens else _closed_to(tags)
    if len(closed_to) == len(_ACCESS):
        return None
    return WayKind(
        mode="ferry", road="ferry", oneway=_oneway(tags, "ferry"), closed_to=closed_to,
        closed=hours.closed, open_hours=hours.open_hours, closed_hgv=hours.closed_hgv,
        condition=hours.condition, hours=_hours(tags.get("duration", "")),
        toll=_is(tags, "toll"),
    )  # fmt: skip


def _hours(text: str) -> float | None:
    """Return a duration such as 01:30 in hours; bare numbers are minutes."""
    parts = text.split(":")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return None
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        numbers.insert(0, 0)
    hours = sum(n / 60**k for k, n in enumerate(numbers))
    return hours or None


def _oneway(tags: Mapping[str, str], value: str) -> str:
    stated = _ONEWAY.get(tags.get("oneway:motor_vehicle") or tags.get("oneway", ""))
    if stated:
        return stated
    implied = value == "motorway" or tags.get("junction") in CIRCULAR
    return FORWARD if implied else BOTH


def _closed_to(tags: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(users for users in _ACCESS if _closes(tags, users))


def _closes(tags: Mapping[str, str], users: str) -> bool:
    values = [tags[key] for key in _ACCESS[users] if tags.get(key)]
    return bool(values) and values[-1] in _CLOSED


def barrier_closes(tags: Mapping[str, str]) -> bool:
    """Tell whether nobody drives through a barrier on a node, by its tags."""
    values = [tags[key] for key in _ACCESS["passengers"] if tags.get(key)]
    if values:
        return values[-1] in _CLOSED
    return tags.get("barrier", "no") not in _PASSABLE


def _speed_kmh(limit: str, value: str) -> float:
    match = re.match(r"(\d+(?:\.\d+)?)\s*(mph|knots)?", limit)
    if match and 0 < float(match[1]) < 300:
        return round(LIMIT_SHARE * float(match[1]) * KMH[match[2] or ""], 1)
    return MEAN_KMH["link" if value.endswith("_link") else value]


class _Closure(NamedTuple):
    """When a way is closed or open, by its tags; `opens`: it is, though its access says no."""

    closed: str = ""
    open_hours: str = ""
    closed_hgv: str = ""
    condition: str = ""
    opens: bool = False


def _closure(tags: Mapping[str, str]) -> _Closure:
    """Return when a way is closed or open; what cannot be read stays as it is tagged."""
    unread: list[str] = []
    found: dict[str, str] = {}
    opens = False
    shut = len(_closed_to(tags)) == len(_ACCESS)
    for key in _CONDITIONS:
        text = tags.get(key, "").strip()
        if not text:
            continue
        clauses, lorries = _clauses(text), key.startswith("hgv")
        words = [word for word, _ in clauses]
        hours = ", ".join(when for word, when in clauses if word in _SHUT and readable(when))
        every = all(readable(when) for _, when in clauses)
        # The last condition that holds counts: what opens before all that closes adds nothing.
        if hours and _each_then(words, _FREE, _SHUT):
            # The conditions are in order of weight: the last one that holds for all counts.
            found["closed_hgv" if lorries else "closed"] = hours
            if not every:
                unread.append(f"{key}={text}")
        elif words and every and shut and not lorries and _each_then(words, _SHUT, _FREE):
            opens, found["open_hours"] = True, ", ".join(w for word, w in clauses if word in _FREE)
        else:
            unread.append(f"{key}={text}")
    for key in ("opening_hours", "seasonal"):
        text = tags.get(key, "").strip()
        if not text or (key == "seasonal" and not _is(tags, key)):
            continue
        hours = _months(text) if key == "seasonal" else text
        if "open_hours" not in found and readable(hours):
            found["open_hours"] = hours
        else:
            unread.append(f"{key}={text}")
    return _Closure(**found, condition="; ".join(unread), opens=opens)


def _clauses(text: str) -> list[tuple[str, str]]:
    """Return the words and conditions of a value such as `no @ (Nov-Apr)`; none if it is not so."""
    clauses = []
    at = 0
    while at < len(text):
        match = _CONDITIONAL.match(text, at)
        if match is None:
            return []
        clauses.append((match[1].lower(), (match[2] or match[3]).strip()))
        at = match.end()
    return clauses


def _each_then(words: list[str], first: frozenset[str], last: frozenset[str]) -> bool:
    """Tell whether words are of two sets, those of the first before those of the last."""
    at = next((n for n, word in enumerate(words) if word in last), len(words))
    return (
        at < len(words)
        and all(word in first for word in words[:at])
        and all(word in last for word in words[at:])
    )


def _months(text: str) -> str:
    """Return the months of seasons such as ``spring;summer``, or the text if it names none."""
    months = [_SEASONS.get(word.strip().lower(), "") for word in re.split("[;,]", text)]
    return ",".join(months) if all(months) else text
