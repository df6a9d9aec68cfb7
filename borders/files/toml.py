"""Read TOML files; errors name the path and, where there is one, the line."""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from borders.errors import FileFormatError
from borders.files.paths import exists, is_file, is_folder, no_such_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_toml", "reading"]

# A treaty with its whole text has some 100 kB.
LARGEST_BYTES = 5_000_000

_MOST_BITS = 10_000

_PART = r"""(?:"(?:\\.|[^"\\\n])*+"|'[^'\n]*+'|[\w-]++)"""
# A dotted key of more than 16 parts: the time and memory that tomllib takes grow with the square of
# their number, and no key of ours has as many.
_LONG_KEY = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{16}}"
# All that comes before the first such key; texts and comments are skipped whole.
_BEFORE_LONG_KEY = re.compile(
    rf"""(?:"{{3}}(?:[^"\\]++|\\.|"(?!""))*+"{{3}}|'{{3}}(?:[^']++|'(?!''))*+'{{3}}|\#[^\n]*+"""
    rf"|(?!{_LONG_KEY})(?:{_PART}|.))*+",
    re.DOTALL,
)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    FileFormatError : the file is missing, not UTF-8 text or not TOML; the message has the line.
    """
    with reading(path):
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            message = f"{path}: {size:,} bytes; a TOML file has at most {LARGEST_BYTES:,}"
            raise FileFormatError(message)
        text = path.read_text("utf-8-sig")
    before = _BEFORE_LONG_KEY.match(text)
    end = len(text) if before is None else before.end()
    if end < len(text):
        line = text.count("\n", 0, end) + 1
        message = f"{path}: line {line}: more than 16 parts joined by points; no key has as many"
        raise FileFormatError(message)
    try:
        table = tomllib.loads(text)
    except RecursionError as err:
        message = f"{path}: not valid TOML: brackets nested too deeply"
        raise FileFormatError(message) from err
    except tomllib.TOMLDecodeError as err:
        message = f"{path}: not valid TOML: {err}; {_advice(str(err))}"
        raise FileFormatError(message) from err
    except ValueError as err:
        # Python refuses to read an integer of thousands of digits.
        reason = str(err).partition(":")[0]
        message = f"{path}: holds a number that is too long ({reason}); write a smaller one"
        raise FileFormatError(message) from err
    _check_numbers(path, table)
    return table


def _check_numbers(path: Path, table: dict[str, Any]) -> None:
    """Refuse whole numbers that Python can read, such as hexadecimal ones, but not print."""
    stack: list[Any] = [table]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            message = (
                f"{path}: holds a number that is too long ({value.bit_length():,} bits); write a "
                "smaller one"
            )
            raise FileFormatError(message)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong in reading a file into an error with its path and the reason.

    Raises
    ------
    FileFormatError : the file is missing, cannot be opened, or is not UTF-8 text; or it is a
        device or a pipe, which may have no end.
    """
    try:
        if exists(path) and not (is_file(path) or is_folder(path)):
            message = f"{path}: a device or a pipe, not a file; save what it gives in a file"
            raise FileFormatError(message)
        yield
    except FileNotFoundError as err:
        raise FileFormatError(no_such_file(path)) from err
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
