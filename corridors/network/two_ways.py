"""Streets of a directed graph: two edges, there and back, are one link of both ways."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import SchemaError
from corridors.network.osm_tags import one_way, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridors.network.columns import LinkTable

__all__ = ["paired"]

# Columns in which the two edges of a street differ: names of its ends and of itself.
_OF_ONE_EDGE = frozenset({"id", "from", "to", "reversed", "osmid", "key", "countries"})
# Coordinates of two edges of a street agree to this part of a degree, about 0.1 m.
_ROUNDING_DEG = 1e-6


def paired(table: LinkTable, name: str) -> LinkTable:
    """Return a table with one row a link: an edge and its way back become one.

    Only a table that says of each row whether it is `oneway`, or one of the edges of a graph, has
    such pairs, and none whose rows are links as they were written. Of edges that say nothing of it
    either all have their way back, or none has. Rows of both ways that differ in more than their
    direction, as in speed, stay two links of one way.

    Raises
    ------
    SchemaError : some edges have their way back, others not, and nothing says which are one way.
    """
    rows = [dict(row) for row in table.rows]
    if table.edges:
        _name(rows)
    stated = any("oneway" in row for row in rows)
    if table.written or not (stated or table.edges):
        return table._replace(rows=rows)
    letters = {str(row.get("oneway")).lower() for row in rows}
    both = [n for n, row in enumerate(rows) if not one_way(row, letters, f"{name}, link {n + 1}")]
    twin = _twins(rows, table.shapes, both)
    alone = [n for n in both if n not in twin and rows[n]["from"] != rows[n]["to"]]
    if twin and alone and not stated:
        row = rows[alone[0]]
        message = (
            f"{name}: some edges have their way back, '{row['id']}' has none, and no column says "
            "which are of one way; add oneway"
        )
        raise SchemaError(message)
    left = set()
    for n, back in twin.items():
        if n < back:
            if _alike(rows[n], rows[back]):
                left.add(back)
            else:
                rows[n]["oneway"] = rows[back]["oneway"] = "yes"
    kept = [n for n in range(len(rows)) if n not in left]
    return table._replace(rows=[rows[n] for n in kept], shapes=[table.shapes[n] for n in kept])


def _name(rows: Iterable[dict[str, Any]]) -> None:
    """Give edges without an id one of their ends and their number between them."""
    numbers: dict[tuple[Any, Any], count[int]] = defaultdict(count)
    for row in rows:
        number = next(numbers[row["from"], row["to"]])
        if row.get("id") is None:
            row["id"] = f"{_plain(row['from'])}-{_plain(row['to'])}-{number}"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _twins(rows: list[dict[str, Any]], shapes: list[Any], both: Iterable[int]) -> dict[int, int]:
    """Return row → the row of its way back, for those that have one."""
    waiting: dict[tuple[Any, Any], list[int]] = defaultdict(list)
    twin: dict[int, int] = {}
    for n in both:
        ends = rows[n]["from"], rows[n]["to"]
        if ends[0] == ends[1]:
            continue
        back = next((m for m in waiting[ends[::-1]] if _same_course(rows, shapes, n, m)), None)
        if back is None:
            waiting[ends].append(n)
        else:
            waiting[ends[::-1]].remove(back)
            twin[n], twin[back] = back, n
    return twin


def _same_course(rows: list[dict[str, Any]], shapes: list[Any], n: int, m: int) -> bool:
    """Tell whether two edges run along one line; without lines, whether they are as long."""
    if shapes[n] is None or shapes[m] is None:
        lengths = [rows[k].get("length_m") for k in (n, m)]
        return shapes[n] is None and shapes[m] is None and lengths[0] == lengths[1]
    there, back = (shapely.get_coordinates(shapes[k]) for k in (n, m))
    return there.shape == back.shape and bool(
        np.allclose(there, back[::-1], rtol=0, atol=_ROUNDING_DEG)
    )


def _alike(row: Mapping[str, Any], back: Mapping[str, Any]) -> bool:
    """Tell whether two edges say the same of a street in both directions."""
    keys = (row.keys() | back.keys()) - _OF_ONE_EDGE
    return all(_text(row.get(key)) == _text(back.get(key)) for key in keys)


def _text(value: Any) -> list[str]:
    if isinstance(value, float):
        # Lengths of both directions were added up in another order.
        return [f"{value:.9g}"]
    return sorted(map(str, values_of(value)))
