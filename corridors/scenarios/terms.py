"""Terms of a route: what to make least, modes, users, and what to avoid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError
from corridors.network.link import USERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.context.flows import Demand

__all__ = ["BY", "LAND", "QUANTITIES", "VEHICLES", "Quantity", "Terms", "several"]


class Quantity(NamedTuple):
    """What a route may make least, and how tables give it.

    Parameters
    ----------
    unit : in words.
    column : of tables, and of JSON.
    factor : how many of what routes are summed in make one of it: lengths are summed in metres.
    """

    unit: str
    column: str
    factor: float


# What a route may make least, as `Terms.by` says it.
QUANTITIES = {
    "km": Quantity("km", "km", 1000.0), "hours": Quantity("h", "hours", 1.0),
    "cost": Quantity("USD/t", "cost_usd_t", 1.0),
}  # fmt: skip
BY = tuple(QUANTITIES)
# Unless modes are named, a route keeps to the road or to the rails; ferries carry both.
LAND = (("road", "ferry"), ("rail", "ferry"))
_MODES = ("road", "rail", "ferry")
# Vehicle → whose statuses and delays hold for it, and the mode by which it goes on land.
VEHICLES = {
    "lorries": ("freight", "road"), "coaches": ("passengers", "road"),
    "cars": ("passengers", "road"), "goods-trains": ("freight", "rail"),
    "passenger-trains": ("passengers", "rail"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a route: everything that decides it besides its ends and the scenario.

    Parameters
    ----------
    by : what to make least: ``km``, ``hours`` or ``cost``.
    modes : modes that it may use and change between; None for the better of `LAND`.
    users : whose statuses and delays hold: ``freight``, ``passengers`` or ``third-country``; or a
        vehicle, one of `VEHICLES`, which goes by its own mode on land, and where there is one has
        a speed of its own.
    vehicle : the vehicle, if `users` names one; empty otherwise.
    avoid : ISO 3166-1 alpha-2 codes of countries that it may not enter, and ids of crossings,
        corridors and links that it may not use.
    at : the time of day at which it begins, ``HH:MM``. Waiting for a link to open then counts as
        hours; without a time, a link is open on the days on which it is at some hour.
    demand : traffic that is to take the way, ``800 lorries/day`` or ``6 Mt/year``: it is remarked
        where more than a published capacity would result. It changes no way.

    `modes` and `avoid` may also be lists, sets, or one name alone.

    Raises
    ------
    AraxesError : an unknown value; the message lists the known ones.
    """

    by: str = "km"
    modes: tuple[str, ...] | None = None
    users: str = "freight"
    vehicle: str = ""
    avoid: frozenset[str] = frozenset()
    at: time | None = None
    demand: Demand | None = None

    def __post_init__(self) -> None:
        """Refuse unknown values; make modes a tuple, avoid a set, and a text a time of day."""
        object.__setattr__(self, "at", _time_of_day(self.at))
        if self.demand is not None:
            from corridors.context.flows import read_demand  # few ask about traffic

            object.__setattr__(self, "demand", read_demand(self.demand))
        modes = None if self.modes is None else tuple(dict.fromkeys(_names("modes", self.modes)))
        if modes == ():
            message = f"modes is empty; give one or more of {', '.join(_MODES)}"
            raise AraxesError(message)
        _allowed("by", [self.by], BY)
        _allowed("users", [self.users], (*USERS, *VEHICLES))
        _allowed("modes", modes or (), _MODES)
        if self.users in VEHICLES:
            object.__setattr__(self, "vehicle", self.users)
        if self.vehicle:
            _allowed("vehicle", [self.vehicle], tuple(VEHICLES))
            users, land = VEHICLES[self.vehicle]
            object.__setattr__(self, "users", users)
            modes = modes or (land, "ferry")
            other = next((mode for mode in modes if mode not in (land, "ferry")), None)
            if other is not None:
                message = (
                    f"{self.vehicle} do not go by {other}; leave out modes, or {other} of them"
                )
                raise AraxesError(message)
        avoid = _names("avoid", self.avoid)
        for code in avoid:
            if not isinstance(code, str) or not code:
                message = (
                    f"avoid is '{code}'; write ISO 3166-1 codes of two letters, or ids of links"
                )
                raise AraxesError(message)
        object.__setattr__(self, "modes", modes)
        object.__setattr__(self, "avoid", frozenset(avoid))

    @property
    def who(self) -> str:
        """Return the vehicle that was named, or the users.

        Examples
        --------
        >>> terms = Terms(users="coaches")
        >>> terms.who, terms.users, terms.modes
        ('coaches', 'passengers', ('road', 'ferry'))
        """
        return self.vehicle or self.users

    @property
    def choices(self) -> tuple[tuple[str, ...], ...]:
        """Return the sets of modes to try; the best route of all is the answer."""
        return LAND if self.modes is None else (self.modes,)

    @property
    def by_clock(self) -> bool:
        """Return whether the best way depends on the time at which it begins."""
        return self.at is not None and self.by == "hours"


def _time_of_day(value: object) -> time | None:
    """Return a time of day, without a time zone.

    Examples
    --------
    >>> _time_of_day("08:30")
    datetime.time(8, 30)
    """
    if value is None or (isinstance(value, time) and value.tzinfo is None):
        return value
    try:
        read = time.fromisoformat(value) if isinstance(value, str) and ":" in value else None
    except ValueError:
        read = None
    if read is None or read.tzinfo is not None:
        message = f"at is {str(value)[:20]!r}; write a time of day as HH:MM, such as 08:30"
        raise AraxesError(message)
    return read


def several(values: object) -> list[Any] | None:
    """Return an iterable as a list, and one name alone as a list of it; None for anything else."""
    if isinstance(values, str):
        return [values]
    return list(values) if isinstance(values, Iterable) else None


def _names(what: str, values: object) -> list[Any]:
    names = several(values)
    if names is None:
        message = f"{what} is {values!r}; give a list of names"
        raise AraxesError(message)
    return names


def _allowed(what: str, values: Iterable[str], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            message = f"{what} is '{value}'; known: {', '.join(known)}"
            raise AraxesError(message)
