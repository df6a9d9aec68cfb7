"""What lies along a line: height, status, country and position error against the distance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import ceil
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.compiler.area_by_country import countries_at
from borders.compiler.boundary import Boundary
from borders.dates import parse_date, status_on
from borders.errors import GeometryError
from borders.geodesy.lonlat import WGS84
from borders.geodesy.track import Track
from borders.measure import Z95
from corridors.model.corridor import Corridor
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray
    from borders.measure import Measure
    from borders.terrain.elevation import Terrain
    from corridors.routing.route import Route

__all__ = ["Profile", "ProfilePart", "profile"]

# Samples of a line if their distance is not given, and the most of any.
_SAMPLES, _MOST = 500, 100_000
# Positions across a line at which heights are looked up within its error, an odd number.
_ACROSS = 9
# The least distance to either side of a border at which the countries beside it are looked up.
_BESIDE_M = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePart:
    """A link of a route, a leg of a border, or a piece of a corridor.

    Parameters
    ----------
    id, name : of the link or leg.
    start_m, end_m : distances on the ground from the beginning of the line.
    drawn_m : geodesic length as drawn.
    status : on the day; empty if nothing is known.
    unbuilt : whether it would first have to be built.
    basis : how its course is known, such as ``reach`` or ``chain``.
    mode : of a link.
    countries : of a link, in the order of travel (ISO 3166-1 alpha-2).
    position_sigma_m : standard error of its position across the line; 0 if the data do not say.
    """

    id: str
    name: str
    start_m: float = 0.0
    end_m: float
    drawn_m: float = 0.0
    status: str
    basis: str
    position_sigma_m: float
    unbuilt: bool = False
    mode: str = ""
    countries: tuple[str, ...] = ()

    @property
    def half_width_m(self) -> float:
        """Return how far the line may lie to either side, with 95 %."""
        return Z95 * self.position_sigma_m


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """Samples along a line, in order; arrays of one length.

    Parameters
    ----------
    parts : in order; what is not drawn, such as a change of mode, is none.
    part : index of each sample's part.
    at_m : distance on the ground: each part's length, evenly along its drawn course.
    drawn_m : geodesic distance along the line as drawn, WGS84.
    lon, lat : degrees, EPSG:4326.
    countries : of each sample; of a border those at the edges of its 95 % band and at least 500 m
        to its left and right, as ``TR|AM``; of a link over a border, as ``TR–GE``.
    height_m : on the elevation model at the sample; None without one, NaN where it has no height.
    low_height_m, high_height_m : the least and the greatest height across the line within the 95 %
        of its position.
    dem : name of the elevation model's file; empty for none.
    """

    id: str
    kind: str
    name: str
    names: dict[str, str]
    on: date | None
    length: Measure
    parts: tuple[ProfilePart, ...]
    part: NDArray[np.intp]
    at_m: FloatArray
    drawn_m: FloatArray
    lon: FloatArray
    lat: FloatArray
    countries: tuple[str, ...]
    height_m: FloatArray | None = None
    low_height_m: FloatArray | None = None
    high_height_m: FloatArray | None = None
    dem: str = ""
    sources: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return one line: id, length with its interval, samples, heights."""
        heights = ""
        if self.height_m is not None and not np.isnan(self.height_m).all():
            low, high = np.nanmin(self.height_m), np.nanmax(self.height_m)
            heights = f", {low:,.0f}–{high:,.0f} m high"
        return f"<Profile {self.id}: {self.length.km_text}, {len(self.at_m)} samples{heights}>"

    def samples(self) -> Iterator[dict[str, Any]]:
        """Return the samples as rows, one after the other: km, lon, lat, heights and the rest."""
        for n, at_m in enumerate(self.at_m):
            part = self.parts[int(self.part[n])]
            row: dict[str, Any] = {
                "km": round(float(at_m) / 1000, 4), "drawn_km": round(self.drawn_m[n] / 1000, 4),
                "lon": round(float(self.lon[n]), 6), "lat": round(float(self.lat[n]), 6),
            }  # fmt: skip
            for key in ("height_m", "low_height_m", "high_height_m"):
                row[key] = _rounded(getattr(self, key), n)
            yield row | {
                "part": part.id, "status": part.status, "unbuilt": part.unbuilt,
                "countries": self.countries[n], "position_sigma_m": _known(part.position_sigma_m),
                "basis": part.basis,
            }  # fmt: skip

    def part_rows(self) -> list[dict[str, Any]]:
        """Return the parts as rows: from and to in km, status, countries, error and heights.

        Of the countries those that it is longest in come first.
        """
        rows = []
        for n, part in enumerate(self.parts):
            own = np.flatnonzero(self.part == n)
            rows.append({
                "id": part.id, "name": part.name, "from_km": round(part.start_m / 1000, 3),
                "to_km": round(part.end_m / 1000, 3), "drawn_km": round(part.drawn_m / 1000, 3),
                "mode": part.mode, "status": part.status, "unbuilt": part.unbuilt,
                "countries": [c for c, _ in Counter(self.countries[k] for k in own).most_common()],
                "position_sigma_m": _known(part.position_sigma_m), "basis": part.basis,
                "lowest_m": _extreme(self.height_m, own, np.nanmin),
                "highest_m": _extreme(self.height_m, own, np.nanmax),
            })  # fmt: skip
        return rows

    def summary(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        km = [round(x / 1000, 3) for x in (self.length.value, self.length.low, self.length.high)]
        return {
            "id": self.id, "kind": self.kind, "name": self.name, "on": self.on and str(self.on),
            "km": km[0], "low_km": km[1], "high_km": km[2],
            "drawn_km": round(float(self.drawn_m[-1]) / 1000, 3), "dem": self.dem or None,
            "parts": self.part_rows(), "samples": list(self.samples()),
        }  # fmt: skip


def profile(
    thing: Route | Boundary | Corridor | str,
    *,
    terrain: Terrain | None = None,
    on: date | str | None = None,
    step_m: float | None = None,
) -> Profile:
    """Return what lies along a route, a border or a corridor.

    Without an elevation model there is no height; the rest is the same.

    Parameters
    ----------
    thing : or the id of a border or corridor.
    terrain : by `borders.terrain.elevation.read_dem`.
    on : day of the status of a border or corridor; the latest if missing. A route has its own.
    step_m : greatest distance between samples as drawn, in metres; about 500 samples if missing.
        Both ends of every part are samples.

    Raises
    ------
    GeometryError : nothing of it is drawn, or the samples would be more than 100,000.
    UnknownNameError : there is no such border or corridor.

    Examples
    --------
    >>> found = profile("lachin-2020", step_m=10_000)
    >>> (found.drawn_m / 1000).round(1).tolist(), found.height_m
    ([0.0, 8.9, 17.9, 26.8, 35.7], None)
    """
    if isinstance(thing, str):
        from corridors.model.registry import system

        thing = system(thing)
    day = None if on is None else parse_date(on)
    lines = list(_lines(thing, day))
    if not lines:
        message = f"'{thing.id}' is not drawn anywhere, so it has no profile"
        raise GeometryError(message)
    tracks = [Track.of(line) for _, line in lines]
    drawn_m = sum(float(track.chainage_m[-1]) for track in tracks)
    step = drawn_m / _SAMPLES if step_m is None else step_m
    if not (step > 0 and drawn_m / step <= _MOST):
        message = f"step_m is {step:g}; give at least {drawn_m / _MOST:,.1f} for this line"
        raise GeometryError(message)
    sampled = [_sampled(track, step) for track in tracks]
    parts, at, along = _measured([part for part, _ in lines], sampled)
    vertices = np.concatenate([points for _, points in sampled])
    part = np.repeat(np.arange(len(parts)), [len(points) for _, points in sampled])
    half_m = np.array([each.half_width_m for each in parts])[part]
    normal = np.concatenate([_normals(points) for _, points in sampled])
    lon, lat = vertices[:, 0], vertices[:, 1]
    heights = _heights(terrain, (lon, lat), normal, half_m)
    if isinstance(thing, Boundary):
        beside = np.maximum(half_m, _BESIDE_M)
        sides = [_countries(_beside((lon, lat), normal, turn * beside)) for turn in (-1, 1)]
        countries = tuple("|".join(dict.fromkeys(pair)) for pair in zip(*sides, strict=True))
    elif isinstance(thing, Corridor):
        countries = tuple(_countries((lon, lat)))
    else:
        day = thing.on
        countries = tuple("–".join(dict.fromkeys(parts[n].countries)) for n in part)
    return Profile(
        id=thing.id, kind=thing.kind, name=thing.name, names=dict(thing.names),
        on=day, length=thing.length, parts=parts, part=part, at_m=at,
        drawn_m=along, lon=lon, lat=lat, countries=countries,
        height_m=heights[0], low_height_m=heights[1], high_height_m=heights[2],
        # Where a file lies on somebody's machine is nobody's matter.
        dem="" if terrain is None else PurePath(terrain.source).name, sources=tuple(thing.sources),
    )  # fmt: skip


def _lines(
    thing: Route | Boundary | Corridor, day: date | None
) -> Iterator[tuple[ProfilePart, shapely.LineString]]:
    """Return the parts, each with its line in order; their positions are set afterwards."""
    if isinstance(thing, Boundary):
        status = _status(thing, day)
        for leg in thing.legs:
            yield ProfilePart(
                id=str(leg.n), name=f"{leg.start.name} – {leg.end.name}", end_m=leg.length_m,
                status=status, basis=leg.drawn_as, position_sigma_m=leg.sigma_m,
            ), leg.geometry  # fmt: skip
        return
    if isinstance(thing, Corridor):
        yield ProfilePart(
            id=thing.id, name=thing.name, end_m=thing.length.value, status=_status(thing, day),
            basis=thing.geometry_quality, position_sigma_m=thing.position_sigma_m, mode=thing.mode,
        ), thing.centreline  # fmt: skip
        return
    for step in thing.steps:
        link = step.link
        if len(link.xy) < 2:
            continue
        ends = [name_of(node.place) for node in (link.start, link.end)]
        yield ProfilePart(
            id=link.id, name=" – ".join(ends if step.forward else ends[::-1]),
            end_m=link.length_m, status=step.status, unbuilt=step.unbuilt, basis=link.basis,
            position_sigma_m=link.position_sigma_m, mode=link.mode, countries=step.countries,
        ), shapely.LineString(link.xy if step.forward else link.xy[::-1])  # fmt: skip


def _status(thing: Boundary | Corridor, day: date | None) -> str:
    status = thing.statuses[-1] if thing.statuses else None
    if day is not None:
        status = status_on(thing.statuses, day)
    return status.status if status else ""


def _sampled(track: Track, step_m: float) -> tuple[FloatArray, FloatArray]:
    """Return distances along a line, both ends among them, and the positions there."""
    length_m = float(track.chainage_m[-1])
    at_m = np.linspace(0.0, length_m, max(1, ceil(length_m / step_m - 1e-9)) + 1)
    return at_m, track.points(at_m)[:, :2]


def _measured(
    parts: list[ProfilePart], sampled: list[tuple[FloatArray, FloatArray]]
) -> tuple[tuple[ProfilePart, ...], FloatArray, FloatArray]:
    """Return the parts placed, and of each sample its distance on the ground and as drawn."""
    placed, ground, drawn = [], [], []
    start_m = along_m = 0.0
    for part, (at_m, _) in zip(parts, sampled, strict=True):
        length_m = float(at_m[-1])
        ground_m = part.end_m
        scale = ground_m / length_m if length_m else 0.0
        placed.append(replace(part, start_m=start_m, end_m=start_m + ground_m, drawn_m=length_m))
        ground.append(start_m + scale * at_m)
        drawn.append(along_m + at_m)
        start_m += ground_m
        along_m += length_m
    return tuple(placed), np.concatenate(ground), np.concatenate(drawn)


def _normals(points: FloatArray) -> FloatArray:
    """Return the azimuth to the right of the line at each sample, in degrees."""
    before, after = points[np.r_[0, : len(points) - 1]], points[np.r_[1 : len(points), -1]]
    azimuth, _, _ = WGS84.inv(*before.T, *after.T)
    return np.asarray(azimuth) + 90.0


def _beside(
    at: tuple[FloatArray, FloatArray], normal: FloatArray, right_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the positions so many metres to the right, to the left if negative."""
    lon, lat, _ = WGS84.fwd(*at, normal, right_m)
    return np.asarray(lon), np.asarray(lat)


def _countries(at: tuple[FloatArray, FloatArray]) -> list[str]:
    return countries_at(shapely.points(*at))


def _heights(
    terrain: Terrain | None, at: tuple[FloatArray, FloatArray], normal: FloatArray, half: FloatArray
) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Return the heights on the line, and the least and greatest across it within its error."""
    if terrain is None:
        return None, None, None
    across = [
        terrain.heights_m(*_beside(at, normal, share * half))
        for share in np.linspace(-1.0, 1.0, _ACROSS)
    ]
    middle = terrain.heights_m(*at)
    every = np.array([*across, middle])
    known = ~np.isnan(every).all(axis=0)
    low: FloatArray = np.full(len(middle), np.nan)
    high: FloatArray = low.copy()
    low[known], high[known] = np.nanmin(every[:, known], axis=0), np.nanmax(every[:, known], axis=0)
    return np.asarray(middle, np.float64), low, high


def _known(sigma_m: float) -> float | None:
    """Return a standard error for a table, None if the data do not say it."""
    return round(sigma_m, 1) or None


def _rounded(values: FloatArray | None, n: int) -> float | None:
    return None if values is None or np.isnan(values[n]) else round(float(values[n]), 1)


def _extreme(values: FloatArray | None, own: NDArray[np.intp], which: Any) -> float | None:
    if values is None or np.isnan(values[own]).all():
        return None
    return round(float(which(values[own])), 1)
