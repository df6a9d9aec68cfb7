"""Fetch, thin and write the files of `data/`: the same input always gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
import subprocess
import sys
import tarfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DATA = Path(__file__).resolve().parents[1]
CACHE = DATA.parent / ".cache" / "data-packages"

# The region: full detail in the core; a coarser wide window, from the Aegean to beyond the Caspian.
CORE = (40.0, 37.5, 51.0, 43.0)
WIDE = (24.5, 34.5, 57.0, 46.5)
# What the corners of a figure's frame may show beyond the window.
MARGIN = (19.0, 29.0, 63.0, 51.0)
OVERLAP_DEG = 0.04  # of margin and window, wider than what thinning moves


def geojson(path: Path, features: Iterable[tuple[Mapping[str, Any], Any]], *, decimals: int) -> int:
    """Write (properties, geometry) pairs as GeoJSON, one feature a line; return their number."""
    lines = []
    for properties, geometry in features:
        shape = json.loads(shapely.to_geojson(geometry))
        shape["coordinates"] = _rounded(shape["coordinates"], decimals)
        feature = {"type": "Feature", "properties": dict(properties), "geometry": shape}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(lines)
    path.write_text(
        f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8", newline="\n"
    )
    return len(lines)


def _rounded(coordinates: Any, decimals: int) -> Any:
    if isinstance(coordinates, (int, float)):
        return round(coordinates, decimals)
    return [_rounded(c, decimals) for c in coordinates]


def table(path: Path, header: list[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write a CSV with Unix line ends; return the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            n += 1
    return n


def _checked(path: Path, sha256: str) -> Path:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != sha256:
        path.unlink()
        sys.exit(f"{path.name}: sha256 is {digest}, expected {sha256}; the package has changed")
    return path


def npm_package(name: str, version: str, sha256: str, member: str) -> Path:
    """Fetch an npm package once, check its sha256, and return the path of one file in it."""
    archive = CACHE / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
    archive.parent.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        subprocess.run(["npm", "pack", f"{name}@{version}", "--silent"], cwd=CACHE, check=True)
    _checked(archive, sha256)
    target = CACHE / archive.stem / member
    if not target.exists():
        with tarfile.open(archive) as tar:
            tar.extract(f"package/{member}", CACHE / archive.stem, filter="data")
        target.parent.mkdir(exist_ok=True)
        (CACHE / archive.stem / "package" / member).rename(target)
    return target


def debian_package(name: str, version: str, sha256: str, member: str) -> Path:
    """Fetch a Debian package once, check its sha256, and return the path of one file in it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"{name}_{version.replace(':', '%3a')}_all.deb"
    if not archive.exists():
        subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=CACHE, check=True)
    _checked(archive, sha256)
    target = CACHE / f"{name}_{version}"
    if not (target / member).exists():
        subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
    return target / member


def slug(name: str) -> str:
    """Return a name as an ASCII id: "Ağrı" gives "agri", "Şəki" gives "seki"."""
    plain = name.lower().translate(str.maketrans("əıøß", "eios"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def local_names(text: str) -> dict[str, str]:
    """Return names by language: "tr Aras|az Araz" gives {"name_tr": "Aras", "name_az": "Araz"}."""
    pairs = (part.split(" ", 1) for part in text.split("|") if part)
    return {f"name_{language}": name for language, name in pairs}


def in_box(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Return which lon/lat points, shape (n, 2), lie in a (west, south, east, north) box."""
    inside: np.ndarray = np.all((points >= box[:2]) & (points <= box[2:]), axis=1)
    return inside


def polygons(geometry: Any) -> np.ndarray:
    """Return the polygons of one or many geometries, without their points and lines."""
    parts: np.ndarray = shapely.get_parts(geometry)
    only_polygons: np.ndarray = parts[shapely.get_type_id(parts) == 3]
    return only_polygons


def beyond(shape: Any) -> Any:
    """Return the part of a shape in the margin around the window, with a little overlap."""
    window = shapely.box(*WIDE).buffer(-OVERLAP_DEG, join_style="mitre")
    return shapely.difference(shapely.intersection(shape, shapely.box(*MARGIN)), window)


def thinned(geometry: Any, *, core_m: float, outside_m: float) -> Any:
    """Return lines or polygons with fewer vertices, at one tolerance in the core, one outside.

    Ends of lines stay where they are, so lines that meet still meet. Polygons come back valid.
    """
    parts = shapely.get_parts(geometry)
    if shapely.get_dimensions(geometry) == 1:
        lines = [
            shapely.linestrings(_thin(shapely.get_coordinates(part), core_m, outside_m))
            for part in parts
        ]
        return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)
    shapes = []
    for part in parts:
        rings = [
            _thin(shapely.get_coordinates(ring), core_m, outside_m)
            for ring in (part.exterior, *part.interiors)
        ]
        if len(rings[0]) >= 4:
            shell, *holes = rings
            shapes.append(shapely.Polygon(shell, [hole for hole in holes if len(hole) >= 4]))
    return shapely.union_all(polygons(shapely.get_parts(shapely.make_valid(shapes))))


def _thin(xy: np.ndarray, core_m: float, outside_m: float) -> np.ndarray:
    """Simplify each run of vertices inside or outside the core; the runs' ends stay."""
    scale = np.array([0.76, 1.0])  # a degree of longitude at 40.5 N, in degrees of latitude
    inside = in_box(xy, CORE)
    cuts = [0, *(np.flatnonzero(np.diff(inside)) + 1), len(xy) - 1]
    runs = [xy[:1]]
    for a, b in itertools.pairwise(cuts):
        if a < b:
            tolerance = (core_m if inside[a] else outside_m) / 111_195
            run = shapely.linestrings(xy[a : b + 1] * scale).simplify(tolerance)
            runs.append(shapely.get_coordinates(run)[1:] / scale)
    return np.concatenate(runs)
