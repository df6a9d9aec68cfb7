"""Tables and texts that read well at 80 columns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from borders.compiler.boundary import Boundary
from borders.dates import period, status_on
from borders.files.catalogue import source, sources
from borders.measure import rounded
from maps.i18n import interval_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from borders.gazetteer.places import Place
    from borders.measure import Measure
    from corridors.analysis.verdicts import Verdict
    from corridors.model.registry import System

__all__ = [
    "console",
    "print_entries",
    "print_hanging",
    "print_item",
    "print_table",
    "show_legs",
    "show_place",
    "show_system",
    "show_verdicts",
    "systems_table",
]

_RIGHT = {
    "km",
    "hours",
    "USD/t",
    "95 %",
    "rows",
    "σ m",
    "score",
    "km from\nneighbours",
    "ambi-\nguity",
}


class _Console(Console):
    def print(self, *things: Any, **how: Any) -> None:
        """Print; a pipe or a file gets no blanks at the ends of lines."""
        if self.is_terminal:
            super().print(*things, **how)
            return
        with self.capture() as told:
            super().print(*things, **how)
        self.file.write("\n".join(line.rstrip() for line in told.get().split("\n")))

    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the command line, which ends without a complaint, not with code 1."""
        raise BrokenPipeError


def console() -> Console:
    """Return a terminal that colours nothing by itself."""
    # Ids and numbers are not to be coloured by guesswork.
    return _Console(highlight=False)


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
        out.print(f"[bold]{escape(key)}[/bold]  {escape(note)}")
        _below(text)


def print_hanging(text: str) -> None:
    """Print a text whose further lines are set in."""
    from textwrap import wrap

    out = console()
    for line in wrap(text, out.width, subsequent_indent="    ", break_on_hyphens=False):
        _say(line)


def _below(text: str) -> None:
    """Print a text set in, below what it belongs to."""
    console().print(Padding(escape(text), (0, 0, 0, 4), expand=False))


def _range(measure: Measure) -> tuple[str, str]:
    km, low, high = rounded(*(x / 1000 for x in (measure.value, measure.low, measure.high)))
    return km, f"{low}–{high}"


def systems_table(systems: Iterable[System]) -> None:
    """Print every system with its length, interval, basis and latest status."""
    rows = []
    for one in systems:
        km, interval = _range(one.length)
        status = one.statuses[-1].status if one.statuses else ""
        rows.append((one.id, km, interval, one.length.label, status))
    print_table(("system", "km", "95 % interval", "basis", "latest status"), rows)


def show_system(one: System, day: date | None) -> None:
    """Print one system in full."""
    out = console()
    out.print(f"[bold]{escape(one.name)}[/bold] ({one.id}, {one.kind})")
    others = [f"{code}: {name}" for code, name in one.names.items() if code != "en"]
    if others:
        _say("  ".join(others))
    out.print()
    for label, text in _facts(one, day):
        print_item(label, text)
    out.print()
    _say(one.treaty.note if isinstance(one, Boundary) else one.definition)
    if isinstance(one, Boundary):
        for land in one.treaty.beyond:
            print_item("beyond", f"{land.name}: {land.note}")
        out.print()
        _legs_table(one)
        _say("σ: how far the line may lie to either side, one standard error")
    out.print()
    for status in one.statuses:
        note = f"; {status.note}" if status.note else ""
        print_item("status", f"{period(status)}; {status.source}{note}")
    known = sources()
    for key in one.sources:
        citation = source(key).citation if key in known else ""
        print_item("source", f"{key}: {citation}")


def _say(text: str) -> None:
    """Print a line as it is, whatever brackets it holds."""
    console().print(escape(text))


