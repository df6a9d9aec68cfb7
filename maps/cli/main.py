"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import argparse
import errno
import gc
import io
import os
import re
import signal
import sys
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from borders.errors import AraxesError
from borders.files.c_locale import set_c_locale
from maps.cli.commands import COMMANDS, command
from maps.cli.messages import columns, complain
from maps.cli.study_folder import study_of, without_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from sys import UnraisableHookArgs
    from types import FrameType, TracebackType

    class _Writes(Protocol):
        def write(self, text: str, /) -> object: ...


__all__ = ["main", "parser", "program"]

# The beginning of a number below zero, or of several: -1.28,36.82
_NEGATIVE = re.compile(r"-\.?\d")
DONE, NO_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Help(argparse.HelpFormatter):
    """Fits the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns(1) - 2)
        # argparse forgets that commands are indented, and breaks the line after the longest.
        self._action_max_length = 14

    def _split_lines(self, text: str, width: int) -> list[str]:
        from textwrap import wrap

        return wrap(" ".join(text.split()), width, break_on_hyphens=False)


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
        # South of the equator and west of Greenwich coordinates begin as options do.
        self._negative_number_matcher = _NEGATIVE

    @property
    def options(self) -> list[str]:
        """Return the long options."""
        return [name for name in self._option_string_actions if name.startswith("--")]

    def unknown(self, words: list[str]) -> NoReturn:
        """Say which words nobody asked for, and what may have been meant."""
        from difflib import get_close_matches

        typed = next((word.partition("=")[0] for word in words if word.startswith("--")), "")
        # Without the dashes, which all options have in common.
        near = get_close_matches(typed[2:], [name[2:] for name in self.options], n=1)
        hint = f"; did you mean --{near[0]}?" if near else ""
        self.error(f"unknown arguments: {' '.join(words)}{hint}")

    def _print_message(self, message: str, file: _Writes | None = None) -> None:
        # argparse says nothing when the device is full.
        (file or sys.stdout).write(message)

    def error(self, message: str) -> NoReturn:
        from borders.errors import shortened

        message = shortened(f"{message}; see `{self.prog} --help`")
        complain(message, program=self.prog, fold=False)
        raise SystemExit(BAD_INPUT)


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
        epilog="In a study (see `araxes new`), or with --study DIR, commands see its things. "
        "Exit codes: 0 done, 1 a question without an answer, 2 bad input, 130 interrupted.",
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
    if sys.stdout is None:
        sys.stdout = _Closed()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _answer(words)
    except KeyboardInterrupt:
        complain("interrupted; no file was left half-written")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has had enough; Python must not complain when it flushes.
        sys.stdout = None
        return DONE
    except OSError as err:
        # Files that cannot be written are told by name; this is where the answer itself goes.
        if err.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF):
            raise
        sys.stdout = None
        complain(f"the answer cannot be written ({err.strerror})")
        return BAD_INPUT
    return code


def _answer(words: list[str]) -> int:
    """Run a command and write all of its answer, that of --help too."""
    try:
        code = _run(words)
        sys.stdout.flush()
    except SystemExit:
        sys.stdout.flush()
        raise
    except Exception as err:
        # A library that is interrupted while it loads may call that an ImportError.
        if _interrupts:
            raise KeyboardInterrupt from err
        raise
    return code


# One entry for each Ctrl-C.
_interrupts: list[int] = []


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    _interrupts.append(number)
    raise KeyboardInterrupt


def _uncaught(kind: type[BaseException], err: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback, but not of an interrupt: extensions print those that they go on from."""
    if not _interrupts:
        sys.__excepthook__(kind, err, trace)


def _unraisable(what: UnraisableHookArgs) -> None:
    if not _interrupts:
        sys.__unraisablehook__(what)


class _Closed(io.TextIOBase):
    """Stands for an output that was closed before the program began."""

    def write(self, _: str) -> NoReturn:
        """Raise what the system says of a closed file."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


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


def _sayer() -> Callable[..., None]:
    """Return what prints a warning in one line, each once."""
    said: set[str] = set()

    def say(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in said:
            said.add(str(message))
            complain(str(message))

    return say


def _run(words: list[str]) -> int:
    try:
        words, folder = without_study(words)
    except AraxesError as err:
        complain(str(err), fold=False)
        return BAD_INPUT
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    first = words[0] if words else ""
    # After a single word, such as --help, no command has anything to parse.
    top = parser(first if first in COMMANDS else "" if len(words) < 2 else None)
    if first and not first.startswith("-") and first not in COMMANDS:
        _Parser(prog="araxes").error(f"no command '{first[:60]}'; {_meant(first)}")
    options, unknown = top.parse_known_args(words)
    if unknown and first in COMMANDS:
        # Words after an option, where argparse takes none for a list or for what may be left out.
        alone, start = _alone(first), argparse.Namespace(command=first, version=options.version)
        options, unknown = alone.parse_known_intermixed_args(words[1:], start)
    if unknown:
        _alone(options.command).unknown(unknown)
    if options.version:
        from borders import __version__

        print(f"araxes {__version__}")
        return DONE
    if options.command is None:
        top.print_help()
        return DONE
    from borders.errors import FormatWarning, NoAnswerError

    options.arguments = words if folder is None else [*words, "--study", folder]
    try:
        chosen = command(options.command)
        with warnings.catch_warnings():
            warnings.simplefilter("always", FormatWarning)
            warnings.showwarning = _sayer()
            options.study = study_of(options.command, folder)
            with options.study.active() if options.study else nullcontext():
                chosen.run(chosen.read(options))
    except AraxesError as err:
        if _interrupts:
            raise
        answered = isinstance(err, NoAnswerError)
        complain(str(err), fold=answered)
        return NO_ANSWER if answered else BAD_INPUT
    except OSError as err:
        # Of a path; what has none is the answer's own way out.
        if err.filename is None:
            raise
        complain(f"{str(err.filename)[:100]}: {err.strerror}; give another path", fold=False)
        return BAD_INPUT
    return DONE


def _open_standard_streams() -> None:
    """Open the null device for streams that are closed: else files would take their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def program() -> NoReturn:
    """Run as a program of its own: `main`, then leave at once."""
    # Looking for garbage while libraries load costs a short command a tenth of its time.
    gc.set_threshold(1_000_000)
    set_c_locale()
    signal.signal(signal.SIGINT, _interrupt)
    sys.unraisablehook, sys.excepthook = _unraisable, _uncaught
    _open_standard_streams()
    code = main()
    # All files are closed; taking the libraries down one by one would only take longer.
    os._exit(code)
