"""Borders and corridors as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from borders.files.bundle import layer
from borders.gazetteer.places import LANGUAGES, places
from corridors.model.strip import IN_BEING
from corridors.network.load import undated_on
from maps.i18n import apart, name_of, number, phrases, word
from maps.layers.model import Layer, Shape, km_of_error, named
from maps.style import Style, area_style, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from borders.compiler.boundary import Boundary
    from borders.compiler.leg import Leg
    from borders.gazetteer.places import Place
    from corridors.model.corridor import Corridor
    from maps.layers.model import Message

__all__ = ["boundary_layer", "corridor_layer"]


def boundary_layer(thing: Boundary, language: str) -> Layer:
    """Return the legs of a border, the territory inside, and what was left outside."""
    common: dict[str, Any] = {
        "measure": thing.length, "periods": thing.statuses, "dated": "drawn",
        "sources": thing.sources,
    }  # fmt: skip
    every = _with_values([("Text", thing.treaty.document), ("Note", thing.treaty.note)])
    shapes = []
    if thing.polygon is not None:
        whole = Shape(
            geometry=thing.polygon, style=area_style(thing.id), rows=every, area=thing.area,
            **_titled(thing, language), **common,
        )  # fmt: skip
        shapes.append(whole)
    for leg in thing.legs:
        end = {
            code: f"{number(str(leg.n), code)}. {apart(leg.words, code)} – "
            f"{apart(_spelled_in(leg.end, code), code)}"
            for code in LANGUAGES
        }
        drawn = Shape(
            geometry=leg.geometry, style=style(thing.id, status=leg.drawn_as),
            rows=_with_values(_leg_rows(leg, len(thing.legs))) + every,
            position_sigma_m=leg.sigma_m,
            **_titled(thing, language, end), **common,
        )  # fmt: skip
        shapes.append(drawn)
    shapes += _lands_outside(thing, every, common)
    dashed = [
        drawn_as
        for drawn_as in ("stand-in", "gap")
        if any(leg.drawn_as == drawn_as for leg in thing.legs)
    ]
    return Layer(
        id=thing.id,
        name=named(thing, language),
        names=_names(thing),
        group="borders",
        shapes=tuple(shapes),
        sources=thing.sources,
        swatch=style(thing.id),
        legend_note=f"dashed: {' or '.join(dashed)}" if dashed else "",
        ended=_ended(thing),
    )


def _names(thing: Boundary | Corridor) -> dict[str, str]:
    return {code: named(thing, code) for code in LANGUAGES}


def _titled(
    thing: Boundary | Corridor, language: str, part: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the title of a part of a thing, in one language and in all."""
    titles = _names(thing)
    if part:
        titles = {code: f"{name}: {part[code]}" for code, name in titles.items()}
    return {"title": titles[language], "titles": titles}


def _leg_rows(leg: Leg, count: int) -> list[tuple[str, Message]]:
    circular = ("said-circular",) if leg.circular else ()
    return [
        ("Leg", ("said-of", str(leg.n), str(count))),
        ("From", _spelled(leg.start)),
        ("To", _spelled(leg.end)),
        ("Words", leg.words),
        ("Basis", ("list", f"basis-{leg.evidence}")),
        ("Drawn as", ("list", f"rule-{leg.rule}", leg.drawn_as, *circular)),
        ("Leg length", _leg_length(leg)),
        ("Leg note", leg.note),
    ]


def _spelled(place: Place) -> Message:
    """Return a place's name as the source spells it, and today's where that is another."""
    today = place.names.get("en", "")
    return ("said-today", place.name, today) if today and today != place.name else place.name


def _spelled_in(place: Place, language: str) -> str:
    """Return the text of `_spelled` in one language."""
    message = _spelled(place)
    return message if isinstance(message, str) else word(message[0], language).format(*message[1:])


def _leg_length(leg: Leg) -> Message:
    """Return a leg's length with its 95 % interval, and how far it may lie to either side."""
    from borders.compiler.uncertainty import leg_sigma_m
    from borders.measure import Measure

    measure = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)
    km = (f"{x / 1000:,.1f}" for x in (measure.value, measure.low, measure.high))
    return ("said-length", *km, f"{leg.sigma_m:,.0f}")


