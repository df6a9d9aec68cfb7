"""The places that a figure names, and `Label`, which every label of a figure is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import dist, log10
from typing import TYPE_CHECKING

import numpy as np

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places, towns, twins
from maps.i18n import short
from maps.print.basemap import BASEMAP_KEYS
from maps.print.labels.placement import Spot, spots_around
from maps.style import BASEMAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from borders.gazetteer.places import Place
    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.sheet import PageFormat

__all__ = ["SCRIPTS", "Label", "Size", "known_places", "line_ends", "settlements"]

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
# farthest spot with a leader, and of any other, which allows the nearer ones (assumptions).
_LIMIT_VITAL, _LIMIT = 14.0, 7.0
# Inhabitants of a town whose name is bold; of three times as many on maps of the whole region.
_LARGE_TOWN = 200_000
# Places that the region's treaties and corridors turn on are named before larger towns.
_OF_NOTE = frozenset(
    ("kars", "igdir", "dilucu", "gyumri", "nakhchivan", "julfa", "ordubad", "meghri", "horadiz",
     "goris", "lachin", "khankendi", "shusha", "akhalkalaki", "ardahan", "batumi", "alat")
)  # fmt: skip
# A layer of more lines than this is a whole network, and the ends of its lines are not named.
_NETWORK_LINES = 60
# On maps wider than this only the greatest towns stand out.
_REGION_WIDTH_M = 900_000.0


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
    """

    kind: str
    text: str
    size_pt: float
    colour: str
    spots: Callable[[Size], list[Spot]]
    bold: bool = False
    limit: float = np.inf
    dot: tuple[float, float] | None = None
    own_key: str | None = None

    @property
    def vital(self) -> bool:
        """Tell whether the map would be poor without it: then a leader is better than nothing."""
        return self.limit >= _LIMIT_VITAL


def known_places(frame: Frame) -> Iterator[tuple[str, Place, tuple[float, float]]]:
    """Yield id, place and position in points of every place in the frame, once each."""
    by_key = {**{key: towns()[key] for key in _populations() if key in towns()}, **places()}
    west, south, east, north = frame.extent.around.bounds
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


def line_ends(frame: Frame, layers: Iterable[Layer]) -> list[tuple[float, float]]:
    """Return where the drawn lines begin and end, in points."""
    ends: list[tuple[float, float]] = []
    for layer in layers:
        lines = [s.geometry for s in layer.shapes if s.geometry.geom_type == "LineString"]
        if 0 < len(lines) < _NETWORK_LINES:
            xy = np.array([c for line in lines for c in (line.coords[0][:2], line.coords[-1][:2])])
            points = frame.points(np.column_stack(frame.extent.at(*xy.T)))
            # Legs of one line join: only the outer ends count.
            unique, counts = np.unique(points.round(1), axis=0, return_counts=True)
            ends += [(float(x), float(y)) for x, y in unique[counts == 1]]
    return ends


def settlements(
    frame: Frame, page_format: PageFormat, language: str, ends: list[tuple[float, float]]
) -> list[Label]:
    """Return the places to name: those at ends of lines first, then by inhabitants and note."""
    known = list(known_places(frame))
    last = {_at_end(known, end, page_format.text_pt) for end in ends} - {None}
    line_keys = [key for key in frame.occupancy.keys if key not in BASEMAP_KEYS]
    regional = frame.extent.size_m[0] > _REGION_WIDTH_M
    bold_from = 3 * _LARGE_TOWN if regional else _LARGE_TOWN
    rated = []
    for key, place, point in known:
        inhabitants = _populations().get(key, 0)
        box = point[0] - 2.5, point[1] - 2.5, point[0] + 2.5, point[1] + 2.5
        on_line = key in places() and frame.occupancy.under(box, of=line_keys) > 0
        text = _spelled(key, language) or (short(place.name) if key in last else None)
        if text and (inhabitants or key in last or on_line):
            must = key in last or inhabitants >= 5 * _LARGE_TOWN
            # The weights are assumptions.
            score = log10(max(inhabitants, 10)) + 0.8 * on_line
            score += 2.0 * (key in _OF_NOTE and not regional) + 3.0 * must + 2.0 * (key in last)
            score -= 4.0 * (place.kind == "border gate")
            bold = inhabitants >= bold_from or (key in last and inhabitants > _LARGE_TOWN / 4)
            rated.append((score, text, point, bold, must, key in places()))
    rated.sort(key=lambda row: (-row[0], row[1]))
    names: set[str] = set()
    # As many labels as leave each an area of 110 squares of its letters' size (an assumption).
    budget = round(frame.width_pt * frame.height_pt / (110 * page_format.text_pt**2))
    labels: list[Label] = []
    for _, text, point, bold, must, curated in rated:
        if not must and len(labels) >= budget:
            continue
        # A village and its border gate bear one name; the gate stands lower in the list.
        if not names.isdisjoint(text.split(" / ")):
            continue
        # Suburbs are towns of their own in the gazetteer.
        room = 4.0 if curated else 3.0 * page_format.text_pt
        dots = [label.dot for label in labels if label.dot]
        if all(dist(point, dot) >= room for dot in dots):
            labels.append(_place_label(page_format, text, point, bold=bold, must=must))
            names.update(text.split(" / "))
    return labels


def _at_end(
    known: list[tuple[str, Place, tuple[float, float]]],
    end: tuple[float, float],
    within_pt: float,
) -> str | None:
    """Return the curated place at the end of a line: the largest that is near enough."""
    near = [
        (_populations().get(key, 0), -dist(point, end), key)
        for key, _, point in known
        if dist(point, end) < within_pt and key in places()
    ]
    return max(near)[2] if near else None


def _place_label(
    page_format: PageFormat, text: str, point: tuple[float, float], *, bold: bool, must: bool
) -> Label:
    text_pt = page_format.text_pt
    size = text_pt * (1.08 if bold else 0.94)
    return Label(
        kind="place", text=text, size_pt=size, colour=BASEMAP["text"], bold=bold, dot=point,
        spots=lambda box: spots_around(point, box, gap=0.45 * text_pt, text_pt=text_pt),
        limit=_LIMIT_VITAL if must else _LIMIT,
    )  # fmt: skip


@cache
def _spelled(key: str, language: str) -> str | None:
    """Return a place's name in a language, None if it is not known in that language's letters."""
    import re

    place = places().get(key) or towns()[key]
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
    keys = (f"geonames:{row['id']}" for row in rows)
    return {
        curated.get(key, key): int(row["population"] or 0)
        for key, row in zip(keys, rows, strict=True)
    }
