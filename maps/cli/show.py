"""The commands that tell what is known: list, show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from maps.cli.commands import Command
from maps.cli.options import (
    add_day,
    add_dem,
    add_json,
    add_network,
    on_terrain,
    print_json,
    read_day_of_data,
    read_network,
    word_of,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from borders.gazetteer.places import Place
    from corridors.context.systems import ContextSystem
    from corridors.model.registry import System
    from corridors.network.network import Network

__all__ = ["LIST", "SHOW", "ListRequest", "ShowRequest"]

_LISTS = ("systems", "borders", "corridors", "context", "sister-cities", "districts", "alliances",
          "pipelines", "provinces", "scenarios", "crossings", "places", "layers",
          "sources")  # fmt: skip


# Rows of `araxes list context` that stand for many things.
_SEVERAL = ("events", "pipelines")


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
        help="systems (borders and corridors), borders, corridors, context (what else documents "
        "name), sister-cities, districts, alliances, pipelines, provinces, scenarios, "
        "crossings, places, layers or sources (default: systems)",
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
    thing : a border, corridor or place; the name of a scenario, a crossing or a link; or None
        where only the words of a name are known.
    alike : systems that have the words of the name in theirs.
    link : id of a link or crossing that a place has as well, in a network of the user's own.
    remark : what else has the name, if several places have it.
    network : that of the link or crossing; the bundled one if None.
    """

    thing: System | ContextSystem | Place | str | None
    alike: tuple[System, ...] = ()
    link: str = ""
    remark: str = ""
    on: date | None
    legs: bool
    json: bool
    network: Network | None = None


