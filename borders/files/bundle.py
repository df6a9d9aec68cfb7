"""The data root: a folder with text files and one compact file of geometry, by default ours."""

from __future__ import annotations

import csv
import io
import json
import sys
import warnings
import zipfile
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, FileFormatError, FormatWarning, UnknownNameError
from borders.files.csv_rows import delimiter_of, whole_rows
from borders.files.toml import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from shapely.geometry.base import BaseGeometry

    Rows = tuple[dict[str, str], ...]

__all__ = ["BUNDLED", "SCALE", "DataRoot", "Feature", "layer", "left_out", "own_left_out"]

# What says nothing of a region: the rules of the tables, the licences and the words of pages.
_OF_NO_REGION = ("schema.csv", "catalogue.toml", "context/words.csv", "context/citations.csv")
# Layers that only a study has.
_OWN = ("guides",)
_PACKAGES = ("borders", "corridors", "maps")

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

    # The folder of a study that lies over this one, whether this one still shows below it, and what
    # the study has besides its files, each made when it is first asked for.
    over: Path | None = None
    over_name: str = ""
    shows: bool = True
    tables: Mapping[str, Callable[[], Rows]] = MappingProxyType({})
    layers: Mapping[str, Callable[[], tuple[Feature, ...]]] = MappingProxyType({})

    def __init__(self, folder: Path, name: str = "") -> None:
        self.folder, self.name = folder, name or str(folder)
        self._rows: dict[str, tuple[dict[str, str], ...]] = {}
        self._layers: dict[str, tuple[Feature, ...]] = {}

    def __repr__(self) -> str:
        """Return its name."""
        return f"<DataRoot {self.name}>"

    @contextmanager
    def under(
        self,
        folder: Path,
        *,
        name: str,
        shows: bool,
        tables: Mapping[str, Callable[[], Rows]] = MappingProxyType({}),
        layers: Mapping[str, Callable[[], tuple[Feature, ...]]] = MappingProxyType({}),
    ) -> Iterator[None]:
        """Lay the folder of a study over this one for the length of a block, in this process.

        Files of the study are found first; rows of its tables come last, so that they prevail.

        Parameters
        ----------
        name : what the study is called, wherever its folder lies.
        shows : False if nothing of a region is to be seen from below: no place, line or average.
        tables : path of a table → what returns rows of the study's that no such file holds.
        layers : name of a layer → what returns features of the study's.
        """
        before = self.over, self.over_name, self.shows, self.tables, self.layers
        self.over, self.over_name, self.shows = folder, name, shows
        self.tables, self.layers = tables, layers
        self._forget()
        try:
            yield
        finally:
            self.over, self.over_name, self.shows, self.tables, self.layers = before
            self._forget()

    def _forget(self) -> None:
        """Forget what was read, and what functions of ours remember of it."""
        self._rows.clear()
        self._layers.clear()
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in _PACKAGES:
                for value in list(vars(module).values()):
                    if clear := getattr(value, "cache_clear", None):
                        clear()

    def path(self, name: str) -> Path:
        """Return where a file lies, by its path below the folder."""
        if self.over is not None:
            own = self.over / name
            if own.is_file() or not (self.shows or name in _OF_NO_REGION):
                return own
        return self.folder / name

    def ids(self, kind: str, *, own: bool = True) -> tuple[str, ...]:
        """Return the ids of the TOML files of a kind, such as ``corridors`` or ``treaties``.

        Parameters
        ----------
        own : False for those below a study alone, whether or not they show.
        """
        folders = [self.folder] if self.shows or not own else []
        folders += [self.over] if self.over and own else []
        return tuple(
            sorted(path.stem for folder in folders for path in (folder / kind).glob("*.toml"))
        )

    def own(self, kind: str) -> tuple[Path, ...]:
        """Return the files of a kind that lie in the study's folder, in order of name."""
        if self.over is None:
            return ()
        files = (path for path in (self.over / kind).glob("*") if path.is_file())
        return tuple(sorted(path for path in files if not path.name.startswith(".")))

    @property
    def called(self) -> str:
        """Return the name of the study that lies over it, or its own."""
        return self.over_name if self.over else self.name

    def rows(self, name: str) -> tuple[dict[str, str], ...]:
        """Return the rows of a CSV file, by its path below the folder."""
        if name not in self._rows:
            shown = self.shows or name in _OF_NO_REGION
            below = _read_rows(self.folder / name) if shown else []
            self._rows[name] = (*below, *self.own_rows(name))
        return self._rows[name]

    def located_rows(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the rows of a CSV file, each with where it stands: file and line, for messages."""
        every, own = self.rows(name), len(self.own_rows(name))
        below = len(every) - own
        for n, row in enumerate(every):
            where = f"data/{name}:{n + 2}" if n < below else f"{name}:{n - below + 2}"
            yield where, row

    def own_rows(self, name: str) -> tuple[dict[str, str], ...]:
        """Return the rows of a CSV file that are the study's own."""
        path = self.over and self.over / name
        rows = tuple(_read_rows(path)) if path and path.is_file() else ()
        return (*rows, *self.tables[name]()) if name in self.tables else rows

    def layer(self, name: str) -> tuple[Feature, ...]:
        """Return the features of a layer; see the function `layer`."""
        if name not in self._layers:
            below = _features(self._geometry, name) if self.shows and name not in _OWN else ()
            own = self.layers[name]() if name in self.layers else ()
            self._layers[name] = (*below, *own)
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


def _read_rows(path: Path) -> list[dict[str, str]]:
    with reading(path), path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = delimiter_of(file.readline())
        file.seek(0)
        reader = csv.DictReader(file, delimiter=delimiter)
        rows = []
        with whole_rows(str(path), reader):
            for row in reader:
                if None in row:
                    message = (
                        f"{path}:{reader.line_num}: more cells than the first row has names; put "
                        f"a text that holds '{delimiter}' between double quotes"
                    )
                    raise FileFormatError(message)
                rows.append(row)
        return rows


def _bundled_folder() -> Path:
    """Return the folder of the bundled data, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent / "data"


# The root that is read where no other is given.
BUNDLED = DataRoot(_bundled_folder(), "bundled")


def left_out(name: str, err: AraxesError) -> None:
    """Warn that a file of a study cannot be read, and that the rest answers without it.

    Parameters
    ----------
    name : path of the file below the study's folder.
    """
    warnings.warn(f"{name} is left out: {err}", FormatWarning, stacklevel=2)


@contextmanager
def own_left_out(*names: str) -> Iterator[None]:
    """Leave out what cannot be read, with a warning, if a study has it in one of these files.

    Raises
    ------
    AraxesError : it is not of a study.
    """
    try:
        yield
    except AraxesError as err:
        over = BUNDLED.over
        own = next((name for name in names if over is not None and (over / name).is_file()), None)
        if own is None:
            raise
        left_out(own, err)


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
