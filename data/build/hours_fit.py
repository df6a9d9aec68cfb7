"""What published times teach of speeds and stops: log-normal, shrunk where the data are thin.

A time is the sum over its stretches of kilometres over speed, plus stops that are known otherwise.
The logarithm of the slowness of a stretch is that of its class (passenger trains, coaches and cars,
goods trains, ships) plus an effect of its terrain, its vehicle and its country. Each effect has a
normal prior round zero, so that one which few times speak of stays near zero; the scatter of the
times is shrunk towards that of its prior likewise. The fit is the maximum of the posterior density,
by Gauss–Newton steps; an interval adds the scatter of one time to the error of the effects. As that
scatter is known from few times, intervals are those of Student's t distribution, with as many
degrees of freedom as the scatter rests on times, those that its prior is worth included.

What is published is not always a time that was taken: only timetables and observations are fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["PRIORS", "Prior", "SpeedFit", "TimeSample", "fit_median", "fit_speed", "shrunk"]

# Steps of the fit; it settles in fewer than ten.
_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is supposed of a class before any time is known; all are assumptions.

    Parameters
    ----------
    speed_kmh : the usual speed, with the standard deviation `spread` of its logarithm.
    effects : effect of a terrain, a vehicle or a country → standard deviation of its prior.
    scatter : standard deviation of the logarithm of one time, worth as much as `weight` times.
    """

    speed_kmh: float
    spread: float
    effects: Mapping[str, float]
    scatter: float
    weight: float = 4.0


