"""Arrays and texts in one uncompressed .npz file, whose arrays are mapped, not read.

The file is a zip archive of stored members, so numpy's own `load` reads it too: arrays as ``.npy``,
tables as ``.json``. Its first member, ``format.json``, names the format and its version and holds
type and shape of every array and the SHA-256 of every other member. Each array begins at a multiple
of 64 bytes of the file.
"""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import FileFormatError
from borders.files.atomic import atomic

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Mapped", "format_of", "map_arrays", "verify", "write_arrays"]

_ALIGNMENT = 64
# Bytes of a local header of a zip archive before the name, and where its two lengths stand.
_HEADER, _LENGTHS = 30, struct.Struct("<26xHH")
_FIRST = "format.json"
_LARGEST_JSON = 1 << 30
# What the library raises at archives that are damaged, or ask for what it has not.
_UNREADABLE = (zipfile.BadZipFile, RuntimeError, EOFError)


class Mapped(NamedTuple):
    """What a file holds: `about` its format, arrays by name, and the places of its JSON tables."""

    path: Path
    about: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def table(self, name: str) -> Any:
        """Return a table of the file, read anew.

        Raises
        ------
        FileFormatError : the file has no such table, or it is damaged.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                return json.loads(_checked(archive, f"{name}.json", self.about))
        except (OSError, KeyError, ValueError, *_UNREADABLE) as err:
            raise _damaged(self.path, f"table '{name}' cannot be read") from err


def write_arrays(
    path: Path, kind: str, version: int, arrays: Mapping[str, np.ndarray],
    tables: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write arrays and tables, whole or not at all; the same content gives the same bytes.

    Parameters
    ----------
    kind, version : of the format, as `map_arrays` asks for them.
    arrays : of numbers, in any shape.
    tables : what JSON can hold.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    texts = {
        f"{name}.json": json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
        for name, table in tables.items()
    }
    digests = {name: _sha256(text).hexdigest() for name, text in texts.items()}
    little = {name: _little(array) for name, array in arrays.items()}
    digests |= {f"{name}.npy": _digest(array) for name, array in little.items()}
    shapes = {f"{name}.npy": [array.dtype.str, *array.shape] for name, array in little.items()}
    about = {"format": kind, "version": version, "arrays": shapes, "sha256": digests}
    with atomic(path) as draft, zipfile.ZipFile(draft, "w", allowZip64=True) as archive:
        archive.writestr(zipfile.ZipInfo(_FIRST), json.dumps(about, indent=1))
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
        for name, array in little.items():
            _write_array(archive, f"{name}.npy", array)


def _sha256(start: bytes = b"") -> hashlib._Hash:
    """Return a new SHA-256; OpenSSL is loaded only where there is something to check."""
    import hashlib

    return hashlib.sha256(start)


def _little(array: np.ndarray) -> np.ndarray:
    """Return an array in C order, with the smallest byte of each number first."""
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))


def _head(array: np.ndarray) -> bytes:
    head = io.BytesIO()
    np.lib.format.write_array_header_2_0(head, np.lib.format.header_data_from_array_1_0(array))
    return head.getvalue()


def _digest(array: np.ndarray) -> str:
    digest = _sha256(_head(array))
    digest.update(array.data if array.size else b"")
    return digest.hexdigest()


def _write_array(archive: zipfile.ZipFile, name: str, array: np.ndarray) -> None:
    member = zipfile.ZipInfo(name)
    member.file_size = array.nbytes + 256
    # zipfile adds a field of 20 bytes where a member of 2 GiB or more may need 64-bit sizes.
    wide = 20 if member.file_size * 1.05 > zipfile.ZIP64_LIMIT else 0
    head = _head(array)
    start = archive.start_dir + _HEADER + len(name.encode()) + wide + len(head)
    padding = -(start + 4) % _ALIGNMENT
    # An extra field of an unknown kind holds the padding, as Android's zipalign does.
    member.extra = struct.pack("<HH", 0xD935, padding) + bytes(padding)
    with archive.open(member, "w") as file:
        file.write(head)
        if array.size:
            file.write(array.data)


def map_arrays(path: Path, kind: str, version: int, *, oldest: int | None = None) -> Mapped:
    """Return what a file of `write_arrays` holds, its arrays mapped into memory.

    Parameters
    ----------
    oldest : version from which files are read, too; only `version` if missing.

    Raises
    ------
    FileFormatError : it is no such file, of another version, cut short or damaged where it shows.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            about = _about(archive, path, kind, range(oldest or version, version + 1))
            stated = {info.filename: info for info in archive.infolist()}
            if set(stated) != {_FIRST, *about["sha256"]}:
                raise _damaged(path, "members are missing")
            arrays = {
                name[:-4]: _map_array(file, path, stated[name], np.dtype(dtype), tuple(shape))
                for name, (dtype, *shape) in about["arrays"].items()
            }
    except FileNotFoundError as err:
        message = f"{path}: no such file"
        raise FileFormatError(message) from err
    except OSError as err:
        message = f"{path}: cannot be read: {err.strerror or err}"
        raise FileFormatError(message) from err
    except (*_UNREADABLE, ValueError, KeyError, TypeError, struct.error) as err:
        if isinstance(err, FileFormatError):
            raise
        raise _damaged(path, "it is no archive, or cut short") from err
    return Mapped(path, about, arrays)


