"""The strip of a corridor: its polygon, its area, and on what days there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import LineString, Polygon

    from borders.measure import Measure

__all__ = ["IN_BEING", "strip_area", "strip_polygon"]

# The strip of a corridor exists while people may use it under its regime, hindered or not.
IN_BEING = frozenset({"open", "blocked", "checkpoint"})


def strip_polygon(centreline: LineString, width_m: float) -> Polygon:
    """Return the strip as a polygon, EPSG:4326, half the width on each side of the centreline.

    Its ends are flat, where the centreline ends.
    """
    from borders.geodesy import buffer_m

    strip: Polygon = buffer_m(centreline, width_m / 2, cap="flat")
    return strip


def strip_area(strip: Polygon, width_m: float, length: Measure, basis: str) -> Measure:
    """Return the area of a strip in square metres.

    The drawn line is shorter than the corridor on the ground: the area is no smaller than that of
    the strip as drawn, and no larger than the upper end of the length's interval times the width.
    These two are taken as the ends of the 95 % interval.
    """
    from borders.geodesy import area_m2
    from borders.measure import Z95, Measure

    # A strip whose drawn line is longer than the stated length is as unsure the other way round.
    low, high = sorted((float(area_m2(strip)), length.high * width_m))
    sigma = (high - low) / (2 * Z95)
    how = "from the strip as drawn to the longest way times the width"
    return Measure(value=(low + high) / 2, sigma=sigma, basis=basis, how=how)
