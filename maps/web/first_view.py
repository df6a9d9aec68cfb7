"""What a page shows at first, and the choices of layers that it offers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corridors.analysis.compare import Row
    from maps.layers.model import Layer

__all__ = ["ROUTES_KEY", "at_first", "presets"]

# The switch of the routes compared, which are no layer of their own.
ROUTES_KEY = "routes"
# From so many borders and corridors, or layers of what documents name besides, on, all of them
# drawn at once hide one another (an assumption).
_MANY = 8
# Layers of a network that say little of the routes drawn over it.
_BESIDE = ("crossings", "network-ferry")
# What documents name besides, in the order of the choices; of many the first is shown.
_TOPICS = ("lands", "described", "sisters", "alliances")
# Corridors that no train or lorry takes.
_PIPED = ("pipeline", "ferry")


def at_first(layers: Sequence[tuple[str, Layer]], rows: Sequence[Row]) -> list[tuple[str, Layer]]:
    """Return the layers, each switched on or off as the page shows it at first.

    What was asked for is on. Of many borders and corridors only the corridors of the routes
    compared are on, or, where none are compared, what is in force and goes by rail or road. Over
    routes, crossings and ferries of the network are off. Of much that documents name besides only
    the lands are on: circles and arcs across a continent would hide them.

    Parameters
    ----------
    layers : with the key of each on the page.
    rows : the routes compared.
    """
    offered = presets(layers, rows)
    systems = [key for key, layer in layers if layer.group in ("borders", "corridors")]
    many = sum(layer.show for key, layer in layers if key in systems) > _MANY
    named = [key for key, layer in layers if layer.group == "documents" and layer.show]
    shown = {key for key, layer in layers if layer.show}
    if len(named) > _MANY:
        first = next((f"of-{topic}" for topic in _TOPICS if f"of-{topic}" in offered), "")
        shown -= set(named) - set(offered.get(first, named))
    if rows:
        shown -= set(_BESIDE)
    if many and rows:
        shown -= set(systems) - set(offered["routes"])
    elif many:
        shown -= {key for key, layer in layers if layer.mode in _PIPED or layer.ended}
    return [(key, replace(layer, show=key in shown)) for key, layer in layers]


def presets(layers: Sequence[tuple[str, Layer]], rows: Sequence[Row]) -> Mapping[str, list[str]]:
    """Return the choices of layers: name → keys of the layers that it shows.

    A choice that would show nothing is left out, and all of them where there is but one.
    """
    systems = [(key, layer) for key, layer in layers if layer.show]
    corridors = [(key, layer) for key, layer in systems if layer.group == "corridors"]
    network = [key for key, layer in systems if layer.group == "network"]
    on_the_way = _corridors_of(rows)
    choices = {
        "treaty": [key for key, layer in systems if layer.group == "borders"],
        "corridors": [key for key, layer in corridors if layer.mode not in _PIPED],
        "routes": [
            ROUTES_KEY,
            *(key for key in network if key not in _BESIDE),
            *(key for key, layer in corridors if layer.id in on_the_way),
        ]
        if rows
        else [],
        "pipelines": [key for key, layer in corridors if layer.mode == "pipeline"],
        **{f"of-{topic}": [key for key, layer in systems if layer.topic == topic]
           for topic in _TOPICS},
    }  # fmt: skip
    offered = {name: keys for name, keys in choices.items() if keys}
    if len(offered) < 2:
        return {"routes": offered["routes"]} if rows else {}
    everything = [ROUTES_KEY] * bool(rows) + [key for key, _ in systems]
    return {**offered, "everything": everything}


def _corridors_of(rows: Iterable[Row]) -> set[str]:
    """Return the ids of the corridors that the routes use."""
    routes = (row.way for row in rows if row.way)
    return {step.link.corridor for route in routes for step in route.steps if step.link.corridor}
