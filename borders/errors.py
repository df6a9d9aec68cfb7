"""The errors that Araxes raises; every message says what, where, which value, what to do.

    ValueError
        AraxesError             bad input, such as a date that is none; the base of all below
            CRSError            a geometry has no reference system, or another than EPSG:4326
            GeometryError       a geometry is empty, invalid, out of range, or does not fit another
            SchemaError         a table or file breaks the rules of `data/schema.csv`
            UnknownNameError    no thing has that id or name; also a KeyError
                AmbiguousNameError    several things have that name
            FileFormatError     a file is not what its suffix says, or cannot be read or written
            NoAnswerError       a well-formed question has no answer

The command line prints the one line of any of them and exits with 2, for a NoAnswerError with 1.
A FormatWarning is no error: a file was written or read, and holds something in another form than
the table.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike


# Messages quote what was given: a word longer than this, or a message, is shortened.
_LONGEST_WORD, _LONGEST_MESSAGE = 400, 4000
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
# Control characters but tab and line feed: in a terminal they move, colour, ring or hide. Two turn
# the direction of all that follows, and so another text is read than was written.
_SIGNS = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
_SIGNS |= {0x7F: 0x2421} | dict.fromkeys((*range(0x80, 0xA0), 0x202D, 0x202E), 0xFFFD)


def visible(text: str) -> str:
    """Return a text whose control characters are visible signs; tab and line feed stay.

    Examples
    --------
    >>> visible(f"red{chr(27)}[31m, end{chr(13)}")
    'red␛[31m, end␍'
    >>> visible(f"{chr(0x202E)}txt.exe")
    '�txt.exe'
    """
    return text if text.isprintable() else text.translate(_SIGNS)


def shortened(text: str) -> str:
    """Return a message without the middle of what is too long to be read.

    Examples
    --------
    >>> shortened(f"on is {'9' * 5000}; write a date")[70:]
    '9999999999999999…9999999999999999999; write a date'
    """
    text = _LONG_WORD.sub(lambda word: f"{word[0][:80]}…{word[0][-20:]}", text)
    if len(text) <= _LONGEST_MESSAGE:
        return text
    return f"{text[: _LONGEST_MESSAGE - 500]} … {text[-500:]}"


class AraxesError(ValueError):
    """Bad input; the command line prints its one line and exits with 2.

    In its message what is too long is shortened, and control characters are visible signs.
    """

    def __init__(self, message: object = "") -> None:
        text = " ".join(str(message).split("\n"))
        super().__init__(visible(shortened(text)))


class CRSError(AraxesError):
    """A geometry has no coordinate reference system, or not the one that is needed."""


class GeometryError(AraxesError):
    """A geometry is empty, invalid or outside the range of longitude and latitude."""


class SchemaError(AraxesError):
    """A table or a file breaks the rules of `data/schema.csv`."""


class UnknownNameError(AraxesError, KeyError):
    """No thing has that id or name; the message offers the nearest ones."""

    # KeyError would show the message as a repr, in quotes.
    __str__ = ValueError.__str__


def no_such(what: str, key: str, known: Iterable[str], see: str = "") -> str:
    """Return the message that nothing has an id: with the nearest ids, or where to see them all.

    Parameters
    ----------
    what : the kind of thing, as "province".
    see : what lists them; all ids are named if it is missing.

    Examples
    --------
    >>> no_such("province", "tr-kras", ["tr-kars", "am-syunik"])
    "no province 'tr-kras'; did you mean tr-kars?"
    """
    from difflib import get_close_matches

    ids = list(known)
    near = get_close_matches(key, ids, n=3, cutoff=0.5)
    hint = see or f"known: {', '.join(ids[:12])}{' …' if len(ids) > 12 else ''}"
    if near:
        hint = f"did you mean {', '.join(near)}?"
    return f"no {what} '{key[:100]}'; {hint}"


class AmbiguousNameError(UnknownNameError):
    """Several things have that name; the message lists them."""


class FileFormatError(AraxesError):
    """A file is not what its suffix says, or cannot be read or written."""


class NoAnswerError(AraxesError):
    """The question is well formed and has no answer; the command line exits with 1."""


class FormatWarning(UserWarning):
    """A format holds something otherwise than the table; the command line prints its one line."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put the place of an error before its message: a file and its row, a treaty and its call.

    Examples
    --------
    >>> with located("demo.toml, call 2"):
    ...     raise SchemaError("words are blank")
    Traceback (most recent call last):
    borders.errors.SchemaError: demo.toml, call 2: words are blank
    """
    try:
        yield
    except AraxesError as err:
        message = f"{where}: {err}"
        raise type(err)(message) from err


@contextmanager
def in_file(file: str | PathLike[str]) -> Iterator[None]:
    """Put a file before the message of an error that does not name it.

    Examples
    --------
    >>> with in_file("my/demo.toml"):
    ...     raise SchemaError("words are blank")
    Traceback (most recent call last):
    borders.errors.SchemaError: demo.toml: words are blank
    """
    name = Path(file).name
    try:
        yield
    except AraxesError as err:
        if not name or visible(shortened(name)) in str(err):
            raise
        message = f"{name}: {err}"
        raise type(err)(message) from err
