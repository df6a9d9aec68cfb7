"""What a figure names, in order of weight: lines, places, countries, waters, and ways out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from math import log10
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.places import places, towns, twins
from borders.store import layer, read_rows
from maps.basemap import INKS, faces
from maps.placement import Spot, around
from maps.style import BASEMAP
from maps.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from borders.places import Place
    from maps.frame import Frame
    from maps.layers import Layer
    from maps.sheet import Page

__all__ = ["Name", "countries", "line_ends", "settlements", "waters"]

Size = tuple[float, float]
_VITAL = 14.0


@dataclass(frozen=True, kw_only=True)
class Name:
    """A text that looks for a place on the map.

    Parameters
    ----------
    kind : place, country, water, key or exit.
    spots : where its box may stand, given its size in points.
    limit : a spot that costs more than this is worse than none.
    dot : the point that it names, in points from the frame's lower left corner.
    """

    kind: str
    text: str
    size_pt: float
    colour: str
    spots: Callable[[Size], list[Spot]]
    bold: bool = False
    limit: float = np.inf
    dot: tuple[float, float] | None = None
    own: str | None = None

    @property
    def vital(self) -> bool:
        """Tell whether the map would be poor without it: then a leader is better than nothing."""
        return self.limit >= _VITAL


# Letters of the languages that are not written in Latin ones.
_SCRIPTS = {
    "hy": "\u0531-\u058a",
    "ka": "\u10d0-\u10ff",
    "ru": "А-Яа-яЁё",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
}
_GREAT = 200_000
# Places that the region's treaties and corridors turn on are named before larger towns.
_OF_NOTE = frozenset(
    ("kars", "igdir", "dilucu", "gyumri", "nakhchivan", "julfa", "ordubad", "meghri", "horadiz",
     "goris", "lachin", "khankendi", "shusha", "akhalkalaki", "ardahan", "batumi", "alat")
)  # fmt: skip
# More lines than this are a net, whose ends are no places of note.
_NET = 60
# On maps wider than this only the greatest towns stand out.
_WIDE_M = 900_000.0


@cache
def _spelled(key: str, language: str) -> str | None:
    """Return a place's name in a language, None if it is not known in that language's letters."""
    import re

    one = places().get(key) or towns()[key]
    if one.names.get(language):
        return _short(one.names[language])
    if language not in _SCRIPTS:
        return _short(one.name)
    whole = re.compile(f"[{_SCRIPTS[language]}\u200c \\-]+")
    found = {alias for alias in one.aliases if whole.fullmatch(alias)}
    return found.pop() if len(found) == 1 else None


def _short(name: str) -> str:
    """Return a name without what it adds in brackets."""
    return name.split(" (", maxsplit=1)[0]


@cache
def _populations() -> dict[str, int]:
    """Return the id of each town, curated or not, with its inhabitants."""
    curated = twins()
    rows = read_rows("towns.csv")
    keys = (f"geonames:{row['id']}" for row in rows)
    return {
        curated.get(key, key): int(row["population"] or 0)
        for key, row in zip(keys, rows, strict=True)
    }


def _known(frame: Frame) -> Iterator[tuple[str, Place, tuple[float, float]]]:
    """Yield id, place and spot of every place in the frame, once each."""
    found = {**{key: towns()[key] for key in _populations() if key in towns()}, **places()}
    west, south, east, north = frame.extent.around.bounds
    inside = {
        key: one
        for key, one in found.items()
        if west < one.lon < east and south < one.lat < north and one.kind != "tripoint"
    }
    lonlat = np.array([(one.lon, one.lat) for one in inside.values()]).reshape(-1, 2)
    spots = frame.points(np.column_stack(frame.extent.at(*lonlat.T)))
    for (key, one), (x, y) in zip(inside.items(), spots.tolist(), strict=True):
        if frame.holds((x, y), margin=3.0):
            yield key, one, (x, y)


def line_ends(frame: Frame, found: Iterable[Layer]) -> list[tuple[float, float]]:
    """Return where the drawn lines begin and end, in points."""
    ends: list[tuple[float, float]] = []
    for one in found:
        lines = [s.geometry for s in one.shapes if s.geometry.geom_type == "LineString"]
        if 0 < len(lines) < _NET:
            xy = np.array([c for line in lines for c in (line.coords[0][:2], line.coords[-1][:2])])
            spots = frame.points(np.column_stack(frame.extent.at(*xy.T)))
            # Legs of one line join: only the outer ends count.
            unique, counts = np.unique(spots.round(1), axis=0, return_counts=True)
            ends += [(float(x), float(y)) for x, y in unique[counts == 1]]
    return ends


def settlements(
    frame: Frame, page: Page, language: str, ends: list[tuple[float, float]]
) -> list[Name]:
    """Return the places to name: where lines end first, then by inhabitants and nearness."""
    known = list(_known(frame))
    last = {_at_end(known, end, page.text_pt) for end in ends} - {None}
    lines = [key for key in frame.ink.keys if key not in INKS]
    wide = frame.extent.size_m[0] > _WIDE_M
    great = 3 * _GREAT if wide else _GREAT
    rated = []
    for key, one, at in known:
        inhabitants = _populations().get(key, 0)
        box = at[0] - 2.5, at[1] - 2.5, at[0] + 2.5, at[1] + 2.5
        on_line = key in places() and frame.ink.under(box, of=lines) > 0
        text = _spelled(key, language) or (_short(one.name) if key in last else None)
        if text and (inhabitants or key in last or on_line):
            must = key in last or inhabitants >= 5 * _GREAT
            score = log10(max(inhabitants, 10)) + 0.8 * on_line
            score += 2.0 * (key in _OF_NOTE and not wide) + 3.0 * must + 2.0 * (key in last)
            score -= 4.0 * (one.kind == "border gate")
            bold = inhabitants >= great or (key in last and inhabitants > _GREAT / 4)
            rated.append((score, text, at, bold, must, key in places()))
    rated.sort(key=lambda row: (-row[0], row[1]))
    taken: set[str] = set()
    budget = round(frame.wide * frame.high / (110 * page.text_pt**2))
    named: list[Name] = []
    for _, text, at, bold, must, known_well in rated:
        if not must and len(named) >= budget:
            continue
        # A village and its border gate bear one name; the gate stands lower in the list.
        if not taken.isdisjoint(text.split(" / ")):
            continue
        # Suburbs are towns of their own in the gazetteer.
        room = 4.0 if known_well else 3.0 * page.text_pt
        dots = [name.dot for name in named if name.dot]
        if all(np.hypot(at[0] - x, at[1] - y) >= room for x, y in dots):
            named.append(_place(page, text, at, bold=bold, must=must))
            taken.update(text.split(" / "))
    return named


def _at_end(
    known: list[tuple[str, Place, tuple[float, float]]], end: tuple[float, float], most: float
) -> str | None:
    """Return the curated place at the end of a line: the largest that is near enough."""
    near = [
        (_populations().get(key, 0), -np.hypot(at[0] - end[0], at[1] - end[1]), key)
        for key, _, at in known
        if key in places() and np.hypot(at[0] - end[0], at[1] - end[1]) < most
    ]
    return max(near)[2] if near else None


def _place(page: Page, text: str, at: tuple[float, float], *, bold: bool, must: bool) -> Name:
    size = page.text_pt * (1.08 if bold else 0.94)
    return Name(
        kind="place", text=text, size_pt=size, colour=BASEMAP["text"], bold=bold, dot=at,
        spots=lambda box: around(at, box, gap=0.45 * page.text_pt, far=page.text_pt),
        limit=_VITAL if must else 7.0,
    )  # fmt: skip


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


def countries(frame: Frame, page: Page, language: str) -> list[Name]:
    """Return the names of countries and seas, each for its largest part in the frame."""
    ground, sea = faces(frame)
    dots = [(one.country, at) for _, one, at in _known(frame) if one.country]
    points = shapely.points(np.array([at for _, at in dots]).reshape(-1, 2))
    largest: dict[str, Any] = {}
    for face in ground:
        shapely.prepare(face)
        inside = shapely.contains(face, points)
        codes = [code for (code, _), held in zip(dots, inside, strict=True) if held]
        code = max(sorted(set(codes)), key=codes.count) if codes else ""
        # A face that holds towns of two countries is one that the borders did not part.
        sure = code and codes.count(code) > 0.9 * len(codes)
        if sure and (code not in largest or face.area > largest[code].area):
            largest[code] = face
    size = 1.25 * page.text_pt
    named = [
        Name(kind="country", text=word(f"country-{code}", language), colour=BASEMAP["country"],
             spots=partial(_inside, face), size_pt=size, limit=6.0)
        for code, face in sorted(largest.items(), key=lambda row: -row[1].area)
        if f"country-{code}" != word(f"country-{code}", language)
    ]  # fmt: skip
    for part in sorted(sea, key=lambda part: -part.area):
        spot = part.representative_point()
        key = _sea(*frame.lonlat((spot.x, spot.y)))
        if key and part.area > 1500 and word(key, language) not in [name.text for name in named]:
            named.append(
                Name(kind="water", text=word(key, language), colour=BASEMAP["water-text"],
                     spots=partial(_inside, part), size_pt=1.1 * page.text_pt, limit=6.0)
            )  # fmt: skip
    return named


def _sea(lon: float, lat: float) -> str:
    if lon > 46.0:
        return "caspian-sea"
    if lat < 37.2:
        return "mediterranean-sea"
    return "black-sea" if lon > 28.0 and lat > 41.0 else ""


def waters(frame: Frame, page: Page, language: str) -> list[Name]:
    """Return the names of the larger lakes and rivers."""
    view = shapely.box(0, 0, frame.wide, frame.high)
    named = []
    for kind in ("lakes", "rivers"):
        for feature in layer(kind):
            given = feature.properties
            # A name in another script would be a stranger on the map.
            text = given.get(f"name_{language}") or (
                given.get("name") if language not in _SCRIPTS else None
            )
            if not text or not feature.geometry.intersects(frame.extent.around):
                continue
            shape = shapely.transform(frame.prepared([feature.geometry])[0], frame.points)
            shape = shapely.make_valid(shape).intersection(view)
            large = shape.area > 60 if kind == "lakes" else shape.length > 90
            if large:
                spots = partial(_on_lake if kind == "lakes" else _by_river, shape)
                named.append(
                    Name(kind="water", text=_short(text), spots=spots, limit=4.0,
                         colour=BASEMAP["water-text"], size_pt=0.9 * page.text_pt)
                )  # fmt: skip
    return named


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
