"""Synthetic treaties: a true border, and the file of someone who knows it only with errors.

The world in which the errors are drawn, all stated, none taken from the compiler:

- a place is the true corner moved by a normal error of `sigma_m`, root mean square distance;
- a guide is the true line moved by a smooth error of `position_sigma_m` across it, and drawn in a
  detail in which it is shorter or longer than the truth by 1 % (6 % where it is coarse), the same
  for all guides of a treaty, since one survey drew them;
- a stand-in moves with the places between which it is drawn, besides its own error;
- a divide, a limit or a way for which the text names only its ends winds between them as today's
  borders do between the places of the Treaty of Kars: on average it strays from its chord by an
  eighth of it and is a fifth longer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod

if TYPE_CHECKING:
    from pathlib import Path

GEOD = Geod(ellps="WGS84")
SCALE_SIGMA, COARSE_SCALE_SIGMA, COARSE_M = 0.01, 0.06, 200.0
# Heights of sines with 1 to 6 half waves between the ends, each about as steep as the others, as
# parts of the chord, and how much this varies from leg to leg.
WINDING, WINDING_SPREAD = 0.13, 0.4
BEYOND_M = 8000.0
VERST_M = 1066.8

GUIDED = {"thalweg": "along", "today": "along", "watershed": "stand_in"}
RULES = ("straight", "thalweg", "today", "watershed", "divide", "through", "past", "offset")
WORDS = {
    "straight": "in a straight line to {0}",
    "thalweg": "along the thalweg of the river {1} to {0}",
    "today": "along the present limit {1} to {0}",
    "watershed": "over the divide {1} to {0}",
    "divide": "along the divide to {0}",
    "through": "on to {0}",
    "past": "{2} of the village of {1} to {0}",
    "offset": "{2} of the river {1}, always {3} versts from it, to {0}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueLeg:
    """What a call describes: the vertices of the leg, lon/lat."""

    rule: str
    lonlat: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """A treaty file and the truth behind it."""

    toml: str
    files: dict[str, str]
    legs: tuple[TrueLeg, ...]
    centre: tuple[float, float]
    length_m: float
    area_m2: float | None

    def write(self, folder: Path) -> Path:
        """Write the files and return the treaty's."""
        for name, text in {**self.files, "synthetic.toml": self.toml}.items():
            (folder / name).write_text(text, "utf-8")
        return folder / "synthetic.toml"


@dataclass(frozen=True, slots=True)
class Frame:
    """A plane round a centre, metres east and north, true to 1e-4 within 100 km."""

    lon: float
    lat: float

    def lonlat(self, xy: np.ndarray) -> np.ndarray:
        size = len(xy)
        azimuth = np.degrees(np.arctan2(xy[:, 0], xy[:, 1]))
        lon, lat, _ = GEOD.fwd(
            np.full(size, self.lon), np.full(size, self.lat), azimuth, np.hypot(*xy.T)
        )
        return np.column_stack([lon, lat])

    def plane(self, lonlat: np.ndarray) -> np.ndarray:
        size = len(lonlat)
        azimuth, _, away = GEOD.inv(
            np.full(size, self.lon), np.full(size, self.lat), lonlat[:, 0], lonlat[:, 1]
        )
        angle = np.radians(azimuth)
        return np.column_stack([away * np.sin(angle), away * np.cos(angle)])


class Between:
    """Curves from one corner to another: y over x, both zero at the ends, going on beyond."""

    def __init__(self, start: np.ndarray, end: np.ndarray) -> None:
        self.start = start
        self.chord = float(np.hypot(*(end - start)))
        self.east = (end - start) / self.chord
        self.north = np.array([-self.east[1], self.east[0]])

    def x(self, spacing_m: float, beyond_m: float = 0.0) -> np.ndarray:
        """Return stations; both corners are among them."""
        inside = np.linspace(0.0, self.chord, int(self.chord / spacing_m) + 2)
        if not beyond_m:
            return inside
        tail = np.arange(spacing_m, beyond_m, spacing_m)
        return np.concatenate([-tail[::-1], inside, self.chord + tail])

    def sines(self, x: np.ndarray, heights: np.ndarray) -> np.ndarray:
        """Return the sum of sines with 1, 2, … half waves, heights as parts of the chord."""
        waves = np.arange(1, len(heights) + 1)
        return self.chord * np.sin(np.outer(x, waves) * np.pi / self.chord) @ heights

    def ripple(self, x: np.ndarray, wave_m: float) -> np.ndarray:
        return np.sin(2 * np.pi * x * round(self.chord / wave_m) / self.chord)

    def plane(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self.start + np.outer(x, self.east) + np.outer(y, self.north)


def smooth_error(rng: np.random.Generator, x: np.ndarray, sigma: float) -> np.ndarray:
    """Return a normal error east and north that changes little over a leg, shape (n, 2)."""
    found = np.zeros((len(x), 2))
    for column in (0, 1):
        turns = 2 * np.pi * np.outer(x, 1 / rng.uniform(60e3, 200e3, 3))
        heights = rng.normal(0, sigma / np.sqrt(3), (2, 3))
        found[:, column] = np.sin(turns) @ heights[0] + np.cos(turns) @ heights[1]
    return found


def length_m(plane: np.ndarray) -> float:
    return float(np.hypot(*np.diff(plane, axis=0).T).sum())


def rows(table: str, **values: object) -> str:
    """Return one table of a TOML file."""
    lines = [f"[[{table}]]"]
    lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items()]
    return "\n".join(lines) + "\n\n"


