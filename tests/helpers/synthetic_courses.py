"""Synthetic treaties whose lines are given in numbers: the truth, and what a text says of it.

The world in which the errors are drawn, none of it taken from the compiler:

- a place is the true corner moved by a normal error of `sigma_m`, root mean square distance;
- a bearing, a distance, a declination, a radius, a latitude and a longitude as stated are the true
  ones with a normal error of their stated standard error; one declination serves a whole text;
- a shore is the true shore moved all along by a normal error of `position_sigma_m` east and north.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod
from synthetic import Frame, rows

if TYPE_CHECKING:
    from pathlib import Path

GEOD = Geod(ellps="WGS84")
MILE_M = 1609.344
RULES = ("bearing", "parallel", "meridian", "arc", "median")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A treaty file and the true legs behind it, lon/lat."""

    toml: str
    legs: tuple[np.ndarray, ...]
    centre: tuple[float, float]
    length_m: float
    area_m2: float | None

    def write(self, folder: Path) -> Path:
        """Write the treaty and return its file."""
        path = folder / "synthetic.toml"
        path.write_text(self.toml, "utf-8")
        return path


class Writer:
    """Makes treaties of one rule."""

    def __init__(self, rule: str, seed: int) -> None:
        self.rng = np.random.default_rng([RULES.index(rule), seed])
        self.closed = rule == "arc" or (rule == "bearing" and seed % 2 == 1)
        self.rule = rule
        self.at = self.rng.uniform(-120, 120), self.rng.uniform(-60, 60)
        self.frame = Frame(*self.at)
        self.text = ""
        self.legs: list[np.ndarray] = []

    def made(self) -> Truth:
        """Return the treaty and its truth."""
        getattr(self, f"_{self.rule}")()
        line = np.concatenate(self.legs)
        area = abs(GEOD.polygon_area_perimeter(*line.T)[0]) if self.closed else None
        head = {
            "id": "synthetic", "kind": "territory" if self.closed else "border",
            "name": "Synthetic", "document": "Treaty of nowhere", "source": "synthetic",
            "state": "quoted",
        }  # fmt: skip
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in head.items())
        return Truth(
            toml=lines + self.text, legs=tuple(self.legs), centre=self.at,
            length_m=sum(float(GEOD.line_length(*leg.T)) for leg in self.legs), area_m2=area,
        )  # fmt: skip

    def sigma(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def noisy(self, value: float, sigma: float) -> float:
        return float(value + self.rng.normal(0, sigma))

    def _place(self, key: str, lonlat: np.ndarray, sigma_m: float) -> None:
        """Write a place that is known with an error."""
        east, north = self.rng.normal(0, sigma_m / np.sqrt(2), 2)
        moved = GEOD.fwd(*lonlat, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
        self.text += rows("place", id=key, name=key, lon=moved[0], lat=moved[1], sigma_m=sigma_m,
                          source="synthetic")  # fmt: skip

    def _call(self, start: str, end: str, rule: str | None = None, **keys: object) -> None:
        ends = {"from": start, "to": end}
        self.text += rows("call", words="on", rule=rule or self.rule, **ends, **keys)

    def _straight(self, one: np.ndarray, other: np.ndarray) -> None:
        self.legs.append(np.array([one, *GEOD.npts(*one, *other, 20), other]))

    def _bearing(self) -> None:
        rng = self.rng
        magnetic = rng.random() < 0.5
        declination, error = rng.uniform(-20, 20), self.sigma(0.2, 1)
        if magnetic:
            self.text += rows("declination", id="d", value=self.noisy(declination, error),
                              sigma=error, source="synthetic",
                              ).replace("\n\n", "\ndate = 1890-01-01\n\n")  # fmt: skip
        at = np.array(self.at)
        self._place("p0", at, self.sigma(50, 800))
        count = int(rng.integers(2, 5))
        heading = rng.uniform(0, 360)
        for n in range(count):
            heading += rng.uniform(40, 100) if n else 0
            distance, sigma = rng.uniform(5, 15), self.sigma(0.02, 0.3)
            turn_sigma = self.sigma(0.1, 1.5)
            lon, lat, _ = GEOD.fwd(*at, heading, distance * MILE_M)
            self._straight(at, np.array([lon, lat]))
            stated = self.noisy(heading - magnetic * declination, turn_sigma) % 360
            self._call(
                f"p{n}", f"p{n + 1}", bearing=stated, bearing_sigma=turn_sigma,
                distance=self.noisy(distance, sigma), distance_sigma=sigma, distance_unit="mi",
                north="magnetic" if magnetic else "true",
                **({"declination": "d"} if magnetic else {}),
            )  # fmt: skip
            at = np.array([lon, lat])
        if self.closed:
            self._call(f"p{count}", "p0", "straight")
            self._straight(at, np.array(self.at))

    def _parallel(self) -> None:
        lon, lat = self.at
        line = np.column_stack([lon + np.linspace(0, self.rng.uniform(0.2, 3), 400), [lat] * 400])
        self.legs.append(line)
        self._ends(line[0], line[-1])
        sigma = self.sigma(30, 400)
        off = np.degrees(self.rng.normal(0, sigma) / 6_371_000)
        self._call("a", "b", latitude=lat + off, line_sigma_m=sigma)

    def _meridian(self) -> None:
        lon, lat = self.at
        line = np.column_stack([[lon] * 400, lat + np.linspace(0, self.rng.uniform(0.2, 3), 400)])
        self.legs.append(line)
        self._ends(line[0], line[-1])
        sigma = self.sigma(30, 400)
        middle = np.radians(line[:, 1].mean())
        off = np.degrees(self.rng.normal(0, sigma) / (6_371_000 * np.cos(middle)))
        self._call("a", "b", longitude=lon + off, line_sigma_m=sigma)

    def _arc(self) -> None:
        rng = self.rng
        radius, sigma = rng.uniform(5, 20), self.sigma(0.02, 0.4)
        turn = rng.choice([-1, 1])
        angle = rng.uniform(0, 360) + turn * np.linspace(0, rng.uniform(60, 290), 800)
        centre = np.array([self.at] * 800).T
        line = np.column_stack(GEOD.fwd(*centre, angle, np.full(800, radius * MILE_M))[:2])
        self.legs.append(line)
        self._place("c", np.array(self.at), self.sigma(30, 500))
        self._ends(line[0], line[-1])
        self._call("a", "b", centre="c", radius=self.noisy(radius, sigma), radius_sigma=sigma,
                   radius_unit="mi", turn="clockwise" if turn > 0 else "counterclockwise",
                   )  # fmt: skip
        if self.closed:
            self._call("b", "a", "straight")
            self._straight(line[-1], line[0])

    def _median(self) -> None:
        """Write two shores; the true median is found by bisection, by straight distances."""
        rng = self.rng
        x = np.arange(-30e3, 30e3 + 1, 300)
        shores = []
        for side in (-1, 1):
            waves = 2 * np.pi * x / rng.uniform(15e3, 40e3) + rng.uniform(0, 6)
            y = side * rng.uniform(4e3, 8e3) + rng.uniform(200, 900) * np.sin(waves)
            shores.append(np.column_stack([x, y]))
        lines = [shapely.LineString(shore) for shore in shores]
        at = np.linspace(-12e3, 12e3, 121)
        low, high = np.full(121, -9e3), np.full(121, 9e3)
        for _ in range(40):
            middle = (low + high) / 2
            points = shapely.points(at, middle)
            nearer_low = shapely.distance(lines[0], points) < shapely.distance(lines[1], points)
            low, high = np.where(nearer_low, middle, low), np.where(nearer_low, high, middle)
        line = self.frame.lonlat(np.column_stack([at, low]))
        self.legs.append(line)
        self._ends(line[0], line[-1])
        for key, shore in zip(("one", "other"), shores, strict=True):
            sigma = self.sigma(30, 300)
            lonlat = self.frame.lonlat(shore + rng.normal(0, sigma, 2))
            self.text += rows("guide", id=key, lonlat=lonlat.tolist(), position_sigma_m=sigma,
                              source="synthetic")  # fmt: skip
        self._call("a", "b", between=["one", "other"])

    def _ends(self, one: np.ndarray, other: np.ndarray) -> None:
        self._place("a", one, self.sigma(50, 800))
        self._place("b", other, self.sigma(50, 800))


def synthetic_course(rule: str, seed: int) -> Truth:
    """Return one treaty of a rule; the same seed gives the same."""
    return Writer(rule, seed).made()
