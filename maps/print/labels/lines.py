"""Labels of the lines of a figure: numbers of the legend, and where lines that leave it go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.gazetteer.places import places
from maps.i18n import name_of, number, right_to_left, short
from maps.print.labels.placement import Spot, Spots
from maps.print.labels.places import Label
from maps.print.sheet import LEAST_PT
from maps.style import BASEMAP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from borders.compiler.leg import Leg
    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.labels.places import Size
    from maps.print.sheet import PageFormat

__all__ = ["exits", "leg_numbers", "legend_numbers"]

_ARROWS = {"left": "←", "right": "→", "bottom": "↓", "top": "↑"}
# A line that ends within this many degrees of a curated place goes there.
_NEAR_DEG = 0.3
# A degree of longitude is this much shorter than one of latitude, at 40.5° N.
_LON_SCALE = 0.76
# Distances from its line at which a number is tried, in sizes of letters; and the greatest one
# without a leader.
_RADII = (0.85, 1.4, 2.1, 3.0, 4.2, 5.6, 7.2, 9.0)
_WITHOUT_LEADER = 1.5
# Points along the line, as parts of its length, around which a number with a leader is tried.
_SHARES = (0.5, 0.2, 0.8)
# A number needs no leader if its distance to its own leg is less than this part of that to any
# other leg.
_CLEARLY_NEARER = 0.95
# Costs, by which spots are ranked (assumptions): of having a leader; of a leader in the direction
# of its line, falling to none at a right angle; and of a number of the legend that stands beside
# its line instead of on it.
_COST_LEADER, _COST_SLANT, _COST_BESIDE = 0.1, 2.0, 40.0
# A leader hides other lines that it runs nearer to than the first, in sizes of letters; it must
# hide less than the second of their length.
_HIDES_WITHIN, _MOST_HIDDEN = 0.3, 2.0
# Lines that run within the first of these of each other, in points, run together, if they do so
# over more than the second; a layer of more lines than the third is a network. A stretch that runs
# alone over so many sizes of letters has room for a number beside which its line is seen.
# Assumptions.
_TOGETHER_PT, _LEAST_TOGETHER_PT, _MOST_LINES, _LEAST_ALONE = 1.0, 12.0, 1000, 5.0
# Points of a leader that are probed.
_PROBES = 16
# Detail of lines that is finer than this, in points, moves no number.
_FINEST_PT = 0.3
# Half the width of a dot of a layer of points, with room, in points.
_DOT_PT = 4.0
# Pages narrower than this group legs until they are so many sizes of letters long (assumptions).
_NARROW_MM, _LEAST_LEG = 100, 2.4
# A layer of more lines than this is a whole network, whose lines go nowhere in particular.
_NETWORK_LINES = 60


def legend_numbers(
    frame: Frame, page_format: PageFormat, pairs: Sequence[tuple[int, Layer]], language: str
) -> list[Label]:
    """Return the numbers of the legend: on a layer's lines, or in its areas if it has no lines.

    Lines that run together are told apart where they run alone, so there their numbers stand.
    """
    drawn = [_in_frame(frame, frame.drawn.get(layer.id, [])) for _, layer in pairs]
    labels = []
    for (n, layer), lines, alone in zip(
        pairs, drawn, _alone(drawn, page_format.text_pt), strict=True
    ):
        spots = (
            partial(_along, alone, lines, page_format.text_pt)
            if len(lines)
            else partial(_within, _areas(frame, layer))
        )
        text, colour = number(str(n), language), layer.swatch.colour
        labels.append(_number_label(page_format, text, colour, spots, own_key=layer.id))
    return labels


def leg_numbers(
    frame: Frame, page_format: PageFormat, legs: Sequence[Leg], layer: Layer, language: str
) -> list[Label]:
    """Return the numbers of a treaty's legs, each beside its own leg or with a leader to it.

    On a narrow page short legs that follow one another share a label, such as ``4–8``.
    """
    lines = [_on_page(frame, leg.geometry) for leg in legs]
    narrow = page_format.width_mm < _NARROW_MM
    least_pt = _LEAST_LEG * page_format.text_pt if narrow else 0.0
    groups = _grouped(lines, least_pt)
    drawn = np.array([_one_line(lines, group) for group in groups])
    labels = []
    for n, group in enumerate(groups):
        first, last = (number(str(legs[m].n), language) for m in (group[0], group[-1]))
        text = first if len(group) == 1 else f"{first}–{last}"
        others = shapely.multilinestrings(np.delete(drawn, n))
        spots = partial(_beside, drawn[n], others, page_format.text_pt)
        labels.append(
            _number_label(page_format, text, layer.swatch.colour, spots, own_key=None, small=True)
        )
    return labels


def _grouped(lines: Sequence[Any], least_pt: float) -> list[list[int]]:
    """Return runs of legs that follow one another, each at least so long on the page."""
    groups: list[list[int]] = []
    length = least_pt
    for n, line in enumerate(lines):
        if length >= least_pt:
            groups.append([])
            length = 0.0
        groups[-1].append(n)
        length += line.length
    if len(groups) > 1 and length < least_pt:
        short = groups.pop()
        groups[-1] += short
    return groups


def _one_line(lines: Sequence[Any], group: Sequence[int]) -> Any:
    """Return legs that follow one another as one line."""
    return shapely.linestrings(np.concatenate([shapely.get_coordinates(lines[n]) for n in group]))


def exits(
    frame: Frame, page_format: PageFormat, layers: Sequence[Layer], language: str
) -> list[Label]:
    """Return where the lines that leave the frame go, with an arrow: each place once a side."""
    labels: dict[tuple[str, str], Label] = {}
    for layer in layers:
        lines = [s.geometry for s in layer.shapes if s.geometry.geom_type == "LineString"]
        for line in _ending_outside(frame, lines) if len(lines) < _NETWORK_LINES else ():
            leaves_at = _way_out(frame, line)
            if leaves_at is None:
                continue
            side, point = leaves_at
            lon, lat = line.coords[-1][:2]
            name = _destination(lon, lat, language)
            text = _with_arrow(name, side, language)
            labels.setdefault(
                (side, name),
                Label(kind="exit", text=text, own_key=None,
                      size_pt=max(0.94 * page_format.text_pt, LEAST_PT),
                      spots=partial(_at_edge, side, point, frame),
                      # The faint colour of a backdrop would not be read.
                      colour=BASEMAP["country"] if layer.backdrop else layer.swatch.colour),
            )  # fmt: skip
    return list(labels.values())


def _on_page(frame: Frame, line: Any) -> Any:
    """Return a lon/lat line in points, simplified as far as moves no number."""
    xy = shapely.get_coordinates(line)
    drawn = shapely.LineString(frame.points(np.column_stack(frame.extent.at(*xy.T))))
    return shapely.simplify(drawn, _FINEST_PT)


def _number_label(
    page_format: PageFormat,
    text: str,
    colour: str,
    spots: Callable[[Size], Spots | Sequence[Spot]],
    *,
    own_key: str | None,
    small: bool = False,
) -> Label:
    size = max(page_format.text_pt * (0.8 if small else 0.95), LEAST_PT)
    return Label(kind="key", text=text, size_pt=size, colour=colour, spots=spots,
                 own_key=own_key, bold=not small)  # fmt: skip


def _in_frame(frame: Frame, lines: list[np.ndarray]) -> Any:
    """Return the parts of lines, in points, that the frame holds."""
    shapes = shapely.MultiLineString([xy for xy in lines if len(xy) > 1])
    inside = shapely.get_parts(shapely.clip_by_rect(shapes, 0, 0, frame.width_pt, frame.height_pt))
    return inside[shapely.get_dimensions(inside) == 1]


def _alone(drawn: Sequence[Any], text_pt: float) -> list[Any]:
    """Return of the lines of each layer the long parts that run alone; none if all of them do.

    Parameters
    ----------
    drawn : the lines of each layer, in points.
    text_pt : size of letters.
    """
    courses = [
        shapely.multilinestrings(lines[:0] if len(lines) > _MOST_LINES else lines)
        for lines in drawn
    ]
    courses = shapely.simplify(courses, _FINEST_PT)
    around = shapely.buffer(courses, _TOGETHER_PT, quad_segs=1)
    shapely.prepare(courses)
    alone = []
    for n, course in enumerate(courses):
        rest = course
        for m in np.flatnonzero(shapely.intersects(courses, around[n])).tolist():
            rest = rest if m == n else shapely.difference(rest, around[m])
        together = course.length - rest.length > _LEAST_TOGETHER_PT
        parts = shapely.get_parts(shapely.line_merge(rest)) if together else np.empty(0)
        alone.append(parts[shapely.length(parts) > _LEAST_ALONE * text_pt])
    return alone


def _along(alone: Any, lines: Any, text_pt: float, size: Size) -> Spots:
    """Return spots centred on the longest lines, then spots beside the longest.

    Parameters
    ----------
    alone : the parts of lines that come before all others.
    lines : within the frame.
    text_pt : size of letters, which distances from a line are multiples of.
    """
    longest = [
        line for some in (alone, lines) for line in sorted(some, key=lambda line: -line.length)[:6]
    ]
    shares = np.linspace(0.04, 0.96, 24)
    spots = []
    for n, line in enumerate(longest):
        points = shapely.get_coordinates(
            shapely.line_interpolate_point(line, shares, normalized=True)
        )
        spots.append(Spots.at(points - np.array(size) / 2, 2.0 * np.abs(shares - 0.5) + n))
    spots += [_with_leaders(line, text_pt, size, cost=_COST_BESIDE) for line in longest[:1]]
    return Spots(np.concatenate([some.rows for some in spots]))


def _beside(line: Any, others: Any, text_pt: float, size: Size) -> Spots:
    """Return spots near a line, without a leader where it is clearly nearer than the others."""
    spots = _with_leaders(line, text_pt, size)
    corners = spots.boxes(size)
    # Other legs outside the bounds of all spots come near no number and lie under no leader.
    others = shapely.clip_by_rect(others, *corners[:, :2].min(axis=0), *corners[:, 2:].max(axis=0))
    boxes = shapely.box(*corners.T)
    distances = shapely.distance(boxes, line)
    clear = distances < _WITHOUT_LEADER * text_pt
    close, near_boxes = np.flatnonzero(clear), boxes[clear]
    middles = shapely.points((corners[clear, :2] + corners[clear, 2:]) / 2)
    # Without others the distance to them is not a number, and no comparison with it is true.
    clear[close] = ~(
        shapely.distance(middles, line) >= _CLEARLY_NEARER * shapely.distance(middles, others)
    ) & ~(distances[close] > shapely.distance(near_boxes, others) + _FINEST_PT)
    hidden = _hidden(spots.leaders(size), others, _HIDES_WITHIN * text_pt) / text_pt
    rows = spots.rows.copy()
    rows[clear, 2] -= _COST_LEADER
    rows[clear, 3:] = np.nan
    rows[~clear, 2] += hidden[~clear]
    return Spots(rows[clear | (hidden < _MOST_HIDDEN)])


def _hidden(leaders: np.ndarray, lines: Any, within_pt: float) -> np.ndarray:
    """Return how much of each leader runs near to lines, in points.

    Leaders are probed at some points: an overlay of each with all lines took a third of the time of
    a figure.

    Parameters
    ----------
    leaders : x and y of both ends of each, shape (n, 4).
    """
    near = lines.buffer(within_pt, quad_segs=1)
    shapely.prepare(near)
    start, step = leaders[:, :2], leaders[:, 2:] - leaders[:, :2]
    hidden = np.zeros(len(leaders))
    if near.is_empty:
        return hidden
    met = shapely.intersects(near, shapely.linestrings(leaders.reshape(-1, 2, 2)))
    shares = (np.arange(_PROBES) + 0.5) / _PROBES
    probes = start[met, None] + shares[:, None] * step[met, None]
    inside = shapely.contains_xy(near, probes[..., 0], probes[..., 1])
    hidden[met] = inside.mean(axis=1) * np.hypot(*step[met].T)
    return hidden


def _with_leaders(line: Any, text_pt: float, size: Size, *, cost: float = 0.0) -> Spots:
    """Return spots around points of a line, with leaders; those at right angles cost the least.

    Parameters
    ----------
    cost : of each, besides.
    """
    half = np.array(size) / 2
    angles = np.radians(np.arange(0, 360, 20))
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    spots = []
    for m, share in enumerate(_SHARES):
        start, *ends = (
            shapely.get_coordinates(line.interpolate(part, normalized=True))[0]
            for part in (share, max(share - 0.25, 0.0), min(share + 0.25, 1.0))
        )
        step = ends[1] - ends[0]
        along = step / max(float(np.hypot(*step)), 1e-9)
        for n, radius in enumerate(_RADII):
            offsets = directions * (text_pt * radius + half)
            slant = np.abs(offsets @ along) / np.hypot(*offsets.T)
            costs = cost + n + 0.5 * m + _COST_LEADER + _COST_SLANT * slant
            spots.append(Spots.at(start + offsets - half, costs, start))
    return Spots(np.concatenate([ring.rows for ring in spots]))


def _areas(frame: Frame, layer: Layer) -> list[Any]:
    """Return the parts of a layer's areas in the frame, in points, the largest first."""
    shapes = frame.prepared(shape.geometry for shape in layer.shapes)
    view = shapely.box(0, 0, frame.width_pt, frame.height_pt)
    flat = shapely.transform(shapely.union_all(shapely.make_valid(shapes)), frame.points)
    parts = shapely.get_parts(shapely.make_valid(flat).intersection(view))
    return sorted(parts[~shapely.is_empty(parts)], key=lambda part: -part.area)


