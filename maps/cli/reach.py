"""The commands that tell what lies within a limit of a place: reach, and access, which counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import visible
from maps.cli.commands import Command
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    PAGES,
    Conditions,
    add_forms,
    add_json,
    add_language,
    add_origin,
    add_scenario,
    add_scenarios,
    add_terms,
    command_line,
    csv_text,
    number,
    print_json,
    read_conditions,
    read_day,
    read_form,
    read_language,
    read_network,
    read_scenarios,
    read_terms,
    refuse_map_suffix,
    refuse_suffix,
    tell_lent,
)
from maps.progress import bar, waiting

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from corridors.analysis.access import Access
    from corridors.analysis.reach import Reach
    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from maps.cli.options import Form

__all__ = ["ACCESS", "REACH", "AccessRequest", "ReachRequest"]

# A table holds so many places; a file of all of them says more.
_SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRequest:
    """A place, and a limit within which everything is to be found.

    Parameters
    ----------
    limit : kilometres, hours or US dollars a tonne, as the terms ask.
    out : page, figure or vector file.
    command : the command as it was typed, for the page or the caption.
    """

    origin: str
    limit: float
    conditions: Conditions
    json: bool
    out: str | None
    language: str
    command: str


def reach_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes reach`."""
    add_origin(parser)
    parser.add_argument(
        "--within", dest="limit", type=number, required=True, metavar="N",
        help="kilometres, hours or US dollars a tonne, as --by says",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser, clock=True)
    add_json(parser)
    parser.add_argument(
        "--out", metavar="FILE",
        help="draw it: .html, .png, .svg or .pdf; or write its geometry: .gpkg, .geojson …",
    )  # fmt: skip
    add_language(parser)


def read_reach(options: Namespace) -> ReachRequest:
    """Return the request of `araxes reach`."""
    refuse_map_suffix(options.out)
    return ReachRequest(
        origin=options.origin,
        limit=options.limit,
        conditions=read_conditions(options),
        json=options.json,
        out=options.out,
        language=read_language(options),
        command=command_line(options),
    )


def run_reach(request: ReachRequest) -> None:
    """Print the places within a limit, or write the area."""
    from corridors.analysis.reach import reach

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    tell_lent(conditions)
    with waiting("looking for what is within"):
        area = reach(request.origin, request.limit, scenario=scenario, terms=terms, network=network)
    if request.out is not None:
        with bar(f"writing {visible(request.out)}") as step:
            line = _write(area, request.out, request.command, request.language, step)
        _tell_left_out(area, request.out)
        if not request.json:
            print(visible(line))
    if not request.json and request.out is not None:
        return
    with waiting("working out intervals"):
        if request.json:
            print_json(_rows(area))
            return
        cells, more = _cells(area, network)
    _show(area, cells, conditions)
    for remark in more:
        print(remark)


def _tell_left_out(area: Reach, file: str) -> None:
    """Say which stretches a page or a figure of a large network does not show."""
    if Path(file).suffix.lower() in (*PAGES, *FIGURES):
        from maps.layers.main_links import main_part

        remark = main_part(area)[1]
        if remark:
            complain(f"{remark}; --out with .gpkg or .parquet writes all of them")


def _write(
    area: Reach, file: str, command: str, language: str, progress: Callable[[int, int], None]
) -> str:
    """Write a page, a figure with its caption, or geometry; return the line that says so."""
    from maps.layers.access import reach_layer, reach_title

    title = reach_title(area, language)
    if area.terms.by == "cost":
        title += f"; {area.cost_basis.money}"
    suffix = Path(file).suffix.lower()
    if suffix in PAGES:
        from maps.web.interactive import interactive, save

        save(interactive(area, title=title, language=language), file, command=command)
        return f"wrote {file}"
    if suffix in FIGURES:
        from borders.files.atomic import check_free

        quiet_matplotlib()
        from maps.print.figure import beside, save_with_caption, static
        from maps.tables.costs import costs_paragraph

        check_free(Path(file), beside(file))
        figure = static(reach_layer(area, language), title=title, language=language)
        if area.terms.by == "cost":
            figure.caption = "\n".join([figure.caption, *costs_paragraph(area.cost_basis)])
        caption = save_with_caption(figure, file, command=command)
        return f"wrote {file} and {caption}"
    from corridors.export.formats import write_file

    done = write_file([area], file, progress=progress)
    for note in done.notes:
        complain(f"{file}: {note}")
    return f"wrote {done.features} features to {file}"


