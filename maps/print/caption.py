"""The caption of a figure as Markdown: what it shows, how sure that is, whose data it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders import __version__
from borders.compiler.boundary import Boundary
from borders.compiler.uncertainty import leg_sigma_m
from borders.files.catalogue import attributions, source, sources
from borders.measure import Measure
from corridors.model.corridor import Corridor
from maps.i18n import (
    basis,
    comma,
    day as written,
    heads,
    interval,
    number,
    right_to_left,
    when,
    word,
    words,
)
from maps.layers.model import licences, numbered, own_sources
from maps.print.basemap import borders_word, chains_error_m, shows_borders
from maps.print.legend import chains_words
from maps.print.projection import projection_note
from maps.style import DASHES, ROUTES
from maps.tables.markdown import cell, code, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from borders.terrain.elevation import Terrain
    from maps.layers.model import Layer
    from maps.print.sheet import Sheet

__all__ = ["credit", "credited", "joined", "map_caption", "owed", "references", "signed",
           "translated_credit", "widths_matter"]  # fmt: skip

# Bases of lengths that every caption explains, in the order of the text `caption-method`.
_BASES = ("reach", "published", "chain", "unverified")


def map_caption(
    layers: Sequence[Layer],
    things: Sequence[Any],
    *,
    sheet: Sheet,
    title: str,
    on: date | None,
    cited: Iterable[str],
) -> str:
    """Return the caption of a map, in the language of its sheet.

    Texts that the data quote stay in the language of the data.

    Parameters
    ----------
    layers : those of the map, in the order of its legend.
    things : what the layers were made from; those with lengths are listed with them.
    cited : ids of all sources that the map shows, with those of the basemap; and texts of those
        that the catalogue lacks, such as an elevation model's file.
    """
    language, extent = sheet.language, sheet.extent
    keys = list(dict.fromkeys(cited))
    # First what the figure shows, how sure that is and whose data it is; how it is made after that.
    day = [_sentence(word("as-of", language).format(written(on, language)), language)] if on else []
    lead = [f"**{cell(title)}.**", *day, _certainty(layers, things, language),
            credit(keys, licences(layers), language)]  # fmt: skip
    notes = [projection_note(extent, language)] if extent else []
    if extent and shows_borders(extent):
        notes.append(word(borders_word(), language))
    if extent and (error_m := chains_error_m(extent)):
        notes.append(chains_words(error_m, language))
    notes.append(word("caption-scale", language))
    if widths_matter(layers):
        notes.append(word("route-widths", language))
    lines = [
        " ".join(text for text in lead if text),
        "",
        " ".join(_sentence(note, language) for note in notes),
        "",
        f"{word('caption-shown', language)}:",
        "",
    ]
    # A table with a column `id` has that column as its attribute, not an id of its own.
    by_id = {thing.id: thing for thing in things if isinstance(getattr(thing, "id", None), str)}
    numbers = numbered(layers) if len(layers) > 1 else []
    for layer in layers:
        mark = next((f"{n}. " for n, other in numbers if other is layer), "- ")
        lines.append(mark + _entry(layer, by_id.get(layer.id), language))
    single = things[0] if len(things) == 1 else None
    if isinstance(single, Boundary):
        lines += ["", f"{word('caption-legs', language)}:", "", *_legs(single, language)]
    if sheet.unnumbered:
        unnumbered = f"{comma(language)} ".join(sheet.unnumbered)
        lines += ["", _sentence(f"{word('caption-unnumbered', language)}: {unnumbered}", language)]
    lines += ["", _styles(layers, language) + _method(language)]
    named = _sources(keys, language, own=dict.fromkeys(k for k in keys if k not in sources()))
    return "\n".join([*lines, "", *named])


def _certainty(layers: Iterable[Layer], things: Iterable[Any], language: str) -> str:
    """Return how sure the lines are and their lengths, empty if nothing has a length."""
    known = list(things)
    chains = [t for t in known if isinstance(t, Corridor) and t.geometry_quality == "schematic"]
    if chains:
        sigma_km = max(corridor.position_sigma_m for corridor in chains) / 1000
        text = word("caption-sure-position", language)
        return text.format(number(f"{sigma_km:.2g}", language))
    routes = (layer for layer in layers if layer.shapes and "Way" in dict(layer.shapes[0].rows))
    # A table of geopandas has a length of another kind.
    own = (thing for thing in known if hasattr(thing, "to_gdf"))
    measured = any(isinstance(getattr(thing, "length", None), Measure) for thing in own)
    return word("caption-sure", language) if measured or any(routes) else ""


def widths_matter(layers: Iterable[Layer]) -> bool:
    """Tell whether routes are drawn one on the other, whose widths need a word."""
    return len({layer.swatch.width for layer in layers if layer.swatch in ROUTES}) > 1


def _method(language: str) -> str:
    """Return how lengths come about and what their words mean."""
    return word("caption-method", language).format(*(f"*{basis(b, language)}*" for b in _BASES))


def _sentence(text: str, language: str) -> str:
    """Return a text with a capital, where the language has them, and a stop."""
    stop = "։" if language == "hy" else "."
    first = text[:1] if language == "ka" else text[:1].upper()
    return f"{first}{text[1:].rstrip(stop)}{stop}"


def _entry(layer: Layer, thing: Any, language: str) -> str:
    """Return what a list of layers says of one: its name, status, length and error.

    Parameters
    ----------
    thing : what the layer was made from; None where that has no id.
    """
    rows = dict(layer.shapes[0].rows) if layer.shapes else {}
    # The layer of a route has its length in its name; the caption gives it with its interval.
    name = rows.get("Called") if "Way" in rows else layer.name
    note = f" ({word(layer.legend_note, language)})" if layer.legend_note else ""
    parts = [cell(str(name)) + note]
    if isinstance(thing, (Boundary, Corridor)):
        parts.append(_length(thing.length, language))
        if isinstance(thing, Boundary) and thing.area is not None:
            parts.append(interval(thing.area, language, area=True))
        if isinstance(thing, Corridor):
            sigma_km = number(f"{thing.position_sigma_m / 1000:.2g}", language)
            drawn = basis(thing.geometry_quality, language)
            parts.append(word("caption-drawn", language).format(drawn, sigma_km))
        if thing.statuses:
            parts.append(when(thing.statuses[-1], language))
    elif isinstance(getattr(thing, "length", None), Measure):
        parts.append(_length(thing.length, language))
    else:
        route = rows.get("Way")
        if isinstance(route, str) and route:
            parts.append(cell(route))
        else:
            count = number(str(len(layer.shapes)), language)
            parts.append(word("features", language).format(count))
    return joined(parts, language) + "."


def _length(length: Measure, language: str) -> str:
    return f"{interval(length, language)}{comma(language)} {basis(length.label, language)}"


def _legs(boundary: Boundary, language: str) -> list[str]:
    """Return the table of a border's legs."""
    rows = []
    for leg in boundary.legs:
        length = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)
        drawn = [word(f"rule-{leg.rule}", language), word(leg.drawn_as, language)]
        drawn += [word("said-circular", language)] if leg.circular else []
        position = f"±{number(f'{leg.sigma_m:,.0f}', language)} {word('metres', language)}"
        rows.append(
            (number(str(leg.n), language), leg.words, interval(length, language),
             f"{comma(language)} ".join(drawn), position, basis(leg.evidence, language))
        )  # fmt: skip
    return table(heads("leg words length-95 drawn position reading", language), rows)


