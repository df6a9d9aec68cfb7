"""What stands around a figure's frame: title, legend, credits."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

    from maps.layers import Layer

__all__ = ["trim"]


def trim(
    figure: Figure, axes: Axes, found: tuple[Layer, ...], *, title: str, notes: tuple[str, ...]
) -> None:
    """Put title, legend and notes around the frame, and cut the page to them."""
    legend = _legend(figure, found)
    wide, high = figure.get_size_inches()
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    map_inches = 0.92 * wide * (y1 - y0) / (x1 - x0)
    credit = [line for note in notes for line in wrap(note, 190)]
    below = 0.13 + 0.085 * len(credit)
    between = legend.get_window_extent().height / figure.dpi + 0.22
    high = below + between + map_inches + 0.3
    figure.set_size_inches(wide, high)
    axes.set_position((0.05, (below + between) / high, 0.92, map_inches / high))
    legend.set_bbox_to_anchor((0.05, below / high), transform=figure.transFigure)
    figure.text(0.05, 1 - 0.12 / high, _short(title, 80), fontsize=10, fontweight="bold",
                va="top", parse_math=False)  # fmt: skip
    figure.text(0.05, 0.05 / high, "\n".join(credit), fontsize=4.6, color="#444444",
                va="bottom", linespacing=1.3, parse_math=False)  # fmt: skip


def _legend(figure: Figure, found: tuple[Layer, ...]) -> Legend:
    """Return a legend of as many columns, up to three, as the page is wide."""
    from matplotlib.lines import Line2D

    handles, names = [], []
    for one in found:
        dash = one.swatch.dash
        pattern: Any = (0, tuple(d / max(one.swatch.width, 1) for d in dash)) if dash else "-"
        width = one.swatch.width * 0.6
        handles.append(Line2D([], [], color=one.swatch.colour, lw=width, ls=pattern))
        names.append(_short(one.name, 100) + (f", {one.state}" if one.state else ""))
    for columns in (3, 2, 1):
        legend = figure.legend(
            handles, [""] * len(names), loc="lower left", bbox_to_anchor=(0.05, 0.0), ncols=columns,
            fontsize=5.6, frameon=False, handlelength=3.2, columnspacing=1.2, borderpad=0,
            borderaxespad=0, labelspacing=0.35,
        )  # fmt: skip
        # Names are set afterwards: they are no mathematics, and may begin with an underscore.
        for text, name in zip(legend.get_texts(), names, strict=True):
            text.set_parse_math(False)
            text.set_text(name)
        if columns == 1 or legend.get_window_extent().width < 0.92 * figure.bbox.width:
            break
        legend.remove()
    return legend


def _short(text: str, most: int) -> str:
    """Return a name that fits the page."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
