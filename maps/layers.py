"""From systems and tables to layers that any renderer can draw: shapes, styles and texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from borders.boundary import Boundary
from borders.catalogue import source, sources
from borders.places import LANGUAGES
from borders.store import layer
from corridors.corridor import Corridor
from corridors.export import table
from maps.style import Style, area_style, style

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from borders.boundary import Leg
    from borders.dates import Status
    from borders.measure import Measure
    from borders.places import Place

__all__ = [
    "REGION",
    "Layer",
    "Shape",
    "bounds",
    "cited",
    "interval_km",
    "layers",
    "licences",
    "named",
    "numbered",
    "period",
]

# West, south, east, north of the region that the systems share.
REGION = (40.4, 38.2, 50.4, 42.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One geometry with its style, its hover text and the rows of its popup."""

    geometry: Any
    style: Style
    title: str
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What is switched on and off as one.

    Parameters
    ----------
    state : in a word, for legends: planned, closed … or what its dashes mean; empty if in use.
    show : whether it is switched on at first; figures leave out what is not.
    backdrop : whether it lies behind the subject of the map and does not widen its frame.
    """

    id: str
    name: str
    shapes: tuple[Shape, ...]
    sources: tuple[str, ...]
    swatch: Style = field(default_factory=lambda: Style(colour="#333333"))
    state: str = ""
    show: bool = True
    backdrop: bool = False


def interval_km(measure: Measure, *, area: bool = False) -> str:
    """Return a length in km, or an area in km², with its 95 % interval.

    Examples
    --------
    >>> from borders.measure import Measure
    >>> interval_km(Measure(value=43000.0, sigma=1000.0, basis="published"))
    '43.0 km (41.0–45.0)'
    """
    scale, unit = (1e6, "km²") if area else (1e3, "km")
    numbers = [x / scale for x in (measure.value, measure.low, measure.high)]
    digits = 1 if numbers[0] < 1000 else 0
    value, low, high = (f"{x:,.{digits}f}" for x in numbers)
    return f"{value} {unit} ({low}–{high})"


def period(status: Status) -> str:
    """Return a status with its dates, to their precision."""
    cut = {"day": 10, "month": 7, "year": 4}[status.precision]
    start = status.valid_from.isoformat()[:cut] if status.valid_from else ""
    end = status.valid_to.isoformat()[:cut] if status.valid_to else ""
    if start and end:
        dates = f"{start} to {end}"
    elif start:
        dates = f"since {start}"
    elif end:
        dates = f"until {end}"
    else:
        dates = "undated"
    mark = ", unverified" if status.state == "unverified" else ""
    return f"{status.status} ({dates}{mark})"


def named(thing: Boundary | Corridor, language: str) -> str:
    """Return a thing's name in a language, or its English one."""
    return thing.names.get(language) or thing.name


def _cited(keys: Iterable[str]) -> str:
    known = sources()
    return "; ".join(known[key].citation if key in known else key for key in keys)


def _boundary(thing: Boundary, language: str) -> Layer:
    shapes = []
    name = named(thing, language)
    common: list[tuple[str, str]] = [("Length", interval_km(thing.length))]
    if thing.area is not None:
        common.append(("Area", interval_km(thing.area, area=True)))
    common += [("Status", period(status)) for status in thing.statuses]
    common += [("Text", thing.treaty.document), ("Note", thing.treaty.note)]
    common.append(("Sources", _cited(thing.sources)))
    if thing.polygon is not None:
        area = area_style(thing.id)
        shapes.append(Shape(geometry=thing.polygon, style=area, title=name, rows=_kept(common)))
    for leg in thing.legs:
        rows = [
            ("Leg", f"{leg.n} of {len(thing.legs)}"),
            ("From", _spelled(leg.start)),
            ("To", _spelled(leg.end)),
            ("Words", f"{leg.words} ({leg.reading})"),
            ("Drawn as", f"{leg.rule}, {leg.state}" + (", circular" if leg.circular else "")),
            ("Leg length", _leg_length(leg)),
            ("Leg note", leg.note),
            *common,
        ]
        shapes.append(
            Shape(
                geometry=leg.geometry,
                style=style(thing.id, state=leg.state),
                title=f"{name}: {leg.n}. {leg.words} – {_spelled(leg.end)}",
                rows=_kept(rows),
            )
        )
    shapes += _beyond(thing, common)
    dashed = [word for word in ("stand-in", "gap") if any(x.state == word for x in thing.legs)]
    return Layer(
        id=thing.id,
        name=name,
        shapes=tuple(shapes),
        sources=thing.sources,
        swatch=style(thing.id),
        state=f"dashed: {' or '.join(dashed)}" if dashed else "",
    )


def _spelled(place: Place) -> str:
    """Return a place's name as the source spells it, and today's where that is another."""
    today = place.names.get("en", "")
    return f"{place.name} (today {today})" if today and today != place.name else place.name


def _leg_length(leg: Leg) -> str:
    """Return a leg's length with its interval, and its error across."""
    from borders.measure import Measure
    from borders.uncertainty import leg_sigma_m

    measure = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.state)
    return f"{interval_km(measure)}, position ±{leg.sigma_m:,.0f} m"


