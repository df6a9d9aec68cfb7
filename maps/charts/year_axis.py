"""A horizontal axis of years, whose scale may change in one year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.ticker import FixedLocator, FuncFormatter

from maps.charts.canvas import DARK
from maps.i18n import number, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from maps.charts.canvas import Canvas

__all__ = ["YearAxis", "decimal_year"]

# Most dates are recent, so the scale of the axis changes in this year; the years before it take
# this share of the width (assumptions).
_BREAK_YEAR, _SHARE_BEFORE = 2017.0, 0.42
# Ticks lie so many years apart, the fewest that leave each the room of its number.
_STEPS = (1, 2, 5, 10, 20)
# Years marked before the change of scale: as many as there is room for.
_TICKS_BEFORE = (
    (1880, 1900, 1920, 1940, 1960, 1980, 2000), (1880, 1920, 1950, 1980), (1880, 1920, 1970),
    (1920,),
)  # fmt: skip


def decimal_year(day: date) -> float:
    """Return a day as a year with decimals.

    Examples
    --------
    >>> decimal_year(date(2021, 1, 1))
    2021.0
    """
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAxis:
    """Years as positions from 0 to 1.

    Parameters
    ----------
    first, last : years at its ends.
    broken : whether the scale changes in 2017.
    """

    first: float
    last: float
    broken: bool

    @classmethod
    def around(cls, days: Iterable[date | None]) -> YearAxis:
        """Return the axis of some days; it is broken if they span its year by far."""
        years = [decimal_year(day) for day in days if day is not None]
        first, last = min(years), max(years)
        room = max(0.03 * (last - first), 0.02)
        broken = first < _BREAK_YEAR - 20 and last > _BREAK_YEAR + 2
        return cls(first=first - room, last=last + (0.3 if broken else room), broken=broken)

    def at(self, year: float) -> float:
        """Return the position of a year."""
        if not self.broken:
            return (year - self.first) / (self.last - self.first)
        if year <= _BREAK_YEAR:
            return _SHARE_BEFORE * (year - self.first) / (_BREAK_YEAR - self.first)
        after = (year - _BREAK_YEAR) / (self.last - _BREAK_YEAR)
        return _SHARE_BEFORE + (1 - _SHARE_BEFORE) * after

    def position(self, day: date) -> float:
        """Return the position of a day."""
        return self.at(decimal_year(day))

    def year(self, position: float) -> float:
        """Return the year at a position, the inverse of `at`."""
        if not self.broken:
            return self.first + position * (self.last - self.first)
        if position <= _SHARE_BEFORE:
            return self.first + position / _SHARE_BEFORE * (_BREAK_YEAR - self.first)
        after = (position - _SHARE_BEFORE) / (1 - _SHARE_BEFORE)
        return _BREAK_YEAR + after * (self.last - _BREAK_YEAR)

    def notes(self, language: str) -> list[str]:
        """Return what a reader must know of the axis."""
        if not self.broken:
            return []
        return [word("scale-break", language).format(number(f"{_BREAK_YEAR:.0f}", language))]

    def draw(self, canvas: Canvas, language: str) -> None:
        """Set the limits and the ticks of a canvas, and draw where the scale changes."""
        axes = canvas.axes
        axes.set_xlim(0, 1)
        if self.broken:
            ticks = self._broken_ticks(canvas)
        elif self.last - self.first < 2:
            ticks = self._months()
        else:
            ticks = self._even_ticks(canvas)
        axes.xaxis.set_major_locator(FixedLocator([self.at(year) for year in ticks]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: self._text(v, language)))
        if self.broken:
            axes.axvline(
                _SHARE_BEFORE, color=DARK, linewidth=0.1 * canvas.text_pt, linestyle=(0, (2, 2))
            )

    def _text(self, position: float, language: str) -> str:
        year = self.year(position)
        if self.broken or self.last - self.first >= 2:
            return number(f"{year:.0f}", language)
        whole = int(year + 1e-6)
        return f"{whole}-{round((year - whole) * 12) + 1:02d}"

    def _broken_ticks(self, canvas: Canvas) -> list[float]:
        # A tick's year needs a room of 3.4 sizes of letters (an assumption).
        years = self.last - _BREAK_YEAR
        room = canvas.width_pt * (1 - _SHARE_BEFORE) / years / canvas.text_pt
        step = 1 if room > 3.4 else 2 if room > 1.7 else 4
        recent = range(int(_BREAK_YEAR), int(self.last) + 1, step)
        shown = [[year for year in years if year >= self.first] for years in _TICKS_BEFORE]
        before = next(
            (
                years
                for years in shown
                if canvas.width_pt * self._least_gap([*years, _BREAK_YEAR]) >= 3.0 * canvas.text_pt
            ),
            shown[-1],
        )
        return [float(year) for year in (*before, *recent)]

    def _least_gap(self, years: Sequence[float]) -> float:
        """Return the least distance between years that follow one another, as `at` measures."""
        return min(self.at(b) - self.at(a) for a, b in pairwise(years))

    def _even_ticks(self, canvas: Canvas) -> list[float]:
        years = self.last - self.first
        most = canvas.width_pt / (4.0 * canvas.text_pt)
        step = next((step for step in _STEPS if years / step <= most), _STEPS[-1])
        start = int(-(-self.first // step) * step)
        return [float(year) for year in range(start, int(self.last) + 1, step)]

    def _months(self) -> list[float]:
        months = range(int(self.first * 12) + 1, int(self.last * 12) + 1)
        step = max(1, len(months) // 6)
        return [month / 12 for month in months[::step]]
