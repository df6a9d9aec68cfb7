"""Write and fetch the files of `data/`: the same input always gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely

DATA = Path(__file__).resolve().parents[1]
CACHE = DATA.parent / ".cache" / "data-packages"


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
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        path.unlink()
        sys.exit(f"{path.name}: sha256 is {found}, expected {sha256}; the package has changed")
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