def _cells(area: Reach, network: Network) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Return the places as rows of text, nearest first, and what is left out.

    On a network of an extract these are its settlements; if it names none, nodes go by their ids.
    """
    from borders.measure import decimals
    from corridors.analysis.reached_settlements import settlements_within
    from corridors.network.compiled import CompiledNetwork
    from corridors.routing.route import name_of

    origin = name_of(area.origin)
    if isinstance(network, CompiledNetwork) and network.places:
        settlements, left_out = settlements_within(area, network, most=_SHOWN)
        rows = [(origin, 0.0, 0.0, 0.0), *settlements]
        more = [f"and {len(area.places):,} nodes of its roads and railways; --json has them"]
        if left_out:
            more.insert(0, f"{left_out:,} smaller settlements around were not looked for")
    else:
        ends, more = area.intervals(), []
        rows = [
            (origin if place == area.origin else name_of(place), value, *ends[place])
            for place, value in area.places.items()
        ]
        if len(rows) > _SHOWN:
            more = [f"and {len(rows) - _SHOWN:,} places farther away; --json has all"]
    per_unit = _unit(area)[1]
    cells = []
    for name, *values in rows[:_SHOWN]:
        three = [x * per_unit for x in values]
        # In a column of one digit after the point only what that would make nothing has more.
        digits = 1 if three[0] >= 0.1 else decimals(three[0], 1)
        middle, low, high = (f"{x:,.{digits}f}" for x in three)
        cells.append((name, middle, f"{low}–{high}"))
    return cells, more


def _unit(area: Reach) -> tuple[str, float]:
    """Return the unit of the table, minutes within an hour, and how many make one of the limit."""
    from borders.measure import time_unit
    from corridors.scenarios.terms import QUANTITIES

    if area.terms.by != "hours":
        return QUANTITIES[area.terms.by].unit, 1.0
    unit, per_hour = time_unit(area.limit)
    return ("minutes" if unit == "min" else "hours"), per_hour


def _rows(area: Reach) -> list[dict[str, Any]]:
    """Return the places, nearest first, with what it takes to get there and its 95 % interval."""
    from corridors.routing.route import name_of
    from corridors.scenarios.terms import QUANTITIES

    key, ends = QUANTITIES[area.terms.by].column, area.intervals()
    return [
        {
            "id": place, "name": name_of(area.origin if place == area.origin else place),
            key: round(value, 1),
            f"low_{key}": round(ends[place][0], 1), f"high_{key}": round(ends[place][1], 1),
            **(area.cost_basis.row() if area.terms.by == "cost" else {}),
        }
        for place, value in area.places.items()
    ]  # fmt: skip


def _show(area: Reach, cells: Sequence[tuple[str, ...]], conditions: Conditions) -> None:
    from maps.tables.costs import print_costs
    from maps.tables.text import console, print_table

    day = area.scenario.on or conditions.network.on
    modes = " or ".join("+".join(choice) for choice in area.terms.choices)
    out = console()
    out.print(area.name, style="bold", markup=False)
    out.print(f"{area.scenario.id} on {day}, {area.terms.who}, {modes}", markup=False)
    print_table(("place", _unit(area)[0], "95 %"), cells)
    if area.terms.by == "cost":
        print_costs(area.cost_basis)


REACH = Command(reach_arguments, read_reach, run_reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """A place, a limit, and scenarios under each of which what lies within is to be counted.

    Parameters
    ----------
    scenarios : the first is what the others are compared with.
    out : page, figure or vector file of the map.
    chart : figure of the counts and of who gains.
    """

    origin: str
    limit: float
    scenarios: tuple[Scenario, ...]
    terms: Terms
    network: Network
    form: Form
    out: str | None
    chart: str | None
    language: str
    command: str


def access_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes access`."""
    add_origin(parser)
    parser.add_argument(
        "--within", dest="limit", type=number, required=True, metavar="N",
        help="hours, kilometres or US dollars a tonne, as --by says",
    )  # fmt: skip
    add_scenarios(parser, default="status-quo; one alone is compared with it")
    add_terms(parser, by="hours", clock=True)
    add_forms(parser)
    parser.add_argument(
        "--out", metavar="FILE",
        help="draw it: .html, .png, .svg or .pdf; or write places and towns: .gpkg, .geojson …",
    )  # fmt: skip
    parser.add_argument(
        "--chart", metavar="FILE", help="counts, and who gains, as a figure: .png, .svg or .pdf"
    )
    add_language(parser)


