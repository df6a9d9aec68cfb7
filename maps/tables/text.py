"""Tables and texts that read well at 80 columns."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from borders.compiler.boundary import Boundary
from borders.dates import period, status_on
from borders.errors import visible
from borders.files.bundle import BUNDLED
from borders.files.catalogue import sources
from borders.measure import rounded
from corridors.context.flows import flows_of
from corridors.context.pipelines import pipeline_of
from maps.i18n import interval_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.text import Text

    from borders.dates import Status
    from borders.gazetteer.places import Place
    from borders.measure import Measure
    from corridors.analysis.verdicts import Verdict
    from corridors.model.corridor import Corridor
    from corridors.model.registry import System

__all__ = [
    "console",
    "print_entries",
    "print_hanging",
    "print_item",
    "print_table",
    "show_alike",
    "show_legs",
    "show_place",
    "show_system",
    "show_verdicts",
    "systems_table",
]

# Columns that are set to the right.
_RIGHT = {
    "km",
    "hours",
    "USD/t",
    "95 %",
    "best",
    "ties",
    "ways apart",
    "places",
    "people",
    "places gained",
    "people gained",
    "places lost",
    "rows",
    "σ m",
    "score",
    "km from\nneighbours",
    "ambi-\nguity",
}


class _Console(Console):
    def print(self, *objects: Any, **options: Any) -> None:
        """Print; a pipe or a file gets no blanks at the ends of lines."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **options)
        self.file.write("\n".join(line.rstrip() for line in captured.get().split("\n")))

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text as it is shown: control characters of names are visible signs."""
        return super().render_str(visible(text), **options)

    def on_broken_pipe(self) -> NoReturn:
        """Raise instead of exiting with code 1, as rich does; `maps.cli.main` then ends quietly."""
        raise BrokenPipeError


def console() -> Console:
    """Return a terminal without rich's own highlighting of ids and numbers."""
    stated = os.environ.get("COLUMNS")
    # 0 stands for a width that is not known; rich would print on no column.
    return _Console(highlight=False, width=80 if stated and not stated.strip("0") else None)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, fold_first: bool = False
) -> None:
    """Print a table, long texts folded; those of the first column only if asked for."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for n, name in enumerate(columns):
        table.add_column(
            name,
            justify="right" if name in _RIGHT else "left",
            no_wrap=n == 0 and not fold_first,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def print_entries(rows: Iterable[Sequence[str]]) -> None:
    """Print an id, what goes with it and, below it and set in, a longer text for each row."""
    out = console()
    for key, note, text in rows:
        out.print(f"[bold]{escape(key)}[/bold]" + f"  {escape(note)}" * bool(note))
        if text:
            _print_indented(text)


def _print_indented(text: str) -> None:
    """Print a text set in, below what it belongs to."""
    console().print(Padding(escape(text), (0, 0, 0, 4), expand=False))


def print_hanging(text: str) -> None:
    """Print a text whose further lines are set in."""
    from textwrap import wrap

    out = console()
    for line in wrap(text, out.width, subsequent_indent="    ", break_on_hyphens=False):
        _print_plain(line)


def _print_plain(text: str) -> None:
    """Print a line as it is, whatever brackets it holds."""
    console().print(escape(text))


def systems_table(systems: Iterable[System]) -> None:
    """Print every system with its length, interval, basis and latest status."""
    rows = []
    for system in systems:
        km, interval = _range(system.length)
        status = system.statuses[-1].status if system.statuses else ""
        rows.append((system.id, km, interval, system.length.label, status))
    print_table(("system", "km", "95 % interval", "basis", "latest status"), rows)


def _range(measure: Measure) -> tuple[str, str]:
    """Return a length and its 95 % interval, in kilometres."""
    km, low, high = rounded(*(x / 1000 for x in (measure.value, measure.low, measure.high)))
    return km, f"{low}–{high}"


def show_system(system: System, day: date | None) -> None:
    """Print one system in full."""
    out = console()
    out.print(f"[bold]{escape(system.name)}[/bold] ({system.id}, {system.kind})")
    others = [f"{code}: {name}" for code, name in system.names.items() if code != "en"]
    if others:
        _print_plain("  ".join(others))
    out.print()
    for label, text in _labelled_lines(system, day):
        print_item(label, text)
    said = system.treaty.note if isinstance(system, Boundary) else system.definition
    if said:
        out.print()
        _print_plain(said)
    if isinstance(system, Boundary):
        for land in system.treaty.beyond:
            print_item("beyond", f"{land.name}: {land.note}")
        out.print()
        _print_legs(system)
        _print_plain("σ: how far the line may lie to either side, one standard error")
    out.print()
    if not isinstance(system, Boundary) and not system.own:
        for flow in flows_of(system.id):
            note = f"; {flow.note}" if flow.note else ""
            print_item("traffic", f"{flow.text}; {flow.source}{note}")
        piped = pipeline_of(system.id)
        if piped is not None:
            print_item("carries", f"{piped.carries}, {piped.capacity_text}; run by "
                       f"{piped.operator}; {piped.source}")  # fmt: skip
            print_item("owners", f"{piped.owners_text}; {piped.owners_source}")
            if piped.note:
                print_item("note", piped.note)
    for status in system.statuses:
        note = f"; {status.note}" if status.note else ""
        print_item("status", f"{period(status)}; {status.source}{note}")
    for key in system.sources:
        print_source(key)


def print_source(key: str) -> None:
    """Print a source with its citation; one that the catalogue lacks is its own citation."""
    known = sources().get(key)
    print_item("source", f"{key}: {known.citation}" if known else key)


def print_item(label: str, text: str) -> None:
    """Print a text with a label before its first line, and nothing under the label."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=7, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, escape(text))
    console().print(grid)


