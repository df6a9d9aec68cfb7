"""Units of a treaty's time, with exact factors.

The Russian foot was the English one, seven feet a sazhen and five hundred sazhens a verst (decree
of 11 October 1835); the foot is taken as 0.3048 m, which is 2 parts in a million from the English
foot of the 1920s and far below any error here.
"""

from __future__ import annotations

from borders.errors import SchemaError

__all__ = ["METRES", "metres"]

_FOOT_M = 0.3048
# The international mile (5,280 feet) and the nautical mile of 1929.
_MILE_M, _NAUTICAL_MILE_M = 5280 * _FOOT_M, 1852.0
_SAZHEN_M = 7 * _FOOT_M
_VERST_M = 500 * _SAZHEN_M

METRES = {
    "m": 1.0,
    "km": 1000.0,
    "ft": _FOOT_M,
    "sazhen": _SAZHEN_M,
    "verst": _VERST_M,
    "mi": _MILE_M,
    "nmi": _NAUTICAL_MILE_M,
}


def metres(value: float, unit: str) -> float:
    """Return a length in metres.

    Raises
    ------
    SchemaError : the unit is not known; the message lists those that are.

    Examples
    --------
    >>> round(metres(8, "verst"), 1), round(metres(10282, "ft"))
    (8534.4, 3134)
    """
    if unit not in METRES:
        message = f"no unit '{unit}'; known: {', '.join(METRES)}"
        raise SchemaError(message)
    return value * METRES[unit]