def _beyond(thing: Boundary, common: list[tuple[str, str]]) -> list[Shape]:
    """Return the seats of lands left outside, and the outer stand-in for their limits."""
    shapes = []
    outline = style(thing.id, state="stand-in")
    for one in thing.treaty.beyond:
        rows = [("Left outside", one.note), *common]
        point = shapely.Point(one.seat.lon, one.seat.lat)
        title = f"{one.name}: {_spelled(one.seat)}"
        shapes.append(Shape(geometry=point, style=outline, title=title, rows=_kept(rows)))
    for key in dict.fromkeys(one.province for one in thing.treaty.beyond if one.province):
        province = next(f for f in layer("provinces") if f.properties["id"] == key)
        rows = [("Stand-in", "today's province; larger than what was left outside"), *common]
        shapes += [
            Shape(geometry=line, style=outline, rows=_kept(rows),
                  title=f"{province.properties['name']}: today's province, a stand-in")
            for line in shapely.get_parts(province.geometry.boundary)
        ]  # fmt: skip
    return shapes


def _corridor(thing: Corridor, language: str, on: date | None) -> Layer:
    name = named(thing, language)
    status = thing.on(on) if on else (thing.statuses[-1] if thing.statuses else None)
    drawn = style(thing.id, mode=thing.mode, state=status.status if status else None)
    rows = [
        ("Length", f"{interval_km(thing.length)}, {thing.length.label}"),
        ("Drawn line", f"{thing.drawn_m / 1000:,.1f} km, {thing.geometry_quality}, "
                       f"position ±{thing.position_sigma_m / 1000:,.1f} km"),
        ("Width", f"{thing.width_m / 1000:g} km" if thing.width_m else ""),
        *(("Status", period(s)) for s in thing.statuses),
        *(("Called", f"{n.name} by: {n.by}") for n in thing.names_by),
        ("Measures", thing.definition),
        ("Sources", _cited(thing.sources)),
    ]  # fmt: skip
    shapes = []
    # Without a date the strip is shown as it was laid down, whatever became of it.
    strip = thing.territory(on=on)
    if strip is not None:
        band = Style(colour=drawn.colour, width=0.8, fill=area_style(thing.id).fill)
        shapes.append(Shape(geometry=strip, style=band, title=f"{name}: strip", rows=_kept(rows)))
    shapes.append(Shape(geometry=thing.centreline, style=drawn, title=name, rows=_kept(rows)))
    state = status.status if status and status.status not in ("open", "in force") else ""
    return Layer(
        id=thing.id,
        name=name,
        shapes=tuple(shapes),
        sources=thing.sources,
        swatch=drawn,
        state=state,
    )


def _kept(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(row for row in rows if row[1])


def _frame(thing: Any, n: int) -> Layer:
    """Return a layer of any table: its columns become the popup."""
    gdf = table([thing])
    hidden = {"geometry", "licence", "attribution"}
    shapes: list[Shape] = []
    keys: list[Any] = []
    for row in gdf.to_dict("records"):
        geometry = row["geometry"]
        if geometry is None or geometry.is_empty:
            continue
        title = str(row.get("name") or row.get("id") or f"feature {len(shapes) + 1}")
        rows = [
            (str(key), str(value))
            for key, value in row.items()
            if key not in hidden and not _empty(value)
        ]
        drawn = style(str(row.get("id")), mode=row.get("mode"), state=row.get("status"))
        if geometry.geom_type.endswith("Polygon"):
            drawn = Style(colour=drawn.colour, width=drawn.width, dash=drawn.dash, fill=0.15)
        shapes.append(Shape(geometry=geometry, style=drawn, title=title, rows=tuple(rows)))
        keys.append(row.get("source"))
    name = str(gdf.attrs.get("name") or getattr(thing, "attrs", {}).get("name") or f"table {n}")
    swatch = shapes[0].style if shapes else Style(colour="#333333")
    cited = tuple(dict.fromkeys(k for k in keys if isinstance(k, str)))
    return Layer(id=f"table-{n}", name=name, shapes=tuple(shapes), sources=cited, swatch=swatch)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124


def layers(
    things: Iterable[Any], *, language: str = "en", on: date | None = None
) -> tuple[Layer, ...]:
    """Return one layer per thing.

    Parameters
    ----------
    things : borders, corridors, anything else with ``to_gdf()``, or a GeoDataFrame in EPSG:4326;
        layers stay as they are.
    language : of the names: en, tr, az, hy, ka, ru or fa.
    on : leave out what did not exist on this day, and show the statuses of it.

    Raises
    ------
    ValueError : the language is not one of these.
    """
    if language not in LANGUAGES:
        message = f"no language '{language}'; known: {', '.join(LANGUAGES)}"
        raise ValueError(message)
    found = []
    for n, thing in enumerate(things, 1):
        if isinstance(thing, Layer):
            found.append(thing)
        elif isinstance(thing, Boundary):
            if on is None or thing.holds(on):
                found.append(_boundary(thing, language))
        elif isinstance(thing, Corridor):
            if on is None or thing.on(on) is not None:
                found.append(_corridor(thing, language, on))
        else:
            found.append(_frame(thing, n))
    return tuple(found)


def numbered(found: Iterable[Layer]) -> list[tuple[int, Layer]]:
    """Return the layers that a legend numbers: what the map is about, not what lies behind it."""
    return list(enumerate((one for one in found if not one.backdrop), 1))


def bounds(found: Iterable[Layer]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all shapes but backdrops."""
    kept = list(found)
    subject = [one for one in kept if not one.backdrop] or kept
    shapes = [shape.geometry for one in subject for shape in one.shapes]
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def cited(found: Iterable[Layer]) -> tuple[str, ...]:
    """Return the ids of every source behind the layers that the catalogue knows."""
    known = sources()
    keys = (key for one in found for key in one.sources)
    return tuple(key for key in dict.fromkeys(keys) if key in known)


def licences(found: Iterable[Layer]) -> tuple[str, ...]:
    """Return the SPDX ids of the data behind the layers."""
    return tuple(sorted({source(k).licence for k in cited(found)} - {""}))
