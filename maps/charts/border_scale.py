"""The scale curve of borders: how long a line is at which tolerance, and what others say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from borders.guide_lines import guide
from corridors.context.published_figures import figures_of
from maps.charts.canvas import ACCENT, DARK, Canvas, Content, KeyEntry
from maps.charts.claims import border_name
from maps.i18n import basis, heads, number, word
from maps.print.caption import references
from maps.print.labels.occupancy import Occupancy
from maps.print.labels.placement import Placer, spots_around
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.geodesy import ScaleCurve
    from corridors.context.published_figures import PublishedFigure

__all__ = ["scale_chart"]

# Tolerances at the ends of the axis. The left one stands for no tolerance: vertices of the guide
# lines are nearer to one another than 10 m.
_ENDS_M = (8.0, 6500.0)
_TICKS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# Of the first, second, third and fourth line.
_LINE_STYLES = ("-", "--", ":", "-.")
# Drawing order (matplotlib's zorder) of curves and of marks.
_CURVE_ORDER, _MARK_ORDER = 3, 4
# A published length: its text, and its tolerance in metres and length in kilometres on the chart.
Mark = tuple[str, tuple[float, float]]


def scale_chart(
    keys: str | Sequence[str] = ("tur-arm",),
    *,
    title: str = "Length of a border by scale",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return the lengths of borders at tolerances from 10 m to 5 km, with published ones.

    A published length stands where the simplified line is as long; one that is longer than the
    line at full detail, or shorter than at any tolerance, stands at the edge.

    Parameters
    ----------
    keys : ids of guide lines such as ``tur-arm``, or a single id.

    Raises
    ------
    UnknownNameError : there is no such line.

    Examples
    --------
    >>> len(scale_chart(["tur-nax"]).axes[0].lines) > 1
    True
    """
    from borders.geodesy import scale_curve

    keys = [keys] if isinstance(keys, str) else keys
    lines = {key: guide(key) for key in keys}
    curves: dict[str, ScaleCurve] = {k: scale_curve(g.geometry) for k, g in lines.items()}
    with plain():
        rows = 24.0 if len(keys) < 3 else 34.0
        content = Content(title=title, rows=rows, key=_key_entries(keys, language))
        canvas = Canvas(content, width=width, language=language)
        axes = canvas.axes
        axes.set_xscale("log")
        axes.set_xlim(*_ENDS_M)
        axes.margins(y=0.09)
        axes.xaxis.set_major_locator(FixedLocator(_TICKS_M))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,g}", language)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,.10g}", language)))
        axes.spines["left"].set_visible(True)
        axes.grid(axis="y", color="#d8d8d8", linewidth=0.06 * canvas.text_pt)
        figures = [figure for key in keys for figure in _published(key)]
        marks = []
        for n, key in enumerate(keys):
            marks += _draw_curve(canvas, key, curves[key], _LINE_STYLES[n % len(_LINE_STYLES)])
        _label_marks(canvas, marks)
        canvas.label_axis(word("tolerance", language))
        canvas.label_axis(word("length-km", language), vertical=True)
        cited = ["osm-timezones", *(f.source for f in figures)]
        return canvas.sign(_caption(curves, figures, title, language), cited)


def _key_entries(keys: Sequence[str], language: str) -> list[KeyEntry]:
    dot: dict[str, Any] = {"linestyle": "none", "markersize": 4.0, "markerfacecolor": "white"}
    lines = [
        KeyEntry(text=border_name(key, language),
             look={"color": DARK, "linewidth": 1.2,
                   "linestyle": _LINE_STYLES[n % len(_LINE_STYLES)]})
        for n, key in enumerate(keys)
    ]  # fmt: skip
    return [
        *lines,
        KeyEntry(text=word("published", language), look={"marker": "D", "color": ACCENT, **dot}),
    ]


def _published(key: str) -> list[PublishedFigure]:
    """Return the published lengths of a line that measure what we measure."""
    return [figure for figure in figures_of(key) if figure.definition == "same"]


