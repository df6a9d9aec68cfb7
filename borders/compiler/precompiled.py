"""Bundled boundaries as the build resolved them, so that a command need not resolve them again.

Each is stored with a checksum of what it was drawn from, with its error band, its lengths by
tolerance, and with what draws of its places and lines give. Where a call, a place or a guide line
has changed since, nothing of it is used.
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
from borders.errors import GeometryError
from borders.files.bundle import BUNDLED, SCALE, DataRoot
from borders.files.features import end_to_end
from borders.guide_lines import guide
from borders.measure import Measure

if TYPE_CHECKING:
    from borders.compiler.monte_carlo import Draws
    from borders.geodesy.simplification import ScaleCurve
    from borders.treaty.treaty import Treaty

__all__ = ["FILE", "pack", "read_band", "read_drawn", "read_precompiled", "read_scales"]

FILE = "resolved.npz"
# What is stored of each: its line, steps from its first vertex; its band, integers of 1e-7 degree
# and the offsets of rings, polygons and the whole.
_LINE = ("facts", "xy")
_BAND = ("band.xy", "band.rings", "band.polygons", "band.whole")
# The steps are integers of this many degrees, about a millimetre.
_UNIT = 1e-8
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
    # As whole numbers first: the sum of two of them is exact.
    whole = arrays["xy"].astype(np.int64) + facts["origin"]
    xy = np.split((whole * _UNIT).round(8), np.cumsum(facts["vertices"])[:-1])
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
    line = end_to_end(legs)
    return Boundary(
        treaty=treaty,
        legs=legs,
        geometry=line,
        polygon=None if facts["area"] is None else shapely.Polygon(line.coords),
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


def read_scales(
    treaty: Treaty, *, root: DataRoot = BUNDLED
) -> tuple[tuple[float, float], ...] | None:
    """Return tolerances and the lengths of a bundled boundary simplified at each, in metres.

    They are those of `borders.geodesy.scale_curve` with its defaults; None if out of date.

    Parameters
    ----------
    treaty : as `read_treaty` returns it.
    root : folder with the stored boundaries.
    """
    facts = _facts(treaty, root)
    return None if facts is None else tuple((at, length_m) for at, length_m in facts["scales"])


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


def pack(
    line: Boundary, band: shapely.MultiPolygon, drawn: Draws, scales: ScaleCurve
) -> dict[str, np.ndarray]:
    """Return a boundary of a bundled treaty as the arrays to be stored, by name.

    Numbers are rounded, coordinates to a millimetre: their last digits differ between processors,
    and the file is the same on all of them.

    Parameters
    ----------
    band, drawn, scales : its error band, draws of it, and its lengths by tolerance.

    Raises
    ------
    GeometryError : it is no line of some 20 degrees, or bounds another area than its line does.
    """
    vertices = [shapely.get_coordinates(leg.geometry) for leg in line.legs]
    whole = np.rint(np.concatenate(vertices) / _UNIT).astype(np.int64)
    steps = whole - whole[0]
    closed = line.polygon is None or line.polygon.equals(shapely.Polygon(line.geometry.coords))
    if np.abs(steps).max() > np.iinfo(np.int32).max or not closed:
        message = f"{line.id}: longer than what is kept of a boundary can say, or crosses itself"
        raise GeometryError(message)
    facts = {
        "drawn_from": _checksum(line.treaty, BUNDLED),
        "origin": whole[0].tolist(),
        "vertices": [len(xy) for xy in vertices],
        "guides": [None if leg.guide is None else leg.guide.id for leg in line.legs],
        "legs": [{key: getattr(leg, name) for key, name in _DRAWN.items()} for leg in line.legs],
        "length": asdict(line.length),
        "area": None if line.area is None else asdict(line.area),
        "drawn": [known and asdict(known) for known in (drawn.length, drawn.area)],
        "scales": [[point.tolerance_m, point.length_m] for point in scales.points],
    }
    text = json.dumps(_shortened(facts), ensure_ascii=False).encode()
    _, xy, offsets = shapely.to_ragged_array([shapely.normalize(band)])
    rings = [part.astype(np.int32) for part in offsets]
    arrays = {
        "facts": np.frombuffer(text, np.uint8),
        "xy": steps.astype(np.int32),
        **dict(zip(_BAND, [np.rint(xy / SCALE).astype(np.int32), *rings], strict=True)),
    }
    return {f"{line.id}.{part}": array for part, array in arrays.items()}


def _shortened(value: Any) -> Any:
    """Return a value of JSON whose floats have twelve significant digits."""
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
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
