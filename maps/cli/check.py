"""The commands that check: validate a file, figures beside ours, a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, GeometryError, SchemaError, visible
from borders.files.paths import exists, is_file, is_folder
from maps.cli.commands import Command
from maps.cli.messages import columns, wrapped
from maps.cli.network_import import ImportRequest, import_arguments, read_import, run_import
from maps.cli.network_refine import RefineRequest, read_refine, refine_arguments, run_refine
from maps.cli.options import (
    add_columns,
    add_dem,
    add_forms,
    add_json,
    add_network,
    csv_text,
    on_terrain,
    print_json,
    read_column_map,
    read_form,
    read_network,
    word_of,
)
from maps.progress import waiting
from maps.tables.counts import counted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from corridors.network.findings import Finding
    from corridors.network.network import Network
    from corridors.study.study import Study
    from maps.cli.options import Form

__all__ = ["FIGURES", "NETWORK", "VALIDATE", "FiguresRequest", "NetworkRequest", "ValidateRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateRequest:
    """A file that is to be checked.

    Parameters
    ----------
    places : show the places of a treaty, as they are looked up.
    out : file for the treaty with these choices.
    dem : file of the elevation model on which watersheds are found.
    network : the network that a scenario is checked against; the bundled one if None.
    study : the one in which it is asked.
    """

    file: str
    places: bool
    out: str | None
    dem: str | None
    network: Network | None
    study: Study | None
    json: bool


def validate_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes validate`."""
    parser.add_argument("file", metavar="FILE",
                        help="a treaty, corridor, scenario or vector file, or a study: its "
                        "folder, araxes.toml or figures.toml")  # fmt: skip
    parser.add_argument(
        "--places", action="store_true", help="show how each place of a treaty was found"
    )
    parser.add_argument(
        "--out", metavar="FILE", help="with --places: write the treaty with its choices"
    )
    add_network(parser)
    add_json(parser)
    add_dem(parser)


def read_validate(options: Namespace) -> ValidateRequest:
    """Return the request of `araxes validate`."""
    if options.out and not options.places:
        message = "--out writes a treaty with the choices of --places; add --places"
        raise AraxesError(message)
    # Read before the file is looked at: --columns without --network is refused, too.
    network = read_network(options) if options.network is not None or options.columns else None
    return ValidateRequest(
        file=options.file,
        places=options.places,
        out=options.out,
        dem=options.dem,
        network=network,
        study=options.study,
        json=options.json,
    )


def run_validate(request: ValidateRequest) -> None:
    """Check a file, or a study, and say what it holds."""
    folder = _study_folder(Path(request.file))
    if folder is not None:
        row, text = _validated_study(folder, request)
        _print_validated(request, row, text)
        return
    choices: dict[str, Any] = {}
    if request.places:
        from maps.tables.treaty_places import validate_places

        rows = validate_places(request.file, request.out, table=not request.json)
        choices["places"] = rows
    row, text = _validated(request.file, request.dem, request.network)
    sided = _sided(request.file, request.network)
    if sided:
        row["neutrality"] = sided
        text = "; ".join([text, *sided])
    _print_validated(request, row | choices, text)


def _print_validated(request: ValidateRequest, row: dict[str, Any], text: str) -> None:
    if request.json:
        print_json(row)
    else:
        print(wrapped(visible(text), columns(1)))


def _study_folder(path: Path) -> Path | None:
    """Return the study that a path means: its folder, or one of the files that say what it is."""
    from corridors.study.study import FIGURES, FILE

    folder = path if is_folder(path) else path.parent
    named = path == folder or path.name in (FILE, FIGURES)
    return folder if named and is_file(folder / FILE) and exists(path) else None


def _validated_study(folder: Path, request: ValidateRequest) -> tuple[dict[str, Any], str]:
    """Return what a sound study holds, as JSON and in words."""
    from corridors.study.study import Study
    from maps.report.study_report import check_study

    for option in ("places", "dem", "network"):
        if getattr(request, option):
            message = f"{request.file} is a study; --{option} is for a file of it"
            raise AraxesError(message)
    study = request.study
    if study is None:
        study = Study.open(folder)
        with study.active():
            check_study(study)
    elif study.folder.resolve() == folder.resolve():
        # Opened anew: a command leaves out what it does not need and cannot read.
        study = Study.open(folder)
        check_study(study)
    else:
        message = (
            f"{request.file} is another study than '{study.title}', in which this is asked; add "
            f"--study {folder}"
        )
        raise AraxesError(message)
    counts = {kind: len(study.own_ids(kind)) for kind in ("treaties", "corridors", "scenarios")}
    counts |= {"figures": len(study.figures), "steps": len(study.steps)}
    row = {"file": request.file, "ok": True, "kind": "study", "title": study.title, **counts}
    holds = ", ".join(f"{what} {n}" for what, n in counts.items() if n) or "nothing of its own"
    return row, f"{request.file}: a sound study, '{study.title}': {holds}"


