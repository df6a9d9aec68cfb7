"""Find and read the bundled data: authored text files, and geometry from one compact file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import FileFormatError, UnknownNameError

if TYPE_CHECKING:
    import numpy as np
    from shapely.geometry.base import BaseGeometry

__all__ = ["SCALE", "Feature", "data_dir", "layer", "read_rows"]

# Runtime coordinates are integers of 1e-7 degree, about a centimetre.
SCALE = 1e-7


class Feature(NamedTuple):
    """One feature of a bundled layer: its properties and its lon/lat geometry."""

    properties: dict[str, Any]
    geometry: BaseGeometry


def data_dir() -> Path:
    """Return the folder of the data files, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a bundled CSV file, by its path below the data folder."""
    with (data_dir() / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _runtime() -> Any:
    import numpy as np

    path = data_dir() / "runtime.npz"
    try:
        # Read at once: an archive opened by name would hold the file open as long as we run.
        return np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as err:
        message = f"{path}: the bundled geometry cannot be read ({err}); reinstall araxes"
        raise FileFormatError(message) from err


@cache
def layer(name: str) -> tuple[Feature, ...]:
    """Return the features of a bundled layer.

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
    import shapely

    bundle = _runtime()
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
