"""The commands that tell what is known: list, show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from maps.cli.commands import Command
from maps.cli.options import add_day, add_dem, add_json, on_terrain, print_json, read_day, word_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from borders.gazetteer.places import Place
    from corridors.model.registry import System

__all__ = ["LIST", "SHOW", "ListRequest", "ShowRequest"]

_LISTS = ("systems", "borders", "corridors", "scenarios", "crossings", "places", "layers",
          "sources")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """A kind of thing whose rows are to be listed."""

    what: str
    json: bool


def list_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes list`."""
    parser.add_argument(
        "what",
        nargs="?",
        default="systems",
        type=word_of(*_LISTS),
        metavar="WHAT",
        help="borders, corridors, scenarios, crossings, places, layers or sources (borders and "
        "corridors)",
    )
    add_json(parser)


def read_list(options: Namespace) -> ListRequest:
    """Return the request of `araxes list`."""
    return ListRequest(what=options.what, json=options.json)


def run_list(request: ListRequest) -> None:
    """Print what the data hold."""
    from maps.tables import listing

    rows = listing.rows(request.what)
    if request.json:
        print_json(rows)
    else:
        listing.show(request.what, rows)


LIST = Command(list_arguments, read_list, run_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRequest:
    """A thing that is to be shown.

    Parameters
    ----------
    thing : a border, corridor or place; or the name of a scenario, a crossing or a link.
    """

    thing: System | Place | str
    on: date | None
    legs: bool
    json: bool


def show_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes show`."""
    parser.add_argument(
        "id",
        metavar="ID",
        help="an id, a name in any language, a place, a scenario, a crossing, or a .toml file",
    )
    add_day(parser)
    parser.add_argument(
        "--legs", action="store_true", help="the calls of a treaty, with their words"
    )
    add_json(parser)
    add_dem(parser)


def read_show(options: Namespace) -> ShowRequest:
    """Return the request of `araxes show`."""
    day = read_day(options)
    thing = _known(options.id)
    if not isinstance(thing, str):
        (thing,) = on_terrain([thing], options.dem)
    return ShowRequest(thing=thing, on=day, legs=options.legs, json=options.json)


def _known(name: str) -> System | Place | str:
    """Return a system or a place, or else the name itself, of a scenario, crossing or link."""
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


def run_show(request: ShowRequest) -> None:
    """Print one system, place, crossing, link or scenario."""
    from borders.compiler.boundary import Boundary
    from borders.gazetteer.places import Place
    from corridors.export.show_json import place_summary, summary

    thing = request.thing
    if isinstance(thing, str):
        _show_network(thing, request)
        return
    if isinstance(thing, Place):
        _refuse(request, f"'{thing.id}' is a place", on="dates", legs="treaty legs")
    elif not isinstance(thing, Boundary):
        _refuse(request, f"'{thing.id}' is a corridor", legs="treaty legs")
    if request.json:
        row = place_summary(thing) if isinstance(thing, Place) else summary(thing, on=request.on)
        print_json(row)
        return
    from maps.tables.text import show_legs, show_place, show_system

    if isinstance(thing, Place):
        show_place(thing)
    elif request.legs and isinstance(thing, Boundary):
        show_legs(thing)
    else:
        show_system(thing, request.on)


def _refuse(request: ShowRequest, what: str, **lacked: str) -> None:
    """Refuse options that ask for what a thing does not have."""
    for option, part in lacked.items():
        if getattr(request, option):
            message = f"{what}, which has no {part}; leave --{option} out"
            raise AraxesError(message)


def _show_network(key: str, request: ShowRequest) -> None:
    """Print a scenario, a crossing or a link."""
    from corridors.export.show_network_json import link_summary, scenario_summary
    from corridors.lookup import is_scenario
    from corridors.scenarios.scenario import read_scenario, scenario_ids
    from maps.tables.network import show_links, show_scenario

    if key in scenario_ids() or is_scenario(key):
        row = scenario_summary(read_scenario(key))
        what = f"'{row['id']}' is a scenario, of {row['on']}"
        _refuse(request, what, on="other day", legs="treaty legs")
    else:
        row = link_summary(key, on=request.on)
        _refuse(request, f"'{key}' is a {row['kind']}", legs="treaty legs")
    if request.json:
        print_json(row)
    else:
        (show_scenario if row["kind"] == "scenario" else show_links)(row)


SHOW = Command(show_arguments, read_show, run_show)
