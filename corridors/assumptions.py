"""Speeds, delays and costs: each with its range, and a source or the word assumption."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from borders import schema
from borders.errors import SchemaError, UnknownNameError
from borders.store import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.link import Link

__all__ = ["Assumption", "Rates", "assumptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One value that hours and costs rest on."""

    key: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    state: str
    note: str = ""


@cache
def assumptions() -> dict[str, Assumption]:
    """Return key → value of `data/network/assumptions.csv`.

    Raises
    ------
    SchemaError : a value lies outside its own range.
    """
    found = {}
    for n, row in enumerate(read_rows("network/assumptions.csv"), 2):
        where = f"data/network/assumptions.csv:{n}"
        typed: dict[str, Any] = schema.check("assumption", row, where)
        one = Assumption(**{key: v for key, v in typed.items() if v is not None})
        if not one.low <= one.value <= one.high:
            message = f"{where}: {one.value} is not between {one.low} and {one.high}"
            raise SchemaError(message)
        found[one.key] = one
    return found


class Rates:
    """What a link costs in hours and in money, under a scenario's values.

    Parameters
    ----------
    settings : key of assumptions.csv, or the id of a link, crossing or corridor and a
        column, such as ``x-sarp-sarpi.delay_h``, → value.
    users : for whom: ``freight``, ``passengers`` or ``third-country`` (freight of others).
    """

    def __init__(self, settings: Mapping[str, float] | None = None, *, users: str = "freight"):
        self._settings = dict(settings or {})
        self._users = users
        self._usual = assumptions()

    def usual(self, *keys: str) -> float:
        """Return the first of the keys that has a value, a scenario's before the usual one."""
        for key in keys:
            if key in self._settings:
                return self._settings[key]
        for key in keys:
            if key in self._usual:
                return self._usual[key].value
        message = f"no value for '{keys[0]}' in data/network/assumptions.csv"
        raise UnknownNameError(message)

    def speed_kmh(self, link: Link) -> float:
        """Return the mean speed on a link, without delays."""
        own = self._own(link, "speed_kmh", link.speed_kmh)
        if own is not None:
            return own
        return self.usual(f"speed_kmh.{link.mode}.{link.terrain}", f"speed_kmh.{link.mode}")

    def delay_h(self, link: Link) -> float:
        """Return the time lost on a link besides driving."""
        stated = link.delay_passengers_h if self._users == "passengers" else link.delay_h
        own = self._own(link, "delay_h", stated)
        if own is not None:
            return own
        if link.mode == "transfer":
            kind = "gauge" if link.changes_gauge else "mode"
            return self.usual(f"delay_h.transfer.{kind}", "delay_h.transfer")
        if link.crossing is not None:
            return self.usual(f"delay_h.crossing.{link.mode}.{self._users}",
                              f"delay_h.crossing.{link.mode}", "delay_h.crossing")  # fmt: skip
        return 0.0

    def hours(self, link: Link) -> float:
        """Return the time that a link takes."""
        drive = link.length_m / 1000 / self.speed_kmh(link) if link.length_m else 0.0
        return drive + self.delay_h(link)

    def cost_usd_t(self, link: Link) -> float:
        """Return what a tonne costs on a link, in US dollars."""
        own = self._own(link, "cost_usd_t", link.cost_usd_t)
        if link.mode == "transfer":
            kind = "gauge" if link.changes_gauge else "mode"
            usual = self.usual(f"cost_usd_t.transfer.{kind}", "cost_usd_t.transfer")
            return usual if own is None else own
        return link.length_m / 1000 * self.usual(f"cost_usd_tkm.{link.mode}") + (own or 0.0)

    def _own(self, link: Link, column: str, stated: float | None) -> float | None:
        for key in (link.id, link.crossing, link.corridor):
            if key and f"{key}.{column}" in self._settings:
                return self._settings[f"{key}.{column}"]
        return stated
