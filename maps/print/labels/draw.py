"""Names written on a map: each where it touches no other, with a halo, or left out."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib import patheffects

from maps.print.labels.placement import LabelRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.text import Text

    from maps.print.frame import Frame
    from maps.print.labels.placement import Placer, Spot
    from maps.print.labels.places import Label, Size
    from maps.print.sheet import Sheet

__all__ = ["ORDER", "write"]

ORDER = 60
# White around a number of the legend, as a part of its size.
_PAD = 0.22


def write(sheet: Sheet, frame: Frame, names: Iterable[Label], placer: Placer) -> list[Label]:
    """Write names in order of weight and return those that found a place."""
    written = []
    for crowded, group in groupby(names, key=lambda name: name.kind == "key"):
        if crowded:
            written += _write_keys(sheet, frame, list(group), placer)
        else:
            written += [name for name in group if _write(sheet, frame, name, placer)]
    return written


def _write_keys(sheet: Sheet, frame: Frame, names: list[Label], placer: Placer) -> list[Label]:
    """Write numbers, which are tried together because each is missed."""
    texts = [_text(frame, name, sheet.clean(name.text)) for name in names]
    wishes = [_wish(sheet, name, text) for name, text in zip(names, texts, strict=True)]
    written = []
    for name, text, wish, spot in zip(names, texts, wishes, placer.place_all(wishes), strict=True):
        if spot is None:
            text.remove()
        else:
            _set(frame, name, text, spot, wish.size)
            written.append(name)
    return written


def _write(sheet: Sheet, frame: Frame, name: Label, placer: Placer) -> bool:
    """Write a name if it finds a place."""
    text = _text(frame, name, sheet.clean(name.text))
    wish = _wish(sheet, name, text)
    spot = None
    if name.dot is None or placer.free(_dot(name)):
        spot = placer.place(wish.spots, wish.size, limit=wish.limit, own=wish.own)
    if spot is None:
        text.remove()
        return False
    if name.dot is not None:
        placer.block(_dot(name))
    _set(frame, name, text, spot, wish.size)
    return True


def _pad(name: Label) -> float:
    return _PAD * name.size_pt if name.kind == "key" else 0.0


def _wish(sheet: Sheet, name: Label, text: Text) -> LabelRequest:
    wide, high = sheet.measured(text)
    size = wide + 2 * _pad(name), high + 2 * _pad(name)
    return LabelRequest(spots=name.spots(size), size=size, limit=name.limit, own=name.own)


def _set(frame: Frame, name: Label, text: Text, spot: Spot, size: Size) -> None:
    text.set_position((spot.x + _pad(name), spot.y + _pad(name)))
    _mark(frame, name, spot, size)


def _dot(name: Label) -> tuple[float, float, float, float]:
    x, y = name.dot or (0.0, 0.0)
    half = 0.16 * name.size_pt
    return x - half, y - half, x + half, y + half


def _text(frame: Frame, name: Label, words: str) -> Text:
    look: dict[str, Any] = {"color": name.colour}
    if name.kind == "key":
        look["bbox"] = {
            "boxstyle": f"square,pad={_PAD}", "facecolor": "white", "edgecolor": name.colour,
            "linewidth": 0.8 * frame.pen,
        }  # fmt: skip
    else:
        halo = patheffects.withStroke(linewidth=0.28 * name.size_pt, foreground="white")
        look["path_effects"] = [halo]
    return frame.axes.annotate(
        words, (0, 0), (0, 0), xycoords="axes fraction", textcoords="offset points",
        fontsize=name.size_pt, fontweight="bold" if name.bold else "normal", zorder=ORDER,
        ha="left", va="bottom", parse_math=False, annotation_clip=False, label=name.kind, **look,
    )  # fmt: skip


def _mark(frame: Frame, name: Label, spot: Spot, size: Size) -> None:
    """Draw the dot of a place, and the leader to a name that stands apart."""
    if spot.leader is not None:
        ends = list(zip(frame.plane(spot.leader), frame.plane(spot.foot(size)), strict=True))
        width = 0.7 * frame.pen
        frame.axes.plot(*ends, color="white", linewidth=4 * width, zorder=ORDER - 3)
        frame.axes.plot(*ends, color="#333333", linewidth=width, zorder=ORDER - 2)
    if name.dot is not None:
        x, y = frame.plane(name.dot)
        frame.axes.plot(x, y, "o", markersize=0.32 * name.size_pt, color="#222222",
                        markeredgecolor="white", markeredgewidth=0.4 * frame.pen,
                        zorder=ORDER - 1)  # fmt: skip
