"""The command that tells who held the districts of Karabakh, by day: districts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, NoAnswerError, visible
from maps.cli.commands import Command
from maps.cli.context import print_rows, write_chart, write_things
from maps.cli.messages import quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    add_forms,
    add_language,
    command_line,
    read_day_of_data,
    read_form,
    read_language,
    refuse_map_suffix,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from maps.cli.options import Form

__all__ = ["DISTRICTS", "DistrictsRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictsRequest:
    """The area that is held, by day; or who held each district on one.

    Parameters
    ----------
    out : chart, page or vector file.
    command : the command as it was typed, for the page or the caption.
    """

    on: date | None
    form: Form
    out: str | None
    language: str
    command: str


def districts_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes districts`."""
    parser.add_argument(
        "--on", metavar="DATE", help="who held each district on this day, YYYY-MM-DD "
        "(default: the area held, for each day of a change)",
    )  # fmt: skip
    add_forms(parser)
    add_language(parser)
    parser.add_argument(
        "--out", metavar="FILE",
        help="small maps and a chart: .png, .svg or .pdf; a map: .html; or geometry: .gpkg …",
    )  # fmt: skip


def read_districts(options: Namespace) -> DistrictsRequest:
    """Return the request of `araxes districts`."""
    refuse_map_suffix(options.out)
    return DistrictsRequest(
        on=read_day_of_data(options), form=read_form(options), out=options.out,
        language=read_language(options), command=command_line(options),
    )  # fmt: skip


def run_districts(request: DistrictsRequest) -> None:
    """Print who held the districts, or write maps and a chart."""
    from corridors.context.districts import Districts, control_days, is_told
    from maps.tables.context import show_context

    system = Districts()
    if not system.rows():
        message = "no districts in the data: the study stands alone; give one with a base"
        raise NoAnswerError(message)
    if request.on is not None and not is_told(request.on):
        message = (
            f"the day is {request.on}; who held the districts is told from {control_days()[0]} on"
        )
        raise AraxesError(message)
    if request.out is not None:
        line = _write(request)
        if request.form == "table":
            print(visible(line))
            return
    if request.on is not None:
        rows: list[dict[str, Any]] = system.rows(request.on)
        head: tuple[str, ...] = ("name", "held_by", "since", "planned", "area_km2")
    else:
        rows = [_flat(row) for row in system.summary()["days"]]
        head = tuple(rows[0])
    print_rows(request.form, rows, table=lambda: show_context(system, request.on), head=head)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a day's areas as columns of a table."""
    flat = {"day": row["day"]}
    for manner in ("done", "planned"):
        flat |= {f"{manner}_{key}": value for key, value in row[manner].items()}
    return flat


def _write(request: DistrictsRequest) -> str:
    from corridors.context.districts import Districts

    file = str(request.out)
    if Path(file).suffix.lower() in FIGURES:
        quiet_matplotlib()
        from maps.charts.control import DAYS, control_chart

        days = DAYS if request.on is None else ((request.on.isoformat(), "done"),)
        return write_chart(control_chart(days, language=request.language), file, request.command)
    system = Districts()
    if request.on is not None:
        from maps.layers.build import layers

        if Path(file).suffix.lower() == ".html":
            title = f"{system.name}, {request.on}"
            return write_things(layers([system], on=request.on), file, title=title,
                                command=request.command)  # fmt: skip
        things: list[Any] = [system.to_gdf(on=request.on)]
        return write_things(things, file, title=system.name, command=request.command)
    return write_things([system], file, title=system.name, command=request.command)


DISTRICTS = Command(districts_arguments, read_districts, run_districts)
