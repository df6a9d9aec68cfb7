"""The command that asks for a pair of places over time: series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.errors import visible
from maps.cli.commands import Command
from maps.cli.context import write_chart
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    add_ends,
    add_forms,
    add_language,
    add_scenarios,
    add_terms,
    command_line,
    csv_text,
    print_json,
    read_form,
    read_language,
    read_network,
    read_scenarios,
    read_terms,
    refuse_suffix,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from corridors.analysis.series import Series
    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from maps.cli.options import Form

__all__ = ["SERIES", "SeriesRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRequest:
    """A pair of places, and the days and scenarios under which it is asked for.

    Parameters
    ----------
    out : file for a chart; None for none.
    """

    origin: str
    destination: str
    days: tuple[date, ...]
    via: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    terms: Terms
    network: Network
    form: Form
    out: str | None
    language: str
    width: str
    command: str


def series_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes series`."""
    add_ends(parser)
    parser.add_argument(
        "--step", default="1y", metavar="N", help="from day to day: 1y, 6m, 2w, 10d (default: 1y)"
    )
    parser.add_argument(
        "--via", action="append", metavar="PLACE|ID",
        help="through this place, crossing, corridor or link; several in this order (repeatable)",
    )  # fmt: skip
    add_scenarios(parser, default="status-quo")
    add_terms(parser, clock=True)
    _require_days(parser)
    add_forms(parser)
    add_language(parser)
    parser.add_argument("--out", metavar="FILE", help="draw a chart too: .png, .svg or .pdf")
    parser.add_argument(
        "--width", default="180", metavar="W", help="of the chart: 85, 120, 180 or slide"
    )


def _require_days(parser: ArgumentParser) -> None:
    """Let --on take a range of days, which a series cannot do without."""
    for action in parser._actions:
        if "--on" in action.option_strings:
            action.metavar, action.required = "A:B", True
            action.help = "years, each by its 1 January, or days: 1990:2026, 2017-06-01:2026-06-01"


def read_series(options: Namespace) -> SeriesRequest:
    """Return the request of `araxes series`."""
    from corridors.analysis.series import days_of

    refuse_suffix(options.out, FIGURES)
    network = read_network(options)
    days = days_of(options.on, options.step)
    names = options.scenario or ["status-quo"]
    # Asked of the last day, which tells the user if it is after the last of the data.
    scenarios = read_scenarios(names, options, days[-1], network)
    return SeriesRequest(
        origin=options.origin, destination=options.destination, days=tuple(days),
        via=tuple(options.via or ()), scenarios=scenarios, terms=read_terms(options),
        network=network, form=read_form(options), out=options.out,
        language=read_language(options), width=options.width, command=command_line(options),
    )  # fmt: skip


def run_series(request: SeriesRequest) -> None:
    """Print a pair over time, and draw it if asked for."""
    from corridors.analysis.series import series

    with bar("days") as step:
        rows = series(
            request.origin, request.destination, request.days, scenarios=request.scenarios,
            terms=request.terms, via=request.via, network=request.network, progress=step,
        )  # fmt: skip
    if request.out is not None:
        line = _draw(rows, request.out, request)
        if request.form == "table":
            print(f"{visible(line)}\n")
    if request.form == "json":
        print_json([row.row() for row in rows])
    elif request.form == "csv":
        print(csv_text([_flat(row.row()) for row in rows]), end="")
    elif request.form == "markdown":
        from maps.tables.series import series_markdown

        print(visible(series_markdown(rows)))
    else:
        from maps.tables.series import show_series

        show_series(rows)
    if not any(row.way for row in rows):
        complain("there is no way on any of these days")


def _draw(rows: Series, file: str, request: SeriesRequest) -> str:
    """Write a chart with its caption; return the line that says so."""
    quiet_matplotlib()
    from maps.charts.series import series_chart

    chart = series_chart(rows, width=request.width, language=request.language)
    return write_chart(chart, file, request.command)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row for CSV: parts of the hours in columns of their own, events as words."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if key == "hours_by":
            parts = value or {}
            for part in ("running", "border", "gauge", "mode", "sailing", "waiting"):
                flat[f"hours_{part}"] = parts.get(part)
        elif key == "events":
            flat[key] = "; ".join(
                f"{event['what']} {event['after']} {event['on'] or ''}".strip() for event in value
            )
        else:
            flat[key] = value
    return flat


SERIES = Command(series_arguments, read_series, run_series)
