"""How much longer a course is on the ground than as a chain of places, from published lengths.

There is one calibration, for links, corridors and new lines of scenarios alike. The factor is the
geometric mean of published over drawn length for a mode and terrain. One line's own factor
scatters round it by the spread; the mean itself has the standard error spread / √n, which all
lines of the calibration share. Terrains with fewer than `FEWEST` samples take the factor of their
mode. A spread from few samples is uncertain itself, so it is shrunk towards the spread pooled over
all terrains, with the weight of `FEWEST` samples; a mode without a terrain of so many samples
(pipelines) is shrunk towards the spread of all modes.

The published length of a short link depends more on where its ends are measured from than on how
the line winds. So the factor and its spread come from links of 30 km and more, and the variance of
the shorter ones beyond that spread is the error of the two ends, in metres, whatever the length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import exp, fsum, hypot, log, sqrt
from typing import TYPE_CHECKING

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["TERRAINS", "Sample", "Sinuosity", "calibrate", "samples", "sinuosity"]

TERRAINS = ("plain", "hilly", "mountain")
# Fewest samples for a factor of a terrain's own, and the weight of shrinkage; an assumption.
FEWEST = 4
# Below this length the error of the ends outweighs the winding; an assumption.
SHORT_M = 30_000.0
# Factor and spread of a mode with fewer than two samples; an assumption.
UNCALIBRATED = (1.25, 0.12)
# Factor and spread of ferries, whose courses vary with weather and traffic lanes; an assumption.
FERRY = (1.02, 0.025)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A published length of one line, or of several in a row, whose course is a chain.

    Parameters
    ----------
    terrain : ``plain``, ``hilly`` or ``mountain``; ``graph`` for lengths of the railway graph.
    chords_m : length of its chords between places, in metres.
    guided_m : length of its stretches along guide lines in metres, which need no factor.
    published_m : published length, in metres.
    corridor : id of the corridor that it is, or is part of; empty if none.
    """

    id: str
    mode: str
    terrain: str
    chords_m: float
    guided_m: float
    published_m: float
    corridor: str = ""

    @property
    def log_factor(self) -> float:
        """Return the natural logarithm of ground over chord length."""
        return log((self.published_m - self.guided_m) / self.chords_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinuosity:
    """Ratio of ground to chord length for a mode and terrain.

    Parameters
    ----------
    factor : geometric mean of ground over chord.
    spread : relative standard deviation of one line's factor round it.
    shared : relative standard error of the factor itself, common to all its lines.
    n : how many samples the factor rests on; 0 for an assumption.
    ends_m : standard deviation in metres that a line's two ends add, whatever its length.
    """

    mode: str
    terrain: str
    factor: float
    spread: float
    shared: float
    n: int
    ends_m: float = 0.0

    @property
    def sigma(self) -> float:
        """Return the relative standard error of one line's length, but for its ends."""
        return sqrt(self.spread**2 + self.shared**2)

    def sigma_m(self, ground_m: float) -> float:
        """Return the standard error of a line whose chords make `ground_m` metres on the ground."""
        return hypot(self.sigma * ground_m, self.ends_m)


def calibrate(
    samples: Iterable[Sample], mode: str, terrain: str, *, without: str = ""
) -> Sinuosity:
    """Return the factor of a mode and terrain, learnt from samples.

    Parameters
    ----------
    without : id of a sample, or of a corridor, to leave out (to test it on the others).
    """
    if mode == "ferry":
        return _assumed(mode, terrain, *FERRY)
    # Lengths of the railway graph are not chains: they make a calibration of their own.
    comparable = [
        sample
        for sample in samples
        if not (without and without in (sample.id, sample.corridor))
        and (sample.terrain == "graph") == (terrain == "graph")
    ]
    of_mode = [sample for sample in comparable if sample.mode == mode]
    long = [sample for sample in of_mode if sample.published_m >= SHORT_M]
    if len(long) < 2:
        return _assumed(mode, terrain, *UNCALIBRATED)
    others = [s for s in comparable if s.mode != mode and s.published_m >= SHORT_M]
    fitted = _fit(long, others, mode, terrain)
    short = [sample for sample in of_mode if sample.published_m < SHORT_M]
    if len(short) < FEWEST:
        return fitted
    # Squared residual of each short sample beyond what factor and spread explain.
    excess = []
    for sample in short:
        own = fitted if sample.terrain == terrain else _fit(long, others, mode, sample.terrain)
        ground_m = own.factor * sample.chords_m
        residual_m = sample.published_m - sample.guided_m - ground_m
        excess.append(residual_m**2 - (own.sigma * ground_m) ** 2)
    return replace(fitted, ends_m=sqrt(max(0.0, fsum(excess) / len(excess))))


@cache
def samples(root: DataRoot = BUNDLED) -> tuple[Sample, ...]:
    """Return the published lengths that calibrate (`data/network/calibration_samples.csv`)."""
    file = "network/calibration_samples.csv"
    return tuple(
        Sample(**{key: v for key, v in typed.items() if v is not None})
        for typed in schema.checked_rows("calibration-sample", file, root=root)
    )


def sinuosity(mode: str, terrain: str = "hilly", *, without: str = "") -> Sinuosity:
    """Return the factor of a mode and terrain, or the assumed one where none is calibrated.

    Parameters
    ----------
    mode : ``rail``, ``road``, ``ferry`` or ``pipeline``.
    terrain : ``plain``, ``hilly`` or ``mountain``; ``graph`` for lengths of the railway graph.
    without : id of a corridor, or of a link, to leave out (to test it on the others).

    Examples
    --------
    >>> 1.0 < sinuosity("road", "plain").factor < sinuosity("road", "mountain").factor < 1.5
    True
    """
    if without:
        return calibrate(samples(), mode, terrain, without=without)
    return _calibrated().get((mode, terrain)) or calibrate((), mode, terrain)


def _fit(samples: Sequence[Sample], others: Sequence[Sample], mode: str, terrain: str) -> Sinuosity:
    """Return the factor of a terrain from the samples of its mode, without the error of the ends.

    The variance is shrunk towards the pooled one within terrains, with the weight of `FEWEST`.

    Parameters
    ----------
    others : samples of other modes; their spread is used where no terrain has `FEWEST` samples.
    """
    logs_of = _by_terrain(samples)
    pooled = [x for logs in logs_of.values() for x in logs]
    own = logs_of.get(terrain, [])
    logs = own if len(own) >= FEWEST else pooled
    groups = _of_enough(logs_of.values()) or _of_enough(_by_terrain(others).values()) or [pooled]
    within = fsum(_squares(g) for g in groups) / sum(max(1, len(g) - 1) for g in groups)
    variance = _squares(logs) / (len(logs) - 1)
    spread = sqrt((len(logs) * variance + FEWEST * within) / (len(logs) + FEWEST))
    return Sinuosity(
        mode=mode, terrain=terrain, factor=exp(fsum(logs) / len(logs)), spread=spread,
        shared=spread / sqrt(len(logs)), n=len(logs),
    )  # fmt: skip


def _assumed(mode: str, terrain: str, factor: float, spread: float) -> Sinuosity:
    return Sinuosity(mode=mode, terrain=terrain, factor=factor, spread=spread, shared=spread, n=0)


def _by_terrain(samples: Iterable[Sample]) -> dict[str, list[float]]:
    logs: dict[str, list[float]] = {}
    for sample in samples:
        logs.setdefault(sample.terrain, []).append(sample.log_factor)
    return logs


def _of_enough(groups: Iterable[list[float]]) -> list[list[float]]:
    return [group for group in groups if len(group) >= FEWEST]


def _squares(logs: Sequence[float]) -> float:
    """Return the sum of squared deviations from the mean."""
    mean = fsum(logs) / len(logs)
    return fsum((x - mean) ** 2 for x in logs)


@cache
def _calibrated(root: DataRoot = BUNDLED) -> dict[tuple[str, str], Sinuosity]:
    """Return the factors of `data/network/calibration.csv` by mode and terrain.

    They are those of the network's links: learnt from the samples, then adjusted to published
    lengths of several links in a row (`data/build/totals.py`).
    """
    factors = {}
    for typed in schema.checked_rows("calibration", "network/calibration.csv", root=root):
        factors[typed["mode"], typed["terrain"]] = Sinuosity(**typed)
    return factors
