"""Layers of districts by holder, of agreements by country, of alliances and of bases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from borders.files.bundle import layer
from borders.gazetteer.places import LANGUAGES
from borders.guide_lines import COARSE_SIGMA_M
from corridors.context.alliances import Alliance, Bases, bases, changes, circle, status_of
from corridors.context.ceded_pieces import CededPieces, ceded_pieces, held_by
from corridors.context.described import Described
from corridors.context.districts import (
    AZERBAIJAN,
    HOLDERS,
    Districts,
    control_on,
    districts,
    is_told,
)
from corridors.context.provinces import Province, Provinces, provinces
from corridors.context.sister_cities import COUNTRIES, SisterCities, agreements
from corridors.context.state_border import StateBorder
from maps.i18n import number, phrases, word
from maps.layers.model import Layer, Shape
from maps.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from corridors.context.systems import ContextSystem

__all__ = ["HOLDER_COLOURS", "context_layers"]

# Colours differ in lightness too, for print in grey; none of them is a flag's.
HOLDER_COLOURS = {
    AZERBAIJAN: "#8aa4b4", "armenian": "#a0662a", "armenian-peacekeepers": "#5e4a78",
}  # fmt: skip
_COUNTRY_COLOURS = {
    "AZ": "#1f3b4d", "KZ": "#b44a00", "KG": "#00756a", "UZ": "#5b3a8c", "TM": "#948200",
    "TJ": "#c5606a",
}  # fmt: skip
_SIDE_COLOURS = ("#7a1f3d", "#3d6b7a", "#b08a1f")
_STATUS_COLOURS = {
    "member": "#1f3b4d", "signatory": "#6b8494", "suspended": "#b44a00", "frozen": "#b44a00",
    "left": "#a8a8a8",
}  # fmt: skip


# What a page offers to be shown together.
_TOPICS: dict[type, str] = {
    Districts: "lands", CededPieces: "lands", SisterCities: "sisters", Alliance: "alliances",
    Bases: "alliances", Described: "described",
}  # fmt: skip


def context_layers(thing: ContextSystem, on: date | None) -> list[Layer]:
    """Return the layers of a system as it stood on a day; without one, all that is known of it."""
    if isinstance(thing, Province):
        return _province(thing)
    drawn: dict[type, Callable[[Any, date | None], list[Layer]]] = {
        Districts: _districts, SisterCities: _agreements, Alliance: _alliance, Bases: _bases,
        Described: _described, CededPieces: _ceded, Provinces: _provinces,
        StateBorder: _border,
    }  # fmt: skip
    topic = _TOPICS.get(type(thing), "")
    return [replace(layer, topic=topic) for layer in drawn[type(thing)](thing, on)]


def _layer(
    key: str,
    name: str | Mapping[str, str],
    shapes: Iterable[Shape],
    style: Style,
    sources: Iterable[str],
) -> list[Layer]:
    """Return a layer of some shapes, none if there are none; its name may be of each language."""
    drawn = tuple(shapes)
    if not drawn:
        return []
    names = {"en": name} if isinstance(name, str) else dict(name)
    layer = Layer(
        id=key, name=names["en"], names=names, shapes=drawn,
        sources=tuple(dict.fromkeys(sources)), swatch=style, group="documents",
    )  # fmt: skip
    return [layer]


def _districts(thing: Districts, on: date | None) -> list[Layer]:
    """Return a layer for each holder, the more opaque the larger its share.

    Of a day of which the data do not say who held the districts, one layer of all of them.
    """
    on = on if on is not None and is_told(on) else None
    held = {} if on is None else control_on(on)
    by_holder: dict[str, list[tuple[Shape, str]]] = {}
    for known in districts():
        change = held.get(known.id)
        words, holder, share = AZERBAIJAN, AZERBAIJAN, 1.0
        if change is not None and change.high > 0.05:
            words, holder, share = change.words, change.holder, change.share
        colour = HOLDER_COLOURS[holder] if on is not None else "#555555"
        fill = 0.3 if holder == AZERBAIJAN else 0.25 + 0.45 * share
        style = Style(colour=colour, width=1.0, fill=fill if on is not None else 0.12)
        source = change.source if change is not None else known.source
        rows: list[tuple[str, Any]] = [
            ("Called", f"{known.names['az']}: Azerbaijan"),
            ("Called", f"{known.names['hy']} ({known.called_by_armenia}): Armenia"),
        ]
        if on is not None:
            rows.append(("Status", words))
        shape = Shape(
            geometry=known.polygon, style=style, title=known.name,
            titles={"en": known.name, **known.names}, rows=tuple(rows), area=known.area,
            sources=("natural-earth", source),
        )  # fmt: skip
        by_holder.setdefault(holder if on is not None else "", []).append((shape, source))
    layers: list[Layer] = []
    names: dict[str, str | Mapping[str, str]]
    names = {AZERBAIJAN: phrases("country-AZ"), **HOLDERS, "": phrases("named-districts")}
    for holder, group in by_holder.items():
        shapes = [shape for shape, _ in group]
        swatch = Style(colour=HOLDER_COLOURS.get(holder, "#555555"), width=1.0, fill=0.4)
        layers += _layer(
            f"{thing.id}-{holder or 'all'}".lower(), names[holder], shapes, swatch,
            ["natural-earth", *(source for _, source in group)],
        )  # fmt: skip
    return layers


def _agreements(thing: SisterCities, on: date | None) -> list[Layer]:
    """Return a layer for each country, its arcs as thin as many lines ask for."""
    layers: list[Layer] = []
    table = thing.to_gdf(on=on)
    lines = dict(zip(table["id"], table.geometry, strict=True))
    for code in COUNTRIES:
        style = Style(colour=_COUNTRY_COLOURS[code], width=0.9)
        shapes, lost = [], 0
        for agreement in agreements(country=code, end=on):
            home, away = agreement.ends
            if lines[agreement.id] is None:
                lost += 1
                continue
            title = f"{agreement.province} {agreement.municipality} – {agreement.partner}"
            rows = [
                ("ui-place", f"{home.name} – {away.name}"),
                ("Since", str(agreement.day or "")),
                ("Basis", away.why),
            ]
            rows += [("Called", other) for other in away.others]
            shapes.append(
                Shape(
                    geometry=lines[agreement.id], style=style, title=title,
                    rows=tuple((label, text) for label, text in rows if text),
                    sources=thing.sources,
                )
            )  # fmt: skip
        names = phrases("named-sisters-lost" if lost else "named-sisters")
        name = {
            language: text.format(
                word(f"country-{code}", language),
                number(str(len(shapes)), language), number(str(lost), language),
            )
            for language, text in names.items()
        }  # fmt: skip
        # A sample as thin as the arcs could not be told from another.
        sample = Style(colour=_COUNTRY_COLOURS[code], width=3.0)
        drawn = _layer(f"{thing.id}-{code.lower()}", name, shapes, sample, thing.sources)
        layers += [replace(layer, arcs=True) for layer in drawn]
    return layers


def _alliance(thing: Alliance, on: date | None) -> list[Layer]:
    """Return a layer for each status in which states are or were: areas, or points at capitals."""
    last = {change.country: change for change in changes(thing.organisation)}
    if on is not None:
        last = status_of(thing.organisation, on)
    words = {
        "joined": "member", "renewed": "member", "signed": "signatory", "left": "left",
        "suspended": "suspended", "frozen": "frozen",
    }  # fmt: skip
    table = thing.to_gdf(on=on)
    shapes = dict(zip(table["country"], table.geometry, strict=True))
    layers: list[Layer] = []
    for status in dict.fromkeys(words.values()):
        style = Style(colour=_STATUS_COLOURS[status], width=1.0, fill=0.35)
        group = [
            Shape(
                geometry=shapes[code], title=f"{code}: {status}", titles=_standing(code, status),
                style=replace(style, width=4.0) if shapes[code].geom_type == "Point" else style,
                rows=(("Since", change.when.words), *((("Note", change.note),) if change.note
                                                      else ())),
                sources=("geonames" if shapes[code].geom_type == "Point" else "natural-earth",
                         change.source),
            )
            for code, change in last.items()
            if words[change.change] == status
        ]  # fmt: skip
        sources = [key for shape in group for key in shape.sources]
        told = {
            language: f"{word(f'named-{thing.id}', language)}: {text}"
            for language, text in phrases(f"named-{status}").items()
        }
        layers += _layer(f"{thing.id}-{status}", told, group, style, sources)
    if not layers:
        from borders.errors import NoAnswerError

        day = f" on {on}" if on else ""
        message = f"{thing.name}: no state was in it{day}"
        raise NoAnswerError(message)
    return layers


def _standing(code: str, status: str) -> dict[str, str]:
    """Return in every language what a country is or was in an alliance."""
    return {language: f"{word(f'country-{code}', language)}: {word(f'named-{status}', language)}"
            for language in LANGUAGES}  # fmt: skip


def _holder(code: str, language: str) -> str:
    """Return whose a base is in a language; an alliance has the same letters in all."""
    return word(f"country-{code}", language).removeprefix("country-")


def _described(thing: Described, on: date | None) -> list[Layer]:
    """Return the places that a text names as points, and the provinces that stand in as an area."""
    import shapely

    from borders.errors import NoAnswerError

    if on is not None and not thing.stands(on):
        message = f"{thing.name}: not on {on}, but from {thing.begin} on"
        message += f" to {thing.end}" if thing.end else ""
        raise NoAnswerError(message)
    rows: tuple[tuple[str, Any], ...] = (
        ("Basis", thing.how), ("Since", thing.begin.isoformat()),
        *((("Until", thing.end.isoformat()),) if thing.end else ()),
        *((("Note", thing.note),) if thing.note else ()),
    )  # fmt: skip
    sides = list(dict.fromkeys(named.side or named.role for named in thing.places))
    layers: list[Layer] = []
    for n, side in enumerate(sides):
        style = Style(colour=_SIDE_COLOURS[n % len(_SIDE_COLOURS)], width=3.0)
        shapes = [
            Shape(
                geometry=shapely.Point(named.place.lon, named.place.lat), style=style,
                title=named.place.name, titles={"en": named.place.name, **named.place.names},
                rows=rows,
                position_sigma_m=thing.sigma_m or named.place.sigma_m, sources=thing.sources,
            )
            for named in thing.places
            if (named.side or named.role) == side
        ]  # fmt: skip
        names = dict(thing.names)
        if len(sides) > 1:
            names = {c: f"{name}: {_side(side, c)}" for c, name in names.items()}
        layers += _layer(f"{thing.id}-{n}", names, shapes, style, thing.sources)
    if thing.area is not None:
        style = Style(colour=_SIDE_COLOURS[0], width=1.4, fill=0.12)
        shape = Shape(
            geometry=thing.area, style=style, title=thing.name, titles=thing.names, rows=rows,
            position_sigma_m=thing.sigma_m or 0.0,
            sources=("natural-earth", *thing.sources),
        )  # fmt: skip
        layers += _layer(
            f"{thing.id}-area", thing.names, [shape], style, ["natural-earth", *thing.sources]
        )
    return layers


def _side(side: str, language: str) -> str:
    """Return on which side a place is, or what it is, in a language."""
    key = {"Ottoman Empire": "named-ottoman", "Armenia": "country-AM"}.get(side, f"named-{side}")
    return side if language == "en" else word(key, language).removeprefix("named-")


def _ceded(thing: CededPieces, on: date | None) -> list[Layer]:
    """Return a layer for each piece, and one of the villages in them."""
    import shapely

    layers: list[Layer] = []
    point_style = Style(colour="#3a2a14", width=2.6)
    points = []
    for piece, colour in zip(ceded_pieces(), _SIDE_COLOURS, strict=True):
        rows: list[tuple[str, Any]] = [
            ("Called", f"{piece.names['az']}: Azerbaijan"),
            ("Called", f"{piece.names['hy']}: Armenia"),
            ("Basis", "what Annex III has and today's outline has not"),
        ]
        if on is not None:
            rows.append(("Status", held_by(on)))
        style = Style(colour=colour, width=1.2, fill=0.25)
        shape = Shape(
            geometry=piece.polygon, style=style, title=piece.name, titles=piece.names,
            rows=tuple(rows),
            area=piece.area, sources=thing.sources,
        )  # fmt: skip
        layers += _layer(f"{thing.id}-{piece.id}", piece.names, [shape], style, thing.sources)
        for village in piece.villages:
            if village.lon is None or village.lat is None:
                continue
            told = (("Called", f"{village.names['az']}: Azerbaijan"),
                    ("Called", f"{village.names['hy']}: Armenia"),
                    ("Since", village.transferred), ("Note", village.note))  # fmt: skip
            points.append(
                Shape(
                    geometry=shapely.Point(village.lon, village.lat), style=point_style,
                    title=village.names["en"], titles=village.names,
                    rows=tuple(row for row in told if row[1]),
                    position_sigma_m=village.sigma_m or 0.0, sources=(village.source,),
                )
            )  # fmt: skip
    villages = phrases("named-villages")
    return [*layers, *_layer(f"{thing.id}-villages", villages, points, point_style, thing.sources)]


def _border(thing: StateBorder, on: date | None) -> list[Layer]:
    """Return the parts of a border beyond the region; they are those of today, whatever the day."""
    del on
    style = Style(colour="#5b3a8c", width=1.6)
    shapes = [
        Shape(geometry=part.geometry, style=style, title=str(part.properties["name"]),
              sources=thing.sources)
        for part in layer(thing.id)
    ]  # fmt: skip
    a, b = (phrases(f"country-{code}") for code in ("KG", "UZ"))
    names = {code: f"{a[code]} – {b[code]}" for code in a} | {"en": thing.name}
    return _layer(thing.id, names, shapes, style, thing.sources)


_PROVINCE_STYLE = Style(colour="#4a4a6a", width=1.4, fill=0.10)


def _province(thing: Province) -> list[Layer]:
    """Return the outline of a province, with its names."""
    name = f"{thing.name} ({thing.kind})"
    return _layer(thing.id, name, [_outline(thing)], _PROVINCE_STYLE, thing.sources)


def _provinces(thing: Provinces, on: date | None) -> list[Layer]:
    """Return the outlines of all provinces; they are those of today, whatever the day."""
    del on
    shapes = [
        replace(_outline(known), style=replace(_PROVINCE_STYLE, width=0.8, fill=0.05))
        for known in provinces()
    ]
    return _layer(thing.id, phrases("ui-provinces"), shapes, _PROVINCE_STYLE, thing.sources)


def _outline(thing: Province) -> Shape:
    rows = [("Called", name) for code, name in thing.names.items() if code != "en"]
    return Shape(
        geometry=thing.polygon, style=_PROVINCE_STYLE, title=thing.name, titles=thing.names,
        rows=tuple(rows),
        area=thing.area, position_sigma_m=COARSE_SIGMA_M, sources=thing.sources,
    )  # fmt: skip


def _bases(thing: Bases, on: date | None) -> list[Layer]:
    """Return the bases as points and the area that the radar is said to watch as a circle."""
    import shapely

    point_style = Style(colour="#1f3b4d", width=3.0)
    area_style = Style(colour="#b44a00", width=1.2, fill=0.06)
    points, areas = [], []
    for base in bases():
        if base.lon is None or base.lat is None or (on is not None and not base.stands(on)):
            continue
        texts = (("Since", base.begin.words if base.begin else ""),
                 ("Until", base.end.words if base.end else ""),
                 ("Basis", base.claim), ("Note", base.note))  # fmt: skip
        rows = tuple((label, text) for label, text in texts if text)
        points.append(
            Shape(
                geometry=shapely.Point(base.lon, base.lat), style=point_style,
                title=f"{base.name} ({base.holder})", rows=rows, sources=(base.source,),
                titles={code: f"{base.name} ({_holder(base.holder, code)})" for code in LANGUAGES},
            )
        )  # fmt: skip
        if base.diameter_km is not None:
            areas.append(
                Shape(
                    geometry=circle(base.lon, base.lat, 500 * base.diameter_km), style=area_style,
                    title=f"{base.name}: {base.diameter_km:,.0f} km in diameter", rows=rows,
                    sources=(base.source,),
                )
            )  # fmt: skip
    sources = thing.sources
    return [
        *_layer("bases-areas", phrases("named-radar"), areas, area_style, sources),
        *_layer("bases", phrases("named-bases"), points, point_style, sources),
    ]
