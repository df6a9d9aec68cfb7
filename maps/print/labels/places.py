"""The places that a figure names, and what every name of a figure is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import dist, log10
from typing import TYPE_CHECKING

import numpy as np

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places, towns, twins
from maps.i18n import short
from maps.print.basemap import INKS
from maps.print.labels.placement import Spot, around
from maps.style import BASEMAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from borders.gazetteer.places import Place
    from maps.layers.model import Layer
    from maps.print.frame import Frame
    from maps.print.sheet import PageFormat

__all__ = ["SCRIPTS", "Label", "Size", "known_places", "line_ends", "settlements"]

Size = tuple[float, float]
_VITAL = 14.0


@dataclass(frozen=True, kw_only=True)
class Label:
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
SCRIPTS = {
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
        return short(one.names[language])
    if language not in SCRIPTS:
        return short(one.name)
    whole = re.compile(f"[{SCRIPTS[language]}\u200c \\-]+")
    found = {alias for alias in one.aliases if whole.fullmatch(alias)}
    return found.pop() if len(found) == 1 else None


@cache
def _populations() -> dict[str, int]:
    """Return the id of each town, curated or not, with its inhabitants."""
    curated = twins()
    rows = BUNDLED.rows("towns.csv")
    keys = (f"geonames:{row['id']}" for row in rows)
    return {
        curated.get(key, key): int(row["population"] or 0)
        for key, row in zip(keys, rows, strict=True)
    }


def known_places(frame: Frame) -> Iterator[tuple[str, Place, tuple[float, float]]]:
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
    frame: Frame, page: PageFormat, language: str, ends: list[tuple[float, float]]
) -> list[Label]:
    """Return the places to name: where lines end first, then by inhabitants and nearness."""
    known = list(known_places(frame))
    last = {_at_end(known, end, page.text_pt) for end in ends} - {None}
    lines = [key for key in frame.ink.keys if key not in INKS]
    wide = frame.extent.size_m[0] > _WIDE_M
    great = 3 * _GREAT if wide else _GREAT
    rated = []
    for key, one, at in known:
        inhabitants = _populations().get(key, 0)
        box = at[0] - 2.5, at[1] - 2.5, at[0] + 2.5, at[1] + 2.5
        on_line = key in places() and frame.ink.under(box, of=lines) > 0
        text = _spelled(key, language) or (short(one.name) if key in last else None)
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
    named: list[Label] = []
    for _, text, at, bold, must, known_well in rated:
        if not must and len(named) >= budget:
            continue
        # A village and its border gate bear one name; the gate stands lower in the list.
        if not taken.isdisjoint(text.split(" / ")):
            continue
        # Suburbs are towns of their own in the gazetteer.
        room = 4.0 if known_well else 3.0 * page.text_pt
        dots = [name.dot for name in named if name.dot]
        if all(dist(at, dot) >= room for dot in dots):
            named.append(_place(page, text, at, bold=bold, must=must))
            taken.update(text.split(" / "))
    return named


def _at_end(
    known: list[tuple[str, Place, tuple[float, float]]], end: tuple[float, float], most: float
) -> str | None:
    """Return the curated place at the end of a line: the largest that is near enough."""
    near = [
        (_populations().get(key, 0), -dist(at, end), key)
        for key, _, at in known
        if dist(at, end) < most and key in places()
    ]
    return max(near)[2] if near else None


def _place(
    page: PageFormat, text: str, at: tuple[float, float], *, bold: bool, must: bool
) -> Label:
    size = page.text_pt * (1.08 if bold else 0.94)
    return Label(
        kind="place", text=text, size_pt=size, colour=BASEMAP["text"], bold=bold, dot=at,
        spots=lambda box: around(at, box, gap=0.45 * page.text_pt, far=page.text_pt),
        limit=_VITAL if must else 7.0,
    )  # fmt: skip
