"""Bundled boundaries as the build resolved them, so that a command need not resolve them again.

Each is stored with a checksum of what it was drawn from, with its error band, and with what draws
of its places and lines give. Where a call, a place or a guide line has changed since, nothing of it
is used.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.compiler.boundary import Boundary
from borders.compiler.leg import Leg
from borders.files.bundle import BUNDLED, SCALE, DataRoot
from borders.files.features import end_to_end
from borders.guide_lines import guide
from borders.measure import Measure

if TYPE_CHECKING:
    from borders.compiler.monte_carlo import Draws
    from borders.geodesy.lonlat import FloatArray
    from borders.treaty.treaty import Treaty

__all__ = ["FILE", "pack", "read_band", "read_drawn", "read_precompiled"]

FILE = "resolved.npz"
# What is stored of each: its line; its band, integers of 1e-7 degree and the offsets of rings,
# polygons and the whole.
_LINE = ("facts", "xy", "polygon")
_BAND = ("band.xy", "band.rings", "band.polygons", "band.whole")
# Attributes of a leg that are stored: key in the file → attribute. The others come from the call.
_DRAWN = {
    "length_m": "length_m", "sigma_m": "sigma_m", "state": "drawn_as", "gap_m": "gap_m",
    "source": "source", "circular": "circular", "winds": "winds", "note": "note",
}  # fmt: skip


def read_precompiled(treaty: Treaty, *, root: DataRoot = BUNDLED) -> Boundary | None:
    """Return a bundled boundary as the build resolved it, None if it has to be resolved.

    Parameters
    ----------
    treaty : as `read_treaty` returns it.
    root : folder with the stored boundaries.
    """
    arrays = _arrays(treaty.id, root)
    facts = _facts(treaty, root)
    if arrays is None or facts is None:
        return None
    xy = np.split(arrays["xy"], np.cumsum(facts["vertices"])[:-1])
    legs = tuple(
        Leg(
            n=call.n,
            words=call.words,
            rule=call.rule,
            start=call.start,
            end=call.end,
            evidence=call.state,
            geometry=shapely.LineString(vertices),
            guide=None if key is None else guide(key, treaty.guides),
            **{_DRAWN[key]: value for key, value in drawn.items()},
        )
        for call, vertices, key, drawn in zip(
            treaty.calls, xy, facts["guides"], facts["legs"], strict=True
        )
    )
    polygon = shapely.from_wkb(arrays["polygon"].tobytes())
    return Boundary(
        treaty=treaty,
        legs=legs,
        geometry=end_to_end(legs),
        polygon=None if polygon.is_empty else polygon,
        length=Measure(**facts["length"]),
        area=None if facts["area"] is None else Measure(**facts["area"]),
    )


def read_drawn(
    treaty: Treaty, *, root: DataRoot = BUNDLED
) -> tuple[Measure, Measure | None] | None:
    """Return the length and the area that draws of a bundled boundary gave, None if out of date.

    They are those of `borders.compiler.monte_carlo.draws` with its defaults.

    Parameters
    ----------
    treaty : as `read_treaty` returns it.
    root : folder with the stored boundaries.
    """
    facts = _facts(treaty, root)
    if facts is None:
        return None
    length, area = (known and Measure(**known) for known in facts["drawn"])
    return length, area


def read_band(treaty: Treaty, *, root: DataRoot = BUNDLED) -> shapely.MultiPolygon | None:
    """Return the 95 % error band of a bundled boundary, to a centimetre, None if out of date.

    It is that of `borders.compiler.deviation.band` with its defaults.

    Parameters
    ----------
    treaty : as `read_treaty` returns it.
    root : folder with the stored boundaries.
    """
    arrays = _arrays(treaty.id, root, _BAND)
    if arrays is None or _facts(treaty, root) is None:
        return None
    xy, *offsets = (arrays[part] for part in _BAND)
    (band,) = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, (xy * SCALE).round(7), offsets
    )
    return band


def _facts(treaty: Treaty, root: DataRoot) -> dict[str, Any] | None:
    """Return what is stored of a boundary, None unless it is drawn from the same."""
    arrays = _arrays(treaty.id, root)
    if arrays is None or treaty.terrain is not None:
        return None
    facts: dict[str, Any] = json.loads(arrays["facts"].tobytes())
    return facts if facts["drawn_from"] == _checksum(treaty, root) else None


def pack(line: Boundary, band: shapely.MultiPolygon, drawn: Draws) -> dict[str, np.ndarray]:
    """Return a boundary of a bundled treaty as the arrays to be stored, by name.

    Numbers are rounded, coordinates to a tenth of a millimetre: their last digits differ between
    processors, and the file is the same on all of them.

    Parameters
    ----------
    band, drawn : its error band and draws of it.
    """
    vertices = [_rounded(shapely.get_coordinates(leg.geometry)) for leg in line.legs]
    facts = {
        "drawn_from": _checksum(line.treaty, BUNDLED),
        "vertices": [len(xy) for xy in vertices],
        "guides": [None if leg.guide is None else leg.guide.id for leg in line.legs],
        "legs": [{key: getattr(leg, name) for key, name in _DRAWN.items()} for leg in line.legs],
        "length": asdict(line.length),
        "area": None if line.area is None else asdict(line.area),
        "drawn": [known and asdict(known) for known in (drawn.length, drawn.area)],
    }
    text = json.dumps(_shortened(facts), ensure_ascii=False).encode()
    polygon = shapely.transform(line.polygon or shapely.Polygon(), _rounded)
    _, xy, offsets = shapely.to_ragged_array([shapely.normalize(band)])
    whole = np.rint(xy / SCALE).astype(np.int32)
    arrays = {
        "facts": np.frombuffer(text, np.uint8),
        "xy": np.concatenate(vertices),
        "polygon": np.frombuffer(shapely.to_wkb(polygon, byte_order=1), np.uint8),
        **dict(zip(_BAND, [whole, *(part.astype(np.int32) for part in offsets)], strict=True)),
    }
    return {f"{line.id}.{part}": array for part, array in arrays.items()}


def _rounded(xy: FloatArray) -> FloatArray:
    # Without -0.0, whose bytes are not those of 0.0.
    return np.round(xy, 9) + 0.0


def _shortened(value: Any) -> Any:
    """Return a value of JSON whose floats have twelve significant digits."""
    if isinstance(value, dict):
        return {key: _shortened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shortened(one) for one in value]
    return float(f"{value:.12g}") if isinstance(value, float) else value


@cache
def _arrays(
    key: str, root: DataRoot, parts: tuple[str, ...] = _LINE
) -> dict[str, np.ndarray] | None:
    """Return the stored arrays of a treaty's boundary, None if they are missing or damaged."""
    try:
        with np.load(io.BytesIO(root.path(FILE).read_bytes()), allow_pickle=False) as bundle:
            return {part: bundle[f"{key}.{part}"] for part in parts}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


@cache
def _guides_checksum(root: DataRoot) -> int:
    return zlib.crc32(root.path("runtime.npz").read_bytes())


def _checksum(treaty: Treaty, root: DataRoot) -> int:
    """Return a checksum of what a boundary is drawn from: its calls, their places, guide lines."""
    own = {key: line.geometry.wkb for key, line in treaty.guides.items()}
    text = repr((treaty.kind, treaty.source, treaty.calls, own))
    return zlib.crc32(text.encode(), _guides_checksum(root))
