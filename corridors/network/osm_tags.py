"""What the tags of OpenStreetMap and their like say of a link: direction, access, speed, period."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, SchemaError
from corridors.network.dated_statuses import LinkStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "BACKWARD_WORDS",
    "CIRCULAR",
    "CLOSED",
    "FORWARD_WORDS",
    "KMH",
    "is_tagged",
    "mode_of",
    "one_way",
    "speed_kmh",
    "statuses_of",
    "values_of",
]

FORWARD_WORDS = ("yes", "true", "1", "1.0", "forward", "ft")
BACKWARD_WORDS = ("-1", "-1.0", "reverse", "reversed", "backward", "tf")
_BOTH = ("", "no", "false", "0", "0.0", "both", "b", "none", "nan")
CIRCULAR = ("roundabout", "circular")
# Who may use a road, as OpenStreetMap's wiki says; those of the second line not to pass through.
_OPEN = ("yes", "permissive", "designated", "official", "public", "destination", "customers",
         "delivery", "discouraged", "unknown")  # fmt: skip
CLOSED = ("no", "private", "permit", "agricultural", "forestry", "military", "emergency",
           "residents", "use_sidepath")  # fmt: skip
# The tags of access, the more specific later, and whom each concerns.
_ACCESS = {
    "access": ("all",), "vehicle": ("all",), "motor_vehicle": ("all",),
    "hgv": ("freight", "third-country"),
}  # fmt: skip
KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
# Limits that are no number: none, one that changes, and the usual one of a kind of road.
_NO_NUMBER = re.compile(r"none|signals|variable|implicit|unposted|walk|[a-z]{2}(-[a-z]{2,3})?:\w+")
_UNDATED = LinkStatus(status="closed", note="outside valid_from and valid_to")


def values_of(value: Any) -> list[Any]:
    """Return the values of a cell: edges that OSMnx joined hold lists, in files as their text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            try:
                value = literal_eval(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                return [value]
    if isinstance(value, list | tuple | set):
        values = list(value)
        # Values may be lists themselves, which no dictionary takes for keys.
        return [tag for n, tag in enumerate(values) if tag not in values[:n]]
    return [] if value is None else [value]


def one_way(row: Mapping[str, Any], letters: Collection[str], where: str) -> str:
    """Return ``forward`` or ``backward`` for a link of one way, empty for both.

    Parameters
    ----------
    letters : all texts of the column in small letters; where it has a ``b``, ``f`` and ``t`` are
        forward and backward, as Geofabrik writes them.

    Raises
    ------
    SchemaError : a value of `oneway` that is not known.
    """
    if row.get("oneway") is None:
        kinds = [str(kind).lower() for kind in values_of(row.get("junction"))]
        return "forward" if any(kind in CIRCULAR for kind in kinds) else ""
    ways = {_way(value, letters) for value in values_of(row["oneway"])} or {""}
    if len(ways) == 1 and None not in ways:
        return str(*ways)
    message = (
        f"{where}: oneway is '{row['oneway']}'; write yes, -1 or no, or statuses with a direction"
    )
    raise SchemaError(message)


def _way(value: Any, letters: Collection[str]) -> str | None:
    word = str(value).strip().lower()
    if "b" in letters and word in ("f", "t"):
        return "forward" if word == "f" else "backward"
    for words, way in ((FORWARD_WORDS, "forward"), (BACKWARD_WORDS, "backward"), (_BOTH, "")):
        if word in words:
            return way
    return None


def mode_of(row: Mapping[str, Any]) -> str:
    """Return the mode of a row that states none: ``ferry``, ``rail`` or else ``road``."""
    if "ferry" in values_of(row.get("route")):
        return "ferry"
    return "rail" if row.get("railway") is not None and row.get("highway") is None else "road"


def speed_kmh(row: Mapping[str, Any], where: str) -> float | None:
    """Return the speed of `speed_kph` or else of `maxspeed`, in km/h; None if there is no number.

    As in OSMnx the limit is taken for the speed, and of several the mean.

    Raises
    ------
    SchemaError : a limit that cannot be read.
    """
    for key in ("speed_kph", "maxspeed"):
        speeds = [_kmh(value, f"{where}: {key}") for value in values_of(row.get(key))]
        known = [speed for speed in speeds if speed is not None]
        if known:
            return sum(known) / len(known)
    return None


def _kmh(value: Any, where: str) -> float | None:
    text = str(value).strip().lower()
    number = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z/]*)", text)
    if number and number[2] in KMH and float(number[1]) > 0:
        return float(number[1]) * KMH[number[2]]
    if _NO_NUMBER.fullmatch(text):
        return None
    message = f"{where} is '{text[:40]}'; write km/h as a number, or '30 mph'"
    raise SchemaError(message)


