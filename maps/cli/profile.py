"""The command that goes along a line: profile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, UnknownNameError, visible
from maps.cli.commands import Command
from maps.cli.context import write_chart
from maps.cli.messages import quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    PAGES,
    Conditions,
    add_dem,
    add_forms,
    add_language,
    add_scenario,
    add_terms,
    command_line,
    csv_text,
    number,
    on_terrain,
    print_json,
    read_conditions,
    read_day,
    read_day_of_data,
    read_form,
    read_language,
    refuse_suffix,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from borders.terrain.elevation import Terrain
    from corridors.analysis.profile import Profile
    from corridors.model.registry import System
    from corridors.routing.route import Route
    from maps.cli.options import Form

__all__ = ["PROFILE", "ProfileRequest"]

# How far around a line the elevation model is read, in degrees.
_AROUND_DEG = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRequest:
    """A line along which to go.

    Parameters
    ----------
    ends : two places, or None where `thing` is a border or corridor.
    conditions : of the way between the ends.
    step_m : greatest distance between samples; None for the usual one.
    dem : elevation model; None for none.
    out : file for a chart or a page; None for none.
    """

    thing: System | None
    ends: tuple[str, str] | None
    via: tuple[str, ...]
    conditions: Conditions | None
    on: date | None
    step_m: float | None
    dem: str | None
    form: Form
    out: str | None
    width: str
    language: str
    command: str


def profile_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes profile`."""
    parser.add_argument(
        "line", nargs="+", metavar="ID|FROM TO",
        help="a border or corridor by id, name or file; or two places, for the way between them",
    )  # fmt: skip
    parser.add_argument(
        "--via", action="append", metavar="PLACE|ID",
        help="through this place, crossing, corridor or link; several in this order (repeatable)",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser)
    parser.add_argument(
        "--step", type=number, metavar="M",
        help="a sample at least every M metres along the line as drawn (default: 500 in all)",
    )  # fmt: skip
    add_forms(parser)
    parser.add_argument(
        "--out", metavar="FILE", help="draw it too: a chart, .png, .svg or .pdf, or a page, .html"
    )
    parser.add_argument(
        "--width", default="180", metavar="W", help="of the chart: 85, 120, 180 or slide"
    )
    add_language(parser)
    _name_dem(parser)


def _name_dem(parser: ArgumentParser) -> None:
    """Add --dem, which gives a profile its heights."""
    add_dem(parser)
    for action in parser._actions:
        if "--dem" in action.option_strings:
            action.help = "heights of this elevation model, a GeoTIFF in metres; also watersheds"


def read_profile(options: Namespace) -> ProfileRequest:
    """Return the request of `araxes profile`."""
    out, step_m = options.out, options.step
    refuse_suffix(out, (*PAGES, *FIGURES))
    if step_m is not None and not step_m > 0:
        message = f"--step is {step_m:g}; give metres, more than 0"
        raise AraxesError(message)
    if len(options.line) > 2:
        message = f"give an id, or two places; got {len(options.line)} words"
        raise AraxesError(message)
    line: Any = None
    conditions = ends = None
    if len(options.line) == 2:
        ends, conditions = (options.line[0], options.line[1]), read_conditions(options)
        day = read_day(options)
    else:
        _refuse_of_ways(options)
        line = _line_called(options.line[0])
        if not hasattr(line, "legs") and not hasattr(line, "centreline"):
            message = f"'{options.line[0]}' is no border or corridor; give an id, or two places"
            raise AraxesError(message)
        if options.dem is not None and _follows_divide(line):
            (line,) = on_terrain([line], options.dem)
        day = read_day_of_data(options)
    return ProfileRequest(
        thing=line, ends=ends, via=tuple(options.via or ()), conditions=conditions,
        on=day, step_m=step_m, dem=options.dem, form=read_form(options), out=out,
        width=options.width, language=read_language(options), command=command_line(options),
    )  # fmt: skip


