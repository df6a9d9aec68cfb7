"""Speeds, delays and costs, each with its range and its source or the state ``assumption``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from math import hypot
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError, UnknownNameError
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from corridors.model.lent import COUNTRIES, Lent, is_elsewhere, is_outside, merged
from corridors.network.open_borders import common_union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from corridors.network.link import Link

__all__ = [
    "LARGEST",
    "SLOWEST_KMH",
    "Assumption",
    "LinkValues",
    "Rates",
    "assumption",
    "assumption_groups",
    "assumptions",
    "assumptions_of",
    "exact",
    "meant",
]

# Largest hours or cost of a link: sums of larger ones lose the differences between routes.
LARGEST = 1e6
# No mode is slower, in km/h: hours of less are a slip of the unit.
SLOWEST_KMH = 1.0
# Values that add up over the links of a crossing or corridor.
_ADDITIVE = frozenset({"delay_h", "cost_usd_t"})
_COUNTRY = re.compile("[A-Z]{2}")
# Short forms of a link's columns, which users write by mistake.
_SHORT = {"delay": "delay_h", "speed": "speed_kmh", "cost": "cost_usd_t"}
# What the keys of values begin with, and the words that may follow in them.
_COLUMNS = ("speed_kmh", "delay_h", "cost_usd_t", "cost_usd_tkm")
_WORDS = ("rail", "road", "ferry", "freight", "passengers", "third-country", "plain", "hilly",
          "mountain", "lorries", "goods-trains", "coaches", "cars", "passenger-trains",
          "crossing", "post", "transfer", "gauge", "mode", "in", "out")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One value that hours and costs rest on.

    Parameters
    ----------
    low, high : ends of its range, in `unit`; equal to `value` if it is taken as exact.
    state : ``calibrated`` on published values, ``quoted``, ``assumption`` …; ``scenario`` for a
        value that a scenario sets.
    together : what assumptions that err together share; empty if it errs alone.
    currency, first_year, last_year : of a cost, the money that it is in, by ISO 4217, and between
        what years its prices were found; nothing is deflated.
    """

    key: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    state: str
    note: str = ""
    together: str = ""
    currency: str = ""
    first_year: int | None = None
    last_year: int | None = None


@cache
def assumptions(root: DataRoot = BUNDLED) -> dict[str, Assumption]:
    """Return key → value of `data/network/assumptions.csv` and `rates.csv`, in order of key.

    Raises
    ------
    SchemaError : a value lies outside its own range; a key of a study's is no key.
    """
    values = {}
    stated, calibrated = "network/assumptions.csv", "network/rates.csv"
    # Those of a study prevail over all that is bundled.
    located = list(root.located_rows(stated))
    own = located[len(located) - len(root.own_rows(stated)) :]
    for where, row in own:
        _check_key(row.get("key") or "", where)
    for kind, rows in (
        ("assumption", located), ("rate", root.located_rows(calibrated)), ("assumption", own),
    ):  # fmt: skip
        for where, row in rows:
            typed: dict[str, Any] = schema.check(kind, row, where)
            if kind == "rate":
                typed |= {"source": "araxes", "state": "calibrated"}
                del typed["n"]
            checked = Assumption(**{key: v for key, v in typed.items() if v is not None})
            if not checked.low <= checked.value <= checked.high:
                value, low, high = checked.value, checked.low, checked.high
                raise SchemaError(f"{where}: {value} is not between {low} and {high}")
            values[checked.key] = checked
    return dict(sorted(values.items()))


def _check_key(key: str, where: str) -> None:
    """Refuse a key that no link asks for; one that is missing is told by its table."""
    first, *others = key.split(".")
    unknown = [] if first in ("", *_COLUMNS) else [first]
    unknown += [word for word in others if word not in _WORDS and not _COUNTRY.fullmatch(word)]
    if unknown:
        hint = schema.misspelt(unknown, _COLUMNS if unknown[0] == first else _WORDS)
        message = f"{where}: key is '{key}', where '{unknown[0]}' says nothing"
        raise SchemaError(f"{message}; write it as speed_kmh.road or delay_h.crossing.rail{hint}")


