"""`araxes network import`: roads and railways of OpenStreetMap extracts as a network file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, visible
from maps.cli.messages import complain
from maps.cli.options import (
    print_json,
    read_column_map,
    refuse_suffix,
)
from maps.progress import bar, waiting
from maps.tables.counts import counted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.network.compiled import CompiledNetwork

__all__ = [
    "ImportRequest",
    "import_arguments",
    "read_import",
    "refuse_network_suffix",
    "run_import",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """Extracts that are to become one network file.

    Parameters
    ----------
    area : what to fetch from OpenStreetMap instead of reading files.
    roads : classes of roads to keep; None for those that are driven on.
    sidings : whether sidings, yards and spurs are kept.
    columns : of files of edges: names that they give the columns, by ours.
    """

    files: tuple[str, ...]
    area: str | None
    out: str
    roads: tuple[str, ...] | None
    rails: bool
    sidings: bool
    columns: dict[str, str | None] | None
    json: bool


def import_arguments(parser: ArgumentParser) -> None:
    """Add the arguments that only an import takes."""
    parser.add_argument(
        "--roads", metavar="LIST",
        help="import: values of `highway` to keep, such as motorway,trunk,primary (all but "
        "service and track)",
    )  # fmt: skip
    parser.add_argument(
        "--osm-area", metavar="AREA",
        help="import: a place or west,south,east,north, fetched from OpenStreetMap",
    )  # fmt: skip
    parser.add_argument("--no-rails", action="store_true", help="import: leave railways out")
    parser.add_argument("--sidings", action="store_true", help="import: sidings and yards too")


def read_import(options: Namespace) -> ImportRequest:
    """Return the request of `araxes network import`."""
    if not options.out:
        message = "import writes a network; add --out NET, such as --out georgia.npz"
        raise AraxesError(message)
    if bool(options.file) == (options.osm_area is not None):
        message = "import reads extracts, such as georgia.osm.pbf, or --osm-area; give one of both"
        raise AraxesError(message)
    refuse_network_suffix(options.out)
    roads = None
    if options.roads is not None:
        roads = tuple(word.strip() for word in options.roads.lower().split(","))
    return ImportRequest(
        files=tuple(options.file), area=options.osm_area, out=options.out, roads=roads,
        rails=not options.no_rails, sidings=options.sidings, columns=read_column_map(options),
        json=options.json,
    )  # fmt: skip


def refuse_network_suffix(out: str) -> None:
    """Refuse a file in which no network can be written, by its name.

    Raises
    ------
    FileFormatError : it has another suffix, or none.
    """
    from corridors.export.formats import SUFFIXES
    from corridors.network.compiled import SUFFIX

    refuse_suffix(out, (SUFFIX, *SUFFIXES))


def run_import(request: ImportRequest) -> None:
    """Import extracts, write the network and say what it holds."""
    from corridors.network.table_check import table_remarks
    from corridors.osm.network_from_osm import network_from_osm
    from corridors.osm.tags import DRIVEN

    with bar("reading") as progress:
        network = network_from_osm(
            *request.files, area=request.area, roads=request.roads or DRIVEN, rails=request.rails,
            sidings=request.sidings, columns=request.columns, progress=progress,
        )  # fmt: skip
    _write(network, Path(request.out))
    summary = {**network.summary(), "remarks": table_remarks(network)}
    if request.json:
        print_json({"file": request.out, **summary})
        return
    from maps.tables.text import print_hanging

    for line in _lines(request.out, summary):
        print_hanging(line)


def _write(network: CompiledNetwork, out: Path) -> None:
    from corridors.network.compiled import SUFFIX

    if out.suffix.lower() == SUFFIX:
        from corridors.export.compiled_file import write_network

        ordering = partial(waiting, "ordering nodes, so that routes are quick")
        write_network(network, out, ordering=ordering)
        return
    from corridors.export.formats import write_file

    with bar(f"writing {visible(str(out))}") as step:
        done = write_file(network, out, progress=step)
    for note in done.notes:
        complain(f"{out}: {note}")


def _lines(out: str, summary: dict[str, Any]) -> list[str]:
    """Return a summary in words."""
    from borders.measure import decimals
    from corridors.network.compiled import SUFFIX

    lengths = ", ".join(
        f"{km:,.{decimals(km)}f} km of {mode}" for mode, km in summary["km"].items()
    )
    held = f"{counted(summary['links'], 'link')}, {counted(summary['nodes'], 'node')}"
    lines = [f"{out}: {held}: {lengths or 'no length'}"]
    for extract in summary["extracts"]:
        date = extract["date"] or "an unknown day"
        ways = counted(extract["ways"], "way")
        if not extract["ways"] and len(summary["extracts"]) > 1:
            ways = "no way that files before it lack"
        lines.append(f"  {extract['name']}: {ways}, as of {date}")
    if Path(out).suffix.lower() != SUFFIX:
        lines.append(f"  remark: only {SUFFIX} keeps the names of places and takes coordinates")
    lines += [f"  remark: {remark}" for remark in summary["remarks"]]
    if summary["attribution"]:
        lines.append(f"  {summary['attribution']}")
    return lines
