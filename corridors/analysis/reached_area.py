"""The area within a distance of lines, be they few or a million streets."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from corridors.routing.graph import Floats

__all__ = ["BUFFER_M", "area_around", "width_m"]

# The area of a reach lies within this distance of its stretches. How far from a strategic road or
# line people live that it serves is an assumption.
BUFFER_M = 5000.0
# It is narrower on a network of streets: about as wide as its links are long, so that blocks of
# houses close and fields stay open, though no narrower than can be seen on a map of what is
# reached. It is one of these, in metres. Assumptions.
WIDTHS_M, SEEN = (100.0, 200.0, 500.0, 1000.0, 2000.0, BUFFER_M), 0.02

# Lines of more points are taken as points: GEOS takes minutes for the outlines of so many lines.
MOST_POINTS = 10_000
# How far the points of a line lie apart at most, as a part of the distance: discs around them are
# then short of the outline of the line by 0.13 % of the distance.
SPACING = 0.1
# Of more points one is taken of each square with sides of this part of the distance.
THINNED, CELL = 300_000, 0.01
# More lines are taken in blocks of so many, each thinned at once, for want of memory.
BLOCK = 100_000
# Cells by which is told which points lie far inside: so many make the distance. On a grid of more
# than the most cells, as of few streets in a wide land, all points are taken.
CELLS, MOST_CELLS = 10, 50_000_000
# A triangle whose circle is so much smaller than a disc is covered by those of its corners, however
# a plane distorts it.
SURE = 0.9
# Wider, a plane distorts too much, and a box may cross the antimeridian.
WIDEST_DEG = 30.0


def width_m(lines: Any, mean_length_m: float) -> float:
    """Return how far from lines the area around them goes, in metres.

    Parameters
    ----------
    mean_length_m : length in the mean of the links of the network that they are part of.
    """
    import shapely

    from borders.geodesy.lonlat import WGS84

    if len(lines) == 0:
        return BUFFER_M
    west, south, east, north = shapely.total_bounds(lines)
    seen_m = SEEN * float(WGS84.inv(west, south, east, north)[2])
    fitting = max(mean_length_m, seen_m, WIDTHS_M[0])
    return min(WIDTHS_M, key=lambda width: abs(log(width / min(fitting, BUFFER_M))))


def area_around(lines: Any, distance_m: float) -> Any:
    """Return the polygon of all places within a distance of lines, EPSG:4326.

    Of many lines the discs around their points are joined. Only those count that lie at the rim:
    whatever three points span that lie in a circle smaller than a disc is covered (alpha shapes;
    Edelsbrunner, Kirkpatrick and Seidel 1983, https://doi.org/10.1109/TIT.1983.1056714).
    """
    import shapely

    from borders.geodesy import buffer_m

    west, south, east, north = shapely.total_bounds(lines)
    wide = max(east - west, north - south) > WIDEST_DEG or max(abs(south), abs(north)) > 80
    if wide or shapely.get_num_coordinates(lines).sum() <= MOST_POINTS:
        # Joined first, as buffers take long; within 6 m, far finer than the lines are drawn.
        joined = shapely.line_merge(shapely.union_all(lines))
        return buffer_m(joined, distance_m, quad_segs=16)
    points, triangles, inside = _rim(lines, distance_m)
    discs = buffer_m(shapely.multipoints(points), distance_m, quad_segs=16)
    return shapely.union_all([discs, shapely.coverage_union_all(triangles), inside])


def _rim(lines: Any, distance_m: float) -> tuple[Floats, Any, Any]:
    """Return the points whose discs make the outline, and triangles that are covered.

    Returns
    -------
    Longitudes and latitudes in degrees, shape (n, 2); triangles that share their sides; a polygon
    that is covered by the points that lie far inside, empty if there are none.
    """
    import shapely
    from pyproj import Transformer
    from scipy.spatial import Delaunay

    # A link between two nodes at one place has no length, which GEOS cannot divide.
    lines = lines[shapely.length(lines) > 0]
    west, south, east, north = shapely.total_bounds(lines)
    plane = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    blocks = [lines[n : n + BLOCK] for n in range(0, len(lines), BLOCK)]
    parts = []
    for block in blocks:
        xy, line = shapely.get_coordinates(block, return_index=True)
        flat = np.column_stack(to_plane.transform(xy[:, 0], xy[:, 1]))
        dense = shapely.segmentize(shapely.linestrings(flat, indices=line), SPACING * distance_m)
        points = shapely.get_coordinates(dense)
        parts.append(points if len(blocks) == 1 else _thinned(points, distance_m))
    points, inside = _without_inner(np.concatenate(parts), distance_m)
    points = np.unique(points, axis=0)
    inside = shapely.transform(
        shapely.segmentize(inside, SPACING * distance_m),
        lambda xy: np.column_stack(to_plane.transform(xy[:, 0], xy[:, 1], direction="INVERSE")),
    )
    if len(points) > THINNED:
        points = _thinned(points, distance_m)
    corners = Delaunay(points).simplices
    covered = _circumradius_m(points[corners]) <= SURE * distance_m
    inner = np.ones(len(points), bool)
    inner[corners[~covered]] = False
    inner[_hull(corners[covered])] = False
    used = np.zeros(len(points), bool)
    used[corners[covered]] = True
    degrees = np.column_stack(to_plane.transform(points[:, 0], points[:, 1], direction="INVERSE"))
    rings = degrees[corners[covered]]
    triangles = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    return degrees[~(inner & used)], triangles, inside


def _thinned(points: Any, distance_m: float) -> Any:
    """Return one of the points in each square."""
    cells = np.floor(points / (CELL * distance_m)).astype(np.int64)
    return points[np.unique(cells, axis=0, return_index=True)[1]]


def _without_inner(points: Any, distance_m: float) -> tuple[Any, Any]:
    """Return the points that may make the outline, and what is covered whatever they cover.

    A cell is covered if all of it lies within the distance of any place in a cell that has a point.
    Points whose discs end in covered cells make no outline.

    Parameters
    ----------
    points : in a plane, in metres, shape (n, 2).
    """
    import shapely
    from scipy.ndimage import distance_transform_edt

    side, margin = distance_m / CELLS, CELLS + 2
    cells = np.floor(points / side).astype(np.int64)
    first = cells.min(axis=0) - margin
    column, row = (cells - first).T
    width, height = int(column.max()) + margin + 1, int(row.max()) + margin + 1
    if width * height > MOST_CELLS:
        return points, shapely.Polygon()
    empty = np.ones((height, width), bool)
    empty[row, column] = False
    # From centre to centre, so that the halves of two diagonals are added.
    covered = distance_transform_edt(empty) <= SURE * CELLS - np.sqrt(2)
    inner = distance_transform_edt(covered) > CELLS / SURE + np.sqrt(2)
    dropped = inner[row, column]
    if not dropped.any():
        return points, shapely.Polygon()
    # Each row's runs of covered cells are boxes.
    turns = np.diff(np.pad(covered.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    begins, ends = np.nonzero(turns == 1), np.nonzero(turns == -1)
    west, east = (first[0] + at[1] for at in (begins, ends))
    south = first[1] + begins[0]
    boxes = shapely.box(west * side, south * side, east * side, (south + 1) * side)
    return points[~dropped], shapely.union_all(boxes)


def _hull(corners: Any) -> Any:
    """Return the points on sides that only one triangle has."""
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    pairs, count = np.unique(sides, axis=0, return_counts=True)
    return np.unique(pairs[count == 1])


def _circumradius_m(corners: Floats) -> Floats:
    """Return the radius of the circle through the corners of each triangle, infinite if flat."""
    a, b, c = (np.hypot(*(corners[:, k] - corners[:, k - 1]).T) for k in range(3))
    (x1, y1), (x2, y2) = ((corners[:, k] - corners[:, 0]).T for k in (1, 2))
    twice = np.abs(x1 * y2 - x2 * y1)
    with np.errstate(divide="ignore", invalid="ignore"):
        radius: Floats = np.where(twice > 0, a * b * c / (2 * twice), np.inf)
    return radius
