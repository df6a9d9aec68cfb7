"""Write files whole or not at all: a failed run leaves the file that was there before."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from borders.errors import AraxesError, FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = [
    "atomic",
    "check_free",
    "check_name",
    "fixed_time",
    "output_folder",
    "suffix_of",
    "valid_utf8",
    "write_bytes",
    "write_text",
]

# Lone surrogates: halves of letters beyond U+FFFF. Python also uses them for the bytes of
# a path that are not text.
_SURROGATES = re.compile("[\ud800-\udfff]")

_REASONS = {
    errno.EACCES: "permission denied; choose another place with --out",
    errno.EPERM: "permission denied; choose another place with --out",
    errno.EROFS: "the file system is read-only; choose another place with --out",
    errno.ENOSPC: "no space left on the device; free some or choose another place with --out",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another place with --out",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another place with --out",
    errno.EEXIST: "a file of that name is in the way; choose another place with --out",
    errno.EISDIR: "that is a folder; give a file name with --out",
    errno.ENOENT: "the folder does not exist; create it first",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one with --out",
}


def fixed_time() -> datetime | None:
    """Return the build time that the environment variable SOURCE_DATE_EPOCH fixes, if it does.

    Raises
    ------
    AraxesError : it is not a number of seconds since 1970.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as err:
        message = f"SOURCE_DATE_EPOCH is '{text}', not seconds since 1970; mend it or unset it"
        raise AraxesError(message) from err


def output_folder(folder: str | Path) -> Path:
    """Return a folder that can be written to, created if need be.

    Raises
    ------
    FileFormatError : it cannot be created or written to; says why.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as err:
        raise _write_error(path, err) from err
    return path


def check_name(path: Path) -> None:
    """Refuse a path that is no text in UTF-8: most libraries cannot open a file by such a name.

    Raises
    ------
    FileFormatError : it holds bytes that are no text.
    """
    if _SURROGATES.search(str(path)):
        message = f"{path}: the name holds bytes that are not UTF-8; rename the file or folder"
        raise FileFormatError(message)


def check_free(*targets: Path) -> None:
    """Refuse paths of which one is a folder, before any file is written.

    Raises
    ------
    FileFormatError : one is a folder.
    """
    for path in targets:
        if path.is_dir():
            raise _write_error(path, IsADirectoryError(errno.EISDIR, "is a folder"))


def valid_utf8(text: str) -> str:
    """Return a text that UTF-8 can hold: lone surrogates become U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


@contextmanager
def atomic(target: str | Path) -> Iterator[Path]:
    """Yield a path in a new folder beside the target, renamed to it if the block succeeds.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    path = Path(target)
    folder: Path | None = None
    try:
        check_free(path)
        with _uninterrupted():
            # A folder of its own, because some drivers write side files too.
            folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=".araxes-"))
        yield folder / path.name
        with _uninterrupted():
            (folder / path.name).replace(path)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as err:
        raise _write_error(path, err) from err
    finally:
        if folder is not None:
            with _uninterrupted():
                shutil.rmtree(folder, ignore_errors=True)


def write_text(target: str | Path, text: str) -> None:
    """Write a UTF-8 text file with Unix line ends, whole or not at all."""
    with atomic(target) as path:
        path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if held and callable(before):
            before(*held[0])


def suffix_of(file: str | Path | IO[bytes]) -> str:
    """Return the suffix of a path, or of the name of an open file if it has one; in small letters.

    Raises
    ------
    FileFormatError : it is neither a path nor an open file.
    """
    if isinstance(file, str | Path):
        return Path(file).suffix.lower()
    if not callable(getattr(file, "write", None)):
        message = f"a {type(file).__name__} is no file; give a path, or a file open for bytes"
        raise FileFormatError(message)
    name = getattr(file, "name", None)
    return Path(name).suffix.lower() if isinstance(name, str) else ""


def write_bytes(file: IO[bytes], content: bytes) -> None:
    """Write to a file that the caller has opened and closes.

    Raises
    ------
    FileFormatError : it is open for text, closed, or its device is full.
    """
    try:
        file.write(content)
    except TypeError as err:
        message = "the file is open for text; open it with mode 'wb', or give io.BytesIO()"
        raise FileFormatError(message) from err
    except OSError as err:
        raise _write_error(Path(str(getattr(file, "name", "the file"))), err) from err
    except ValueError as err:
        message = "the file is closed; write before it is"
        raise FileFormatError(message) from err


def _write_error(path: Path, err: OSError) -> FileFormatError:
    reason = _REASONS.get(err.errno or 0, err.strerror or str(err))
    return FileFormatError(f"{path}: cannot be written: {reason}")
