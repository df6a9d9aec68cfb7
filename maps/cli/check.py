"""The commands that check: validate a file, figures beside ours, a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, GeometryError, SchemaError
from maps.cli.commands import Command
from maps.cli.options import add_dem, add_json, on_terrain, print_json, word_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.network.network import Network

__all__ = ["FIGURES", "NETWORK", "VALIDATE", "FiguresRequest", "NetworkRequest", "ValidateRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateRequest:
    """A file that is to be checked.

    Parameters
    ----------
    places : show the places of a treaty, as they are looked up.
    out : file for the treaty with these choices.
    dem : file of the elevation model on which watersheds are found.
    """

    file: str
    places: bool
    out: str | None
    dem: str | None
    json: bool


def validate_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes validate`."""
    parser.add_argument("file", metavar="FILE", help="a treaty, corridor, scenario or vector file")
    parser.add_argument(
        "--places", action="store_true", help="the places of a treaty, as looked up"
    )
    parser.add_argument("--out", metavar="FILE", help="with --places: the treaty with its choices")
    add_json(parser)
    add_dem(parser)


def read_validate(options: Namespace) -> ValidateRequest:
    """Return the request of `araxes validate`."""
    if options.out and not options.places:
        message = "--out writes a treaty with the choices of --places; add --places"
        raise AraxesError(message)
    return ValidateRequest(
        file=options.file,
        places=options.places,
        out=options.out,
        dem=options.dem,
        json=options.json,
    )


def run_validate(request: ValidateRequest) -> None:
    """Check a file and say what it holds."""
    choices: dict[str, Any] = {}
    if request.places:
        from maps.tables.treaty_places import validate_places

        rows = validate_places(request.file, request.out, table=not request.json)
        choices["places"] = rows
    row, text = _validated(request.file, request.dem)
    if request.json:
        print_json(row | choices)
    else:
        print(text)


def _validated(file: str, dem: str | None) -> tuple[dict[str, Any], str]:
    """Return what a sound file holds, as JSON and in words."""
    from corridors.lookup import is_scenario, thing
    from maps.i18n import interval_km

    if is_scenario(file):
        return _validated_scenario(file)
    (held,) = on_terrain([thing(file)], dem)
    if not hasattr(held, "to_gdf"):
        _check_shapes(file, held.geometry)
        row = {"file": file, "ok": True, "kind": "table", "features": len(held)}
        features = f"{len(held)} feature{'' if len(held) == 1 else 's'}"
        return row, f"{file}: {features} in longitude and latitude, all sound"
    row = {"file": file, "ok": True, "kind": held.kind, "id": held.id,
           "length_km": round(held.length.value / 1000, 3)}  # fmt: skip
    text = f"{file}: a sound {held.kind}, '{held.name}', {interval_km(held.length)}"
    treaty = getattr(held, "treaty", None)
    if treaty is not None and treaty.coverage is not None:
        row["coverage"] = round(treaty.coverage.share, 4)
        text += f"; {100 * treaty.coverage.share:.0f} % of the text is read by its calls"
    return row, text


def _check_shapes(file: str, shapes: Any) -> None:
    """Refuse a polygon that crosses itself: areas and overlays of it mean nothing."""
    from shapely import is_valid_reason

    for n, (shape, valid) in enumerate(zip(shapes, shapes.is_valid, strict=True), 1):
        if shape is not None and not valid:
            message = (
                f"{file}: feature {n} is no valid geometry ({is_valid_reason(shape)}); mend it "
                "(QGIS: Fix geometries; GeoPandas: .make_valid())"
            )
            raise GeometryError(message)


def _validated_scenario(file: str) -> tuple[dict[str, Any], str]:
    """Return what a scenario does to the bundled network, as JSON and in words."""
    from corridors.export.show_network_json import scenario_summary
    from corridors.scenarios.scenario import read_scenario

    scenario = read_scenario(file)
    summary = scenario_summary(scenario)
    day, links, unbuilt_km = summary["on"], summary["links_opened"], summary["unbuilt_km"]
    counts = {"open": len(scenario.open), "close": len(scenario.close),
              "build": len(scenario.build), "set": len(scenario.set)}  # fmt: skip
    row = {"file": file, "ok": True, "kind": "scenario", "id": scenario.id, "on": day,
           **counts, "links_opened": links, "unbuilt_km": unbuilt_km,
           "remarks": summary["remarks"]}  # fmt: skip
    does = ", ".join(f"{what} {n}" for what, n in counts.items() if n) or "nothing"
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
    else:
        from maps.tables.text import show_verdicts

        show_verdicts(judged)


FIGURES = Command(figures_arguments, read_figures, run_figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRequest:
    """A network that is to be checked."""

    network: Network
    json: bool


def network_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes network`."""
    parser.add_argument(
        "what", type=word_of("check"), metavar="check", help="look for what is wrong"
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a network file (the bundled one)")
    add_json(parser)


def read_network_check(options: Namespace) -> NetworkRequest:
    """Return the request of `araxes network`."""
    from corridors.network.load import load_network

    return NetworkRequest(network=load_network(options.file), json=options.json)


def run_network(request: NetworkRequest) -> None:
    """Check a network."""
    from corridors.network.check import check_network

    network = request.network
    findings = check_network(network)
    errors = [finding for finding in findings if finding.level == "error"]
    count = _counted(len(errors), "error")
    if request.json:
        print_json([{"level": f.level, "link": f.link, "message": f.message} for f in findings])
    else:
        from maps.tables.text import print_hanging

        for finding in findings:
            link = f"{finding.link}: " if finding.link else ""
            print_hanging(f"{finding.level}: {link}{finding.message}")
        print(
            f"{network.name}: {len(network.links)} links, {len(network.nodes)} nodes, "
            f"{count}, {_counted(len(findings) - len(errors), 'remark')}"
        )
    if errors:
        message = f"{network.name} has {count}; the first: {errors[0].message}"
        raise SchemaError(message)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


NETWORK = Command(network_arguments, read_network_check, run_network)
