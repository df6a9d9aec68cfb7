"""Topology-preserving simplification: neighbours keep their common border, lines still meet."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import AraxesError
from borders.geodesy.earth import DEGREE_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from maps.layers.model import Layer

    Array: TypeAlias = NDArray[np.float64]
    Numbers: TypeAlias = NDArray[np.int64]

__all__ = ["simplified", "simplified_layers"]

# Vertices are taken for the same where they round to the same multiple of this many degrees,
# about a centimetre.
_SAME_DEG = 1e-7
# How often the tolerance of a piece that would cross another is halved before it stays whole.
_HALVINGS = 7


def simplified(geometries: Sequence[Any], tolerance_m: float) -> list[Any]:
    """Return geometries of fewer vertices, none of their lines moved by more than a tolerance.

    Lines are cut wherever several of them meet or part, each piece is simplified once (Douglas and
    Peucker), and the geometries are put together again: neighbours keep their common border, and
    lines that met still meet. Pieces that would come to cross, and rings that would shrink to
    nothing, are simplified less. Points stay as they are.

    Parameters
    ----------
    geometries : of any kind, lon/lat in degrees.
    tolerance_m : in metres, at the latitude in the middle of all.

    Examples
    --------
    >>> line = shapely.LineString([(44, 40), (44.5, 40.00001), (45, 40)])
    >>> simplified([line], 10)[0].coords[:]
    [(44.0, 40.0), (45.0, 40.0)]
    """
    paths, linear = _paths(geometries)
    if not paths:
        return list(geometries)
    _, south, _, north = shapely.total_bounds(geometries)
    across = np.array([np.cos(np.radians((south + north) / 2)), 1.0]) * DEGREE_M
    arcs = _arcs(paths)
    drawn = _untangled(paths, arcs, across, tolerance_m)
    thin = {
        key: _with_exact_ends(shapely.get_coordinates(line) / across, arcs[key])
        for key, line in zip(arcs, drawn, strict=True)
    }
    lines = iter(_joined(path, thin) for path in paths)
    return [
        _rebuilt(geometry, lines) if has_lines else geometry
        for geometry, has_lines in zip(geometries, linear, strict=True)
    ]


def simplified_layers(layers: Sequence[Layer], tolerance_m: float) -> list[Layer]:
    """Return layers with their lines simplified, those of all layers together.

    Raises
    ------
    AraxesError : the tolerance is not above 0 and below 1,000 km.
    """
    if not 0 < tolerance_m < 1e6:
        message = f"the tolerance is {tolerance_m} m; give metres above 0, such as 50"
        raise AraxesError(message)
    geometries = [shape.geometry for layer in layers for shape in layer.shapes]
    thin = iter(simplified(geometries, tolerance_m))
    return [
        replace(
            layer, tolerance_m=tolerance_m,
            shapes=tuple(replace(shape, geometry=next(thin)) for shape in layer.shapes),
        )
        for layer in layers
    ]  # fmt: skip


class _Path:
    """A line or ring: its vertices, their numbers, and the arcs that it is made of.

    `arcs` holds the key of each arc and whether the path passes it in the direction in which it
    is stored.
    """

    __slots__ = ("arcs", "ids", "ring", "xy")

    def __init__(self, xy: Array, *, ring: bool) -> None:
        self.xy, self.ring = xy, ring
        self.ids: Numbers = np.zeros(0, np.int64)
        self.arcs: list[tuple[bytes, bool]] = []


def _lines_of(geometry: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the lines and rings of a geometry in the order in which it is rebuilt."""
    kind = geometry.geom_type
    if kind == "Polygon":
        yield from ((ring, True) for ring in shapely.get_rings(geometry))
    elif kind in ("LineString", "LinearRing"):
        yield geometry, geometry.is_ring
    elif kind not in ("Point", "MultiPoint"):
        for part in geometry.geoms:
            if not part.is_empty:
                yield from _lines_of(part)


