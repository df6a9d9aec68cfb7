"""Main roads of an extract that a network has not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.measure import Measure, interval_row
from corridors.osm.match import SPREAD
from corridors.osm.real_ways import Plane, away_m, is_main
from corridors.osm.topology import pointers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.link import Link
    from corridors.osm.real_ways import RealWays

__all__ = ["LackingRoad", "lacking_roads"]

# A road this near to the real path of a link is that link, or its other carriageway; an assumption.
BESIDE_M = 300.0
# Of roads of one number or name less than this is not told of: ends in towns, and spurs.
LEAST_M = 1000.0
# Lines of fewer points are measured from without an index.
_FEW = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingRoad:
    """The stretches of a road of one number, name and class that a network has not.

    Parameters
    ----------
    length_m : of a road with two carriageways that of one.
    geometry : MultiLineString, EPSG:4326.
    """

    ref: str
    name: str
    road: str
    length_m: float
    sigma_m: float
    geometry: shapely.MultiLineString

    @property
    def title(self) -> str:
        """Return its number and name, or else its class."""
        return " ".join(filter(None, (self.ref, self.name))) or f"{self.road} without a name"

    def row(self) -> dict[str, Any]:
        """Return its length in km with the 95 % interval, as a row of a table."""
        length = Measure(value=self.length_m, sigma=self.sigma_m, basis="osm")
        return {
            "ref": self.ref, "name": self.name, "class": self.road,
            **interval_row("km", length, 1000, digits=3), "basis": "osm",
        }  # fmt: skip


def lacking_roads(real: RealWays, links: Iterable[Link]) -> tuple[LackingRoad, ...]:
    """Return motorways, trunks and primary roads that no road of a network follows.

    A link on its real path covers what lies within `BESIDE_M` of it, one that is schematic what
    lies within its position error, at 95 %.
    """
    main = np.array([is_main(kind) for kind in real.kinds])[real.kind]
    ways = np.flatnonzero(main)
    if not ways.size:
        return ()
    xy, begin = real.samples(ways)
    covered = np.zeros(len(xy), bool)
    size = np.diff(np.r_[begin, len(xy)])
    first = np.zeros(len(main), np.int64)
    first[ways] = np.arange(len(ways))
    for link in links:
        if link.mode == "road" and link.xy:
            surveyed = link.geometry_quality == "surveyed"
            limit_m = BESIDE_M if surveyed else SPREAD * link.position_sigma_m
            _cover(real, link, limit_m, main, (xy, begin[first], size[first], covered))
    share = 1 - np.add.reduceat(covered.astype(float), begin) / size
    rest = share > 0.5
    lacking: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    labels = real.table.labels
    for way, part in zip(ways[rest].tolist(), share[rest].tolist(), strict=True):
        names = labels[int(real.table.columns.label[way])]
        kind = real.kinds[real.kind[way]]
        carriageways = 2 if kind.get("oneway") else 1
        length_m = part * float(real.length_m[way]) / carriageways
        lacking[names.get("ref", ""), names.get("", ""), kind.get("way_class", "")].append(
            (way, length_m)
        )
    roads = [_road(real, *key, stretches) for key, stretches in _joined(lacking).items()]
    return tuple(
        sorted((r for r in roads if r.length_m >= LEAST_M), key=lambda r: (-r.length_m, r.title))
    )


def _joined(
    lacking: dict[tuple[str, str, str], list[tuple[int, float]]],
) -> dict[tuple[str, str, str], list[tuple[int, float]]]:
    """Return stretches by number; those without one by name. The longest name and class count."""
    by_ref: dict[tuple[str, str], list[tuple[tuple[str, str, str], list[tuple[int, float]]]]]
    by_ref = defaultdict(list)
    for key, stretches in lacking.items():
        ref, name, road = key
        by_ref[(ref, "") if ref else ("", name or road)].append((key, stretches))
    joined = {}
    for alike in by_ref.values():
        key, _ = max(alike, key=lambda pair: (sum(m for _, m in pair[1]), pair[0]))
        joined[key] = [stretch for _, stretches in alike for stretch in stretches]
    return joined


def _road(
    real: RealWays, ref: str, name: str, road: str, stretches: list[tuple[int, float]]
) -> LackingRoad:
    lines = [real.points(way) for way, _ in stretches]
    length_m = sum(metres for _, metres in stretches)
    return LackingRoad(
        ref=ref, name=name, road=road, length_m=length_m,
        sigma_m=real.table.errors.shared * length_m + real.table.errors.own_m,
        geometry=shapely.MultiLineString([np.round(line, 7) for line in lines]),
    )  # fmt: skip


def _cover(
    real: RealWays, link: Link, limit_m: float, main: np.ndarray, samples: tuple[Any, ...]
) -> None:
    """Mark the samples of main roads that lie within a distance of a link."""
    xy, begin, size, covered = samples
    course = np.array(link.xy)
    west, south, east, north = real.bounds
    margin = limit_m / 111_000 * 2
    if course[:, 0].max() < west - margin or course[:, 0].min() > east + margin:
        return
    if course[:, 1].max() < south - margin or course[:, 1].min() > north + margin:
        return
    plane = Plane(course)
    drawn = plane.metres(course)
    ways = real.near(drawn, plane, limit_m)
    ways = ways[main[ways]]
    if not ways.size:
        return
    index, _ = pointers(begin[ways], size[ways])
    covered[index] |= _beside(plane.metres(xy[index]), drawn, limit_m)


def _beside(points: np.ndarray, line: np.ndarray, limit_m: float) -> np.ndarray:
    """Tell of each point of a plane whether it lies within a distance of a line."""
    if len(line) < _FEW:
        return np.asarray(away_m(points, line) <= limit_m)
    course = shapely.LineString(line)
    shapely.prepare(course)
    return np.asarray(shapely.dwithin(course, shapely.points(points), limit_m))