def statuses_of(row: Mapping[str, Any], where: str) -> tuple[LinkStatus, ...]:
    """Return the statuses of a row without dated ones: its status, period and access.

    Raises
    ------
    SchemaError : a day or a tag of access cannot be read, or a toll has no amount.
    """
    _check_toll(row, where)
    status = row.get("status") or "open"
    begin, end = (_day(row.get(key), f"{where}: {key}") for key in ("valid_from", "valid_to"))
    if begin and end and end <= begin:
        message = f"{where}: valid_to is {end}, not after valid_from, {begin}; mend one"
        raise SchemaError(message)
    statuses = [LinkStatus(status=status, valid_from=begin, valid_to=end)]
    if begin and status == "open":
        statuses.insert(0, _outside(None, begin))
    if end and status == "open":
        statuses.append(_outside(end, None))
    return (*statuses, *closed_to(row, where))


def closed_to(row: Mapping[str, Any], where: str) -> tuple[LinkStatus, ...]:
    """Return the statuses by which tags of access close a link to some users, or to all.

    Raises
    ------
    SchemaError : a value that is not known.
    """
    closed: dict[str, str] = {}
    for key, concerned in _ACCESS.items():
        for value in values_of(row.get(key)):
            word = str(value).strip().lower()
            if word in CLOSED:
                closed |= dict.fromkeys(_classes(concerned), f"{key}={word}")
            elif word in _OPEN:
                for users in _classes(concerned):
                    closed.pop(users, None)
            else:
                message = (
                    f"{where}: {key} is '{str(value)[:40]}'; write yes or no, or leave the "
                    f"column out ({key}=)"
                )
                raise SchemaError(message)
    return tuple(
        LinkStatus(status="closed", users=users, note=note) for users, note in closed.items()
    )


def _classes(concerned: tuple[str, ...]) -> tuple[str, ...]:
    return ("freight", "passengers", "third-country") if concerned == ("all",) else concerned


def _outside(begin: date | None, end: date | None) -> LinkStatus:
    """Return the status of a period in which a row does not hold."""
    return LinkStatus(status=_UNDATED.status, note=_UNDATED.note, valid_from=begin, valid_to=end)


def is_tagged(value: Any) -> bool:
    """Tell whether the value of a tag such as toll says more than no."""
    return any(
        word.strip().lower() not in _BOTH
        for each in values_of(value)
        for word in str(each).split(";")
    )


def _check_toll(row: Mapping[str, Any], where: str) -> None:
    """Refuse a toll without an amount: the cost would leave it out without a word."""
    if row.get("cost_usd_t") is None and is_tagged(row.get("toll")):
        message = (
            f"{where}: toll is '{row['toll']}', without an amount; give cost_usd_t, or leave the "
            "column out (toll=)"
        )
        raise SchemaError(message)


def _day(value: Any, where: str) -> date | None:
    """Return a day of a column of dates, times or texts."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        # A clock after the day, as files with times write it, says nothing of a day.
        return parse_date(text[:10] if re.match(r"\d{4}-\d\d-\d\d[ T]", text) else text)
    except AraxesError as err:
        message = f"{where} is '{text[:40]}'; write a day as YYYY-MM-DD"
        raise SchemaError(message) from err