def _paths(geometries: Sequence[Any]) -> tuple[list[_Path], list[bool]]:
    """Return the lines and rings of all geometries, and whether each geometry has any."""
    paths: list[_Path] = []
    linear: list[bool] = []
    for geometry in geometries:
        before = len(paths)
        if not geometry.is_empty:
            for line, ring in _lines_of(geometry):
                paths.append(_Path(shapely.get_coordinates(line), ring=ring))
        linear.append(len(paths) > before)
    return paths, linear


def _arcs(paths: list[_Path]) -> dict[bytes, Array]:
    """Cut the paths at the junctions; return each piece once, whichever way it is passed."""
    cells = np.rint(np.concatenate([path.xy for path in paths]) / _SAME_DEG).astype(np.int64)
    _, ids = np.unique(cells, axis=0, return_inverse=True)
    ids = ids.ravel()
    starts = np.cumsum([0, *(len(path.xy) for path in paths)])
    for path, a, b in zip(paths, starts[:-1], starts[1:], strict=True):
        path.ids = ids[a:b]
    junctions = _junctions(paths, int(ids.max()) + 1)
    arcs: dict[bytes, Array] = {}
    for path in paths:
        _start_at_junction(path, junctions)
        cuts = np.flatnonzero(junctions[path.ids])
        cuts = np.unique(np.concatenate([[0], cuts, [len(path.ids) - 1]]))
        for a, b in pairwise(cuts.tolist()):
            own, xy = path.ids[a : b + 1], path.xy[a : b + 1]
            onward = tuple(own.tolist()) <= tuple(own[::-1].tolist())
            key = (own if onward else own[::-1]).tobytes()
            arcs.setdefault(key, xy if onward else xy[::-1])
            path.arcs.append((key, onward))
    return arcs


def _junctions(paths: list[_Path], count: int) -> NDArray[np.bool_]:
    """Tell of each vertex whether a line ends there or lines part there.

    Lines that run together pass the vertex between the same two neighbours; where two passages
    have other neighbours, lines meet or part.
    """
    junctions = np.zeros(count, bool)
    vertices, low, high = [], [], []
    for path in paths:
        ids = path.ids
        if path.ring:
            before, at, after = np.roll(ids[:-1], 1), ids[:-1], np.roll(ids[:-1], -1)
        else:
            junctions[ids[[0, -1]]] = True
            before, at, after = ids[:-2], ids[1:-1], ids[2:]
        vertices.append(at)
        low.append(np.minimum(before, after))
        high.append(np.maximum(before, after))
    at = np.concatenate(vertices)
    for neighbours in (np.concatenate(low), np.concatenate(high)):
        least = np.full(count, np.iinfo(np.int64).max)
        most = np.full(count, -1)
        np.minimum.at(least, at, neighbours)
        np.maximum.at(most, at, neighbours)
        junctions |= (most >= 0) & (least != most)
    return junctions


def _start_at_junction(path: _Path, junctions: NDArray[np.bool_]) -> None:
    """Let a ring begin at a junction, or else at its vertex of the least number.

    Two equal rings without a junction then begin at the same vertex and are one arc.
    """
    if not path.ring:
        return
    cuts = np.flatnonzero(junctions[path.ids[:-1]])
    first = int(cuts[0]) if len(cuts) else int(np.argmin(path.ids[:-1]))
    ids, xy = np.roll(path.ids[:-1], -first), np.roll(path.xy[:-1], -first, axis=0)
    path.ids, path.xy = np.append(ids, ids[0]), np.vstack([xy, xy[:1]])


