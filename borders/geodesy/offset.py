"""Lines parallel to a line at a geodesic distance on WGS84.

Source: C. F. F. Karney (2013), section 8, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from shapely.ops import substring

from borders.errors import GeometryError
from borders.geodesy import lonlat, planar_buffer
from borders.geodesy.local_frames import Frames, cut, longest_edge_m
from borders.geodesy.lonlat import LONGEST_M

if TYPE_CHECKING:
    from borders.geodesy.lonlat import FloatArray

__all__ = ["offset_m"]

# Neighbouring pieces of a line overlap by this and three times the distance (an assumption).
_OVERLAP_M = 20_000.0


def offset_m(
    line: Any,
    distance_m: float,
    *,
    side: Literal["left", "right"] = "left",
    quad_segs: int = 64,
) -> Any:
    """Return the line parallel to a line at a geodesic distance, in the same direction.

    Around the outside of a bend it follows the arc, on the inside it leaves out what is nearer to
    another stretch. The distance is kept to 0.02 % with the default `quad_segs`.

    Parameters
    ----------
    line : LineString, array of them or GeoSeries, EPSG:4326. Z is dropped.
    distance_m : metres, above 0 and at most 200,000.
    side : "left" or "right", seen in the direction of the line.
    quad_segs : segments in a quarter circle.

    Returns
    -------
    LineString, ndarray or GeoSeries as `line`; missing stays None. Inside a closed line it may be
    empty or a MultiLineString. A line across the antimeridian stays one line. Lines over 90 km are
    joined from stretches: where such a line comes back to itself later, each stretch has its own
    parallel.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : an option has no such value; a line is empty, in parts or out of range; the
        line over 90 km is closed, or its stretches cannot be joined.

    Source: Karney (2013), section 8, https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> from borders.geodesy import distance_m
    >>> line = shapely.LineString([(44, 40), (45, 40)])
    >>> parallel = offset_m(line, 2500)
    >>> round(distance_m(line, shapely.Point(parallel.coords[1])))
    2500
    """
    if not 0 < distance_m <= LONGEST_M or side not in {"left", "right"} or quad_segs < 1:
        raise GeometryError(
            f"distance_m={distance_m}, side={side!r}, quad_segs={quad_segs}: the distance has to "
            f"be above 0 and at most {LONGEST_M:,.0f} m, side 'left' or 'right', quad_segs positive"
        )
    lines, form = lonlat.read(line)
    signed_m = distance_m if side == "left" else -distance_m
    results = np.full(len(lines), None, dtype=object)
    for i, single in enumerate(lines):
        if single is not None:
            results[i] = _parallel(lonlat.line_vertices(single)[:, :2], signed_m, quad_segs)
    return form.geometries(results)


def _parallel(vertices: FloatArray, signed_m: float, quad_segs: int) -> shapely.Geometry:
    """Return the parallel of one line, joined from the parallels of its pieces."""
    if (vertices == vertices[0]).all():
        raise GeometryError(f"the line has no length at {vertices[0].tolist()}, so no sides")
    part = np.zeros(len(vertices), dtype=np.int64)
    cores = cut(vertices, part, distance_m=abs(signed_m))
    joints = cores.coordinates[np.flatnonzero(np.diff(cores.piece))]
    if len(joints) and (vertices[0] == vertices[-1]).all():
        raise GeometryError(
            f"the line is closed at {vertices[0].tolist()} and over 90 km long; "
            "take the rings of buffer_m(line, distance_m)"
        )
    margin_m = 3 * abs(signed_m) + _OVERLAP_M
    pieces = cut(vertices, part, distance_m=abs(signed_m), margin_m=margin_m)
    frames = Frames.around(pieces.coordinates, pieces.piece)
    plane = frames.plane(pieces.coordinates, pieces.piece)
    lines = shapely.linestrings(plane, indices=pieces.piece)
    curves = planar_buffer.parallel(lines, abs(signed_m), quad_segs=quad_segs, left=signed_m > 0)
    away_m = np.maximum(frames.pole_m() - margin_m, margin_m)
    curves = list(shapely.segmentize(curves, longest_edge_m(abs(signed_m), away_m)))
    if not len(joints):
        parts = [_lonlat_within(frames, curve, 0) for curve in shapely.get_parts(curves[0])]
        return shapely.MultiLineString(parts) if len(parts) > 1 else shapely.LineString(parts[0])
    trimmed = _trimmed(curves, joints, frames)
    stretches = [_lonlat_within(frames, curve, k) for k, curve in enumerate(trimmed)]
    first, *others = stretches
    return shapely.LineString(np.concatenate([first, *(xy[1:] for xy in others)]))


def _trimmed(
    curves: list[shapely.Geometry], joints: FloatArray, frames: Frames
) -> list[shapely.Geometry]:
    """Return overlapping parallels cut to end where the next begins, next to the joints."""
    starts_m, ends_m = [0.0], []
    for k, joint in enumerate(joints):
        frame, next_frame = np.array([k]), np.array([k + 1])
        ends_m.append(curves[k].project(shapely.Point(frames.plane(joint[None], frame)[0])))
        meeting = frames.lonlat(shapely.get_coordinates(curves[k].interpolate(ends_m[-1])), frame)
        starts_m.append(curves[k + 1].project(shapely.Point(frames.plane(meeting, next_frame)[0])))
        if starts_m[k] > ends_m[k]:
            raise GeometryError(
                f"the parallel turns back near {joint.tolist()}: the line comes within the distance"
                " of itself there; take shorter stretches (slice_between) or a smaller distance"
            )
    ends_m.append(curves[-1].length)
    return [
        substring(curve, start_m, end_m)
        for curve, start_m, end_m in zip(curves, starts_m, ends_m, strict=True)
    ]


def _lonlat_within(frames: Frames, line: shapely.LineString, frame: int) -> FloatArray:
    """Return the vertices of a line in a frame as lon/lat within [-180, 180]."""
    xy = shapely.get_coordinates(line)
    coordinates = frames.lonlat(xy, np.full(len(xy), frame))
    lon = coordinates[:, 0]
    beyond = np.abs(lon) > 180
    coordinates[beyond, 0] = lon[beyond] - np.copysign(360.0, lon[beyond])
    return coordinates
