"""Lengths of corridors on the ground, by basis: published, reach or chain.

A published length is taken as it is; how far published figures for the same thing disagree is its
error, but no less than an assumed one, which is all there is where one figure stands alone. A
reach is measured along a detailed line or taken from the railway graph. A chain through places is
drawn shorter than the way on the ground: its length is the drawn one times the sinuosity of its
mode, calibrated on the corridors whose lengths are published, and the spread of that calibration
is the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, hypot, log, sqrt
from typing import TYPE_CHECKING, Any

from borders import schema
from borders.errors import SchemaError
from borders.measure import Measure
from borders.store import read_rows
from borders.uncertainty import LENGTH_SIGMA
from borders.units import METRES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.path import Piece

__all__ = ["Figure", "Sinuosity", "figures", "figures_of", "length", "sinuosity"]

# A figure that stands alone still is rounded, announced before the survey, or counts sidings.
PUBLISHED_SIGMA = {"quoted": 0.01, "source-document": 0.01, "unverified": 0.03}
# Track lengths of the railway graph against the timetable lengths of the same lines
# (figures for Baku–Tbilisi and Baku–Kars); tests/test_lengths.py computes it anew.
TRACK_SIGMA = 0.012
# Ferries: an assumption; courses vary with weather and traffic lanes.
FERRY = (1.02, 0.025)
_SI = {**METRES, "km2": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published number, in SI units where it is a length or an area."""

    id: str
    item: str
    value: float
    unit: str
    year: str
    system: str
    quantity: str
    definition: str
    use: str
    source: str
    state: str
    note: str

    @property
    def si(self) -> float:
        """Return the value in metres or square metres."""
        return self.value * _SI.get(self.unit, 1.0)

    @property
    def text(self) -> str:
        """Return the value with its unit, as one reads it."""
        if self.unit == "year":
            return f"{self.value:.0f}"
        if self.unit == "1:n":
            return f"1:{self.value:,.0f}"
        return f"{self.value:,g} {self.unit.replace('km2', 'km²')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinuosity:
    """How much longer the ground is than the drawn chain, for one mode."""

    mode: str
    factor: float
    sigma: float
    n: int


@cache
def figures() -> tuple[Figure, ...]:
    """Return the published figures (`data/context/published_figures.csv`)."""
    found = []
    for n, row in enumerate(read_rows("context/published_figures.csv"), 2):
        typed = schema.check("figure", row, f"data/context/published_figures.csv:{n}")
        texts: dict[str, Any] = {key: "" if v is None else v for key, v in typed.items()}
        found.append(Figure(**texts))
    return tuple(found)


def figures_of(system: str, *, quantity: str = "length") -> tuple[Figure, ...]:
    """Return the figures that speak of one system."""
    return tuple(f for f in figures() if f.system == system and f.quantity == quantity)


def length(table: dict[str, Any], pieces: Sequence[Piece], where: str) -> Measure:
    """Return a corridor's length on the ground with its error, in metres.

    Raises
    ------
    SchemaError : the basis needs something that the file or the figures lack.
    """
    basis = table["basis"]
    if basis == "published":
        return _published(table, where)
    if basis == "reach":
        if not all(piece.along for piece in pieces):
            message = f"{where}: basis 'reach' needs a path of guide lines only; use 'chain'"
            raise SchemaError(message)
        return Measure(
            value=sum(p.true_m for p in pieces), sigma=sum(_reach_sigma_m(p) for p in pieces),
            basis="reach",
        )  # fmt: skip
    return chain(table["mode"], pieces)


def chain(mode: str, pieces: Sequence[Piece], *, without: str = "") -> Measure:
    """Return the length of a path from the sinuosity of its mode.

    Parameters
    ----------
    without : leave this corridor out of the calibration (to test it on itself).
    """
    chords = sum(p.drawn_m for p in pieces if not p.along)
    guided = sum(p.true_m for p in pieces if p.along)
    factor = sinuosity(mode, without=without)
    sigma = hypot(chords * factor.factor * factor.sigma, sum(map(_reach_sigma_m, pieces)))
    return Measure(value=chords * factor.factor + guided, sigma=sigma, basis="chain")


def _reach_sigma_m(piece: Piece) -> float:
    if not piece.along:
        return 0.0
    return piece.true_m * (TRACK_SIGMA if piece.along.startswith("rail-") else LENGTH_SIGMA)


def _published(table: dict[str, Any], where: str) -> Measure:
    if table["length_m"] is not None:
        sigma = table["sigma_m"] or PUBLISHED_SIGMA["quoted"] * table["length_m"]
        return Measure(value=table["length_m"], sigma=sigma, basis="published")
    same = [f for f in figures_of(table["id"]) if f.definition == "same"]
    reference = next((f for f in same if f.use == "reference"), None)
    if reference is None:
        message = (
            f"{where}: basis 'published' needs length_m, or a reference figure of '{table['id']}' "
            "in published_figures.csv; add one, or take basis 'chain'"
        )
        raise SchemaError(message)
    spread = sqrt(sum((f.si - reference.si) ** 2 for f in same) / len(same))
    share = PUBLISHED_SIGMA[reference.state]
    least = max(share * reference.si, table["sigma_m"] or 0.0)
    how = f"spread of {len(same)} published figures"
    if spread < least:
        count = "one figure" if len(same) == 1 else f"{len(same)} figures that agree"
        how = f"{count}, error assumed: {100 * least / reference.si:.0f} %"
    return Measure(
        value=reference.si,
        sigma=max(spread, least),
        basis="published",
        how=how,
        state=reference.state,
    )


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
    squares = [(_squares(known), len(known) - 1) for known in samples.values() if len(known) > 1]
    pooled = sqrt(sum(s for s, _ in squares) / sum(n for _, n in squares)) if squares else 0.15
    spread = max(sqrt(_squares(logs) / max(1, len(logs) - 1)), pooled)
    # With few corridors the factor itself is uncertain too; 0.15 stands in for a single one.
    sigma = spread * sqrt(1 + 1 / len(logs)) if len(logs) > 1 else 0.15
    return Sinuosity(mode=mode, factor=exp(mean), sigma=sigma, n=len(logs))


def _squares(logs: list[float]) -> float:
    mean = sum(logs) / len(logs)
    return sum((x - mean) ** 2 for x in logs)


def _samples(without: str) -> dict[str, list[float]]:
    """Return the logarithms of ground over drawn length by mode."""
    from corridors.corridor import corridor, corridor_ids

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
