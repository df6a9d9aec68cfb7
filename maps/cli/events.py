"""The command that tells what happened when: events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError, visible
from maps.cli.commands import Command
from maps.cli.context import print_rows, write_chart, write_things
from maps.cli.messages import quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    add_forms,
    add_language,
    command_line,
    read_form,
    read_language,
    refuse_map_suffix,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.context.edtf_dates import EdtfDate
    from corridors.context.events import Event
    from maps.cli.options import Form

__all__ = ["EVENTS", "EventsRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRequest:
    """Which events are asked for.

    Parameters
    ----------
    on : one date; otherwise `begin` and `end` bound a period, open where None.
    out : chart, page or vector file.
    command : the command as it was typed, for the page or the caption.
    """

    on: EdtfDate | None
    begin: EdtfDate | None
    end: EdtfDate | None
    layer: str | None
    place: str | None
    form: Form
    out: str | None
    language: str
    command: str


def events_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes events`."""
    parser.add_argument("--on", metavar="DATE", help="of a day, a month (1989-11) or a year (1930)")
    parser.add_argument("--from", dest="begin", metavar="DATE", help="from its first day on")
    parser.add_argument("--to", dest="end", metavar="DATE", help="up to its last day")
    parser.add_argument(
        "--layer", metavar="L", help="a subject: treaty, nakhchivan, rail, war, handover, csto …"
    )
    parser.add_argument("--place", metavar="P", help="at a place, by any of its names")
    add_forms(parser)
    add_language(parser)
    parser.add_argument(
        "--out", metavar="FILE",
        help="a chart: .png, .svg or .pdf; a map: .html; or geometry: .gpkg, .geojson …",
    )  # fmt: skip


def read_events(options: Namespace) -> EventsRequest:
    """Return the request of `araxes events`."""
    from corridors.context.edtf_dates import read_edtf

    on, begin, end = (
        None if text is None else read_edtf(text)
        for text in (options.on, options.begin, options.end)
    )
    if on is not None and (begin is not None or end is not None):
        message = "--on asks for one date, --from and --to for a period; give one of them"
        raise AraxesError(message)
    first, last = (None if begin is None else begin.first), (None if end is None else end.last)
    if first is not None and last is not None and last < first:
        message = f"--from {begin} is after --to {end}; change the two"
        raise AraxesError(message)
    refuse_map_suffix(options.out)
    return EventsRequest(
        on=on, begin=begin, end=end, layer=options.layer, place=options.place,
        form=read_form(options), out=options.out, language=read_language(options),
        command=command_line(options),
    )  # fmt: skip


def run_events(request: EventsRequest) -> None:
    """Print events, or write a chart or a map of them."""
    from corridors.context.events import events

    chosen = events(
        on=request.on, begin=request.begin, end=request.end, layer=request.layer,
        place=request.place,
    )  # fmt: skip
    if not chosen:
        asked = _asked(request)
        message = f"no event {asked}; leave an option out" if asked else "no events in the data"
        raise NoAnswerError(message)
    if request.out is not None:
        line = _write(chosen, request.out, request)
        if request.form == "table":
            print(visible(line))
            return
    print_rows(
        request.form, [known.row() for known in chosen], table=lambda: _show(chosen),
        head=("date", "layer", "event", "place", "status_after", "source", "state"),
    )  # fmt: skip


def _asked(request: EventsRequest) -> str:
    parts = [
        f"on {request.on}" if request.on else "",
        f"from {request.begin}" if request.begin else "",
        f"up to {request.end}" if request.end else "",
        f"of layer {request.layer}" if request.layer else "",
        f"at '{request.place}'" if request.place else "",
    ]
    return " ".join(filter(None, parts))


def _write(chosen: tuple[Event, ...], file: str, request: EventsRequest) -> str:
    title = f"Events {_asked(request)}".strip()
    if Path(file).suffix.lower() in FIGURES:
        quiet_matplotlib()
        from maps.charts.events import events_chart

        # What was asked for is said in English only.
        title = title if request.language == "en" else ""
        chart = events_chart(chosen, title=title, language=request.language)
        return write_chart(chart, file, request.command)
    from corridors.context.events import events_to_gdf

    table = events_to_gdf(chosen, name=title)
    if Path(file).suffix.lower() == ".html":
        # A page draws what has a place; the rest is told in the table.
        table = table[~table.geometry.isna()]
        if table.empty:
            message = f"none of the {len(chosen)} events has a place to draw; see the table"
            raise NoAnswerError(message)
        table.attrs["name"] = title
    return write_things([table], file, title=title, command=request.command)


def _show(chosen: tuple[Event, ...]) -> None:
    from maps.tables.context import show_events

    show_events(chosen)


EVENTS = Command(events_arguments, read_events, run_events)
