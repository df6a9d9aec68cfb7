"""Tables of features as layers: their columns become popups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.dates import Status
from borders.measure import Measure
from corridors.analysis.reach import Reach
from corridors.export.feature_table import day_of, read_features
from corridors.network.compiled import CompiledNetwork
from corridors.network.network import Network
from maps.layers.model import Layer, Shape, own_credit
from maps.style import Style, style

if TYPE_CHECKING:
    from datetime import date

    from borders.files.columns import Column
    from corridors.export.feature_table import FeatureTable, Thing

__all__ = ["table_layer"]

_HIDDEN = frozenset({"geometry", "licence", "attribution", "source"})
_LENGTHS = frozenset({"length_m", "sigma_m"})
_DATES = frozenset({"valid_from", "valid_to"})
# More links than this are a crowd, whose lines have this part of the usual width; assumptions.
_CROWD, _THIN = 500, 0.5


def table_layer(
    thing: Thing, n: int, *, on: date | None = None, of: Network | None = None
) -> Layer:
    """Return a layer of any table, or of anything else with ``to_gdf()``.

    Parameters
    ----------
    n : number of the thing on its map, for a name where it has none.
    on : as it stood on this day.
    of : the network that the thing is, or is a part of.
    """
    network = thing.network if isinstance(thing, Reach) else of
    features = read_features([thing], on=on, where=f"table {n}")
    missing = shapely.is_missing(features.shapes) | shapely.is_empty(features.shapes)
    drawn = features.kept((~missing).tolist())
    titles, keys = _titles(drawn), drawn.column("source").texts()
    measures = _measures(drawn)
    periods, undated = _periods(drawn)
    thin = isinstance(network, CompiledNetwork) and len(drawn.shapes) > _CROWD
    styles = _styles(drawn, part=_THIN if thin else 1.0)
    shapes = tuple(
        Shape(
            geometry=geometry, style=drawn_as, title=title, measure=measure, periods=dates,
            dated="drawn" if dates else "never", sources=(key,) if key else (),
        )
        for geometry, drawn_as, title, measure, dates, key in zip(
            drawn.shapes, styles, titles, measures, periods, keys, strict=True
        )
    )  # fmt: skip
    # What the card of a feature says in a row of its own it need not say again.
    hidden = _HIDDEN | (_LENGTHS if any(measures) else set()) | (_DATES if any(periods) else set())
    rows = {key: column.texts() for key, column in drawn.columns.items() if key not in hidden}
    rows |= {key: texts for key, texts in undated.items() if key in hidden}
    columns = tuple((key, texts) for key, texts in rows.items() if any(texts) and texts != titles)
    return Layer(
        id=f"table-{n}",
        name=_name(thing, n),
        shapes=shapes,
        columns=columns,
        sources=tuple(
            dict.fromkeys(
                filter(None, [*(key or _file(thing) for key in keys), *own_credit(network)])
            )
        ),
        swatch=shapes[0].style if shapes else Style(colour="#333333"),
        places=network.places if isinstance(network, CompiledNetwork) else (),
    )


def _file(thing: Any) -> str:
    """Return the name of the user's file that a thing is from, empty if it is from none."""
    if isinstance(thing, Network):
        return thing.name if thing.since is None else ""
    return str(getattr(thing, "attrs", {}).get("name") or "")


def _name(thing: Any, n: int) -> str:
    own = getattr(thing, "attrs", {}).get("name")
    # The attribute `name` of a table would be its column of that name.
    known = None if hasattr(thing, "attrs") else getattr(thing, "name", None)
    return str(own or known or f"table {n}")


def _measures(table: FeatureTable) -> list[Measure | None]:
    """Return the lengths that a table gives in metres, with their standard errors."""
    return [
        None if metres is None else Measure(value=metres, sigma=sigma or 0.0, basis="table")
        for metres, sigma in zip(
            _lengths_m(table.column("length_m")), _lengths_m(table.column("sigma_m")), strict=True
        )
    ]


def _lengths_m(column: Column) -> list[float | None]:
    """Return a column as lengths; texts may hold them too, as those of a CSV do."""
    if column.kind == "truth":
        return [None] * len(column.cells)
    return [None if value is None else _metres(value) for value in column.cells]


def _metres(value: Any) -> float | None:
    try:
        metres = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return metres if 0 <= metres < 1e9 else None


def _periods(table: FeatureTable) -> tuple[list[tuple[Status, ...]], dict[str, list[str]]]:
    """Return the period that a table gives for each row, and what of it is no day, by column.

    A row that holds other things than days has no period, and its card shows them as they are.
    """
    begins, ends = (table.column(key).texts() for key in ("valid_from", "valid_to"))
    words, keys = (table.column(key).texts() for key in ("status", "source"))
    periods: list[tuple[Status, ...]] = []
    undated: dict[str, list[str]] = {"valid_from": [], "valid_to": []}
    for a, b, word, key in zip(begins, ends, words, keys, strict=True):
        try:
            status = Status(
                status=word or "valid", valid_from=day_of(a), valid_to=day_of(b), source=key,
                state="",
            )  # fmt: skip
        except ValueError:
            periods.append(())
            left = a, b
        else:
            periods.append((status,) if a or b else ())
            left = "", ""
        for column, text in zip(undated.values(), left, strict=True):
            column.append(text)
    return periods, undated


def _titles(table: FeatureTable) -> list[str]:
    names, ids = table.column("name").texts(), table.column("id").texts()
    return [a or b or f"feature {n}" for n, (a, b) in enumerate(zip(names, ids, strict=True), 1)]


def _styles(table: FeatureTable, part: float) -> list[Style]:
    """Return a style for each row, by its id, mode, status and kind of geometry.

    Parameters
    ----------
    part : of the usual width that lines have.
    """
    ids = table.column("id").texts()
    modes, statuses = (table.column(key).cells for key in ("mode", "status"))
    areal = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
    areas = np.isin(shapely.get_type_id(table.shapes), areal).tolist()
    known: dict[tuple[Any, ...], Style] = {}
    styles = []
    for key, mode, status, area in zip(ids, modes, statuses, areas, strict=True):
        look = (key, _word(mode), _word(status), area)
        if look not in known:
            line = style(key, mode=look[1], status=look[2])
            known[look] = Style(
                colour=line.colour,
                width=part * line.width,
                dash=line.dash,
                fill=0.15 if area else 0.0,
            )
        styles.append(known[look])
    return styles


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None
