"""What the command line says on the error stream, and how wide the terminal is."""

from __future__ import annotations

import contextlib
import os
import re
import sys

from borders.errors import visible

__all__ = ["columns", "complain", "quiet_matplotlib", "wrapped", "written"]

# A path that begins a message and holds blanks is copied as one word.
_PATH = re.compile(r"(?:araxes[a-z ]*: )?(\S*/[^:'\"]*:)(?= )")


def columns(stream: int) -> int:
    """Return the width of the terminal of stream 1 or 2, 80 if it is unknown.

    shutil, which knows it too, loads every compressor.
    """
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    try:
        return os.get_terminal_size(stream).columns or 80
    except OSError:
        return 80


def complain(message: str, *, program: str = "araxes", fold: bool = True) -> None:
    """Say something on the error stream, in lines that fit.

    Parameters
    ----------
    program : with its command, if that is what was asked wrongly.
    fold : whether also to fold where no terminal is watching; there a refusal stays one line, so
        that scripts and logs find all of it.
    """
    if sys.stderr is None:
        return
    text = visible(f"{program}: {' '.join(message.split())}")
    if fold or sys.stderr.isatty():
        text = wrapped(text, columns(2))
    # A stream that is closed or full hears nothing; the exit code tells all the same.
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def written(features: int, file: str) -> str:
    """Return in words how many features were written to a file."""
    return visible(f"wrote {features} feature{'' if features == 1 else 's'} to {file}")


def quiet_matplotlib() -> None:
    """Let matplotlib, before it is loaded, ask for no window and tell nothing of its caches."""
    import logging

    os.environ["MPLBACKEND"] = "agg"
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of at most so many columns, further ones set in; words stay whole.

    Examples
    --------
    >>> print(wrapped("one two three", 9))
    one two
        three
    """
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    path = _PATH.match(text)
    begin, end = path.span(1) if path else (0, 0)
    words = [*text[:begin].split(), *filter(None, [text[begin:end]]), *text[end:].split()]
    lines = [words[0]]
    for word in words[1:]:
        if cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"    {word}")
    return "\n".join(lines)
