"""Published flows and capacities of crossings and corridors: lorries a day, tonnes a year."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Demand",
    "Flow",
    "Load",
    "capacity_of",
    "flows",
    "flows_of",
    "load_of",
    "loads",
    "over_capacity",
    "overloads",
    "read_demand",
]

# Unit of the source → the unit here, and the factor to it.
_UNITS = {
    "lorries/day": ("lorries/day", 1.0), "lorries/month": ("lorries/day", 12 / 365.25),
    "lorries/year": ("lorries/day", 1 / 365.25), "Mt/year": ("Mt/year", 1.0),
    "t/year": ("Mt/year", 1e-6),
}  # fmt: skip
_DEMAND = re.compile(r"(\d+(?:\.\d+)?)\s*(Mt/year|lorries/day)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One published flow or capacity (`data/context/flows.csv`).

    Parameters
    ----------
    place : id of a crossing or a corridor.
    what : ``flow`` or ``capacity``.
    country, direction : ``out`` of a country, ``in``, or ``both`` ways together.
    stated, unit_stated : the number and its unit as published.
    value, unit : the same in lorries a day or million tonnes a year.
    planned : whether it is that of a line as it is planned.
    """

    id: str
    place: str
    what: str
    mode: str
    country: str
    direction: str
    stated: float
    unit_stated: str
    value: float
    unit: str
    year: int | None
    planned: bool
    source: str
    state: str
    note: str = ""

    def row(self) -> dict[str, Any]:
        """Return the values of its JSON."""
        return {
            "what": self.what, "value": round(self.value, 3), "unit": self.unit,
            "stated": f"{self.stated:g} {self.unit_stated}", "country": self.country or None,
            "direction": self.direction, "year": self.year, "planned": self.planned,
            "source": self.source, "state": self.state, "note": self.note,
        }  # fmt: skip

    @property
    def text(self) -> str:
        """Return it in words.

        Examples
        --------
        >>> capacity_of("btk", "Mt/year").text
        'capacity 5 Mt/year (2024)'
        """
        way = "" if self.direction == "both" else f" {self.direction} of {self.country}"
        way = way.replace("in of", "into")
        planned = "planned " if self.planned else ""
        year = f" ({self.year})" if self.year else ""
        return f"{planned}{self.what} {_number(self.value)} {self.unit}{way}{year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The latest published flow of a crossing or corridor, both ways together.

    Parameters
    ----------
    parts : the published flows that it is made of: one of both ways, or one each way.
    """

    place: str
    value: float
    unit: str
    year: int
    parts: tuple[Flow, ...]

    @property
    def text(self) -> str:
        """Return it in words."""
        return f"{_number(self.value)} {self.unit} ({self.year})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A traffic that is to take a way, both ways together.

    Parameters
    ----------
    value, unit : lorries a day or million tonnes a year.
    """

    value: float
    unit: str

    @property
    def text(self) -> str:
        """Return it in words."""
        return f"{_number(self.value)} {self.unit}"


def read_demand(value: object) -> Demand | None:
    """Return a demand from words such as ``800 lorries/day`` or ``6 Mt/year``.

    Raises
    ------
    AraxesError : it is no number above 0 with one of these units.

    Examples
    --------
    >>> read_demand("6Mt/year")
    Demand(value=6.0, unit='Mt/year')
    """
    if value is None or isinstance(value, Demand):
        return value
    found = _DEMAND.fullmatch(value.strip()) if isinstance(value, str) else None
    unit = {"mt": "Mt/year", "lo": "lorries/day"}[found[2][:2].lower()] if found else ""
    if found is None or float(found[1]) <= 0:
        message = (
            f"demand is {str(value)[:30]!r}; write lorries a day or million tonnes a year, such as "
            "'800 lorries/day' or '6 Mt/year'"
        )
        raise AraxesError(message)
    return Demand(value=float(found[1]), unit=unit)


