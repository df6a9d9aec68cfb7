"""The command that writes geometry: export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maps.cli.commands import Command
from maps.cli.options import add_day, add_dem, add_things, on_terrain, read_day, read_things

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

__all__ = ["EXPORT", "ExportRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Borders, corridors and tables that are to be written, as they stood on a day."""

    things: tuple[Any, ...]
    on: date | None
    out: str


def export_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes export`."""
    add_things(parser, nargs="+")
    add_day(parser)
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help=".geojson, .gpkg, .fgb, .kml, .csv, .gpx or .parquet",
    )
    add_dem(parser)


def read_export(options: Namespace) -> ExportRequest:
    """Return the request of `araxes export`."""
    day = read_day(options)
    things = on_terrain(read_things(options.things), options.dem)
    return ExportRequest(things=tuple(things), on=day, out=options.out)


def run_export(request: ExportRequest) -> None:
    """Write geometry."""
    from corridors.export.formats import write

    count = write(request.things, request.out, on=request.on)
    print(f"wrote {count} feature{'' if count == 1 else 's'} to {request.out}")


EXPORT = Command(export_arguments, read_export, run_export)
