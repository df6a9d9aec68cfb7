"""What the hours of ways are made of, as stacked bars: running, each border, changes, ships."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from borders.errors import AraxesError
from borders.measure import decimals_of_parts, time_unit
from corridors.analysis.compare import Row
from corridors.routing.route import name_of as place_text
from maps.charts.canvas import Canvas, Content, KeyEntry, grouped_rows
from maps.charts.lengths import place_name, ways_sentence
from maps.charts.reasons import link_name, reason
from maps.i18n import apart, basis, comma, heads, mode_words, number, scenario_name, word
from maps.layers.routes import time_text
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.style import HOURS_PARTS
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.network.hours_parts import TimePart
    from corridors.routing.route import Route

__all__ = ["hours_chart"]

# So many crossings are named below the bars; the caption names all.
_MOST_NOTES = 24
# Intervals are drawn up to so many times the longest bar; an arrow says that one goes on.
_MOST_INTERVAL = 1.7
# Unit → the name of the axis.
_AXES = {"h": "figure-axis-hours", "min": "figure-axis-minutes"}


def hours_chart(
    ways: Sequence[Row | Route], *, title: str = "", language: str = "en", width: str | int = "180"
) -> Sheet:
    """Return a bar for each way, stacked of what its hours are made of, with the 95 % interval.

    Stops at borders, and waits for ships, are a part of the bar for each crossing; a number in it
    is named below. Parts come in the order of the key.

    Parameters
    ----------
    ways : rows of `compare`, or routes, such as those of `alternatives`.

    Raises
    ------
    AraxesError : there is no way among them.

    Examples
    --------
    >>> from corridors import Terms, route
    >>> len(hours_chart([route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))]).axes)
    1
    """
    bars = [_Bar(n, way, language) for n, way in enumerate(ways, 1)]
    routes = [bar.route for bar in bars if bar.route is not None]
    if not routes:
        message = "no way to chart; ask for other places, or for another scenario"
        raise AraxesError(message)
    title = title or word("ui-made-of", language)
    numbers = _numbered(routes, language)
    with plain():
        groups = [list(group) for _, group in groupby(bars, key=lambda bar: bar.group)]
        rows = grouped_rows(
            (_heading(group, language), [bar.label for bar in group]) for group in groups
        )
        content = Content(
            title=title, labels=rows.labels, bold=rows.bold, rows=rows.lines,
            key=_key(routes, language), notes=_notes(numbers, language),
        )  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        canvas.set_grouped(rows, _reach_h(canvas, routes))
        for bar, y in zip(bars, rows.bars, strict=True):
            _draw(canvas, bar.route, y, numbers, _shown_h(routes))
        _label_axis(canvas, routes)
        cited = list(dict.fromkeys(source for route in routes for source in route.sources))
        return canvas.sign(_caption(bars, title, cited, language), cited)


class _Bar:
    """A row of the chart: a way, or that there is none, its label and what it is grouped by."""

    def __init__(self, n: int, way: Row | Route, language: str) -> None:
        scenario = way.scenario
        self.label = scenario_name(scenario, language)
        self.ends = tuple(
            place_name(place_text(end), language) for end in (way.origin, way.destination)
        )
        self.route: Route | None = way.way if isinstance(way, Row) else way
        self.reason = reason(way, language) if isinstance(way, Row) else ""
        modes = self.route.modes if self.route is not None else ()
        self.modes = mode_words(modes, language)
        self.group: tuple[Any, ...] = self.ends
        if isinstance(way, Row):
            self.group = self.ends, way.mode_set
        else:
            named = [f"{number(str(n), language)}  {self.label}", *self.modes]
            self.label = f"{comma(language)} ".join(named)


def _heading(group: Sequence[_Bar], language: str) -> str:
    """Return the heading of the ways of a pair, with their modes where rows are grouped by them."""
    modes = dict.fromkeys(mode for bar in group for mode in bar.modes)
    by = modes if group[0].group is not group[0].ends else ()
    return f"{comma(language)} ".join([" – ".join(group[0].ends), *by])


def _time_unit(routes: Iterable[Route]) -> tuple[str, float]:
    """Return the unit of a chart, minutes where no way takes an hour, and how many make one."""
    return time_unit(max((route.hours for route in routes), default=0.0))


def _label_axis(canvas: Canvas, routes: Sequence[Route]) -> None:
    """Name the axis of hours, on which minutes are written where all ways are short."""
    unit, per_hour = _time_unit(routes)
    canvas.label_axis(word(_AXES[unit], canvas.language))
    if unit == "min":
        right = canvas.axes.get_xlim()[1]
        ticks = MaxNLocator(8, steps=[1, 2, 5, 10]).tick_values(0.0, per_hour * right)
        labels = [number(f"{tick:g}", canvas.language) for tick in ticks]
        canvas.axes.set_xticks([tick / per_hour for tick in ticks], labels)
        canvas.axes.set_xlim(0, right)


def _sorted(route: Route) -> list[TimePart]:
    """Return the parts of the hours in the order of the key, those of one kind as travelled."""
    order = list(HOURS_PARTS)
    return sorted((p for p in route.hours_parts if p.hours), key=lambda p: order.index(p.what))


def _numbered(routes: Iterable[Route], language: str) -> dict[str, tuple[int, str]]:
    """Return crossing → number and name, in the order in which ways come to them."""
    numbers: dict[str, tuple[int, str]] = {}
    for route in routes:
        link_of = {link.crossing: link for link in route.links if link.crossing}
        for key in filter(None, (part.crossing for part in route.hours_parts)):
            if key not in numbers:
                numbers[key] = len(numbers) + 1, link_name(link_of[key], language)
    return numbers


def _notes(numbers: dict[str, tuple[int, str]], language: str) -> list[str]:
    named = list(numbers.values())
    texts = [
        apart(f"{number(str(n), language)}\u00a0{name}", language)
        for n, name in named[:_MOST_NOTES]
    ]
    if len(named) > _MOST_NOTES:
        texts.append("…")
    notes = [f"{comma(language)} ".join(texts)] if texts else []
    return [*notes, word("ui-hours", language)]


def _key(routes: Iterable[Route], language: str) -> list[KeyEntry]:
    used = {part.what for route in routes for part in route.hours_parts if part.hours}
    entries = [
        KeyEntry(text=word(f"part-{what}", language), look=_look(what))
        for what in HOURS_PARTS
        if what in used
    ]
    line = {"color": "black", "linewidth": 1.2}
    return [*entries, KeyEntry(text=word("interval", language), look=line)]


def _look(what: str) -> dict[str, Any]:
    colour, hatch = HOURS_PARTS[what]
    return {"facecolor": colour, "edgecolor": "white", "hatch": hatch, "linewidth": 0.5}


def _value(route: Route, language: str) -> str:
    """Return the hours with their interval, as they stand behind a bar."""
    return time_text(route.time, language)


def _segments(route: Route) -> list[tuple[str, str, float]]:
    """Return what, crossing if it is a stop at one, and hours of each piece of a bar, in order."""
    hours: dict[tuple[str, str], float] = {}
    for part in _sorted(route):
        key = part.what, part.crossing
        hours[key] = hours.get(key, 0.0) + part.hours
    return [(*key, value) for key, value in hours.items()]


def _shown_h(routes: Sequence[Route]) -> float:
    """Return up to where intervals are drawn: longer ones would leave no room to read the bars."""
    return _MOST_INTERVAL * max(route.hours for route in routes)


def _reach_h(canvas: Canvas, routes: Sequence[Route]) -> float:
    """Return the hours at the right edge: there is room for the text behind each interval."""
    gap, least = 0.7 * canvas.text_pt, canvas.width_pt / 6
    reach, most = 0.0, _shown_h(routes)
    for route in routes:
        text_width = canvas.sheet.width_of(_value(route, canvas.language), canvas.text_pt)
        bar_width = max(canvas.width_pt - gap - text_width, least)
        reach = max(reach, min(route.time.high, most) * canvas.width_pt / bar_width)
    return reach or 1.0


def _draw(
    canvas: Canvas, route: Route | None, y: float, numbers: dict[str, tuple[int, str]], most: float
) -> None:
    """Draw the parts of a way's hours at a height, with their interval below and their sum.

    Parameters
    ----------
    most : hours beyond which an interval is not drawn; an arrow says that it goes on.
    """
    axes, language, text_pt = canvas.axes, canvas.language, canvas.text_pt
    if route is None:
        canvas.write(word("no-way", language), (0, y), shift=(0.4 * text_pt, 0), color="#555555")
        return
    left, per_h = 0.0, canvas.width_pt / axes.get_xlim()[1]
    for what, crossing, hours in _segments(route):
        look = canvas.hatched(_look(what)) | {"linewidth": 0.08 * text_pt}
        axes.barh(y - 0.08, hours, left=left, height=0.56, zorder=2, **look)
        text = number(str(numbers[crossing][0]), language) if crossing else ""
        if text and canvas.sheet.width_of(text, text_pt) + 0.3 * text_pt < hours * per_h:
            canvas.write(text, (left + hours / 2, y - 0.08), ha="center", label="part", zorder=4,
                         color="white" if what == "border" else "black")  # fmt: skip
        left += hours
    # Below the parts, whose edges it would hide.
    low, high = route.time.low, min(route.time.high, most)
    line: dict[str, Any] = {"color": "black", "zorder": 3, "markersize": 0.4 * text_pt}
    axes.plot([low, high], [y + 0.3] * 2, linewidth=0.14 * text_pt, **line)
    axes.plot([low], [y + 0.3], marker="|", **line)
    axes.plot([high], [y + 0.3], marker="|" if high == route.time.high else ">", **line)
    canvas.write(_value(route, language), (max(high, left), y), shift=(0.7 * text_pt, 0))


def _where(part: TimePart, numbers: dict[str, tuple[int, str]], language: str) -> str:
    """Return where hours are spent: an id in English, else the name of the crossing or place."""
    if language == "en":
        return part.where
    _, name = numbers.get(part.crossing, (0, ""))
    return name or place_name(part.where, language)


def _caption(bars: Sequence[_Bar], title: str, cited: Sequence[str], language: str) -> str:
    cells = []
    routes = [bar.route for bar in bars if bar.route is not None]
    numbers, (unit, per_hour) = _numbered(routes, language), _time_unit(routes)
    for bar in bars:
        way = *bar.ends, bar.label, f"{comma(language)} ".join(bar.modes)
        if bar.route is None:
            cells.append((*way, f"{word('no-way', language)}: {bar.reason}", *[""] * 5))
            continue
        digits = decimals_of_parts(bar.route.hours * per_hour)
        for part in _sorted(bar.route):
            ends = part.hours, part.low, part.high
            texts = (number(f"{h * per_hour:,.{digits}f}", language) for h in ends)
            what = word(f"part-{part.what}", language)
            where = "" if part.what in ("running", "sailing") else _where(part, numbers, language)
            cells.append((*way, what, where, *texts, basis(part.basis, language)))
    least = ways_sentence(routes, language)
    head = heads(
        f"from to scenario modes figure-part figure-where {unit} low high figure-basis", language
    )
    return "\n".join(
        [" ".join(filter(None, (f"**{cell(title)}.**", least, word("caption-hours", language)))),
         "",
         *table(head, cells), "",
         *references(cited, language)]
    )  # fmt: skip
