"""The basemap of a figure: land, water and country borders, each feature with its source."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import layer
from maps.layers.basemap import (
    BASEMAP_BOUNDS,
    BEYOND,
    FAR,
    FAR_BOUNDS,
    MARGIN_BOUNDS,
    detailed,
    reaches_far,
)
from maps.layers.seam import turned
from maps.print.frame import visible
from maps.print.relief import draw_relief
from maps.style import BASEMAP, DASHES, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from borders.files.bundle import Feature
    from borders.terrain.elevation import Terrain
    from maps.print.frame import Frame
    from maps.print.projection import Extent

__all__ = [
    "BASEMAP_BOUNDS",
    "BASEMAP_KEYS",
    "FAR_BOUNDS",
    "MARGIN_BOUNDS",
    "base_bounds",
    "basemap_sources",
    "borders_word",
    "chain_style",
    "chains_error_m",
    "draw_basemap",
    "drawn_lakes",
    "drawn_rivers",
    "drawn_shapes",
    "ends_within",
    "extended",
    "faces",
    "shows_borders",
    "single_lines",
]

# Keys under which the basemap's rivers and borders are in the occupancy of a frame: labels may lie
# on them if they must.
BASEMAP_KEYS = ("river", "border")
# The end of the basemap goes unsaid where it is no farther inside a corner, in degrees.
_END_DEG = 0.3
# On maps narrower than this the corners of the thinned borders would show.
_DETAILED_BELOW_M = 400_000.0
# On maps narrower than this a river that is a chain of places is missed more than it misleads (an
# assumption).
_CHAINS_BELOW_M = 100_000.0
# How far a border is extended to meet the shore, in points.
_REACH_PT = 6.0
# A river reaches what it comes so near to, in degrees; lakes of fewer square kilometres are no end
# of a river (assumptions).
_MOUTH_DEG, _LEAST_MOUTH_KM2 = 0.015, 100.0
# Simplification of a river's detailed course, and the farthest that the coarse river strays from
# it, in degrees.
_COURSE_TOLERANCE_DEG, _COURSE_BUFFER_DEG = 0.002, 0.03
# The basemap ends along parallels and meridians, which bend in the projection: its edges get a
# vertex at least this often, in degrees.
_EDGE_STEP_DEG = 0.5
_LAYERS = ("country-borders", "land", "lakes", "rivers")
# A lake whose vertices are farther apart than this on the page would look cut with shears, in parts
# of the frame's width (1.3 mm on a page of 180 mm); it is left out.
_COARSEST_SHARE = 1 / 130
# A lake of so few vertices is left out where its side is longer than half of that.
_FEW_VERTICES = 10


def basemap_sources(
    extent: Extent | None = None, layers: Sequence[str] = _LAYERS
) -> tuple[str, ...]:
    """Return the ids of the sources of the basemap, or of what an extent shows of some layers."""
    if extent is None:
        names = (
            *_LAYERS,
            "borders",
            "reaches",
            "shores",
            "river-chains",
            *BEYOND.values(),
            *FAR.values(),
        )
        shown: list[Sequence[Feature]] = [layer(name) for name in names]
    else:
        frame = extent.outline
        shown = [
            [feature for feature in _shown(extent)[name] if feature.geometry.intersects(frame)]
            for name in layers
        ]
    features = (feature for several in shown for feature in several)
    return tuple(dict.fromkeys(feature.properties["source"] for feature in features))


def ends_within(extent: Extent) -> bool:
    """Tell whether the basemap ends within an extent, so that a reader may take it for a shore."""
    land = _shown(extent)["land"]
    if _is_of_study():
        covered = shapely.union_all([country.geometry for country in land])
    else:
        covered = shapely.box(*base_bounds(extent))
    return bool(land) and not covered.buffer(_END_DEG).covers(extent.outline)


def base_bounds(extent: Extent) -> tuple[float, float, float, float]:
    """Return west, south, east and north, in degrees, of the basemap that an extent may show."""
    return FAR_BOUNDS if _shows_far(extent) else MARGIN_BOUNDS


def _shows_far(extent: Extent) -> bool:
    """Tell whether an extent shows the land far around the margin."""
    return reaches_far(extent.outline, extent.size_m[0])


def shows_borders(extent: Extent) -> bool:
    """Tell whether an extent shows a country border."""
    return bool(_shown(extent)["country-borders"])


def borders_word() -> str:
    """Return the id of the words that name the country borders of the basemap."""
    return "ui-country-borders" if _is_of_study() else "base-border"


def _is_of_study() -> bool:
    """Tell whether nothing of the bundled basemap is to be seen: a study has no base."""
    return not layer("land")


@lru_cache(maxsize=8)
def _shown(extent: Extent) -> dict[str, list[Feature]]:
    """Return the features of each layer that an extent shows: none where it shows no land.

    In a study of its own the land is the countries that it has.
    """
    near = {name: _near(extent, layer(name)) for name in _LAYERS}
    if _is_of_study():
        return near | {"land": _near(extent, layer("provinces"))}
    if _shows_far(extent):
        for name, far in FAR.items():
            near[name] += _near(extent, layer(far))
    if not near["land"]:
        return {name: [] for name in _LAYERS}
    near["rivers"] = [f for f in near["rivers"] if f.properties["id"] not in _broken_off()]
    near["lakes"] = [f for f in map(detailed, near["lakes"]) if not _too_coarse(f, extent)]
    if extent.size_m[0] < _DETAILED_BELOW_M:
        near["country-borders"] = _near(extent, _fine_borders())
        rivers = (f for f in _fine_rivers() if f.properties["id"] not in _broken_off())
        near["rivers"] = _near(extent, rivers)
    if extent.size_m[0] < _CHAINS_BELOW_M:
        near["rivers"] += _near(extent, layer("river-chains"))
    if not shapely.box(*BASEMAP_BOUNDS).covers(extent.outline):
        for name, beyond in BEYOND.items():
            near[name] += _near(extent, layer(beyond))
    return near


@lru_cache(maxsize=1)
def _broken_off() -> frozenset[str]:
    """Return the ids of the nameless rivers that reach nothing, where the source breaks off.

    They meet no other river, no shore, no large lake and no edge of the basemap.
    """
    rivers, lakes = list(layer("rivers")), layer("lakes")
    mouths = [river.geometry for river in rivers]
    mouths += [shapely.boundary(land.geometry) for land in layer("land")]
    mouths += [lake.geometry for lake in lakes if lake.properties["area_km2"] >= _LEAST_MOUTH_KM2]
    mouths.append(shapely.box(*BASEMAP_BOUNDS).exterior)
    parts, mouth = shapely.get_parts(np.array(mouths, dtype=object), return_index=True)
    nameless = np.array([n for n, f in enumerate(rivers) if not f.properties["name"]], dtype=int)
    courses = [rivers[n].geometry for n in nameless.tolist()]
    nth, met = shapely.STRtree(parts).query(courses, predicate="dwithin", distance=_MOUTH_DEG)
    reach = nameless[nth[mouth[met] != nameless[nth]]]
    return frozenset(rivers[n].properties["id"] for n in np.setdiff1d(nameless, reach).tolist())


def _too_coarse(lake: Feature, extent: Extent) -> bool:
    coarsest_m = _COARSEST_SHARE * extent.size_m[0]
    few = shapely.get_num_coordinates(lake.geometry) < _FEW_VERTICES
    side_m = 1000 * float(np.sqrt(lake.properties["area_km2"]))
    return bool(lake.properties["detail_m"] > coarsest_m or (few and 2 * side_m > coarsest_m))


def drawn_lakes(extent: Extent) -> list[Feature]:
    """Return the lakes that an extent shows, as they are drawn."""
    return _shown(extent)["lakes"]


def drawn_rivers(extent: Extent) -> list[Feature]:
    """Return the rivers that an extent shows, as they are drawn."""
    return _shown(extent)["rivers"]


def chains_error_m(extent: Extent) -> float:
    """Return the greatest standard error of the rivers shown as chains of places, 0 without any."""
    errors = (
        feature.properties["position_sigma_m"]
        for feature in drawn_rivers(extent)
        if _is_chain(feature) and feature.geometry.intersects(extent.outline)
    )
    return float(max(errors, default=0.0))


def chain_style() -> Style:
    """Return how a river is drawn that is a chain of places."""
    return Style(colour=BASEMAP["river"], width=1.6, dash=DASHES["stand-in"])


def _is_chain(river: Feature) -> bool:
    """Tell whether a river is drawn through places, its course between them not known."""
    return "position_sigma_m" in river.properties


def draw_basemap(frame: Frame, terrains: Sequence[Terrain] = ()) -> None:
    """Draw the basemap.

    Parameters
    ----------
    terrains : elevation models, drawn as relief under water and borders.
    """
    near = _shown(frame.extent)
    for terrain in terrains:
        draw_relief(frame, terrain, [feature.geometry for feature in near["land"]])
    if not near["land"]:
        return
    if ends_within(frame.extent):
        frame.axes.set_facecolor(BASEMAP["void"])
    shown = {name: drawn_shapes(frame.extent, name) for name in _LAYERS}
    sea = _bent(frame.extent, shapely.box(*base_bounds(frame.extent)))
    if not _is_of_study():
        # Beyond the countries of a study nobody said what is land and what is sea.
        frame.fill([sea], BASEMAP["sea"], 0.5, key="sea")
    frame.fill(shown["land"], BASEMAP["land"], 1, key="land", projected=True)
    frame.fill(shown["lakes"], BASEMAP["lake"], 2, key="lakes", projected=True)
    chains = np.array([_is_chain(f) for f in near["rivers"]], dtype=bool)
    at_border = np.array([f.properties["source"] != "gshhg" for f in near["rivers"]], dtype=bool)
    border_rivers = shown["rivers"][at_border & ~chains]
    for courses, look in (
        (~chains, Style(colour=BASEMAP["river"], width=1.0)),
        (chains, chain_style()),
    ):
        rivers = shown["rivers"][courses]
        frame.lines(rivers, look, 3, key=BASEMAP_KEYS[0], weight=0.3, projected=True)
    # A river that is a border shows on both sides of it.
    frame.lines(border_rivers, Style(colour=BASEMAP["river"], width=3.0), 3.1, projected=True)
    border = Style(colour=BASEMAP["border"], width=1.1)
    borders = shown["country-borders"]
    frame.lines(borders, border, 4, key=BASEMAP_KEYS[1], weight=1.0, projected=True)


# Land, water and borders are drawn, cut into countries and named; small maps and the figures that
# follow show the same.
@lru_cache(maxsize=64)
def drawn_shapes(extent: Extent, name: str) -> np.ndarray:
    """Return what an extent shows of a layer as it is drawn, in projected metres; read only.

    Parameters
    ----------
    name : of the layer: land, lakes, rivers or country-borders.
    """
    geometries = [feature.geometry for feature in _shown(extent)[name]]
    if name == "land":
        geometries = [_bent(extent, shape) for shape in geometries]
    shapes = visible(extent, geometries)
    shapes.flags.writeable = False
    return shapes


def _bent(extent: Extent, shape: Any) -> Any:
    """Return an area with vertices along its edges, which bend in the projection.

    On a map so wide that it shows land beyond the margin, the edges along which the area is cut to
    the map bend into the frame, too.
    """
    if _shows_far(extent):
        shape = shapely.intersection(shape, extent.around)
    return shapely.segmentize(shape, _EDGE_STEP_DEG)


def _fine_borders() -> list[Feature]:
    """Return the country borders at full detail where there is one, thinned elsewhere."""
    fine = layer("borders")
    detailed = {_pair(f) for f in fine}
    return [*fine, *(f for f in layer("country-borders") if _pair(f) not in detailed)]


@lru_cache(maxsize=1)
def _fine_rivers() -> list[Feature]:
    """Return the rivers: at full detail where they are borders, coarse elsewhere."""
    reaches = layer("reaches")
    course = shapely.union_all(
        [
            shapely.buffer(f.geometry.simplify(_COURSE_TOLERANCE_DEG), _COURSE_BUFFER_DEG)
            for f in reaches
        ]
    )
    detailed = shapely.union_all([f.geometry for f in reaches])
    shapely.prepare(course)
    rivers = list(reaches)
    for feature in layer("rivers"):
        if not course.intersects(feature.geometry):
            rivers.append(feature)
        elif not (rest := feature.geometry.difference(course)).is_empty:
            parts = [_joined(part, course, detailed) for part in shapely.get_parts(rest)]
            rivers.append(feature._replace(geometry=shapely.multilinestrings(parts)))
    return rivers


def _joined(river: Any, course: Any, detailed: Any) -> Any:
    """Return a river that was cut off at the edge of a course, led on to its detailed line."""
    xy = shapely.get_coordinates(river)
    for end in (0, -1):
        point = shapely.Point(xy[end])
        if point.distance(course.boundary) < _COURSE_TOLERANCE_DEG / 10:
            mouth = shapely.get_coordinates(shapely.shortest_line(point, detailed))[1]
            xy = np.insert(xy, 0 if end == 0 else len(xy), mouth, axis=0)
    return shapely.LineString(xy)


def _pair(feature: Feature) -> frozenset[str]:
    """Return the codes of the two countries of a border; Nakhchivan's are Azerbaijan's."""
    return frozenset(feature.properties[key].replace("NAX", "AZE") for key in "ab")


def _near(extent: Extent, features: Iterable[Feature]) -> list[Feature]:
    around = extent.around
    if extent.over_seam:
        features = [f._replace(geometry=turned(f.geometry, extent.meridian)) for f in features]
    return [f for f in features if f.geometry.intersects(around)]


def faces(frame: Frame) -> tuple[list[Any], list[Any]]:
    """Return the polygons of the land in the frame, cut by country borders, and of its sea.

    Both are in points from the frame's lower left corner.
    """
    view = shapely.box(0, 0, frame.width_pt, frame.height_pt)

    def on_page(name: str) -> list[Any]:
        shapes = drawn_shapes(frame.extent, name)
        return [shapely.transform(s, frame.points) for s in shapes if not s.is_empty]

    # Projected to a wide page, a shore may touch itself.
    parts = shapely.make_valid(np.array(on_page("land"), dtype=object))
    land = shapely.make_valid(shapely.disjoint_subset_union_all(parts)).intersection(view)
    if land.is_empty:
        return [], []
    borders = [extended(line, _REACH_PT) for line in single_lines(on_page("country-borders"))]
    edges = shapely.node(shapely.multilinestrings([*borders, *single_lines([land.boundary])]))
    cut = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    shapely.prepare(land)
    land_faces = [face for face in cut if land.contains(face.point_on_surface())]
    if _is_of_study():
        return land_faces, []
    sea = _bent(frame.extent, shapely.box(*base_bounds(frame.extent)))
    covered = shapely.transform(frame.extent.project(sea), frame.points).intersection(view)
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
