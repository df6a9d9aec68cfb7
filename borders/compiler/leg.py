"""One call of a treaty as a line with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import warn

if TYPE_CHECKING:
    from shapely import LineString

    from borders.gazetteer.places import Place
    from borders.guide_lines import Guide

__all__ = ["Leg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One call of a treaty as a line.

    Parameters
    ----------
    geometry : LineString, EPSG:4326.
    length_m : of the geometry; of a leg that winds, of the line that it stands for.
    sigma_m : standard error of the line's position across the line, root mean square over the leg:
        19 of 20 points of the true leg lie within 1.96 times as much.
    winds : the text names only the ends, and the chord stands for a line that winds between them.
    gap_m : distance from the end of the leg before to where the line of this one begins; its first
        piece bridges it, so that legs share their ends.
    drawn_as : how it was drawn; see `borders.compiler.rules.Drawn`.
    evidence : how sure the words are: ``quoted``, ``source-document`` or ``unverified``.
    circular : drawn on today's border or between points placed on it, so it cannot test it.
    source : who drew the line that the leg follows.
    guide : line that the leg runs along, if any.
    """

    n: int
    words: str
    rule: str
    start: Place
    end: Place
    geometry: LineString
    length_m: float
    sigma_m: float
    drawn_as: str
    gap_m: float
    source: str
    evidence: str = ""
    guide: Guide | None = None
    circular: bool = False
    winds: bool = False
    note: str = ""

    @property
    def state(self) -> str:
        """Return `drawn_as`, by its old name."""
        warn("Leg.state is now Leg.drawn_as", DeprecationWarning, stacklevel=2)
        return self.drawn_as

    @property
    def reading(self) -> str:
        """Return `evidence`, by its old name."""
        warn("Leg.reading is now Leg.evidence", DeprecationWarning, stacklevel=2)
        return self.evidence
