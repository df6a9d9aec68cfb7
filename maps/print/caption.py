"""The caption of a figure as Markdown: what it shows, how sure that is, whose data it is."""

from __future__ import annotations

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
)
from maps.layers.model import licences, numbered
from maps.print.projection import projection_note
from maps.style import DASHES
from maps.tables.markdown import cell, code, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from maps.layers.model import Layer
    from maps.print.sheet import Sheet

__all__ = ["map_caption", "references", "signed"]

# Words that a length or a line goes by; what the table of words lacks stays as it is.
_BASES = ("reach", "published", "chain", "unverified")


def map_caption(
    found: Sequence[Layer],
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
    things : what was asked for; those with lengths are listed with them.
    cited : ids of all sources that the map shows, with those of the base map.
    """
    language, extent = sheet.language, sheet.extent
    said = [projection_note(extent, language)] if extent else []
    if on:
        said.append(word("as-of", language).format(written(on, language)))
    said.append(word("base-border", language))
    told = " ".join(_sentence(one, language) for one in said)
    lines = [
        f"**{cell(title)}.** {told} {word('caption-scale', language)}",
        "",
        f"{word('caption-shown', language)}:",
        "",
    ]
    # The id of a table may be one of its columns.
    known = {one.id: one for one in things if isinstance(getattr(one, "id", None), str)}
    signs = dict(numbered(found)) if len(found) > 1 else {}
    for one in found:
        sign = next((f"{n}. " for n, other in signs.items() if other is one), "- ")
        lines.append(sign + _entry(one, known.get(one.id), language))
    single = things[0] if len(things) == 1 else None
    if isinstance(single, Boundary):
        lines += ["", f"{word('caption-legs', language)}:", "", *_legs(single, language)]
    if sheet.unnumbered:
        told = f"{comma(language)} ".join(sheet.unnumbered)
        lines += ["", _sentence(f"{word('caption-unnumbered', language)}: {told}", language)]
    lines += ["", _styles(found, language) + _method(language)]
    return "\n".join([*lines, "", *references(cited, licences(found), language)])


def _method(language: str) -> str:
    """Return how lengths come about and what their words mean."""
    return word("caption-method", language).format(*(f"*{basis(b, language)}*" for b in _BASES))


def _sentence(text: str, language: str) -> str:
    """Return a text with a capital, where the language has them, and a stop."""
    stop = "։" if language == "hy" else "."
    first = text[:1] if language == "ka" else text[:1].upper()
    return f"{first}{text[1:].rstrip(stop)}{stop}"


def _entry(one: Layer, thing: Any, language: str) -> str:
    """Return a thing's name, state, length and error."""
    rows = dict(one.shapes[0].rows) if one.shapes else {}
    # The name of a way ends with its length, which is told here with its interval.
    called = rows.get("Called") if "Way" in rows else one.name
    parts = [
        cell(str(called)) + (f" ({word(one.legend_note, language)})" if one.legend_note else "")
    ]
    between = f"{comma(language)} "
    if isinstance(thing, (Boundary, Corridor)):
        parts.append(
            interval(thing.length, language) + between + basis(thing.length.label, language)
        )
        if isinstance(thing, Boundary) and thing.area is not None:
            parts.append(interval(thing.area, language, area=True))
        if isinstance(thing, Corridor):
            apart = number(f"{thing.position_sigma_m / 1000:.2g}", language)
            drawn = basis(thing.geometry_quality, language)
            parts.append(word("caption-drawn", language).format(drawn, apart))
        if thing.statuses:
            parts.append(when(thing.statuses[-1], language))
    elif isinstance(getattr(thing, "length", None), Measure):
        parts.append(
            interval(thing.length, language) + between + basis(thing.length.label, language)
        )
    else:
        said = rows.get("Way")
        count = number(str(len(one.shapes)), language)
        told = isinstance(said, str) and said
        parts.append(cell(told) if told else word("features", language).format(count))
    return f"{'؛' if right_to_left(language) else ';'} ".join(parts) + "."


def _legs(thing: Boundary, language: str) -> list[str]:
    rows = []
    for leg in thing.legs:
        length = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)
        drawn = f"{leg.rule}, {leg.drawn_as}" + (", circular" if leg.circular else "")
        apart = f"±{number(f'{leg.sigma_m:,.0f}', language)} {word('metres', language)}"
        rows.append((str(leg.n), leg.words, interval(length, language), drawn, apart, leg.evidence))
    return table(heads("leg words length-95 drawn position reading", language), rows)


def _styles(found: Iterable[Layer], language: str) -> str:
    """Return which dashes the map shows, in words."""
    # What a layer says of its dashes itself stands with it.
    found = (one for one in found if not one.legend_note.startswith("dashed"))
    shown = {shape.style.dash for one in found for shape in one.shapes}
    names = [word(state, language) for state, dash in DASHES.items() if dash in shown]
    listed = f"{comma(language)} ".join(names)
    return f"{word('caption-dashed', language)}: {listed}. " if names else ""


def references(cited: Iterable[str], spdx: Iterable[str], language: str) -> list[str]:
    """Return sources, attributions and licences as lines of Markdown."""
    known = sources()
    keys = [key for key in dict.fromkeys(cited) if key in known]
    lines = [f"{word('caption-sources', language)}:", ""]
    for key in keys:
        one = source(key)
        mark = f" ({basis('unverified', language)})" if one.state == "unverified" else ""
        lines.append(f"- {cell(one.citation)}{mark}")
    shown = "; ".join(attributions(keys))
    terms = sorted({*spdx, *(source(key).licence for key in keys)} - {""})
    if shown:
        lines += ["", word("caption-licences", language).format(shown, ", ".join(terms))]
    return lines


def signed(caption: str, command: str = "", language: str = "en") -> str:
    """Return a caption with the version and the command that made the figure."""
    # A file name may hold bytes that are no text.
    text = command.encode("utf-8", "backslashreplace").decode()
    key = "caption-made-by" if command else "caption-made"
    made = word(key, language).format(__version__, code(text))
    return f"{caption}\n\n{_sentence(made, language)}\n"
