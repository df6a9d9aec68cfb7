"""The countries and waters that a figure names, each label within its own area or beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import layer
from maps.i18n import short, word
from maps.print.basemap import faces
from maps.print.labels.placement import Spot, spots_around
from maps.print.labels.places import SCRIPTS, Label, known_places
from maps.style import BASEMAP

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.labels.places import Size
    from maps.print.sheet import PageFormat

__all__ = ["countries", "sea_at", "waters"]

# Areas and lengths in square points and points; smaller seas, lakes and rivers are not named
# (assumptions).
_LEAST_SEA, _LEAST_LAKE, _LEAST_RIVER = 1500, 60, 90


def countries(frame: Frame, page_format: PageFormat, language: str) -> list[Label]:
    """Return the names of countries and seas, each for its largest part in the frame."""
    land, sea = faces(frame)
    towns = [(place.country, point) for _, place, point in known_places(frame) if place.country]
    points = shapely.points(np.array([point for _, point in towns]).reshape(-1, 2))
    largest: dict[str, Any] = {}
    for face in land:
        shapely.prepare(face)
        codes = [towns[n][0] for n in np.flatnonzero(shapely.contains(face, points))]
        code = max(sorted(set(codes)), key=codes.count) if codes else ""
        # A face with towns of two countries is one that the drawn borders failed to divide.
        certain = code and codes.count(code) > 0.9 * len(codes)
        if certain and (code not in largest or face.area > largest[code].area):
            largest[code] = face
    size = 1.25 * page_format.text_pt
    labels = [
        Label(kind="country", text=word(f"country-{code}", language), colour=BASEMAP["country"],
              spots=partial(_inside, face), size_pt=size, limit=6.0)
        for code, face in sorted(largest.items(), key=lambda row: -row[1].area)
        if f"country-{code}" != word(f"country-{code}", language)
    ]  # fmt: skip
    for part in sorted(sea, key=lambda part: -part.area):
        point = part.representative_point()
        key = sea_at(*frame.lonlat((point.x, point.y)))
        names = [label.text for label in labels]
        if key and part.area > _LEAST_SEA and word(key, language) not in names:
            labels.append(
                Label(kind="water", text=word(key, language), colour=BASEMAP["water-text"],
                      spots=partial(_inside, part), size_pt=1.1 * page_format.text_pt, limit=6.0)
            )  # fmt: skip
    return labels


def sea_at(lon: float, lat: float) -> str:
    """Return the id of the sea at a place, empty for an unnamed one."""
    if lon > 46.0:
        return "caspian-sea"
    if lat < 37.2:
        return "mediterranean-sea"
    return "black-sea" if lon > 28.0 and lat > 41.0 else ""


def waters(frame: Frame, page_format: PageFormat, language: str) -> list[Label]:
    """Return the names of the larger lakes and rivers."""
    view = shapely.box(0, 0, frame.width_pt, frame.height_pt)
    labels = []
    for kind in ("lakes", "rivers"):
        for feature in layer(kind):
            properties = feature.properties
            # A name in Latin letters would be out of place among names in another script.
            text = properties.get(f"name_{language}") or (
                properties.get("name") if language not in SCRIPTS else None
            )
            if not text or not feature.geometry.intersects(frame.extent.around):
                continue
            shape = shapely.transform(frame.prepared([feature.geometry])[0], frame.points)
            shape = shapely.make_valid(shape).intersection(view)
            large = shape.area > _LEAST_LAKE if kind == "lakes" else shape.length > _LEAST_RIVER
            if large:
                spots = partial(_on_lake if kind == "lakes" else _by_river, shape)
                labels.append(
                    Label(kind="water", text=short(text), spots=spots, limit=4.0,
                          colour=BASEMAP["water-text"], size_pt=0.9 * page_format.text_pt)
                )  # fmt: skip
    return labels


def _inside(face: Any, size: Size) -> list[Spot]:
    """Return spots whose boxes lie inside a face; they cost by their distance from its centroid."""
    width, height = size
    left, bottom, right, top = face.bounds
    centre = face.centroid
    shapely.prepare(face)
    spots = []
    for x in np.linspace(left, right - width, 14) if right - left > width else ():
        for y in np.linspace(bottom, top - height, 14) if top - bottom > height else ():
            if face.covers(shapely.box(x - 1, y - 1, x + width + 1, y + height + 1)):
                offset = np.hypot(x + width / 2 - centre.x, y + height / 2 - centre.y)
                spots.append(Spot(float(x), float(y), 0.01 * float(offset)))
    return spots


def _on_lake(shape: Any, size: Size) -> list[Spot]:
    """Return spots inside a lake, over its middle, and beside it."""
    middle = shape.representative_point()
    # The gap is half the radius of a round lake of the same area, and 2 points.
    beside = spots_around((middle.x, middle.y), size, gap=0.5 * np.sqrt(shape.area / np.pi) + 2)
    over = Spot(middle.x - size[0] / 2, middle.y - size[1] / 2, 0.3)
    return [*_inside(shape, size), over, *[spot for spot in beside if spot.leader is None]]


def _by_river(shape: Any, size: Size) -> list[Spot]:
    """Return spots above and below a river's longest part, those near its middle first."""
    line = max(shapely.get_parts(shapely.line_merge(shape)), key=lambda part: part.length)
    width, height = size
    spots = []
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        point = line.interpolate(share, normalized=True)
        left = point.x - width / 2
        spots += [Spot(left, point.y + 1.5, abs(share - 0.5)),
                  Spot(left, point.y - 1.5 - height, abs(share - 0.5) + 0.2)]  # fmt: skip
    return spots
