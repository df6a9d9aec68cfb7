"""Read files; what is wrong with one is said in one line with its path."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["reading"]


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say with a file's path why it cannot be read.

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
