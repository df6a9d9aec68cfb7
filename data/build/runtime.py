"""One compact file of all bundled geometry: integer coordinates, ten times faster to load.

The reviewable sources are the GeoJSON files; `data/runtime.npz` holds the same features and the
sha256 of each source, so that a stale copy is found. Members are stored, not deflated: the bytes
then depend on no compression library.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import shapely
from files import DATA

TARGET = DATA / "runtime.npz"

# layer: (file, keep features of this `kind`, or all)
LAYERS = {
    "borders": ("guides/borders.geojson", None),
    "reaches": ("guides/reaches.geojson", None),
    "railways": ("guides/railways.geojson", None),
    "batum": ("guides/batum.geojson", None),
    "kgz-uzb": ("guides/kgz-uzb.geojson", None),
    "lakes": ("guides/lakes.geojson", None),
    "rivers": ("guides/rivers.geojson", None),
    "river-chains": ("guides/river-chains.geojson", None),
    "provinces": ("guides/provinces.geojson", None),
    "land": ("basemap.geojson", "land"),
    "country-borders": ("basemap.geojson", "country-border"),
    "land-beyond": ("basemap.geojson", "land-beyond"),
    "country-borders-beyond": ("basemap.geojson", "country-border-beyond"),
    "rivers-beyond": ("guides/rivers-beyond.geojson", None),
    "land-far": ("guides/far.geojson", "land-far"),
    "country-borders-far": ("guides/far.geojson", "country-border-far"),
    "shores": ("guides/shores.geojson", None),
}


def pack(features: list[dict[str, Any]]) -> tuple[str, np.ndarray, list[np.ndarray], bytes]:
    """Return geometry type, integer coordinates, offsets and properties of features."""
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    kinds = {shape.geom_type.removeprefix("Multi") for shape in shapes}
    if len(kinds) != 1:
        raise ValueError(f"mixed geometry types {sorted(kinds)}")
    kind, xy, offsets = shapely.to_ragged_array(shapes)
    properties = json.dumps([f["properties"] for f in features], ensure_ascii=False).encode()
    whole = np.rint(xy[:, :2] * 1e7).astype(np.int32)
    return kind.name, whole, [o.astype(np.int32) for o in offsets], properties


def build() -> int:
    arrays: dict[str, Any] = {}
    for layer, (name, kind) in LAYERS.items():
        raw = (DATA / name).read_bytes()
        features = json.loads(raw)["features"]
        chosen = [f for f in features if kind is None or f["properties"]["kind"] == kind]
        geometry_type, xy, offsets, properties = pack(chosen)
        arrays[f"{layer}.type"] = np.array(geometry_type)
        arrays[f"{layer}.xy"] = xy
        for n, offset in enumerate(offsets):
            arrays[f"{layer}.offsets{n}"] = offset
        arrays[f"{layer}.properties"] = np.frombuffer(properties, np.uint8)
        arrays[f"{layer}.sha256"] = np.array(hashlib.sha256(raw).hexdigest())
    np.savez(TARGET, **arrays)
    return len(LAYERS)


if __name__ == "__main__":
    print(build())