def _line_called(name: str) -> Any:
    """Return the thing of an id, a name or a file; of one place say what else to give."""
    from corridors.lookup import is_place, thing

    try:
        return thing(name)
    except UnknownNameError as err:
        if not is_place(name):
            raise
        message = (
            f"'{name}' is a place; give a second one, `araxes profile FROM TO`, for the way "
            "between them, or a border or corridor"
        )
        raise UnknownNameError(message) from err


def _follows_divide(line: Any) -> bool:
    calls = line.treaty.calls if hasattr(line, "treaty") else ()
    return any(call.rule == "watershed" for call in calls)


def _refuse_of_ways(options: Namespace) -> None:
    """Refuse what only the way between two places can have."""
    usual = {"via": None, "avoid": None, "network": None, "columns": None, "modes": None,
             "by": "km", "users": "freight", "scenario": "status-quo"}  # fmt: skip
    for name, value in usual.items():
        if getattr(options, name) != value:
            message = f"--{name} is of the way between two places; give both, or leave it out"
            raise AraxesError(message)


def run_profile(request: ProfileRequest) -> None:
    """Print what lies along a line, and draw it if asked for."""
    from corridors.analysis.profile import profile

    line = request.thing if request.thing is not None else _route(request)
    terrain = _terrain(line, request.dem)
    found = profile(line, terrain=terrain, on=request.on, step_m=request.step_m)
    if request.out is not None:
        text = _drawn(found, line, request)
        if request.form == "table":
            print(f"{visible(text)}\n")
    if request.form == "json":
        print_json(found.summary())
    elif request.form == "csv":
        print(csv_text(list(found.samples())), end="")
    elif request.form == "markdown":
        from maps.tables.profile import profile_markdown

        print(visible(profile_markdown(found)))
    else:
        from maps.tables.profile import show_profile

        show_profile(found)


def _route(request: ProfileRequest) -> Route:
    from corridors.routing.find import route

    assert request.ends is not None
    assert request.conditions is not None
    conditions = request.conditions
    return route(*request.ends, scenario=conditions.scenario, terms=conditions.terms,
                 via=request.via, network=conditions.network)  # fmt: skip


def _terrain(line: Any, dem: str | None) -> Terrain | None:
    """Return the elevation model of --dem around a line."""
    if dem is None:
        return None
    import shapely

    from borders.terrain.elevation import read_dem

    geometry = getattr(line, "centreline", None) or line.geometry
    west, south, east, north = (float(edge) for edge in shapely.bounds(geometry))
    return read_dem(dem, bounds=(west - _AROUND_DEG, max(south - _AROUND_DEG, -90.0),
                                 east + _AROUND_DEG, min(north + _AROUND_DEG, 90.0)))  # fmt: skip


def _drawn(found: Profile, line: Any, request: ProfileRequest) -> str:
    """Write a chart with its caption, or a page; return the line that says so."""
    assert request.out is not None
    file = Path(request.out)
    if file.suffix.lower() in PAGES:
        return _page(found, line, request, file)
    quiet_matplotlib()
    from maps.charts.profile import profile_chart

    chart = profile_chart(found, language=request.language, width=request.width)
    return write_chart(chart, request.out, request.command)


def _page(found: Profile, line: Any, request: ProfileRequest, file: Path) -> str:
    from maps.layers.routes import route_layers
    from maps.web.interactive import interactive, save
    from maps.web.profile import add_profile

    language = request.language
    things = [line] if request.ends is None else list(route_layers([line], language))
    title = found.names.get(language) or found.name
    page = interactive(*things, title=title, language=language, on=request.on)
    if request.dem is not None:
        from borders.terrain.elevation import read_dem
        from maps.web.relief import add_relief, surroundings

        add_relief(page, read_dem(request.dem, bounds=surroundings(page.extent)))
    add_profile(page, found)
    save(page, file, command=request.command)
    return f"wrote {file}  {file.stat().st_size / 1000:,.0f} kB"


PROFILE = Command(profile_arguments, read_profile, run_profile)
