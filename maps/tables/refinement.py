"""What became of each link that was laid on real ways, as texts that read well at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.tables.markdown import table
from maps.tables.text import console, print_hanging, print_table

if TYPE_CHECKING:
    from corridors.osm.refine import LinkMatch, Refinement

__all__ = ["markdown_lines", "show_refinement"]


def _interval(row: dict[str, float], prefix: str) -> str:
    """Return a length in km with its 95 % interval, empty if there is none."""
    if row[f"{prefix}km"] is None:
        return ""
    km, low, high = (f"{row[f'{prefix}{key}']:,.1f}" for key in ("km", "low_km", "high_km"))
    return f"{km} ({low}–{high})"


def show_refinement(refinement: Refinement, out: str) -> None:
    """Print the links that were matched, those that differ, those left and why, lacking roads."""
    for outcome, title in (
        ("matched", "Matched: lengths agree"),
        ("differs", "Matched: lengths differ by more than both errors, at 95 %"),
    ):
        rows = [m for m in refinement.matches if m.outcome == outcome]
        if rows:
            console().print(f"[bold]{title}[/bold]")
            columns = ("link", "stated km (95 %)", _real_km(refinement), "off km")
            print_table(columns, [_cells(match) for match in rows])
            for match in rows:
                if match.reason:
                    print_hanging(f"{match.link.id}: {match.reason}")
            console().print()
    left = [m for m in refinement.matches if m.outcome == "left" and not m.outside]
    if left:
        console().print("[bold]Left as drawn[/bold]")
        for match in left:
            print_hanging(f"{match.link.id}: {match.reason}")
        console().print()
    if refinement.lacking:
        console().print("[bold]Main roads of the extract that the network lacks[/bold]")
        columns = ("number", "km (95 %)", "class", "name")
        print_table(columns, [
            (r.ref or "–", _interval(r.row(), ""), r.road, r.name) for r in refinement.lacking
        ])  # fmt: skip
        console().print()
    for line in _sums(refinement, out):
        print_hanging(line)


def _real_km(refinement: Refinement) -> str:
    return f"{'OSM' if refinement.maker.is_osm else 'real'} km (95 %)"


def _cells(match: LinkMatch) -> tuple[str, str, str, str]:
    row = match.row()
    return (
        match.link.id, _interval(row, ""), _interval(row, "osm_"),
        f"{(match.away_m or 0) / 1000:.1f}",
    )  # fmt: skip


def _sums(refinement: Refinement, out: str) -> list[str]:
    """Return how many links had each outcome, and what they were matched to."""
    counts = refinement.counts()
    done = counts["matched"] + counts["differs"]
    total = len(refinement.matches)
    lines = [
        f"{out}: {done} of {total} schematic links lie on real ways now, {counts['differs']} of "
        f"them with another length than stated; {counts['left']} are left as drawn, "
        f"{counts['outside']} of them outside the extract"
    ]
    if refinement.surveyed:
        lines.append(f"  {refinement.surveyed} links lay on real ways before and stay as they are")
    extracts = [
        f"  {extract['name']}, as of {extract['date'] or 'an unknown day'}"
        for extract in refinement.extracts
    ]
    attribution = refinement.maker.attribution
    return [*lines, *extracts, *([f"  {attribution}"] if attribution else [])]


def markdown_lines(refinement: Refinement) -> list[str]:
    """Return the lines of the tables in Markdown; links outside of the extract are counted."""
    real = _real_km(refinement)
    head = ("link", "outcome", "stated km (95 %)", "basis", real, "off km", "remark")
    rows = []
    for match in refinement.matches:
        if match.outside:
            continue
        row = match.row()
        off = "" if match.away_m is None else f"{match.away_m / 1000:.1f}"
        rows.append((
            match.link.id, match.outcome, _interval(row, ""), match.link.basis,
            _interval(row, "osm_"), off, match.reason,
        ))  # fmt: skip
    lines = table(head, rows)
    if refinement.lacking:
        basis = refinement.maker.basis
        roads = [(r.ref, r.name, r.road, _interval(r.row(), ""), basis) for r in refinement.lacking]
        lines += ["", *table(("number", "name", "class", "km (95 %)", "basis"), roads)]
    counts = refinement.counts()
    outside = f"{counts['outside']} more links lie outside the extract."
    attribution = refinement.maker.attribution
    return [*lines, "", outside, *(["", f"Data {attribution}."] if attribution else [])]
