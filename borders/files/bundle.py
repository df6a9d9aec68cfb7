"""The data root: a folder with text files and one compact file of geometry, by default ours."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import FileFormatError, UnknownNameError

if TYPE_CHECKING:
    import numpy as np
    from shapely.geometry.base import BaseGeometry

__all__ = ["BUNDLED", "SCALE", "DataRoot", "Feature", "layer"]

# Coordinates in `runtime.npz` are integers of 1e-7 degree, about a centimetre.
SCALE = 1e-7


class Feature(NamedTuple):
    """One feature of a bundled layer: its properties and its lon/lat geometry."""

    properties: dict[str, Any]
    geometry: BaseGeometry


class DataRoot:
    """A folder of data files: tables, texts and geometry, each read once.

    Parameters
    ----------
    folder : laid out as `data/` is: CSV tables, a folder of TOML files for each kind of thing, and
        `runtime.npz` with the geometry of the layers.
    name : what it is called; the folder if missing.
    """

    def __init__(self, folder: Path, name: str = "") -> None:
        self.folder, self.name = folder, name or str(folder)
        self._rows: dict[str, tuple[dict[str, str], ...]] = {}
        self._layers: dict[str, tuple[Feature, ...]] = {}

    def __repr__(self) -> str:
        """Return its name."""
        return f"<DataRoot {self.name}>"

    def path(self, name: str) -> Path:
        """Return where a file lies, by its path below the folder."""
        return self.folder / name

    def ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of the TOML files of a kind, such as ``corridors`` or ``treaties``."""
        return tuple(sorted(path.stem for path in self.path(kind).glob("*.toml")))

    def rows(self, name: str) -> tuple[dict[str, str], ...]:
        """Return the rows of a CSV file, by its path below the folder."""
        if name not in self._rows:
            with self.path(name).open(encoding="utf-8", newline="") as file:
                self._rows[name] = tuple(csv.DictReader(file))
        return self._rows[name]

    def layer(self, name: str) -> tuple[Feature, ...]:
        """Return the features of a layer; see the function `layer`."""
        if name not in self._layers:
            self._layers[name] = _features(self._geometry, name)
        return self._layers[name]

    @cached_property
    def _geometry(self) -> Any:
        import numpy as np

        path = self.path("runtime.npz")
        try:
            # From memory: an archive opened by its name keeps the file open until the process ends.
            return np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as err:
            message = f"{path}: the bundled geometry cannot be read ({err}); reinstall araxes"
            raise FileFormatError(message) from err


def _bundled_folder() -> Path:
    """Return the folder of the bundled data, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


# The root that is read where no other is given.
BUNDLED = DataRoot(_bundled_folder(), "bundled")


def layer(name: str, *, root: DataRoot = BUNDLED) -> tuple[Feature, ...]:
    """Return the features of a layer, in EPSG:4326.

    Parameters
    ----------
    name : one of the layers listed in `data/catalogue.toml`, such as ``borders`` or ``lakes``.
    root : the folder it is read from, by default the bundled data.

    Raises
    ------
    UnknownNameError : there is no such layer.

    Examples
    --------
    >>> [f.properties["id"] for f in layer("reaches")][0]
    'arpacay'
    """
    return root.layer(name)


def _features(archive: Any, name: str) -> tuple[Feature, ...]:
    import shapely

    if f"{name}.properties" not in archive:
        known = sorted(key.removesuffix(".properties") for key in archive if key.endswith("ties"))
        message = f"no layer '{name}'; known: {', '.join(known)}"
        raise UnknownNameError(message)
    kind = shapely.GeometryType[str(archive[f"{name}.type"])]
    keys = sorted(key for key in archive if key.startswith(f"{name}.offsets"))
    offsets = [archive[key] for key in keys]
    xy: np.ndarray = archive[f"{name}.xy"] * SCALE
    shapes = shapely.from_ragged_array(kind, xy.round(7), tuple(offsets))
    properties = json.loads(archive[f"{name}.properties"].tobytes())
    return tuple(Feature(row, shape) for row, shape in zip(properties, shapes, strict=True))
