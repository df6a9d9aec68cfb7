"""The basemap of a figure: land, water and country borders, each feature with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import layer
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from borders.files.bundle import Feature
    from maps.print.frame import Frame

__all__ = [
    "BASEMAP_BOUNDS",
    "BASEMAP_KEYS",
    "basemap_sources",
    "draw_basemap",
    "extended",
    "faces",
    "single_lines",
]

# West, south, east, north of the basemap in degrees: beyond it the page stays white.
BASEMAP_BOUNDS = (24.5, 34.5, 57.0, 46.5)
# Keys under which the basemap's rivers and borders are in the occupancy of a frame: labels may lie
# on them if they must.
BASEMAP_KEYS = ("river", "border")
# On maps narrower than this the corners of the thinned borders would show.
_DETAILED_BELOW_M = 400_000.0
# How far a border is extended to meet the shore, in points.
_REACH_PT = 6.0
# Simplification of a river's detailed course, and the farthest that the coarse river strays from
# it, in degrees.
_COURSE_TOLERANCE_DEG, _COURSE_BUFFER_DEG = 0.002, 0.03
# The basemap ends along parallels and meridians, which bend in the projection: its edges get a
# vertex at least this often, in degrees.
_EDGE_STEP_DEG = 0.5
_LAYERS = ("country-borders", "land", "lakes", "rivers")


def basemap_sources() -> tuple[str, ...]:
    """Return the ids of the sources of the basemap."""
    layers = (*_LAYERS, "borders", "reaches")
    return tuple(dict.fromkeys(f.properties["source"] for name in layers for f in layer(name)))


def draw_basemap(frame: Frame) -> None:
    """Draw the basemap."""
    near = {name: _near(frame, layer(name)) for name in _LAYERS}
    if frame.extent.size_m[0] < _DETAILED_BELOW_M:
        near["country-borders"] = _near(frame, _fine_borders())
        near["rivers"] = _near(frame, _fine_rivers())
    if not near["land"]:
        return
    geometries = {name: [f.geometry for f in features] for name, features in near.items()}
    sea = shapely.segmentize(shapely.box(*BASEMAP_BOUNDS), _EDGE_STEP_DEG)
    frame.fill([sea], BASEMAP["sea"], 0.5)
    land = [shapely.segmentize(shape, _EDGE_STEP_DEG) for shape in geometries["land"]]
    frame.fill(land, BASEMAP["land"], 1)
    frame.fill(geometries["lakes"], BASEMAP["lake"], 2)
    river = Style(colour=BASEMAP["river"], width=1.0)
    frame.lines(geometries["rivers"], river, 3, key=BASEMAP_KEYS[0], weight=0.3)
    border = Style(colour=BASEMAP["border"], width=1.1)
    frame.lines(geometries["country-borders"], border, 4, key=BASEMAP_KEYS[1], weight=1.0)


def _fine_borders() -> list[Feature]:
    """Return the country borders at full detail where there is one, thinned elsewhere."""
    fine = layer("borders")
    detailed = {_pair(f) for f in fine}
    return [*fine, *(f for f in layer("country-borders") if _pair(f) not in detailed)]


def _fine_rivers() -> list[Feature]:
    """Return the rivers: at full detail where they are borders, coarse elsewhere."""
    reaches = layer("reaches")
    course = shapely.union_all(
        [
            shapely.buffer(f.geometry.simplify(_COURSE_TOLERANCE_DEG), _COURSE_BUFFER_DEG)
            for f in reaches
        ]
    )
    shapely.prepare(course)
    rivers = list(reaches)
    for feature in layer("rivers"):
        if not course.intersects(feature.geometry):
            rivers.append(feature)
        elif not (rest := feature.geometry.difference(course)).is_empty:
            rivers.append(feature._replace(geometry=rest))
    return rivers


def _pair(feature: Feature) -> frozenset[str]:
    """Return the codes of the two countries of a border; Nakhchivan's are Azerbaijan's."""
    return frozenset(feature.properties[key].replace("NAX", "AZE") for key in "ab")


def _near(frame: Frame, features: Iterable[Feature]) -> list[Feature]:
    around = frame.extent.around
    return [f for f in features if f.geometry.intersects(around)]


def faces(frame: Frame) -> tuple[list[Any], list[Any]]:
    """Return the polygons of the land in the frame, cut by country borders, and of its sea.

    Both are in points from the frame's lower left corner.
    """
    view = shapely.box(0, 0, frame.width_pt, frame.height_pt)

    def on_page(name: str) -> list[Any]:
        shapes = frame.prepared([f.geometry for f in _near(frame, layer(name))])
        return [shapely.transform(s, frame.points) for s in shapes if not s.is_empty]

    # Projected to a wide page, a shore may touch itself.
    parts = shapely.make_valid(np.array(on_page("land"), dtype=object))
    land = shapely.make_valid(shapely.union_all(parts)).intersection(view)
    if land.is_empty:
        return [], []
    borders = [extended(line, _REACH_PT) for line in single_lines(on_page("country-borders"))]
    edges = shapely.node(shapely.multilinestrings([*borders, *single_lines([land.boundary])]))
    cut = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    shapely.prepare(land)
    land_faces = [face for face in cut if land.contains(face.point_on_surface())]
    covered = shapely.transform(
        frame.extent.project(shapely.segmentize(shapely.box(*BASEMAP_BOUNDS), _EDGE_STEP_DEG)),
        frame.points,
    ).intersection(view)
    return land_faces, [p for p in shapely.get_parts(covered.difference(land)) if p.area > 0]


def extended(line: Any, reach: float) -> Any:
    """Return a line whose ends reach farther, so that a border that ends near a shore meets it.

    Parameters
    ----------
    reach : by how much, in the unit of the line's coordinates.
    """
    xy = shapely.get_coordinates(line)
    ends = []
    for end, inner in ((xy[0], xy[1]), (xy[-1], xy[-2])):
        step = end - inner
        ends.append(end + reach * step / max(float(np.hypot(*step)), 1e-9))
    return shapely.LineString(np.vstack([ends[0], xy, ends[1]]))


def single_lines(shapes: Iterable[Any]) -> list[Any]:
    """Return the single lines of shapes."""
    parts = (part for shape in shapes for part in shapely.get_parts(shape))
    return [part for part in parts if part.geom_type in ("LineString", "LinearRing")]
