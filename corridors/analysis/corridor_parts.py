"""The parts of a corridor: its length by country; of a strip, its area by rayon and its towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from borders.compiler.area_by_country import OTHER, lengths_by_country
from borders.files.bundle import layer
from borders.gazetteer.places import places, towns, twins
from borders.geodesy import area_m2, length_m
from borders.guide_lines import COARSE_SIGMA_M
from borders.measure import Measure

if TYPE_CHECKING:
    from borders.gazetteer.places import Place
    from corridors.model.corridor import Corridor

__all__ = ["areas_by_rayon", "country_lengths", "places_inside"]

# Slivers that overlaying leaves along coinciding lines, as a share of the whole (an assumption).
_ROUNDING = 1e-6
# A line winds more in one country than in another: rms of six published parts, of BTC and of the
# South Caucasus Pipeline (tests/corridors/analysis/test_corridor_parts.py).
_PART_SIGMA = 0.03
_SETTLEMENTS = ("city", "town", "village", "settlement")


def country_lengths(corridor: Corridor) -> dict[str, Measure]:
    """Return how much of a corridor's length lies in each country, in metres.

    The length is shared out as the line is drawn; a border that it crosses may be off by the
    error of the drawing, which goes to both sides.

    Returns
    -------
    ISO 3166-1 alpha-2 code → length; ``other`` is what lies in none of the five countries.

    Examples
    --------
    >>> from corridors.model.corridor import corridor
    >>> [code for code in country_lengths(corridor("btc"))]
    ['TR', 'AZ', 'GE']
    """
    drawn = lengths_by_country(corridor.centreline)
    scale = corridor.length.value / sum(drawn.values())
    crossing_m = corridor.position_sigma_m if len(drawn) > 1 else 0.0
    whole = corridor.length
    return {
        code: Measure(
            value=metres * scale,
            sigma=_part_sigma(metres * scale, whole, crossing_m),
            basis=whole.basis,
            how="shared out as the line is drawn",
        )
        for code, metres in drawn.items()
        # A line that runs along a coast leaves slivers in the sea.
        if code != OTHER or metres > corridor.position_sigma_m
    }


def _part_sigma(part_m: float, whole: Measure, crossing_m: float) -> float:
    """Return the standard error of a part: of the whole, of its own winding, of its borders."""
    winding = _PART_SIGMA if crossing_m else 0.0
    relative = ((whole.sigma / whole.value) ** 2 + winding**2) ** 0.5
    return float(((part_m * relative) ** 2 + crossing_m**2) ** 0.5)


def areas_by_rayon(corridor: Corridor) -> dict[str, Measure]:
    """Return how much of a corridor's strip lies in each province or rayon, in square metres.

    The interval is the area that changes sides if the lines of Natural Earth are off by their
    error; the error of the strip itself is not in it. Empty of a corridor without a width.

    Examples
    --------
    >>> from corridors.model.corridor import corridor
    >>> areas_by_rayon(corridor("btk"))
    {}
    """
    strip = corridor.territory()
    if strip is None:
        return {}
    total = float(area_m2(strip))
    parts: dict[str, Measure] = {}
    for province in layer("provinces"):
        common = shapely.intersection(province.geometry, strip)
        if common.is_empty:
            continue
        part = float(area_m2(common))
        if part > _ROUNDING * total:
            edge = shapely.intersection(shapely.boundary(province.geometry), strip)
            name = f"{province.properties['name']} ({province.properties['country']})"
            own_m = province.properties.get("position_sigma_m")
            sigma_m = COARSE_SIGMA_M if own_m is None else float(own_m)
            sigma = sigma_m * float(length_m(edge))
            # A town with its own row has the name of the rayon around it.
            if name in parts:
                part += parts[name].value
                sigma = float((sigma**2 + parts[name].sigma ** 2) ** 0.5)
            parts[name] = Measure(
                value=part, sigma=sigma,
                basis="rayons of Natural Earth" if own_m is None else "outlines of the study",
                how=f"lines to ±{sigma_m / 1000:.1f} km",
            )  # fmt: skip
    return dict(sorted(parts.items(), key=lambda item: -item[1].value))


def places_inside(corridor: Corridor) -> tuple[Place, ...]:
    """Return the towns and villages inside a corridor's strip, the curated ones first.

    Examples
    --------
    >>> from corridors.model.corridor import corridor
    >>> "lachin" in [place.id for place in places_inside(corridor("lachin-2020"))]
    True
    """
    strip = corridor.territory()
    if strip is None:
        return ()
    shapely.prepare(strip)
    west, south, east, north = strip.bounds
    known = [p for p in places().values() if p.kind.split("/")[0].strip() in _SETTLEMENTS]
    twin = set(twins())
    known += [
        town
        for town in towns().values()
        if west <= town.lon <= east and south <= town.lat <= north
        and town.id not in twin
    ]  # fmt: skip
    return tuple(p for p in known if shapely.contains_xy(strip, p.lon, p.lat))