def format_of(path: Path) -> str:
    """Return the format that a file says it is of, empty if it says none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return str(json.loads(archive.read(_FIRST))["format"])
    except (OSError, KeyError, ValueError, TypeError, *_UNREADABLE):
        return ""


def verify(mapped: Mapped) -> None:
    """Read a whole file and compare the SHA-256 of each member.

    Raises
    ------
    FileFormatError : a member differs; says which.
    """
    path = mapped.path
    with zipfile.ZipFile(path) as archive:
        for name, expected in mapped.about["sha256"].items():
            digest = _sha256()
            try:
                with archive.open(name) as member:
                    while block := member.read(1 << 20):
                        digest.update(block)
            except _UNREADABLE as err:
                raise _damaged(path, f"{name} is not what was written") from err
            if digest.hexdigest() != expected:
                raise _damaged(path, f"{name} is not what was written")


def _about(archive: zipfile.ZipFile, path: Path, kind: str, versions: range) -> dict[str, Any]:
    if _FIRST not in archive.namelist():
        message = f"{path}: an .npz file of another kind; give one that Araxes wrote"
        raise FileFormatError(message)
    about: dict[str, Any] = json.loads(archive.read(_FIRST))
    if about["format"] != kind:
        message = f"{path}: holds '{about['format']}', not '{kind}'"
        raise FileFormatError(message)
    if about["version"] not in versions:
        known = " to ".join(dict.fromkeys(map(str, (versions[0], versions[-1]))))
        message = (
            f"{path}: version {about['version']} of its format, this program reads {known}; "
            "write it anew"
        )
        raise FileFormatError(message)
    return about


def _checked(archive: zipfile.ZipFile, name: str, about: Mapping[str, Any]) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_JSON:
        message = f"{name} is too large"
        raise ValueError(message)
    text = archive.read(name)
    if _sha256(text).hexdigest() != about["sha256"][name]:
        message = f"{name} is not what was written"
        raise ValueError(message)
    return text


def _map_array(
    file: Any, path: Path, info: zipfile.ZipInfo, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> np.ndarray:
    """Return one array of an archive, mapped: the last bytes of its member."""
    if info.compress_type != zipfile.ZIP_STORED:
        raise _damaged(path, f"{info.filename} is compressed")
    file.seek(info.header_offset)
    lengths = _LENGTHS.unpack(file.read(_HEADER))
    begin = info.header_offset + _HEADER + sum(lengths)
    size = int(np.prod(shape)) * dtype.itemsize
    offset = begin + info.file_size - size
    if dtype.kind not in "iufb" or not begin < offset <= _size(file):
        raise _damaged(path, f"{info.filename} is no plain array of its size")
    if not size:
        return np.empty(shape, dtype)
    return np.memmap(file, dtype, "r", offset, shape).view(np.ndarray)


def _size(file: Any) -> int:
    return int(os.fstat(file.fileno()).st_size)


def _damaged(path: Path, what: str) -> FileFormatError:
    return FileFormatError(f"{path}: damaged: {what}; write it anew")
