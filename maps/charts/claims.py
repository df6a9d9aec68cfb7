"""Published figures against computed intervals, as dots on bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from borders.gazetteer.places import places
from borders.guide_lines import guides
from corridors.model.registry import system, system_ids
from maps.charts.canvas import ACCENT, DARK, LIGHT, Canvas, Content, KeyEntry
from maps.charts.reasons import signed
from maps.i18n import basis, comma, heads, interval, name_of, number, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.verdicts import Verdict

__all__ = ["border_name", "claims_chart"]

# Codes in borders' ids and those of countries.
_CODES = {"tur": "TR", "geo": "GE", "arm": "AM", "aze": "AZ", "irn": "IR"}
# Sources of the computed values.
_SOURCES = ("osm-timezones", "osm-railways", "araxes")
# Verdicts on figures that test the computed value.
_TESTED = ("consistent", "inconsistent")


def claims_chart(
    judged: Sequence[Verdict],
    *,
    title: str = "Published figures against computed intervals",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return published figures as dots beside the computed value with its 95 % interval.

    Each row shows deviations in per cent of the computed value. Only figures that test it are
    shown: neither those of another definition, nor those that it was taken from.

    Parameters
    ----------
    judged : verdicts on published figures, such as `corridors.analysis.verdicts.verdicts` gives.

    Raises
    ------
    AraxesError : none of the figures tests anything.

    Examples
    --------
    >>> from corridors.analysis.verdicts import verdicts
    >>> claims_chart(verdicts()).axes[0].get_label()
    'chart'
    """
    shown = [verdict for verdict in judged if _is_test(verdict)]
    if not shown:
        message = "no published figure tests a computed one"
        raise AraxesError(message)
    rows: dict[tuple[str, float], list[Verdict]] = {}
    for verdict in shown:
        computed = verdict.ours.value if verdict.ours else 0.0
        rows.setdefault((_row_key(verdict), computed), []).append(verdict)
    groups = sorted(rows.values(), key=lambda group: group[0].ours.percent if group[0].ours else 0)
    with plain():
        labels = [_label(group[0], language) for group in groups]
        content = Content(
            title=title, labels=labels, rows=1.35 * len(groups) + 1.0, key=_key_entries(language)
        )
        canvas = Canvas(content, width=width, language=language)
        for y, group in enumerate(groups):
            _row(canvas, group, float(y))
        canvas.axes.axvline(0, color=DARK, linewidth=0.1 * canvas.text_pt, zorder=3)
        canvas.axes.set_ylim(len(groups) - 0.4, -0.6)
        canvas.axes.margins(x=0.04)
        canvas.label_rows(range(len(groups)))
        canvas.label_axis(word("deviation", language))
        cited = [*_SOURCES, *(v.figure.source for v in shown)]
        return canvas.sign(_caption(judged, shown, title, language), cited)


def _is_test(verdict: Verdict) -> bool:
    # A saving, the difference of two lengths, may be negative or zero; per cent of it say nothing.
    return verdict.ours is not None and verdict.verdict in _TESTED and verdict.ours.value > 0


def _row_key(verdict: Verdict) -> str:
    """Return what the figures of one row have in common, besides the computed value."""
    figure = verdict.figure
    return f"{figure.system}:{figure.quantity}" if figure.system else figure.item


def _reason(verdict: Verdict, language: str) -> str:
    """Return why a figure agrees or not; what the data say of it stays in their language."""
    if language == "en":
        return verdict.reason
    if not verdict.cause:
        return _beside(verdict, language)
    text, note = word(f"cause-{verdict.cause}", language), verdict.figure.note
    first, *rest = (*verdict.numbers, 0.0)
    text = text.format(
        signed(first, language), *(number(f"{value:,.0f}", language) for value in rest)
    )
    return f"{text} ({note})" if verdict.cause == "unknown" and note else text


def _beside(verdict: Verdict, language: str) -> str:
    """Return how far a figure of a whole way is from ours, in a language."""
    if verdict.verdict == "consistent" or verdict.ours is None:
        return word("cause-inside", language)
    percent = 100 * (verdict.figure.si / verdict.ours.value - 1)
    return word("chart-off", language).format(signed(percent, language))


