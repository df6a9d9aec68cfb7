"""Speeds, delays and costs, each with its range and its source or the state ``assumption``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError, UnknownNameError
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from corridors.network.open_borders import common_union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from corridors.network.link import Link

__all__ = ["LARGEST", "Assumption", "Rates", "assumption", "assumptions", "exact", "meant"]

# Largest hours or cost of a link: sums of larger ones lose the differences between routes.
LARGEST = 1e6
# Short forms of a link's columns, which users write by mistake.
# Values that add up over the links of a crossing or corridor.
_ADDITIVE = frozenset({"delay_h", "cost_usd_t"})
_SHORT = {"delay": "delay_h", "speed": "speed_kmh", "cost": "cost_usd_t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One value that hours and costs rest on.

    Parameters
    ----------
    low, high : ends of its range, in `unit`; equal to `value` if it is taken as exact.
    state : ``quoted``, ``assumption`` …; ``scenario`` for a value that a scenario sets.
    """

    key: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    state: str
    note: str = ""


@cache
def assumptions(root: DataRoot = BUNDLED) -> dict[str, Assumption]:
    """Return key → value of `data/network/assumptions.csv`.

    Raises
    ------
    SchemaError : a value lies outside its own range.
    """
    values = {}
    for n, row in enumerate(root.rows("network/assumptions.csv"), 2):
        where = f"data/network/assumptions.csv:{n}"
        typed: dict[str, Any] = schema.check("assumption", row, where)
        checked = Assumption(**{key: v for key, v in typed.items() if v is not None})
        if not checked.low <= checked.value <= checked.high:
            message = f"{where}: {checked.value} is not between {checked.low} and {checked.high}"
            raise SchemaError(message)
        values[checked.key] = checked
    return values


def assumption(key: str) -> Assumption:
    """Return one value of `data/network/assumptions.csv`.

    Raises
    ------
    UnknownNameError : no such key; the message offers the nearest.
    """
    if key in assumptions():
        return assumptions()[key]
    message = f"no '{key}' in data/network/assumptions.csv; {meant(key) or f'it holds {_listed()}'}"
    raise UnknownNameError(message)


def meant(key: str) -> str:
    """Return a hint at the key that an unknown one may stand for, empty if none is near."""
    from difflib import get_close_matches

    before, _, column = key.rpartition(".")
    if before and column in _SHORT:
        return f"of a link, crossing or corridor give {before}.{_SHORT[column]}"
    offered = [known for known in sorted(assumptions()) if key and known.startswith(key)][:5]
    offered = offered or get_close_matches(key, assumptions(), n=3)
    return f"did you mean {', '.join(offered)}?" if offered else ""


def _listed() -> str:
    return ", ".join(sorted(assumptions()))


