"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import sys
from typing import Any, NoReturn

from maps.cli.commands import COMMANDS, command

__all__ = ["main", "parser", "program"]

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


class _Once(argparse.Action):
    """Keeps a value; which of two was meant is not settled by a guess."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Keep the value unless there is one."""
        given = namespace.__dict__.setdefault("given", set())
        if option_string and self.dest in given:
            how = "join ids by +" if self.dest == "scenario" else "give it once"
            parser.error(f"{option_string} is given twice; {how}")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and points to the help."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.register("action", None, _Once)

    @property
    def options(self) -> list[str]:
        """Return the long options."""
        return [name for name in self._option_string_actions if name.startswith("--")]

    def unknown(self, words: list[str]) -> NoReturn:
        """Say which words nobody asked for, and what may have been meant."""
        from difflib import get_close_matches

        typed = next((word.partition("=")[0] for word in words if word.startswith("--")), "")
        near = get_close_matches(typed, self.options, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        self.error(f"unknown arguments: {' '.join(words)}{hint}")

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.split())
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
    for name, entry in COMMANDS.items():
        if only in (None, "", name):
            below = commands.add_parser(name, help=entry.help, formatter_class=_Help)
            if only != "":
                command(name).add_arguments(below)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(words)
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


def _alone(name: str | None) -> _Parser:
    """Return the parser of one command, or of none."""
    alone = _Parser(prog=f"araxes {name}" if name else "araxes")
    if name:
        command(name).add_arguments(alone)
    return alone


def _meant(word: str) -> str:
    """Return what may have been meant by a word that is no command."""
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=2)
    if near:
        return f"nearest: {', '.join(near)}"
    owners = [name for name in COMMANDS if f"--{word}" in _alone(name).options]
    if owners:
        return f"--{word} is an option of {', '.join(f'`araxes {name}`' for name in owners)}"
    return f"known: {', '.join(COMMANDS)}"


def _run(words: list[str]) -> int:
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    first = words[0] if words else ""
    # After a single word, such as --help, no command has anything to parse.
    top = parser(first if first in COMMANDS else "" if len(words) < 2 else None)
    if first and not first.startswith("-") and first not in COMMANDS:
        _Parser(prog="araxes").error(f"no command '{first[:60]}'; {_meant(first)}")
    options, unknown = top.parse_known_args(words)
    if unknown:
        _alone(options.command).unknown(unknown)
    if options.version:
        from borders import __version__

        print(f"araxes {__version__}")
        return DONE
    if options.command is None:
        top.print_help()
        return DONE
    from borders.errors import AraxesError, NoAnswerError

    options.arguments = words
    try:
        chosen = command(options.command)
        chosen.run(chosen.read(options))
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
