"""Planar buffers and parallel lines in metres that keep the distance to 0.01 %.

GEOS drops shallow bends on the inner side of a line before it buffers, up to 1 % of the distance
deep (25 m of 2.5 km), which puts the outline too far out there. Those stretches of the outlines are
moved back to the distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import substring

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray, GeometryArray, IntArray

__all__ = ["buffered", "parallel"]

_SMOOTH = 2e-5  # vertices that matter less than this share of the distance are dropped
_EXCESS = 5e-5  # an outline may be too far out by this share of the distance
_SHALLOW = 0.0101  # bends deeper than this share of the distance GEOS keeps
_SAMPLE = 0.03  # how far apart an outline is tested, as a share of the distance
_SAMPLES = 8000  # but at no more points than that on one outline
_HALVINGS = 12
_PIECE_VERTICES = 100  # GEOS takes more than linear time to buffer a rough line


def buffered(
    geometries: GeometryArray, distance_m: FloatArray, *, quad_segs: int, flat: NDArray[np.bool_]
) -> GeometryArray:
    """Return the buffers of planar points and lines.

    Parameters
    ----------
    geometries : points and lines, in metres.
    distance_m : (n,), positive.
    quad_segs : segments in a quarter circle.
    flat : (n, 2), which lines are cut off square at their start and at their end; what lies
        beyond stays if the line comes back to it after 3 times the distance.

    Examples
    --------
    >>> line = np.array([shapely.LineString([(0, 0), (1000, 0)])])
    >>> round(buffered(line, np.array([10.0]), quad_segs=64, flat=np.array([[True, True]]))[0].area)
    20000
    """
    lines = shapely.simplify(geometries, distance_m * _SMOOTH, preserve_topology=False)
    outlines = _rounded(lines, distance_m, quad_segs)
    # GEOS gives some short bent lines slivers beside their outline, which is one polygon.
    for i in np.flatnonzero(shapely.get_num_geometries(outlines) > 1):
        outlines[i] = max(shapely.get_parts(outlines[i]), key=shapely.area)
    for i in np.flatnonzero(_has_shallow_bends(lines, distance_m)):
        rings = shapely.get_rings(outlines[i])
        pulled = [shapely.linearrings(ring) for ring in _pulled(rings, lines[i], distance_m[i])]
        outlines[i] = shapely.Polygon(pulled[0], pulled[1:]).simplify(distance_m[i] * _SMOOTH)
    for backwards, chosen in enumerate(flat.T):
        for i in np.flatnonzero(chosen):
            line = lines[i].reverse() if backwards else lines[i]
            outlines[i] = _squared(outlines[i], line, float(distance_m[i]))
    return outlines


def parallel(
    lines: GeometryArray, distance_m: float, *, quad_segs: int, left: bool
) -> list[shapely.Geometry]:
    """Return the line on one side of each planar line, in its direction, at the distance.

    It is the part of the outline of the line's buffer between the places abreast of its ends; of a
    closed line it is the whole of the outline outside or inside, which may be empty or in parts.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (9, 0)])
    >>> parallel(np.array([line]), 2.0, quad_segs=64, left=True)[0].coords[:]
    [(0.0, 2.0), (9.0, 2.0)]
    """
    count = len(lines)
    outlines = buffered(
        lines,
        np.full(count, distance_m),
        quad_segs=quad_segs,
        flat=np.zeros((count, 2), dtype=bool),
    )
    side = 1.0 if left else -1.0
    return [
        _closed_side(line, outline, left)
        if line.is_closed
        else _open_side(line, outline.exterior, side * distance_m)
        for line, outline in zip(lines, shapely.orient_polygons(outlines), strict=True)
    ]


def _closed_side(
    line: shapely.LineString, outline: shapely.Polygon, left: bool
) -> shapely.Geometry:
    """Return the outline inside or outside a closed line, in its direction."""
    ccw = bool(shapely.is_ccw(shapely.LinearRing(line)))
    inside = ccw == left
    rings = list(outline.interiors) if inside else [outline.exterior]
    # Shells of an oriented outline run counter-clockwise, its holes clockwise.
    same = (not ccw) if inside else ccw
    lines = [shapely.LineString(ring if same else ring.reverse()) for ring in rings]
    return (
        shapely.MultiLineString(lines) if len(lines) > 1 else (lines or [shapely.LineString()])[0]
    )


def _open_side(
    line: shapely.LineString, ring: shapely.LinearRing, signed_m: float
) -> shapely.LineString:
    """Return the stretch of a counter-clockwise outline on one side of a line."""
    vertices = shapely.get_coordinates(line)
    steps = np.stack([vertices[1] - vertices[0], vertices[-1] - vertices[-2]])
    normals = np.column_stack([-steps[:, 1], steps[:, 0]])
    normals *= signed_m / np.hypot(steps[:, 0], steps[:, 1])[:, None]
    start, end = ring.project(shapely.points(vertices[[0, -1]] + normals))
    if signed_m > 0:
        return _stretch(ring, end, start).reverse()
    return _stretch(ring, start, end)


def _stretch(ring: shapely.LinearRing, start: float, end: float) -> shapely.LineString:
    """Return the stretch of a ring between two distances along it, over its first vertex if so."""
    if start < end:
        return substring(ring, start, end)
    parts = [substring(ring, start, ring.length), substring(ring, 0.0, end)]
    xy = np.concatenate([shapely.get_coordinates(part) for part in parts])
    return shapely.remove_repeated_points(shapely.LineString(xy))


def _rounded(geometries: GeometryArray, distance_m: FloatArray, quad_segs: int) -> GeometryArray:
    """Return the round buffers of lines and points, long lines joined from pieces."""
    pieces, owner = [], []
    for i, geometry in enumerate(geometries):
        xy = shapely.get_coordinates(geometry)
        cuts = range(0, max(len(xy) - 1, 1), _PIECE_VERTICES)
        owner.extend([i] * len(cuts))
        if len(cuts) == 1:
            pieces.append(geometry)
        else:
            pieces.extend(shapely.LineString(xy[k : k + _PIECE_VERTICES + 1]) for k in cuts)
    outlines = shapely.buffer(pieces, distance_m[owner], quad_segs=quad_segs)
    if len(pieces) == len(geometries):
        return np.asarray(outlines)
    groups = np.split(outlines, np.searchsorted(owner, np.arange(1, len(geometries))))
    joined = np.empty(len(geometries), dtype=object)
    joined[:] = [shapely.union_all(group) if len(group) > 1 else group[0] for group in groups]
    return joined


def _squared(
    outline: shapely.Geometry, line: shapely.LineString, distance_m: float
) -> shapely.Geometry:
    """Return the outline of a line without what lies beyond the line's first vertex."""
    first, second = shapely.get_coordinates(line)[:2]
    ahead = (first - second) * (1.1 * distance_m / np.hypot(*(first - second)))
    aside = np.array([-ahead[1], ahead[0]])
    beyond = shapely.Polygon(
        [first + aside, first - aside, first - aside + ahead, first + aside + ahead]
    )
    if line.length > 3 * distance_m:
        later = substring(line, 3 * distance_m, line.length)
        beyond = beyond.difference(later.buffer(distance_m))
    return outline.difference(beyond)


