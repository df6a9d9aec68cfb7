"""Speed and error of geodesic lengths and buffers, against pyproj on the same lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic
from pyproj import Geod, Transformer

from borders.geodesy import buffer_m, length_m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GEOD = Geod(ellps="WGS84")
HALF_WIDTH_M = 2500.0
SEGMENTS = 1_000_000


def benches() -> Iterator[dict[str, Any]]:
    """Yield one result for each bench."""
    yield _length()
    for km in (60, 1000, 4000):
        line = _centreline(km * 1000.0)
        ours, theirs = _best(
            lambda line=line: buffer_m(line, HALF_WIDTH_M),
            lambda line=line: _buffer_by_transformers(line),
            repeats=7,
        )
        yield _row(f"buffer {km} km vs chunked pyproj.Transformer", ours, theirs, bar=0.2)
    for km in (60, 1000, 4000):
        error_m = _buffer_error_m(km * 1000.0)
        yield {
            "bench": f"buffer {km} km, largest error of 2,500 m vs geographiclib",
            "ours": error_m,
            "theirs": None,
            "ratio": None,
            "unit": "m",
            "bar": 0.5,
            "ok": error_m <= 0.5,
        }


def _row(bench: str, ours: float, theirs: float, *, bar: float) -> dict[str, Any]:
    ratio = ours / theirs
    return {
        "bench": bench,
        "ours": ours,
        "theirs": theirs,
        "ratio": ratio,
        "unit": "s",
        "bar": bar,
        "ok": ratio <= bar,
    }


def _best(
    ours: Callable[[], object], theirs: Callable[[], object], *, repeats: int
) -> tuple[float, float]:
    """Return the best times in seconds of two functions called in turn."""
    times = np.empty((repeats, 2))
    for row in times:
        for column, function in enumerate((ours, theirs)):
            begin = time.perf_counter()
            function()
            row[column] = time.perf_counter() - begin
    best = times.min(axis=0)
    return float(best[0]), float(best[1])


def _length() -> dict[str, Any]:
    random = np.random.default_rng(1)
    steps = random.normal(0, 1e-3, (SEGMENTS + 1, 2))
    coordinates = np.cumsum(steps, axis=0) + np.array([44.0, 40.0])
    line = shapely.LineString(coordinates)
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    ours, theirs = _best(
        lambda: length_m(line),
        lambda: GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:]),
        repeats=5,
    )
    return _row("length of 1 M segments vs raw Geod.inv", ours, theirs, bar=1.3)


def _centreline(length: float) -> shapely.LineString:
    """Return a line with a bend every 10 km, up to 3 km to either side of a geodesic."""
    random = np.random.default_rng(2)
    stations = np.arange(0, length + 1, 10_000)
    ones = np.ones_like(stations)
    lon, lat, back = GEOD.fwd(41 * ones, 40 * ones, 80 * ones, stations)
    aside = random.uniform(-3000, 3000, len(stations))
    lon, lat, _ = GEOD.fwd(lon, lat, np.asarray(back) + 90, aside)
    return shapely.LineString(np.column_stack([lon, lat]))


def _buffer_by_transformers(line: shapely.LineString) -> shapely.Geometry:
    """Return the buffer by one azimuthal-equidistant Transformer for each 100 km."""
    coordinates = shapely.get_coordinates(line)
    polygons = []
    for first in range(0, len(coordinates) - 1, 10):
        chunk = coordinates[first : first + 11]
        lon, lat = chunk[len(chunk) // 2]
        frame = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m"
        transformer = Transformer.from_crs("EPSG:4326", frame, always_xy=True)
        plane = np.column_stack(transformer.transform(chunk[:, 0], chunk[:, 1]))
        outline = shapely.buffer(shapely.LineString(plane), HALF_WIDTH_M, quad_segs=64)
        outline = shapely.segmentize(outline, 2500)
        polygons.append(
            shapely.transform(
                outline,
                lambda x, y, t=transformer: t.transform(x, y, direction="INVERSE"),
                interleaved=False,
            )
        )
    return shapely.union_all(polygons)


def _buffer_error_m(length: float) -> float:
    """Return how far the outline of a geodesic's buffer is from its place, by geographiclib."""
    earth = Geodesic.WGS84
    line = earth.DirectLine(40.0, 41.0, 80.0, length)
    end = line.Position(length)
    ends = shapely.LineString([(41.0, 40.0), (end["lon2"], end["lat2"])])
    ring = shapely.get_coordinates(buffer_m(ends, HALF_WIDTH_M))
    places = np.concatenate([ring, (ring[1:] + ring[:-1]) / 2])
    places = places[:: max(1, len(places) // 150)]
    errors = [abs(_distance_m(line, length, lon, lat) - HALF_WIDTH_M) for lon, lat in places]
    return max(errors)


def _distance_m(line: Any, length: float, lon: float, lat: float) -> float:
    """Return the distance of a place from a geodesic by ternary search, in metres."""

    def away(at: float) -> float:
        on = line.Position(at)
        found: float = Geodesic.WGS84.Inverse(lat, lon, on["lat2"], on["lon2"])["s12"]
        return found

    low, high = 0.0, length
    while high - low > 1.0:  # an error of 1 m along is 0.2 mm across
        third = (high - low) / 3
        if away(low + third) < away(high - third):
            high -= third
        else:
            low += third
    return min(away((low + high) / 2), away(0.0), away(length))


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result))
