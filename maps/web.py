"""Interactive maps: `interactive(*things)` returns a folium map that works without the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import shapely

from borders.boundary import Boundary
from borders.catalogue import attributions
from borders.dates import parse_date
from borders.files import write_text
from borders.places import places
from borders.store import layer
from maps import layers as drawing
from maps.page import Furniture, Labels, PackedLayer, Page, html
from maps.style import BASEMAP, STATES, Style, style

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

__all__ = ["BASE_SOURCES", "interactive", "save"]

# Places named on every map, most important first: rank 1, 2, 3.
LABELLED = (
    ("kars", "yerevan", "tbilisi", "baku", "nakhchivan", "tabriz", "erzurum", "batumi", "ankara"),
    ("igdir", "gyumri", "ganja", "khankendi", "julfa", "horadiz", "ceyhan", "aktau", "turkmenbashi",
     "goris", "meghri", "dilucu", "ardahan", "artvin", "sharur", "ordubad", "akhalkalaki", "sivas"),
    ("lachin", "shusha", "aralik", "tuzluca", "digor", "aghband", "mincivan", "kapan", "alat",
     "sarp", "yeraskh", "sadarak", "zangilan", "kalbajar", "aghdam", "fuzuli", "jabrayil", "poti",
     "akhaltsikhe", "kartsakhi", "marneuli", "erzincan", "sisian", "dogukapi", "alican",
     "hakari_bridge", "kornidzor", "zabukh", "imishli", "yevlakh", "eskisehir", "ipsala"),
)  # fmt: skip

BASE_SOURCES = ("osm-timezones", "geo-maps-land", "geo-maps-waterbodies", "gshhg",
                "natural-earth", "geonames")  # fmt: skip


def _base() -> list[PackedLayer]:
    """Return the base map: land, water, country borders, provinces."""
    sea = Style(colour=BASEMAP["sea"], width=0.0, fill=1.0)
    land = Style(colour=BASEMAP["land"], width=0.0, fill=1.0)
    lake = Style(colour=BASEMAP["lake"], width=0.0, fill=1.0)
    river = Style(colour=BASEMAP["river"], width=1.1)
    border = Style(colour=BASEMAP["border"], width=1.0)
    province = Style(colour=BASEMAP["province"], width=0.8, dash=(3, 3))

    def of(name: str, drawn: Style) -> list[drawing.Shape]:
        return [drawing.Shape(geometry=f.geometry, style=drawn, title="") for f in layer(name)]

    # The page is grey where the base map ends, so that the end is not taken for a shore.
    drawn = of("land", land)
    frame = shapely.box(*shapely.total_bounds([shape.geometry for shape in drawn]))
    drawn.insert(0, drawing.Shape(geometry=frame, style=sea, title=""))
    water = of("lakes", lake) + of("rivers", river)
    return [
        PackedLayer(drawn, "Land and sea", order=210, quiet=True),
        PackedLayer(water, "Lakes and rivers", order=220, quiet=True),
        PackedLayer(
            of("provinces", province), "Provinces and rayons", order=225, quiet=True, show=False
        ),
        PackedLayer(of("country-borders", border), "Country borders", order=230, quiet=True),
    ]


def _labels(language: str) -> Labels:
    known = places()
    rows = [
        {"n": known[key].names.get(language) or known[key].name, "x": known[key].lon,
         "y": known[key].lat, "k": rank}
        for rank, keys in enumerate(LABELLED, 1)
        for key in keys
        if key in known
    ]  # fmt: skip
    return Labels(rows, "Places")


def _states(found: tuple[drawing.Layer, ...]) -> list[tuple[str, str]]:
    """Return the line styles that the map shows, each with the states that it stands for."""
    shown = {shape.style.dash for one in found for shape in one.shapes}
    names: dict[tuple[float, ...], list[str]] = {(): ["in use, or as the text says"]}
    for name, dash in STATES.items():
        if dash in shown:
            names.setdefault(dash, []).append(name)
    return [(" or ".join(words), " ".join(map(str, dash))) for dash, words in names.items()]


def _band(thing: Boundary, language: str) -> PackedLayer:
    """Return the error band of a border as a layer that is off at first."""
    from borders.deviation import band

    name = f"Error band: {drawing.named(thing, language)}"
    fill = Style(colour=style(thing.id).colour, width=0.6, fill=0.18)
    rows = (("Holds", "the true line at each point, 95 times in 100"),)
    shape = drawing.Shape(geometry=band(thing), style=fill, title=name, rows=rows)
    return PackedLayer([shape], name, sample=fill, order=390, show=False)


def interactive(
    *things: Any,
    title: str = "Araxes",
    language: str = "en",
    on: date | str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Page:
    """Return a folium map of any things; it asks the network for nothing.

    Parameters
    ----------
    things : borders, corridors, anything with ``to_gdf()``, or GeoDataFrames in EPSG:4326.
    language : of the names: en, tr, az, hy, ka, ru or fa.
    on : as things stood on this day.
    bounds : west, south, east, north to show first; all that is drawn, if missing.

    Examples
    --------
    >>> from corridors import corridor
    >>> page = interactive(corridor("lachin-2020"), title="Lachin")
    >>> page.title
    'Lachin'
    """
    day = None if on is None else parse_date(on)
    found = drawing.layers(things, language=language, on=day)
    cited = dict.fromkeys((*drawing.cited(found), *BASE_SOURCES))
    subtitle = f"As of {day.isoformat()}. " if day else ""
    page = Page(title)
    for base in _base():
        base.add_to(page)
    # The first things are the ones that readers look for, so they lie on top.
    names: list[str] = []
    for n, one in enumerate(found):
        name = f"{one.name} ({one.state})" if one.state else one.name
        names.append(name)
        # The layer control knows layers by their names.
        if names.count(name) > 1:
            name += f" [{names.count(name)}]"
        drawn = PackedLayer(one.shapes, name, sample=one.swatch, order=400 + len(found) - n,
                            show=one.show)  # fmt: skip
        drawn.add_to(page)
    for thing in things:
        if isinstance(thing, Boundary) and (day is None or thing.holds(day)):
            _band(thing, language).add_to(page)
    _labels(language).add_to(page)
    folium.LayerControl(position="topright", collapsed=False).add_to(page)
    west, south, east, north = bounds or (drawing.bounds(found) if found else (40, 38, 50, 42))
    furniture = Furniture(
        {
            "title": title,
            "subtitle": subtitle + "Click a line for its length, status and sources.",
            "attributions": list(attributions(cited)),
            "bounds": [[south, west], [north, east]],
            "states": _states(found),
        }
    )
    furniture.add_to(page)
    return page


def save(page: Page, file: str | Path) -> None:
    """Write an interactive map to one HTML file, whole or not at all."""
    write_text(file, html(page))
