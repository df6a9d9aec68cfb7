"""Calls: the steps of a boundary description, each with the rule that makes it a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, SchemaError, UnknownNameError, located
from borders.files import schema
from borders.files.bundle import BUNDLED
from borders.gazetteer.lookup import place
from borders.gazetteer.places import Place, fold
from borders.treaty.courses import Bearing, Course, Declination, read_course
from borders.treaty.wording import plain
from borders.units import METRES, metres

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Call", "read_call"]

# What each rule needs besides its ends.
_NEEDS = {
    "today": ("along",),
    "thalweg": ("along",),
    "offset": ("along", "offset", "side"),
    "past": ("place", "side"),
    "bearing": ("bearing", "bearing_sigma", "north", "distance", "distance_sigma"),
    "parallel": ("latitude", "line_sigma_m"),
    "meridian": ("longitude", "line_sigma_m"),
    "arc": ("centre", "radius", "radius_sigma", "turn"),
    "median": ("between",),
}
_TOWARDS = ("crosses", "through", "past")
# Which rules take a key. With any other rule the key is refused, because the line would be the same
# with and without it.
_TAKEN_BY = {
    "along": ("today", "thalweg", "offset"),
    "stand_in": ("watershed", "administrative", *_TOWARDS),
    "place": _TOWARDS,
    "side": ("offset", *_TOWARDS),
    "offset": ("offset",),
    "bearing": ("bearing",),
    "bearing_sigma": ("bearing",),
    "north": ("bearing",),
    "declination": ("bearing",),
    "distance": ("bearing",),
    "distance_sigma": ("bearing",),
    "latitude": ("parallel",),
    "longitude": ("meridian",),
    "line_sigma_m": ("parallel", "meridian"),
    "centre": ("arc",),
    "radius": ("arc",),
    "radius_sigma": ("arc",),
    "turn": ("arc",),
    "between": ("median",),
}
# Twice the error of summits on the maps of the time, which are right to about 30 m where they can
# be checked.
ELEVATION_LIMIT_M = 60.0
# No summit from the Caucasus to the Elburz is as high; most heights in feet, taken for metres, are.
HIGHEST_M = 6000.0
# Nor is any on Earth as high as this, for a study of another region.
HIGHEST_ON_EARTH_M = 8900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One step of a boundary description: the words, and how they become a line.

    Parameters
    ----------
    words : exactly as they stand in the text.
    rule : how the words become a line; see `borders.compiler.rules`.
    state : how sure the words are: ``quoted``, ``source-document`` or ``unverified``.
    along : guide line that the rule follows.
    stand_in : guide line drawn in place of a divide or limit that no data draw.
    passed, side : place that the line passes, and on which side of it (``north`` and so on); the
        side of the guide line for the rule ``offset``.
    offset_m : distance of the parallel from the guide line.
    elevation_m : height that the text gives for the end of the leg.
    course : what the rules ``bearing``, ``parallel``, ``meridian``, ``arc`` and ``median`` follow.
    """

    n: int
    words: str
    rule: str
    start: Place
    end: Place
    state: str
    along: str | None = None
    stand_in: str | None = None
    passed: Place | None = None
    side: str | None = None
    offset_m: float | None = None
    elevation_m: float | None = None
    course: Course | None = None
    note: str = ""


def read_call(
    n: int,
    row: dict[str, Any],
    own: Mapping[str, Place],
    state: str,
    where: str,
    *,
    declinations: Mapping[str, Declination] | None = None,
) -> Call:
    """Return a checked call.

    Parameters
    ----------
    own : places of the same file; other names are looked up in the gazetteer. A bearing may end
        at a name that is none of them: at the point to which it leads.
    state : of the treaty's text, for a call that states none of its own.
    where : file and number, for the message.
    declinations : those of the same file, by id.

    Raises
    ------
    SchemaError : a key is missing, unknown or contradicts the rule, a unit is missing, or the
        height contradicts the place.
    UnknownNameError : no such place, or several of that name; no such declination.
    """
    typed = schema.check("call", row, where)
    _check_rule(typed, where)
    named: dict[str, Place | None] = dict.fromkeys(("from", "to", "place", "centre"))
    computed = typed["rule"] == "bearing" and not _named(typed["to"], own)
    for key in named:
        name = typed[key]
        if name is not None and not (computed and key == "to"):
            with located(f"{where}: {key}"):
                named[key] = _place(name, own)
    start, end = named["from"], named["to"]
    assert start is not None
    course = read_course(typed, named["centre"], declinations or {}, where)
    if isinstance(course, Bearing) and end is None:
        end = course.end(start, typed["to"], n, typed["state"] or state)
    assert end is not None
    call = Call(
        n=n,
        words=plain(typed["words"]),
        rule=typed["rule"],
        start=start,
        end=end,
        state=typed["state"] or state,
        along=typed["along"],
        stand_in=typed["stand_in"],
        passed=named["place"],
        side=typed["side"],
        offset_m=_metres(typed, "offset", where),
        elevation_m=_metres(typed, "elevation", where),
        course=course,
        note=typed["note"] or "",
    )
    _check_elevation(call, where)
    return call


