"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import sys
from importlib import import_module
from typing import NoReturn

from maps.arguments import COMMANDS

__all__ = ["main", "parser", "program"]

# Commands that ask the network import less than the others.
_HOMES = {
    "map": "maps.drawing",
    **dict.fromkeys(("route", "compare", "reach", "network"), "maps.questions"),
    **dict.fromkeys(("matrix", "attribute", "breakeven"), "maps.analyses"),
}

DONE, NO_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def _columns() -> int:
    """Return the width of the terminal; shutil, which knows it too, loads every compressor."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


class _Help(argparse.HelpFormatter):
    """Fits the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)
        # argparse forgets that commands are indented, and breaks the line after the longest.
        self._action_max_length = 14


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and points to the help."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, or of one: a short command need not wait for the rest.

    Parameters
    ----------
    only : the command; of "", every command is listed, and none has arguments.
    """
    top = _Parser(
        prog="araxes",
        formatter_class=_Help,
        description="Borders and corridors of the South Caucasus, with their sources and errors.",
        epilog="Exit codes: 0 done, 1 a question without an answer, 2 bad input, 130 interrupted.",
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        if only in (None, "", name):
            one = commands.add_parser(name, help=command.help, formatter_class=_Help)
            if only != "":
                command.add(one)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    asked = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(asked)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("araxes: interrupted; no file was left half-written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has had enough; Python must not complain when it flushes.
        sys.stdout = None
        return DONE
    except OSError as err:
        # Files that cannot be written are told by name; this is where the answer itself goes.
        if err.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        sys.stdout = None
        print(f"araxes: the answer cannot be written ({err.strerror})", file=sys.stderr)
        return BAD_INPUT
    return code


def _run(asked: list[str]) -> int:
    first = asked[0] if asked else ""
    # After a single word, such as --help, no command has anything to parse.
    top = parser(first if first in COMMANDS else "" if len(asked) < 2 else None)
    options, unknown = top.parse_known_args(asked)
    if unknown:
        where = f"araxes {options.command}" if options.command else "araxes"
        _Parser(prog=where).error(f"unknown arguments: {' '.join(unknown)}")
    if options.version:
        from importlib.metadata import version

        print(f"araxes {version('araxes')}")
        return DONE
    if options.command is None:
        top.print_help()
        return DONE
    from borders.errors import AraxesError, NoAnswerError

    options.asked = asked
    try:
        home = import_module(_HOMES.get(options.command, "maps.commands"))
        getattr(home, f"run_{options.command}")(options)
    except NoAnswerError as err:
        print(f"araxes: {err}", file=sys.stderr)
        return NO_ANSWER
    except AraxesError as err:
        print(f"araxes: {' '.join(str(err).split())}", file=sys.stderr)
        return BAD_INPUT
    return DONE


def program() -> NoReturn:
    """Run as a program of its own: `main`, then leave at once."""
    # Looking for garbage while libraries load costs a short command a tenth of its time.
    gc.set_threshold(1_000_000)
    code = main()
    # All files are closed; taking the libraries down one by one would only take longer.
    os._exit(code)


if __name__ == "__main__":
    program()
