"""The commands by name: what each is for, and the module of its arguments and its body."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

__all__ = ["COMMANDS", "Command", "Entry", "command"]

Request = TypeVar("Request")


class Command(NamedTuple, Generic[Request]):
    """A command: its arguments, how they become a request, and what the request does.

    Parameters
    ----------
    add_arguments : adds its arguments to a parser.
    read : returns the request, with every value parsed; refuses what cannot be one.
    run : answers the request.
    """

    add_arguments: Callable[[ArgumentParser], None]
    read: Callable[[Namespace], Request]
    run: Callable[[Request], None]


class Entry(NamedTuple):
    """What a command is for, and the module of `maps.cli` that holds it."""

    help: str
    module: str


# `araxes --help` lists the commands from here and imports none of their modules.
COMMANDS = {
    "report": Entry("every system: tables, map.html, map.png, araxes.gpkg", "report"),
    "list": Entry("what the data hold", "show"),
    "show": Entry("one border, corridor, crossing, place or scenario", "show"),
    "map": Entry("a map as one HTML file, or a figure", "draw"),
    "gallery": Entry("fourteen figures with captions: lines, corridors, ways, charts", "report"),
    "export": Entry("geometry with sources and licences", "export"),
    "validate": Entry("check a treaty, corridor, scenario or vector file", "check"),
    "figures": Entry("published lengths and areas beside ours", "check"),
    "claims": Entry("numbers that documents state, or yours, against ours", "claims"),
    "events": Entry("what happened when, 1918 to 2026, and who says so", "events"),
    "districts": Entry("who held the districts of Karabakh, by day", "districts"),
    "route": Entry("the best way between two places", "routes"),
    "profile": Entry("height, status, country and error along a line", "profile"),
    "compare": Entry("pairs of places under several scenarios", "routes"),
    "series": Entry("a pair of places over time, and the events that change it", "series"),
    "sweep": Entry("grids, sets of openings, draws, folders of scenarios: one table", "sweep"),
    "matrix": Entry("from each of some places to each other", "analyses"),
    "attribute": Entry("what each opening of a scenario brings", "analyses"),
    "robust": Entry("how far an answer holds: draws, openings, borders that close", "robust"),
    "breakeven": Entry("at what delay, speed or cost the best way changes", "analyses"),
    "reach": Entry("what lies within a distance or time of a place", "reach"),
    "access": Entry("places and people within a limit, gained and lost", "reach"),
    "network": Entry("check a network, or import one from OpenStreetMap", "check"),
    "new": Entry("a study of your own: a folder with one example of each thing", "study"),
    "lock": Entry("note with what a study was made, and what came of it", "study"),
    "verify": Entry("build a study anew and compare it with its lock", "study"),
    "pack": Entry("a study as one archive", "study"),
    "open": Entry("unpack a study", "study"),
    "completion": Entry("a script that completes commands and ids in a shell", "completion"),
}


def command(name: str) -> Command[Any]:
    """Return a command: `ROUTE` of `maps.cli.routes` for `route`."""
    module = import_module(f"maps.cli.{COMMANDS[name].module}")
    value: Command[Any] = getattr(module, name.upper())
    return value