@cache
def assumption_groups() -> frozenset[str]:
    """Return keys that stand for several assumptions at once, such as ``speed_kmh.road``."""
    parts = [key.split(".") for key in assumptions()]
    prefixes = {".".join(part[:n]) for part in parts for n in range(2, len(part))}
    return frozenset(prefixes - assumptions().keys())


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


def assumptions_of(key: str) -> tuple[Assumption, ...]:
    """Return the value of a key, or all that a key such as ``speed_kmh.road`` stands for.

    Raises
    ------
    UnknownNameError : no such key; the message offers the nearest.
    """
    if key in assumption_groups():
        return tuple(v for k, v in assumptions().items() if k.startswith(f"{key}."))
    return (assumption(key),)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValues:
    """What a value of a link may be, before any scenario sets it; the first that there is holds.

    Parameters
    ----------
    stated : what the data state for this link.
    posts : of a delay, for the two posts of a border: keys, the most specific first, and the value
        without a scenario.
    usual : keys of the usual value, the most specific first, and the value without a scenario.
    """

    stated: Assumption | None
    posts: tuple[tuple[tuple[str, ...], Assumption], ...]
    usual: tuple[tuple[str, ...], Assumption] | None


class Rates:
    """Speeds, delays, hours and costs of links, under the values that a scenario sets.

    Parameters
    ----------
    settings : key of assumptions.csv, or the id of a link, crossing or corridor and a
        column, such as ``x-sarp-sarpi.delay_h``, → value.
    users : for whom: ``freight``, ``passengers`` or ``third-country`` (freight of others).
    vehicle : with a speed of its own where there is one: ``coaches``, ``cars``.
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
        vehicle: str = "",
        on: date | None = None,
        shares: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._settings = dict(settings or {})
        self._users, self._vehicle = users, vehicle
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
        if column == "delay_h":
            return _sum_of(self.delays(link), self._usual_keys(link, column))
        return self._set_or_stated(link, column) or self._usual_of(link, column)

    def delays(self, link: Link) -> tuple[Assumption, ...]:
        """Return what the time lost on a link consists of: the two posts of a border, or one whole.

        Empty if none is lost. The post that is left is that of the link's first country.
        """
        whole = self._set_or_stated(link, "delay_h")
        if whole is None and self.without_stop(link):
            return ()
        if whole is None:
            posts = self._posts(link)
            if posts:
                return posts
            whole = self._usual_of(link, "delay_h")
        return () if whole is None else (whole,)

    def _posts(self, link: Link) -> tuple[Assumption, ...]:
        """Return the stops at the two posts of a border, if of one at least times are known."""
        if not self._settings.keys().isdisjoint(self._usual_keys(link, "delay_h")):
            return ()
        keys = self._post_keys(link)
        return tuple(self._lent(self._assumption_of(chain), link) for chain in keys)

    def _post_keys(self, link: Link) -> tuple[tuple[str, ...], ...]:
        """Return the keys of the stop at each post, the most specific first; may be empty."""
        at_border = link.crossing is not None and self._users == "freight"
        if not at_border or len(link.countries) < 2:
            return ()
        base = f"delay_h.post.{link.mode}.freight"
        ends = ((link.countries[0], "out"), (link.countries[-1], "in"))
        chains = [(f"{base}.{code}.{way}", f"{base}.{code}") for code, way in ends]
        if not any(key in self._assumptions for chain in chains for key in chain):
            return ()
        shared = (base, f"delay_h.post.{link.mode}", "delay_h.post")
        return tuple((*chain, *shared) for chain in chains)

    def values_of(self, link: Link, column: str) -> LinkValues:
        """Return what a link's ``speed_kmh``, ``delay_h`` … is made of, whatever the day.

        What `used` and `delays` return under any scenario follows from it.
        """
        posts = self._post_keys(link) if column == "delay_h" else ()
        # The length of a change of mode has no usual speed or cost.
        by_length = column in ("speed_kmh", "cost_usd_tkm")
        keys = () if link.mode == "transfer" and by_length else self._usual_keys(link, column)
        undated = Rates(users=self._users, vehicle=self._vehicle)
        return LinkValues(
            stated=undated._set_or_stated(link, column),
            posts=tuple((chain, undated._assumption_of(chain)) for chain in posts),
            usual=(keys, undated._lent(undated._assumption_of(keys), link)) if keys else None,
        )

    def _set_or_stated(self, link: Link, column: str) -> Assumption | None:
        """Return the value that the scenario sets for a link, or else that the data state."""
        for key in _setting_keys(link, column):
            if key in self._settings:
                return exact(key, self._set_value(key, link, column), "scenario")
        stated = self._stated(link, column)
        if stated is None or (column == "delay_h" and self.without_stop(link)):
            return None
        keys = self._usual_keys(link, column)
        usual = next((self._assumptions[key] for key in keys if key in self._assumptions), None)
        state = (column == "delay_h" and link.delay_state) or link.state or "stated"
        if usual is None:
            return exact(f"stated {column}", stated, state)
        scale = stated / usual.value
        return replace(usual, key=f"stated {usual.key}", value=stated, low=scale * usual.low,
                       high=scale * usual.high, state=state, together="", first_year=None,
                       last_year=None)  # fmt: skip

    def _usual_of(self, link: Link, column: str) -> Assumption | None:
        keys = self._usual_keys(link, column)
        return self._lent(self._assumption_of(keys), link) if keys else None

    def _lent(self, usual: Assumption, link: Link) -> Assumption:
        """Return a usual value; elsewhere than where it was found it is an assumption."""
        elsewhere = usual.state != "scenario" and is_elsewhere(link.xy, link.countries)
        return replace(usual, state="assumption") if elsewhere else usual

    def lent(self, links: Iterable[Link]) -> tuple[Lent, ...]:
        """Return the averages of the region that links elsewhere rest on.

        A speed, border time or cost that the data state for a link, or a scenario sets, is not
        lent, nor is the time of a border without a stop.
        """
        parts: list[tuple[str, tuple[str, ...]]] = []
        for link in _elsewhere(links):
            if link.basis == "chain":
                parts.append(("sinuosity", link.countries))
            columns = ["delay_h", "cost_usd_t"]
            columns += ["speed_kmh", "cost_usd_tkm"] if link.mode != "transfer" else []
            for column in columns:
                value = self.used(link, column)
                if value is not None and value.key in self._assumptions:
                    parts += [(value.key, link.countries)] if value.state != "scenario" else []
        return merged(parts)

    def speed_kmh(self, link: Link) -> float:
        """Return the mean speed on a link, without delays."""
        own = self._own(link, "speed_kmh")
        return self.usual(*self._usual_keys(link, "speed_kmh")) if own is None else own

    def delay_h(self, link: Link) -> float:
        """Return the time lost on a link besides driving."""
        return sum(delay.value for delay in self.delays(link))

    def without_stop(self, link: Link) -> bool:
        """Tell whether a crossing had no border stop on the day, being inside one union."""
        if link.crossing is None or self._on is None:
            return False
        return common_union(link.countries, self._on, self._users) is not None

    def driven(self, link: Link) -> bool:
        """Tell whether the length of a link takes time; that of a transfer is in its delay.

        Unless a speed is stated for the transfer itself.
        """
        by_length = link.mode != "transfer" or self._own(link, "speed_kmh") is not None
        return bool(link.length_m) and by_length

    def hours(self, link: Link) -> float:
        """Return the time that a link takes."""
        drive = link.length_m / 1000 / self.speed_kmh(link) if self.driven(link) else 0.0
        return drive + self.delay_h(link)

    def cost_usd_t(self, link: Link) -> float:
        """Return what a tonne costs on a link, in US dollars."""
        own = self._own(link, "cost_usd_t")
        if link.mode == "transfer":
            return self.usual(*self._usual_keys(link, "cost_usd_t")) if own is None else own
        return link.length_m / 1000 * self.usual(f"cost_usd_tkm.{link.mode}") + (own or 0.0)

    def paid_at_once(self, link: Link, by: str) -> float:
        """Return the hours or US dollars a tonne of a link that do not grow with its length.

        Parameters
        ----------
        by : ``hours`` or ``cost``; of ``km`` there are none.
        """
        if by == "hours":
            return self.delay_h(link)
        return (self._own(link, "cost_usd_t") or 0.0) if by == "cost" else 0.0

    def _assumption_of(self, keys: Sequence[str]) -> Assumption:
        for key in keys:
            if key in self._settings:
                return exact(key, self._settings[key], "scenario")
        for key in keys:
            if key in self._assumptions:
                return self._assumptions[key]
        file = "data/network/assumptions.csv" if BUNDLED.shows else "network/assumptions.csv"
        message = f"no value for '{keys[0]}' in {file}; add a row '{keys[-1]}'"
        raise UnknownNameError(message)

    def _usual_keys(self, link: Link, column: str) -> tuple[str, ...]:
        """Return the keys of a link's usual value, the most specific first; may be empty."""
        if column == "speed_kmh":
            usual = f"speed_kmh.{link.mode}"
            own = f"{usual}.{self._users}"
            every = f"{own}.{link.terrain}", own, f"{usual}.{link.terrain}", usual
            return (f"{usual}.{self._vehicle}", *every) if self._vehicle else every
        if column == "cost_usd_tkm":
            return (f"cost_usd_tkm.{link.mode}",)
        if link.mode == "transfer":
            kind = f"{column}.transfer.{'gauge' if link.changes_gauge else 'mode'}"
            return f"{kind}.{self._users}", kind, f"{column}.transfer"
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


