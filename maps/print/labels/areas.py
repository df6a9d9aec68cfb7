"""The countries and waters that a figure names, each over its own ground."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import layer
from maps.i18n import short, word
from maps.print.basemap import faces
from maps.print.labels.placement import Spot, around
from maps.print.labels.places import SCRIPTS, Label, known_places
from maps.style import BASEMAP

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.labels.places import Size
    from maps.print.sheet import PageFormat

__all__ = ["countries", "sea_at", "waters"]


def countries(frame: Frame, page: PageFormat, language: str) -> list[Label]:
    """Return the names of countries and seas, each for its largest part in the frame."""
    ground, sea = faces(frame)
    dots = [(one.country, at) for _, one, at in known_places(frame) if one.country]
    points = shapely.points(np.array([at for _, at in dots]).reshape(-1, 2))
    largest: dict[str, Any] = {}
    for face in ground:
        shapely.prepare(face)
        codes = [dots[n][0] for n in np.flatnonzero(shapely.contains(face, points))]
        code = max(sorted(set(codes)), key=codes.count) if codes else ""
        # A face that holds towns of two countries is one that the borders did not part.
        sure = code and codes.count(code) > 0.9 * len(codes)
        if sure and (code not in largest or face.area > largest[code].area):
            largest[code] = face
    size = 1.25 * page.text_pt
    named = [
        Label(kind="country", text=word(f"country-{code}", language), colour=BASEMAP["country"],
             spots=partial(_inside, face), size_pt=size, limit=6.0)
        for code, face in sorted(largest.items(), key=lambda row: -row[1].area)
        if f"country-{code}" != word(f"country-{code}", language)
    ]  # fmt: skip
    for part in sorted(sea, key=lambda part: -part.area):
        spot = part.representative_point()
        key = sea_at(*frame.lonlat((spot.x, spot.y)))
        if key and part.area > 1500 and word(key, language) not in [name.text for name in named]:
            named.append(
                Label(kind="water", text=word(key, language), colour=BASEMAP["water-text"],
                     spots=partial(_inside, part), size_pt=1.1 * page.text_pt, limit=6.0)
            )  # fmt: skip
    return named


def sea_at(lon: float, lat: float) -> str:
    """Return the id of the sea at a place, empty for an unnamed one."""
    if lon > 46.0:
        return "caspian-sea"
    if lat < 37.2:
        return "mediterranean-sea"
    return "black-sea" if lon > 28.0 and lat > 41.0 else ""


def waters(frame: Frame, page: PageFormat, language: str) -> list[Label]:
    """Return the names of the larger lakes and rivers."""
    view = shapely.box(0, 0, frame.wide, frame.high)
    named = []
    for kind in ("lakes", "rivers"):
        for feature in layer(kind):
            given = feature.properties
            # A name in another script would be a stranger on the map.
            text = given.get(f"name_{language}") or (
                given.get("name") if language not in SCRIPTS else None
            )
            if not text or not feature.geometry.intersects(frame.extent.around):
                continue
            shape = shapely.transform(frame.prepared([feature.geometry])[0], frame.points)
            shape = shapely.make_valid(shape).intersection(view)
            large = shape.area > 60 if kind == "lakes" else shape.length > 90
            if large:
                spots = partial(_on_lake if kind == "lakes" else _by_river, shape)
                named.append(
                    Label(kind="water", text=short(text), spots=spots, limit=4.0,
                         colour=BASEMAP["water-text"], size_pt=0.9 * page.text_pt)
                )  # fmt: skip
    return named


def _inside(face: Any, size: Size, *, cost: float = 0.0) -> list[Spot]:
    """Return spots whose boxes lie inside a face, the middle first."""
    wide, high = size
    left, bottom, right, top = face.bounds
    centre = face.centroid
    shapely.prepare(face)
    found = []
    for x in np.linspace(left, right - wide, 14) if right - left > wide else ():
        for y in np.linspace(bottom, top - high, 14) if top - bottom > high else ():
            if face.covers(shapely.box(x - 1, y - 1, x + wide + 1, y + high + 1)):
                off = np.hypot(x + wide / 2 - centre.x, y + high / 2 - centre.y)
                found.append(Spot(float(x), float(y), cost + 0.01 * float(off)))
    return found


def _on_lake(shape: Any, size: Size) -> list[Spot]:
    at = shape.representative_point()
    beside = around((at.x, at.y), size, gap=0.5 * np.sqrt(shape.area / np.pi) + 2)
    over = Spot(at.x - size[0] / 2, at.y - size[1] / 2, 0.3)
    return [*_inside(shape, size), over, *[one for one in beside if one.leader is None]]


def _by_river(shape: Any, size: Size) -> list[Spot]:
    line = max(shapely.get_parts(shapely.line_merge(shape)), key=lambda part: part.length)
    wide, high = size
    found = []
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        at = line.interpolate(share, normalized=True)
        found += [Spot(at.x - wide / 2, at.y + 1.5, abs(share - 0.5)),
                  Spot(at.x - wide / 2, at.y - 1.5 - high, abs(share - 0.5) + 0.2)]  # fmt: skip
    return found
