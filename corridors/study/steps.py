"""Steps of a story: a text each, and how the map stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError
from borders.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

__all__ = ["Step", "read_steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a story. What it leaves out is as the page begins.

    Parameters
    ----------
    text : in Markdown; HTML in it is shown as text.
    view : west, south, east, north in degrees, EPSG:4326, or the id of a layer, border, corridor or
        place; None for all of the page.
    on : the day that the map shows.
    layers : ids of the layers that are shown beside the base map, such as ``kars-1921``,
        ``network-rail``, ``crossings`` or ``routes``.
    scenario : id of one that the page compares.
    """

    text: str
    view: tuple[float, float, float, float] | str | None = None
    on: date | None = None
    layers: tuple[str, ...] | None = None
    scenario: str | None = None


def read_steps(rows: Iterable[Mapping[str, Any]], file: str) -> tuple[Step, ...]:
    """Return the steps of a study from the tables of its `figures.toml`.

    Parameters
    ----------
    file : name of the file, for messages.

    Raises
    ------
    SchemaError : a key or a value is none of table `study-step`; says which step.
    """
    return tuple(_step(row, f"{file}, step {n}") for n, row in enumerate(rows, 1))


def _step(stated: Mapping[str, Any], where: str) -> Step:
    view = stated.get("view")
    bounds = isinstance(view, list)
    # A view is a text or a list; the schema knows one type a column.
    row = schema.check("study-step", {**stated, "view": ""} if bounds else stated, where)
    for key in ("text", "view", "scenario"):
        if row[key] is not None and not isinstance(row[key], str):
            message = f"{where}: {key} is {row[key]!r}; write it as text in quotes"
            raise SchemaError(message)
    layers = row["layers"]
    if layers is not None and not all(isinstance(key, str) for key in layers):
        message = f"{where}: layers holds {layers!r}; write ids as texts in quotes"
        raise SchemaError(message)
    return Step(
        text=row["text"],
        view=_bounds(view, where) if bounds else row["view"],
        on=row["on"],
        layers=None if layers is None else tuple(layers),
        scenario=row["scenario"],
    )


def _bounds(values: Any, where: str) -> tuple[float, float, float, float]:
    """Return the west, south, east and north of a view."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) == len(values) == 4:
        west, south, east, north = (float(value) for value in numbers)
        # A view over the meridian of 180° has its west in the east.
        if max(abs(west), abs(east)) <= 180 and west != east and -90 <= south < north <= 90:
            return west, south, east, north
    message = (
        f"{where}: view is {values!r}; write west, south, east and north in degrees, "
        "[43, 38.5, 49, 42], or an id in quotes"
    )
    raise SchemaError(message)
