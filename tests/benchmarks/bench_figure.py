"""What a user waits for a figure, beside matplotlib alone drawing the same lines.

Both are drawn and written in turn, in the same size, at the same resolution and as the same format:
what we add is the reading of tables, the projection, names that keep clear of each other, the
legend, the scale bar and the caption.
"""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from turns import in_turn, ratio_line

from corridors.model.registry import systems
from maps.layers.model import REGION
from maps.print.figure import save_figure, static
from maps.print.sheet import DPI
from maps.report.gallery import GALLERY, draw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from maps.print.sheet import Sheet

# Seconds of ours over those of matplotlib, about 1.4 times the largest measured on two cores: 4.5
# to 5.1, 9.0 to 11.3, 7.8 to 8.3 and 3.4 to 3.9, of which the second and the last have less room.
FORMS = (
    ("180", ".png", 7.0),
    ("180", ".svg", 13.0),
    ("85", ".pdf", 11.5),
    ("slide", ".png", 4.5),
)
GALLERY_BAR = 7.5  # measured: 4.7 to 5.4
REPEATS = 5


def benches() -> Iterator[dict[str, Any]]:
    """Yield one result for each form."""
    every = systems()
    with tempfile.TemporaryDirectory() as folder:
        for width, suffix, bar in FORMS:
            figure = partial(static, *every, bounds=REGION, width=width)
            ours, theirs = _compared(figure, Path(folder), suffix)
            bench = f"figure of all systems, {width}, {suffix}: drawn and written"
            yield ratio_line(f"{bench} / matplotlib with the same lines", ours, theirs, bar)
        key = max(GALLERY, key=lambda name: _seconds(name, Path(folder)))
        ours, theirs = _compared(partial(draw, key), Path(folder), ".png")
        bench = f"slowest figure of the gallery ({key}), 180, .png: drawn and written"
        yield ratio_line(f"{bench} / matplotlib with the same lines", ours, theirs, GALLERY_BAR)


def _compared(
    figure: Callable[[], Sheet], folder: Path, suffix: str, repeats: int = REPEATS
) -> tuple[float, float]:
    """Return the seconds that a figure takes, and those of matplotlib with its lines."""
    sheet = figure()
    size, panels = sheet.get_size_inches(), _panels(sheet)
    return in_turn(
        lambda: save_figure(figure(), folder / f"ours{suffix}"),
        lambda: _bare(size, panels, folder / f"theirs{suffix}"),
        repeats=repeats,
    )


def _seconds(key: str, folder: Path) -> float:
    begin = time.perf_counter()
    save_figure(draw(key), folder / "ours.png")
    return time.perf_counter() - begin


def _panels(sheet: Sheet) -> list[tuple[Any, Any, Any, list[np.ndarray]]]:
    """Return place, limits and lines of each panel of a figure, outlines of areas among them."""
    panels = []
    for axes in sheet.axes:
        lines = []
        for artist in axes.get_children():
            if isinstance(artist, LineCollection | PathCollection):
                lines += [path.vertices for path in artist.get_paths()]
            elif isinstance(artist, Line2D) and artist.get_transform() == axes.transData:
                lines.append(artist.get_xydata())
        drawn = [np.asarray(line, float) for line in lines if len(line) > 1]
        panels.append((axes.get_position(), axes.get_xlim(), axes.get_ylim(), drawn))
    return panels


def _bare(size: Any, panels: list[tuple[Any, Any, Any, list[np.ndarray]]], target: Path) -> None:
    """Draw lines with matplotlib alone and write them."""
    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    for place, xlim, ylim, lines in panels:
        axes = figure.add_axes(place)
        axes.set(xlim=xlim, ylim=ylim, xticks=[], yticks=[])
        axes.add_collection(LineCollection(lines, colors="black", linewidths=0.8), autolim=False)
    figure.savefig(target, dpi=DPI)


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result), flush=True)