def _untangled(
    paths: list[_Path], arcs: dict[bytes, Array], across: Array, tolerance_m: float
) -> NDArray[np.object_]:
    """Return the pieces in metres, each simplified as far as none crosses another for that."""
    whole = np.array([shapely.LineString(xy * across) for xy in arcs.values()], dtype=object)
    tolerances = np.full(len(whole), tolerance_m)
    thin: NDArray[np.object_] = shapely.simplify(whole, tolerances)
    number = {key: n for n, key in enumerate(arcs)}
    rings = [[number[key] for key, _ in path.arcs] for path in paths if path.ring]
    for halving in range(1, _HALVINGS + 1):
        again = _tangled(thin, whole) | _passing(thin, whole)
        for ring in rings:
            # Two arcs of two vertices each are one line there and back.
            if shapely.get_num_points(thin[ring]).sum() - len(ring) < 3:
                again[ring] = True
        if not again.any():
            break
        tolerances[again] = tolerances[again] / 2 if halving < _HALVINGS else 0.0
        thin[again] = shapely.simplify(whole[again], tolerances[again])
    return thin


def _tangled(thin: NDArray[np.object_], whole: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which simplified lines cross themselves or others that the whole ones do not cross."""
    tangled: NDArray[np.bool_] = ~shapely.is_simple(thin) & shapely.is_simple(whole)
    one, other = shapely.STRtree(thin).query(thin, predicate="intersects")
    one, other = one[one < other], other[one < other]
    for lines in (thin, whole):
        crossing = shapely.intersects(lines[one], lines[other])
        crossing &= ~shapely.touches(lines[one], lines[other])
        if lines is whole:
            crossing = ~crossing
        one, other = one[crossing], other[crossing]
    tangled[one] = tangled[other] = True
    return tangled


def _passing(thin: NDArray[np.object_], whole: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which simplified lines have come to the other side of a vertex of another line.

    Of each line the ends, which stay where they are, and the vertex after the first are tested:
    with these on their sides no island is swallowed by a shore and no hole lies outside its area.
    """
    passing = np.zeros(len(whole), bool)
    moved = np.flatnonzero(shapely.get_num_points(thin) < shapely.get_num_points(whole))
    if not len(moved):
        return passing
    bent = thin[shapely.get_num_points(thin) > 2]
    tested = [shapely.get_point(whole, 0), shapely.get_point(whole, -1), shapely.get_point(bent, 1)]
    points = np.unique(shapely.get_coordinates(np.concatenate(tested)), axis=0)
    # What a line has swept lies between its whole and its simplified course.
    loops = [
        shapely.linearrings(
            np.vstack([shapely.get_coordinates(a), shapely.get_coordinates(b)[::-1]])
        )
        for a, b in zip(whole[moved], thin[moved], strict=True)
    ]
    swept = shapely.polygons(loops)
    line, point = shapely.STRtree(shapely.points(points)).query(shapely.envelope(swept))
    shapely.prepare(swept)
    inside = shapely.contains_xy(swept[line], *points[point].T)
    passing[moved[line[inside]]] = True
    return passing


def _with_exact_ends(thin: Array, whole: Array) -> Array:
    """Return a simplified piece, or the whole one if it would shrink to nothing."""
    closed = len(whole) > 3 and bool((whole[0] == whole[-1]).all())
    if closed and len(thin) < 4:
        return whole
    # Ends stay where they are to the last bit, so that pieces meet again.
    return np.vstack([whole[:1], thin[1:-1], whole[-1:]])


def _joined(path: _Path, thin: dict[bytes, Array]) -> Array:
    """Return the vertices of a path from its simplified arcs, each junction once."""
    pieces = [thin[key] if onward else thin[key][::-1] for key, onward in path.arcs]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _rebuilt(geometry: Any, lines: Iterator[Array]) -> Any:
    """Return a geometry made of the next lines; rings of fewer than 4 vertices stay whole."""
    kind = geometry.geom_type
    if kind == "Polygon":
        rings = []
        for ring in shapely.get_rings(geometry):
            xy = next(lines)
            rings.append(xy if len(xy) > 3 else shapely.get_coordinates(ring))
        return shapely.Polygon(rings[0], rings[1:])
    if kind in ("LineString", "LinearRing"):
        return shapely.LineString(next(lines))
    if kind in ("Point", "MultiPoint"):
        return geometry
    parts = [part if part.is_empty else _rebuilt(part, lines) for part in geometry.geoms]
    return type(geometry)(parts)
