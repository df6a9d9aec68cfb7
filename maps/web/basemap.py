"""The base map of a page: land, water, country borders, provinces."""

from __future__ import annotations

import shapely

from borders.files.bundle import layer
from maps.i18n import phrases
from maps.layers.model import Layer, Shape
from maps.style import BASEMAP, Style

__all__ = ["BASE_SOURCES", "basemap_layers"]

BASE_SOURCES = ("osm-timezones", "geo-maps-land", "geo-maps-waterbodies", "gshhg",
                "natural-earth", "geonames")  # fmt: skip

_SEA = Style(colour=BASEMAP["sea"], width=0.0, fill=1.0)
_LAND = Style(colour=BASEMAP["land"], width=0.0, fill=1.0)
_LAKE = Style(colour=BASEMAP["lake"], width=0.0, fill=1.0)
_RIVER = Style(colour=BASEMAP["river"], width=1.1)
_BORDER = Style(colour=BASEMAP["border"], width=1.0)
_PROVINCE = Style(colour=BASEMAP["province"], width=0.8, dash=(3, 3))


def basemap_layers() -> list[Layer]:
    """Return the layers that lie below all others, the topmost first."""
    land = _shapes("land", _LAND)
    # The page is grey where the base map ends, so that the end is not taken for a shore.
    frame = shapely.box(*shapely.total_bounds([shape.geometry for shape in land]))
    sea = Shape(geometry=frame, style=_SEA, title="")
    rows = (
        ("country-borders", _shapes("country-borders", _BORDER), _BORDER, True),
        ("provinces", _shapes("provinces", _PROVINCE), _PROVINCE, False),
        ("water", _shapes("lakes", _LAKE) + _shapes("rivers", _RIVER), _LAKE, True),
        ("land", [sea, *land], _LAND, True),
    )
    return [
        Layer(
            id=key, name=key, names=phrases(f"ui-{key}"), group="base", shapes=tuple(shapes),
            sources=(), swatch=swatch, show=show,
        )
        for key, shapes, swatch, show in rows
    ]  # fmt: skip


def _shapes(name: str, drawn: Style) -> list[Shape]:
    """Return the features of a bundled layer as shapes of one style."""
    return [Shape(geometry=f.geometry, style=drawn, title="") for f in layer(name)]
