"""The caption of a figure as Markdown: what it shows, how sure that is, whose data it is."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from borders.boundary import Boundary
from borders.catalogue import attributions, source, sources
from borders.measure import Measure
from borders.uncertainty import leg_sigma_m
from corridors.corridor import Corridor
from maps.layers import interval_km, licences, numbered, period
from maps.markdown import cell, code, table
from maps.style import STATES
from maps.words import projection_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from maps.layers import Layer
    from maps.projection import Extent

__all__ = ["map_caption", "references", "signed"]

_METHOD = (
    "Lengths and areas are geodesic on WGS84; brackets hold 95 % intervals. *Reach*: measured "
    "along a detailed line or taken from the railway graph; *published*: a figure that others "
    "give; *chain*: drawn through known places, times the sinuosity of its mode; *unverified*: "
    "nobody looked it up in a source."
)


def map_caption(
    found: Sequence[Layer],
    things: Sequence[Any],
    *,
    title: str,
    extent: Extent,
    cited: Iterable[str],
    on: date | None,
) -> str:
    """Return the caption of a map.

    Parameters
    ----------
    things : what was asked for; those with lengths are listed with them.
    cited : ids of all sources that the map shows, with those of the base map.
    """
    when = f" As of {on.isoformat()}." if on else ""
    lines = [
        f"**{cell(title)}.** {projection_note(extent, 'en')}.{when} The scale bar is right at the "
        "middle of the map. Country borders as OpenStreetMap draws them (2026).",
        "",
        "Shown:",
        "",
    ]
    # The id of a table may be one of its columns.
    known = {one.id: one for one in things if isinstance(getattr(one, "id", None), str)}
    signs = dict(numbered(found)) if len(found) > 1 else {}
    for one in found:
        sign = next((f"{n}. " for n, other in signs.items() if other is one), "- ")
        lines.append(sign + _entry(one, known.get(one.id)))
    single = things[0] if len(things) == 1 else None
    if isinstance(single, Boundary):
        lines += ["", "Legs, by their numbers on the map:", "", *_legs(single)]
    lines += ["", _styles(found) + _METHOD]
    return "\n".join([*lines, "", *references(cited, licences(found))])


def _entry(one: Layer, thing: Any) -> str:
    """Return a thing's name, state, length and error."""
    parts = [cell(one.name) + (f" ({one.state})" if one.state else "")]
    if isinstance(thing, (Boundary, Corridor)):
        parts.append(f"{interval_km(thing.length)}, {thing.length.label}")
        if isinstance(thing, Boundary) and thing.area is not None:
            parts.append(interval_km(thing.area, area=True))
        if isinstance(thing, Corridor):
            apart = f"±{thing.position_sigma_m / 1000:.2g} km"
            parts.append(f"drawn {thing.geometry_quality}, position {apart} (one standard error)")
        if thing.statuses:
            parts.append(period(thing.statuses[-1]))
    elif isinstance(getattr(thing, "length", None), Measure):
        parts.append(f"{interval_km(thing.length)}, {thing.length.label}")
    else:
        said = dict(one.shapes[0].rows).get("Way") if one.shapes else None
        parts.append(cell(said) if said else f"{len(one.shapes)} features")
    return "; ".join(parts) + "."


def _legs(thing: Boundary) -> list[str]:
    rows = []
    for leg in thing.legs:
        length = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.state)
        drawn = f"{leg.rule}, {leg.state}" + (", circular" if leg.circular else "")
        rows.append((str(leg.n), leg.words, interval_km(length), drawn, f"±{leg.sigma_m:,.0f} m",
                     leg.reading))  # fmt: skip
    return table(("leg", "words", "length (95 %)", "drawn", "position (1 σ)", "reading"), rows)


def _styles(found: Iterable[Layer]) -> str:
    """Return which dashes the map shows, in words."""
    shown = {shape.style.dash for one in found for shape in one.shapes}
    names = [state for state, dash in STATES.items() if dash in shown]
    return f"Dashed lines: {', '.join(names)}. " if names else ""


def references(cited: Iterable[str], spdx: Iterable[str]) -> list[str]:
    """Return sources, attributions and licences as lines of Markdown."""
    known = sources()
    keys = [key for key in dict.fromkeys(cited) if key in known]
    lines = ["Sources:", ""]
    for key in keys:
        one = source(key)
        mark = " (unverified)" if one.state == "unverified" else ""
        lines.append(f"- {cell(one.citation)}{mark}")
    shown = "; ".join(attributions(keys))
    terms = sorted({*spdx, *(source(key).licence for key in keys)} - {""})
    lines += ["", f"Data: {shown}. Licences of the data: {', '.join(terms)}; keep this line with "
              "the figure."]  # fmt: skip
    return lines


def signed(caption: str, command: str = "") -> str:
    """Return a caption with the version and the command that made the figure."""
    # A file name may hold bytes that are no text.
    text = command.encode("utf-8", "backslashreplace").decode()
    how = f" with {code(text)}" if command else ""
    return f"{caption}\n\nMade by Araxes {version('araxes')}{how}.\n"
