"""The countries and waters that a figure names, each label within its own area or beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import BUNDLED, layer
from maps.i18n import short, word, words
from maps.print.basemap import (
    chains_error_m,
    drawn_lakes,
    drawn_rivers,
    drawn_shapes,
    faces,
)
from maps.print.labels.placement import Spot, Spots, spots_around
from maps.print.labels.places import SCRIPTS, Label, known_places
from maps.print.sheet import LEAST_PT
from maps.style import BASEMAP, TINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.labels.places import Size
    from maps.print.sheet import PageFormat

__all__ = ["SEAS", "countries", "country_faces", "draw_tints", "members", "waters"]

# Areas and lengths in square points and points; smaller seas, lakes and rivers are not named
# (assumptions).
_LEAST_SEA, _LEAST_LAKE, _LEAST_RIVER = 1500, 60, 90
# Detailed reaches of rivers whose ids do not begin with the river's.
_REACHES = {"arpacay": "akhuryan"}
# West, south, east, north in degrees of each sea: what it has of water in them is its.
SEAS = {
    "caspian-sea": (46.0, 29.0, 63.0, 51.0), "black-sea": (27.4, 40.9, 42.5, 47.5),
    "mediterranean-sea": (19.0, 29.0, 37.0, 37.2),
}  # fmt: skip
# Mean width of a letter in sizes of letters; distance of the stretches of a river that are tried,
# in points; how many are tried; and the cost above which a stretch is not taken (assumptions).
_WIDTH_OF_LETTER, _STEP_PT, _MOST_STRETCHES, _LIMIT_RIVER = 0.6, 6.0, 12, 4.0
# On a map of a small area a stretch is first looked for at which the name touches no line, which
# costs more than this.
_LIMIT_CLEAR = 1.1
# A river that spans more points than this is named twice.
_TWO_NAMES_PT = 230
# A town so near to a border, in points, says nothing of the land that it lies in (an assumption).
_ON_BORDER_PT = 1.5
# Cost above which a spot beside a capital is not taken (an assumption).
_LIMIT_MEMBER = 7.0


def country_faces(frame: Frame) -> tuple[dict[str, list[Any]], list[Any]]:
    """Return the land in the frame by country code, and the sea, as polygons in points.

    A face belongs to the country of the towns in it, but for those on its border; one without towns
    to that of its province. The countries of a study without a base are its provinces: these decide
    alone, since its towns may lie beside outlines that are some kilometres off.
    """
    land, sea = faces(frame)
    named = known_places(frame) if BUNDLED.shows else ()
    towns = [(place.country, point) for _, place, point in named if place.country]
    points = shapely.points(np.array([point for _, point in towns]).reshape(-1, 2))
    by_code: dict[str, list[Any]] = {}
    faced = np.array(land, dtype=object)
    holding, held = shapely.STRtree(points).query(faced, predicate="contains")
    for n, face in enumerate(land):
        inside = np.sort(held[holding == n])
        if len({towns[at][0] for at in inside}) > 1:
            # A gate on the border may lie on either side of the line that is drawn.
            inside = inside[shapely.distance(points[inside], face.boundary) > _ON_BORDER_PT]
        codes = [towns[at][0] for at in inside] or _country_of_province(frame, face)
        code = max(sorted(set(codes)), key=codes.count) if codes else ""
        # A face with towns of two countries is one that the drawn borders failed to divide.
        if code and codes.count(code) > 0.9 * len(codes):
            by_code.setdefault(code, []).append(face)
    return by_code, sea


def _country_of_province(frame: Frame, face: Any) -> list[str]:
    """Return the code of the country of the province in the middle of a face, if one is known."""
    point = face.representative_point()
    middle = shapely.Point(frame.lonlat((point.x, point.y)))
    tree, countries_of = _provinces()
    return [countries_of[n] for n in sorted(tree.query(middle, predicate="within").tolist())][:1]


@lru_cache(maxsize=1)
def _provinces() -> tuple[shapely.STRtree, list[str]]:
    """Return the provinces as a tree, and the country of each."""
    provinces = list(layer("provinces"))
    tree = shapely.STRtree([feature.geometry for feature in provinces])
    return tree, [feature.properties["country"] for feature in provinces]


def draw_tints(frame: Frame, land: dict[str, list[Any]]) -> None:
    """Tell the land of neighbours apart by faint tints."""
    for code, parts in land.items():
        if code in TINTS:
            frame.fill_on_page(parts, TINTS[code], 1.5)


def countries(
    page_format: PageFormat, language: str, *, frame: Frame, land: dict[str, list[Any]], sea: Any
) -> list[Label]:
    """Return the names of countries and seas, each for its largest part in the frame.

    Parameters
    ----------
    land, sea : as `country_faces` returns them.
    """
    largest = {code: max(parts, key=lambda face: float(face.area)) for code, parts in land.items()}
    size = 1.25 * page_format.text_pt
    labels = [
        Label(kind="country", text=name, colour=BASEMAP["country"],
              spots=partial(_inside, face), size_pt=size, limit=6.0)
        for code, face in sorted(largest.items(), key=lambda row: -row[1].area)
        if (name := word(key := f"country-{code}", language)) != key
    ]  # fmt: skip
    labels += [
        Label(kind="water", text=word(key, language), colour=BASEMAP["water-text"],
              spots=partial(_inside, part), size_pt=1.1 * page_format.text_pt, limit=6.0)
        for key, part in _seas(frame, sea)
        if part.area > _LEAST_SEA
    ]  # fmt: skip
    return labels


def members(
    frame: Frame, page_format: PageFormat, language: str, visible: Sequence[Layer]
) -> list[Label]:
    """Return the names of states that layers show as a point at their capital."""
    labels = []
    for drawn in visible:
        for shape in drawn.shapes if drawn.group == "documents" else ():
            key = f"country-{shape.title.partition(':')[0]}"
            if shape.geometry.geom_type != "Point" or key not in words():
                continue
            ((x, y),) = frame.points(np.column_stack(frame.extent.at(*shape.geometry.xy)))
            labels.append(
                Label(kind="country", text=word(key, language), colour=BASEMAP["country"],
                      size_pt=page_format.text_pt, limit=_LIMIT_MEMBER,
                      spots=partial(_beside_dot, (x, y), page_format.text_pt))
            )  # fmt: skip
    return labels


def _beside_dot(point: tuple[float, float], text_pt: float, size: Size) -> Spots:
    return spots_around(point, size, gap=0.7 * text_pt, text_pt=text_pt)


def _seas(frame: Frame, faces: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the id of each named sea and its largest part in the frame, the largest first.

    Straits join seas, which are cut along meridians and parallels.
    """
    seas = []
    for key, bounds in SEAS.items():
        window = shapely.transform(
            frame.extent.project(shapely.segmentize(shapely.box(*bounds), 0.5)), frame.points
        )
        cut = shapely.get_parts(shapely.intersection(list(faces), window))
        parts = [part for part in cut if part.geom_type == "Polygon"]
        if parts:
            seas.append((key, max(parts, key=lambda part: float(part.area))))
    return sorted(seas, key=lambda sea: -sea[1].area)