def _draw_curve(canvas: Canvas, key: str, curve: ScaleCurve, line_style: str) -> list[Mark]:
    """Draw a line's lengths and the published ones; return the marks of these."""
    axes = canvas.axes
    points = [p for p in curve if p.tolerance_m > 0]
    xs = [_ENDS_M[0], *(p.tolerance_m for p in points)]
    ys = [curve.points[0].length_m / 1000, *(p.length_m / 1000 for p in points)]
    axes.plot(xs, ys, line_style, color=DARK, linewidth=0.2 * canvas.text_pt, zorder=_CURVE_ORDER)
    return [_draw_mark(canvas, figure, curve) for figure in _published(key)]


def _draw_mark(canvas: Canvas, figure: PublishedFigure, curve: ScaleCurve) -> Mark:
    """Draw a published length where the line is as long; return its text and position."""
    longer = figure.si > curve.points[0].length_m
    tolerance_m = curve.tolerance_for(figure.si) or (_ENDS_M[0] if longer else _ENDS_M[1])
    x, km = min(max(tolerance_m, _ENDS_M[0]), _ENDS_M[1]), figure.si / 1000
    canvas.axes.plot(x, km, "D", color=ACCENT, markerfacecolor="white", zorder=_MARK_ORDER,
                     clip_on=False, markersize=0.55 * canvas.text_pt,
                     markeredgewidth=0.14 * canvas.text_pt)  # fmt: skip
    text = number(f"{km:,g}", canvas.language)
    return text + (f" ({number(figure.year, canvas.language)})" if figure.year else ""), (x, km)


def _label_marks(canvas: Canvas, marks: list[Mark]) -> None:
    """Write the published lengths beside their marks, where there is room."""
    axes, sheet = canvas.axes, canvas.sheet
    size_pt = canvas.width_pt, canvas.height_pt
    occupancy = Occupancy(*size_pt)
    # matplotlib sets the limits when they are first read, and positions in points depend on them.
    axes.set_ylim(axes.get_ylim())
    to_shares = axes.transAxes.inverted()
    for line in axes.lines:
        if line.get_zorder() == _CURVE_ORDER:
            shares = to_shares.transform(axes.transData.transform(line.get_xydata()))
            occupancy.add("curve", [shares * size_pt], 3.0)
    placer = Placer(occupancy)
    # Neither do numbers touch the axis on the left.
    placer.block((-2.0, 0.0, 0.25 * canvas.text_pt, canvas.height_pt))
    for _, xy in marks:
        x, y = to_shares.transform(axes.transData.transform(xy)) * size_pt
        placer.block((x - 2.0, y - 2.0, x + 2.0, y + 2.0))
    for text, xy in sorted(marks, key=lambda mark: -mark[1][1]):
        x, y = to_shares.transform(axes.transData.transform(xy)) * size_pt
        size = sheet.width_of(text, 0.94 * canvas.text_pt), 1.2 * canvas.text_pt
        spots = spots_around((float(x), float(y)), size, gap=0.7 * canvas.text_pt)
        spot = placer.place([spot for spot in spots if spot.leader is None], size)
        if spot is not None:
            canvas.write(text, xy, shift=(spot.x - x, spot.y - y), va="bottom", ha="left")


def _caption(
    curves: dict[str, ScaleCurve], figures: Sequence[PublishedFigure], title: str, language: str
) -> str:
    km, metres = word("km", language), word("metres", language)
    cells = [
        (border_name(key, language),
         f"{number(f'{p.tolerance_m:,g}', language)} {metres}" if p.tolerance_m
         else word("all-vertices", language),
         f"{number(f'{p.length_m / 1000:,.1f}', language)} {km}")
        for key, curve in curves.items()
        for p in curve
    ]  # fmt: skip
    published = [
        (border_name(f.system, language),
         f"{number(f'{f.value:,g}', language)} {word(f.unit, language)}",
         number(f.year, language), f.source, basis(f.state, language))
        for f in figures
    ]  # fmt: skip
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-scale-curve', language)}",
            "",
            *table(heads("line tolerance-head length-head", language), cells),
            "",
            *table(heads("item basis-published year source state", language), published),
            "",
            *references(["osm-timezones", *(f.source for f in figures)], language),
        ]
    )