def print_item(label: str, text: str) -> None:
    """Print a text with a label before its first line, and nothing under the label."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(min_width=7, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, escape(text))
    console().print(grid)


def _facts(one: System, day: date | None) -> Iterator[tuple[str, str]]:
    """Yield what is known of a system in a line each, with what it is."""
    sure = f", {one.length.state} figure" if one.length.state else ""
    yield "length", f"{interval_km(one.length)}, basis {one.length.basis}{sure}"
    if one.length.how:
        yield "error", one.length.how
    if isinstance(one, Boundary):
        if one.area is not None:
            yield "area", interval_km(one.area, area=True)
        yield "text", f"{one.treaty.document} ({one.treaty.state})"
    else:
        position = f"position ±{one.position_sigma_m / 1000:.2g} km (one standard error)"
        yield "drawn", f"{one.drawn_m / 1000:,.1f} km, {one.geometry_quality}, {position}"
        if one.width_m:
            yield "width", f"{one.width_m / 1000:g} km"
        for named in one.names_by:
            yield "called", f"{named.name}, by: {named.by}"
    if day is not None:
        status = status_on(one.statuses, day)
        state = period(status) if status else "nothing known"
        strip = "" if one.territory(on=day) is not None else "; no territory on that day"
        yield f"on {day} ", f"{state}{strip}"


def _legs_table(one: Boundary) -> None:
    print_table(
        ("leg", "km", "σ m", "rule", "state", "from – to"),
        [
            (str(leg.n), f"{leg.length_m / 1000:.1f}", f"{leg.sigma_m:.0f}", leg.rule,
             leg.drawn_as, f"{leg.start.name} – {leg.end.name}")
            for leg in one.legs
        ],
    )  # fmt: skip


def show_legs(one: Boundary) -> None:
    """Print the calls of a treaty: words, rule, ends, length, error, and how sure."""
    out = console()
    out.print(f"[bold]{escape(one.name)}[/bold]: {escape(one.treaty.document)}")
    for leg in one.legs:
        out.print(f"\n[bold]{leg.n}[/bold]  {escape(leg.words)}")
        ends = f"{leg.start.name} – {leg.end.name}"
        _below(f"{leg.rule}, {leg.drawn_as}: {ends}")
        marks = [leg.evidence] if leg.evidence else []
        marks += ["circular"] if leg.circular else []
        marks += [f"gap of {leg.gap_m:,.0f} m before it"] if leg.gap_m >= 1 else []
        _below(f"{leg.length_m / 1000:,.1f} km; {', '.join(marks)}; σ {leg.sigma_m:,.0f} m")
        if leg.note:
            _below(leg.note)
    _say("\nσ: how far the line may lie to either side, one standard error")
    circular = sum(leg.length_m for leg in one.legs if leg.circular) / 1000
    if not circular:
        return
    out.print(
        f"{circular:,.0f} of {one.length.value / 1000:,.0f} km are circular: drawn on today's "
        "line or between points placed on it, so they cannot test it."
    )


def show_place(one: Place) -> None:
    """Print one place."""
    out = console()
    out.print(f"[bold]{escape(one.name)}[/bold] ({one.id}, {escape(one.kind)}, {one.country})")
    names = [f"{code}: {name}" for code, name in one.names.items()]
    out.print(escape("  ".join([*names, *one.aliases])))
    error = f"±{one.sigma_m / 1000:g} km (one standard error)"
    out.print(f"{one.lat:.4f}° N {one.lon:.4f}° E, {error}, {one.state}")
    if one.note:
        out.print(escape(one.note))
    print_item("source", f"{one.source}: {source(one.source).citation}")


def show_verdicts(judged: Iterable[Verdict]) -> None:
    """Print published figures beside ours, and count the verdicts."""
    out, counts = console(), Counter[str]()
    for one in judged:
        figure = one.figure
        ours = ""
        if one.ours is not None:
            ours = f", ours {interval_km(one.ours, area=figure.quantity == 'area')}"
        out.print(f"[bold]{escape(figure.item)}[/bold] {escape(figure.text)}{escape(ours)}")
        counts[one.verdict] += 1
        _below(f"{one.verdict}: {one.reason}")
        _below(f"{figure.source} ({figure.state})")
    counted = ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    _say(f"\n{counts.total()} figures: {counted}")
