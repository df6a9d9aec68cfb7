"""Read the vector files in a zip, such as the parts of a Shapefile or the KML of a KMZ."""

from __future__ import annotations

import shutil
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from borders.errors import AraxesError, FileFormatError, FormatWarning
from borders.files.columns import frames_below
from borders.files.toml import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas

__all__ = ["read_zip"]

# What a zip may hold when unpacked; a few kilobytes can declare petabytes.
MOST_BYTES = 1_000_000_000
MOST_MEMBERS = 10_000


def read_zip(
    path: Path, read: Callable[[Path], geopandas.GeoDataFrame], *, suffixes: tuple[str, ...]
) -> geopandas.GeoDataFrame:
    """Return the features of the vector files in a zip, one below the other, in EPSG:4326.

    Parameters
    ----------
    read : what reads one of them once it is unpacked.
    suffixes : of the files that are read; of a Shapefile the others go with it.

    Raises
    ------
    FileFormatError : it is broken, encrypted, too large, or holds no such file.
    """
    try:
        with reading(path), zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
            members = _members(path, archive)
            _unpack(path, archive, members, Path(folder))
            return _read_members(path, read, suffixes, {k: Path(folder) / k for k in members})
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as err:
        reason = str(err).splitlines()[0][:80] if str(err) else type(err).__name__
        message = f"{path}: cannot be unpacked ({reason}); make it again, without a password"
        raise FileFormatError(message) from err


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by the path at which they are unpacked."""
    infos = [info for info in archive.infolist() if info.filename and not info.is_dir()]
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
        message = (
            f"{path}: holds more than {MOST_MEMBERS:,} files or {MOST_BYTES / 1e9:g} GB when"
            " unpacked; unpack it and name a file of it"
        )
        raise FileFormatError(message)
    members = {}
    for info in infos:
        inside = PurePosixPath(info.filename.replace("\\", "/"))
        # macOS packs a second file beside each.
        if "__MACOSX" in inside.parts or inside.name.startswith("."):
            continue
        number = "".join(f"{part}/" for part in inside.parts[:-1] if part not in ("..", "/"))
        members[f"{number}{inside.name}"] = info
    return members


def _unpack(
    path: Path, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], folder: Path
) -> None:
    """Unpack files below a folder, no more of each than it declares."""
    for name, info in members.items():
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except (OSError, ValueError) as err:
            if isinstance(err, UnicodeDecodeError):
                raise
            message = f"{path}: '{name[:60]}' in it cannot be unpacked ({err}); rename it"
            raise FileFormatError(message) from err


def _read_members(
    path: Path,
    read: Callable[[Path], geopandas.GeoDataFrame],
    suffixes: tuple[str, ...],
    files: dict[str, Path],
) -> geopandas.GeoDataFrame:
    """Return the features of the unpacked files of some suffixes."""
    shapefiles = {file.with_suffix("") for file in files.values() if file.suffix.lower() == ".shp"}
    wanted = {
        name: file
        for name, file in files.items()
        if file.suffix.lower() in suffixes
        and file.suffix.lower() != ".zip"
        # A table beside a Shapefile may be of the same rows.
        and (file.suffix.lower() == ".shp" or file.with_suffix("") not in shapefiles)
    }
    if not wanted:
        names = ", ".join(list(files)[:5])[:100]
        message = f"{path}: holds no file that can be read (only {names or 'nothing'})"
        raise FileFormatError(message)
    parts = []
    for name, file in sorted(wanted.items()):
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always", FormatWarning)
                part = read(file)
        except AraxesError as err:
            message = str(err).replace(str(file), f"{path}/{name}")
            raise type(err)(message) from err
        for warning in warned:
            message = str(warning.message).replace(str(file), f"{path}/{name}")
            warnings.warn(message, warning.category, stacklevel=2)
        parts.append(part)
    return frames_below(parts)
