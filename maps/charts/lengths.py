"""Lengths with their intervals, by scenario, as bars."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from borders.gazetteer.lookup import place
from corridors.analysis.compare import Row
from corridors.scenarios.scenario import read_scenario
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Content, Paper, Sign
from maps.i18n import heads, name_of, number, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["lengths_chart"]

_HATCH = "//////"


def lengths_chart(
    rows: Sequence[Mapping[str, Any] | Row],
    *,
    title: str = "Lengths by scenario",
    language: str = "en",
    width: str | int = "180",
    sources: Sequence[str] = (),
) -> Sheet:
    """Return bars of lengths with 95 % intervals, a group for each pair of places.

    Parameters
    ----------
    rows : of `compare`, or as ``araxes compare --json`` prints them: from, to, scenario, km,
        low_km, high_km, delta_km, unbuilt_km; a row without a way has None for km. A `name` in a
        row is that of its scenario.
    sources : ids of what the lengths rest on, for the caption.

    Raises
    ------
    AraxesError : there are no rows.

    Examples
    --------
    >>> row = {"from": "Kars", "to": "Baku", "scenario": "status-quo", "km": 814.0,
    ...        "low_km": 801.0, "high_km": 827.0, "delta_km": 0.0, "unbuilt_km": 0.0}
    >>> len(lengths_chart([row]).axes)
    1
    """
    if not rows:
        message = "no rows to chart; compare at least one pair"
        raise AraxesError(message)
    told = [_told(row, language) for row in rows]
    with plain():
        groups = [list(group) for _, group in groupby(told, key=lambda r: (r["from"], r["to"]))]
        labels, places, bold = _labels(groups, language)
        content = Content(
            title=title, labels=labels, rows=1.2 * places[-1] + 1.6, signs=_signs(language)
        )
        paper = Paper(content, width=width, language=language)
        # Room for the numbers that stand behind the bars.
        known = [row["high_km"] for row in told if row["km"] is not None]
        longest = max(known, default=1.0)
        beside = paper.sheet.width_of(_value(told[0], language) + "; −0 000", paper.size)
        paper.axes.set_xlim(0, longest * paper.wide / max(paper.wide - beside, paper.wide / 3))
        paper.axes.set_ylim(places[-1] + 0.8, -0.6)
        paper.name_rows(places, bold=bold)
        marks = [y for y, head in zip(places, bold, strict=True) if not head]
        for row, y in zip((row for group in groups for row in group), marks, strict=True):
            _bar(paper, row, y)
        paper.name_axis(word("length-km", language))
        paper.sheet.caption = _caption(told, title, sources, language)
    return paper.sheet


def _labels(
    groups: list[list[Mapping[str, Any]]], language: str
) -> tuple[list[str], list[float], list[bool]]:
    """Return names, heights and weights of the rows: a heading for each pair."""
    labels, places, bold = [], [], []
    y = 0.0
    for group in groups:
        labels.append(" – ".join(_local(group[0][key], language) for key in ("from", "to")))
        places.append(y)
        bold.append(True)
        for row in group:
            y += 1.0
            labels.append(row.get("name") or _named(row["scenario"], language))
            places.append(y)
            bold.append(False)
        y += 1.4
    return labels, places, bold


def _told(row: Mapping[str, Any] | Row, language: str) -> Mapping[str, Any]:
    """Return a row as a dictionary, with the name of its scenario where that is at hand."""
    if not isinstance(row, Row):
        return row
    one = row.scenario
    return {**row.row(), "name": name_of(one.names, one.name or one.id, language)}


def _named(key: str, language: str) -> str:
    """Return a scenario's name in a language; one that is not bundled goes by its id."""
    try:
        one = read_scenario(key)
    except UnknownNameError:
        return key
    return name_of(one.names, one.name, language)


def _local(name: str, language: str) -> str:
    """Return a place's name in a language; a name that is no known place's stays."""
    try:
        one = place(name)
    except (UnknownNameError, AmbiguousNameError):
        return name
    return name_of(one.names, name, language)


def _signs(language: str) -> list[Sign]:
    edge = {"edgecolor": DARK, "linewidth": 0.5}
    return [
        Sign(text=word("built", language), look={"facecolor": MIDDLE, **edge}),
        Sign(text=word("unbuilt", language), look={"facecolor": LIGHT, "hatch": _HATCH, **edge}),
        Sign(text=word("interval", language), look={"color": "black", "linewidth": 1.2}),
    ]


def _value(row: Mapping[str, Any], language: str) -> str:
    low, high = (number(f"{row[key] or 0:,.0f}", language) for key in ("low_km", "high_km"))
    middle = number(f"{row['km'] or 0:,.0f}", language)
    return f"{middle} {word('km', language)} ({low}–{high})"


def _bar(paper: Paper, row: Mapping[str, Any], y: float) -> None:
    axes, language = paper.axes, paper.language
    if row["km"] is None:
        paper.say(word("no-way", language), (0, y), shift=(0.4 * paper.size, 0), color="#555555")
        return
    unbuilt = row.get("unbuilt_km") or 0.0
    pen = 0.08 * paper.size
    edge: dict[str, Any] = {"edgecolor": DARK, "linewidth": pen, "height": 0.62}
    axes.barh(y, row["km"] - unbuilt, color=MIDDLE, zorder=2, **edge)
    if unbuilt:
        look = paper.hatched({"color": LIGHT, "hatch": _HATCH, **edge})
        axes.barh(y, unbuilt, left=row["km"] - unbuilt, zorder=2, **look)
    ends = [row["low_km"], row["high_km"]]
    axes.plot(ends, [y, y], color="black", linewidth=2 * pen, zorder=3, marker="|",
              markersize=0.5 * paper.size)  # fmt: skip
    text = _value(row, language)
    change = row.get("delta_km")
    if change:
        sign = "+" if change > 0 else "−"
        text += f"; {sign}{number(f'{abs(change):,.0f}', language)}"
    paper.say(text, (row["high_km"], y), shift=(0.5 * paper.size, 0), ha="left")


def _caption(
    rows: Sequence[Mapping[str, Any]], title: str, sources: Sequence[str], language: str
) -> str:
    cells = []
    for row in rows:
        measured = [row[key] for key in ("km", "low_km", "high_km", "unbuilt_km")]
        none = word("no-way", language)
        said = [none if row["km"] is None else number(f"{v:,.1f}", language) for v in measured]
        cells.append((row["from"], row["to"], row["scenario"], *said, row.get("reason") or ""))
    head = heads("from to scenario km low high unbuilt-km why", language)
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-lengths', language)}",
            "",
            *table(head, cells),
            "",
            *references(sources, (), language),
        ]
    )
