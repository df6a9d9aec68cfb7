"""Geometry as few bytes: whole-number steps, written as numbers of two to five bytes, deflated.

`maps/web/assets/decode.js` reads them back.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import GeometryError
from borders.files.atomic import valid_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[np.int64]

__all__ = ["DRAWN_AT", "deflated", "pack", "text_json", "varints"]

# Map coordinates are whole numbers of 1e-5 degree, about a metre.
DRAWN_AT = 1e-5

# Bytes of the longest number.
_PLANES = 5

# Shapely's ids of single geometries; those of multi-part geometries and collections are higher.
_POINT, _LINE, _RING, _POLYGON = range(4)


def varints(values: Integers) -> bytes:
    """Return whole numbers below 2**31 as bytes: the lowest one whole, then seven bits in each.

    The lowest bytes of all numbers come first, then the next seven bits of all, with a bit that
    tells whether a number has more; then the next seven of those that have more, and so on: similar
    bytes side by side deflate better, and the lowest, which hardly repeat, are stored as they are.
    Before them stands where the first, second … fifth bytes begin, in four bytes each. Negative
    numbers are interleaved with positive ones (zigzag encoding): 0, -1, 1, -2 become 0, 1, 2, 3.

    Examples
    --------
    >>> varints(np.array([0, -1, 1, 128]))[20:].hex()
    '0001020000000001'
    """
    rest = ((values << 1) ^ (values >> 63)).astype(np.uint64)
    planes: list[NDArray[Any]] = [(rest & np.uint64(255)).astype(np.uint8)]
    rest >>= np.uint64(8)
    while len(planes) < _PLANES:
        longer = rest > np.uint64(127)
        planes.append((rest & np.uint64(127)).astype(np.uint8) | (longer.astype(np.uint8) << 7))
        rest = rest[longer] >> np.uint64(7)
    ends = 4 * _PLANES + np.cumsum([0, *map(len, planes)], dtype="<u4")
    return ends[:-1].tobytes() + b"".join(plane.tobytes() for plane in planes)


def deflated(data: bytes, *, steps: bool = False) -> str:
    """Return bytes deflated (RFC 1951) and in base64, which no HTML can take for a tag.

    Parameters
    ----------
    steps : whether they are small numbers that rarely repeat each other, as `varints` writes them.
    """
    # Both deflate best in short blocks, each with its own code; steps hardly hold repeated
    # strings, and looking for few of them leaves the bytes to the code.
    strategy = zlib.Z_FILTERED if steps else zlib.Z_DEFAULT_STRATEGY
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 7, strategy)
    return base64.b64encode(deflate.compress(data) + deflate.flush()).decode("ascii")


def text_json(value: Any) -> bytes:
    """Return a value as JSON in UTF-8; letters that UTF-8 cannot hold become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return valid_utf8(text).encode("utf-8")


def pack(geometries: Sequence[Any]) -> tuple[Integers, list[list[int]]]:
    """Return areas, lines and points as numbers, and how many parts and vertices each kind has.

    Parameters
    ----------
    geometries : of any kind, lon/lat in degrees; collections are taken apart, Z is dropped.

    Returns
    -------
    The numbers, and parts and vertices of areas, lines and points. The numbers are, for each of
    the three kinds in turn: for each part, the step of its owner (the index of its geometry in
    `geometries`) from the owner of the part before; the number of vertices of each part; the
    steps of x, then those of y, to the first vertex of each part from the last one of the part
    before; then those to all other vertices; in units of `DRAWN_AT`. Parts of an area are its
    rings, outer and inner ones alike.

    Raises
    ------
    GeometryError : a coordinate is not a finite number.
    """
    parts, owners = _single_parts(geometries)
    kinds = shapely.get_type_id(parts)
    if not np.isfinite(shapely.get_coordinates(parts)).all():
        message = "a geometry holds coordinates that are no finite numbers; leave it out"
        raise GeometryError(message)
    areas = kinds == _POLYGON
    rings, polygon = shapely.get_rings(parts[areas], return_index=True)
    lines = (kinds == _LINE) | (kinds == _RING)
    groups: Iterable[tuple[Any, Integers]] = (
        (rings, owners[areas][polygon]),
        (parts[lines], owners[lines]),
        (parts[kinds == _POINT], owners[kinds == _POINT]),
    )
    numbers: list[Integers] = []
    counts = []
    for group, group_owners in groups:
        streams, part_count, vertex_count = _streams(group, group_owners)
        numbers += streams
        counts.append([part_count, vertex_count])
    return np.concatenate(numbers), counts


def _single_parts(geometries: Sequence[Any]) -> tuple[NDArray[np.object_], Integers]:
    """Return the single parts that are not empty, and the index of the geometry each is of."""
    parts = np.array([*geometries, None], dtype=object)[:-1]
    owners = np.arange(len(parts))
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owners = owners[index]
    filled = ~shapely.is_empty(parts) & ~shapely.is_missing(parts)
    return parts[filled], owners[filled].astype(np.int64)


def _streams(parts: Any, owners: Integers) -> tuple[list[Integers], int, int]:
    """Return owner, size and steps of linear parts, and how many parts and vertices there are."""
    xy, index = shapely.get_coordinates(parts, return_index=True)
    cells = np.rint(xy / DRAWN_AT).astype(np.int64)
    # Vertices that round to the same cell as the one before are left out.
    moved = np.ones(len(cells), bool)
    moved[1:] = (np.diff(cells, axis=0) != 0).any(axis=1) | (np.diff(index) != 0)
    cells, index = cells[moved], index[moved]
    sizes = np.bincount(index, minlength=len(parts)).astype(np.int64)
    steps = np.diff(cells, axis=0, prepend=np.zeros((1, 2), np.int64))
    # Steps between parts are much longer than those within: apart, both have fewer bytes.
    begins = np.diff(index, prepend=-1) != 0
    between, within = steps[begins], steps[~begins]
    streams = [np.diff(owners, prepend=0), sizes, *between.T, *within.T]
    return streams, len(parts), len(cells)
