"""A profile as a table that reads well at 80 columns: a row for each part of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from borders.measure import Z95
from maps.tables.markdown import table as markdown_table
from maps.tables.text import console, print_hanging

if TYPE_CHECKING:
    from corridors.analysis.profile import Profile

__all__ = ["profile_markdown", "show_profile"]

# Of kilometres, error and heights; countries, status and name follow, the name as far as it goes.
_WIDTHS = (13, 6, 13)


def show_profile(found: Profile) -> None:
    """Print the parts of a profile."""
    out = console()
    days = [f"on {found.on}"] if found.on else []
    out.print(f"[bold]{escape(found.name)}[/bold]{escape(', '.join(['', *days]))}")
    out.print(escape(f"{found.length.km_text}; 95 %"))
    heads: tuple[str, ...] = (
        ("km", "±km", "heights m") if found.height_m is not None else ("km", "±km")
    )
    out.print(_line(heads, "countries", "status", "part"))
    for row in found.part_rows():
        cells: tuple[str, ...] = (_span(row), _error(row))
        if found.height_m is not None:
            cells += (_heights(row),)
        status = f"{row['status'] or '–'}{' *' if row['unbuilt'] else ''}"
        out.print(escape(_line(cells, " ".join(row["countries"]) or "–", status, row["name"])))
    if any(row["unbuilt"] for row in found.part_rows()):
        out.print("* would first have to be built")
    if found.kind in ("border", "territory"):
        print_hanging("countries: to the left and right of the line, at the edges of its 95 % band")
    if found.height_m is None:
        print_hanging("heights: none without an elevation model; add --dem FILE")
    else:
        print_hanging(f"heights: lowest–highest on the line, from {found.dem}")


def _line(cells: tuple[str, ...], countries: str, status: str, name: str) -> str:
    numbers = "".join(f"{c:>{w}}" for c, w in zip(cells, _WIDTHS, strict=False))
    text = f"{numbers}  {_cut(countries, 10):<10} {_cut(status, 13):<13} "
    return text + _cut(name, max(12, 80 - len(text)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _span(row: dict[str, Any]) -> str:
    return f"{row['from_km']:.1f}–{row['to_km']:.1f}"


def _error(row: dict[str, Any]) -> str:
    """Return how far the line may lie to either side with 95 %, in kilometres."""
    sigma_m = row["position_sigma_m"]
    return "–" if sigma_m is None else f"{Z95 * sigma_m / 1000:.1f}"


def _heights(row: dict[str, Any]) -> str:
    if row["lowest_m"] is None:
        return "–"
    return f"{row['lowest_m']:,.0f}–{row['highest_m']:,.0f}"


def profile_markdown(found: Profile) -> str:
    """Return the parts of a profile as a Markdown table."""
    head = ("km", "± km (95 %)", "heights, m", "countries", "status", "basis", "part")
    rows = [
        (_span(row), _error(row), _heights(row),
         " ".join(row["countries"]), row["status"], row["basis"], row["name"])
        for row in found.part_rows()
    ]  # fmt: skip
    return "\n".join(markdown_table(head, rows))
