"""Labels drawn on a map: each at a spot where it touches no other, with a halo, or left out."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib import patheffects
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from matplotlib.transforms import IdentityTransform

from maps.print.labels.placement import LabelRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maps.print.frame import Frame
    from maps.print.labels.occupancy import Box
    from maps.print.labels.placement import Placer, Spot
    from maps.print.labels.places import Label, Size
    from maps.print.sheet import Sheet

__all__ = ["ORDER", "draw_labels"]

# Drawing order (matplotlib's zorder) of the texts; dots and leaders come just below.
ORDER = 60
# Padding around a number of the legend, as a part of its letters' size.
_PADDING = 0.22


class Haloed(Annotation):
    """A text above its own halo, which path effects draw.

    matplotlib draws a text with path effects as outlines; drawn once more without them, it is text
    in an SVG and a PDF, and can be searched and edited.
    """

    def draw(self, renderer: Any) -> None:
        """Draw the halo, then the text."""
        effects, gid = self.get_path_effects(), self.get_gid()
        if effects:
            self.set_gid(f"{gid}-halo")
            super().draw(renderer)
            self.set_gid(gid)
            self.set_path_effects([])
        try:
            super().draw(renderer)
        finally:
            self.set_path_effects(effects)


def draw_labels(sheet: Sheet, frame: Frame, labels: Iterable[Label], placer: Placer) -> list[Label]:
    """Draw labels in the order given, and return those for which a free spot was left."""
    labels = list(labels)
    # What comes before the names of the great towns keeps off their dots.
    for label in labels:
        if label.vital and label.dot is not None:
            placer.block(_dot_box(label))
    drawn = []
    for together, group in groupby(labels, key=_placed_together):
        if together:
            drawn += _draw_together(sheet, frame, list(group), placer)
        else:
            drawn += [label for label in group if _draw_label(sheet, frame, label, placer)]
    return drawn


def _placed_together(label: Label) -> str:
    """Return the kind of labels of which as few as can be are left out, empty for any other."""
    if label.kind == "key":
        return "numbers"
    return "places" if label.vital and label.dot is not None else ""


def _draw_together(sheet: Sheet, frame: Frame, labels: list[Label], placer: Placer) -> list[Label]:
    """Draw labels that are placed together, so that as few as can be are left out."""
    requests = [_request(sheet, label) for label in labels]
    spots = placer.place_all(requests)
    drawn = []
    for label, request, spot in zip(labels, requests, spots, strict=True):
        if spot is not None:
            _put(sheet, frame, label, spot, request.size)
            drawn.append(label)
    return drawn


def _draw_label(sheet: Sheet, frame: Frame, label: Label, placer: Placer) -> bool:
    """Draw a label, in smaller letters if need be, and tell whether there was a spot for it."""
    return any(_draw_as(sheet, frame, look, placer) for look in (label, *label.second_best()))


def _draw_as(sheet: Sheet, frame: Frame, label: Label, placer: Placer) -> bool:
    """Draw a label as it is, and tell whether there was a spot for it."""
    if label.dot is not None and not placer.free(_dot_box(label)):
        return False
    request = _request(sheet, label)
    spot = placer.place(request.spots, request.size, limit=request.limit, own_key=request.own_key)
    if spot is None:
        return False
    if label.dot is not None:
        placer.block(_dot_box(label))
    _put(sheet, frame, label, spot, request.size)
    return True


def _padding(label: Label) -> float:
    return _PADDING * label.size_pt if label.kind == "key" else 0.0


def _request(sheet: Sheet, label: Label) -> LabelRequest:
    width, height = sheet.size_of(
        sheet.clean(label.text), label.size_pt, bold=label.bold, angle=label.angle
    )
    size = width + 2 * _padding(label), height + 2 * _padding(label)
    return LabelRequest(
        spots=label.spots(size), size=size, limit=label.limit, own_key=label.own_key
    )


def _dot_box(label: Label) -> Box:
    x, y = label.dot or (0.0, 0.0)
    half = 0.16 * label.size_pt
    return x - half, y - half, x + half, y + half


def _put(sheet: Sheet, frame: Frame, label: Label, spot: Spot, size: Size) -> None:
    """Draw a label at a spot, with its dot and leader."""
    look: dict[str, Any] = {"color": label.colour}
    if label.kind == "key":
        look["bbox"] = {
            "boxstyle": f"square,pad={_PADDING}", "facecolor": "white", "edgecolor": label.colour,
            "linewidth": 0.8 * frame.pen,
        }  # fmt: skip
    else:
        halo = patheffects.Stroke(linewidth=0.28 * label.size_pt, foreground="white")
        look["path_effects"] = [halo]
    text = Haloed(
        sheet.clean(label.text), (0, 0), (spot.x + _padding(label), spot.y + _padding(label)),
        xycoords="axes fraction", textcoords="offset points",
        fontsize=label.size_pt, fontweight="bold" if label.bold else "normal", zorder=ORDER,
        ha="left", va="bottom", rotation=label.angle, parse_math=False, annotation_clip=False,
        label=label.kind, gid=frame.gid(f"label-{label.kind}"), **look,
    )  # fmt: skip
    text.set_transform(IdentityTransform())
    frame.axes.add_artist(text)
    # Where it stands is then known before it is drawn.
    text.update_positions(sheet.renderer)
    _mark(frame, label, spot, size)


def _mark(frame: Frame, label: Label, spot: Spot, size: Size) -> None:
    """Draw the dot of a place, and the leader to a label that stands apart."""
    if spot.leader is not None:
        start, end = frame.plane(spot.leader), frame.plane(spot.leader_end(size))
        ends = list(zip(start, end, strict=True))
        width = 0.7 * frame.pen
        for colour, wide, order in (("white", 4 * width, ORDER - 3), ("#333333", width, ORDER - 2)):
            frame.axes.add_artist(Line2D(*ends, color=colour, linewidth=wide, zorder=order))
    if label.dot is not None:
        x, y = frame.plane(label.dot)
        frame.axes.add_artist(
            Line2D([x], [y], marker="o", markersize=0.32 * label.size_pt, color="#222222",
                   markeredgecolor="white", markeredgewidth=0.4 * frame.pen, zorder=ORDER - 1)
        )  # fmt: skip