def over_capacity(demand: Demand, carriers: Iterable[str]) -> dict[str, str]:
    """Return crossing or corridor → the remark that it could not carry a demand.

    Its latest published traffic counts besides. Where no capacity is published in the unit of the
    demand, nothing is said.

    Parameters
    ----------
    carriers : ids of the crossings and corridors of a way.

    Examples
    --------
    >>> over_capacity(Demand(value=16.0, unit="Mt/year"), ["horadiz-aghband"])["horadiz-aghband"]
    '16 Mt/year are more than horadiz-aghband carries: planned capacity 15 Mt/year (2026)'
    """
    remarks = {}
    for key in dict.fromkeys(carriers):
        limit = capacity_of(key, demand.unit)
        if limit is None:
            continue
        own = load_of(key, demand.unit)
        if demand.value + (own.value if own else 0.0) > limit.value:
            besides = f" besides {own.text} of its own" if own else ""
            remarks[key] = f"{demand.text}{besides} are more than {key} carries: {limit.text}"
    return remarks


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@cache
def flows(root: DataRoot = BUNDLED) -> tuple[Flow, ...]:
    """Return every published flow and capacity."""
    read = []
    for typed in schema.checked_rows("flow", "context/flows.csv", root=root):
        unit, factor = _UNITS[typed["unit"]]
        read.append(
            Flow(
                id=typed["id"], place=typed["place"], what=typed["what"], mode=typed["mode"],
                country=typed["country"] or "", direction=typed["direction"],
                stated=typed["value"], unit_stated=typed["unit"], value=typed["value"] * factor,
                unit=unit, year=typed["year"], planned=typed["planned"] == "yes",
                source=typed["source"], state=typed["state"], note=typed["note"] or "",
            )
        )  # fmt: skip
    return tuple(read)


def flows_of(key: str) -> tuple[Flow, ...]:
    """Return the published flows and capacities of a crossing or corridor, the latest first."""
    return tuple(sorted((f for f in flows() if f.place == key), key=lambda f: -(f.year or 0)))


def capacity_of(key: str, unit: str) -> Flow | None:
    """Return the latest published capacity of both ways in a unit, None if there is none."""
    return next(
        (f for f in flows_of(key) if (f.what, f.unit, f.direction) == ("capacity", unit, "both")),
        None,
    )


def load_of(key: str, unit: str) -> Load | None:
    """Return the latest published flow of both ways together, None if there is none.

    Of one year a flow that was published for both ways counts before one added up from each way.

    Examples
    --------
    >>> load = load_of("x-sarp-sarpi", "lorries/day")
    >>> round(load.value), load.year, len(load.parts)
    (1089, 2025, 2)
    """
    by_year: dict[int, list[Flow]] = defaultdict(list)
    for flow in flows_of(key):
        if flow.what == "flow" and flow.unit == unit and flow.year is not None:
            by_year[flow.year].append(flow)
    for year in sorted(by_year, reverse=True):
        parts = _both_ways(by_year[year])
        if parts:
            return Load(place=key, value=sum(part.value for part in parts), unit=unit, year=year,
                        parts=parts)  # fmt: skip
    return None


def _both_ways(of_year: list[Flow]) -> tuple[Flow, ...]:
    """Return the flow of both ways, or one of each way as one country counts it; else none."""
    both = [flow for flow in of_year if flow.direction == "both"]
    if both:
        return (both[0],)
    for country in {flow.country for flow in of_year}:
        ways = {flow.direction: flow for flow in of_year if flow.country == country}
        if {"in", "out"} <= ways.keys():
            return ways["in"], ways["out"]
    return ()


def loads(unit: str) -> tuple[Load, ...]:
    """Return the latest published flow of each crossing and corridor in a unit, in order of id."""
    keys = sorted({flow.place for flow in flows()})
    return tuple(load for key in keys if (load := load_of(key, unit)) is not None)


def overloads(now: Iterable[str], then: Iterable[str]) -> list[str]:
    """Return remarks that a way would carry more than it can, if all of another's traffic took it.

    Parameters
    ----------
    now, then : ids of the crossings and corridors of the present way, and of the other one.

    Examples
    --------
    >>> remarks = overloads(["x-sarp-sarpi"], ["x-samur-az-yarag-kazmalyar"])
    >>> remarks[0].rpartition(" could not ")[2]
    'carry them: capacity 630 lorries/day (2022)'
    """
    left, taken = list(dict.fromkeys(now)), list(dict.fromkeys(then))
    remarks = []
    for unit in ("lorries/day", "Mt/year"):
        leaving = [load for key in left if key not in taken and (load := load_of(key, unit))]
        if not leaving:
            continue
        most = max(leaving, key=lambda load: load.value)
        for key in taken:
            limit = None if key in left else capacity_of(key, unit)
            if limit is None:
                continue
            own = load_of(key, unit)
            together = most.value + (own.value if own else 0.0)
            if together > limit.value:
                besides = f" besides {own.text} of its own" if own else ""
                remarks.append(
                    f"if all {most.text} of {most.place} came this way{besides}, {key} could not "
                    f"carry them: {limit.text}"
                )
    return remarks