def _place(name: str, own: Mapping[str, Place]) -> Place:
    """Return a place of the same file by its id or name, otherwise one of the gazetteer."""
    named = _named(name, own)
    if len(named) > 1:
        message = (
            f"'{name}' is the name of {len(named)} places here: {', '.join(named)}; give an id"
        )
        raise AmbiguousNameError(message)
    if named:
        return own[named[0]]
    try:
        return place(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as err:
        from difflib import get_close_matches

        near = get_close_matches(name, [*own, *(entry.name for entry in own.values())], n=2)
        if not near:
            raise
        message = f"no place '{name}'; did you mean {' or '.join(dict.fromkeys(near))}?"
        raise UnknownNameError(message) from err


def _named(name: str, own: Mapping[str, Place]) -> list[str]:
    """Return the ids of the places of the same file that a name may mean."""
    if name in own:
        return [name]
    return [key for key, entry in own.items() if fold(entry.name) == fold(name)]


def _meaning(description: str) -> str:
    """Return what a column holds, as part of a sentence and without the rule that it is for."""
    text = re.sub(r" \(rule \w+\)$", "", description)
    return text[0].lower() + text[1:]


def _check_rule(typed: dict[str, Any], where: str) -> None:
    rule, columns = typed["rule"], schema.columns("call")
    for key in _NEEDS.get(rule, ()):
        if typed[key] is None:
            meaning = _meaning(columns[key]["description"])
            message = f"{where}: rule '{rule}' needs '{key}' ({meaning})"
            raise SchemaError(message)
    for key, rules in _TAKEN_BY.items():
        if typed[key] is not None and rule not in rules:
            meaning = _meaning(columns[key]["description"])
            message = (
                f"{where}: rule '{rule}' does not take '{key}' ({meaning}); "
                f"it goes with {', '.join(rules)}"
            )
            raise SchemaError(message)
    if typed["side"] and rule != "offset" and not typed["place"]:
        message = f"{where}: '{typed['side']}' of what? give the 'place' that the line passes"
        raise SchemaError(message)
    if typed["offset"] is not None and typed["offset"] <= 0:
        message = f"{where}: offset is {typed['offset']:g}; give a distance above 0, and the side"
        raise SchemaError(message)


def _metres(typed: dict[str, Any], key: str, where: str) -> float | None:
    value, unit = typed[key], typed[f"{key}_unit"]
    if value is None:
        return None
    if unit is None:
        message = f"{where}: {key} {value:g} has no unit; give {key}_unit: {', '.join(METRES)}"
        raise SchemaError(message)
    return metres(value, unit)


def _check_elevation(call: Call, where: str) -> None:
    known_m, stated_m = call.end.elevation_m, call.elevation_m
    highest_m = HIGHEST_M if BUNDLED.shows else HIGHEST_ON_EARTH_M
    if stated_m is not None and stated_m > highest_m:
        message = (
            f"{where}: the text gives '{call.end.name}' {stated_m:,.0f} m, more than any mountain "
            "here has; check whether the unit is right"
        )
        raise SchemaError(message)
    if known_m is not None and stated_m is not None and abs(known_m - stated_m) > ELEVATION_LIMIT_M:
        message = (
            f"{where}: the text gives '{call.end.name}' {stated_m:,.0f} m, its place has "
            f"{known_m:,.0f} m; check the place, or whether the unit is right"
        )
        raise SchemaError(message)