def _styles(layers: Iterable[Layer], language: str) -> str:
    """Return which dashes the map shows, in words."""
    # The legend note of a layer may explain its dashes, which may mean something else.
    others = (layer for layer in layers if not layer.legend_note.startswith("dashed"))
    dashes = {shape.style.dash for layer in others for shape in layer.shapes}
    names = [word(status, language) for status, dash in DASHES.items() if dash in dashes]
    text = f"{comma(language)} ".join(names)
    return f"{word('caption-dashed', language)}: {text}. " if names else ""


def references(cited: Iterable[str], language: str) -> list[str]:
    """Return sources, attributions and licences as lines of Markdown.

    Parameters
    ----------
    cited : ids of sources; those that the catalogue lacks are left out.
    """
    keys = list(cited)
    lines = _sources(keys, language, own=())
    said = credit(keys, (), language)
    return [*lines, "", said] if said else lines


def _sources(cited: Iterable[str], language: str, *, own: Iterable[str]) -> list[str]:
    """Return the sources as a list in Markdown."""
    known = sources()
    lines = [f"{word('caption-sources', language)}:", ""]
    for key in dict.fromkeys(key for key in cited if key in known):
        entry = source(key)
        # What has no source says so in its own words.
        doubtful = entry.state == "unverified" and key != "unverified"
        mark = f" ({basis('unverified', language)})" if doubtful else ""
        lines.append(f"- {cell(entry.citation)}{mark}")
    lines += [f"- {cell(text)}" for text in own]
    # In English there is less to say: most sources are quoted in it.
    return lines if language == "en" else [*lines, "", word("caption-quoted", language)]


def owed(cited: Iterable[str], language: str) -> list[str]:
    """Return whose data sources are, each with what they are in a language."""
    return [translated_credit(text, language) for text in attributions(cited)]


def translated_credit(text: str, language: str) -> str:
    """Return whose data it is, with the noun before the colon in a language, if it has a word.

    Examples
    --------
    >>> translated_credit("Relief: ararat.tif", "tr")
    'Kabartma: ararat.tif'
    """
    # In a line that runs from the right, what is written from the left keeps its order.
    mark = "\u200e" if right_to_left(language) else ""
    noun, colon, whose = text.partition(": ")
    key = f"credit-{noun.lower().replace(' ', '-')}"
    known = colon and key in words()
    return f"{word(key, language)}: {mark}{whose}" if known else f"{mark}{text}"


def credited(
    layers: Iterable[Layer], terrains: Iterable[Terrain], language: str
) -> tuple[str, ...]:
    """Return how a figure names the sources that the catalogue lacks, each file once.

    An elevation model is its relief's, also where lines follow its divides.
    """
    files = dict.fromkeys(Path(terrain.source).name for terrain in terrains)
    own = (key for key in own_sources(layers) if key not in files)
    return (*own, *(translated_credit(f"Relief: {name}", language) for name in files))


def joined(parts: Iterable[str], language: str) -> str:
    """Return parts of a sentence parted by semicolons."""
    return ("؛ " if right_to_left(language) else "; ").join(parts)


def credit(cited: Iterable[str], spdx: Iterable[str], language: str) -> str:
    """Return whose data it is and under what licences, empty if nothing is owed."""
    known = sources()
    keys = [key for key in dict.fromkeys(cited) if key in known]
    attribution = joined(owed(keys, language), language)
    licence_ids = sorted({*spdx, *(source(key).licence for key in keys)} - {""})
    if not attribution:
        return ""
    return word("caption-licences", language).format(attribution, ", ".join(licence_ids))


def signed(caption: str, command: str = "", language: str = "en") -> str:
    """Return a caption with the version and the command that made the figure."""
    # A file name may hold bytes that are no text.
    text = command.encode("utf-8", "backslashreplace").decode()
    key = "caption-made-by" if command else "caption-made"
    signature = word(key, language).format(__version__, code(text))
    return f"{caption}\n\n{_sentence(signature, language)}\n"
