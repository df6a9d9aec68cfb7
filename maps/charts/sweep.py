"""A sweep as a chart: lines over the values that vary, or a row for each case."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from borders.errors import AraxesError
from corridors.routing.route import name_of as place_text
from corridors.scenarios.terms import QUANTITIES
from maps.charts.canvas import Canvas, Content, KeyEntry
from maps.charts.intervals import AXES, Interval, Texts, draw_intervals, interval_text
from maps.charts.lengths import place_name
from maps.charts.series import LOOKS
from maps.i18n import comma, heads, mode_words, number, scenario_name, word
from maps.print.caption import credit
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas

    from corridors.sweeps.question import Question

__all__ = ["MOST_LINES", "MOST_ROWS", "check_sweep_chart", "sweep_chart"]

# Lines and rows that can be told apart on a page.
MOST_LINES, MOST_ROWS = 6, 60
# The ends of the interval of draws, and their median between them.
_ENDS = (0.025, 0.5, 0.975)


def check_sweep_chart(question: Question) -> None:
    """Refuse a sweep whose chart nobody could read, before it is answered.

    Raises
    ------
    AraxesError : it has more lines or rows than a page can hold.
    """
    rows = question.n_cases * len(question.pairs) * len(question.terms.choices)
    if question.vary:
        lines = rows // len(question.vary[0][1])
        if lines > MOST_LINES:
            message = (
                f"--chart: the sweep has {lines:,} lines over {question.vary[0][0]}; a chart holds "
                f"{MOST_LINES}: give fewer pairs, modes, scenarios or openings, or one --vary"
            )
            raise AraxesError(message)
    elif rows > MOST_ROWS:
        message = f"--chart: the sweep has {rows:,} rows; a chart holds {MOST_ROWS}: give fewer"
        raise AraxesError(message)


def sweep_chart(
    rows: pandas.DataFrame,
    question: Question,
    *,
    title: str = "",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return a line for each pair, scenario and set of modes over what varies first.

    Of a sweep in which no value varies, it is a row for each case. What the routes make least is
    drawn, with its 95 % interval; of draws it is their median and the interval of 95 % of them.

    Parameters
    ----------
    rows : the table of the question, as `sweep` returns it.

    Raises
    ------
    AraxesError : there is no route at all, or there is more than a chart can hold.

    Examples
    --------
    >>> from corridors import Terms, sweep
    >>> from corridors.sweeps.question import ask
    >>> asked = {"scenarios": "status-quo", "terms": Terms(modes="rail"),
    ...          "vary": {"delay_h.crossing.rail": [2, 20]}}
    >>> table = sweep(("Kars", "Tbilisi"), **asked)
    >>> len(sweep_chart(table, ask(("Kars", "Tbilisi"), **asked)).axes)
    1
    """
    check_sweep_chart(question)
    key, axis = QUANTITIES[question.terms.by].column, AXES[question.terms.by]
    if not rows[key].notna().any():
        message = "no way to chart; ask for other places, or for another scenario"
        raise AraxesError(message)
    points = list(_points(rows, question, key))
    title = title or _title(question, language)
    with plain():
        draw = _lines if question.vary else _cases
        canvas = draw(points, question, title, word(axis, language), width, language)
        sources = _sources(question)
        caption = _caption(points, question, title, word(axis, language), language)
        sheet = canvas.sign("\n".join([caption, "", credit(sources, (), language)]), sources)
        # Of the network's many sources the ways of a sweep may rest on any.
        network = question.network.name if question.network else ""
        sheet.metadata = replace(sheet.metadata, source=network)
        return sheet


def _sources(question: Question) -> list[str]:
    """Return the ids of the sources of the network that is asked."""
    links = question.network.links if question.network else ()
    return sorted({link.source for link in links if link.source})


class _Point:
    """What a pair takes by a set of modes in a case: labels of the case, and the interval."""

    def __init__(self, row: Mapping[str, Any], labels: Sequence[str], sums: Sequence[float]):
        self.pair = str(row["from"]), str(row["to"])
        self.modes = str(row["mode_set"])
        self.case = {label: row[label] for label in labels}
        self.low, self.middle, self.high = sums

    def line(self, over: str) -> tuple[Any, ...]:
        """Return what tells the line of a point from others."""
        case = tuple(value for label, value in self.case.items() if label != over)
        return (*self.pair, self.modes, *case)


def _points(rows: pandas.DataFrame, question: Question, key: str) -> Iterator[_Point]:
    """Yield the points in the order of the table, draws of one taken together."""
    labels = question.labels
    for _, of_case in rows.groupby(["case", "from", "to", "mode_set"], sort=False):
        first = of_case.iloc[0]
        if question.draws is None:
            sums = [float(first[f"{end}{key}"]) for end in ("low_", "", "high_")]
        else:
            drawn = of_case[key].to_numpy(float)
            # Where there is no way in some draws, there is no honest interval.
            none = np.isnan(drawn).any()
            sums = [np.nan] * 3 if none else np.quantile(drawn, _ENDS, method="inverted_cdf")
        yield _Point({str(k): v for k, v in first.items()}, labels, sums)