def read_access(options: Namespace) -> AccessRequest:
    """Return the request of `araxes access`."""
    refuse_map_suffix(options.out)
    refuse_suffix(options.chart, FIGURES)
    names = list(options.scenario or ["status-quo"])
    if len(names) == 1 and names != ["status-quo"]:
        names = ["status-quo", *names]
    network = read_network(options)
    return AccessRequest(
        origin=options.origin,
        limit=options.limit,
        scenarios=read_scenarios(names, options, read_day(options), network),
        terms=read_terms(options),
        network=network,
        form=read_form(options),
        out=options.out,
        chart=options.chart,
        language=read_language(options),
        command=command_line(options),
    )


def run_access(request: AccessRequest) -> None:
    """Print what lies within a limit, counted, or draw it."""
    from corridors.analysis.access import access

    conditions = Conditions(
        scenario=request.scenarios[0], terms=request.terms, network=request.network
    )
    tell_lent(conditions)
    with bar("scenarios") as step:
        counted = access(
            request.origin, request.limit, request.scenarios, terms=request.terms,
            network=request.network, progress=step,
        )  # fmt: skip
    with waiting("drawing"):
        wrote = _write_access(counted, request)
    if request.form == "json":
        from maps.tables.access import access_json

        print_json(access_json(counted))
    elif request.form == "csv":
        print(csv_text(counted.rows()), end="")
    elif request.form == "markdown":
        from maps.tables.access import access_markdown

        print(access_markdown(counted))
    elif wrote:
        print(*map(visible, wrote), sep="\n")
    else:
        from maps.tables.access import show_access

        show_access(counted)


def _write_access(counted: Access, request: AccessRequest) -> list[str]:
    """Write the map and the chart that are asked for; return a line for each."""
    lines = []
    if request.out is not None:
        lines.append(_write_map(counted, request, request.out))
    if request.chart is not None:
        from borders.files.atomic import check_free

        quiet_matplotlib()
        from maps.charts.access import access_chart
        from maps.print.figure import beside, save_with_caption

        check_free(Path(request.chart), beside(request.chart))
        figure = access_chart(counted, language=request.language)
        caption = save_with_caption(figure, request.chart, command=request.command)
        lines.append(f"wrote {request.chart} and {caption}")
    return lines


def _write_map(counted: Access, request: AccessRequest, file: str) -> str:
    """Write a page, a figure with its caption, or geometry; return the line that says so."""
    suffix = Path(file).suffix.lower()
    if suffix not in (*PAGES, *FIGURES):
        from corridors.export.formats import write

        return f"wrote {write([counted], file)} features to {file}"
    from maps.layers.access import access_layers

    layers = access_layers(counted, network=request.network)
    title = f"{counted.name[0].upper()}{counted.name[1:]}, on {counted.on[0]}"
    if counted.terms.by == "cost":
        title += f"; {counted.cost_basis.money}"
    if suffix in PAGES:
        from maps.web.interactive import interactive, save

        save(interactive(*layers, title=title), file, command=request.command)
        return f"wrote {file}"
    from borders.files.atomic import check_free

    quiet_matplotlib()
    from maps.print.figure import beside, save_with_caption, static
    from maps.tables.costs import costs_paragraph

    check_free(Path(file), beside(file))
    figure = static(*layers, title=title)
    if counted.terms.by == "cost":
        figure.caption = "\n".join([figure.caption, *costs_paragraph(counted.cost_basis)])
    caption = save_with_caption(figure, file, command=request.command)
    return f"wrote {file} and {caption}"


ACCESS = Command(access_arguments, read_access, run_access)
