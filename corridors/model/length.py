"""Lengths of corridors on the ground, by basis: published, reach or chain.

A published length is taken as it is. Its standard error is the spread of the published figures for
the same thing, but at least an assumed relative error (`PUBLISHED_SIGMA`), which is used alone
where there is one figure only. A reach is measured along a detailed line or taken from the railway
graph. A chain through places is drawn shorter than the course on the ground: its length is the
drawn one times the sinuosity of its mode and terrain, and the spread of that calibration is the
error.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt
from typing import TYPE_CHECKING, Any

from borders.compiler.uncertainty import LENGTH_SIGMA
from borders.errors import SchemaError
from borders.measure import Measure
from corridors.context.published_figures import figures_of
from corridors.model.sinuosity import Sinuosity, sinuosity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.model.path import Piece

__all__ = ["PUBLISHED_SIGMA", "ChainLength", "chain_length", "length_on_ground"]

# Least relative standard error of a published figure by how sure the quotation is, an assumption:
# even an undisputed figure is rounded, announced before the survey, or counts sidings.
PUBLISHED_SIGMA = {"quoted": 0.01, "source-document": 0.01, "unverified": 0.03}
# Relative standard error of track lengths of the railway graph, from the timetable lengths of the
# same lines (Baku–Tbilisi and Baku–Kars); tests/corridors/model/test_length.py computes it anew.
TRACK_SIGMA = 0.012


def length_on_ground(table: dict[str, Any], pieces: Sequence[Piece], where: str) -> Measure:
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
    return chain_length(pieces, sinuosity(table["mode"], table["terrain"] or "hilly")).measure


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLength:
    """A length estimated from a chain of places, with its standard error, in metres.

    Parameters
    ----------
    shared_m : the part of the error that all chains of one calibration share.
    shared_with : name of that calibration, such as ``chain.road.plain``.
    """

    length_m: float
    sigma_m: float
    shared_m: float
    shared_with: str

    @property
    def measure(self) -> Measure:
        """Return length and standard error."""
        return Measure(value=self.length_m, sigma=self.sigma_m, basis="chain")


def chain_length(pieces: Sequence[Piece], factor: Sinuosity) -> ChainLength:
    """Return the length of a path: chords times the sinuosity, plus its stretches of guide lines.

    Corridors, links and new lines of scenarios are measured by this one rule, so that one chain
    has one length and one interval wherever it is used.
    """
    chords_m = factor.factor * sum(piece.drawn_m for piece in pieces if not piece.along)
    guided_m = sum(piece.true_m for piece in pieces if piece.along)
    guided_sigma_m = sum(map(_reach_sigma_m, pieces))
    return ChainLength(
        length_m=chords_m + guided_m,
        sigma_m=hypot(factor.sigma_m(chords_m) if chords_m else 0.0, guided_sigma_m),
        shared_m=factor.shared * chords_m,
        shared_with=f"chain.{factor.mode}.{factor.terrain}",
    )


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
