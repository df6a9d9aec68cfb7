"""Read a Shapefile, whose files belong together: .shp, .shx, .dbf, .prj and, if any, .cpg."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from borders.errors import CRSError, FileFormatError
from borders.files.layers import read_layers
from borders.files.toml import reading

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

__all__ = ["read_shapefile"]


def read_shapefile(path: Path) -> geopandas.GeoDataFrame:
    """Return the features of a Shapefile in EPSG:4326.

    Raises
    ------
    FileFormatError : one of its files is missing, or how its texts are encoded is not said.
    CRSError : no .prj, or one that is not lon/lat WGS84.
    """
    with reading(path):
        beside = {
            other.suffix.lower(): other
            for other in path.parent.iterdir()
            if other.stem.casefold() == path.stem.casefold()
        }
    for suffix, holds in ((".shx", "its index"), (".dbf", "its columns")):
        if suffix not in beside:
            message = (
                f"{path}: {path.stem}{suffix} is missing, which holds {holds}; copy all files of"
                " the Shapefile together"
            )
            raise FileFormatError(message)
    if ".prj" not in beside:
        message = (
            f"{path}: no coordinate reference system: {path.stem}.prj is missing; copy it too, or"
            " say which system it is: ogr2ogr -s_srs EPSG:… -t_srs EPSG:4326"
            f" {path.stem}.gpkg {path.name}"
        )
        raise CRSError(message)
    options: dict[str, Any] = {}
    if ".cpg" not in beside:
        options = _encoding(path, beside[".dbf"])
    else:
        _check_encoding(path, beside[".cpg"])
    return read_layers(path, beside=True, **options)


def _check_encoding(path: Path, cpg: Path) -> None:
    """Refuse a .cpg that names no encoding: the driver would drop the letters it cannot read."""
    with reading(cpg):
        name = cpg.read_text("ascii", errors="replace").strip()
    bare = name.upper().removeprefix("ANSI ").removeprefix("OEM ")
    for candidate in (bare, f"CP{bare}", bare.replace("ISO 88591", "ISO-8859-1")):
        try:
            codecs.lookup(candidate)
        except LookupError:
            continue
        return
    if bare.startswith(("88591", "ISO88591", "ISO 8859")):
        return
    message = (
        f"{path}: {cpg.name} names the encoding '{name[:40]}', which is not known; write the"
        " right one there, such as UTF-8 or 1254"
    )
    raise FileFormatError(message)


def _encoding(path: Path, dbf: Path) -> dict[str, Any]:
    """Return the encoding of texts where no .cpg says it, from the file itself if it can be told.

    Raises
    ------
    FileFormatError : it holds letters beyond ASCII, which could be those of many encodings.
    """
    with reading(dbf):
        content = dbf.read_bytes()
    # Byte 29 is the language that a driver knows by itself; of 0x57, "ANSI", that is a guess.
    if content.isascii() or len(content) < 32 or content[29] not in (0, 0x57):
        return {}
    head = int.from_bytes(content[8:10], "little")
    try:
        content[head:].decode("utf-8")
    except UnicodeDecodeError:
        message = (
            f"{path}: in what encoding its texts are is not said; write it into {path.stem}.cpg,"
            " such as UTF-8 or 1254 (Turkish)"
        )
        raise FileFormatError(message) from None
    return {"encoding": "utf-8"}
