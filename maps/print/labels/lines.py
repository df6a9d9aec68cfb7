"""Signs on the lines of a figure: the number of the legend, and where a line that leaves goes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.gazetteer.places import places
from maps.i18n import name_of, number, right_to_left, short
from maps.layers.model import numbered
from maps.print.labels.placement import Spot
from maps.print.labels.places import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.compiler.leg import Leg
    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.sheet import PageFormat

__all__ = ["exits", "keys", "legs"]

_ARROWS = {"left": "←", "right": "→", "bottom": "↓", "top": "↑"}
# A place this near to the end of a line, in degrees, is where the line goes.
_NEAR = 0.3
# How far a number may stand from its line, in sizes of letters; and without a leader.
_RADII = (0.85, 1.4, 2.1, 3.0, 4.2, 5.6, 7.2, 9.0)
_ALONE = 1.5
# Where along its line such a number looks for a place.
_SHARES = (0.5, 0.2, 0.8)
# A number without a leader has its own leg nearer than this part of the way to any other.
_CLEAR = 0.95
# Costs of a leader, of one that runs along its line, of a number apart from a line that could
# bear it.
_LED, _SLANT, _APART = 0.1, 2.0, 40.0
# A leader hides the lines that it runs nearer to than this, in sizes of letters.
_HIDES = 0.3
# More of other lines than this, in sizes of letters, no leader may hide.
_HIDDEN = 2.0
# Detail of lines that is finer than this, in points, moves no number.
_FINEST_PT = 0.3
# More lines than this are a net, which goes nowhere.
_NET = 60


def keys(frame: Frame, page: PageFormat, found: Sequence[Layer], language: str) -> list[Label]:
    """Return the numbers of the legend for the lines, and for areas without lines."""
    named = []
    for n, one in numbered(found):
        lines = frame.drawn.get(one.id, [])
        spots = (
            partial(_along, lines, page.text_pt) if lines else partial(_within, _areas(frame, one))
        )
        named.append(_key(page, number(str(n), language), one.swatch.colour, spots, own=one.id))
    return named


def legs(
    frame: Frame, page: PageFormat, legs: Sequence[Leg], own: Layer, language: str
) -> list[Label]:
    """Return the numbers of a treaty's legs, each beside its own or at the end of a leader."""
    lines = np.array([_on_page(frame, leg.geometry) for leg in legs])
    named = []
    for n, leg in enumerate(legs):
        text = number(str(leg.n), language)
        others = shapely.multilinestrings(np.delete(lines, n))
        spots = partial(_beside, lines[n], others, page.text_pt)
        named.append(_key(page, text, own.swatch.colour, spots, own=None, small=True))
    return named


def _on_page(frame: Frame, line: Any) -> Any:
    """Return a line of longitudes and latitudes in points, no finer than a number needs it."""
    xy = shapely.get_coordinates(line)
    drawn = shapely.LineString(frame.points(np.column_stack(frame.extent.at(*xy.T))))
    return shapely.simplify(drawn, _FINEST_PT)


def _key(
    page: PageFormat, text: str, colour: str, spots: Any, *, own: str | None, small: bool = False
) -> Label:
    size = page.text_pt * (0.8 if small else 0.95)
    return Label(kind="key", text=text, size_pt=size, colour=colour, spots=spots, own=own,
                bold=not small)  # fmt: skip


def _along(lines: list[np.ndarray], far: float, size: tuple[float, float]) -> list[Spot]:
    """Return spots centred on lines, the middle of the longest first, and apart from the longest.

    Parameters
    ----------
    far : size of letters, by which the distances with a leader go.
    """
    wide, high = size
    shapes = [shapely.LineString(line) for line in lines if len(line) > 1]
    longest = sorted(shapes, key=lambda line: -line.length)[:6]
    found = []
    for n, line in enumerate(longest):
        for share in np.linspace(0.04, 0.96, 24):
            at = line.interpolate(float(share), normalized=True)
            cost = 2.0 * abs(float(share) - 0.5) + n
            found.append(Spot(at.x - wide / 2, at.y - high / 2, cost))
    for line in longest[:1]:
        found += [replace(spot, cost=spot.cost + _APART) for spot in _led(line, far, size)]
    return found


def _beside(line: Any, others: Any, far: float, size: tuple[float, float]) -> list[Spot]:
    """Return spots near a line, without a leader where it is clearly nearer than the others."""
    spots = _led(line, far, size)
    corners = np.array([spot.box(size) for spot in spots])
    # Legs far off neither come near a number nor lie under its leader.
    others = shapely.clip_by_rect(others, *corners[:, :2].min(axis=0), *corners[:, 2:].max(axis=0))
    middles = shapely.points((corners[:, :2] + corners[:, 2:]) / 2)
    # Without others every distance to them is none, which is not smaller.
    clear = ~(shapely.distance(middles, line) >= _CLEAR * shapely.distance(middles, others))
    boxes = shapely.box(*corners.T)
    away = shapely.distance(boxes, line)
    clear &= ~(away > shapely.distance(boxes, others) + _FINEST_PT)
    clear &= away < _ALONE * far
    near = others.buffer(_HIDES * far, quad_segs=1)
    leaders = shapely.linestrings([(spot.leader, spot.foot(size)) for spot in spots])
    shapely.prepare(near)
    hidden = np.zeros(len(spots))
    over_others = shapely.intersects(near, leaders)
    hidden[over_others] = shapely.length(shapely.intersection(leaders[over_others], near)) / far
    return [
        replace(spot, leader=None, cost=spot.cost - _LED)
        if alone
        else replace(spot, cost=spot.cost + over)
        for spot, alone, over in zip(spots, clear, hidden.tolist(), strict=True)
        if alone or over < _HIDDEN
    ]


