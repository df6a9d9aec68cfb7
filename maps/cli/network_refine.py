"""`araxes network refine`: the schematic links of a network on the real ways of an extract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, visible
from maps.cli.messages import quiet_matplotlib
from maps.cli.network_import import refuse_network_suffix
from maps.cli.options import (
    FIGURES,
    PAGES,
    command_line,
    csv_text,
    print_json,
    read_column_map,
    read_form,
    refuse_map_suffix,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.osm.refine import Refinement
    from maps.cli.options import Form

__all__ = ["RefineRequest", "read_refine", "refine_arguments", "run_refine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineRequest:
    """A network that is to be laid on real ways.

    Parameters
    ----------
    file : None for the bundled network.
    osm : extracts, or one compiled network.
    out : file for the network.
    report : map, figure or vector file of what became of each link; None for none.
    command : the command as it was typed, for the page or the caption.
    """

    file: str | None
    columns: dict[str, str | None] | None
    osm: tuple[str, ...]
    out: str
    report: str | None
    form: Form
    command: str


def refine_arguments(parser: ArgumentParser) -> None:
    """Add the arguments that only a refinement takes."""
    parser.add_argument(
        "--osm", action="append", metavar="EXTRACT",
        help="refine: .osm.pbf, .osm, .osm.gz or .osm.bz2 (repeatable), or .npz of import",
    )  # fmt: skip
    parser.add_argument(
        "--network", metavar="FILE", help="refine: the network to refine, if not named as FILE"
    )
    parser.add_argument(
        "--report", metavar="FILE",
        help="refine: what became of each link, as a map (.html, .png, .svg, .pdf) or a vector "
        "file",
    )  # fmt: skip


def read_refine(options: Namespace) -> RefineRequest:
    """Return the request of `araxes network refine`."""
    if not options.out:
        message = "refine writes a network; add --out NET, such as --out refined.npz"
        raise AraxesError(message)
    if not options.osm:
        message = "refine needs real roads and railways; add --osm EXTRACT, such as georgia.osm.pbf"
        raise AraxesError(message)
    files = [*options.file, *([options.network] if options.network is not None else [])]
    if len(files) > 1:
        message = f"refine takes one network; {len(files)} are given; extracts go to --osm"
        raise AraxesError(message)
    if options.columns is not None and not files:
        message = "--columns names those of a network's file; name the file"
        raise AraxesError(message)
    for target in filter(None, (options.out, options.report)):
        for source in (*files, *options.osm):
            if _same(target, source):
                message = f"{target} is read, so it cannot be written; give another file"
                raise AraxesError(message)
    refuse_network_suffix(options.out)
    refuse_map_suffix(options.report)
    if options.report and _same(options.out, options.report):
        message = f"--out and --report are both {options.out}; give two files"
        raise AraxesError(message)
    return RefineRequest(
        file=files[0] if files else None, columns=read_column_map(options),
        osm=tuple(options.osm), out=options.out, report=options.report, form=read_form(options),
        command=command_line(options),
    )  # fmt: skip


def _same(first: str, second: str) -> bool:
    try:
        return Path(first).resolve() == Path(second).resolve() or Path(first).samefile(second)
    except OSError:
        return False


def run_refine(request: RefineRequest) -> None:
    """Refine a network, write it, and say what became of each link."""
    from corridors.network.load import load_network
    from corridors.osm.refine import read_real_ways, refine

    network = load_network(request.file, columns=request.columns)
    with bar("reading") as progress:
        real = read_real_ways(*request.osm, progress=progress)
    with bar("matching") as progress:
        refinement = refine(network, real, progress=progress)
    _write(refinement, Path(request.out))
    if request.report is not None:
        _report(refinement, request.report, request.command)
    if request.form == "json":
        print_json({"file": request.out, **refinement.summary()})
    elif request.form == "csv":
        rows = [*(match.row() for match in refinement.matches), *_lacking_rows(refinement)]
        print(csv_text(rows) if rows else "link", end="" if rows else None)
    else:
        from maps.tables.refinement import markdown_lines, show_refinement

        if request.form == "markdown":
            print("\n".join(markdown_lines(refinement)))
        else:
            show_refinement(refinement, request.out)


def _lacking_rows(refinement: Refinement) -> list[dict[str, Any]]:
    """Return the roads that the network has not in the columns of links."""
    if not refinement.matches:
        return []
    empty = dict.fromkeys(refinement.matches[0].row())
    rows = []
    for road in refinement.lacking:
        row = road.row()
        rows.append({
            **empty, "link": road.title, "mode": "road", "outcome": "lacking",
            "osm_km": row["km"], "osm_low_km": row["low_km"], "osm_high_km": row["high_km"],
            "reason": f"{row['class']} that the network lacks",
        })  # fmt: skip
    return rows


def _write(refinement: Refinement, out: Path) -> None:
    """Write a refined network in the format of a file's name."""
    from corridors.network.compiled import SUFFIX

    if out.suffix.lower() == SUFFIX:
        from corridors.network.link_file import write_link_file

        about = {"extracts": list(refinement.extracts)}
        write_link_file(refinement.network, about, out)
        return
    from corridors.export.formats import write

    write(refinement.network, out)


def _report(refinement: Refinement, report: str, command: str) -> None:
    """Write what became of each link as a map, a figure or a vector file."""
    target = Path(report)
    if target.suffix.lower() not in (*PAGES, *FIGURES):
        from corridors.export.formats import write

        write(refinement.to_gdf(), target)
        return
    from maps.layers.refinement import refinement_layers

    layers = refinement_layers(refinement)
    name = refinement.network.name
    title = visible(f"{name[:1].upper()}{name[1:]} on {refinement.maker.name}")
    if target.suffix.lower() == ".html":
        from maps.web.interactive import interactive, save

        save(interactive(*layers, title=title), target, command=command)
        return
    from borders.files.atomic import check_free

    quiet_matplotlib()
    from maps.print.figure import beside, save_with_caption, static

    check_free(target, beside(target))
    save_with_caption(static(*layers, title=title), target, command=command)
