"""What pipelines carry, how much of it, who runs and who owns them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

__all__ = ["Pipeline", "pipeline_of", "pipelines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """What `data/context/pipelines.csv` says of a corridor that is a pipeline.

    Parameters
    ----------
    id : of the corridor.
    carries : ``oil`` or ``gas``.
    capacity, capacity_unit : in a year, as published: million tonnes, or billion cubic metres.
    owners_in : year of which the owners are, None where the source gives none.
    """

    id: str
    carries: str
    capacity: float
    capacity_unit: str
    operator: str
    owners: str
    owners_in: int | None
    owners_source: str
    source: str
    state: str
    note: str

    @property
    def capacity_text(self) -> str:
        """Return the capacity with its unit.

        Examples
        --------
        >>> pipeline_of("btc").capacity_text
        '50 Mt/year'
        """
        return f"{self.capacity:g} {self.capacity_unit}"

    @property
    def owners_text(self) -> str:
        """Return the owners, and of which year they are."""
        return f"{self.owners} ({self.owners_in})" if self.owners_in else self.owners

    def row(self) -> dict[str, Any]:
        """Return the values of its JSON."""
        return {
            "carries": self.carries, "capacity": self.capacity,
            "capacity_unit": self.capacity_unit, "operator": self.operator,
            "owners": self.owners, "owners_in": self.owners_in,
            "owners_source": self.owners_source, "source": self.source, "state": self.state,
            "note": self.note or None,
        }  # fmt: skip


@cache
def pipelines(root: DataRoot = BUNDLED) -> tuple[Pipeline, ...]:
    """Return the pipelines of the data, as the table lists them.

    Examples
    --------
    >>> [pipeline.id for pipeline in pipelines()][:2]
    ['btc', 'bte']
    """
    known = []
    for typed in schema.checked_rows("pipeline", "context/pipelines.csv", root=root):
        typed["note"] = typed["note"] or ""
        known.append(Pipeline(**typed))
    return tuple(known)


def pipeline_of(corridor: str) -> Pipeline | None:
    """Return what is known of a corridor as a pipeline, None if it is none of the data."""
    return next((known for known in pipelines() if known.id == corridor), None)
