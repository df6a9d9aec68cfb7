"""Pages made from the program: its commands from the parser, its API from the docstrings."""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["api_pages", "command_page"]

PACKAGES = ("borders", "borders.geodesy", "corridors", "maps")


def _parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command, in the order of `araxes --help`."""
    from maps.cli.main import parser

    actions = parser()._actions
    found = next(a for a in actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, within a cell of a table."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|" else c for c in " ".join(text.split()))


def _code(text: str) -> str:
    """Return a text as code within a cell of a table."""
    return f"`{text}`".replace("|", "\\|")


def _name(action: argparse.Action) -> str:
    """Return an argument as one types it."""
    if not action.option_strings:
        return str(action.metavar or action.dest)
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"{action.option_strings[-1]}{value}"


def _rows(actions: list[argparse.Action]) -> list[str]:
    return [
        f"| {_code(_name(a))} | {_escaped((a.help or '') % {'default': a.default})} |"
        for a in actions
        if a.help != argparse.SUPPRESS and a.dest != "help"
    ]


def command_page() -> str:
    """Return the page of every command and its options, in Markdown."""
    from maps.cli.commands import COMMANDS

    lines = ["# Commands", "",
             "Made from the program's parser. `araxes COMMAND --help` prints the same.", "",
             "| command | what it does |", "|---|---|"]  # fmt: skip
    parsers = _parsers()
    lines += [f"| [`araxes {name}`](#araxes-{name}) | {_escaped(COMMANDS[name].help)} |"
              for name in parsers]  # fmt: skip
    lines += ["",
              "Inside a study, or with `--study DIR`, every command sees the study's things.", "",
              "| exit code | means |", "|---:|---|", "| 0 | done |",
              "| 1 | a question without an answer |",
              "| 2 | bad input; one line says what is wrong and what to do |",
              "| 130 | interrupted |", ""]  # fmt: skip
    with patch.dict(os.environ, {"COLUMNS": "80"}):
        for name, parser in parsers.items():
            own = parser._actions
            usage = inspect.cleandoc(parser.format_usage().removeprefix("usage: "))
            lines += [f"## araxes {name}", "", _sentence(COMMANDS[name].help), "", "```text",
                      usage, "```", ""]  # fmt: skip
            given = [a for a in own if not a.option_strings]
            options = [a for a in own if a.option_strings and a.dest != "help"]
            for head, several in (("argument", given), ("option", options)):
                if several:
                    lines += [f"| {head} | what it is |", "|---|---|", *_rows(several), ""]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    """Return a text as a sentence of Markdown."""
    return _escaped(f"{text[:1].upper()}{text[1:]}.")


def _groups(package: str) -> dict[str, list[str]]:
    """Return the public names of a package by the room that holds each, each name once."""
    module = importlib.import_module(package)
    before = [importlib.import_module(name) for name in PACKAGES[: PACKAGES.index(package)]]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in module.__all__:
        if any(getattr(other, name, None) is getattr(module, name) for other in before):
            continue
        where = getattr(getattr(module, name), "__module__", "") or package
        room = ".".join(where.split(".")[:2]) if where.startswith(package) else package
        groups[package if room == "builtins" else room].append(name)
    # What no room holds comes last.
    return dict(sorted(groups.items(), key=lambda item: (item[0] == package, item[0])))


def _room(name: str) -> str:
    """Return what a room is about: the first line of its docstring."""
    text = inspect.getdoc(importlib.import_module(name)) or name
    return text.splitlines()[0].rstrip(".")


def _directive(package: str, name: str) -> Iterator[str]:
    thing: Any = getattr(importlib.import_module(package), name)
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        yield from (f".. autoexception:: {package}.{name}", "   :show-inheritance:")
    elif inspect.isclass(thing):
        yield from (f".. autoclass:: {package}.{name}", "   :members:")
    elif callable(thing):
        yield f".. autofunction:: {package}.{name}"
    else:
        yield f".. autodata:: {package}.{name}\n   :no-value:"
    yield ""


def api_pages() -> dict[str, str]:
    """Return the pages of the public names of each package, in reStructuredText, by file name."""
    pages = {}
    for package in PACKAGES:
        title = package
        about = inspect.getdoc(importlib.import_module(package)) or ""
        lines = [title, "=" * len(title), "", about.splitlines()[0] if about else "", ""]
        lines += [f"Import these names from ``{package}``; the modules below it may move.", ""]
        for room, names in _groups(package).items():
            head = _room(room) if room != package else "More"
            lines += [head, "-" * len(head), ""]
            for name in sorted(names, key=str.lower):
                lines += _directive(package, name)
        pages[f"api-{package.replace('.', '-')}.rst"] = "\n".join(lines)
    links = "\n".join(f"   api-{package.replace('.', '-')}" for package in PACKAGES)
    pages["api.rst"] = (
        "Python\n======\n\nEvery public function and class, from its docstring. "
        "Units stand in names: ``length_m`` is in metres. "
        "Coordinates are longitude and latitude (EPSG:4326).\n\n"
        f".. toctree::\n   :maxdepth: 2\n\n{links}\n"
    )
    return pages
