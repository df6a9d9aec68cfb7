"""What CSV files of all programs have in common: what stands between cells, and torn rows."""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["delimiter_of", "whole_rows"]

# Spreadsheets of half the world put semicolons between cells.
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')


def delimiter_of(text: str) -> str:
    """Return what stands between the cells of a table, by its first row.

    Examples
    --------
    >>> delimiter_of('id;"a, b, c";name')
    ';'
    """
    head = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    return max(_DELIMITERS, key=head.count)


@contextmanager
def whole_rows(where: str, reader: csv.DictReader[str]) -> Iterator[None]:
    """Turn what tears a row into an error with its file and line.

    Raises
    ------
    FileFormatError : a row cannot be told from the next one, or a cell is too long.
    """
    try:
        yield
    except csv.Error as err:
        message = f"{where}:{reader.line_num}: not a row of CSV ({err}); check its quotes"
        raise FileFormatError(message) from err
