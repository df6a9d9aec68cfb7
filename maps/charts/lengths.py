"""Lengths with their intervals, by scenario, as bars."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from borders.gazetteer.lookup import place
from corridors.analysis.compare import Row
from corridors.scenarios.scenario import read_scenario
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
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
        low_km, high_km, delta_km, unbuilt_km; a row without a route has None for km. A `name` in
        a row is that of its scenario.
    sources : ids of the sources of the lengths, for the caption.

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
    records = [_record(row, language) for row in rows]
    with plain():
        groups = [list(group) for _, group in groupby(records, key=lambda r: (r["from"], r["to"]))]
        labels, heights, bold = _labels(groups, language)
        content = Content(
            title=title, labels=labels, rows=1.2 * heights[-1] + 1.6, key=_key_entries(language)
        )
        canvas = Canvas(content, width=width, language=language)
        # Room for the numbers that stand behind the bars.
        known = [record["high_km"] for record in records if record["km"] is not None]
        longest = max(known, default=1.0)
        widest = _value(records[0], language) + "; −0 000"
        beside = canvas.sheet.width_of(widest, canvas.text_pt)
        bars_width = max(canvas.width_pt - beside, canvas.width_pt / 3)
        canvas.axes.set_xlim(0, longest * canvas.width_pt / bars_width)
        canvas.axes.set_ylim(heights[-1] + 0.8, -0.6)
        canvas.label_rows(heights, bold=bold)
        bar_heights = [y for y, heading in zip(heights, bold, strict=True) if not heading]
        grouped = (record for group in groups for record in group)
        for record, y in zip(grouped, bar_heights, strict=True):
            _bar(canvas, record, y)
        canvas.label_axis(word("length-km", language))
        canvas.sheet.caption = _caption(records, title, sources, language)
    return canvas.sheet


def _labels(
    groups: list[list[Mapping[str, Any]]], language: str
) -> tuple[list[str], list[float], list[bool]]:
    """Return labels and heights of the rows, and which are bold: a heading for each pair."""
    labels, heights, bold = [], [], []
    y = 0.0
    for group in groups:
        labels.append(" – ".join(_place_name(group[0][key], language) for key in ("from", "to")))
        heights.append(y)
        bold.append(True)
        for record in group:
            y += 1.0
            labels.append(record.get("name") or _scenario_name(record["scenario"], language))
            heights.append(y)
            bold.append(False)
        y += 1.4
    return labels, heights, bold


def _record(row: Mapping[str, Any] | Row, language: str) -> Mapping[str, Any]:
    """Return a row as a dictionary; a row of `compare` with the name of its scenario."""
    if not isinstance(row, Row):
        return row
    scenario = row.scenario
    return {**row.row(), "name": name_of(scenario.names, scenario.name or scenario.id, language)}


def _scenario_name(key: str, language: str) -> str:
    """Return a scenario's name in a language; one that is not bundled goes by its id."""
    try:
        scenario = read_scenario(key)
    except UnknownNameError:
        return key
    return name_of(scenario.names, scenario.name, language)


def _place_name(name: str, language: str) -> str:
    """Return a place's name in a language; a name of no known place stays as it is."""
    try:
        known = place(name)
    except (UnknownNameError, AmbiguousNameError):
        return name
    return name_of(known.names, name, language)


def _key_entries(language: str) -> list[KeyEntry]:
    edge = {"edgecolor": DARK, "linewidth": 0.5}
    return [
        KeyEntry(text=word("built", language), look={"facecolor": MIDDLE, **edge}),
        KeyEntry(
            text=word("unbuilt", language), look={"facecolor": LIGHT, "hatch": _HATCH, **edge}
        ),
        KeyEntry(text=word("interval", language), look={"color": "black", "linewidth": 1.2}),
    ]


def _value(row: Mapping[str, Any], language: str) -> str:
    """Return a length with its interval, as it stands behind a bar."""
    low, high = (number(f"{row[key] or 0:,.0f}", language) for key in ("low_km", "high_km"))
    middle = number(f"{row['km'] or 0:,.0f}", language)
    return f"{middle} {word('km', language)} ({low}–{high})"


def _bar(canvas: Canvas, row: Mapping[str, Any], y: float) -> None:
    """Draw a row's length, its unbuilt part and its interval at a height, and write its value."""
    axes, language = canvas.axes, canvas.language
    if row["km"] is None:
        canvas.write(
            word("no-way", language), (0, y), shift=(0.4 * canvas.text_pt, 0), color="#555555"
        )
        return
    unbuilt = row.get("unbuilt_km") or 0.0
    edge_width = 0.08 * canvas.text_pt
    edge: dict[str, Any] = {"edgecolor": DARK, "linewidth": edge_width, "height": 0.62}
    axes.barh(y, row["km"] - unbuilt, color=MIDDLE, zorder=2, **edge)
    if unbuilt:
        look = canvas.hatched({"color": LIGHT, "hatch": _HATCH, **edge})
        axes.barh(y, unbuilt, left=row["km"] - unbuilt, zorder=2, **look)
    ends = [row["low_km"], row["high_km"]]
    axes.plot(ends, [y, y], color="black", linewidth=2 * edge_width, zorder=3, marker="|",
              markersize=0.5 * canvas.text_pt)  # fmt: skip
    text = _value(row, language)
    change = row.get("delta_km")
    if change:
        sign = "+" if change > 0 else "−"
        text += f"; {sign}{number(f'{abs(change):,.0f}', language)}"
    canvas.write(text, (row["high_km"], y), shift=(0.5 * canvas.text_pt, 0), ha="left")


def _caption(
    rows: Sequence[Mapping[str, Any]], title: str, sources: Sequence[str], language: str
) -> str:
    cells = []
    for row in rows:
        measured = [row[key] for key in ("km", "low_km", "high_km", "unbuilt_km")]
        none = word("no-way", language)
        texts = [none if row["km"] is None else number(f"{v:,.1f}", language) for v in measured]
        cells.append((row["from"], row["to"], row["scenario"], *texts, row.get("reason") or ""))
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
