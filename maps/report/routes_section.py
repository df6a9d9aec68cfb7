"""The report's section of routes: pairs of places under scenarios, and published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.analysis.compare import SCENARIOS, compare
from corridors.context.claims import claims_of
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms
from maps.tables.markdown import table
from maps.tables.routes import comparison_head, comparison_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.analysis.verdicts import Verdict

__all__ = ["PAIRS", "routes_section"]

PAIRS = (("kars", "baku"), ("nakhchivan", "baku"), ("igdir", "baku"))
_HEAD = ("from", "to", "scenario", "by", *comparison_head("km")[:-1], "unbuilt km", "why")


def routes_section(judged: Iterable[Verdict]) -> list[str]:
    """Return the lines of the section, a table for rails and one for roads."""
    day = read_scenario(SCENARIOS[0]).on
    lines = [
        "## Ways under scenarios",
        "",
        f"Shortest ways of freight with the statuses of {day}; each scenario beside the first one. "
        "Kilometres are published, measured or calibrated; hours rest on assumptions "
        "(`data/network/assumptions.csv`), and their intervals on the ranges of those.",
    ]
    for mode, title in (("rail", "By rail"), ("road", "By road")):
        rows = compare(PAIRS, terms=Terms(modes=(mode,)))
        cells = [comparison_row(row) for row in rows]
        lines += ["", f"### {title}", "", *table(_HEAD, cells)]
    claims = [
        (v.figure.item, f"{v.figure.value:,g} {v.figure.unit}", v.verdict, v.reason,
         v.figure.source, v.figure.state)
        for v in judged
        if claims_of(v.figure.id)
    ]  # fmt: skip
    head = ("published figure", "value", "verdict", "why", "source", "state")
    return [*lines, "", "### What others say of ways", "", *table(head, claims)]
