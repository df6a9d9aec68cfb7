"""What lies within a limit of a place as layers: lines, and towns inside, gained and lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from borders.measure import Measure
from corridors.analysis.reach import reach
from corridors.routing.route import name_of
from maps.layers.model import Layer, Shape
from maps.style import Style

if TYPE_CHECKING:
    from corridors.analysis.access import Access, Site
    from corridors.network.network import Network

__all__ = ["access_layers"]

# Lines under the first scenario; what others add. Dark and light as well as blue and orange, for
# print in grey.
_BASE = Style(colour="#1f3b4d", width=1.6)
_ADDED = (
    Style(colour="#c04f00", width=2.6),
    Style(colour="#8c2d9a", width=2.6, dash=(8, 3)),
    Style(colour="#00756a", width=2.6, dash=(3, 3)),
)
_TOWNS = {
    "inside": Style(colour="#1f3b4d", width=2.0),
    "gained": Style(colour="#c04f00", width=3.2),
    "lost": Style(colour="#8c2d9a", width=3.2),
    "possibly inside": Style(colour="#8a8a8a", width=1.6),
}
_SOURCE = ("geonames",)


def access_layers(access: Access, *, network: Network) -> list[Layer]:
    """Return the lines that are reached under each scenario, and the towns there by what changes.

    Towns are gained or lost against the first scenario under one at least of the others.

    Parameters
    ----------
    network : the one that was asked.
    """
    layers = []
    drawn: set[bytes] = set()
    for n, scenario in enumerate(access.scenarios):
        area = reach(access.origin, access.limit, scenario=scenario, terms=access.terms,
                     network=network)  # fmt: skip
        look = _BASE if n == 0 else _ADDED[(n - 1) % len(_ADDED)]
        shapes = []
        for link, line in area.stretches:
            key = shapely.to_wkb(line)
            if key in drawn:
                continue
            drawn.add(key)
            shapes.append(
                Shape(geometry=line, style=look, title=link.name or link.id,
                      measure=Measure(value=link.length_m, sigma=link.sigma_m,
                                      basis=link.basis),
                      sources=(link.source,) if link.source else (), link=link.id)
            )  # fmt: skip
        if shapes:
            more = "" if n == 0 else ", besides"
            sources = dict.fromkeys(key for shape in shapes for key in shape.sources)
            layers.append(
                Layer(id=f"access-lines-{n}", name=f"{access.name}, {scenario.id}{more}",
                      shapes=tuple(shapes), sources=tuple(sources), swatch=look)
            )  # fmt: skip
    return layers + _town_layers(access)


def _town_layers(access: Access) -> list[Layer]:
    """Return one layer for the towns of each kind: inside, gained, lost, possibly inside."""
    kinds: dict[str, list[Site]] = {key: [] for key in _TOWNS}
    for site in access.sites:
        if site.place_class == "gazetteer":
            kind = _kind(access, site)
            if kind:
                kinds[kind].append(site)
    layers = []
    for kind, sites in kinds.items():
        if not sites:
            continue
        look = _TOWNS[kind]
        people = sum(site.people for site in sites)
        shapes = tuple(
            Shape(geometry=shapely.Point(site.lon, site.lat), style=look, title=site.name,
                  rows=_rows(access, site), sources=_SOURCE)
            for site in sites
        )  # fmt: skip
        layers.append(
            Layer(id=f"access-{kind.replace(' ', '-')}", shapes=shapes, sources=_SOURCE,
                  name=f"towns {kind}: {len(sites):,}, {people:,} people", swatch=look)
        )  # fmt: skip
    return layers


def _kind(access: Access, site: Site) -> str:
    """Return the layer of a town, empty for one that is outside even possibly."""
    changes = {site.change(access.limit, n) for n in range(len(access.scenarios))}
    for kind in ("gained", "lost", "inside"):
        if kind in changes:
            return kind
    return "possibly inside" if min(site.lows) <= access.limit else ""


def _rows(access: Access, site: Site) -> tuple[tuple[str, str], ...]:
    """Return what the card of a town says: people, and what it takes to get there."""
    rows = [("people", f"{site.people:,}" if site.people else "not known")]
    for n, scenario in enumerate(access.scenarios):
        value = "no way"
        if site.costs[n] < float("inf"):
            value = f"{site.costs[n]:,.1f} {access.unit} ({site.lows[n]:,.1f}–{site.highs[n]:,.1f})"
        rows.append((f"{name_of(access.origin)}, {scenario.id}", value))
    return tuple(rows)
