"""Links in a row whose length together is published (`data/network/totals.csv`).

Each of them is less sure than the whole: what one has too much, the others have too little.
"""

from __future__ import annotations

from functools import cache
from math import fsum, hypot
from typing import TYPE_CHECKING, NamedTuple

from borders.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridors.network.link import Link

__all__ = ["Span", "known_spans", "spanned", "spans_of"]


class Span(NamedTuple):
    """Links in a row within a sum, and the standard error of their length together.

    Parameters
    ----------
    slope : change of the sum per metre of them.
    """

    links: tuple[str, ...]
    slope: float
    sigma_m: float


class _Total(NamedTuple):
    links: tuple[str, ...]
    length_m: float
    sigma_m: float


def spans_of(summed: Mapping[str, tuple[Link, float]]) -> Iterator[Span]:
    """Yield the published lengths that make a sum surer, the longest first; none overlap.

    Parameters
    ----------
    summed : id of a link → the link, and the change of the sum per metre of it.
    """
    taken: set[str] = set()
    near = {total for key in summed for total in _totals().get(key, ())}
    for total in sorted(near, key=lambda total: (-len(total.links), total.links)):
        if not taken.isdisjoint(total.links) or not summed.keys() >= set(total.links):
            continue
        slopes = {summed[key][1] for key in total.links}
        links = [summed[key][0] for key in total.links]
        if len(slopes) == 1 and _surer(total, links):
            taken.update(total.links)
            yield Span(total.links, slopes.pop(), total.sigma_m)


def known_spans(links: Mapping[str, Link]) -> list[tuple[tuple[str, ...], float]]:
    """Return the published lengths that make a sum over some links surer, the longest first.

    Parameters
    ----------
    links : id → link, of a whole network.

    Returns
    -------
    The ids of the links of each, and the standard error of their length together in metres.
    """
    near = {total for key in links for total in _totals().get(key, ())}
    return [
        (total.links, total.sigma_m)
        for total in sorted(near, key=lambda total: (-len(total.links), total.links))
        if links.keys() >= set(total.links) and _surer(total, [links[key] for key in total.links])
    ]


def spanned(key: str) -> bool:
    """Tell whether a published length of several links has one of this id among them."""
    return key in _totals()


def _surer(total: _Total, links: list[Link]) -> bool:
    """Tell whether links have the length of a total, and more error without it."""
    differ_m = abs(fsum(link.length_m for link in links) - total.length_m)
    sigma_m = hypot(*(link.sigma_m for link in links))
    return differ_m <= 3 * total.sigma_m and sigma_m > total.sigma_m


@cache
def _totals() -> dict[str, tuple[_Total, ...]]:
    """Return id of a link → the published lengths that span it."""
    by_link: dict[str, tuple[_Total, ...]] = {}
    for typed in schema.checked_rows("total", "network/totals.csv"):
        links = tuple(typed["links"].split())
        total = _Total(links, 1000 * typed["length_km"], 1000 * typed["sigma_km"])
        for key in links:
            by_link[key] = (*by_link.get(key, ()), total)
    return by_link
