"""What became of each link that was laid on real ways, as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely import LineString

from borders.measure import Measure
from maps.layers.model import Layer, Shape
from maps.style import Style

if TYPE_CHECKING:
    from corridors.osm.refine import LinkMatch, Refinement

__all__ = ["refinement_layers"]

_STYLES = {
    "matched": Style(colour="#1f6f50", width=2.6),
    "differs": Style(colour="#b44a00", width=3.4),
    "was": Style(colour="#777777", width=1.0, dash=(3, 3)),
    "left": Style(colour="#777777", width=1.6, dash=(1.5, 3.5)),
    "lacking": Style(colour="#5b3a8c", width=1.8),
}
_NAMES = {
    "matched": "matched", "differs": "matched, length differs", "was": "as drawn before",
    "left": "left as drawn", "lacking": "main roads that the network lacks",
}  # fmt: skip


def refinement_layers(refinement: Refinement) -> list[Layer]:
    """Return a layer for each outcome, one of the courses before, and one of roads lacking.

    Links outside of the extract are left out.
    """
    shapes: dict[str, list[Shape]] = {key: [] for key in _NAMES}
    for match in refinement.matches:
        if match.outside:
            continue
        shapes[match.outcome].append(_shape(match))
        if match.refined is not None:
            before = _shape(match, before=True)
            shapes["was"].append(before)
    maker = refinement.maker
    for road in refinement.lacking:
        shapes["lacking"].append(
            Shape(
                geometry=road.geometry, style=_STYLES["lacking"], title=road.title,
                measure=Measure(value=road.length_m, sigma=road.sigma_m, basis=maker.basis),
                rows=(("Class", road.road),), sources=tuple(filter(None, [maker.source])),
            )
        )  # fmt: skip
    return [
        Layer(
            id=f"refine-{key}", name=_NAMES[key], shapes=tuple(drawn), swatch=_STYLES[key],
            sources=tuple(dict.fromkeys(s for shape in drawn for s in shape.sources)),
        )
        for key, drawn in shapes.items()
        if drawn
    ]  # fmt: skip


def _shape(match: LinkMatch, *, before: bool = False) -> Shape:
    link = match.link if before or match.refined is None else match.refined
    stated = Measure(value=match.link.length_m, sigma=match.link.sigma_m, basis="")
    rows = [
        ("Outcome", match.outcome),
        ("Stated", f"{stated.km_text}, {match.link.basis}"),
        ("Off", f"{match.away_m / 1000:.1f} km at most" if match.away_m is not None else ""),
        ("Remark", match.reason),
    ]
    return Shape(
        geometry=LineString(link.xy), style=_STYLES["was" if before else match.outcome],
        title=f"{link.id}: {'as drawn before' if before else _NAMES[match.outcome]}",
        measure=Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis),
        rows=tuple(row for row in rows if row[1]), sources=(link.source,) if link.source else (),
    )  # fmt: skip
