"""What a scenario says of a link that it builds."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from borders import schema
from borders.errors import SchemaError
from corridors.settings import GAUGES, LARGEST

__all__ = ["Build", "read_build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A new link of a scenario; its path is that of a corridor file."""

    id: str
    mode: str
    path: tuple[dict[str, Any], ...] = field(hash=False)
    length_km: float | None = None
    sigma_km: float | None = None
    terrain: str = "hilly"
    gauge_mm: int = 1435
    speed_kmh: float | None = None
    delay_h: float | None = None
    source: str = "araxes"
    note: str = ""


def read_build(row: dict[str, Any], where: str) -> Build:
    """Return a new link from a row of a scenario file.

    Raises
    ------
    SchemaError : the row breaks the rules of `schema.csv`, or its path is none.
    UnknownNameError : no such place or guide line on its path.
    """
    typed = schema.check("build", row, where)
    gauge = typed["gauge_mm"]
    if gauge is not None and gauge not in GAUGES:
        message = f"{where}: gauge_mm is {gauge}; allowed: 1435, 1520"
        raise SchemaError(message)
    for column in ("length_km", "sigma_km", "speed_kmh", "delay_h"):
        least = 0.001 if column in ("length_km", "speed_kmh") else 0.0
        if typed[column] is not None and not least <= typed[column] <= LARGEST:
            message = (
                f"{where}: {column} is {typed[column]}; give a positive number, at most "
                f"{LARGEST:,.0f}"
            )
            raise SchemaError(message)
    from corridors.build import check_path

    check_path(typed["path"], where)
    kept = {key: value for key, value in typed.items() if value is not None}
    return Build(**{**kept, "path": tuple(deepcopy(typed["path"]))})
