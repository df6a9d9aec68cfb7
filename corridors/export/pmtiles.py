"""One file of tiles (PMTiles 3) from those of several files, whose layers it joins.

Source: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["join_tiles", "tile_ids"]

_HEADER_BYTES = 127
# Header and first directory are in as many bytes; one of more entries has others below it.
_FIRST_BYTES, _ENTRIES = 16_384, 4096
_CLUSTERED, _GZIP, _VECTOR = 1, 2, 1
_PER_DEGREE = 10_000_000


class _Tile(NamedTuple):
    """A tile of one of the files: as MBTiles count, rows begin in the south."""

    source: int
    zoom: int
    column: int
    row: int


class _Entries(NamedTuple):
    """Entries of a directory; those of directories have 0 as their runs."""

    ids: Sequence[int]
    offsets: Sequence[int]
    lengths: Sequence[int]
    run: int

    def directory(self) -> bytes:
        """Return them as the file holds them."""
        steps = np.diff(np.asarray(self.ids, np.int64), prepend=0).tolist()
        ends = [a + b for a, b in zip(self.offsets, self.lengths, strict=True)]
        # 0 says that one begins where the last one ends.
        begins = [
            0 if n and offset == ends[n - 1] else offset + 1
            for n, offset in enumerate(self.offsets)
        ]
        columns = steps, [self.run] * len(steps), self.lengths, begins
        numbers = [len(steps), *(number for column in columns for number in column)]
        return _compressed(b"".join(map(_varint, numbers)))

    def part(self, begin: int, end: int) -> _Entries:
        """Return some of them."""
        return _Entries(
            self.ids[begin:end], self.offsets[begin:end], self.lengths[begin:end], self.run
        )


def join_tiles(path: Path, files: Sequence[Path], about: Mapping[str, str]) -> None:
    """Write the vector tiles of MBTiles as PMTiles; those of one place become one.

    Parameters
    ----------
    files : the first one's layers come first. A layer may be in several of them at different
        zooms, but not at the same.
    about : what the metadata say besides zooms, bounds and layers.
    """
    with ExitStack() as stack:
        sources = [stack.enter_context(closing(sqlite3.connect(file))) for file in files]
        rows = [dict(source.execute("SELECT name, value FROM metadata")) for source in sources]
        ids, tiles = _ordered(sources)
        offsets: list[int] = []
        lengths: list[int] = []
        body = stack.enter_context(path.with_name(f"{path.name}.tiles").open("w+b"))
        for parts in tiles:
            blob = _joined([_blob(sources, tile) for tile in parts])
            offsets.append(body.tell())
            lengths.append(len(blob))
            body.write(blob)
        first, leaves = _directories(_Entries(ids, offsets, lengths, 1))
        zooms = [tile.zoom for tile in (tiles[0][0], tiles[-1][0])]
        bounds = _bounds(rows)
        metadata = _compressed(_metadata(rows, about, zooms, bounds))
        begins = np.cumsum([_HEADER_BYTES, len(first), len(metadata), len(leaves)]).tolist()
        sizes = [len(first), len(metadata), len(leaves), body.tell()]
        places = [number for pair in zip(begins, sizes, strict=True) for number in pair]
        west, south, east, north = (round(degrees * _PER_DEGREE) for degrees in bounds)
        header = struct.pack(
            "<7sB11Q6B4iB2i", b"PMTiles", 3, *places, *[len(ids)] * 3,
            _CLUSTERED, _GZIP, _GZIP, _VECTOR, *zooms, west, south, east, north,
            zooms[0], (west + east) // 2, (south + north) // 2,
        )  # fmt: skip
        with path.open("wb") as file:
            for part in (header, first, metadata, leaves):
                file.write(part)
            body.seek(0)
            while chunk := body.read(1 << 20):
                file.write(chunk)
    path.with_name(f"{path.name}.tiles").unlink()


def tile_ids(zoom: Ints, x: Ints, y: Ints) -> Ints:
    """Return the numbers of tiles, along a Hilbert curve at each zoom.

    Parameters
    ----------
    x, y : column from the west, row from the north.

    Examples
    --------
    >>> tile_ids(np.array([0, 1, 12]), np.array([0, 1, 3423]), np.array([0, 0, 1763])).tolist()
    [0, 4, 19078479]
    """
    ids = (4**zoom - 1) // 3
    x, y = x.copy(), y.copy()
    for bit in range(int(zoom.max(initial=0)) - 1, -1, -1):
        side = 1 << bit
        there = zoom > bit
        right, below = (there & ((at & side) > 0) for at in (x, y))
        ids += np.where(there, side * side * ((3 * right) ^ below), 0)
        turned, mirrored = there & ~below, there & ~below & right
        x, y = (np.where(there, at & (side - 1), at) for at in (x, y))
        x, y = (np.where(mirrored, side - 1 - at, at) for at in (x, y))
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return ids


def _ordered(sources: Sequence[sqlite3.Connection]) -> tuple[list[int], list[list[_Tile]]]:
    """Return the numbers of all tiles in order, and the tiles of each that are to be joined."""
    tiles = [
        _Tile(n, *row)
        for n, source in enumerate(sources)
        for row in source.execute("SELECT zoom_level, tile_column, tile_row FROM tiles")
    ]
    columns = np.array(tiles, np.int64).reshape(-1, 4)
    zoom, x, row = columns[:, 1:].T
    numbers = tile_ids(zoom, x, (1 << zoom) - 1 - row)
    joined: dict[int, list[_Tile]] = {}
    for n in np.lexsort((columns[:, 0], numbers)).tolist():
        joined.setdefault(int(numbers[n]), []).append(tiles[n])
    return list(joined), list(joined.values())


def _blob(sources: Sequence[sqlite3.Connection], tile: _Tile) -> bytes:
    """Return a tile as its file holds it, compressed."""
    (blob,) = sources[tile.source].execute(
        "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
        tile[1:],
    ).fetchone()  # fmt: skip
    return bytes(blob)


def _joined(blobs: Sequence[bytes]) -> bytes:
    """Return tiles as one: a tile is a row of layers, so that one may follow another."""
    if len(blobs) == 1:
        return blobs[0]
    return _compressed(b"".join(map(gzip.decompress, blobs)))


def _directories(entries: _Entries) -> tuple[bytes, bytes]:
    """Return the first directory, and those below it if it would be too long by itself."""
    alone = entries.directory()
    if len(alone) <= _FIRST_BYTES - _HEADER_BYTES:
        return alone, b""
    size, count = _ENTRIES, len(entries.ids)
    while True:
        begins = range(0, count, size)
        leaves = [entries.part(begin, begin + size).directory() for begin in begins]
        lengths = list(map(len, leaves))
        offsets = np.cumsum([0, *lengths[:-1]]).tolist()
        first = _Entries([entries.ids[n] for n in begins], offsets, lengths, 0).directory()
        if len(first) <= _FIRST_BYTES - _HEADER_BYTES:
            return first, b"".join(leaves)
        size *= 2


def _bounds(rows: Iterable[Mapping[str, str]]) -> tuple[float, ...]:
    """Return west, south, east and north of all files, in degrees."""
    boxes = np.array([[float(text) for text in row["bounds"].split(",")] for row in rows])
    return (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def _metadata(
    rows: Iterable[Mapping[str, str]], about: Mapping[str, str], zooms: Sequence[int],
    bounds: Iterable[float],
) -> bytes:  # fmt: skip
    """Return the metadata as JSON: a layer has the columns that it has in any file."""
    layers: dict[str, dict[str, Any]] = {}
    for row in rows:
        for layer in json.loads(row["json"])["vector_layers"]:
            known = layers.setdefault(layer["id"], layer)
            known["minzoom"] = min(known["minzoom"], layer["minzoom"])
            known["maxzoom"] = max(known["maxzoom"], layer["maxzoom"])
            known["fields"] |= layer["fields"]
    metadata = {
        **about, "type": "overlay", "format": "pbf",
        "minzoom": str(zooms[0]), "maxzoom": str(zooms[1]),
        "bounds": ",".join(f"{degrees:.7f}" for degrees in bounds),
        "vector_layers": list(layers.values()),
    }  # fmt: skip
    return json.dumps(metadata, ensure_ascii=False).encode()


def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def _varint(number: int) -> bytes:
    """Return a number in bytes of 7 bits, the lowest first."""
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)
