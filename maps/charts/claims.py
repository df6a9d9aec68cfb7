"""Published figures against computed intervals, as dots on bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from borders.gazetteer.places import places
from borders.guide_lines import guides
from corridors.model.registry import system, system_ids
from maps.charts.canvas import ACCENT, DARK, LIGHT, Content, Paper, Sign
from maps.i18n import basis, comma, heads, interval, name_of, number, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.verdicts import Verdict

__all__ = ["border_name", "claims_chart"]

# Countries of the borders' ids.
_CODES = {"tur": "TR", "geo": "GE", "arm": "AM", "aze": "AZ", "irn": "IR"}
# What the computed values rest on.
_OURS = ("osm-timezones", "osm-railways", "araxes")
_JUDGED = ("consistent", "inconsistent")


def claims_chart(
    judged: Sequence[Verdict],
    *,
    title: str = "Published figures against computed intervals",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return published figures as dots beside the computed value with its 95 % interval.

    Each row is in per cent of the computed value. Only figures that test it are shown: neither
    those of another definition, nor those that it was taken from.

    Raises
    ------
    AraxesError : none of the figures tests anything.

    Examples
    --------
    >>> from corridors.analysis.verdicts import verdicts
    >>> claims_chart(verdicts()).axes[0].get_label()
    'chart'
    """
    shown = [one for one in judged if _tests(one)]
    if not shown:
        message = "no published figure tests a computed one"
        raise AraxesError(message)
    rows: dict[tuple[str, float], list[Verdict]] = {}
    for one in shown:
        rows.setdefault((_key(one), one.ours.value if one.ours else 0.0), []).append(one)
    groups = sorted(rows.values(), key=lambda group: group[0].ours.percent if group[0].ours else 0)
    with plain():
        labels = [_label(group[0], language) for group in groups]
        content = Content(
            title=title, labels=labels, rows=1.35 * len(groups) + 1.0, signs=_signs(language)
        )
        paper = Paper(content, width=width, language=language)
        for y, group in enumerate(groups):
            _row(paper, group, float(y))
        paper.axes.axvline(0, color=DARK, linewidth=0.1 * paper.size, zorder=3)
        paper.axes.set_ylim(len(groups) - 0.4, -0.6)
        paper.axes.margins(x=0.04)
        paper.name_rows(range(len(groups)))
        paper.name_axis(word("deviation", language))
        paper.sheet.caption = _caption(judged, shown, title, language)
    return paper.sheet


def _tests(one: Verdict) -> bool:
    # A saving, the difference of two lengths, is no part of a length.
    return one.ours is not None and one.verdict in _JUDGED and one.ours.value > 0


def _key(one: Verdict) -> str:
    return f"{one.figure.system}:{one.figure.quantity}" if one.figure.system else one.figure.item


def _label(one: Verdict, language: str) -> str:
    """Return the name of what a figure measures, with the computed value."""
    key = one.figure.system
    if key in system_ids() and one.ours is not None:
        thing = system(key)
        # The part of a system that a figure speaks of has a name of its own.
        whole = getattr(thing, "area" if one.figure.quantity == "area" else "length", None)
        same = whole is not None and whole.value == one.ours.value
        item = word(one.figure.item, language)
        name = name_of(thing.names, thing.name, language) if same else item
    elif key in guides():
        name = border_name(key, language)
    else:
        name = word(one.figure.item, language)
    area = one.figure.quantity == "area"
    value = (one.ours.value if one.ours else 0.0) / (1e6 if area else 1e3)
    text = number(f"{value:,.0f}", language)
    return f"{name}{comma(language)} {text}\u00a0{word('km2' if area else 'km', language)}"


def border_name(key: str, language: str) -> str:
    """Return the name of a border by its id, such as ``tur-arm``."""
    ends = []
    for part in key.split("-"):
        nakhchivan = places()["nakhchivan"].names
        known = word(f"country-{_CODES.get(part, part)}", language)
        ends.append(nakhchivan.get(language, "").split(" ")[0] if part == "nax" else known)
    return "–".join(ends)


def _signs(language: str) -> list[Sign]:
    dot: dict[str, Any] = {"linestyle": "none", "markersize": 4.0}
    return [
        Sign(text=word("computed", language), look={"facecolor": LIGHT, "linewidth": 0}),
        Sign(text=word("inside", language), look={"marker": "o", "color": DARK, **dot}),
        Sign(text=word("outside", language),
             look={"marker": "D", "color": ACCENT, "markerfacecolor": "white", **dot}),
    ]  # fmt: skip


def _unit(unit: str, language: str) -> str:
    return word({"km²": "km2"}.get(unit, unit), language)


def _row(paper: Paper, group: Sequence[Verdict], y: float) -> None:
    ours = group[0].ours
    if ours is None:
        return
    low, high = (100 * (end / ours.value - 1) for end in (ours.low, ours.high))
    paper.axes.barh(y, high - low, left=low, height=0.7, color=LIGHT, zorder=2)
    for one in group:
        away = 100 * (one.figure.si / ours.value - 1)
        inside = one.verdict == "consistent"
        paper.axes.plot(away, y, "o" if inside else "D", color=DARK if inside else ACCENT,
                        markerfacecolor=DARK if inside else "white", zorder=4,
                        markersize=(0.62 if inside else 0.55) * paper.size,
                        markeredgewidth=0.14 * paper.size)  # fmt: skip


def _caption(judged: Sequence[Verdict], shown: Sequence[Verdict], title: str, language: str) -> str:
    cells = [
        (word(one.figure.item, language),
         f"{number(f'{one.figure.value:,g}', language)} {_unit(one.figure.unit, language)}",
         interval(one.ours, language, area=one.figure.quantity == "area") if one.ours else "",
         word(one.verdict, language), one.reason, one.figure.source,
         basis(one.figure.state, language))
        for one in shown
    ]  # fmt: skip
    head = heads("item basis-published computed-95 verdict why source state", language)
    said = word("caption-claims", language)
    shown_n, judged_n = (number(str(len(every)), language) for every in (shown, judged))
    return "\n".join(
        [
            f"**{cell(title)}.** {said.format(shown_n, judged_n)}",
            "",
            *table(head, cells),
            "",
            *references([*_OURS, *(one.figure.source for one in shown)], (), language),
        ]
    )