def _within(parts: list[Any], size: Size) -> list[Spot]:
    """Return spots centred in the largest parts of an area, and shifted by 9 points.

    Of a layer of points they are beside some of them, and hide none.
    """
    if all(part.geom_type == "Point" for part in parts):
        return _beside_points(parts, size)
    spots = []
    for n, part in enumerate(parts[:4]):
        middle = part.representative_point()
        for dx, dy in ((0, 0), (9, 0), (-9, 0), (0, 9), (0, -9)):
            cost = n + 0.1 * (abs(dx) + abs(dy))
            spots.append(Spot(middle.x - size[0] / 2 + dx, middle.y - size[1] / 2 + dy, cost))
    return spots


def _beside_points(points: list[Any], size: Size) -> list[Spot]:
    """Return spots around the first points of a layer, those that hide none of its points."""
    half = np.array(size) / 2
    dots = shapely.union_all([point.buffer(_DOT_PT) for point in points])
    spots = []
    for n, point in enumerate(points[:8]):
        for m, (dx, dy) in enumerate(((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0))):
            x, y = point.x + dx * (half[0] + _DOT_PT), point.y + dy * (half[1] + _DOT_PT)
            corner = (float(x - half[0]), float(y - half[1]))
            spot = Spot(*corner, n + 0.1 * m)
            if not dots.intersects(shapely.box(*spot.box(size)).buffer(-0.1)):
                spots.append(spot)
    return spots


