"""Values that scenarios set: speeds, delays, costs and gauges, by key."""

from __future__ import annotations

from math import inf, isfinite, nan
from numbers import Real
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError
from borders.files import schema
from corridors.network.rates import LARGEST, SLOWEST_KMH

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GAUGES_MM", "SETTABLE", "read_settings"]

# Columns of a link that `set` may change, and the least value of each.
SETTABLE = {"speed_kmh": SLOWEST_KMH, "delay_h": 0.0, "cost_usd_t": 0.0, "gauge_mm": 300.0}
# The narrowest and the widest gauge that railways have, in millimetres.
GAUGES_MM = (300, 3000)
# TOML reads a.b.c = 1 as a table in a table in a table; no key of a scenario has more parts.
DEEPEST = 8


def read_settings(table: dict[str, Any], where: str) -> Iterable[tuple[str, float]]:
    """Yield key and value of each setting of a scenario.

    Raises
    ------
    SchemaError : a key that sets nothing, or a value out of range.
    """
    from corridors.network.rates import assumption_groups, assumptions

    for key, value in _dotted(table, where):
        column = key.rpartition(".")[2]
        known = key in assumptions() or key in assumption_groups()
        if not known and column not in SETTABLE:
            message = f"{where}: {_no_setting(key)}"
            raise SchemaError(message)
        number = _number(value)
        if not isfinite(number):
            # Of a number too large for a float the digits are too many to be shown.
            shown = value if number != inf else number
            message = f"{where}: '{key}' is {shown!r}; write a number"
            raise SchemaError(message)
        # Of a key such as speed_kmh.road.plain the column is the first part.
        least = next((SETTABLE[part] for part in key.split(".") if part in SETTABLE), 0.0)
        if number > LARGEST:
            message = f"{where}: '{key}' is {value}; it must be {LARGEST:,.0f} or less"
            raise SchemaError(message)
        if number < least or (column == "gauge_mm" and not _is_gauge(number)):
            what = f"{least:g} or more"
            if column == "gauge_mm":
                what = "a whole number of mm from {} to {}".format(*GAUGES_MM)
            message = f"{where}: '{key}' is {value}; it must be {what}"
            raise SchemaError(message)
        yield key, number


def _is_gauge(number: float) -> bool:
    return number.is_integer() and GAUGES_MM[0] <= number <= GAUGES_MM[1]


def _number(value: object) -> float:
    """Return a value as a float; NaN if it is no number, infinity if it is too large for one."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return nan
    try:
        return float(value)
    except OverflowError:
        return inf


def _no_setting(key: str) -> str:
    """Return the message that a key sets nothing, with the key that was likely meant."""
    from corridors.network.rates import meant

    if key in schema.columns("scenario"):
        return f"'{key}' stands below [set]; move it above [set]"
    hint = meant(key) or f"known columns: {', '.join(SETTABLE)}"
    return f"'{key}' is no key of assumptions.csv, nor a link's id with a column; {hint}"


def _dotted(
    table: dict[str, Any], where: str, above: tuple[str, ...] = ()
) -> Iterable[tuple[str, Any]]:
    """Yield dotted keys and their values: TOML reads a.b = 1 as a table in a table."""
    if len(above) > DEEPEST:
        message = f"{where}: '{'.'.join(above)[:60]}…' is nested too deeply; write one key a value"
        raise SchemaError(message)
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, where, (*above, key))
        else:
            yield ".".join((*above, key)), value
