"""What the hours of a way are made of: running, borders, changes of gauge and mode, ships."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from corridors.network.estimate import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.rates import Assumption, Rates

__all__ = ["DRIVING_H", "REST_H", "TimePart", "driver_rest_h", "hours_by", "parts_of"]

# A driver alone may drive so long, and then rests so long (AETR, articles 6 and 8).
DRIVING_H, REST_H = 9, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePart:
    """One part of the hours of a way, with its 95 % interval.

    Parameters
    ----------
    what : ``running``; ``border``, waiting at one; ``gauge`` or ``change``, a change of gauge or
        mode; ``sailing``; ``ship``, waiting for one; ``opening``, waiting until a link opens;
        ``delay``, any other.
    where : crossing of a wait, with the country whose post it is where the two are told apart
        (``x-sarp-sarpi GE``); place of a change; modes of running.
    basis : states of what it rests on, such as ``calibrated``.
    """

    what: str
    where: str
    hours: float
    low: float
    high: float
    basis: str

    @property
    def crossing(self) -> str:
        """Return the crossing of a stop at a border or of a wait for a ship, empty for others."""
        return self.where.split(" ")[0] if self.what in ("border", "ship") else ""


def parts_of(links: Sequence[Link], rates: Rates) -> tuple[TimePart, ...]:
    """Return the parts of the hours of links in the order of travel; they add up to the hours.

    Parameters
    ----------
    links : with their countries in the order of travel.
    """
    moving = [link for link in links if rates.driven(link)]
    parts: list[TimePart] = []
    shown: set[str] = set()
    for link in links:
        # What moves is told once for each way of moving, where it begins.
        if rates.driven(link) and link.mode not in shown:
            shown.add(link.mode)
            parts.append(_moved([moved for moved in moving if moved.mode == link.mode], rates))
        delays = rates.delays(link)
        for n, delay in enumerate(delays):
            post = link.countries[-n] if len(delays) > 1 else ""
            parts.append(_waited(link, delay, post))
    return tuple(parts)


def driver_rest_h(parts: Iterable[TimePart], users: str) -> float:
    """Return how long the driver of a lorry, if alone, rests on a way, in hours; 0 for others.

    The hours of a way do not count it; the interval of a lorry's speed does.

    Examples
    --------
    >>> way = TimePart(what="running", where="road", hours=20, low=15, high=44, basis="calibrated")
    >>> driver_rest_h([way], "freight"), driver_rest_h([way], "passengers")
    (22.0, 0.0)
    """
    driven = sum(part.hours for part in parts if (part.what, part.where) == ("running", "road"))
    if users != "freight" or driven <= DRIVING_H:
        return 0.0
    return float(REST_H * (ceil(driven / DRIVING_H) - 1))


# What a part of the hours is → under which of six keys it is added up.
_KEYS = {"running": "running", "border": "border", "gauge": "gauge", "change": "mode",
         "sailing": "sailing", "ship": "waiting", "opening": "waiting",
         "delay": "waiting"}  # fmt: skip


def hours_by(parts: Iterable[TimePart]) -> dict[str, float]:
    """Return the hours of a way by what they are spent on; they add up to its hours.

    Examples
    --------
    >>> part = TimePart(what="border", where="x", hours=5.0, low=1.0, high=9.0, basis="quoted")
    >>> hours_by([part])["border"], hours_by([part])["sailing"]
    (5.0, 0.0)
    """
    sums = dict.fromkeys(("running", "border", "gauge", "mode", "sailing", "waiting"), 0.0)
    for part in parts:
        sums[_KEYS[part.what]] += part.hours
    return sums


def _moved(links: Sequence[Link], rates: Rates) -> TimePart:
    """Return the time that links of one mode take without their stops."""
    found = total("driving", [(1.0, links, rates)])
    mode = links[0].mode
    what = "sailing" if mode == "ferry" else "running"
    return TimePart(what=what, where=mode, hours=found.value, low=found.low, high=found.high,
                    basis=found.basis)  # fmt: skip


def _waited(link: Link, delay: Assumption, post: str) -> TimePart:
    if link.mode == "transfer":
        what, where = ("gauge" if link.changes_gauge else "change"), link.start.place
    elif link.crossing:
        what, where = ("ship" if link.mode == "ferry" else "border"), link.crossing
    else:
        what, where = "delay", link.id
    return TimePart(what=what, where=f"{where} {post}".strip(), hours=delay.value, low=delay.low,
                    high=delay.high, basis=delay.state)  # fmt: skip
