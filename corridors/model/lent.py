"""Averages of the South Caucasus and its neighbours that lines elsewhere borrow.

The speeds, delays, costs and the sinuosity of `data/network` were found on the roads and railways
of one region. A network of the user's own may lie anywhere; where it says nothing of its own these
values are the best at hand, and an answer that rests on them has to say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from borders.files.bundle import BUNDLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Point: TypeAlias = tuple[float, ...]

__all__ = ["BOUNDS", "COUNTRIES", "Lent", "in_words", "is_elsewhere", "is_outside", "merged"]

# The countries of the bundled network, and west, south, east and north around it in degrees.
COUNTRIES = frozenset(("AM", "AZ", "GE", "IR", "KZ", "RU", "TM", "TR"))
BOUNDS = (25.0, 34.0, 57.0, 47.0)
# Beginning of a key of assumptions.csv → what it is called in an answer, the first that fits.
_CALLED = (
    ("delay_h.crossing", "border time"), ("delay_h.transfer", "time of a transfer"),
    ("speed_kmh", "speed"), ("cost_usd_t", "cost"), ("sinuosity", "length of a chain"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """An average of the region that links elsewhere rest on.

    Parameters
    ----------
    key : of assumptions.csv, or ``sinuosity``.
    countries : of these links (ISO 3166-1 alpha-2), in alphabetical order; may be empty.
    """

    key: str
    countries: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Return what it is, in words: ``border time``."""
        return next((word for begin, word in _CALLED if self.key.startswith(begin)), self.key)


def is_elsewhere(course: Sequence[Point], countries: Iterable[str] = ()) -> bool:
    """Tell whether a line lies outside the region: by its countries, or by where it ends.

    Parameters
    ----------
    course : lon/lat pairs, EPSG:4326; may be empty.
    countries : ISO 3166-1 alpha-2 codes, as far as they are known.
    """
    if not BUNDLED.shows:
        # What a study without a base rests on is its own.
        return False
    if not COUNTRIES.issuperset(countries):
        return True
    ends = (course[0], course[-1]) if len(course) else ()
    return any(bool(is_outside(x, y)) for x, y, *_ in ends)


def is_outside(lon: Any, lat: Any) -> Any:
    """Tell whether a position lies outside `BOUNDS`, or each of an array of them."""
    west, south, east, north = BOUNDS
    return (lon < west) | (lon > east) | (lat < south) | (lat > north)


def in_words(values: Iterable[Lent]) -> str:
    """Return which averages of the region are used elsewhere, and where; empty if none is."""
    several = tuple(values)
    if not several:
        return ""
    called = dict.fromkeys(value.called for value in several)
    # The border comes last, where it stands out.
    listed = ", ".join(sorted(called, key=lambda word: word == "border time"))
    countries = sorted({code for value in several for code in value.countries})
    where = f"in {', '.join(countries)}" if countries else "outside it"
    return f"{listed}: average of the South Caucasus, used {where}"


def merged(parts: Iterable[tuple[str, Iterable[str]]]) -> tuple[Lent, ...]:
    """Return each key once, with the countries of all its lines, in order of first use."""
    countries: dict[str, set[str]] = {}
    for key, codes in parts:
        countries.setdefault(key, set()).update(codes)
    return tuple(Lent(key=key, countries=tuple(sorted(c))) for key, c in countries.items())
