"""The command that writes geometry: export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, visible
from maps.cli.commands import Command
from maps.cli.messages import complain, written
from maps.cli.options import (
    add_day,
    add_dem,
    add_network,
    add_things,
    on_terrain,
    read_day_of_data,
    read_network,
    read_things,
    tell_crossing,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from datetime import date

    from corridors.export.formats import Written

__all__ = ["EXPORT", "ExportRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Borders, corridors and tables that are to be written, as they stood on a day."""

    things: tuple[Any, ...]
    on: date | None
    out: str
    safe_csv: bool
    schema: str | None
    qgis: bool


def export_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes export`."""
    add_things(parser, nargs="+")
    add_day(parser)
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help=".geojson, .gpkg, .fgb, .kml, .csv, .gpx, .parquet or .pmtiles; .qgz: a project of "
        "QGIS with its .gpkg; or a database with PostGIS: postgresql://USER@HOST/DATABASE",
    )
    parser.add_argument(
        "--schema",
        metavar="NAME",
        help="of a database: the schema that is written to (default: araxes)",
    )
    parser.add_argument(
        "--safe-csv",
        action="store_true",
        help="in CSV, put ' before texts that spreadsheets would run as formulas",
    )
    parser.add_argument(
        "--qgis",
        action="store_true",
        help="in a GeoPackage, how QGIS draws each layer, and tables of statuses and sources, "
        "places and the network",
    )
    add_dem(parser)
    add_network(parser)


def read_export(options: Namespace) -> ExportRequest:
    """Return the request of `araxes export`."""
    from corridors.export.formats import target_label

    day = read_day_of_data(options)
    things = on_terrain(read_things(options.things), options.dem)
    if options.network is not None or options.columns:
        from corridors.network.corridor_course import on_network

        network = read_network(options)
        things = [on_network(thing, network) for thing in things]
    if options.safe_csv and not options.out.lower().endswith(".csv"):
        message = f"--safe-csv is for CSV, and {target_label(options.out)} is none; leave it out"
        raise AraxesError(message)
    if options.qgis and not options.out.lower().endswith((".gpkg", ".qgz")):
        message = (
            f"--qgis is for a GeoPackage, and {target_label(options.out)} is none; leave it out"
        )
        raise AraxesError(message)
    return ExportRequest(
        things=tuple(things), on=day, out=options.out, safe_csv=options.safe_csv,
        schema=options.schema, qgis=options.qgis,
    )  # fmt: skip


def run_export(request: ExportRequest) -> None:
    """Write geometry."""
    from corridors.export.formats import target_label

    where = target_label(request.out)
    with bar(f"writing {visible(where)}") as step:
        done = _write(request, step)
    for note in done.notes:
        complain(f"{where}: {note}")
    print(written(done.features, where))
    for remark in done.remarks:
        print(visible(remark))
    tell_crossing(request.things)


def _write(request: ExportRequest, progress: Callable[[int, int], None]) -> Written:
    """Write the things to the file or database."""
    from borders.files.features import Drawable
    from corridors.export.formats import write_file

    suffix = request.out.lower().rpartition(".")[2]
    if request.schema is None and (suffix == "qgz" or request.qgis or suffix == "kml"):
        from maps.qgis.project import with_context, write_project, write_styled

        if suffix == "qgz":
            return write_project(request.things, request.out, on=request.on, progress=progress)
        # A table of the user's own in a KML stays as it was read.
        if request.qgis or any(isinstance(thing, Drawable) for thing in request.things):
            things = with_context(request.things) if request.qgis else request.things
            return write_styled(things, request.out, on=request.on, progress=progress)
    return write_file(
        request.things, request.out, on=request.on, safe_csv=request.safe_csv,
        schema=request.schema, progress=progress,
    )  # fmt: skip


EXPORT = Command(export_arguments, read_export, run_export)
