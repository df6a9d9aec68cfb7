"""The journal beside the output of a sweep: what is done outlives the process, also a killed one.

The first record is the checksum of the question; each other one holds the rows of a share. A record
has its length and checksum before it and is on the disk before the next is begun, so a kill costs
at most the share at work. What is damaged at the end is cut off.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

    from corridors.sweeps.answer import Columns

__all__ = ["Journal", "journal_of"]

_MAGIC = b"araxes sweep 1\n"
# Number of the share, length, and CRC-32 of the number and what follows.
_HEAD = struct.Struct("<qQI")


def journal_of(out: str | Path) -> Path:
    """Return the path of the journal of an output."""
    path = Path(out)
    return path.with_name(f"{path.name}.journal")


class Journal:
    """The journal of one question.

    Parameters
    ----------
    path : of the journal.
    digest : checksum of the question.

    Raises
    ------
    FileFormatError : there is a journal of another question, or none can be written.
    """

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self._shares: dict[int, tuple[int, int]] = {}
        self._begin = _MAGIC + digest.encode() + b"\n"
        try:
            self._file: BinaryIO = path.open("r+b" if path.exists() else "w+b")
        except OSError as err:
            message = f"{path}: cannot be written: {err.strerror}; give another --out"
            raise FileFormatError(message) from err
        self._lock()
        self._read()

    def _lock(self) -> None:
        """Keep other processes out, as far as the system can."""
        try:
            import fcntl
        except ImportError:  # Windows
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            self._file.close()
            message = f"{self.path}: another sweep is at work on it; wait, or give another --out"
            raise FileFormatError(message) from err

    def _read(self) -> None:
        """Find the shares that are whole, and cut off what follows them."""
        begin = self._file.read(len(self._begin))
        if begin != self._begin:
            # One that was killed before its first share was whole has nothing to lose.
            size = os.fstat(self._file.fileno()).st_size
            nothing_done = _MAGIC.startswith(begin[: len(_MAGIC)]) and size <= len(self._begin)
            if begin and not nothing_done:
                self._file.close()
                message = (
                    f"{self.path}: holds the beginning of another question; delete it to begin "
                    "anew, or give another --out"
                )
                raise FileFormatError(message)
            self._file.seek(0)
            self._file.truncate()
            self._append(self._begin)
        end, size = self._file.tell(), os.fstat(self._file.fileno()).st_size
        while (head := self._file.read(_HEAD.size)) and len(head) == _HEAD.size:
            n, length, checksum = _HEAD.unpack(head)
            # A damaged length may be any number; what it says is read only if the file has it.
            if length > size - self._file.tell():
                break
            body = self._file.read(length)
            if zlib.crc32(body, n) != checksum:
                break
            self._shares[n] = self._file.tell() - length, length
            end = self._file.tell()
        self._file.seek(end)
        self._file.truncate()

    @property
    def done(self) -> set[int]:
        """Return the numbers of the shares that are done."""
        return set(self._shares)

    def add(self, n: int, columns: Columns) -> None:
        """Write the rows of a share; they are on the disk when this returns."""
        if n in self._shares:
            return
        buffer = io.BytesIO()
        # Arrays by the order of their columns: names may hold what a name in a zip file must not.
        arrays: dict[str, Any] = {str(k): values for k, values in enumerate(columns.values())}
        np.savez_compressed(buffer, names=np.array(list(columns)), **arrays)
        body = buffer.getvalue()
        at = self._file.tell() + _HEAD.size
        self._append(_HEAD.pack(n, len(body), zlib.crc32(body, n)) + body)
        self._shares[n] = at, len(body)

    def _append(self, record: bytes) -> None:
        try:
            self._file.write(record)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as err:
            message = f"{self.path}: cannot be written: {err.strerror}; free some space"
            raise FileFormatError(message) from err

    def rows(self, n: int) -> Columns:
        """Return the rows of a share that is done."""
        at, length = self._shares[n]
        end = self._file.tell()
        self._file.seek(at)
        body = self._file.read(length)
        self._file.seek(end)
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            names = arrays["names"].tolist()
            return {name: arrays[str(k)] for k, name in enumerate(names)}

    def remove(self) -> None:
        """Remove the journal, when its output is written."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; the journal stays."""
        self._file.close()

    def __enter__(self) -> Journal:
        """Return itself; it is closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        """Close the file; after an error, one in which nothing is done is removed."""
        if kind is not None and not self._shares:
            self.remove()
        self.close()