def waters(frame: Frame, page_format: PageFormat, language: str) -> list[Label]:
    """Return the names of the larger lakes and rivers that are drawn: rivers along their course."""
    labels = []
    size_pt = max(0.9 * page_format.text_pt, LEAST_PT)
    lakes = zip(drawn_lakes(frame.extent), drawn_shapes(frame.extent, "lakes"), strict=True)
    for lake, outline in lakes:
        text = _water_name(lake.properties, language)
        if text and (shape := _on_page(frame, [outline])).area > _LEAST_LAKE:
            labels.append(
                Label(kind="water", text=text, spots=partial(_on_lake, shape), limit=4.0,
                      colour=BASEMAP["water-text"], size_pt=size_pt)
            )  # fmt: skip
    named = (*layer("rivers"), *layer("river-chains"))
    names = {river.properties["id"]: river.properties for river in named}
    small = chains_error_m(frame.extent) > 0
    courses: dict[str, list[Any]] = {}
    rivers = zip(drawn_rivers(frame.extent), drawn_shapes(frame.extent, "rivers"), strict=True)
    for river, course in rivers:
        key = river.properties["id"]
        # A detailed reach along a border is a piece of a river: `aras-meghri` of `aras`.
        key = _REACHES.get(key, key if key in names else key.partition("-")[0])
        courses.setdefault(key, []).append(course)
    for key, parts in courses.items():
        text = _water_name(names.get(key, {}), language)
        if text and (shape := _on_page(frame, parts)).length > _LEAST_RIVER:
            for part in _halves(shape):
                labels += _along_river(part, text, size_pt, clear=small)
    return labels


def _water_name(properties: dict[str, Any], language: str) -> str:
    """Return the name of a lake or a river, empty if it is not known in a language's letters."""
    # A name in Latin letters would be out of place among names in another script.
    own = properties.get("name") if language not in SCRIPTS else None
    return short(str(properties.get(f"name_{language}") or own or ""))


def _on_page(frame: Frame, projected: list[Any]) -> Any:
    """Return what a frame shows of geometries in projected metres, in points."""
    view = shapely.box(0, 0, frame.width_pt, frame.height_pt)
    shapes = [shapely.transform(shape, frame.points) for shape in projected]
    return shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object))).intersection(view)


