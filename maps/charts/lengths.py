"""Lengths with their intervals, by scenario, as bars."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from borders.gazetteer.lookup import place
from corridors.analysis.compare import Row
from corridors.scenarios.scenario import read_scenario
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry, grouped_rows
from maps.charts.reasons import reason
from maps.i18n import comma, day, heads, mode_words, name_of, number, scenario_name, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corridors.routing.route import Route

__all__ = ["lengths_chart", "place_name", "ways_sentence"]

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
        groups = [list(group) for _, group in groupby(records, key=_heading)]
        rows_shown = grouped_rows(_labels(group, language) for group in groups)
        content = Content(
            title=title, labels=rows_shown.labels, bold=rows_shown.bold, rows=rows_shown.lines,
            key=_key_entries(language),
        )  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        canvas.set_grouped(rows_shown, _reach_km(canvas, records))
        for record, y in zip(records, rows_shown.bars, strict=True):
            _bar(canvas, record, y)
        canvas.label_axis(word("length-km", language))
        routes = [row.way for row in rows if isinstance(row, Row) and row.way is not None]
        least = ways_sentence(routes, language)
        return canvas.sign(_caption(records, title, sources, language, least=least), sources)


def _reach_km(canvas: Canvas, records: Sequence[Mapping[str, Any]]) -> float:
    """Return the length at the right edge: there is room for the text behind each bar."""
    gap, least = 0.5 * canvas.text_pt, canvas.width_pt / 6
    reach_km = 0.0
    for record in records:
        if record["km"] is not None:
            text_width = canvas.sheet.width_of(_beside(record, canvas.language), canvas.text_pt)
            bar_width = max(canvas.width_pt - gap - text_width, least)
            reach_km = max(reach_km, record["high_km"] * canvas.width_pt / bar_width)
    return reach_km or 1.0


def _labels(group: Sequence[Mapping[str, Any]], language: str) -> tuple[str, list[str]]:
    """Return the heading of the rows of a pair, and the label of each."""
    ends = " – ".join(place_name(group[0][key], language) for key in ("from", "to"))
    return f"{comma(language)} ".join([ends, *_modes(group, language)]), [
        _label(record, language) for record in group
    ]


def _label(record: Mapping[str, Any], language: str) -> str:
    """Return the name of the scenario of a row."""
    return record.get("name") or _scenario_name(record["scenario"], language)


def _heading(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what rows under one heading share: their ends and the modes that they keep to."""
    return row["from"], row["to"], tuple(row.get("mode_set") or ())


def _modes(rows: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """Return by what modes the routes of some rows go, as far as the rows say so."""
    return mode_words((mode for row in rows for mode in row.get("modes") or ()), language)


def _record(row: Mapping[str, Any] | Row, language: str) -> Mapping[str, Any]:
    """Return a row as a dictionary; a row of `compare` with the name of its scenario.

    Its lengths are unrounded: the chart rounds them itself, and rounded twice they would differ
    from those of tables.
    """
    if not isinstance(row, Row):
        return row
    scenario = row.scenario
    name = scenario_name(scenario, language)
    values = {**row.row(), "name": name, "reason": reason(row, language)}
    if row.way is not None:
        length = row.way.length
        metres = {"km": length.value, "low_km": length.low, "high_km": length.high}
        values |= {key: value / 1000 for key, value in metres.items()}
    return values


def ways_sentence(routes: Iterable[Route], language: str) -> str:
    """Return in what ways are the least, and of which day; empty if they differ in that."""
    asked = {(route.terms.by, route.on) for route in routes}
    if len(asked) != 1:
        return ""
    ((by, on),) = asked
    return word(f"ui-ways-{by}", language).format(day(on, language))


def _scenario_name(key: str, language: str) -> str:
    """Return a scenario's name in a language; one that is not bundled goes by its id."""
    try:
        scenario = read_scenario(key)
    except UnknownNameError:
        return key
    return name_of(scenario.names, scenario.name, language)


def place_name(name: str, language: str) -> str:
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


def _beside(row: Mapping[str, Any], language: str) -> str:
    """Return what stands behind a bar: length, interval and difference."""
    text, change = _value(row, language), row.get("delta_km")
    if not change:
        return text
    sign = "+" if change > 0 else "−"
    return f"{text}; {sign}{number(f'{abs(change):,.0f}', language)}"


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
    shift = (0.5 * canvas.text_pt, 0)
    canvas.write(_beside(row, language), (row["high_km"], y), shift=shift, ha="left")


def _caption(
    rows: Sequence[Mapping[str, Any]],
    title: str,
    sources: Sequence[str],
    language: str,
    *,
    least: str = "",
) -> str:
    """Return the caption.

    Parameters
    ----------
    least : in what the ways are the least, as a sentence.
    """
    cells = []
    for row in rows:
        measured = [row[key] for key in ("km", "low_km", "high_km", "unbuilt_km")]
        none = word("no-way", language)
        texts = [none if row["km"] is None else number(f"{v:,.1f}", language) for v in measured]
        modes = f"{comma(language)} ".join(_modes([row], language))
        ends = (place_name(row[key], language) for key in ("from", "to"))
        scenario = _label(row, language)
        cells.append((*ends, scenario, modes, *texts, row.get("reason") or ""))
    head = heads("from to scenario modes km low high unbuilt-km why", language)
    return "\n".join(
        [
            " ".join(
                filter(None, [f"**{cell(title)}.**", least, word("caption-lengths", language)])
            ),
            "",
            *table(head, cells),
            "",
            *references(sources, language),
        ]
    )
