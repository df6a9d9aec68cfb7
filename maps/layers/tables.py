"""Tables of features as layers: their columns become popups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.dates import Status
from borders.measure import Measure
from corridors.export.formats import day_of, table
from maps.layers.model import Layer, Shape
from maps.style import Style, style

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import geopandas
    import pandas as pd

__all__ = ["table_layer"]

_HIDDEN = frozenset({"geometry", "licence", "attribution", "source"})
_LENGTHS = frozenset({"length_m", "sigma_m"})
_DATES = frozenset({"valid_from", "valid_to"})


def table_layer(thing: Any, n: int, *, on: date | None = None) -> Layer:
    """Return a layer of any table, or of anything else with ``to_gdf()``.

    Parameters
    ----------
    n : number of the thing on its map, for a name where it has none.
    on : as it stood on this day.
    """
    gdf = table([thing], on=on)
    drawn = gdf[~(gdf.geometry.isna() | gdf.geometry.is_empty)]
    titles, keys = _titles(drawn), _column(drawn, "source")
    measures = _measures(drawn)
    periods, undated = _periods(drawn)
    shapes = tuple(
        Shape(
            geometry=geometry, style=drawn_as, title=title, measure=measure, periods=dates,
            dated="drawn" if dates else "never", sources=(key,) if key else (),
        )
        for geometry, drawn_as, title, measure, dates, key in zip(
            drawn.geometry.to_numpy(), _styles(drawn), titles, measures, periods, keys, strict=True
        )
    )  # fmt: skip
    # What the card of a feature tells in a row of its own it need not tell again.
    hidden = _HIDDEN | (_LENGTHS if any(measures) else set()) | (_DATES if any(periods) else set())
    told = {str(key): _texts(drawn[key]) for key in drawn.columns if key not in hidden}
    told |= {key: texts for key, texts in undated.items() if key in hidden}
    columns = tuple((key, texts) for key, texts in told.items() if any(texts) and texts != titles)
    return Layer(
        id=f"table-{n}",
        name=_name(thing, gdf, n),
        shapes=shapes,
        columns=columns,
        sources=tuple(dict.fromkeys(key for key in keys if key)),
        swatch=shapes[0].style if shapes else Style(colour="#333333"),
    )


def _name(thing: Any, gdf: geopandas.GeoDataFrame, n: int) -> str:
    own = gdf.attrs.get("name") or getattr(thing, "attrs", {}).get("name")
    # A table may have a column called name.
    known = None if hasattr(thing, "attrs") else getattr(thing, "name", None)
    return str(own or known or f"table {n}")


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return the values of a column as texts, empty where there is none."""
    return ["" if missing else str(value) for value, missing in zip(
        column.tolist(), column.isna().tolist(), strict=True
    )]  # fmt: skip


def _column(gdf: geopandas.GeoDataFrame, key: str) -> list[str]:
    return _texts(gdf[key]) if key in gdf.columns else [""] * len(gdf)


def _measures(gdf: geopandas.GeoDataFrame) -> list[Measure | None]:
    """Return the lengths that a table tells in metres, with their standard errors."""
    values, sigmas = _column(gdf, "length_m"), _column(gdf, "sigma_m")
    return [
        Measure(value=metres, sigma=_metres(sigma) or 0.0, basis="table")
        if (metres := _metres(value)) is not None
        else None
        for value, sigma in zip(values, sigmas, strict=True)
    ]


def _metres(text: str) -> float | None:
    try:
        metres = float(text)
    except ValueError:
        return None
    return metres if 0 <= metres < 1e9 else None


def _periods(
    gdf: geopandas.GeoDataFrame,
) -> tuple[list[tuple[Status, ...]], dict[str, list[str]]]:
    """Return the period that a table tells of each row, and what of it is no day, by column.

    A row that holds other things than days has no period, and its card says them as they are.
    """
    begins, ends = _column(gdf, "valid_from"), _column(gdf, "valid_to")
    words, keys = _column(gdf, "status"), _column(gdf, "source")
    periods: list[tuple[Status, ...]] = []
    undated: dict[str, list[str]] = {"valid_from": [], "valid_to": []}
    for a, b, word, key in zip(begins, ends, words, keys, strict=True):
        try:
            one = Status(
                status=word or "valid", valid_from=day_of(a), valid_to=day_of(b), source=key,
                state="",
            )  # fmt: skip
        except ValueError:
            periods.append(())
            left = a, b
        else:
            periods.append((one,) if a or b else ())
            left = "", ""
        for column, text in zip(undated.values(), left, strict=True):
            column.append(text)
    return periods, undated


def _titles(gdf: geopandas.GeoDataFrame) -> list[str]:
    names, ids = _column(gdf, "name"), _column(gdf, "id")
    return [a or b or f"feature {n}" for n, (a, b) in enumerate(zip(names, ids, strict=True), 1)]


def _styles(gdf: geopandas.GeoDataFrame) -> list[Style]:
    """Return a style for each row, by its id, mode, status and kind of geometry."""
    columns: list[Sequence[Any]] = [
        gdf[key].tolist() if key in gdf.columns else [None] * len(gdf)
        for key in ("id", "mode", "status")
    ]
    kinds = gdf.geometry.geom_type.str.endswith("Polygon").tolist()
    known: dict[tuple[Any, ...], Style] = {}
    found = []
    for key, mode, status, area in zip(*columns, kinds, strict=True):
        asked = (str(key), _word(mode), _word(status), area)
        if asked not in known:
            line = style(asked[0], mode=asked[1], status=asked[2])
            known[asked] = Style(
                colour=line.colour, width=line.width, dash=line.dash, fill=0.15 if area else 0.0
            )
        found.append(known[asked])
    return found


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None
