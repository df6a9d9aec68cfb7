"""The caption of a figure as Markdown: what it shows, how sure that is, whose data it is."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from borders.boundary import Boundary
from borders.catalogue import attributions, source, sources
from borders.dates import period
from borders.measure import Measure
from borders.uncertainty import leg_sigma_m
from corridors.corridor import Corridor
from maps.layers import interval_km, licences, numbered
from maps.markdown import cell, code, table
from maps.style import STATES
from maps.words import comma, number, projection_note, right_to_left, word
from maps.words import day as written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from borders.dates import Status
    from maps.layers import Layer
    from maps.sheet import Sheet

__all__ = ["basis", "heads", "interval", "map_caption", "references", "signed", "when"]

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


def basis(label: str, language: str) -> str:
    """Return the words of a basis or a state, such as ``published+reach``, in a language."""
    if language == "en":
        return label
    parts = (word(f"basis-{part}", language) for part in label.split("+"))
    return "+".join(part.removeprefix("basis-") for part in parts)


def interval(measure: Measure, language: str, *, area: bool = False) -> str:
    """Return a length or an area with its 95 % interval, as the language writes it.

    Examples
    --------
    >>> from borders.measure import Measure
    >>> interval(Measure(value=43000.0, sigma=1000.0, basis="published"), "ru")
    '43,0 км (41,0–45,0)'
    """
    value, unit, rest = interval_km(measure, area=area).split(" ", maxsplit=2)
    unit = word("km2" if area else "km", language)
    return f"{number(value, language)} {unit} {number(rest, language)}"


def when(status: Status, language: str) -> str:
    """Return a status with its dates, in a language."""
    if language == "en":
        return period(status)
    cut = {"day": 10, "month": 7, "year": 4}[status.precision]
    ends = [
        None if one is None else written(one, language)[:cut]
        for one in (status.valid_from, status.valid_to)
    ]
    key = {(True, True): "from-to", (True, False): "since", (False, True): "until"}.get(
        (ends[0] is not None, ends[1] is not None), "undated"
    )
    dates = word(key, language).format(*(end for end in ends if end))
    mark = f"{comma(language)} {basis('unverified', language)}"
    return (
        f"{word(status.status, language)} ({dates}{mark if status.state == 'unverified' else ''})"
    )


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
    parts = [cell(str(called)) + (f" ({word(one.state, language)})" if one.state else "")]
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
        length = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.state)
        drawn = f"{leg.rule}, {leg.state}" + (", circular" if leg.circular else "")
        apart = f"±{number(f'{leg.sigma_m:,.0f}', language)} {word('metres', language)}"
        rows.append((str(leg.n), leg.words, interval(length, language), drawn, apart, leg.reading))
    return table(heads("leg words length-95 drawn position reading", language), rows)


def heads(keys: str, language: str) -> tuple[str, ...]:
    """Return the words of a table's head, by their ids."""
    return tuple(word(key, language) for key in keys.split())


def _styles(found: Iterable[Layer], language: str) -> str:
    """Return which dashes the map shows, in words."""
    # What a layer says of its dashes itself stands with it.
    found = (one for one in found if not one.state.startswith("dashed"))
    shown = {shape.style.dash for one in found for shape in one.shapes}
    names = [word(state, language) for state, dash in STATES.items() if dash in shown]
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
    made = word(key, language).format(version("araxes"), code(text))
    return f"{caption}\n\n{_sentence(made, language)}\n"
