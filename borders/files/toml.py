"""Read TOML files; errors name the path and, where there is one, the line."""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_toml", "reading"]

# A dotted key of more than 16 parts: the time and memory that tomllib takes grow with the square of
# their number, and no key of ours has as many.
_LONG_KEY = re.compile(r"(?:[\"']?[^\s.=,\[\]{}\"'#]{1,100}[\"']?[ \t]*\.[ \t]*){16}")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    FileFormatError : the file is missing, not UTF-8 text or not TOML; the message has the line.
    """
    with reading(path):
        text = path.read_text("utf-8-sig")
    long_key = _LONG_KEY.search(text)
    if long_key:
        line = text.count("\n", 0, long_key.start()) + 1
        message = f"{path}: line {line}: more than 16 parts joined by points; no key has as many"
        raise FileFormatError(message)
    try:
        return tomllib.loads(text)
    except RecursionError as err:
        message = f"{path}: not valid TOML: brackets nested too deeply"
        raise FileFormatError(message) from err
    except tomllib.TOMLDecodeError as err:
        message = f"{path}: not valid TOML: {err}; {_advice(str(err))}"
        raise FileFormatError(message) from err
    except ValueError as err:
        # Python refuses to read an integer of thousands of digits.
        message = f"{path}: holds a number that is too long: {str(err).partition(':')[0]}"
        raise FileFormatError(message) from err


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong in reading a file into an error with its path and the reason.

    Raises
    ------
    FileFormatError : the file is missing, cannot be opened, or is not UTF-8 text; or it is a
        device or a pipe, which may have no end.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            message = f"{path}: a device or a pipe, not a file; save what it gives in a file"
            raise FileFormatError(message)
        yield
    except FileNotFoundError as err:
        message = f"{path}: no such file"
        raise FileFormatError(message) from err
    except UnicodeDecodeError as err:
        message = f"{path}: not a text file in UTF-8 (byte {err.start}); save it as UTF-8"
        raise FileFormatError(message) from err
    except OSError as err:
        message = f"{path}: cannot be read ({err.strerror})"
        raise FileFormatError(message) from err


def _advice(error: str) -> str:
    """Return what to write instead."""
    if "overwrite" in error:
        return "give each key once"
    return 'write text in straight quotes ("), numbers with a point and days as 2026-06-01'