def _lands_outside(
    thing: Boundary, every: tuple[tuple[str, Message], ...], common: dict[str, Any]
) -> list[Shape]:
    """Return the seats of the lands left outside, and the provinces that stand in for them."""
    shapes = []
    outline = style(thing.id, status="stand-in")
    for land in thing.treaty.beyond:
        rows = _with_values([("Left outside", land.note)]) + every
        point = shapely.Point(land.seat.lon, land.seat.lat)
        titles = {
            code: f"{apart(land.name, code)}: {apart(_spelled_in(land.seat, code), code)}"
            for code in LANGUAGES
        }
        shapes.append(
            Shape(
                geometry=point, style=outline, title=titles["en"], titles=titles, rows=rows,
                **common,
            )
        )  # fmt: skip
    for key in dict.fromkeys(land.province for land in thing.treaty.beyond if land.province):
        province = next(f for f in layer("provinces") if f.properties["id"] == key)
        rows = (("Stand-in", ("said-larger",)), *every)
        name = province.properties["name"]
        names = next((place.names for place in places().values() if place.name == name), {})
        titles = {
            code: f"{name_of(names, name, code)}: {word('said-province', code)}"
            for code in LANGUAGES
        }
        shapes += [
            Shape(
                geometry=line,
                style=outline,
                title=titles["en"],
                titles=titles,
                rows=rows,
                **common,
            )
            for line in shapely.get_parts(province.geometry.boundary)
        ]
    return shapes


def corridor_layer(thing: Corridor, language: str, on: date | None) -> Layer:
    """Return the line of a corridor and its strip, in the dash of its status on a day."""
    status = thing.status(on) if on else (thing.statuses[-1] if thing.statuses else None)
    undated = on is not None and status is not None and undated_on(status.valid_from, on)
    word_of = "unknown" if undated else status.status if status else None
    drawn = style(thing.id, mode=thing.mode, status=word_of)
    rows: list[tuple[str, Message]] = [
        ("Basis", ("list", f"basis-{thing.length.label}")),
        ("Drawn line", ("said-drawn", f"{thing.drawn_m / 1000:,.1f}",
                        f"basis-{thing.geometry_quality}",
                        km_of_error(thing.position_sigma_m))),
        ("Width", ("said-km", f"{thing.width_m / 1000:g}") if thing.width_m else ""),
        *(("Called", ("said-by", label.name, label.by)) for label in thing.names_by),
        ("Measures", thing.definition),
    ]  # fmt: skip
    common: dict[str, Any] = {
        "rows": _with_values(rows), "measure": thing.length, "periods": thing.statuses,
        "sources": thing.sources,
    }  # fmt: skip
    shapes = []
    # Without a date the strip is shown as it was laid down, whatever became of it.
    strip = thing.territory(on=on)
    if strip is not None:
        band = Style(colour=drawn.colour, width=0.8, fill=area_style(thing.id).fill)
        titled = _titled(thing, language, phrases("strip"))
        shapes.append(
            Shape(geometry=strip, style=band, dated="drawn", within=IN_BEING, **titled, **common)
        )
    titled = _titled(thing, language)
    shapes.append(
        Shape(
            geometry=thing.centreline,
            style=drawn,
            dated="drawn and dashed",
            position_sigma_m=thing.position_sigma_m,
            **titled,
            **common,
        )
    )
    note = status.status if status and status.status not in ("open", "in force") else ""
    if undated:
        note = "since-unknown"
    return Layer(
        id=thing.id,
        name=named(thing, language),
        names=_names(thing),
        group="corridors",
        shapes=tuple(shapes),
        sources=thing.sources,
        swatch=drawn,
        legend_note=note,
        mode=thing.mode,
        ended=_ended(thing),
    )


def _ended(thing: Boundary | Corridor) -> bool:
    """Tell whether the last status of a thing has an end, or says that another took its place."""
    last = thing.statuses[-1] if thing.statuses else None
    return last is not None and (last.valid_to is not None or last.status == "superseded")


def _with_values(rows: Iterable[tuple[str, Message]]) -> tuple[tuple[str, Message], ...]:
    """Return the rows that have a value."""
    return tuple(row for row in rows if row[1])