# Coaches and cars have no effect of the terrain: their times do not carry one.
_TERRAIN = {"hilly": 0.15, "mountain": 0.3}
# Class of a time → its prior. The speed of goods trains as delivered lies between those of CPMM
# without and with stops (29 and 14 km/h in Turkmenistan, 57 and 11 in Kazakhstan).
PRIORS = {
    "rail.passengers": Prior(speed_kmh=60, spread=0.4, effects=_TERRAIN, scatter=0.2),
    "road.passengers": Prior(speed_kmh=60, spread=0.4, effects={"car": 0.3}, scatter=0.25),
    "rail.freight": Prior(speed_kmh=23, spread=0.4, effects={}, scatter=0.35),
    "ferry": Prior(speed_kmh=25, spread=0.2, effects={}, scatter=0.1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSample:
    """A published time of a whole way and what the network says of that way.

    Parameters
    ----------
    kind : class of its speed, a key of `PRIORS`.
    label : what it is of, in words: ``coaches``.
    hours : published, in hours.
    stretches : kilometres, and the effects that they have, such as ``("mountain", "car")``.
    stops_h : what is known otherwise: borders, changes, other modes, in hours.
    """

    id: str
    kind: str
    label: str
    hours: float
    stretches: tuple[tuple[float, tuple[str, ...]], ...]
    stops_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFit:
    """Speeds of one class of times.

    Parameters
    ----------
    names : of the effects, the class itself first.
    slowness : natural logarithm of hours a kilometre, and the effects on it.
    covariance : of these, shape (n, n).
    scatter : standard deviation of the logarithm of one time.
    freedom : degrees of freedom of the scatter.
    n : how many times it rests on.
    """

    names: tuple[str, ...]
    slowness: np.ndarray
    covariance: np.ndarray
    scatter: float
    freedom: float
    n: int

    def speed_kmh(self, *effects: str) -> tuple[float, float, float]:
        """Return the speed under some effects with its 95 % interval for a single way, in km/h."""
        row = _row(self.names, effects)
        spread = sqrt(self.scatter**2 + float(row @ self.covariance @ row))
        return _interval(-float(row @ self.slowness), spread, self.freedom)


def _row(names: Sequence[str], effects: Iterable[str]) -> np.ndarray:
    has = {names[0], *effects}
    return np.array([float(name in has) for name in names])


def fit_speed(kind: str, samples: Iterable[TimeSample], *, without: str = "") -> SpeedFit:
    """Return the speeds of a class from its times.

    Parameters
    ----------
    kind : a key of `PRIORS`.
    without : id of a time to leave out.
    """
    prior = PRIORS[kind]
    known = [s for s in samples if s.kind == kind and s.id != without]
    names = (kind, *prior.effects)
    mean = np.array([-log(prior.speed_kmh)] + [0.0] * len(prior.effects))
    precision = np.diag(1 / np.array([prior.spread, *prior.effects.values()]) ** 2)
    slowness, variance, freedom = mean.copy(), prior.scatter**2, prior.weight
    covariance = np.linalg.inv(precision)
    for _ in range(_STEPS):
        residuals, slopes = _linear(names, slowness, known)
        covariance = np.linalg.inv(precision + slopes.T @ slopes / variance)
        pull = slopes.T @ residuals / variance - precision @ (slowness - mean)
        slowness = slowness + covariance @ pull
        residuals, slopes = _linear(names, slowness, known)
        # Residuals of fitted times are too small by what the fit takes up of each.
        taken = float(np.trace(slopes @ covariance @ slopes.T)) / variance
        squares = float(residuals @ residuals) + prior.weight * prior.scatter**2
        freedom = max(prior.weight, prior.weight + len(known) - taken)
        variance = squares / freedom
    return SpeedFit(names=names, slowness=slowness, covariance=covariance, scatter=sqrt(variance),
                    freedom=freedom, n=len(known))  # fmt: skip


def _linear(
    names: Sequence[str], slowness: np.ndarray, samples: Sequence[TimeSample]
) -> tuple[np.ndarray, np.ndarray]:
    """Return log published less log computed hours, and the slopes of the latter."""
    residuals, slopes = np.zeros(len(samples)), np.zeros((len(samples), len(names)))
    for n, sample in enumerate(samples):
        rows = [_row(names, effects) for _, effects in sample.stretches]
        parts = [km * exp(float(row @ slowness)) for (km, _), row in zip(sample.stretches, rows,
                                                                        strict=True)]  # fmt: skip
        hours = sum(parts) + sample.stops_h
        residuals[n] = log(sample.hours / hours)
        slopes[n] = sum(part * row for part, row in zip(parts, rows, strict=True)) / hours
    return residuals, slopes


def fit_median(
    values: Sequence[float], *, scatter: float, weight: float = 4.0
) -> tuple[float, float, float]:
    """Return the median of log-normal values with the 95 % interval of a further one.

    Parameters
    ----------
    scatter : standard deviation of the logarithm before any value is known, worth as much as
        `weight` values.

    Examples
    --------
    >>> [round(x, 1) for x in fit_median([1.0, 2.0, 4.0], scatter=0.7)]
    [2.0, 0.3, 14.4]
    """
    logs = np.log(np.asarray(values, float))
    squares = float(((logs - logs.mean()) ** 2).sum()) + weight * scatter**2
    freedom = len(logs) - 1 + weight
    spread = sqrt(squares / freedom * (1 + 1 / len(logs)))
    return _interval(float(logs.mean()), spread, freedom)


def _interval(mean: float, spread: float, freedom: float) -> tuple[float, float, float]:
    """Return the median and the 95 % interval of a log-normal value of uncertain scatter."""
    from scipy.special import stdtrit

    half = float(stdtrit(freedom, 0.975)) * spread
    return exp(mean), exp(mean - half), exp(mean + half)


def shrunk(
    groups: Mapping[str, Sequence[float]], *, between: float, scatter: float, weight: float = 4.0
) -> dict[str, tuple[float, float, float]]:
    """Return the median of each group of log-normal values, shrunk towards that of all groups.

    The key ``""`` holds that of a group of which nothing is known. Each comes with the 95 %
    interval of a further value.

    Parameters
    ----------
    between : standard deviation of the logarithms of the groups' medians round that of all.
    scatter : that of the values of one group, worth as much as `weight` values.
    """
    logs = {key: np.log(np.asarray(values, float)) for key, values in groups.items()}
    n = sum(map(len, logs.values()))
    squares = sum(float(((x - x.mean()) ** 2).sum()) for x in logs.values())
    freedom = n - len(logs) + weight
    variance = (squares + weight * scatter**2) / freedom
    # A group's mean is known to within variance / n, and scatters by `between` round that of all.
    weights = {key: 1 / (between**2 + variance / len(x)) for key, x in logs.items()}
    total = sum(weights.values())
    middle = sum(weights[key] * float(x.mean()) for key, x in logs.items()) / total
    found = {"": _interval(middle, sqrt(variance + between**2 + 1 / total), freedom)}
    for key, x in logs.items():
        trust = between**2 * weights[key]
        mean = middle + trust * (float(x.mean()) - middle)
        error = trust * variance / len(x) + (1 - trust) ** 2 / total
        found[key] = _interval(mean, sqrt(variance + error), freedom)
    return found