def _labelled_lines(system: System, day: date | None) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line about a system."""
    certainty = f", {system.length.state} figure" if system.length.state else ""
    yield "length", f"{interval_km(system.length)}, basis {system.length.basis}{certainty}"
    if system.length.how:
        yield "error", system.length.how
    if isinstance(system, Boundary):
        if system.area is not None:
            yield "area", interval_km(system.area, area=True)
        yield "text", f"{system.treaty.document} ({system.treaty.state})"
    else:
        if system.closed or system.open_hours:
            hours = (("closed", system.closed), ("open", system.open_hours))
            yield "hours", ", ".join(f"{word} {text}" for word, text in hours if text)
        position = f"position ±{system.position_sigma_m / 1000:.2g} km (one standard error)"
        if system.lent:
            from corridors.model.lent import in_words

            yield "lent", in_words(system.lent)
        yield "drawn", f"{system.drawn_m / 1000:,.1f} km, {system.geometry_quality}, {position}"
        if system.width_m:
            yield "width", f"{system.width_m / 1000:g} km"
        yield from _parts(system)
        for label in system.names_by:
            yield "called", f"{label.name}, by: {label.by}"
    if day is not None:
        status = status_on(system.statuses, day)
        state = period(status) if status else _unknown_on(system, day)
        # A line without width or area never has a territory, so that is no news.
        lacks = system.territory(on=day) is None and system.territory() is not None
        yield f"on {day} ", f"{state}{'; no territory on that day' if lacks else ''}"


def _parts(corridor: Corridor) -> Iterator[tuple[str, str]]:
    """Yield a corridor's length by country; of a strip, its area by rayon and its places."""
    from corridors.analysis.corridor_parts import areas_by_rayon, country_lengths, places_inside

    by_country = country_lengths(corridor)
    if len(by_country) > 1:
        yield "by land", ", ".join(f"{code} {part.km_text}" for code, part in by_country.items())
    if corridor.territory() is None:
        return
    rayons = areas_by_rayon(corridor)
    if rayons:
        # A study has countries of its own, and no parts of theirs.
        label = "rayons" if BUNDLED.shows else "strip"
        yield label, ", ".join(f"{name} {part.km2_text}" for name, part in rayons.items())
    inside = places_inside(corridor)
    yield "inside", ", ".join(place.name for place in inside) or "no place of the gazetteer"


