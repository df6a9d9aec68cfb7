"""Published flows as layers: lorries a day and tonnes a year, by the width of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from corridors.context.flows import capacity_of, loads
from maps.layers.model import Layer, Shape
from maps.style import Style

if TYPE_CHECKING:
    from corridors.context.flows import Load
    from corridors.network.link import Link
    from corridors.network.network import Network

__all__ = ["flow_layers"]

# Unit → title and colour of its layer; dark and light, for print in grey.
_LAYERS = {
    "lorries/day": ("lorries a day", "#7a4b00"), "Mt/year": ("million tonnes a year", "#1f3b4d")
}  # fmt: skip
# Width of the largest flow of a unit, and the least that still shows, in pixels.
_MOST, _LEAST = 11.0, 1.5
# How far the links on either side of a crossing are drawn with it.
_APPROACH_M = 15_000.0


def flow_layers(network: Network) -> list[Layer]:
    """Return a layer for each unit of flow, the widest the largest; none where nothing is known.

    Corridors and ferries are drawn whole, a crossing with the first 15 km of the links on either
    side. Width grows with the flow itself, so that twice the traffic is twice as wide.

    Parameters
    ----------
    network : whose links are drawn.
    """
    layers = []
    for unit, (title, colour) in _LAYERS.items():
        shown = [load for load in loads(unit) if load.place in network.groups]
        if not shown:
            continue
        most = max(load.value for load in shown)
        shapes = tuple(
            shape
            for load in shown
            for shape in _shapes(network, load, _width(load.value / most), colour)
        )
        sources = dict.fromkeys(key for shape in shapes for key in shape.sources)
        largest = f"{most:,.3g}" if most < 100 else f"{most:,.0f}"
        layers.append(
            Layer(id=f"flow-{unit.replace('/', '-')}", shapes=shapes, sources=tuple(sources),
                  name=f"{title}, up to {largest}",
                  swatch=Style(colour=colour, width=0.5 * _MOST),
                  legend_note="wider: more")
        )  # fmt: skip
    return layers


def _width(share: float) -> float:
    return max(_LEAST, _MOST * share)


def _shapes(network: Network, load: Load, width: float, colour: str) -> list[Shape]:
    """Return the links of a crossing or corridor, drawn as wide as its flow.

    Links that follow one another are one line: wide strokes would part at its bends.
    """
    look = Style(colour=colour, width=width)
    links = [link for link in network.groups[load.place] if link.xy]
    name = next((link.name for link in links if link.name), load.place)
    rows = [("flow", load.text)]
    limit = capacity_of(load.place, load.unit)
    rows += [("capacity", limit.text)] if limit else []
    sources = tuple(dict.fromkeys(part.source for part in load.parts))
    lines = []
    for link in links:
        line = shapely.LineString(link.xy)
        # A border crossing is a few hundred metres long: alone nobody would see it.
        if link.crossing == load.place and link.mode != "ferry":
            line = _with_approaches(network, link)
        lines.append(line)
    merged = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(lines)))
    return [
        Shape(geometry=line, style=look, title=f"{name}: {load.text}", rows=tuple(rows),
              sources=sources)
        for line in merged
    ]  # fmt: skip


def _with_approaches(network: Network, crossing: Link) -> Any:
    """Return the course of a crossing with the beginning of a link on either side."""
    from borders.geodesy import length_m, slice_between

    parts = [list(crossing.xy)]
    for node, before in ((crossing.start, True), (crossing.end, False)):
        for link in network.links:
            if link.mode != crossing.mode or link.id == crossing.id or not link.xy:
                continue
            if node not in (link.start, link.end):
                continue
            line = shapely.LineString(link.xy if link.start == node else link.xy[::-1])
            near = slice_between(line, 0.0, min(_APPROACH_M, float(length_m(line))))
            course = list(near.coords)
            parts = [course[::-1], *parts] if before else [*parts, course]
            break
    return shapely.LineString([point for part in parts for point in part])