def _ending_outside(frame: Frame, lines: Sequence[Any]) -> list[Any]:
    """Return the lon/lat lines that end outside the frame; those that begin there, reversed."""
    both = np.column_stack([np.array(lines, dtype=object), shapely.reverse(lines)]).ravel()
    xy = shapely.get_coordinates(shapely.get_point(both, -1))
    return list(both[~_inside(frame, frame.points(np.column_stack(frame.extent.at(*xy.T))))])


def _inside(frame: Frame, points: np.ndarray) -> np.ndarray:
    """Tell which points, in points, lie inside the frame."""
    size = frame.width_pt, frame.height_pt
    return np.asarray(np.all((points >= 0) & (points <= size), axis=1))


def _way_out(frame: Frame, line: Any) -> tuple[str, tuple[float, float]] | None:
    """Return side and point at which a line leaves the frame for good, None if it does not."""
    xy = shapely.get_coordinates(shapely.segmentize(line, 0.1))
    points = frame.points(np.column_stack(frame.extent.at(*xy.T)))
    size = np.array([frame.width_pt, frame.height_pt])
    inside = _inside(frame, points)
    if inside[-1] or not inside.any():
        return None
    last = int(np.flatnonzero(inside)[-1])
    step = shapely.LineString(points[last : last + 2])
    ring = shapely.box(0, 0, *size).exterior
    cut = shapely.get_coordinates(step.intersection(ring))
    x, y = cut[0] if len(cut) else points[last]
    distances = {"left": x, "right": size[0] - x, "bottom": y, "top": size[1] - y}
    return min(distances, key=lambda side: float(distances[side])), (float(x), float(y))