def _validated(file: str, dem: str | None, network: Network | None) -> tuple[dict[str, Any], str]:
    """Return what a sound file holds, as JSON and in words."""
    from corridors.context.systems import ContextSystem
    from corridors.lookup import is_scenario, thing
    from maps.i18n import interval_km

    if is_scenario(file):
        return _validated_scenario(file, network)
    if network is not None:
        message = f"{file} is no scenario; --network is what a scenario is checked against"
        raise AraxesError(message)
    (held,) = on_terrain([thing(file)], dem)
    if isinstance(held, ContextSystem):
        message = f"'{file}' is a bundled system; give a file"
        raise AraxesError(message)
    if not hasattr(held, "to_gdf"):
        _check_shapes(file, held.geometry)
        layers = _layers(held)
        row = {"file": file, "ok": True, "kind": "table", "features": len(held), "layers": layers}
        features = f"{len(held)} feature{'' if len(held) == 1 else 's'}"
        of = f" of {len(layers)} layers ({', '.join(layers)})" if len(layers) > 1 else ""
        return row, f"{file}: {features}{of} in longitude and latitude, all sound"
    row = {"file": file, "ok": True, "kind": held.kind, "id": held.id,
           "length_km": round(held.length.value / 1000, 3)}  # fmt: skip
    text = f"{file}: a sound {held.kind}, '{held.name}', {interval_km(held.length)}"
    lent = getattr(held, "lent", ())
    if lent:
        from corridors.model.lent import in_words

        row["lent"] = [value.key for value in lent]
        text += f"; {in_words(lent)}"
    treaty = getattr(held, "treaty", None)
    if treaty is not None and treaty.coverage is not None:
        row["coverage"] = round(treaty.coverage.share, 4)
        text += f"; {100 * treaty.coverage.share:.0f} % of the text is read by its calls"
    return row, text


def _sided(file: str, network: Network | None) -> list[str]:
    """Return what a treaty, corridor or scenario says with judging words or for one party."""
    from corridors.context.neutrality import name_remarks
    from corridors.lookup import is_scenario, thing

    if not file.lower().endswith(".toml"):
        return []
    if is_scenario(file):
        from corridors.scenarios.scenario import read_scenario

        return [str(remark) for remark in name_remarks(read_scenario(file, network=network))]
    return [str(remark) for remark in name_remarks(thing(file))]


def _check_shapes(file: str, shapes: Any) -> None:
    """Refuse a polygon that crosses itself: areas and overlays of it mean nothing."""
    from borders.files.table_checks import crossing_itself

    message = crossing_itself(file, shapes.to_numpy())
    if message:
        raise GeometryError(message)


def _layers(table: Any) -> list[str]:
    """Return the names of the layers of a file, in their order."""
    return list(dict.fromkeys(str(name) for name in table["layer"].dropna()))


def _validated_scenario(file: str, network: Network | None) -> tuple[dict[str, Any], str]:
    """Return what a scenario does to a network, as JSON and in words."""
    from corridors.export.show_network_json import scenario_summary
    from corridors.scenarios.scenario import read_scenario

    scenario = read_scenario(file, network=network)
    summary = scenario_summary(scenario, network=network)
    day, links, unbuilt_km = summary["on"], summary["links_opened"], summary["unbuilt_km"]
    counts = {"open": len(scenario.open), "close": len(scenario.close),
              "build": len(scenario.build), "set": len(scenario.set)}  # fmt: skip
    row = {"file": file, "ok": True, "kind": "scenario", "id": scenario.id, "on": day,
           **counts, "links_opened": links, "unbuilt_km": unbuilt_km,
           "remarks": summary["remarks"]}  # fmt: skip
    timed = len(scenario.closed | scenario.open_hours)
    said = counts | {"give hours to": timed}
    does = ", ".join(f"{what} {n}" for what, n in said.items() if n) or "nothing"
    text = (
        f"{file}: a sound scenario, '{scenario.name}', on {day}: {does}; "
        f"{links} link{'' if links == 1 else 's'} opened, {unbuilt_km:,.0f} km of them unbuilt"
    )
    return row, "; ".join([text, *summary["remarks"]])


VALIDATE = Command(validate_arguments, read_validate, run_validate)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresRequest:
    """The published figures, as a table or as JSON."""

    json: bool


