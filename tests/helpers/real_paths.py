"""Real paths drawn by hand, and the schematic links that stand for them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from geographiclib.geodesic import Geodesic

from corridors import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

M_PER_DEGREE = 111_195.0


def winding(
    start: tuple[float, float], end: tuple[float, float], *, wave_m: float = 300.0,
    waves: int = 3, step_m: float = 250.0, rng: np.random.Generator | None = None,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the points of a road from place to place that swings to both sides, in degrees.

    Parameters
    ----------
    wave_m : how far it swings; with `rng` as a random sum of waves.
    """
    a, b = np.array(start), np.array(end)
    narrow = np.array([np.cos(np.radians((a[1] + b[1]) / 2)), 1.0]) * M_PER_DEGREE
    along = (b - a) * narrow
    length = float(np.hypot(*along))
    at = np.linspace(0, 1, max(3, int(length / step_m)))
    heights = [1.0] if rng is None else rng.normal(0, 1, waves) / np.sqrt(waves)
    numbers = [waves] if rng is None else range(1, waves + 1)
    swing = sum(h * np.sin(np.pi * n * at) for h, n in zip(heights, numbers, strict=True))
    across = np.array([-along[1], along[0]]) / length
    points = at[:, None] * along + (wave_m * swing)[:, None] * across
    return np.round(a + points / narrow, 7)


def true_m(points: Iterable[tuple[float, float]]) -> float:
    """Return the length of a line on the ellipsoid, by geographiclib."""
    return sum(Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(points))


class Ground:
    """Nodes and ways that share nodes where their points are the same."""

    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        self._number: dict[tuple[float, float], int] = {}

    def node(self, at: tuple[float, float]) -> int:
        """Return the number of the node at a place."""
        key = float(at[0]), float(at[1])
        if key not in self._number:
            self._number[key] = len(self._number) + 1
            self.nodes[self._number[key]] = key
        return self._number[key]

    def add(self, points: Iterable[Any], **tags: str) -> None:
        """Draw a way."""
        refs = [self.node(point) for point in points]
        named = {key.replace("__", ":"): value for key, value in tags.items()}
        self.ways[len(self.ways) + 1] = refs, named


def schematic(key: str, xy: Iterable[Any], **how: Any) -> Link:
    """Return a link drawn through a few points, its ends places of its id."""
    mode = how.get("mode", "road")
    layer = f"rail{how['gauge_mm']}" if mode == "rail" and how.get("gauge_mm") else mode
    values = {
        "start": f"{key}-a.{layer}", "end": f"{key}-b.{layer}", "mode": mode, "length_m": 10_000.0,
        "sigma_m": 1000.0, "basis": "chain", "geometry_quality": "schematic",
        "position_sigma_m": 500.0, **how,
    }  # fmt: skip
    return Link(id=key, xy=tuple((float(x), float(y)) for x, y in xy), **values)
