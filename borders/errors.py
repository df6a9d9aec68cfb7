"""The errors that Araxes raises; every message says what, where, which value, what to do."""

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
    """No thing of that id or name; the message offers the nearest ones."""

    # KeyError shows the repr of its argument, quotes and all; people read this one.
    __str__ = ValueError.__str__


class AmbiguousNameError(UnknownNameError):
    """Several things bear that name; the message lists them."""


class FileFormatError(AraxesError):
    """A file is not what its suffix says, or cannot be read or written."""


class NoAnswerError(AraxesError):
    """The question is well formed and has no answer; the command line exits with 1."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put before the message of an error where it is: a file and its row, a treaty and its call."""
    try:
        yield
    except AraxesError as err:
        message = f"{where}: {err}"
        raise type(err)(message) from err
