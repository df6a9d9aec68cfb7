"""How much longer the ground is than a chain of places, learnt from links of published length.

The factor is the geometric mean of published over drawn length for a mode and terrain. One link's
own factor scatters round it by the spread; the mean itself is off by the spread over √n, and that
error is shared by all links of the calibration. Terrains with too few samples take the factor of
their mode. A spread from few samples is unsure itself, so each leans on the one pooled over all
terrains as if that had come from `FEWEST` samples more.

Of a short link, where the published figure begins and ends says more than how the line winds. So
the factor and its spread come from links of 30 km and more, and what the shorter ones are off by
beyond that spread is the error of the two ends, in metres, whatever the length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import exp, fsum, hypot, log, sqrt
from typing import TYPE_CHECKING, Any

from borders.files import schema
from borders.files.bundle import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Sample", "Sinuosity", "Winding", "calibrate", "sinuosity", "winding", "windings"]

FEWEST = 4
# Below this length the ends of a published figure outweigh the winding.
SHORT_M = 30_000.0
# Without a sample of its mode a chain's factor is an assumption.
UNCALIBRATED = (1.25, 0.12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A published length of one link, or of several in a row, whose course is a chain.

    Parameters
    ----------
    chords_m : length of its chords between places.
    guided_m : length of its stretches along guide lines, which need no factor.
    """

    id: str
    mode: str
    terrain: str
    chords_m: float
    guided_m: float
    published_m: float

    @property
    def log_factor(self) -> float:
        """Return the logarithm of ground over chord."""
        return log((self.published_m - self.guided_m) / self.chords_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Winding:
    """Ground over chord for a mode and terrain.

    Parameters
    ----------
    factor : geometric mean of ground over chord.
    spread : relative standard deviation of one link's factor round it.
    n : how many samples the factor rests on; 0 for an assumption.
    ends_m : standard deviation that a link's two ends add, whatever its length.
    """

    mode: str
    terrain: str
    factor: float
    spread: float
    n: int
    ends_m: float = 0.0

    @property
    def shared(self) -> float:
        """Return the relative standard error of the factor itself, common to its links."""
        return self.spread / sqrt(self.n) if self.n else self.spread

    @property
    def sigma(self) -> float:
        """Return the relative standard error of one link's length, but for its ends."""
        return sqrt(self.spread**2 + self.shared**2)

    def sigma_m(self, ground_m: float) -> float:
        """Return the standard error of a link whose chords lie on so many metres of ground."""
        return hypot(self.sigma * ground_m, self.ends_m)


def calibrate(samples: Iterable[Sample], mode: str, terrain: str, *, without: str = "") -> Winding:
    """Return the factor of a mode and terrain.

    Parameters
    ----------
    without : id of a sample to leave out (to test it on the others).
    """
    # Lengths of the railway graph are no chains: they make a calibration of their own.
    mine = [
        one
        for one in samples
        if one.mode == mode
        and one.id != without
        and (one.terrain == "graph") == (terrain == "graph")
    ]
    long = [one for one in mine if one.published_m >= SHORT_M]
    if len(long) < 2:
        factor, spread = UNCALIBRATED
        return Winding(mode=mode, terrain=terrain, factor=factor, spread=spread, n=0)
    found = _wind(long, mode, terrain)
    short = [one for one in mine if one.published_m < SHORT_M]
    if len(short) < FEWEST:
        return found
    excess = []
    for one in short:
        other = found if one.terrain == terrain else _wind(long, mode, one.terrain)
        ground_m = other.factor * one.chords_m
        off_m = one.published_m - one.guided_m - ground_m
        excess.append(off_m**2 - (other.sigma * ground_m) ** 2)
    return replace(found, ends_m=sqrt(max(0.0, fsum(excess) / len(excess))))


def _wind(samples: Sequence[Sample], mode: str, terrain: str) -> Winding:
    known: dict[str, list[float]] = {}
    for one in samples:
        known.setdefault(one.terrain, []).append(one.log_factor)
    pooled = [x for logs in known.values() for x in logs]
    own = known.get(terrain, [])
    logs = own if len(own) >= FEWEST else pooled
    groups = [g for g in known.values() if len(g) >= FEWEST] or [pooled]
    within = fsum(_squares(g) for g in groups) / sum(max(1, len(g) - 1) for g in groups)
    mine = _squares(logs) / (len(logs) - 1)
    spread = sqrt((len(logs) * mine + FEWEST * within) / (len(logs) + FEWEST))
    return Winding(
        mode=mode, terrain=terrain, factor=exp(fsum(logs) / len(logs)), spread=spread, n=len(logs)
    )


def _squares(logs: Sequence[float]) -> float:
    mean = fsum(logs) / len(logs)
    return fsum((x - mean) ** 2 for x in logs)


@cache
def windings() -> dict[tuple[str, str], Winding]:
    """Return the factors of `data/network/calibration.csv` by mode and terrain."""
    found = {}
    for n, row in enumerate(read_rows("network/calibration.csv"), 2):
        where = f"data/network/calibration.csv:{n}"
        typed: dict[str, Any] = schema.check("calibration", row, where)
        found[typed["mode"], typed["terrain"]] = Winding(**typed)
    return found


def winding(mode: str, terrain: str) -> Winding:
    """Return the factor of a mode and terrain, or the assumed one where none is calibrated."""
    return windings().get((mode, terrain)) or calibrate((), mode, terrain)


# Ferries: an assumption; courses vary with weather and traffic lanes.
FERRY = (1.02, 0.025)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinuosity:
    """How much longer the ground is than the drawn chain, for one mode."""

    mode: str
    factor: float
    sigma: float
    n: int


@cache
def sinuosity(mode: str, *, without: str = "") -> Sinuosity:
    """Return the sinuosity of a mode, calibrated on corridors with published lengths.

    Parameters
    ----------
    mode : rail, road, pipeline or ferry.
    without : id of a corridor to leave out.
    """
    if mode == "ferry":
        return Sinuosity(mode=mode, factor=FERRY[0], sigma=FERRY[1], n=0)
    samples = _samples(without)
    logs = samples.get(mode, [])
    if not logs:
        return Sinuosity(mode=mode, factor=1.3, sigma=0.15, n=0)
    mean = sum(logs) / len(logs)
    # Two or three corridors may agree by chance: the spread is at least that pooled over all modes.
    squares = [
        (_sum_squares(known), len(known) - 1) for known in samples.values() if len(known) > 1
    ]
    pooled = sqrt(sum(s for s, _ in squares) / sum(n for _, n in squares)) if squares else 0.15
    spread = max(sqrt(_sum_squares(logs) / max(1, len(logs) - 1)), pooled)
    # With few corridors the factor itself is uncertain too; 0.15 stands in for a single one.
    sigma = spread * sqrt(1 + 1 / len(logs)) if len(logs) > 1 else 0.15
    return Sinuosity(mode=mode, factor=exp(mean), sigma=sigma, n=len(logs))


def _sum_squares(logs: list[float]) -> float:
    mean = sum(logs) / len(logs)
    return sum((x - mean) ** 2 for x in logs)


def _samples(without: str) -> dict[str, list[float]]:
    """Return the logarithms of ground over drawn length by mode."""
    from corridors.model.corridor import corridor, corridor_ids

    found: dict[str, list[float]] = {}
    for key in corridor_ids():
        one = corridor(key) if key != without else None
        # zangezur-whole repeats its parts; a mostly guided line says little of chains.
        if one is None or one.length.basis != "published":
            continue
        chords = sum(p.drawn_m for p in one.pieces if not p.along)
        guided = sum(p.true_m for p in one.pieces if p.along)
        if chords < 0.5 * one.drawn_m or one.length.value <= guided:
            continue
        found.setdefault(one.mode, []).append(log((one.length.value - guided) / chords))
    return found
