"""Calls: the steps of a boundary description, each with the rule that makes it a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders import schema
from borders.errors import SchemaError, UnknownNameError
from borders.places import Place, place
from borders.text import plain
from borders.units import METRES, metres

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Call", "read_call"]

# What each rule needs besides its ends; `along` and `stand_in` are refused where not named here.
_NEEDS = {
    "straight": (),
    "today": ("along",),
    "thalweg": ("along",),
    "offset": ("along", "offset", "side"),
    "past": ("place", "side"),
}
_TAKES_GUIDE = {"today": "along", "thalweg": "along", "offset": "along"}
# Summits of the old maps are right to about 30 m where they can be checked.
ELEVATION_LIMIT_M = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One step of a boundary description: the words, and how they become a line.

    Parameters
    ----------
    words : exactly as they stand in the text.
    state : how sure the words are: ``quoted``, ``source-document`` or ``unverified``.
    along : guide line that the rule follows.
    stand_in : guide line drawn in place of a divide or limit that no data draw.
    passed, side : place that the line passes, and on which side of it.
    elevation_m : height that the text gives for the end of the leg.
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
    note: str = ""


def read_call(
    n: int, row: dict[str, Any], own: Mapping[str, Place], state: str, where: str
) -> Call:
    """Return a checked call.

    Parameters
    ----------
    own : places of the same file; other names are looked up in the gazetteer.
    state : of the treaty's text, for a call that states none of its own.
    where : file and number, for the message.

    Raises
    ------
    SchemaError : a key is missing, unknown or contradicts the rule, a unit is missing, or the
        height contradicts the place.
    UnknownNameError : no such place.
    """
    typed = schema.check("call", row, where)
    _check_rule(typed, where)
    found: dict[str, Place | None] = {"place": None}
    for key in ("from", "to", "place"):
        name = typed[key]
        if name is None:
            continue
        try:
            found[key] = own.get(name) or place(name)
        except UnknownNameError as err:
            message = f"{where}: {key}: {err}"
            raise type(err)(message) from err
    start, end = found["from"], found["to"]
    assert start is not None
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
        passed=found["place"],
        side=typed["side"],
        offset_m=_metres(typed, "offset", where),
        elevation_m=_metres(typed, "elevation", where),
        note=typed["note"] or "",
    )
    _check_elevation(call, where)
    return call


def _check_rule(typed: dict[str, Any], where: str) -> None:
    rule = typed["rule"]
    for key in _NEEDS.get(rule, ()):
        if typed[key] is None:
            what = schema.columns("call")[key]["description"].lower()
            message = f"{where}: rule '{rule}' needs '{key}' ({what})"
            raise SchemaError(message)
    if typed["along"] and rule not in _TAKES_GUIDE:
        message = f"{where}: rule '{rule}' does not take 'along' (a guide line)"
        raise SchemaError(message)
    if typed["stand_in"] and rule in ("straight", "today", "thalweg", "offset", "unresolved"):
        message = f"{where}: rule '{rule}' does not take 'stand_in' (a guide line)"
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
    known, told = call.end.elevation_m, call.elevation_m
    if known is not None and told is not None and abs(known - told) > ELEVATION_LIMIT_M:
        message = (
            f"{where}: the text gives '{call.end.name}' {told:,.0f} m, its place has "
            f"{known:,.0f} m; check the place, or whether the unit is right"
        )
        raise SchemaError(message)
