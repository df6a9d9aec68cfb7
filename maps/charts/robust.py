"""How far an answer holds: what ways take over the draws, and how often a scenario is the best."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from borders.errors import AraxesError
from corridors.routing.route import name_of as place_text
from maps.charts.intervals import AXES, Interval, Texts, draw_intervals, interval_text
from maps.charts.lengths import place_name, ways_sentence
from maps.i18n import comma, heads, number, scenario_name, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.robust import Robust, RobustRow

__all__ = ["robust_chart"]


def robust_chart(
    rows: Robust, *, title: str = "", language: str = "en", width: str | int = "180"
) -> Sheet:
    """Return the median and the 95 % interval over the draws, a row for each scenario.

    Behind each stands the share of the draws in which the scenario is the best.

    Raises
    ------
    AraxesError : there is no way under any scenario.

    Examples
    --------
    >>> from corridors import robust
    >>> rows = robust(("Kars", "Gyumri"), ["turkiye-armenia-open"], draws=10)
    >>> len(robust_chart(rows).axes)
    1
    """
    if not any(row.ways for row in rows):
        message = "no way to chart; ask for other places, or for another scenario"
        raise AraxesError(message)
    count = number(f"{rows.draws.n:,}", language)
    title = title or word("chart-robust-title", language).format(count)
    with plain():
        most = {_ends(row, language): row.share for row in sorted(rows, key=lambda r: r.share)}
        groups = [
            (" – ".join(ends), [_interval(row, language, most=most[ends]) for row in group])
            for ends, group in groupby(rows, key=lambda row: _ends(row, language))
        ]
        texts = Texts(
            title=title, axis=word(AXES[rows[0].by], language),
            dot=word("chart-median", language), notes=[word("chart-robust-note", language)],
        )  # fmt: skip
        canvas = draw_intervals(groups, texts, width=width, language=language)
        ways = [way for row in rows for way in row.ways]
        cited = list(dict.fromkeys(source for way in ways for source in way.sources))
        return canvas.sign(_caption(rows, title, cited, language), cited)


def _ends(row: RobustRow, language: str) -> tuple[str, str]:
    origin, destination = (place_text(end) for end in (row.origin, row.destination))
    return place_name(origin, language), place_name(destination, language)


def _interval(row: RobustRow, language: str, *, most: float = 1.0) -> Interval:
    """Return the row of a scenario; the share is bold where it is the most of its pair."""
    low, median, high = row.quantiles
    share = number(f"{100 * row.share:.0f}", language)
    return Interval(
        label=scenario_name(row.scenario, language), middle=median, low=low, high=high,
        text=word("chart-best", language).format(share), strong=row.share >= most > 0.0,
    )  # fmt: skip


def _caption(rows: Robust, title: str, cited: Sequence[str], language: str) -> str:
    cells = []
    for row in rows:
        shares = (number(f"{100 * share:.1f}", language) for share in (row.share, row.not_worse))
        named = *_ends(row, language), scenario_name(row.scenario, language)
        if not row.ways:
            cells.append((*named, word("no-way", language), *shares, *[""] * 3))
            continue
        needed = f"{comma(language)} ".join((*row.needed, *row.critical)) or "–"
        cut = "–" if row.cut is None else f"{comma(language)} ".join(row.cut) or "–"
        apart = number(str(len(row.ways)), language)
        taken = interval_text(_interval(row, language), language)
        cells.append((*named, taken, *shares, apart, needed, cut))
    head = heads(
        f"from to scenario {AXES[rows[0].by]} chart-best-share chart-none-better "
        "chart-ways-apart chart-no-way-without chart-fewest-closings",
        language,
    )
    least = ways_sentence([way for row in rows for way in row.ways], language)
    said = (f"**{cell(title)}.**", least, word("chart-robust-note", language))
    return "\n".join(
        [" ".join(filter(None, said)), "", *table(head, cells), "",
         *references(cited, language)]
    )  # fmt: skip
