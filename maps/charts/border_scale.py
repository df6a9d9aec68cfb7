"""The scale curve of borders: how long a line is at which tolerance, and what others say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from borders.guide_lines import guide
from corridors.context.figures import figures_of
from maps.charts.canvas import ACCENT, DARK, Content, Paper, Sign
from maps.charts.claims import border_name
from maps.i18n import basis, heads, number, word
from maps.print.caption import references
from maps.print.labels.placement import Occupancy, Placer, around
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.geodesy import ScaleCurve
    from corridors.context.figures import PublishedFigure

__all__ = ["scale_chart"]

# Ends of the axis; the left one stands for no tolerance, since vertices are nearer than 10 m.
_ENDS_M = (8.0, 6500.0)
_DASHES = ("-", "--", ":", "-.")
_TICKS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


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
    keys : ids of guide lines such as ``tur-arm``, or one.

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
        content = Content(title=title, rows=rows, signs=_signs(keys, language))
        paper = Paper(content, width=width, language=language)
        axes = paper.axes
        axes.set_xscale("log")
        axes.set_xlim(*_ENDS_M)
        axes.margins(y=0.09)
        axes.xaxis.set_major_locator(FixedLocator(_TICKS_M))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,g}", language)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,.10g}", language)))
        axes.spines["left"].set_visible(True)
        axes.grid(axis="y", color="#d8d8d8", linewidth=0.06 * paper.size)
        shown = [f for key in keys for f in _published(key)]
        marks = []
        for n, key in enumerate(keys):
            marks += _curve(paper, key, curves[key], _DASHES[n % len(_DASHES)])
        _name(paper, marks)
        paper.name_axis(word("tolerance", language))
        paper.name_axis(word("length-km", language), vertical=True)
        paper.sheet.caption = _caption(curves, shown, title, language)
    return paper.sheet


def _signs(keys: Sequence[str], language: str) -> list[Sign]:
    dot: dict[str, Any] = {"linestyle": "none", "markersize": 4.0, "markerfacecolor": "white"}
    lines = [
        Sign(text=border_name(key, language),
             look={"color": DARK, "linewidth": 1.2, "linestyle": _DASHES[n % len(_DASHES)]})
        for n, key in enumerate(keys)
    ]  # fmt: skip
    return [
        *lines,
        Sign(text=word("published", language), look={"marker": "D", "color": ACCENT, **dot}),
    ]


def _published(key: str) -> list[PublishedFigure]:
    return [one for one in figures_of(key) if one.definition == "same"]


def _curve(
    paper: Paper, key: str, curve: ScaleCurve, dash: str
) -> list[tuple[str, tuple[float, float]]]:
    """Draw a line's lengths and the published ones; return the texts of these with their spots."""
    axes = paper.axes
    points = [p for p in curve if p.tolerance_m > 0]
    xs = [_ENDS_M[0], *(p.tolerance_m for p in points)]
    ys = [curve.points[0].length_m / 1000, *(p.length_m / 1000 for p in points)]
    axes.plot(xs, ys, dash, color=DARK, linewidth=0.2 * paper.size, zorder=3)
    return [_mark(paper, one, curve) for one in _published(key)]


def _mark(paper: Paper, one: PublishedFigure, curve: ScaleCurve) -> tuple[str, tuple[float, float]]:
    """Draw a published length where the line is as long; return its text and spot."""
    longer = one.si > curve.points[0].length_m
    at = curve.tolerance_for(one.si) or (_ENDS_M[0] if longer else _ENDS_M[1])
    x, km = min(max(at, _ENDS_M[0]), _ENDS_M[1]), one.si / 1000
    paper.axes.plot(x, km, "D", color=ACCENT, markerfacecolor="white", zorder=4, clip_on=False,
                    markersize=0.55 * paper.size, markeredgewidth=0.14 * paper.size)  # fmt: skip
    text = number(f"{km:,g}", paper.language)
    return text + (f" ({number(one.year, paper.language)})" if one.year else ""), (x, km)


def _name(paper: Paper, marks: list[tuple[str, tuple[float, float]]]) -> None:
    """Write the published lengths beside their marks, where there is room."""
    axes, sheet = paper.axes, paper.sheet
    ink = Occupancy(paper.wide, paper.high)
    # Limits are set when they are first asked for, and spots depend on them.
    axes.set_ylim(axes.get_ylim())
    page = axes.transAxes.inverted()
    for line in axes.lines:
        if line.get_zorder() == 3:
            shares = page.transform(axes.transData.transform(line.get_xydata()))
            ink.add("curve", [shares * (paper.wide, paper.high)], 3.0)
    placer = Placer(ink)
    for _, at in marks:
        x, y = page.transform(axes.transData.transform(at)) * (paper.wide, paper.high)
        placer.block((x - 2.0, y - 2.0, x + 2.0, y + 2.0))
    for text, at in sorted(marks, key=lambda mark: -mark[1][1]):
        x, y = page.transform(axes.transData.transform(at)) * (paper.wide, paper.high)
        size = sheet.width_of(text, 0.94 * paper.size), 1.2 * paper.size
        spots = around((float(x), float(y)), size, gap=0.7 * paper.size)
        spot = placer.place([one for one in spots if one.leader is None], size)
        if spot is not None:
            paper.say(text, at, shift=(spot.x - x, spot.y - y), va="bottom", ha="left")


def _caption(
    curves: dict[str, ScaleCurve], shown: Sequence[PublishedFigure], title: str, language: str
) -> str:
    km, metres = word("km", language), word("metres", language)
    cells = [
        (key, f"{number(f'{p.tolerance_m:,g}', language)} {metres}" if p.tolerance_m
         else word("all-vertices", language),
         f"{number(f'{p.length_m / 1000:,.1f}', language)} {km}")
        for key, curve in curves.items()
        for p in curve
    ]  # fmt: skip
    said = [
        (f.item, f"{number(f'{f.value:,g}', language)} {word(f.unit, language)}",
         number(f.year, language), f.source, basis(f.state, language))
        for f in shown
    ]  # fmt: skip
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-scale-curve', language)}",
            "",
            *table(heads("line tolerance-head length-head", language), cells),
            "",
            *table(heads("item basis-published year source state", language), said),
            "",
            *references(["osm-timezones", *(f.source for f in shown)], (), language),
        ]
    )
