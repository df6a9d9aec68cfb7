"""The data root: authored text files, and geometry from one compact file, bundled or another's."""

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

# Runtime coordinates are integers of 1e-7 degree, about a centimetre.
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
        """Return the features of a layer; see `layer`."""
        if name not in self._layers:
            self._layers[name] = _features(self._geometry, name)
        return self._layers[name]

    @cached_property
    def _geometry(self) -> Any:
        import numpy as np

        path = self.path("runtime.npz")
        try:
            # Read at once: an archive opened by name would hold the file open as long as we run.
            return np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as err:
            message = f"{path}: the bundled geometry cannot be read ({err}); reinstall araxes"
            raise FileFormatError(message) from err


def _bundled_folder() -> Path:
    """Return the folder of the bundled data, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


# What is read where no other root is named.
BUNDLED = DataRoot(_bundled_folder(), "bundled")


def layer(name: str, *, root: DataRoot = BUNDLED) -> tuple[Feature, ...]:
    """Return the features of a layer, the bundled one if no other root is named.

    Parameters
    ----------
    name : one of the layers listed in `data/catalogue.toml`, such as ``borders`` or ``lakes``.

    Raises
    ------
    UnknownNameError : there is no such layer.

    Examples
    --------
    >>> [f.properties["id"] for f in layer("reaches")][0]
    'arpacay'
    """
    return root.layer(name)


def _features(bundle: Any, name: str) -> tuple[Feature, ...]:
    import shapely

    if f"{name}.properties" not in bundle:
        known = sorted(key.removesuffix(".properties") for key in bundle if key.endswith("ties"))
        message = f"no layer '{name}'; known: {', '.join(known)}"
        raise UnknownNameError(message)
    kind = shapely.GeometryType[str(bundle[f"{name}.type"])]
    offsets = [bundle[key] for key in sorted(k for k in bundle if k.startswith(f"{name}.offsets"))]
    xy: np.ndarray = bundle[f"{name}.xy"] * SCALE
    shapes = shapely.from_ragged_array(kind, xy.round(7), tuple(offsets))
    properties = json.loads(bundle[f"{name}.properties"].tobytes())
    return tuple(Feature(row, shape) for row, shape in zip(properties, shapes, strict=True))
