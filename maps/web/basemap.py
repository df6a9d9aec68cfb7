"""The base map of a page: land, water, country borders, provinces."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import shapely

from borders.files.bundle import layer
from maps.i18n import phrases
from maps.layers.basemap import (
    BEYOND,
    FAR,
    FAR_BOUNDS,
    MARGIN_BOUNDS,
    bounds_reach_far,
    detailed,
)
from maps.layers.model import Layer, Shape
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

# West, south, east, north in degrees.
Bounds: TypeAlias = tuple[float, float, float, float]

__all__ = ["BASE_SOURCES", "base_sources", "basemap_layers"]

BASE_SOURCES = ("osm-timezones", "geo-maps-land", "geo-maps-waterbodies", "gshhg",
                "natural-earth", "geonames")  # fmt: skip

_SEA = Style(colour=BASEMAP["sea"], width=0.0, fill=1.0)
_LAND = Style(colour=BASEMAP["land"], width=0.0, fill=1.0)
_LAKE = Style(colour=BASEMAP["lake"], width=0.0, fill=1.0)
_RIVER = Style(colour=BASEMAP["river"], width=1.1)
# A lake of so few corners is a speck on the first view, and nearer a triangle.
_FEW_CORNERS = 6
# Readers look around what a page shows as far as it is wide, and no less than this, in degrees (an
# assumption).
_AROUND_DEG = 3.0
_BORDER = Style(colour=BASEMAP["border"], width=1.0)
_PROVINCE = Style(colour=BASEMAP["province"], width=0.8, dash=(3, 3))
# What goes on beyond the window of the base map.
_STYLES = {"land": _LAND, "country-borders": _BORDER, "rivers": _RIVER}


def base_sources() -> tuple[str, ...]:
    """Return the ids of the sources of the base map; none where a study has no base."""
    return BASE_SOURCES if layer("land") else ()


def basemap_layers(bounds: Bounds | None = None, *, reach: Bounds | None = None) -> list[Layer]:
    """Return the layers that lie below all others, the topmost first; a study may have none.

    Of a study without the base its own countries are the land, if it has any. A page that is about
    a place far from the base map has none of it.

    Parameters
    ----------
    bounds : west, south, east, north in degrees of what the page shows first; where it shows more
        than the window of the base map, the coarse margin around it is in too.
    reach : the same of all that the page may show; where it is wide and reaches beyond the margin,
        the land far around is in too.
    """
    shapes = {name: _shapes(name, style) for name, style in _STYLES.items()}
    if not shapes["land"]:
        return _of_study()
    window = shapely.box(*_bounds(shapes["land"]))
    if reach is not None and not _comes_near(reach):
        return []
    far = reach is not None and bounds_reach_far(reach)
    if far or (bounds and not window.covers(shapely.box(*bounds))):
        for further in (BEYOND, FAR) if far else (BEYOND,):
            for name, continued in further.items():
                shapes[name] += _shapes(continued, _STYLES[name])
    # The page is grey where the base map ends, so that the end is not taken for a shore.
    sea = Shape(geometry=shapely.box(*_bounds(shapes["land"])), style=_SEA, title="")
    return [
        _layer("country-borders", shapes["country-borders"], _BORDER),
        _layer("provinces", _shapes("provinces", _PROVINCE), _PROVINCE, show=False),
        _layer("water", _lakes() + shapes["rivers"], _LAKE),
        _layer("land", [sea, *shapes["land"]], _LAND),
    ]


def _bounds(shapes: Sequence[Shape]) -> Bounds:
    """Return west, south, east and north of shapes."""
    west, south, east, north = shapely.total_bounds([shape.geometry for shape in shapes]).tolist()
    return west, south, east, north


def _comes_near(reach: Bounds) -> bool:
    """Tell whether the base map comes near to what a page may show, so that readers may see it."""
    west, south, east, north = reach
    around = max(east - west, north - south, _AROUND_DEG)
    land = FAR_BOUNDS if bounds_reach_far(reach) else MARGIN_BOUNDS
    return (
        west - around < land[2] and east + around > land[0]
        and south - around < land[3] and north + around > land[1]
    )  # fmt: skip


def _of_study() -> list[Layer]:
    """Return the countries of a study and the borders between them; none if it has none."""
    countries = layer("provinces")
    if not countries:
        return []
    # Beyond its countries nobody said what is land and what is sea, so that the sea has no shape.
    no_sea = Shape(geometry=shapely.Polygon(), style=_SEA, title="")
    sources = tuple(dict.fromkeys(country.properties["source"] for country in countries))
    return [
        _layer("country-borders", _shapes("country-borders", _BORDER), _BORDER),
        _layer("land", [no_sea, *_shapes("provinces", _LAND)], _LAND, sources=sources),
    ]


def _layer(
    key: str,
    shapes: Sequence[Shape],
    swatch: Style,
    *,
    show: bool = True,
    sources: tuple[str, ...] = (),
) -> Layer:
    return Layer(
        id=key, name=key, names=phrases(f"ui-{key}"), group="base", shapes=tuple(shapes),
        sources=sources, swatch=swatch, show=show,
    )  # fmt: skip


def _lakes() -> list[Shape]:
    """Return the lakes, with their finer shores, that do not look cut with shears from near."""
    shores = (detailed(lake).geometry for lake in layer("lakes"))
    return [
        Shape(geometry=shore, style=_LAKE, title="")
        for shore in shores
        if shapely.get_num_coordinates(shore) > _FEW_CORNERS
    ]


def _shapes(name: str, drawn: Style) -> list[Shape]:
    """Return the features of a bundled layer as shapes of one style."""
    return [Shape(geometry=f.geometry, style=drawn, title="") for f in layer(name)]
