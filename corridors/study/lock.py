"""The lock of a study: with what it was made, from which files, and what came of it."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from borders import __version__
from borders.errors import FileFormatError
from borders.files.bundle import BUNDLED
from borders.files.toml import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corridors.study.study import Study

__all__ = ["FILE", "Lock", "checksums", "lock_of", "read_lock"]

FILE = "araxes.lock"
# What decides over the bytes of tables, pages and figures.
_LIBRARIES = (
    "shapely", "pyproj", "geopandas", "pyogrio", "numpy", "scipy", "matplotlib", "folium", "babel",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a result rests on, and the result, each file by its sha256.

    Parameters
    ----------
    built_at : seconds since 1970 that stand in the results as the time at which they were built.
    versions : name of a program or library → its version.
    inputs : path of a file of the study → sha256; `data` is that of the catalogue of the base.
    results : path of a file that the report wrote, below its folder → sha256.
    """

    built_at: int
    versions: Mapping[str, str]
    data: str
    inputs: Mapping[str, str]
    results: Mapping[str, str]

    def text(self) -> str:
        """Return the lock as the text of its file."""
        rows = {"built_at": self.built_at, "versions": dict(self.versions), "data": self.data,
                "inputs": dict(self.inputs), "results": dict(self.results)}  # fmt: skip
        return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"

    def differences(self, other: Lock) -> list[str]:
        """Return in one line each what is not the same in another lock."""
        lines = []
        for name, old in self.versions.items():
            new = other.versions.get(name)
            if new != old:
                lines.append(f"{name} is {new or 'missing'}, the lock has {old}")
        if self.data != other.data:
            lines.append("the bundled data are others than those of the lock")
        for what, ours, theirs in (
            ("input", self.inputs, other.inputs), ("result", self.results, other.results),
        ):  # fmt: skip
            for path in sorted({*ours, *theirs}):
                if path not in theirs:
                    lines.append(f"{what} {path} is missing")
                elif path not in ours:
                    lines.append(f"{what} {path} is new")
                elif ours[path] != theirs[path]:
                    lines.append(f"{what} {path} is another")
        return lines


def checksums(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return path below a folder → sha256 of the file."""
    return {
        path.as_posix(): hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths
    }


def lock_of(study: Study, results: Mapping[str, str], built_at: int) -> Lock:
    """Return the lock of a study as it is now, with what its report came to."""
    return Lock(
        built_at=built_at,
        versions={"araxes": __version__, "python": platform.python_version(), **_libraries()},
        data=hashlib.sha256((BUNDLED.folder / "catalogue.toml").read_bytes()).hexdigest(),
        inputs=checksums(study.folder, study.inputs),
        results=dict(results),
    )


def read_lock(folder: Path) -> Lock:
    """Return the lock of a study.

    Raises
    ------
    FileFormatError : there is none, or it is damaged; says what to do.
    """
    path = folder / FILE
    if not path.is_file():
        message = f"{path}: no such file; `araxes lock` writes it"
        raise FileFormatError(message)
    with reading(path):
        text = path.read_text("utf-8")
    try:
        rows = json.loads(text)
        tables = {key: {str(k): str(v) for k, v in rows[key].items()}
                  for key in ("versions", "inputs", "results")}  # fmt: skip
        return Lock(built_at=int(rows["built_at"]), data=str(rows["data"]), **tables)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
        message = f"{path}: not a lock ({err}); `araxes lock` writes it anew"
        raise FileFormatError(message) from err


def _libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