def _label(verdict: Verdict, language: str) -> str:
    """Return the name of what a figure measures, with the computed value."""
    figure, ours = verdict.figure, verdict.ours
    is_area = figure.quantity == "area"
    value = (ours.value if ours else 0.0) / (1e6 if is_area else 1e3)
    text = number(f"{value:,.0f}", language)
    unit = word("km2" if is_area else "km", language)
    return f"{_item(verdict, language)}{comma(language)} {text}\u00a0{unit}"


def _item(verdict: Verdict, language: str) -> str:
    """Return the name of what a figure measures."""
    figure, ours = verdict.figure, verdict.ours
    key = figure.system
    if key in system_ids() and ours is not None:
        thing = system(key)
        # A figure may measure a part of a system, which has a name of its own.
        whole = getattr(thing, "area" if figure.quantity == "area" else "length", None)
        if whole is not None and whole.value == ours.value:
            return name_of(thing.names, thing.name, language)
    elif key in guides():
        return border_name(key, language)
    return word(figure.item, language)


def border_name(key: str, language: str) -> str:
    """Return the name of a border by its id, such as ``tur-arm``."""
    sides = []
    for code in key.split("-"):
        nakhchivan = places()["nakhchivan"].names
        country = word(f"country-{_CODES.get(code, code)}", language)
        sides.append(nakhchivan.get(language, "").split(" ")[0] if code == "nax" else country)
    return "–".join(sides)


def _key_entries(language: str) -> list[KeyEntry]:
    dot: dict[str, Any] = {"linestyle": "none", "markersize": 4.0}
    return [
        KeyEntry(text=word("computed", language), look={"facecolor": LIGHT, "linewidth": 0}),
        KeyEntry(text=word("inside", language), look={"marker": "o", "color": DARK, **dot}),
        KeyEntry(text=word("outside", language),
             look={"marker": "D", "color": ACCENT, "markerfacecolor": "white", **dot}),
    ]  # fmt: skip


def _unit(unit: str, language: str) -> str:
    return word({"km²": "km2"}.get(unit, unit), language)


def _row(canvas: Canvas, group: Sequence[Verdict], y: float) -> None:
    """Draw the interval of a computed value as a bar, and the published figures as marks."""
    ours = group[0].ours
    if ours is None:
        return
    low, high = (100 * (end / ours.value - 1) for end in (ours.low, ours.high))
    canvas.axes.barh(y, high - low, left=low, height=0.7, color=LIGHT, zorder=2)
    for verdict in group:
        deviation = 100 * (verdict.figure.si / ours.value - 1)
        inside = verdict.verdict == "consistent"
        canvas.axes.plot(deviation, y, "o" if inside else "D", color=DARK if inside else ACCENT,
                        markerfacecolor=DARK if inside else "white", zorder=4,
                        markersize=(0.62 if inside else 0.55) * canvas.text_pt,
                        markeredgewidth=0.14 * canvas.text_pt)  # fmt: skip


def _caption(judged: Sequence[Verdict], shown: Sequence[Verdict], title: str, language: str) -> str:
    cells = [
        (_item(v, language),
         f"{number(f'{v.figure.value:,g}', language)} {_unit(v.figure.unit, language)}",
         interval(v.ours, language, area=v.figure.quantity == "area") if v.ours else "",
         word(v.verdict, language), _reason(v, language), v.figure.source,
         basis(v.figure.state, language))
        for v in shown
    ]  # fmt: skip
    head = heads("item basis-published computed-95 verdict why source state", language)
    text = word("caption-claims", language)
    shown_count, judged_count = (
        number(str(len(verdicts)), language) for verdicts in (shown, judged)
    )
    return "\n".join(
        [
            f"**{cell(title)}.** {text.format(shown_count, judged_count)}",
            "",
            *table(head, cells),
            "",
            *references([*_SOURCES, *(v.figure.source for v in shown)], language),
        ]
    )
