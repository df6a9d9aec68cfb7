"""Tables of features as layers: their columns become popups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.export import table
from maps.layers import Layer, Shape
from maps.style import Style, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas
    import pandas as pd

__all__ = ["table_layer"]

_HIDDEN = frozenset({"geometry", "licence", "attribution"})


def table_layer(thing: Any, n: int) -> Layer:
    """Return a layer of any table, or of anything else with ``to_gdf()``.

    Parameters
    ----------
    n : number of the thing on its map, for a name where it has none.
    """
    gdf = table([thing])
    drawn = gdf[~(gdf.geometry.isna() | gdf.geometry.is_empty)]
    titles = _titles(drawn)
    styles = _styles(drawn)
    shapes = tuple(
        Shape(geometry=geometry, style=one, title=title)
        for geometry, one, title in zip(drawn.geometry.to_numpy(), styles, titles, strict=True)
    )
    told = {str(key): _texts(drawn[key]) for key in drawn.columns if key not in _HIDDEN}
    # The card of a feature has its title already.
    columns = tuple((key, texts) for key, texts in told.items() if any(texts) and texts != titles)
    keys = _texts(drawn["source"]) if "source" in drawn.columns else []
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


def _titles(gdf: geopandas.GeoDataFrame) -> list[str]:
    names, ids = (
        _texts(gdf[key]) if key in gdf.columns else [""] * len(gdf) for key in ("name", "id")
    )
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
            line = style(asked[0], mode=asked[1], state=asked[2])
            known[asked] = Style(
                colour=line.colour, width=line.width, dash=line.dash, fill=0.15 if area else 0.0
            )
        found.append(known[asked])
    return found


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None
