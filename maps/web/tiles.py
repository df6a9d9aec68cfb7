"""A background of map tiles from the internet, added only when a user asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import folium
from folium.map import CustomPane

from borders.errors import AraxesError

if TYPE_CHECKING:
    from maps.web.document import WebPage

__all__ = ["background"]

_OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_CREDITS = {_OSM: "© OpenStreetMap contributors"}
_HOST = re.compile(r"[a-z0-9.*-]+(:\d+)?", re.IGNORECASE)


def background(page: WebPage, tiles: str) -> None:
    """Add tiles above the base map of a page, which still shows where no tile arrives.

    Parameters
    ----------
    tiles : ``osm``, or a template with ``{z}``, ``{x}`` and ``{y}``, and ``{s}`` for one of the
        servers a, b and c.

    Raises
    ------
    AraxesError : the template lacks a placeholder or is no http address.
    """
    template = _OSM if tiles == "osm" else tiles
    address = urlsplit(template.replace("{s}", "*"))
    complete = all(part in template for part in ("{z}", "{x}", "{y}"))
    is_web = address.scheme in ("http", "https")
    if not is_web or not _HOST.fullmatch(address.netloc) or not complete:
        message = (
            f"--tiles is '{tiles}'; give an address with {{z}}, {{x}} and {{y}}, such as {_OSM}"
        )
        raise AraxesError(message)
    page.tile_hosts = (f"{address.scheme}://{address.netloc}",)
    page.add_child(CustomPane("araxes-tiles", z_index=215))
    credit = _CREDITS.get(template, address.netloc)
    page.add_child(
        folium.TileLayer(template, attr=credit, name="tiles", pane="araxes-tiles", max_zoom=17)
    )
