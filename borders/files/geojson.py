"""Check GeoJSON, also in lines, and TopoJSON before a driver drops what it cannot read."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from borders.errors import CRSError, FileFormatError, FormatWarning, GeometryError
from borders.files.columns import Column
from borders.files.layers import read_layers
from borders.files.toml import reading

if TYPE_CHECKING:
    import geopandas

__all__ = ["read_geojson", "read_geojson_lines"]

# The driver takes the largest of 64 bits for one that is cut off.
_LARGEST = 2**63 - 1
_LONG = re.compile(r"\d{19}")
_GEOJSON = (
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    *(many + shape for many in ("", "Multi") for shape in ("Point", "LineString", "Polygon")),
)


def read_geojson(path: Path) -> geopandas.GeoDataFrame:
    """Return the features of a GeoJSON or TopoJSON file in EPSG:4326.

    Raises
    ------
    FileFormatError : it is not JSON, or neither of them.
    CRSError : it names a reference system that is not longitude and latitude.
    GeometryError : a coordinate is no number, or a geometry cannot be; or TopoJSON with heights.

    Warns
    -----
    FormatWarning : positions have numbers after longitude, latitude and height, which are left
        out: RFC 7946, 3.1.1, gives them no meaning.
    """
    with reading(path):
        text = path.read_text("utf-8-sig")
    value = _loaded(path, text, 0)
    if isinstance(value, dict) and value.get("type") == "Topology":
        _check_flat(path, value)
        # Its positions are in longitude and latitude if nothing else is stated.
        return read_layers(path, crs="EPSG:4326")
    if not isinstance(value, dict) or value.get("type") not in _GEOJSON:
        message = f"{path}: JSON, but not GeoJSON: it has no 'type' of GeoJSON"
        raise FileFormatError(message)
    if "crs" in value:
        _check_crs_name(path, value["crs"])
    features = value.get("features", []) if value["type"] == "FeatureCollection" else [value]
    if not isinstance(features, list):
        message = f"{path}: 'features' is {str(features)[:40]}, not a list; check how it was made"
        raise FileFormatError(message)
    if _LONG.search(text) and _large_keys(features):
        return _read_anew(path, features)
    return _read(path, features, path)


def read_geojson_lines(path: Path) -> geopandas.GeoDataFrame:
    """Return the features of a file with one GeoJSON feature a line, in EPSG:4326.

    Errors are those of `read_geojson`.
    """
    with reading(path):
        text = path.read_text("utf-8-sig")
    lines = enumerate(text.replace("\x1e", "").split("\n"))
    features = [_loaded(path, line, n) for n, line in lines if line.strip()]
    if not features:
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    # The driver of lines drops what follows a line of another kind.
    return _read_anew(path, features)


def _read_anew(path: Path, features: list[Any]) -> geopandas.GeoDataFrame:
    """Read features from a file of their own, for what the driver cannot read of the given one.

    Whole numbers that 64 bits do not hold, such as ids of S2 cells, stay as they are.
    """
    large = _large_keys(features)
    rows = [_properties(feature) for feature in features]
    held = [
        {**feature, "properties": row | {key: str(row[key]) for key in large & row.keys()}}
        if row
        else feature
        for feature, row in zip(features, rows, strict=True)
    ]
    with TemporaryDirectory(prefix="araxes-") as folder:
        whole = Path(folder) / "file.geojson"
        whole.write_text(json.dumps({"type": "FeatureCollection", "features": held}), "utf-8")
        table = _read(path, features, whole)
    exact = {key: Column.of_values([row.get(key) for row in rows]).array() for key in large}
    return table.assign(**exact) if len(table) == len(rows) else table


def _large_keys(features: list[Any]) -> set[str]:
    """Return the properties of which a whole number is too large for the driver."""
    return {
        key
        for feature in features
        for key, value in _properties(feature).items()
        if isinstance(value, int) and abs(value) >= _LARGEST
    }


def _properties(feature: Any) -> dict[str, Any]:
    row = feature.get("properties") if isinstance(feature, dict) else None
    return row if isinstance(row, dict) else {}


def _read(path: Path, features: list[Any], whole: Path) -> geopandas.GeoDataFrame:
    """Read a file whose features have been looked at."""
    longest = [_longest_position(path, n, feature) for n, feature in enumerate(features, 1)]
    table = read_layers(whole, where=str(path), stem=path.stem)
    for n, (numbers, shape) in enumerate(zip(longest, table.geometry, strict=False), 1):
        if numbers is not None and shape is None:
            message = f"{path}: feature {n} has a geometry that is not GeoJSON; remove or mend it"
            raise GeometryError(message)
    longer = sum(numbers is not None and numbers > 3 for numbers in longest)
    if longer:
        have = "1 feature has" if longer == 1 else f"{longer} features have"
        message = (
            f"{path}: {have} positions of more than three numbers; what follows longitude,"
            " latitude and height is left out"
        )
        warnings.warn(message, FormatWarning, stacklevel=2)
    return table


def _check_flat(path: Path, topology: dict[str, Any]) -> None:
    """Refuse a position with a height, for which the driver takes the line for empty."""
    objects = topology.get("objects")
    stack = [topology.get("arcs"), list(objects.values()) if isinstance(objects, dict) else None]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            stack += [top[key] for key in ("coordinates", "geometries") if key in top]
        elif isinstance(top, list):
            if len(top) > 2 and all(isinstance(n, (int, float)) for n in top):
                message = (
                    f"{path}: TopoJSON with a position of {len(top)} numbers; heights are read of"
                    " GeoJSON only: give that, or write two"
                )
                raise GeometryError(message)
            stack += top


def _loaded(path: Path, text: str, above: int) -> Any:
    """Return the value of a JSON text, above which so many lines lie."""

    def refuse(constant: str) -> None:
        message = f"{path}: holds {constant}, which is not JSON; remove the feature or mend it"
        raise GeometryError(message)

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as err:
        message = (
            f"{path}: line {above + err.lineno}, column {err.colno}: {err.msg}; not valid JSON"
        )
        raise FileFormatError(message) from err
    except RecursionError as err:
        message = f"{path}: nested too deeply to be GeoJSON"
        raise FileFormatError(message) from err
    except GeometryError:
        raise
    except ValueError as err:
        message = f"{path}: not valid JSON: {err}"
        raise FileFormatError(message) from err


def _check_crs_name(path: Path, crs: Any) -> None:
    """Refuse what the driver would silently take for longitude and latitude."""
    import pyproj

    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    try:
        pyproj.CRS.from_user_input(str(name))
    except pyproj.exceptions.CRSError as err:
        message = (
            f"{path}: its crs is {str(name)[:60]!r}, which is not known; remove 'crs' if the"
            " coordinates are longitude and latitude"
        )
        raise CRSError(message) from err


def _longest_position(path: Path, n: int, feature: Any) -> int | None:
    """Look at the coordinates before a driver drops what it cannot read.

    Returns
    -------
    Of how many numbers the longest position is; None without a geometry.
    """
    if not isinstance(feature, dict):
        message = f"{path}: feature {n} is {str(feature)[:40]!r}, not a feature; remove it"
        raise FileFormatError(message)
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    if geometry is None:
        return None
    longest = 0
    stack: list[Any] = [geometry]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            stack += [top[key] for key in ("coordinates", "geometries") if key in top]
        elif isinstance(top, list):
            if top and not isinstance(top[0], (list, dict)):
                longest = max(longest, len(top))
            stack += top
        elif top is None or isinstance(top, (str, bool)):
            shown = repr(top)[:60]
            message = f"{path}: feature {n} has the coordinate {shown}; write numbers"
            raise GeometryError(message)
    return longest