def _namer(
    points: Sequence[_Point], question: Question, language: str, *, over: str = "",
    pairs: bool = True,
) -> Callable[[_Point], str]:  # fmt: skip
    """Return what names a line or a row by what others differ in.

    Parameters
    ----------
    over : label that is not named, since the axis shows it.
    pairs : whether places are named where they differ.
    """
    scenarios = {scenario.id: scenario for scenario in question.scenarios}

    def parts(point: _Point) -> dict[str, str]:
        scenario = scenarios[str(point.case["scenario"])]
        said = {
            "pair": _pair(point, language) if pairs else "",
            "scenario": scenario_name(scenario, language),
            "modes": " / ".join(mode_words(tuple(point.modes.split()), language)),
        }
        for label, value in point.case.items():
            if label not in ("scenario", over):
                said[label] = (
                    (str(value) or "–")
                    if label == "openings"
                    else f"{label} = {number(f'{value:g}', language)}"
                )
        return said

    every = [parts(point) for point in points]
    telling = [key for key in every[0] if len({said[key] for said in every}) > 1] or ["scenario"]
    return lambda point: f"{comma(language)} ".join(
        filter(None, (parts(point)[key] for key in telling))
    )


def _pair(point: _Point, language: str) -> str:
    return " – ".join(place_name(name, language) for name in point.pair)


def _title(question: Question, language: str) -> str:
    pairs = [
        " – ".join(place_name(place_text(end), language) for end in pair) for pair in question.pairs
    ]
    varied = [key for key, _ in question.vary]
    what = [*varied, *(["+".join(question.openings)] if question.openings else [])]
    return ": ".join(
        filter(None, (f"{comma(language)} ".join(pairs), f"{comma(language)} ".join(what)))
    )


def _notes(question: Question, language: str) -> list[str]:
    if question.draws is None:
        return []
    count = number(f"{question.draws.n:,}", language)
    return [word("chart-draws-note", language).format(count)]


def _lines(
    points: Sequence[_Point], question: Question, title: str, axis: str, width: str | int,
    language: str,
) -> Canvas:  # fmt: skip
    """Return a page with a line for each pair, scenario and set of modes."""
    over = question.vary[0][0]
    named = _namer(points, question, language, over=over)
    lines: dict[tuple[Any, ...], list[_Point]] = {}
    for point in points:
        lines.setdefault(point.line(over), []).append(point)
    # Lines of equal values lie on each other: they are drawn, and named, as one.
    alike: dict[tuple[Any, ...], list[list[_Point]]] = {}
    for line in lines.values():
        line.sort(key=lambda point: float(point.case[over]))
        drawn = tuple((p.case[over], p.low, p.middle, p.high) for p in line)
        alike.setdefault(drawn, []).append(line)
    key = [
        KeyEntry(
            text=" = ".join(named(line[0]) for line in equal),
            look={"color": colour, "linestyle": style, "linewidth": 1.4},
        )
        for equal, (colour, style) in zip(alike.values(), LOOKS, strict=False)
    ]
    band = {"facecolor": LOOKS[0][0], "alpha": 0.15, "edgecolor": "none"}
    key.append(KeyEntry(text=word("interval", language), look=band))
    content = Content(title=title, rows=22.0, key=key, notes=_notes(question, language))
    canvas = Canvas(content, width=width, language=language)
    axes, text_pt = canvas.axes, canvas.text_pt
    for drawn, (colour, style) in zip(alike, LOOKS, strict=False):
        values = np.array(drawn, float).T
        axes.fill_between(values[0], values[1], values[3], color=colour, alpha=0.15, linewidth=0)
        axes.plot(values[0], values[2], marker="o", color=colour, linestyle=style, zorder=3,
                  markersize=0.36 * text_pt, linewidth=0.22 * text_pt)  # fmt: skip
    axes.margins(x=0.02, y=0.08)
    axes.set_ylim(bottom=max(0.0, axes.get_ylim()[0]))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,.10g}", language)))
    axes.spines["left"].set_visible(True)
    axes.grid(axis="y", color="#d8d8d8", linewidth=0.06 * text_pt)
    canvas.label_axis(axis, vertical=True)
    canvas.label_axis(over)
    return canvas


def _cases(
    points: Sequence[_Point], question: Question, title: str, axis: str, width: str | int,
    language: str,
) -> Canvas:  # fmt: skip
    """Return a page with a row for each case, grouped by pairs of places."""
    named = _namer(points, question, language, pairs=False)
    ordered = sorted(points, key=lambda point: question.names.index(point.pair))
    groups = [
        (
            _pair(group[0], language),
            [Interval(label=named(p), middle=p.middle, low=p.low, high=p.high) for p in group],
        )
        for group in (list(g) for _, g in groupby(ordered, key=lambda point: point.pair))
    ]
    dot = word("chart-median" if question.draws else "chart-best-estimate", language)
    texts = Texts(title=title, axis=axis, dot=dot, notes=_notes(question, language))
    return draw_intervals(groups, texts, width=width, language=language)


def _caption(
    points: Sequence[_Point], question: Question, title: str, axis: str, language: str
) -> str:
    """Return the caption: what is drawn, and the numbers at the ends of each line."""
    over = question.vary[0][0] if question.vary else ""
    named = _namer(points, question, language, over=over, pairs=False)
    runs: dict[tuple[Any, ...], list[_Point]] = {}
    for point in points:
        runs.setdefault(point.line(over), []).append(point)
    cells = []
    for run in runs.values():
        for point in run if len(run) == 1 else (run[0], run[-1]):
            row = Interval(label="", middle=point.middle, low=point.low, high=point.high)
            taken = word("no-way", language)
            if not np.isnan(point.middle):
                taken = interval_text(row, language)
            ends = (place_name(name, language) for name in point.pair)
            at = [number(f"{point.case[over]:g}", language)] if over else []
            cells.append((*ends, named(point), *at, taken))
    head = (*heads("from to scenario", language), *([over] if over else []), axis)
    said = (f"**{cell(title)}.**", *_notes(question, language))
    return "\n".join([" ".join(said), "", *table(head, cells)])