def _inside(face: Any, size: Size) -> Spots:
    """Return spots whose boxes lie inside a face; they cost by their distance from its middle.

    The middle is that of the greatest circle inside: the centroid of a bent country lies in its
    neighbour, and the name would come to stand on the border next to it.
    """
    width, height = size
    left, bottom, right, top = face.bounds
    centre = shapely.Point(shapely.maximum_inscribed_circle(face, tolerance=1.0).coords[0])
    shapely.prepare(face)
    if right - left <= width or top - bottom <= height:
        return Spots.of([])
    across, up = np.linspace(left, right - width, 14), np.linspace(bottom, top - height, 14)
    x, y = (grid.ravel() for grid in np.meshgrid(across, up, indexing="ij"))
    boxes = shapely.box(x - 1, y - 1, x + width + 1, y + height + 1)
    inside = shapely.covers(face, boxes)
    costs = 0.01 * np.hypot(x + width / 2 - centre.x, y + height / 2 - centre.y)
    return Spots.at(np.column_stack([x, y])[inside], costs[inside])


def _on_lake(shape: Any, size: Size) -> list[Spot]:
    """Return spots inside a lake, over its middle, and beside it."""
    middle = shape.representative_point()
    # The gap is half the radius of a round lake of the same area, and 2 points.
    beside = spots_around((middle.x, middle.y), size, gap=0.5 * np.sqrt(shape.area / np.pi) + 2)
    over = Spot(middle.x - size[0] / 2, middle.y - size[1] / 2, 0.3)
    return [*_inside(shape, size), over, *[spot for spot in beside if spot.leader is None]]


def _halves(river: Any) -> list[Any]:
    """Return a river, or its western and its eastern half if it is long enough for two names."""
    left, bottom, right, top = river.bounds
    if max(right - left, top - bottom) < _TWO_NAMES_PT:
        return [river]
    if right - left >= top - bottom:
        middle = (left + right) / 2
        boxes = (left, bottom, middle, top), (middle, bottom, right, top)
    else:
        middle = (bottom + top) / 2
        boxes = (left, bottom, right, middle), (left, middle, right, top)
    return [half for box in boxes if not (half := shapely.clip_by_rect(river, *box)).is_empty]


def _along_river(shape: Any, text: str, size_pt: float, *, clear: bool) -> list[Label]:
    """Return a label along a river, where it is straightest, with other stretches to try next.

    Parameters
    ----------
    clear : whether a stretch at which the name touches no line is worth bends.
    """
    lines = shapely.get_parts(shapely.line_merge(shape))
    room = _WIDTH_OF_LETTER * size_pt * len(text)
    stretches: list[tuple[float, float, list[float], float]] = []
    for line in lines:
        if line.length < 1.2 * room:
            continue
        middles = np.arange(0.6 * room, line.length - 0.6 * room + 1e-6, _STEP_PT)
        starts, ends = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, middles + half))
            for half in (-room / 2, room / 2)
        )
        chords = shapely.linestrings(np.stack([starts, ends], axis=1))
        pieces = _stretches(line, middles - room / 2, middles + room / 2)
        bends = shapely.hausdorff_distance(pieces, chords)
        angles = np.degrees(np.arctan2(*(ends - starts).T[::-1]))
        # Off the middle of the line the name costs a little.
        costs = bends + 4.0 * np.abs(middles / line.length - 0.5)
        stretches += zip(
            costs.tolist(), bends.tolist(), ((starts + ends) / 2).tolist(), angles.tolist(),
            strict=True,
        )  # fmt: skip
    stretches.sort(key=lambda row: row[0])
    looks = []
    for _, bend, middle, angle in stretches[:: max(1, len(stretches) // 40)][:_MOST_STRETCHES]:
        upright = (angle + 90.0) % 180.0 - 90.0
        looks.append(
            Label(kind="water", text=text, size_pt=size_pt, colour=BASEMAP["water-text"],
                  limit=_LIMIT_RIVER, angle=upright,
                  spots=partial(_beside_course, (middle[0], middle[1]), upright,
                                0.75 * size_pt + 0.7 * bend))
        )  # fmt: skip
    tried = [*(replace(look, limit=_LIMIT_CLEAR) for look in looks if clear), *looks]
    return [replace(tried[0], others=tuple(tried[1:]))] if tried else []


def _stretches(line: Any, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the pieces of a line between distances from its start."""
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    pieces = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        first, last = np.searchsorted(along, [start, end], side="right")
        at = np.concatenate([[start], along[first:last], [end]])
        pieces.append(np.column_stack([np.interp(at, along, axis) for axis in xy.T]))
    counts = [len(piece) for piece in pieces]
    indices = np.repeat(np.arange(len(pieces)), counts)
    lines: np.ndarray = shapely.linestrings(
        np.concatenate([np.empty((0, 2)), *pieces]), indices=indices
    )
    return lines


def _beside_course(
    middle: tuple[float, float], angle: float, off_pt: float, size: Size
) -> list[Spot]:
    """Return the spots of a turned name above and below a course.

    Parameters
    ----------
    middle : of the stretch of the river.
    angle : of the name, in degrees.
    off_pt : distance of the name's middle from the course.
    """
    normal = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))])
    half = np.array(size) / 2
    spots = []
    for side, cost in ((1, 0.0), (-1, 0.3)):
        x, y = (middle + side * off_pt * normal - half).tolist()
        spots.append(Spot(x, y, cost))
    return spots
