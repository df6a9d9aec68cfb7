"""How far an answer holds, as tables: shares of the draws, and what must not fail."""

from __future__ import annotations

from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

from borders.measure import decimals
from corridors.routing.route import name_of
from corridors.scenarios.terms import QUANTITIES
from maps.tables.analyses import scenario_line
from maps.tables.costs import costs_of, costs_paragraph, print_costs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.analysis.robust import Loss, Robust, RobustRow
    from corridors.network.cost_basis import CostBasis
    from corridors.scenarios.terms import Terms

__all__ = ["robust_json", "robust_markdown", "show_robust"]

# Ways that are told apart in words.
_MOST_WAYS = 4
_RULE = (
    "best: share of the draws in which a scenario is the best, of equally good ones each its part; "
    "ties: in which none is better. The draws of lengths, speeds, delays and costs are shared by "
    "all scenarios."
)


def robust_json(rows: Robust, terms: Terms) -> list[dict[str, Any]]:
    """Return the rows as the values of their JSON, each with its ways that share no crossing."""
    key = QUANTITIES[terms.by].column
    return [
        row.row()
        | {
            "draws": rows.draws.n, "seed": rows.draws.seed, "by": terms.by, "users": terms.who,
            "ways": [
                {key: round(way.least()[0], 1), "modes": list(way.modes),
                 "crossings": list(way.crossings), "countries": list(way.countries)}
                for way in row.ways
            ],
        }
        for row in rows
    ]  # fmt: skip


def robust_markdown(rows: Robust, terms: Terms) -> str:
    """Return the rows as a Markdown table."""
    from maps.tables.markdown import cell, table

    unit = QUANTITIES[terms.by].unit
    head = ("from", "to", "scenario", "best", "ties", unit, "95 %", "ways apart",
            "no way without", "fewest closings")  # fmt: skip
    cells = [
        (name_of(row.origin), name_of(row.destination), *_cells(row), " ".join(_needs(row)) or "–",
         _cut(row))
        for row in rows
    ]  # fmt: skip
    return "\n".join([*table(head, cells), "", cell(_RULE), *costs_paragraph(_costs(rows, terms))])


def _costs(rows: Robust, terms: Terms) -> CostBasis:
    """Return what the costs rest on, if they are what is asked for."""
    return costs_of(way for row in rows for way in row.ways if terms.by == "cost")


def show_robust(rows: Robust, terms: Terms) -> None:
    """Print the shares of each pair, then what must not fail, scenarios alike together."""
    from maps.tables.text import console, print_hanging, print_table

    out = console()
    for n, (pair, group) in enumerate(groupby(rows, key=lambda row: (row.origin, row.destination))):
        if n:
            out.print()
        of_pair = list(group)
        days = [row.scenario.on for row in of_pair if row.scenario.on]
        out.print(" – ".join(map(name_of, pair)), style="bold", markup=False)
        out.print(
            f"{scenario_line(terms, days)}; {rows.draws.n:,} draws, seed {rows.draws.seed}",
            markup=False,
        )
        print_table(
            ("scenario", "best", "ties", QUANTITIES[terms.by].unit, "95 %", "ways apart"),
            [_cells(row) for row in of_pair],
        )
        for ids, sentences in _alike(of_pair):
            out.print()
            print_hanging(f"{', '.join(ids)}:")
            for sentence in sentences:
                print_hanging(f"  {sentence}")
    out.print()
    print_hanging(_RULE)
    print_costs(_costs(rows, terms))


def _cells(row: RobustRow) -> tuple[str, ...]:
    low, _, high = row.quantiles
    return (
        row.scenario.id, f"{100 * row.share:.1f} %", f"{100 * row.not_worse:.1f} %",
        _number(row.least), "–".join(_number(end, row.least) for end in (low, high)),
        str(len(row.ways)),
    )  # fmt: skip


def _number(value: float, central: float | None = None) -> str:
    """Return hours, kilometres or a cost, with as many digits as its central value."""
    digits = decimals(value if central is None else central, 1)
    return f"{value:,.{digits}f}" if isfinite(value) else "no way"


def _alike(rows: list[RobustRow]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield ids of scenarios that have the same to say, and what that is."""
    said: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        said.setdefault(tuple(_sentences(row)), []).append(row.scenario.id)
    for sentences, ids in said.items():
        yield ids, list(sentences)


def _needs(row: RobustRow) -> tuple[str, ...]:
    return (*row.needed, *row.critical)


def _cut(row: RobustRow) -> str:
    return "none: a way crosses no border" if row.cut is None else " ".join(row.cut) or "–"


def _sentences(row: RobustRow) -> list[str]:
    """Return what must not fail under a scenario."""
    unit = QUANTITIES[row.by].unit
    if not row.ways:
        return ["no way"]
    if row.cut is None:
        return ["a way crosses no border, so no closing of borders ends it"]
    sentences = []
    if _needs(row):
        sentences.append(f"no way without {' or without '.join(_needs(row))}")
    sentences += [
        f"worst closing: {_loss(loss, unit)}"
        for loss in row.losses
        if loss.crossings and isfinite(loss.least)
    ]
    closings = "the closing that leaves" if len(row.cut) == 1 else "fewest closings that leave"
    sentences.append(f"{closings} no way: {', '.join(row.cut)}")
    apart = [
        f"{_number(way.least()[0])} {unit} by {', '.join(dict.fromkeys(way.modes))} through "
        f"{', '.join(way.crossings)}"
        for way in row.ways[:_MOST_WAYS]
    ]
    more = len(row.ways) - _MOST_WAYS
    count = f"{len(row.ways)} ways share" if len(row.ways) > 1 else "1 way shares"
    sentences.append(
        f"{count} no crossing: {'; '.join(apart)}{f'; and {more} more' if more > 0 else ''}"
    )
    return sentences


def _loss(loss: Loss, unit: str) -> str:
    return f"{' and '.join(loss.crossings)}, then {_number(loss.least)} {unit}"
