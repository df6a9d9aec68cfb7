"""How many people lie within a limit under each scenario, and how a gain is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.routing.route import name_of as place_text
from maps.charts.canvas import ACCENT, DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.charts.lengths import place_name
from maps.i18n import basis, day, number, scenario_name, word
from maps.print.sheet import Sheet, plain
from maps.tables.access import access_markdown
from maps.tables.markdown import cell

if TYPE_CHECKING:
    from corridors.analysis.access import Access, Count

__all__ = ["access_chart"]

_SURE: dict[str, Any] = {"facecolor": DARK, "edgecolor": DARK}
_VALUE: dict[str, Any] = {"facecolor": MIDDLE, "edgecolor": MIDDLE}
_POSSIBLE: dict[str, Any] = {"facecolor": LIGHT, "edgecolor": MIDDLE}
# Height of a bar with its gap, and of the curves, in lines of text.
_BAR_ROWS, _CURVE_ROWS = 1.6, 13.5
_LINE_STYLES = ("-", "--", ":", "-.")


def access_chart(
    access: Access, *, title: str = "", language: str = "en", width: str | int = "180"
) -> Sheet:
    """Return people within the limit as bars, surely and possibly, and the curve of each gain.

    A bar's dark part lies surely inside, up to the middle one it is inside at the values, and the
    light part is possibly inside. Below, in an inset, is the Lorenz curve of each scenario's gain:
    the part of the gain that the people have who gain least.

    Parameters
    ----------
    access : what `corridors.access` gives.

    Examples
    --------
    >>> from corridors import access
    >>> access_chart(access("Kars", 100)).axes[0].get_label()
    'chart'
    """
    title = title or _title(access, language)
    gains = [n for n in range(1, len(access.scenarios)) if access.equity(n).gini is not None]
    with plain():
        labels = [_scenario(access, n, language) for n in range(len(access.scenarios))]
        content = Content(
            title=title, labels=labels,
            rows=_BAR_ROWS * len(labels) + (_CURVE_ROWS if gains else 0.6),
            key=_key(access, gains, language), notes=_notes(access, gains, language),
        )  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        for n in range(len(labels)):
            _bar(canvas, access, n)
        bottom = len(labels) - 0.4
        # Of the axes' height the bars take their share; the curves get what is below.
        if gains:
            bottom += _CURVE_ROWS / _BAR_ROWS
        canvas.axes.set_ylim(bottom, -0.6)
        counts = [access.count(n, of_people=True) for n in range(len(labels))]
        most = max(count.possibly for count in counts)
        # With room for the numbers behind the longest bar.
        room = max(
            canvas.sheet.width_of(_people(count, language), canvas.text_pt) for count in counts
        )
        share = max(1.0 - (room + canvas.text_pt) / canvas.width_pt, 1 / 6)
        canvas.axes.set_xlim(0, max(most, 1) / share)
        canvas.label_rows(range(len(labels)))
        canvas.label_axis(word("chart-people", language))
        if gains:
            _curves(canvas, access, gains)
        caption = f"**{cell(title)}.**\n\n{access_markdown(access)}"
        return canvas.sign(caption, ("geonames", "araxes"))


def _title(access: Access, language: str) -> str:
    limit = f"{number(f'{access.limit:g}', language)} {word(access.unit, language)}"
    origin = place_name(place_text(access.origin), language)
    return word("chart-access-title", language).format(limit, origin, day(access.on[0], language))


def _scenario(access: Access, n: int, language: str) -> str:
    scenario = access.scenarios[n]
    return scenario_name(scenario, language)


def _key(access: Access, gains: list[int], language: str) -> list[KeyEntry]:
    looks = {"inside-surely": _SURE, "inside": _VALUE, "inside-possibly": _POSSIBLE}
    bars = [KeyEntry(text=word(f"chart-{key}", language), look=look) for key, look in looks.items()]
    curves = [
        KeyEntry(text=word("chart-gain", language).format(_scenario(access, n, language)),
                 look={"color": ACCENT, "linewidth": 1.2,
                       "linestyle": _LINE_STYLES[k % len(_LINE_STYLES)]})
        for k, n in enumerate(gains)
    ]  # fmt: skip
    return bars + curves


def _notes(access: Access, gains: list[int], language: str) -> list[str]:
    notes = []
    for n in gains:
        equity = access.equity(n)
        numbers = (number(text, language) for text in (f"{equity.gini:.2f}", f"{equity.gainers:,}"))
        name = _scenario(access, n, language)
        notes.append(word("chart-gini", language).format(name, *numbers))
    return [*notes, word("chart-towns", language).format(basis(access.basis, language))]


def _bar(canvas: Canvas, access: Access, n: int) -> None:
    count = access.count(n, of_people=True)
    for people, look in ((count.possibly, _POSSIBLE), (count.value, _VALUE), (count.surely, _SURE)):
        canvas.axes.barh(n, people, height=0.62, linewidth=0.08 * canvas.text_pt, zorder=3, **look)
    canvas.write(
        _people(count, canvas.language), (count.possibly, n), shift=(0.4 * canvas.text_pt, 0)
    )


def _people(count: Count, language: str) -> str:
    """Return how many people are inside, with how many surely and possibly are."""
    texts = (number(f"{n:,}", language) for n in (count.value, count.surely, count.possibly))
    return "{} ({}–{})".format(*texts)


def _curves(canvas: Canvas, access: Access, gains: list[int]) -> None:
    """Draw the Lorenz curve of each gain below the bars."""
    from matplotlib.patches import Rectangle

    rows = _BAR_ROWS * len(access.scenarios) + _CURVE_ROWS
    inset = canvas.axes.inset_axes((0.12, 3.6 / rows, 0.5, 8.6 / rows), label="lorenz", zorder=5)
    inset.plot((0, 1), (0, 1), color=MIDDLE, linewidth=0.08 * canvas.text_pt)
    for k, n in enumerate(gains):
        inset.plot(*access.lorenz(n), color=ACCENT, linewidth=0.18 * canvas.text_pt,
                   linestyle=_LINE_STYLES[k % len(_LINE_STYLES)])  # fmt: skip
    # Hides the lines of the bars' axis behind ticks and names too.
    canvas.axes.add_patch(
        Rectangle((0.0, 0.3 / rows), 0.7, (_CURVE_ROWS - 0.8) / rows, facecolor="white", zorder=2,
                  transform=canvas.axes.transAxes)
    )  # fmt: skip
    inset.set_xlim(0, 1)
    inset.set_ylim(0, 1)
    inset.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    inset.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    inset.tick_params(labelsize=0.9 * canvas.text_pt, length=0.3 * canvas.text_pt)
    for side in ("top", "right"):
        inset.spines[side].set_visible(False)
    inset.set_xlabel(word("chart-least-first", canvas.language), fontsize=0.9 * canvas.text_pt)
    inset.set_ylabel(word("chart-of-the-gain", canvas.language), fontsize=0.9 * canvas.text_pt)