def figures_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes figures`."""
    add_json(parser)


def read_figures(options: Namespace) -> FiguresRequest:
    """Return the request of `araxes figures`."""
    return FiguresRequest(json=options.json)


def run_figures(request: FiguresRequest) -> None:
    """Print published figures beside ours."""
    from corridors.analysis.verdicts import verdicts

    judged = verdicts()
    if request.json:
        from maps.tables.listing import verdict_row

        print_json([verdict_row(verdict) for verdict in judged])
    elif not judged:
        print("no figures in the data")
    else:
        from maps.tables.text import show_verdicts

        show_verdicts(judged)


FIGURES = Command(figures_arguments, read_figures, run_figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRequest:
    """A network that is to be checked.

    Parameters
    ----------
    file : None for the bundled network.
    columns : names that the file gives its columns, by ours.
    out : vector file for what is found.
    """

    file: str | None
    columns: dict[str, str | None] | None
    out: str | None
    form: Form


def network_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes network`."""
    parser.add_argument(
        "what", type=word_of("check", "import", "refine"), metavar="check|import|refine",
        help="look for what is wrong; make a network of OpenStreetMap extracts; or lay links on "
        "the real ways of one",
    )  # fmt: skip
    parser.add_argument(
        "file", nargs="*", metavar="FILE",
        help="check, refine: a network file (default: the bundled one); import: .osm.pbf, .osm, "
        ".osm.gz, .osm.bz2; Overture's segments, .parquet; edges of a graph, .graphml or a vector "
        "file",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="OUT",
        help="check: what is found, as a vector file; import, refine: the network, best as .npz",
    )  # fmt: skip
    add_columns(parser)
    import_arguments(parser)
    refine_arguments(parser)
    add_forms(parser)


def read_network_request(options: Namespace) -> NetworkRequest | ImportRequest | RefineRequest:
    """Return the request of `araxes network`."""
    if options.what != "import":
        for option, value in (("roads", None), ("osm_area", None), ("no_rails", False),
                              ("sidings", False)):  # fmt: skip
            if getattr(options, option) != value:
                name = option.replace("_", "-")
                message = f"--{name} is for `araxes network import`; leave it out"
                raise AraxesError(message)
    if options.what == "refine":
        return read_refine(options)
    is_import = options.what == "import"
    for option in ("osm", "report", *(("network",) if is_import else ())):
        if getattr(options, option) is not None:
            message = f"--{option} is for `araxes network refine`; leave it out"
            raise AraxesError(message)
    if is_import:
        return read_import(options)
    files = [*options.file, *filter(None, [options.network])]
    if len(files) > 1:
        message = f"check looks at one network; {len(files)} are given"
        raise AraxesError(message)
    if options.columns is not None and not files:
        message = "--columns names those of a network's file; name the file"
        raise AraxesError(message)
    return NetworkRequest(
        file=files[0] if files else None, columns=read_column_map(options),
        out=options.out, form=read_form(options),
    )  # fmt: skip


def run_network(request: NetworkRequest | ImportRequest | RefineRequest) -> None:
    """Check a network, import one, or refine one."""
    if isinstance(request, ImportRequest):
        run_import(request)
    elif isinstance(request, RefineRequest):
        run_refine(request)
    else:
        _check(request)


def _check(request: NetworkRequest) -> None:
    """Check a network: everything that is wrong, and what would mend it."""
    from corridors.network.check import check_file, check_network
    from corridors.network.load import load_network

    with waiting("checking"):
        if request.file is None:
            network = load_network()
            findings = check_network(network)
        else:
            network, findings = check_file(request.file, columns=request.columns)
    _print_findings(request.form, network, findings)
    if request.out is not None and findings:
        from corridors.export.formats import write
        from corridors.network.findings import findings_to_gdf

        write(findings_to_gdf(findings), request.out)
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        count = counted(len(errors), "error")
        message = f"{network.name} has {count}; the first: {errors[0].text}"
        raise SchemaError(message)


def _print_findings(form: Form, network: Network, findings: Sequence[Finding]) -> None:
    keys = ("level", "link", "message", "repair")
    rows = [{key: getattr(finding, key) for key in keys} for finding in findings]
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print(csv_text(rows) if rows else ",".join(keys), end="" if rows else None)
    elif form == "markdown":
        from maps.tables.markdown import table

        print("\n".join(table(keys, [tuple(row.values()) for row in rows])))
    else:
        from maps.tables.text import print_hanging

        for finding in findings:
            print_hanging(f"{finding.level}: {finding.text}")
        errors = sum(finding.level == "error" for finding in findings)
        print_hanging(
            f"{network.name}: {counted(len(network.links), 'link')}, "
            f"{counted(len(network.nodes), 'node')}, "
            f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'remark')}"
        )


NETWORK = Command(network_arguments, read_network_request, run_network)