class Writer:
    """Makes one treaty."""

    def __init__(self, rng: np.random.Generator, *, closed: bool) -> None:
        self.rng, self.closed = rng, closed
        self.frame = Frame(rng.uniform(42, 47), rng.uniform(38.5, 41.5))
        self.corners = self._corners()
        count = len(self.corners)
        self.sigma = np.exp(rng.uniform(np.log(100), np.log(1500), count))
        self.moved = rng.normal(0, 1, (count, 2)) * self.sigma[:, None] / np.sqrt(2)
        self.scale = rng.normal()
        self.heights = rng.uniform(300, 3500, count)
        self.places, self.guides, self.calls = "", "", ""
        self.files: dict[str, str] = {}
        self.words: list[str] = []

    def _corners(self) -> np.ndarray:
        rng = self.rng
        count = int(rng.integers(4, 9))
        if self.closed:
            angle = (np.arange(count) + rng.uniform(-0.25, 0.25, count)) * 2 * np.pi / count
            radius = rng.uniform(15e3, 25e3, count)
            return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
        heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.5, count))
        step = rng.uniform(8e3, 25e3, count)
        steps = np.column_stack([step * np.cos(heading), step * np.sin(heading)])
        corners = np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
        return corners - corners.mean(axis=0)

    def made(self) -> Synthetic:
        """Return the treaty."""
        for n, corner in enumerate(self.corners):
            self._place(f"p{n}", corner + self.moved[n], self.sigma[n], self.heights[n])
        count = len(self.corners)
        pairs = [(n, (n + 1) % count) for n in range(count if self.closed else count - 1)]
        legs = []
        for i, j in pairs:
            rule = str(self.rng.choice(RULES))
            legs.append(TrueLeg(rule=rule, lonlat=self.frame.lonlat(self._leg(rule, i, j))))
        line = np.concatenate([leg.lonlat for leg in legs])
        area = abs(GEOD.polygon_area_perimeter(*line.T)[0]) if self.closed else None
        return Synthetic(
            toml=self._toml(),
            files=self.files,
            legs=tuple(legs),
            centre=(self.frame.lon, self.frame.lat),
            length_m=float(GEOD.line_length(*line.T)),
            area_m2=area,
        )

    def _toml(self) -> str:
        text = "; ".join(self.words) + ". Done in two copies."
        head = {
            "id": "synthetic",
            "kind": "territory" if self.closed else "border",
            "name": "Synthetic",
            "document": "Treaty of nowhere",
            "source": "synthetic",
            "state": "quoted",
            "text": text,
        }
        lines = "".join(f"{k} = {json.dumps(v)}\n" for k, v in head.items())
        aside = rows("aside", words="Done in two copies.", why="says how it was done")
        return f"{lines}\n{aside}{self.guides}{self.places}{self.calls}"

    def _name(self, n: int) -> str:
        return f"height {n} ({self.heights[n] / 0.3048:.0f})"

    def _place(self, key: str, plane: np.ndarray, sigma: float, height: float | None) -> None:
        lon, lat = self.frame.lonlat(plane[None])[0].round(6)
        more = {} if height is None else {"elevation_m": round(height + self.rng.normal(0, 10), 1)}
        reliability = str(self.rng.choice(["high", "medium", "low"]))
        self.places += rows(
            "place", id=key, name=key, lon=lon, lat=lat, sigma_m=sigma, source="synthetic",
            reliability=reliability, **more,
        )  # fmt: skip

    def _leg(self, rule: str, i: int, j: int) -> np.ndarray:
        """Return the true leg in the plane, and write what the treaty knows of it."""
        curve = Between(self.corners[i], self.corners[j])
        known: dict[str, object] = {"rule": rule}
        filled = ["", "", ""]
        if rule in GUIDED:
            true, key = self._river(curve, i, j, stand_in=rule == "watershed")
            known[GUIDED[rule]] = filled[0] = key
        elif rule == "offset":
            true, more = self._parallel(curve)
            known |= more
            filled = [str(more["along"]), str(more["side"]), str(more["offset"])]
        elif rule == "straight":
            true = np.array([self.corners[i], self.corners[j]])
        else:
            x = curve.x(200)
            true = curve.plane(x, self._winding(curve, x))
            if rule == "past":
                known |= self._village(true, len(self.words))
                filled = [str(known["place"]), str(known["side"]), ""]
            known["rule"] = "watershed" if rule == "divide" else rule
        words = WORDS[rule].format(self._name(j), *filled)
        if not self.words:
            words = f"From {self._name(i)} {words}"
        self.words.append(words)
        self.calls += rows(
            "call", words=words, **{"from": f"p{i}"}, to=f"p{j}", **known,
            elevation=round(self.heights[j] / 0.3048), elevation_unit="ft",
        )  # fmt: skip
        return true

    def _winding(self, curve: Between, x: np.ndarray) -> np.ndarray:
        """Return the course of a line that no text describes; none strays by half its chord."""
        while True:
            strength = WINDING * np.exp(WINDING_SPREAD * self.rng.normal())
            y = curve.sines(x, self.rng.normal(0, strength / np.arange(1, 7)))
            if np.abs(y).max() < curve.chord / 2:
                return y

    def _river(self, curve: Between, i: int, j: int, *, stand_in: bool) -> tuple[np.ndarray, str]:
        """Return a true winding line, and the key of the guide drawn in its place."""
        rng = self.rng
        sigma = float(np.exp(rng.uniform(np.log(30), np.log(500))))
        coarse = sigma >= COARSE_M
        wave, spacing, excess = (2500, 200, 0.25) if coarse else (500, 50, 0.05)
        heights = rng.normal(0, 0.06 / np.arange(1, 7))
        x = curve.x(spacing, BEYOND_M)
        course, ripple = curve.sines(x, heights), curve.ripple(x, wave)
        drawn = curve.plane(x, course + np.sqrt(excess) * wave / np.pi * ripple)
        drawn += smooth_error(rng, x, sigma)
        if stand_in:
            share = (x / curve.chord).clip(-0.5, 1.5)[:, None]
            drawn += (1 - share) * self.moved[i] + share * self.moved[j]
        inside = (x >= -1e-6) & (x <= curve.chord + 1e-6)
        relative = COARSE_SCALE_SIGMA if coarse else SCALE_SIGMA
        # The ends of the guide's own corners are apart by another distance, which is not its scale.
        stretch = np.hypot(*np.diff(drawn[inside][[0, -1]], axis=0)[0]) / curve.chord
        wanted = length_m(drawn[inside]) / stretch * (1 + relative * self.scale)
        low, high = 0.0, 3.0 * wave
        for _ in range(30):
            middle = (low + high) / 2
            true = curve.plane(x, course + middle * ripple)[inside]
            low, high = (middle, high) if length_m(true) < wanted else (low, middle)
        return true, self._guide(drawn, sigma)

    def _parallel(self, curve: Between) -> tuple[np.ndarray, dict[str, object]]:
        """Return a true line always as far from a river, and what the text says of it."""
        rng = self.rng
        x = curve.x(100, BEYOND_M)
        longer = curve.plane(x, curve.sines(x, rng.normal(0, 0.02, 2)))
        versts = round(float(rng.uniform(1, 3)), 1)
        away = versts * VERST_M * rng.choice([-1, 1])
        river = shapely.offset_curve(shapely.LineString(longer), -away, quad_segs=16)
        river = shapely.get_coordinates(shapely.segmentize(river, 500))
        sigma = float(np.exp(rng.uniform(np.log(30), np.log(200))))
        chain = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(river, axis=0).T))])
        key = self._guide(river + smooth_error(rng, chain, sigma), sigma)
        true = longer[(x >= -1e-6) & (x <= curve.chord + 1e-6)]
        side = curve.north * np.sign(away)
        return true, {"along": key, "side": compass(side), "offset": versts,
                      "offset_unit": "verst"}  # fmt: skip

    def _village(self, true: np.ndarray, n: int) -> dict[str, object]:
        at = true[int(len(true) * self.rng.uniform(0.3, 0.7))]
        angle = self.rng.uniform(0, 2 * np.pi)
        spot = at + self.rng.uniform(1e3, 4e3) * np.array([np.cos(angle), np.sin(angle)])
        line = shapely.LineString(true)
        foot = np.array(line.interpolate(line.project(shapely.Point(spot))).coords[0])
        sigma = float(self.rng.uniform(100, 800))
        self._place(f"v{n}", spot + self.rng.normal(0, sigma / np.sqrt(2), 2), sigma, None)
        return {"place": f"v{n}", "side": compass(foot - spot)}

    def _guide(self, plane: np.ndarray, sigma: float) -> str:
        key = f"line-{len(self.words)}"
        lonlat = self.frame.lonlat(plane).round(6)
        if self.rng.random() < 0.5:
            lonlat = lonlat[::-1]
        known: dict[str, object] = {"lonlat": lonlat.tolist()}
        if self.rng.random() < 0.02:
            line = {"type": "LineString", "coordinates": lonlat.tolist()}
            known = {"file": f"{key}.geojson"}
            self.files[f"{key}.geojson"] = json.dumps(line)
        self.guides += rows("guide", id=key, position_sigma_m=sigma, source="synthetic", **known)
        return key


def compass(step: np.ndarray) -> str:
    """Return the side of the compass that a step points to most."""
    east, north = step
    if abs(east) > abs(north):
        return "east" if east > 0 else "west"
    return "north" if north > 0 else "south"


def synthetic(seed: int, *, closed: bool) -> Synthetic:
    """Return one treaty; the same seed gives the same."""
    return Writer(np.random.default_rng(seed), closed=closed).made()
