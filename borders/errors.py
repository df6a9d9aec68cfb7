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
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class AraxesError(ValueError):
    """Bad input; the command line prints its one line and exits with 2."""


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


class AmbiguousNameError(UnknownNameError):
    """Several things have that name; the message lists them."""


class FileFormatError(AraxesError):
    """A file is not what its suffix says, or cannot be read or written."""


class NoAnswerError(AraxesError):
    """The question is well formed and has no answer; the command line exits with 1."""


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