def show_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes show`."""
    parser.add_argument(
        "id",
        metavar="ID",
        help="a border, corridor, place, scenario, crossing or link, by id or a name in any "
        "language; or a .toml file",
    )
    add_day(parser)
    parser.add_argument(
        "--legs", action="store_true", help="of a treaty: leg by leg, with its words and evidence"
    )
    add_json(parser)
    add_dem(parser)
    add_network(parser)


def read_show(options: Namespace) -> ShowRequest:
    """Return the request of `araxes show`."""
    from borders.gazetteer.places import Place

    # Read before the name: --columns without --network is refused, too.
    network = read_network(options) if options.network is not None or options.columns else None
    request = ShowRequest(
        thing=None,
        on=read_day_of_data(options),
        legs=options.legs,
        json=options.json,
        network=network,
    )
    try:
        thing = _known(options.id, network)
    except UnknownNameError as err:
        return _by_words(options, request, err)
    if options.dem is not None and isinstance(thing, Place | str):
        message = f"--dem gives heights to a line; '{options.id}' is none, leave it out"
        raise AraxesError(message)
    if isinstance(thing, Place):
        link = _link_called(options.id, network)
        return replace(request, thing=thing, alike=_alike(options.id), link=link)
    if not isinstance(thing, str):
        (thing,) = on_terrain([thing], options.dem)
    if network is not None:
        from corridors.network.corridor_course import on_network

        thing = on_network(thing, network)
    return replace(request, thing=thing)


def _link_called(name: str, network: Network | None) -> str:
    """Return an id that a link or crossing has, empty if none has; no bundled one has a place's."""
    from borders.files.bundle import BUNDLED
    from corridors.network.load import load_network

    if network is None and BUNDLED.over is None:
        return ""
    try:
        (network or load_network()).links_of(name)
    except AraxesError:
        # What is wrong with a network is told by what needs it: the place is there all the same.
        return ""
    return name


def _alike(name: str) -> tuple[System, ...]:
    from corridors.model.registry import systems_with_words

    return tuple(systems_with_words(name))


def _by_words(options: Namespace, request: ShowRequest, err: UnknownNameError) -> ShowRequest:
    """Return what a name may mean of which only the words are known; else raise what was wrong."""
    alike = _alike(options.id)
    several = isinstance(err, AmbiguousNameError)
    if not alike or (alike[0].id in str(err) and several):
        raise err
    if len(alike) == 1 and not several:
        (thing,) = on_terrain(list(alike), options.dem)
        return replace(request, thing=thing)
    remark = str(err) if several else ""
    if request.json or request.legs or request.on:
        ids = ", ".join(system.id for system in alike)
        message = f"'{options.id}' is part of the names of {ids}; give an id"
        raise AmbiguousNameError(f"{message}. {remark}" if remark else message)
    return replace(request, alike=alike, remark=remark)


def _known(name: str, network: Network | None) -> System | ContextSystem | Place | str:
    """Return a system or a place, or else the name itself, of a scenario, crossing or link."""
    from corridors.lookup import is_scenario, known_thing
    from corridors.scenarios.scenario import scenario_ids

    if name in scenario_ids() or is_scenario(name) or name in _SEVERAL:
        return name
    try:
        return known_thing(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as err:
        from corridors.network.load import load_network

        try:
            (network or load_network()).links_of(name)
        except UnknownNameError as other:
            if builder := _builder_of(name):
                message = (
                    f"'{name}' is a new link of the scenario '{builder}'; `araxes show {builder}` "
                    "tells of it"
                )
                raise UnknownNameError(message) from None
            near = str(other).partition("; did you mean ")[2]
            # Ids of the network are long, so what is near one is hardly meant for anything else.
            raise (other if near and "-" in name and "mean" not in str(err) else err) from None
        return name


def _builder_of(name: str) -> str:
    """Return the scenario that builds a link of that id, empty if none does."""
    from corridors.scenarios.scenario import read_scenario, scenario_ids

    try:
        return next((key for key in scenario_ids() if name in read_scenario(key).build), "")
    except AraxesError:
        # A scenario that cannot be read is told of where it is asked for.
        return ""


def run_show(request: ShowRequest) -> None:
    """Print one system, place, crossing, link or scenario."""
    from borders.compiler.boundary import Boundary
    from borders.gazetteer.places import Place
    from corridors.context.systems import ContextSystem
    from corridors.export.show_json import summary

    thing = request.thing
    if thing is None:
        from maps.tables.text import show_alike

        show_alike(request.alike, request.remark)
        return
    if isinstance(thing, str):
        (_show_several if thing in _SEVERAL else _show_network)(thing, request)
        return
    if isinstance(thing, ContextSystem):
        _refuse(request, f"'{thing.id}' is no treaty", legs="treaty legs")
        _show_context(thing, request)
        return
    if isinstance(thing, Place):
        _show_place(thing, request)
        return
    if not isinstance(thing, Boundary):
        _refuse(request, f"'{thing.id}' is a corridor", legs="treaty legs")
    if request.json:
        print_json(summary(thing, on=request.on))
        return
    from maps.tables.text import show_legs, show_system

    if request.legs and isinstance(thing, Boundary):
        show_legs(thing)
    else:
        show_system(thing, request.on)


def _show_place(place: Place, request: ShowRequest) -> None:
    """Print a place, and a link or crossing that has its id: the day is that of its statuses."""
    from corridors.export.show_json import place_summary
    from corridors.export.show_network_json import link_summary
    from maps.tables.network import show_links
    from maps.tables.text import show_alike, show_place

    rows = {}
    if request.link:
        row = link_summary(request.link, on=request.on, network=request.network)
        rows[row["kind"]] = row
    what = " and a ".join(["a place", *rows])
    _refuse(request, f"'{place.id}' is {what}", legs="treaty legs")
    if not rows:
        _refuse(request, f"'{place.id}' is a place", on="dates")
    if request.json:
        print_json(place_summary(place) | {"systems": [s.id for s in request.alike]} | rows)
        return
    if request.alike:
        show_alike(request.alike)
    show_place(place)
    for row in rows.values():
        print()
        show_links(row)


def _refuse(request: ShowRequest, what: str, **lacked: str) -> None:
    """Refuse options that ask for what a thing does not have."""
    for option, part in lacked.items():
        if getattr(request, option):
            message = f"{what}, which has no {part}; leave --{option} out"
            raise AraxesError(message)


def _show_context(thing: ContextSystem, request: ShowRequest) -> None:
    """Print districts, sister cities, bases or an alliance."""
    if request.json:
        print_json(thing.summary(request.on))
        return
    from maps.tables.context import show_context

    show_context(thing, request.on)


def _show_several(key: str, request: ShowRequest) -> None:
    """Print all events, those of a day if it is given, or all pipelines."""
    _refuse(request, f"'{key}' are no treaty", legs="treaty legs")
    if key == "events":
        from corridors.context.events import events
        from maps.tables.context import show_events

        chosen = events(on=request.on)
        if request.json:
            print_json([known.row() for known in chosen])
        else:
            show_events(chosen)
        return
    _refuse(request, "'pipelines' are a list of corridors", on="dates")
    run_list(ListRequest(what=key, json=request.json))


def _show_network(key: str, request: ShowRequest) -> None:
    """Print a scenario, a crossing or a link."""
    from corridors.export.show_network_json import link_summary, scenario_summary
    from corridors.lookup import is_scenario
    from corridors.scenarios.scenario import read_scenario, scenario_ids
    from maps.tables.network import show_links, show_scenario

    if key in scenario_ids() or is_scenario(key):
        row = scenario_summary(read_scenario(key, network=request.network), network=request.network)
        what = f"'{row['id']}' is a scenario, of {row['on']}"
        _refuse(request, what, on="other day", legs="treaty legs")
    else:
        row = link_summary(key, on=request.on, network=request.network)
        _refuse(request, f"'{key}' is a {row['kind']}", legs="treaty legs")
    if request.json:
        print_json(row)
    else:
        (show_scenario if row["kind"] == "scenario" else show_links)(row)


SHOW = Command(show_arguments, read_show, run_show)
