"""The days that a page can be set to: those of the bundled data, or of a study's own dates."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.files.bundle import BUNDLED
from borders.files.toml import read_toml
from corridors.network.load import known_until, load_network

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIRST_DAY", "LAST_DAY", "page_days"]

# The days that a page of the bundled data can be set to.
FIRST_DAY, LAST_DAY = date(1918, 1, 1), date(2026, 12, 31)


@cache
def page_days() -> tuple[date, date]:
    """Return the first and the last day that a page can be set to.

    In a study they reach over whole years from its earliest date to its latest: of a status, a
    treaty, a scenario, a step of its story; beside the bundled data at least over those of these.
    """
    if BUNDLED.over is None:
        return FIRST_DAY, LAST_DAY
    texts = [path for path in BUNDLED.over.glob("*.toml") if path.is_file()]
    texts += [path for kind in ("treaties", "corridors", "scenarios") for path in BUNDLED.own(kind)]
    days = [FIRST_DAY, LAST_DAY] if BUNDLED.shows else [known_until()]
    days += [day for path in texts if path.suffix == ".toml" for day in _dates(read_toml(path))]
    for link in load_network().links:
        for status in link.statuses:
            days += filter(None, (status.valid_from, status.valid_to))
    return date(min(days).year, 1, 1), date(max(days).year, 12, 31)


def _dates(value: Any) -> Iterator[date]:
    """Yield the days in a file of TOML, however deep they stand."""
    if isinstance(value, datetime):
        return
    if isinstance(value, date):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _dates(below)