class Rates:
    """Speeds, delays, hours and costs of links, under the values that a scenario sets.

    Parameters
    ----------
    settings : key of assumptions.csv, or the id of a link, crossing or corridor and a
        column, such as ``x-sarp-sarpi.delay_h``, → value.
    users : for whom: ``freight``, ``passengers`` or ``third-country`` (freight of others).
    on : day that the delays are of: none at a border that then lay inside one union (see
        `corridors.network.open_borders`), unless the scenario sets that of the border. If missing,
        every crossing has a stop.
    shares : crossing or corridor → link id → the part of a delay or fee set for the whole that the
        link bears (see `corridors.network.group_shares`); all of it, if missing.
    """

    def __init__(
        self,
        settings: Mapping[str, float] | None = None,
        *,
        users: str = "freight",
        on: date | None = None,
        shares: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._settings = dict(settings or {})
        self._users = users
        self._on = on
        self._shares = shares or {}
        self._assumptions = assumptions()

    def usual(self, *keys: str) -> float:
        """Return the value of the first key that the scenario sets, or else that the table has."""
        return self._assumption_of(keys).value

    def used(self, link: Link, column: str) -> Assumption | None:
        """Return the value of a link's ``speed_kmh``, ``delay_h`` … with its range.

        None if the link has no delay or fee. A value that a scenario sets has no range; one that
        the data state for a single link has the relative range of the usual value.
        """
        for key in _setting_keys(link, column):
            if key in self._settings:
                return exact(key, self._set_value(key, link, column), "scenario")
        if column == "delay_h" and self.without_stop(link):
            return None
        keys = self._usual_keys(link, column)
        stated = self._stated(link, column)
        if stated is None:
            return self._assumption_of(keys) if keys else None
        usual = next((self._assumptions[key] for key in keys if key in self._assumptions), None)
        state = (column == "delay_h" and link.delay_state) or link.state or "stated"
        if usual is None:
            return exact(f"stated {column}", stated, state)
        scale = stated / usual.value
        return replace(usual, key=f"stated {usual.key}", value=stated, low=scale * usual.low,
                       high=scale * usual.high, state=state)  # fmt: skip

    def speed_kmh(self, link: Link) -> float:
        """Return the mean speed on a link, without delays."""
        own = self._own(link, "speed_kmh")
        return self.usual(*self._usual_keys(link, "speed_kmh")) if own is None else own

    def delay_h(self, link: Link) -> float:
        """Return the time lost on a link besides driving."""
        delay = self.used(link, "delay_h")
        return 0.0 if delay is None else delay.value

    def without_stop(self, link: Link) -> bool:
        """Tell whether a crossing had no border stop on the day, being inside one union."""
        if link.crossing is None or self._on is None:
            return False
        return common_union(link.countries, self._on, self._users) is not None

    def hours(self, link: Link) -> float:
        """Return the time that a link takes."""
        drive = link.length_m / 1000 / self.speed_kmh(link) if link.length_m else 0.0
        return drive + self.delay_h(link)

    def cost_usd_t(self, link: Link) -> float:
        """Return what a tonne costs on a link, in US dollars."""
        own = self._own(link, "cost_usd_t")
        if link.mode == "transfer":
            return self.usual(*self._usual_keys(link, "cost_usd_t")) if own is None else own
        return link.length_m / 1000 * self.usual(f"cost_usd_tkm.{link.mode}") + (own or 0.0)

    def _assumption_of(self, keys: Sequence[str]) -> Assumption:
        for key in keys:
            if key in self._settings:
                return exact(key, self._settings[key], "scenario")
        for key in keys:
            if key in self._assumptions:
                return self._assumptions[key]
        message = f"no value for '{keys[0]}' in data/network/assumptions.csv"
        raise UnknownNameError(message)

    def _usual_keys(self, link: Link, column: str) -> tuple[str, ...]:
        """Return the keys of a link's usual value, the most specific first; may be empty."""
        if column == "speed_kmh":
            return f"speed_kmh.{link.mode}.{link.terrain}", f"speed_kmh.{link.mode}"
        if column == "cost_usd_tkm":
            return (f"cost_usd_tkm.{link.mode}",)
        if link.mode == "transfer":
            kind = "gauge" if link.changes_gauge else "mode"
            return f"{column}.transfer.{kind}", f"{column}.transfer"
        if column == "delay_h" and link.crossing is not None:
            crossing = f"delay_h.crossing.{link.mode}"
            return f"{crossing}.{self._users}", crossing, "delay_h.crossing"
        return ()

    def _stated(self, link: Link, column: str) -> float | None:
        """Return the value that the data state for a link, None if they state none."""
        if column == "delay_h" and self._users == "passengers":
            return link.delay_passengers_h
        stated: float | None = getattr(link, column, None)
        return stated

    def _own(self, link: Link, column: str) -> float | None:
        """Return the value that the scenario sets for a link, or else what the data state."""
        for key in _setting_keys(link, column):
            if key in self._settings:
                return self._set_value(key, link, column)
        return self._stated(link, column)

    def _set_value(self, key: str, link: Link, column: str) -> float:
        """Return the part of a value that the scenario sets which falls on a link."""
        value = self._settings[key]
        if column not in _ADDITIVE:
            return value
        return value * self._shares.get(key.rpartition(".")[0], {}).get(link.id, 1.0)


def _setting_keys(link: Link, column: str) -> Iterable[str]:
    """Return the keys under which a scenario may set a link's value."""
    return (f"{key}.{column}" for key in (link.id, link.crossing, link.corridor) if key)


def exact(key: str, value: float, state: str) -> Assumption:
    """Return a value without a range."""
    return Assumption(key=key, value=value, low=value, high=value, unit="", source="", state=state)