def _unknown_on(system: System, day: date) -> str:
    """Say of a day without a status where the statuses that are known begin."""
    first = min((s for s in system.statuses if s.valid_from), key=_begin, default=None)
    if first is None or day >= _begin(first):
        return "no status known"
    return f"no status known; the first is {period(first)}"


def _begin(status: Status) -> date:
    return status.valid_from or date.min


def _print_legs(border: Boundary) -> None:
    print_table(
        ("leg", "km", "σ m", "rule", "state", "from – to"),
        [
            (str(leg.n), f"{leg.length_m / 1000:.1f}", f"{leg.sigma_m:.0f}", leg.rule,
             leg.drawn_as, f"{leg.start.name} – {leg.end.name}")
            for leg in border.legs
        ],
    )  # fmt: skip


def show_legs(border: Boundary) -> None:
    """Print the calls of a treaty: words, rule, ends, length, error, and the evidence."""
    out = console()
    out.print(f"[bold]{escape(border.name)}[/bold]: {escape(border.treaty.document)}")
    for leg in border.legs:
        out.print(f"\n[bold]{leg.n}[/bold]  {escape(leg.words)}")
        ends = f"{leg.start.name} – {leg.end.name}"
        _print_indented(f"{leg.rule}, {leg.drawn_as}: {ends}")
        marks = [leg.evidence] if leg.evidence else []
        marks += ["circular"] if leg.circular else []
        marks += [f"bridges {leg.gap_m:,.0f} m to the leg before"] if leg.gap_m >= 1 else []
        _print_indented(
            f"{leg.length_m / 1000:,.1f} km; {', '.join(marks)}; σ {leg.sigma_m:,.0f} m"
        )
        if leg.note:
            _print_indented(leg.note)
    _print_plain("\nσ: how far the line may lie to either side, one standard error")
    circular = sum(leg.length_m for leg in border.legs if leg.circular) / 1000
    if not circular:
        return
    out.print(
        f"{circular:,.0f} of {border.length.value / 1000:,.0f} km are circular: drawn on today's "
        "line or between points placed on it, so they cannot test it."
    )


def show_alike(systems: Iterable[System], remark: str = "") -> None:
    """Print the systems that have the words of a name in theirs, and what else has it."""
    print_table(("systems", "name"), [(s.id, s.name) for s in systems])
    console().print()
    if remark:
        _print_plain(remark)


def show_place(place: Place) -> None:
    """Print one place."""
    from borders.geodesy.lonlat import lat_text, lon_text

    out = console()
    out.print(
        f"[bold]{escape(place.name)}[/bold] ({place.id}, {escape(place.kind)}, {place.country})"
    )
    names = [f"{code}: {name}" for code, name in place.names.items()]
    if names or place.aliases:
        out.print(escape("  ".join([*names, *place.aliases])))
    error = f"±{place.sigma_m / 1000:g} km (one standard error)"
    out.print(f"{lat_text(place.lat)} {lon_text(place.lon)}, {error}, {place.state}")
    if place.note:
        out.print(escape(place.note))
    print_source(place.source)


def show_verdicts(verdicts: Iterable[Verdict]) -> None:
    """Print published figures beside ours, and count the verdicts."""
    out, counts = console(), Counter[str]()
    for verdict in verdicts:
        figure = verdict.figure
        ours = ""
        if verdict.ours is not None:
            ours = f", ours {interval_km(verdict.ours, area=figure.quantity == 'area')}"
        out.print(f"[bold]{escape(figure.item)}[/bold] {escape(figure.text)}{escape(ours)}")
        counts[verdict.verdict] += 1
        _print_indented(f"{verdict.verdict}: {verdict.reason}")
        _print_indented(f"{figure.source} ({figure.state})")
    counted = ", ".join(f"{n} {name}" for name, n in counts.most_common())
    _print_plain(f"\n{counts.total()} figures: {counted}")
