"""Write files whole or not at all: a failed run leaves the file that was there before."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import tempfile
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from borders.errors import AraxesError, FileFormatError
from borders.files.paths import is_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = [
    "atomic",
    "check_free",
    "check_name",
    "fixed_time",
    "output_folder",
    "suffix_of",
    "together",
    "valid_utf8",
    "write_bytes",
    "write_text",
]

# Lone surrogates: halves of letters beyond U+FFFF. Python also uses them for the bytes of
# a path that are not text.
_SURROGATES = re.compile("[\ud800-\udfff]")

_PREFIX = ".araxes-"
# A draft's folder by host and process, or as earlier versions called it.
_LEFT_OVER = re.compile(r"\.araxes-(?:([0-9a-f]{8})-(\d+)-)?[a-z0-9_]{8}")
_OLD_S = 86_400.0
_SWEPT: set[Path] = set()
_LIVE: set[Path] = set()
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_WAITING: ContextVar[list[_Draft] | None] = ContextVar("waiting", default=None)

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
        if is_folder(path):
            raise _write_error(path, IsADirectoryError(errno.EISDIR, "is a folder"))


def valid_utf8(text: str) -> str:
    """Return a text that UTF-8 can hold: lone surrogates become U+FFFD."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


@contextmanager
def atomic(target: str | Path) -> Iterator[Path]:
    """Yield a path in a new folder beside the target, renamed to it if the block succeeds.

    A file that is there keeps its mode, a link stays one: what it leads to is written. Into a pipe
    or device the finished file is copied. Within `together` the renaming waits for its end.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    path = Path(target)
    draft: _Draft | None = None
    try:
        check_free(path)
        with _uninterrupted():
            draft = _Draft.begun(path)
        yield draft.path
        waiting = _WAITING.get()
        if waiting is None:
            draft.publish()
        elif not draft.path.exists():
            raise FileNotFoundError(errno.ENOENT, "nothing was written")
        else:
            waiting.append(draft)
            draft = None
    except OSError as err:
        raise _write_error(path, err) from err
    finally:
        if draft is not None:
            draft.remove()


@contextmanager
def together() -> Iterator[Callable[[], dict[Path, Path]]]:
    """Let the files that the block writes take their places at its end, or none of them.

    Between the first renaming and the last, a moment, some are new and some old. What is yielded
    returns the files written so far: the place that each will take → where it waits. Within another
    such block, files wait for the end of that one.

    Raises
    ------
    FileFormatError : a file cannot take its place.
    """
    outer = _WAITING.get()
    if outer is not None:
        yield lambda: {draft.target: draft.path for draft in outer}
        return
    drafts: list[_Draft] = []
    token = _WAITING.set(drafts)
    try:
        yield lambda: {draft.target: draft.path for draft in drafts}
        with _uninterrupted():
            for draft in drafts:
                try:
                    draft.publish()
                except OSError as err:
                    raise _write_error(draft.target, err) from err
    finally:
        _WAITING.reset(token)
        for draft in drafts:
            draft.remove()


class _Draft(NamedTuple):
    """A file on its way to its place.

    Parameters
    ----------
    target : as the user named it.
    place : what is written in the end: the target, or what it leads to.
    folder : of its own, because some drivers write side files too.
    stream : the place is a pipe or a device.
    """

    target: Path
    place: Path
    folder: Path
    stream: bool

    @classmethod
    def begun(cls, target: Path) -> _Draft:
        stream = _is_stream(target)
        try:
            place = target if stream else target.resolve()
        except RuntimeError as err:
            # Before Python 3.13 a circle of links.
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from err
        above = Path(tempfile.gettempdir()) if stream else place.parent
        _sweep(above)
        prefix = f"{_PREFIX}{_host()}-{os.getpid()}-"
        folder = Path(tempfile.mkdtemp(dir=above, prefix=prefix))
        _watch(folder)
        return cls(target, place, folder, stream)

    @property
    def path(self) -> Path:
        """Return where the file is written until it is done."""
        return self.folder / self.target.name

    def publish(self) -> None:
        """Put the file into its place."""
        if self.stream:
            with self.path.open("rb") as whole, self.place.open("wb") as stream:
                shutil.copyfileobj(whole, stream)
        else:
            with _uninterrupted():
                if self.place.exists():
                    self.path.chmod(stat.S_IMODE(self.place.stat().st_mode))
                self.path.replace(self.place)
        self.remove()

    def remove(self) -> None:
        """Remove what is left of it."""
        with _uninterrupted():
            shutil.rmtree(self.folder, ignore_errors=True)
            _unwatch(self.folder)


def _is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device, or one of the process's own streams."""
    if str(path).startswith(("/dev/fd/", "/dev/std", "/proc/self/fd/")):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


def _host() -> str:
    """Return eight letters for this machine: process ids mean nothing on another."""
    import platform

    return f"{zlib.crc32(platform.node().encode()):08x}"


def _sweep(folder: Path) -> None:
    """Remove what killed runs left in a folder: of dead processes, or older than a day."""
    if folder in _SWEPT:
        return
    _SWEPT.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            left = _LEFT_OVER.fullmatch(entry.name)
            if left and entry.is_dir(follow_symlinks=False) and _stale(Path(entry.path), left):
                shutil.rmtree(entry.path, ignore_errors=True)


def _stale(folder: Path, left: re.Match[str]) -> bool:
    host, process = left.groups()
    if host == _host() and os.name == "posix":
        if int(process) == os.getpid():
            return False
        try:
            os.kill(int(process), 0)
        except (ProcessLookupError, OverflowError):
            return True
        except OSError:
            pass
    with suppress(OSError):
        latest = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
        return time.time() - latest > _OLD_S
    return False


def _watch(folder: Path) -> None:
    """Remember a folder, to remove it if the process is told to end."""
    _LIVE.add(folder)
    if threading.current_thread() is threading.main_thread():
        for number in _ENDINGS:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, _end)


def _unwatch(folder: Path) -> None:
    _LIVE.discard(folder)
    if not _LIVE and threading.current_thread() is threading.main_thread():
        for number in _ENDINGS:
            if signal.getsignal(number) is _end:
                signal.signal(number, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    """Remove every draft, then end as the signal would have ended the process."""
    del frame
    for folder in tuple(_LIVE):
        shutil.rmtree(folder, ignore_errors=True)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


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
