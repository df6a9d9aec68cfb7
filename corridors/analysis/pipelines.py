"""Pipelines in one table: length by country, ours and as published, capacity, dates, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.dates import iso
from corridors.analysis.corridor_parts import country_lengths
from corridors.context.pipelines import pipelines
from corridors.context.published_figures import figures_of
from corridors.model.corridor import corridor

if TYPE_CHECKING:
    from borders.measure import Measure

__all__ = ["pipeline_rows"]

# How a published figure calls the part of a line that lies in a country.
_COUNTRIES = {"AZ": "Azerbaijan", "GE": "Georgia", "TR": "Türkiye"}


def pipeline_rows() -> list[dict[str, Any]]:
    """Return the pipelines as values of a table.

    Returns
    -------
    Lengths in km with the ends of their 95 % intervals; `countries` has our part in each country,
    shared out as the line is drawn, and beside it what is published for that part, if anything is.

    Examples
    --------
    >>> [row["id"] for row in pipeline_rows() if row["carries"] == "oil"]
    ['btc']
    """
    rows = []
    for known in pipelines():
        line = corridor(known.id)
        published = {
            code: figure.value
            for figure in figures_of(known.id)
            for code, name in _COUNTRIES.items()
            if figure.definition == f"only the part in {name}"
        }
        countries = {
            code: {**_km(part), "published_km": published.get(code)}
            for code, part in country_lengths(line).items()
        }
        length = _km(line.length)
        rows.append({
            "id": known.id, "name": line.name, "length_km": length["km"],
            "low_km": length["low_km"], "high_km": length["high_km"], "basis": line.length.label,
            "countries": countries,
            "statuses": [
                {"status": status.status, "valid_from": iso(status.valid_from),
                 "valid_to": iso(status.valid_to), "source": status.source,
                 "state": status.state}
                for status in line.statuses
            ],
            **known.row(),
        })  # fmt: skip
    return rows


def _km(measure: Measure) -> dict[str, float]:
    ends = (measure.value, measure.low, measure.high)
    names = ("km", "low_km", "high_km")
    return {name: round(metres / 1000, 1) for name, metres in zip(names, ends, strict=True)}