def _destination(lon: float, lat: float, language: str) -> str:
    """Return the name of the curated place at the end of a line, empty if there is none."""
    near = [
        (np.hypot((place.lon - lon) * _LON_SCALE, place.lat - lat), place.name, place)
        for place in places().values()
    ]
    distance_deg, _, place = min(near, key=lambda row: row[:2])
    return short(name_of(place.names, place.name, language)) if distance_deg < _NEAR_DEG else ""


def _with_arrow(name: str, side: str, language: str) -> str:
    arrow = _ARROWS[side]
    if not name:
        return arrow
    # The arrow stands on the side that it points to, whichever way the text runs.
    first = (side != "right") != right_to_left(language)
    return f"{arrow} {name}" if first else f"{name} {arrow}"


def _at_edge(side: str, point: tuple[float, float], frame: Frame, size: Size) -> list[Spot]:
    """Return spots at a side of the frame, the nearest to where a line leaves it first."""
    width, height = size
    spots = []
    for n, slide in enumerate((5, -5, 11, -11, 18, -18, 27, -27, 40, -40, 55, -55)):
        if side in ("left", "right"):
            x = 2.5 if side == "left" else frame.width_pt - width - 2.5
            y = point[1] + slide - (height if slide < 0 else 0)
        else:
            x = point[0] + slide - (width if slide < 0 else 0)
            y = 2.5 if side == "bottom" else frame.height_pt - height - 2.5
        spots.append(Spot(x, y, 0.4 * n))
    return spots