def _has_shallow_bends(lines: GeometryArray, distance_m: FloatArray) -> NDArray[np.bool_]:
    """Return which lines have bends that GEOS might drop."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    chord, arm = xy[2:] - xy[:-2], xy[1:-1] - xy[:-2]
    doubled = np.abs(chord[:, 0] * arm[:, 1] - chord[:, 1] * arm[:, 0])
    limit = _SHALLOW * distance_m[line[1:-1]] * np.hypot(chord[:, 0], chord[:, 1])
    shallow = (line[2:] == line[:-2]) & (doubled < limit)
    flagged = np.zeros(len(lines), dtype=bool)
    flagged[line[1:-1][shallow]] = True
    return flagged


def _pulled(curves: GeometryArray, line: shapely.LineString, distance_m: float) -> list[FloatArray]:
    """Return the vertices of curves around a line, none farther from it than the distance.

    Edges are halved until their middles, too, are near enough.
    """
    xy, curve = _sampled(curves, line, distance_m)
    vertices = shapely.get_coordinates(line)
    tree = shapely.STRtree(shapely.linestrings(np.stack([vertices[:-1], vertices[1:]], axis=1)))
    shapely.prepare(line)

    def pull(points: FloatArray) -> tuple[FloatArray, IntArray]:
        far = np.flatnonzero(
            ~shapely.dwithin(line, shapely.points(points), (1 + _EXCESS) * distance_m)
        )
        nearest = tree.query_nearest(shapely.points(points[far]), all_matches=False)[1]
        projected = _projections(points[far], vertices[nearest], vertices[nearest + 1])
        out = points[far] - projected
        pulled = points.copy()
        pulled[far] = projected + out * (distance_m / np.hypot(out[:, 0], out[:, 1]))[:, None]
        return pulled, far

    xy, _ = pull(xy)
    edge = np.flatnonzero(curve[1:] == curve[:-1])
    for _ in range(_HALVINGS):
        middle, far = pull((xy[edge] + xy[edge + 1]) / 2)
        if not len(far):
            break
        after = edge[far] + 1
        xy = np.insert(xy, after, middle[far], axis=0)
        curve = np.insert(curve, after, curve[after])
        inserted = after + np.arange(len(after))
        edge = np.sort(np.concatenate([inserted - 1, inserted]))
    return np.split(xy, np.searchsorted(curve, np.arange(1, len(curves))))


def _sampled(
    curves: GeometryArray, line: shapely.LineString, distance_m: float
) -> tuple[FloatArray, IntArray]:
    """Return the curves' vertices and points between, and the curve of each.

    Where those are sparse, points abreast of the line's vertices are added.
    """
    perimeter = float(shapely.length(curves).sum())
    spacing = max(_SAMPLE * distance_m, perimeter / _SAMPLES)
    xy, curve = shapely.get_coordinates(shapely.segmentize(curves, spacing), return_index=True)
    if spacing <= _SAMPLE * distance_m:
        return xy, curve
    edge = np.flatnonzero(curve[1:] == curve[:-1])
    ends = shapely.get_coordinates(line)
    steps = np.diff(ends, axis=0)
    across = np.column_stack([-steps[:, 1], steps[:, 0]])
    across *= distance_m / np.hypot(steps[:, 0], steps[:, 1])[:, None]
    abreast = np.concatenate(
        [ends[k : len(steps) + k] + s * across for k in (0, 1) for s in (1, -1)]
    )
    tree = shapely.STRtree(shapely.linestrings(np.stack([xy[edge], xy[edge + 1]], axis=1)))
    nearest = edge[tree.query_nearest(shapely.points(abreast), all_matches=False)[1]]
    projected = _projections(abreast, xy[nearest], xy[nearest + 1])
    along = ((projected - xy[nearest]) ** 2).sum(axis=1)
    order = np.lexsort([along, nearest])
    after = nearest[order] + 1
    return np.insert(xy, after, projected[order], axis=0), np.insert(curve, after, curve[after])


def _projections(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the point of each segment nearest to each point, shape (n, 2)."""
    along = end - start
    square = (along**2).sum(axis=1)
    share = ((points - start) * along).sum(axis=1) / np.where(square > 0, square, 1.0)
    projected: FloatArray = start + share.clip(0.0, 1.0)[:, None] * along
    return projected
