"""The ground of a figure: land, water and country borders, each feature with its source."""

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

__all__ = ["INKS", "WHOLE", "base", "base_sources", "faces", "longer", "outlines"]

# West, south, east, north of the base map: beyond it the paper stays white.
WHOLE = (24.5, 34.5, 57.0, 46.5)
# What the base map draws: names may lie on it if they must.
INKS = ("river", "border")
# Nearer than this the thinned borders would show their corners.
_CLOSE_M = 400_000.0
# How far a border is drawn out to meet the shore, in points.
_REACH = 6.0
_LAYERS = ("country-borders", "land", "lakes", "rivers")


def base_sources() -> tuple[str, ...]:
    """Return the ids of the sources of the base map."""
    layers = (*_LAYERS, "borders", "reaches")
    return tuple(dict.fromkeys(f.properties["source"] for name in layers for f in layer(name)))


def base(frame: Frame) -> None:
    """Draw the base map."""
    near = {name: _near(frame, layer(name)) for name in _LAYERS}
    if frame.extent.size_m[0] < _CLOSE_M:
        near["country-borders"] = _near(frame, _fine_borders())
        near["rivers"] = _near(frame, _fine_rivers())
    if not near["land"]:
        return
    geometries = {name: [f.geometry for f in features] for name, features in near.items()}
    sea = shapely.segmentize(shapely.box(*WHOLE), 0.5)
    frame.fill([sea], BASEMAP["sea"], 0.5)
    # The base map ends along parallels, which bend.
    land = [shapely.segmentize(shape, 0.5) for shape in geometries["land"]]
    frame.fill(land, BASEMAP["land"], 1)
    frame.fill(geometries["lakes"], BASEMAP["lake"], 2)
    river = Style(colour=BASEMAP["river"], width=1.0)
    frame.lines(geometries["rivers"], river, 3, key=INKS[0], ink=0.3)
    border = Style(colour=BASEMAP["border"], width=1.1)
    frame.lines(geometries["country-borders"], border, 4, key=INKS[1], ink=1.0)


def _fine_borders() -> list[Feature]:
    """Return the country borders at full detail where there is one, thinned elsewhere."""
    fine = layer("borders")
    # The borders of Nakhchivan are borders of Azerbaijan.
    known = {_pair(f) for f in fine}
    return [*fine, *(f for f in layer("country-borders") if _pair(f) not in known)]


def _fine_rivers() -> list[Feature]:
    """Return the rivers, those that are borders at full detail."""
    reaches = layer("reaches")
    # The coarse river strays this far from the fine one, in degrees.
    course = shapely.union_all([shapely.buffer(f.geometry.simplify(0.002), 0.03) for f in reaches])
    shapely.prepare(course)
    found = list(reaches)
    for feature in layer("rivers"):
        if not course.intersects(feature.geometry):
            found.append(feature)
        elif not (rest := feature.geometry.difference(course)).is_empty:
            found.append(feature._replace(geometry=rest))
    return found


def _pair(feature: Feature) -> frozenset[str]:
    return frozenset(feature.properties[key].replace("NAX", "AZE") for key in "ab")


def _near(frame: Frame, features: Iterable[Feature]) -> list[Feature]:
    around = frame.extent.around
    return [f for f in features if f.geometry.intersects(around)]


def faces(frame: Frame) -> tuple[list[Any], list[Any]]:
    """Return the land of the frame, cut by the country borders, and its sea, in points."""
    view = shapely.box(0, 0, frame.wide, frame.high)

    def seen(name: str) -> list[Any]:
        shapes = frame.prepared([f.geometry for f in _near(frame, layer(name))])
        return [shapely.transform(s, frame.points) for s in shapes if not s.is_empty]

    # Projected to a wide page, a shore may touch itself.
    parts = shapely.make_valid(np.array(seen("land"), dtype=object))
    land = shapely.make_valid(shapely.union_all(parts)).intersection(view)
    if land.is_empty:
        return [], []
    borders = [longer(line, _REACH) for line in outlines(seen("country-borders"))]
    edges = shapely.node(shapely.multilinestrings([*borders, *outlines([land.boundary])]))
    cut = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    shapely.prepare(land)
    ground = [face for face in cut if land.contains(face.point_on_surface())]
    whole = shapely.box(*WHOLE)
    inside = shapely.transform(
        frame.extent.project(shapely.segmentize(whole, 0.5)), frame.points
    ).intersection(view)
    return ground, [p for p in shapely.get_parts(inside.difference(land)) if p.area > 0]


def longer(line: Any, reach: float) -> Any:
    """Return a line with longer ends, so that a border that ends near a shore meets it."""
    xy = shapely.get_coordinates(line)
    ends = []
    for here, inner in ((xy[0], xy[1]), (xy[-1], xy[-2])):
        step = here - inner
        ends.append(here + reach * step / max(float(np.hypot(*step)), 1e-9))
    return shapely.LineString(np.vstack([ends[0], xy, ends[1]]))


def outlines(shapes: Iterable[Any]) -> list[Any]:
    """Return the single lines of shapes."""
    parts = (part for shape in shapes for part in shapely.get_parts(shape))
    return [part for part in parts if part.geom_type in ("LineString", "LinearRing")]
