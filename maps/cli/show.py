"""The commands, one function each; each imports what it needs."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AmbiguousNameError, AraxesError, GeometryError, UnknownNameError
from maps.cli.options import language, on_terrain, things
from maps.cli.routes import print_json

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = [
    "run_export",
    "run_figures",
    "run_gallery",
    "run_list",
    "run_report",
    "run_show",
    "run_validate",
]


def run_report(options: Namespace) -> None:
    """Write the report and print its table."""
    from maps.report.report import report

    report(options.out, language=language(options))


def run_list(options: Namespace) -> None:
    """Print what the data hold."""
    from maps.tables import listing

    rows = listing.rows(options.what)
    if options.json:
        print_json(rows)
    else:
        listing.show(options.what, rows)


def run_show(options: Namespace) -> None:
    """Print one system, place, crossing, link or scenario."""
    from borders.compiler.boundary import Boundary
    from borders.gazetteer.places import Place
    from corridors.export.records import place_summary, summary

    day = parse_date(options.on) if options.on is not None else None
    one = _known(options.id)
    if not hasattr(one, "id"):
        _show_network(one, options)
        return
    one = on_terrain([one], options.dem)[0]
    if isinstance(one, Place):
        _refuse(options, f"'{one.id}' is a place", on="dates", legs="treaty legs")
    elif not isinstance(one, Boundary):
        _refuse(options, f"'{one.id}' is a corridor", legs="treaty legs")
    if options.json:
        print_json(place_summary(one) if isinstance(one, Place) else summary(one, on=day))
        return
    from maps.tables.text import show_legs, show_place, show_system

    if isinstance(one, Place):
        show_place(one)
    elif options.legs and isinstance(one, Boundary):
        show_legs(one)
    else:
        show_system(one, day)


def _known(name: str) -> Any:
    """Return a system or a place, or else a scenario or network key as text."""
    from corridors.lookup import is_scenario, known_thing
    from corridors.scenarios.scenario import scenario_ids

    if name in scenario_ids() or is_scenario(name):
        return name
    try:
        return known_thing(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as err:
        from corridors.network.load import load_network

        try:
            load_network().links_of(name)
        except UnknownNameError as other:
            near = str(other).partition("; did you mean ")[2]
            # Ids of the network are long, so what is near one is hardly meant for anything else.
            raise (other if near and "-" in name and "mean" not in str(err) else err) from None
        return name


def _refuse(options: Namespace, what: str, **asked: str) -> None:
    """Refuse options that ask for what a thing does not have."""
    for option, lacked in asked.items():
        if getattr(options, option):
            message = f"{what}, which has no {lacked}; leave --{option} out"
            raise AraxesError(message)


def _show_network(key: str, options: Namespace) -> None:
    """Print a scenario, a crossing or a link."""
    from corridors.export.network_records import link_summary, scenario_summary
    from corridors.lookup import is_scenario
    from corridors.scenarios.scenario import read_scenario, scenario_ids
    from maps.tables.network import show_links, show_scenario

    if key in scenario_ids() or is_scenario(key):
        told = scenario_summary(read_scenario(key))
        _refuse(
            options,
            f"'{told['id']}' is a scenario, of {told['on']}",
            on="other day",
            legs="treaty legs",
        )
    else:
        told = link_summary(key, on=options.on)
        _refuse(options, f"'{key}' is a {told['kind']}", legs="treaty legs")
    if options.json:
        print_json(told)
    else:
        (show_scenario if told["kind"] == "scenario" else show_links)(told)


def run_gallery(options: Namespace) -> None:
    """Write the figures of the gallery, their captions and a page that shows them."""
    from maps.report.gallery import gallery

    command = shlex.join(["araxes", *options.asked])
    asked = {"form": options.format, "width": options.width, "command": command}
    paths = gallery(options.out, language=language(options), **asked)
    for path in paths:
        print(f"{path}  {path.stat().st_size / 1000:,.0f} kB")


def run_export(options: Namespace) -> None:
    """Write geometry."""
    from corridors.export.formats import write

    day = parse_date(options.on) if options.on is not None else None
    n = write(on_terrain(things(options.things), options.dem), options.out, on=day)
    print(f"wrote {n} feature{'' if n == 1 else 's'} to {options.out}")


def run_validate(options: Namespace) -> None:
    """Check a file and say what it holds."""
    found: dict[str, Any] = {}
    if options.places:
        from maps.tables.treaty_places import validate_places

        found["places"] = validate_places(options.file, options.out, table=not options.json)
    elif options.out:
        message = "--out writes a treaty with the choices of --places; add --places"
        raise AraxesError(message)
    known, text = _validated(options.file, options.dem)
    if options.json:
        print_json(known | found)
    else:
        print(text)


def _validated(file: str, dem: str | None) -> tuple[dict[str, Any], str]:
    from corridors.lookup import is_scenario, thing
    from maps.i18n import interval_km

    if is_scenario(file):
        return _validated_scenario(file)
    one: Any = on_terrain([thing(file)], dem)[0]
    if not hasattr(one, "to_gdf"):
        _check_shapes(file, one.geometry)
        found = {"file": file, "ok": True, "kind": "table", "features": len(one)}
        return found, f"{file}: {len(one)} features in longitude and latitude, all sound"
    found = {"file": file, "ok": True, "kind": one.kind, "id": one.id,
             "length_km": round(one.length.value / 1000, 3)}  # fmt: skip
    text = f"{file}: a sound {one.kind}, '{one.name}', {interval_km(one.length)}"
    treaty = getattr(one, "treaty", None)
    if treaty is not None and treaty.coverage is not None:
        found["coverage"] = round(treaty.coverage.share, 4)
        text += f"; {100 * treaty.coverage.share:.0f} % of the text is read by its calls"
    return found, text


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
    from corridors.export.network_records import scenario_summary
    from corridors.scenarios.scenario import read_scenario

    scenario = read_scenario(file)
    told = scenario_summary(scenario)
    links, unbuilt_km = told["links_opened"], told["unbuilt_km"]
    counts = {"open": len(scenario.open), "close": len(scenario.close),
              "build": len(scenario.build), "set": len(scenario.set)}  # fmt: skip
    found = {"file": file, "ok": True, "kind": "scenario", "id": scenario.id, "on": told["on"],
             **counts, "links_opened": links, "unbuilt_km": unbuilt_km,
             "remarks": told["remarks"]}  # fmt: skip
    does = ", ".join(f"{what} {n}" for what, n in counts.items() if n) or "nothing"
    text = (
        f"{file}: a sound scenario, '{scenario.name}', on {told['on']}: {does}; "
        f"{links} link{'' if links == 1 else 's'} opened, {unbuilt_km:,.0f} km of them unbuilt"
    )
    text = "; ".join([text, *told["remarks"]])
    return found, text


def run_figures(options: Namespace) -> None:
    """Print published figures beside ours."""
    from corridors.analysis.verdicts import verdicts

    judged = verdicts()
    if options.json:
        from maps.tables.listing import verdict_row

        print_json([verdict_row(one) for one in judged])
    else:
        from maps.tables.text import show_verdicts

        show_verdicts(judged)
