"""The places that a figure names, and `Label`, which every label of a figure is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import dist, log10
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places, town_id, towns, twins
from maps.i18n import short
from maps.layers.model import brought_places
from maps.layers.seam import turned_lon
from maps.print.basemap import BASEMAP_KEYS
from maps.print.labels.placement import COST_CUT, spots_around
from maps.print.sheet import LEAST_PT
from maps.style import BASEMAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from borders.gazetteer.places import Place
    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.labels.placement import Spot, Spots
    from maps.print.projection import Extent
    from maps.print.sheet import PageFormat

__all__ = [
    "SCRIPTS",
    "Label",
    "Size",
    "known_places",
    "line_ends",
    "line_vertices",
    "settlements",
    "shows_places",
]

# Width and height of a label's box, in points.
Size = tuple[float, float]

# Letters of the languages that are not written in Latin ones.
SCRIPTS = {
    "hy": "\u0531-\u058a",
    "ka": "\u10d0-\u10ff",
    "ru": "А-Яа-яЁё",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
}
# Costs above which a spot is not taken: of a place that must be named, which allows even the
# farthest spot with a leader, and of any other, which allows the nearer ones, and more of them
# where a line bends (assumptions). As the last resort a name that must stand may touch a route, but
# not on maps of a small scale, where names are many and routes short.
_LIMIT_VITAL, _LIMIT, _LIMIT_BEND = 14.0, 7.0, 8.3
# The last one on a map of areas, where farther spots keep names off the outlines.
_LIMIT_OUTLINED = 13.0
_LIMIT_LAST = _LIMIT_VITAL + COST_CUT
# Metres a point on maps of a small scale, about 1 : 5 million.
_SMALL_SCALE = 1750.0
# Sizes of the name of a country or a sea that finds no room, as parts of its own.
_SMALLER = (0.85, 0.7)
# Inhabitants of a town whose name is bold; of three times as many on maps of the whole region.
_LARGE_TOWN = 200_000
# Places that the region's treaties and corridors turn on are named before larger towns.
_OF_NOTE = frozenset(
    ("kars", "igdir", "dilucu", "gyumri", "nakhchivan", "julfa", "ordubad", "meghri", "horadiz",
     "goris", "lachin", "khankendi", "shusha", "akhalkalaki", "ardahan", "batumi", "alat")
)  # fmt: skip
# A layer of more lines than this is a whole network, and the ends of its lines are not named.
_NETWORK_LINES = 60
# A line of fewer vertices is a chain of places; a place within so many points of one of them, or of
# a line, is where it bends, or on it. Assumptions, as those below.
_CHAIN_VERTICES = 60
_AT_BEND_PT, _ON_LINE_PT = 3.0, 2.5
# How far from a line a place is still beside it, in sizes of letters; the least inhabitants of a
# named town, for each kilometre of the frame's width; and what that is divided by beside a line.
_BESIDE, _LEAST_PER_KM, _EASIER_BESIDE = 5.0, 120.0, 4.0
# A line that ends no farther than this from a place, in metres, ends in it: so far out of its town
# may a station or a terminal lie. What lies half as far again as the nearest place is as near.
# Assumptions.
_IN_TOWN_M, _AS_NEAR = 4_000.0, 1.5
# Border gates no farther apart than this, in metres, are those of one pass.
_ONE_PASS_M = 3_000.0
# Inhabitants that a place of an extract is taken to have, by its kind; assumptions.
_INHABITANTS = {"city": 200_000, "town": 10_000, "village": 1_000, "hamlet": 100}
_TOWNS = ("town", "city", "capital")
# On maps wider than this only the greatest towns stand out; on those narrower than the second every
# town beside the lines is named that there is room for (assumptions).
_REGION_WIDTH_M, _LOCAL_WIDTH_M = 900_000.0, 250_000.0


@dataclass(frozen=True, kw_only=True)
class Label:
    """A text that looks for a spot on the map.

    Parameters
    ----------
    kind : place, country, water, key (a number of the legend) or exit (where a line goes that
        leaves the frame).
    spots : where its box may stand, given its size in points.
    limit : a spot that costs this or more is worse than no label.
    dot : the point that it names, in points from the frame's lower left corner.
    own_key : key of the thing whose drawing it may cover.
    essential : whether it is written smaller, and over any drawing, rather than left out.
    angle : of the text, in degrees from the horizontal, counter-clockwise.
    others : what is tried where there is no spot, such as other stretches of the same river.
    """

    kind: str
    text: str
    size_pt: float
    colour: str
    spots: Callable[[Size], Spots | Sequence[Spot]]
    bold: bool = False
    limit: float = np.inf
    dot: tuple[float, float] | None = None
    own_key: str | None = None
    essential: bool = False
    angle: float = 0.0
    others: tuple[Label, ...] = ()

    def second_best(self) -> Iterator[Label]:
        """Yield what is tried where there is no spot: smaller letters, then over any drawing."""
        yield from self.others
        if self.essential:
            for limit in (self.limit, np.inf):
                for share in _SMALLER:
                    yield replace(self, size_pt=max(share * self.size_pt, LEAST_PT), limit=limit)

    @property
    def vital(self) -> bool:
        """Tell whether the map would be poor without it: then a leader is better than nothing."""
        return self.limit >= _LIMIT_VITAL


def known_places(
    frame: Frame, brought: Iterable[Place] = ()
) -> Iterator[tuple[str, Place, tuple[float, float]]]:
    """Yield id, place and position in points of every place in the frame, once each.

    Parameters
    ----------
    brought : places besides those of the gazetteer.
    """
    by_key = {place.id: place for place in brought}
    by_key |= {**{key: towns()[key] for key in _populations() if key in towns()}, **places()}
    west, south, east, north = frame.extent.around.bounds
    if frame.extent.over_seam:
        meridian = frame.extent.meridian
        by_key = {key: replace(p, lon=turned_lon(p.lon, meridian)) for key, p in by_key.items()}
    near = {
        key: place
        for key, place in by_key.items()
        if west < place.lon < east and south < place.lat < north and place.kind != "tripoint"
    }
    lonlat = np.array([(place.lon, place.lat) for place in near.values()]).reshape(-1, 2)
    points = frame.points(np.column_stack(frame.extent.at(*lonlat.T)))
    for (key, place), (x, y) in zip(near.items(), points.tolist(), strict=True):
        if frame.holds((x, y), margin=3.0):
            yield key, place, (x, y)


def shows_places(extent: Extent) -> bool:
    """Tell whether an extent shows a place that may be named."""
    west, south, east, north = extent.around.bounds
    return any(
        west < place.lon < east and south < place.lat < north
        for place in (*places().values(), *towns().values())
    )


def line_ends(frame: Frame, layers: Iterable[Layer]) -> list[tuple[float, float]]:
    """Return where the drawn lines begin and end, in points."""
    ends: list[tuple[float, float]] = []
    for layer in layers:
        lines = [s.geometry for s in layer.shapes if s.geometry.geom_type == "LineString"]
        if 0 < len(lines) < _NETWORK_LINES:
            xy = shapely.get_coordinates(
                [shapely.get_point(lines, 0), shapely.get_point(lines, -1)]
            )
            points = frame.points(np.column_stack(frame.extent.at(*xy.T)))
            # Legs of one line join: only the outer ends count.
            unique, counts = np.unique(points.round(1), axis=0, return_counts=True)
            ends += [(float(x), float(y)) for x, y in unique[counts == 1]]
    return ends


def line_vertices(frame: Frame, layers: Iterable[Layer]) -> np.ndarray:
    """Return the bends of lines drawn as chains of places, in points, shape (n, 2)."""
    chains = [
        shapely.get_coordinates(shape.geometry)
        for layer in layers
        if len(layer.shapes) < _NETWORK_LINES
        for shape in layer.shapes
        if shape.geometry.geom_type == "LineString"
        and shapely.get_num_coordinates(shape.geometry) < _CHAIN_VERTICES
    ]
    xy = np.concatenate([np.empty((0, 2)), *chains])
    points: np.ndarray = frame.points(np.column_stack(frame.extent.at(*xy.T)))
    return points


def settlements(
    frame: Frame, page_format: PageFormat, language: str, layers: Sequence[Layer]
) -> list[Label]:
    """Return the places to name: where lines begin and end, bend, and pass; then by inhabitants.

    Away from the lines only towns that are large for the scale are named, so that a map of a line
    is no list of the villages of the country beside it.
    """
    text_pt = page_format.text_pt
    brought = {place.id: place for place in brought_places(layers)}
    known = list(known_places(frame, brought.values()))
    ends = line_ends(frame, layers)
    curated_places = [row for row in known if row[0] in places() or row[0] in brought]
    last = _at_ends(curated_places, ends, text_pt, frame.metres_per_pt)
    least = _LEAST_PER_KM * (frame.extent.size_m[0] / 1000)
    regional = frame.extent.size_m[0] > _REGION_WIDTH_M
    local = frame.extent.size_m[0] < _LOCAL_WIDTH_M
    small = frame.metres_per_pt > _SMALL_SCALE
    bold_from = 3 * _LARGE_TOWN if regional else _LARGE_TOWN
    # Most places are villages that are named nowhere on a map of this scale.
    known = [
        (key, place, point)
        for key, place, point in known
        if key in places()
        or key in brought
        or key in _OF_NOTE
        or _populations().get(key, 0) >= least / _EASIER_BESIDE
    ]
    near = _nearness(frame, known, layers)
    rated: list[_Rated] = []
    for (key, place, point), (off_vertex_pt, off_line_pt) in zip(known, near, strict=True):
        inhabitants = _populations().get(key, 0) or _INHABITANTS.get(place.kind, 0) * (
            key in brought
        )
        curated = key in places() or key in brought
        stop = curated and off_vertex_pt < _AT_BEND_PT
        abandoned = place.kind.startswith("abandoned")
        on_line = curated and not abandoned and off_line_pt < _ON_LINE_PT
        beside = off_line_pt < _BESIDE * text_pt
        town = curated and place.kind.startswith(_TOWNS)
        least_here = least / (_EASIER_BESIDE if beside else 1.0)
        at_line = key in last or stop or on_line or (town and beside)
        text = _spelled(place, language) or (short(place.name) if key in last else None)
        of_note = key in _OF_NOTE and not regional
        if not text or not (at_line or of_note or inhabitants >= least_here):
            continue
        # On a small scale a station or a terminal at the end of a line is missed less than a town.
        large = inhabitants >= _LARGE_TOWN / 2
        must = (key in last and (town or large or not small)) or inhabitants >= 5 * _LARGE_TOWN
        must |= of_note and inhabitants > _LARGE_TOWN / 4
        # The weights are assumptions.
        score = log10(max(inhabitants, 10)) + 1.5 * stop + 0.7 * beside
        score += 0.8 * (on_line and not stop)
        score += 2.0 * of_note + 3.0 * must + 2.0 * (key in last)
        score += 1.0 * (town and beside and not regional)
        score -= 4.0 * (place.kind == "border gate" and not stop)
        bold = inhabitants >= bold_from or (key in last and inhabitants > _LARGE_TOWN / 4)
        kept = must or (stop and not regional) or (town and beside and local)
        # A line that ends in a town ends at its dot, wherever in the town its station is.
        dot = last.get(key, point)
        gate = place.kind == "border gate"
        rated.append(
            _Rated(score=score, text=text, point=dot, bold=bold, must=must, kept=kept,
                   close=curated and at_line, large=large, gate=gate)
        )  # fmt: skip
    rated.sort(key=lambda row: (-row.score, row.text))
    shapes = (shape for layer in layers for shape in layer.shapes)
    outlined = local and any(shape.style.fill and shape.style.width for shape in shapes)
    return _chosen(rated, frame, page_format, outlined=outlined)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rated:
    """A place that may be named: where, how, and what speaks for it.

    Parameters
    ----------
    point : of its dot, in points of the frame.
    must, kept : whether its name must be there, and whether it is where names are too many.
    close : whether it may stand close to others, since it lies by a line.
    gate : whether it is a border gate.
    """

    score: float
    text: str
    point: tuple[float, float]
    bold: bool
    must: bool
    kept: bool
    close: bool
    large: bool
    gate: bool


def _chosen(
    rated: Sequence[_Rated], frame: Frame, page_format: PageFormat, *, outlined: bool
) -> list[Label]:
    """Return the labels of the places that there is room for, of those rated, the best first.

    Parameters
    ----------
    outlined : whether the map has areas: a name stands far from its place rather than on their
        outlines.
    """
    text_pt = page_format.text_pt
    vital = _LIMIT_VITAL if frame.metres_per_pt > _SMALL_SCALE else _LIMIT_LAST
    names: set[str] = set()
    # As many labels as leave each an area of 150 squares of its letters' size (an assumption).
    budget = round(frame.width_pt * frame.height_pt / (150 * text_pt**2))
    labels: list[Label] = []
    gates = [(row.text, row.point) for row in rated if row.gate]
    apart_pt = _ONE_PASS_M / frame.metres_per_pt
    for row in rated:
        if not row.kept and len(labels) >= budget:
            continue
        # The gates of both sides of a pass share a label.
        near = (other for other, at in gates if row.gate and dist(row.point, at) < apart_pt)
        text = " / ".join(sorted(set(near))) or row.text
        # A village and its border gate bear one name; the gate stands lower in the list.
        if not names.isdisjoint(text.split(" / ")):
            continue
        # Suburbs are towns of their own in the gazetteer.
        room = 4.0 if row.close else (3.0 if row.large else 5.0) * text_pt
        dots = [label.dot for label in labels if label.dot]
        if all(dist(row.point, dot) >= room for dot in dots):
            bend = _LIMIT_OUTLINED if outlined else _LIMIT_BEND
            limit = vital if row.must else bend if row.kept else _LIMIT
            labels.append(
                _place_label(
                    page_format, text, row.point, bold=row.bold, limit=limit, outlined=outlined
                )
            )
            names.update(text.split(" / "))
    return labels


def _nearness(
    frame: Frame,
    known: Sequence[tuple[str, Place, tuple[float, float]]],
    layers: Iterable[Layer],
) -> list[tuple[float, float]]:
    """Return for each place its distance to a bend of a line and to any line, in points."""
    points = shapely.points(np.array([point for *_, point in known]).reshape(-1, 2))
    bends = shapely.points(line_vertices(frame, layers))
    drawn = [
        shapely.linestrings(xy)
        for key, lines in frame.drawn.items()
        if key not in BASEMAP_KEYS
        for xy in lines
        if len(xy) > 1
    ]
    offs = [_distances(points, shapes) for shapes in (bends, drawn)]
    return list(zip(*(off.tolist() for off in offs), strict=True))


def _distances(points: np.ndarray, shapes: Sequence[Any] | np.ndarray) -> np.ndarray:
    """Return the distance of each point to the nearest of shapes, infinite if there is none."""
    off = np.full(len(points), np.inf)
    if len(shapes):
        found, distances = shapely.STRtree(shapes).query_nearest(
            points, all_matches=False, return_distance=True
        )
        off[found[0]] = distances
    return off


def _at_ends(
    curated: Sequence[tuple[str, Place, tuple[float, float]]],
    ends: Sequence[tuple[float, float]],
    within_pt: float,
    metres_per_pt: float,
) -> dict[str, tuple[float, float]]:
    """Return the dots of the places where lines end: at each end the largest that is as near.

    The dot is at the end of a line that ends in the place, or else where the place lies: on a small
    scale a town that is near on the page may lie beyond a border.
    """
    points = np.array([point for *_, point in curated]).reshape(-1, 2)
    in_town_pt = _IN_TOWN_M / metres_per_pt
    last = {}
    for end in ends:
        off = np.hypot(*(points - end).T)
        reach = min(max(in_town_pt, _AS_NEAR * off.min(initial=np.inf)), within_pt)
        near = [
            (_populations().get(curated[n][0], 0), -float(off[n]), n)
            for n in np.flatnonzero(off < reach).tolist()
        ]
        if near:
            _, nearness, n = max(near)
            key, _, point = curated[n]
            last[key] = end if -nearness < in_town_pt else point
    return last


def _place_label(
    page_format: PageFormat,
    text: str,
    point: tuple[float, float],
    *,
    bold: bool,
    limit: float,
    outlined: bool,
) -> Label:
    text_pt = page_format.text_pt
    size = max(text_pt * (1.08 if bold else 0.94), LEAST_PT)
    return Label(
        kind="place", text=text, size_pt=size, colour=BASEMAP["text"], bold=bold, dot=point,
        spots=lambda box: spots_around(point, box, gap=0.45 * text_pt, text_pt=text_pt,
                                       among_outlines=outlined),
        limit=limit,
    )  # fmt: skip


@cache
def _spelled(place: Place, language: str) -> str | None:
    """Return a place's name in a language, None if it is not known in that language's letters."""
    import re

    if place.names.get(language):
        return short(place.names[language])
    if language not in SCRIPTS:
        return short(place.name)
    in_script = re.compile(f"[{SCRIPTS[language]}\u200c \\-]+")
    aliases = {alias for alias in place.aliases if in_script.fullmatch(alias)}
    return aliases.pop() if len(aliases) == 1 else None


@cache
def _populations() -> dict[str, int]:
    """Return the inhabitants of each town by its id, which is the curated place's if it has one."""
    curated = twins()
    rows = BUNDLED.rows("towns.csv")
    keys = (town_id(row) for row in rows)
    return {
        curated.get(key, key): int(row["population"] or 0)
        for key, row in zip(keys, rows, strict=True)
    }
