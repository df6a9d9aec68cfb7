"""A profile as a chart: heights above, and below them error, status and countries."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from borders.measure import Z95
from maps.charts.canvas import ACCENT, DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.i18n import apart, interval, name_of, number, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell
from maps.tables.profile import profile_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.analysis.profile import Profile

__all__ = ["profile_chart"]

# Status → look of its stretch; others are light.
_LOOKS: dict[str, dict[str, Any]] = {
    "open": {"facecolor": MIDDLE, "edgecolor": MIDDLE},
    "in force": {"facecolor": MIDDLE, "edgecolor": MIDDLE},
    "closed": {"facecolor": ACCENT, "edgecolor": ACCENT},
    "planned": {"facecolor": "white", "edgecolor": DARK},
    "construction": {"facecolor": "white", "edgecolor": DARK, "hatch": "////"},
}
_OTHER = {"facecolor": LIGHT, "edgecolor": MIDDLE}
# Parts of the axes' height: the strips of countries and of status, the error above them, and where
# the heights begin.
_COUNTRIES, _STATUS, _ERROR, _HEIGHTS = (0.0, 0.07), (0.10, 0.15), (0.19, 0.31), 0.38


def profile_chart(
    found: Profile, *, title: str = "", language: str = "en", width: str | int = "180"
) -> Sheet:
    """Return the heights of a profile with its position error, status and countries.

    Without heights the error takes their place.

    Parameters
    ----------
    title : the name of the line if missing.

    Examples
    --------
    >>> from corridors import profile
    >>> len(profile_chart(profile("lachin-2020")).axes)
    1
    """
    title = title or name_of(found.names, found.name, language)
    high = found.height_m is not None and not np.isnan(found.height_m).all()
    with plain():
        content = Content(title=title, rows=22.0 if high else 13.0, key=list(_key(found, language)))
        canvas = Canvas(content, width=width, language=language)
        axes = canvas.axes
        km = found.at_m / 1000
        axes.set_xlim(0.0, float(km[-1]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=9))
        scale = 1.0 if high else 1.0 / (_HEIGHTS - 0.02)
        if high:
            _draw_heights(canvas, found)
        else:
            axes.set_yticks([])
            axes.set_ylim(0.0, 1.0)
        _draw_error(canvas, found, scale)
        _draw_strips(canvas, found, scale, language)
        canvas.label_axis(word("profile-along", language))
        if high:
            canvas.label_axis(f"{word('profile-height', language)}, {word('m', language)}",
                              vertical=True)  # fmt: skip
        caption = _caption(found, title, language)
        return canvas.sign(caption, found.sources)


def _draw_heights(canvas: Canvas, found: Profile) -> None:
    axes, km = canvas.axes, found.at_m / 1000
    assert found.height_m is not None
    assert found.low_height_m is not None
    assert found.high_height_m is not None
    axes.fill_between(km, found.low_height_m, found.high_height_m, color=DARK, alpha=0.18,
                      linewidth=0, zorder=2)  # fmt: skip
    axes.plot(km, found.height_m, color=DARK, linewidth=0.2 * canvas.text_pt, zorder=3)
    low, high = float(np.nanmin(found.low_height_m)), float(np.nanmax(found.high_height_m))
    reach = max(high - low, 10.0)
    # The heights take what is left above the strips.
    axes.set_ylim(low - reach * 1.04 * _HEIGHTS / (1 - _HEIGHTS), high + 0.04 * reach)
    ticks = MaxNLocator(nbins=6).tick_values(low, high)
    axes.set_yticks([tick for tick in ticks if low <= tick <= high + 0.04 * reach])
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: number(f"{v:,.10g}", canvas.language).replace("-", "−"))
    )
    axes.grid(axis="y", color="#d8d8d8", linewidth=0.06 * canvas.text_pt)


def _draw_error(canvas: Canvas, found: Profile, scale: float) -> None:
    """Draw how far the line may lie to either side, as an area on a scale of its own."""
    half_km = Z95 * np.array([part.position_sigma_m for part in found.parts]) / 1000
    most = float(half_km.max())
    if not most:
        return
    low, high = (share * scale for share in _ERROR)
    heights = low + (high - low) * half_km[found.part] / most
    axes = canvas.axes
    across = axes.get_xaxis_transform()
    axes.fill_between(found.at_m / 1000, low, heights, color=ACCENT, alpha=0.35, linewidth=0,
                      transform=across, zorder=2)  # fmt: skip
    text = f"±{number(f'{most:,.1f}', canvas.language)} {word('km', canvas.language)}"
    at = float(found.at_m[int(np.argmax(half_km[found.part]))]) / 1000
    canvas.write(text, (min(at, 0.97 * axes.get_xlim()[1]), high), xycoords=across, ha="left",
                 va="bottom", color="#8a3800")  # fmt: skip


def _draw_strips(canvas: Canvas, found: Profile, scale: float, language: str) -> None:
    axes = canvas.axes
    across = axes.get_xaxis_transform()
    low, high = (share * scale for share in _STATUS)
    for (status, _), (start, end) in _runs([(p.status, p.unbuilt) for p in _each(found)], found):
        axes.fill_between([start, end], low, high, transform=across, zorder=2,
                          linewidth=0.08 * canvas.text_pt,
                          **canvas.hatched(_LOOKS.get(status, _OTHER)))  # fmt: skip
    low, high = (share * scale for share in _COUNTRIES)
    for n, (code, (start, end)) in enumerate(_runs(found.countries, found)):
        axes.fill_between([start, end], low, high, transform=across, zorder=2,
                          color=LIGHT if n % 2 else "#e9edef", linewidth=0)  # fmt: skip
        text = apart(code, language)
        room = (end - start) / axes.get_xlim()[1] * canvas.width_pt
        if canvas.sheet.width_of(text, canvas.text_pt) < room:
            canvas.write(text, ((start + end) / 2, (low + high) / 2), xycoords=across, ha="center")


def _each(found: Profile) -> list[Any]:
    return [found.parts[int(n)] for n in found.part]


def _runs(values: Any, found: Profile) -> Iterator[tuple[Any, tuple[float, float]]]:
    """Return each run of one value with its beginning and end in kilometres, without gaps."""
    km = found.at_m / 1000
    start, n = 0.0, 0
    for value, group in groupby(values):
        n += sum(1 for _ in group)
        end = float(km[-1] if n == len(km) else (km[n - 1] + km[n]) / 2)
        yield value, (start, end)
        start = end


def _key(found: Profile, language: str) -> Iterator[KeyEntry]:
    if found.height_m is not None:
        look: dict[str, Any] = {"color": DARK, "linestyle": "-", "linewidth": 1.4}
        yield KeyEntry(text=word("profile-height", language), look=look)
        band = {"facecolor": DARK, "alpha": 0.18, "edgecolor": "none"}
        yield KeyEntry(text=word("profile-across", language), look=band)
    error = {"facecolor": ACCENT, "alpha": 0.35, "edgecolor": "none"}
    yield KeyEntry(text=word("profile-error", language), look=error)
    for status in dict.fromkeys(part.status for part in found.parts):
        if status:
            yield KeyEntry(text=word(status, language), look=_LOOKS.get(status, _OTHER))
    strip = {"facecolor": "#e9edef", "edgecolor": "none"}
    yield KeyEntry(text=word("profile-countries", language), look=strip)


def _caption(found: Profile, title: str, language: str) -> str:
    day = f", {found.on}" if found.on else ""
    dem = f" {word('profile-height', language)}: {cell(found.dem)}." if found.dem else ""
    lines = [f"**{cell(title)}{day}.** {interval(found.length, language)}.{dem}", "",
             profile_markdown(found), "", *references(found.sources, language)]  # fmt: skip
    return "\n".join(lines)