def _elsewhere(links: Iterable[Link]) -> Iterable[Link]:
    """Yield the links outside the region; of a table one of each kind, as its rates are alike."""
    from corridors.network.link_table import PER_DEGREE, LinkTable

    if not isinstance(links, LinkTable):
        yield from (link for link in links if is_elsewhere(link.xy, link.countries))
        return
    if not BUNDLED.shows:
        return
    column, nodes = links.columns, links.nodes
    outside = is_outside(*(nodes.xy / PER_DEGREE).T)
    outside = (outside[column.start] | outside[column.end]) & (
        links.offsets[1:] > links.offsets[:-1]
    )
    foreign = [not COUNTRIES.issuperset(link.countries) for link in links.samples]
    for n, by_country in enumerate(foreign):
        if by_country:
            outside |= column.kind == n
    yield from links.of_kinds(outside)


def _setting_keys(link: Link, column: str) -> Iterable[str]:
    """Return the keys under which a scenario may set a link's value."""
    keys = (link.id, link.part_of, link.crossing, link.corridor)
    return (f"{key}.{column}" for key in keys if key)


def _sum_of(delays: Sequence[Assumption], keys: Sequence[str]) -> Assumption | None:
    """Return the two posts of a border as one stop; their errors are independent."""
    if len(delays) < 2:
        return delays[0] if delays else None
    value = sum(delay.value for delay in delays)
    low = value - hypot(*(delay.value - delay.low for delay in delays))
    high = value + hypot(*(delay.high - delay.value for delay in delays))
    state = "+".join(sorted({delay.state for delay in delays}))
    return replace(delays[0], key=keys[0], value=value, low=low, high=high, state=state)


def exact(key: str, value: float, state: str) -> Assumption:
    """Return a value without a range."""
    return Assumption(key=key, value=value, low=value, high=value, unit="", source="", state=state)
