"""The report's section of routes: pairs of places under scenarios, and published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.analysis import gateways
from corridors.analysis.compare import SCENARIOS, compare
from corridors.context.figure_meanings import meanings_of
from corridors.scenarios.scenario import read_scenario
from maps.tables.markdown import table
from maps.tables.routes import comparison_head, comparison_row, gateways_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.analysis.compare import Row
    from corridors.analysis.verdicts import Verdict

__all__ = ["PAIRS", "published_ways", "routes_section"]

PAIRS = (("kars", "baku"), ("nakhchivan", "baku"), ("igdir", "baku"))
_HEAD = ("from", "to", "scenario", "by", *comparison_head("km")[:-1], "unbuilt km", "why")


def routes_section(compared: Sequence[Row]) -> list[str]:
    """Return the lines of the section, a table for rails and one for roads.

    Parameters
    ----------
    compared : the rows of `PAIRS`, as the page of the report shows them.
    """
    day = read_scenario(SCENARIOS[0]).on
    lines = [
        "## Ways under scenarios",
        "",
        f"Shortest ways of freight with the statuses of {day}; each scenario beside the first one. "
        "Kilometres are published, measured or calibrated; hours rest on assumptions "
        "(`data/network/assumptions.csv`), and their intervals on the ranges of those. Ferries are "
        "taken with both.",
    ]
    for mode, title in (("rail", "By rail"), ("road", "By road")):
        rows = [row for row in compared if mode in row.mode_set]
        lines += ["", f"### {title}", "", *table(_HEAD, _folded(map(comparison_row, rows)))]
    return [*lines, "", "### The Middle Corridor, gateway to gateway", "", *_gateways()]


def published_ways(judged: Iterable[Verdict]) -> list[str]:
    """Return the lines on published figures of ways, beside ours."""
    claims = [
        (v.figure.item, f"{v.figure.value:,g} {v.figure.unit}", v.verdict, v.reason,
         v.figure.source, v.figure.state)
        for v in judged
        if meanings_of(v.figure.id)
    ]  # fmt: skip
    head = ("published figure", "value", "verdict", "why", "source", "state")
    return ["### What others say of ways", "", *table(head, claims)]


def _gateways() -> list[str]:
    """Return the table of `araxes compare --gateways`, and what its columns mean."""
    rows = compare(gateways.PAIRS, list(gateways.SCENARIOS))
    return [
        "Shortest ways of freight by ship over the Caspian and on by rail or road, with and "
        "without the railway Akhalkalaki–Kars (BTK) and the one through Zangezur, Nakhchivan and "
        "Dilucu: `araxes compare --gateways`. Borders include the ports.",
        "",
        *gateways_markdown(rows).splitlines(),
    ]


def _folded(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows that differ in nothing but the scenario as one row, with all its names."""
    scenarios: dict[tuple[str, ...], list[str]] = {}
    for origin, destination, scenario, *cells, delta, unbuilt, why in rows:
        # The row of the first scenario, with which the others are compared, has no difference.
        same = ("0", "") if why in ("", "the same way") else (delta, why)
        key = (origin, destination, *cells, same[0] if cells[1] != "–" else "", unbuilt, same[1])
        scenarios.setdefault(key, []).append(scenario)
    return [(*key[:2], ", ".join(names), *key[2:]) for key, names in scenarios.items()]