def _led(line: Any, far: float, size: tuple[float, float]) -> list[Spot]:
    """Return spots with leaders around points of a line, those straight away from it first."""
    half = np.array(size) / 2
    angles = np.radians(np.arange(0, 360, 20))
    away = np.column_stack([np.cos(angles), np.sin(angles)])
    found = []
    for m, share in enumerate(_SHARES):
        at, *ends = (
            shapely.get_coordinates(line.interpolate(one, normalized=True))[0]
            for one in (share, max(share - 0.25, 0.0), min(share + 0.25, 1.0))
        )
        step = ends[1] - ends[0]
        along = step / max(float(np.hypot(*step)), 1e-9)
        for n, radius in enumerate(_RADII):
            steps = away * (far * radius + half)
            slant = np.abs(steps @ along) / np.hypot(*steps.T)
            costs = n + 0.5 * m + _LED + _SLANT * slant
            for (x, y), cost in zip(at + steps - half, costs, strict=True):
                found.append(Spot(float(x), float(y), float(cost), (float(at[0]), float(at[1]))))
    return found


def _areas(frame: Frame, one: Layer) -> Any:
    shapes = frame.prepared(shape.geometry for shape in one.shapes)
    view = shapely.box(0, 0, frame.wide, frame.high)
    flat = shapely.transform(shapely.union_all(shapely.make_valid(shapes)), frame.points)
    parts = shapely.get_parts(shapely.make_valid(flat).intersection(view))
    return sorted(parts[~shapely.is_empty(parts)], key=lambda part: -part.area)


def _within(parts: list[Any], size: tuple[float, float]) -> list[Spot]:
    spots = []
    for n, part in enumerate(parts[:4]):
        at = part.representative_point()
        for dx, dy in ((0, 0), (9, 0), (-9, 0), (0, 9), (0, -9)):
            cost = n + 0.1 * (abs(dx) + abs(dy))
            spots.append(Spot(at.x - size[0] / 2 + dx, at.y - size[1] / 2 + dy, cost))
    return spots


def exits(frame: Frame, page: PageFormat, found: Sequence[Layer], language: str) -> list[Label]:
    """Return where the lines that leave the frame go, with an arrow, once a side."""
    named: dict[tuple[str, str], Label] = {}
    for one in found:
        lines = [shape for shape in one.shapes if shape.geometry.geom_type == "LineString"]
        for shape in lines if len(lines) < _NET else ():
            for line in (shape.geometry, shape.geometry.reverse()):
                way = _way_out(frame, line)
                if way is None:
                    continue
                side, at = way
                lon, lat = line.coords[-1][:2]
                text = _destination(lon, lat, language)
                written = _pointing(text, side, language)
                named.setdefault(
                    (side, text),
                    Label(kind="exit", text=written, size_pt=0.94 * page.text_pt, own=None,
                         colour=one.swatch.colour, spots=partial(_at_edge, side, at, frame)),
                )  # fmt: skip
    return list(named.values())


def _way_out(frame: Frame, line: Any) -> tuple[str, tuple[float, float]] | None:
    """Return side and spot at which a line leaves the frame for good, None if it does not."""
    xy = shapely.get_coordinates(shapely.segmentize(line, 0.1))
    spots = frame.points(np.column_stack(frame.extent.at(*xy.T)))
    size = np.array([frame.wide, frame.high])
    inside = np.all((spots >= 0) & (spots <= size), axis=1)
    if inside[-1] or not inside.any():
        return None
    last = int(np.flatnonzero(inside)[-1])
    step = shapely.LineString(spots[last : last + 2])
    ring = shapely.box(0, 0, *size).exterior
    cut = shapely.get_coordinates(step.intersection(ring))
    x, y = cut[0] if len(cut) else spots[last]
    away = {"left": x, "right": size[0] - x, "bottom": y, "top": size[1] - y}
    return min(away, key=lambda side: float(away[side])), (float(x), float(y))


def _destination(lon: float, lat: float, language: str) -> str:
    """Return the name of the curated place at the end of a line, if there is one."""
    near = [
        (np.hypot((one.lon - lon) * 0.76, one.lat - lat), one.name, one)
        for one in places().values()
    ]
    away, _, one = min(near, key=lambda row: row[:2])
    return short(name_of(one.names, one.name, language)) if away < _NEAR else ""


def _pointing(text: str, side: str, language: str) -> str:
    arrow = _ARROWS[side]
    if not text:
        return arrow
    # The arrow stands on the side that it points to, whichever way the text runs.
    first = (side != "right") != right_to_left(language)
    return f"{arrow} {text}" if first else f"{text} {arrow}"


def _at_edge(
    side: str, at: tuple[float, float], frame: Frame, size: tuple[float, float]
) -> list[Spot]:
    wide, high = size
    found = []
    for n, slide in enumerate((5, -5, 11, -11, 18, -18, 27, -27, 40, -40, 55, -55)):
        if side in ("left", "right"):
            x = 2.5 if side == "left" else frame.wide - wide - 2.5
            y = at[1] + slide - (high if slide < 0 else 0)
        else:
            x = at[0] + slide - (wide if slide < 0 else 0)
            y = 2.5 if side == "bottom" else frame.high - high - 2.5
        found.append(Spot(x, y, 0.4 * n))
    return found
