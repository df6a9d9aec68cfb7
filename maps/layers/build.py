"""The layers of a map, from the things that it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from borders.compiler.boundary import Boundary
from borders.errors import AraxesError
from borders.gazetteer.places import LANGUAGES
from corridors.context.systems import ContextSystem
from corridors.model.corridor import Corridor
from maps.layers.model import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["layers"]


def layers(
    things: Iterable[Any], *, language: str = "en", on: date | None = None
) -> tuple[Layer, ...]:
    """Return one layer per thing, or a few of districts, agreements, alliances and bases.

    Parameters
    ----------
    things : borders, corridors, anything else with ``to_gdf()``, or a GeoDataFrame in EPSG:4326;
        layers stay as they are. Of a large network, or of what is reached on one, only the main
        classes are drawn (`maps.layers.main_links`); the legend says what is left out.
    language : of the names: en, tr, az, hy, ka, ru or fa.
    on : leave out what did not exist on this day, and show the statuses of it.

    Raises
    ------
    AraxesError : the language is not one of these.
    """
    if language not in LANGUAGES:
        message = f"no language '{language}'; known: {', '.join(LANGUAGES)}"
        raise AraxesError(message)
    from maps.layers.systems import boundary_layer, corridor_layer

    drawn: list[Layer] = []
    for n, thing in enumerate(things, 1):
        if isinstance(thing, Layer):
            drawn.append(thing)
        elif isinstance(thing, Boundary):
            if on is None or thing.holds(on):
                drawn.append(boundary_layer(thing, language))
        elif isinstance(thing, Corridor):
            if on is None or thing.status(on) is not None:
                drawn.append(corridor_layer(thing, language, on))
        elif isinstance(thing, ContextSystem):
            from maps.layers.context import context_layers

            drawn += [
                replace(layer, name=layer.names.get(language, layer.name))
                for layer in context_layers(thing, on)
            ]
        else:
            from corridors.analysis.reach import Reach
            from corridors.network.network import Network
            from corridors.routing.route import Route
            from maps.layers.main_links import main_part
            from maps.layers.tables import table_layer

            if isinstance(thing, Reach):
                from maps.layers.access import outlined

                drawn.append(outlined(thing, n))
                continue
            shown, remark = main_part(thing)
            layer = table_layer(shown, n, on=on, of=thing if isinstance(thing, Network) else None)
            if remark:
                layer = replace(layer, legend_note=remark)
            if isinstance(thing, Route):
                from maps.layers.routes import route_name

                # Routes between the same two places differ by their scenarios.
                layer = replace(layer, name=route_name(thing, language))
            drawn.append(layer)
    return tuple(drawn)
