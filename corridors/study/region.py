"""What a study has in place of the bundled region: guide lines, countries, a bigger gazetteer."""

from __future__ import annotations

from functools import cache, partial
from itertools import combinations
from math import isnan
from typing import TYPE_CHECKING, Any

import shapely

from borders.errors import GeometryError, SchemaError, UnknownNameError
from borders.files import schema
from borders.files.bundle import Feature, layer
from borders.files.paths import is_file
from borders.gazetteer.places import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from borders.files.bundle import Rows

__all__ = ["GUIDES", "overlaps", "own_layers", "own_tables"]

# The folder of a study with guide lines, in vector files.
GUIDES = "guides"
# Columns in which a file of countries may have their codes, the first one that it has.
_CODES = ("code", "iso_a2", "country", "id")
# Where a study does not say how good its outlines are; an assumption.
_SIGMA_M = 1000.0


def own_tables(folder: Path, gazetteer: str | None) -> Mapping[str, Callable[[], Rows]]:
    """Return the tables that a study has besides its CSV files, each read when it is asked for.

    Parameters
    ----------
    gazetteer : name of a GeoNames dump or of an extract in the folder; None if it has none.

    Raises
    ------
    SchemaError : the file is neither, by its suffix.
    """
    if gazetteer is None:
        return {}
    path = folder / gazetteer
    if path.suffix == ".txt":
        from borders.gazetteer.dump import read_dump

        return {"towns.csv": partial(read_dump, path)}
    if path.name.endswith((".osm", ".pbf", ".osm.gz", ".osm.bz2")):
        from corridors.osm.towns import read_towns

        return {"towns.csv": partial(read_towns, path)}
    message = (
        f"gazetteer is '{gazetteer[:80]}'; give a GeoNames dump (.txt) or an extract of "
        "OpenStreetMap (.osm.pbf, .osm)"
    )
    raise SchemaError(message)


def own_layers(
    folder: Path, countries: str | None, code: str | None, sigma_m: float | None
) -> Mapping[str, Callable[[], tuple[Feature, ...]]]:
    """Return the layers of a study, each read when it is asked for.

    Parameters
    ----------
    countries, code : polygons file in the folder, and its column with the codes.
    sigma_m : standard error of their outlines.
    """
    layers: dict[str, Callable[[], tuple[Feature, ...]]] = {}
    files = sorted(path for path in (folder / GUIDES).glob("*") if is_file(path))
    files = [path for path in files if not path.name.startswith(".")]
    if files:
        layers["guides"] = partial(_guides, files)
    if countries is not None:
        # Three layers are of the one file, which is read once.
        read = cache(partial(
            _countries, folder / countries, code, _SIGMA_M if sigma_m is None else sigma_m
        ))  # fmt: skip
        layers["provinces"] = read
        layers["borders"] = cache(partial(_borders, read))
        layers["country-borders"] = layers["borders"]
    return layers


def _guides(files: list[Path]) -> tuple[Feature, ...]:
    """Return the guide lines of vector files, one a feature."""
    from borders.files.vector import read_vector

    lines: dict[str, Feature] = {}
    for path in files:
        table = read_vector(path)
        for n, row in enumerate(table.drop(columns=table.geometry.name).to_dict("records"), 1):
            where = f"{GUIDES}/{path.name}, line {n}"
            known = {key: row.get(key) for key in schema.columns("guide")}
            given = {key: value for key, value in known.items() if not _missing(value)}
            typed = schema.check("guide", {"name": given.get("id"), **given}, where)
            if typed["position_sigma_m"] is None:
                message = f"{where}: 'position_sigma_m' is missing; say how far the line may be off"
                raise SchemaError(message)
            if typed["id"] in lines:
                message = f"{where}: id '{typed['id']}' is that of another line; choose another"
                raise SchemaError(message)
            shape = shapely.force_2d(table.geometry.iloc[n - 1])
            if shape is not None and shape.geom_type == "MultiLineString":
                shape = shapely.line_merge(shape)
            if shape is None or shape.geom_type != "LineString":
                kind = "nothing" if shape is None else f"a {shape.geom_type}"
                message = f"{where}: '{typed['id']}' is {kind}; a guide is one line"
                raise GeometryError(message)
            lines[typed["id"]] = Feature(typed, shape)
    return tuple(lines.values())


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


def _countries(path: Path, code: str | None, sigma_m: float) -> tuple[Feature, ...]:
    """Return the countries of a polygons file, one feature each."""
    from borders.files.vector import read_vector

    table = read_vector(path)
    names = {str(key).lower(): key for key in table.columns}
    column = code or next((names[key] for key in _CODES if key in names), None)
    if column not in table.columns:
        columns = ", ".join(map(str, table.columns.drop(table.geometry.name)))
        message = (
            f"{path.name}: no column '{column or _CODES[0]}' with codes of countries; name it as "
            f"countries_code (columns: {columns or 'none'})"
        )
        raise UnknownNameError(message)
    parts: dict[str, list[Any]] = {}
    rows: dict[str, dict[str, Any]] = {}
    records = table.drop(columns=table.geometry.name).to_dict("records")
    for n, (row, shape) in enumerate(zip(records, table.geometry, strict=True), 1):
        where = f"{path.name}, country {n}"
        names = {key: row.get(key) for key in schema.columns("country") if key != "code"}
        stated = {"code": row[column], **names}
        known = {name: value for name, value in stated.items() if not _missing(value)}
        typed = schema.check("country", known, where)
        key = typed["code"]
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
            kind = "nothing" if shape is None else f"a {shape.geom_type}"
            message = f"{where} ('{key}') is {kind}; a country is a polygon"
            raise GeometryError(message)
        if not shape.is_valid:
            message = f"{where} ('{key}'): {shapely.is_valid_reason(shape)}; mend the polygon"
            raise GeometryError(message)
        parts.setdefault(key, []).append(shapely.force_2d(shape))
        rows.setdefault(
            key,
            {"id": key.lower(), "name": typed["name"] or key, "country": key,
             "names": {code: name for code in LANGUAGES if (name := typed[f"name_{code}"])},
             "source": typed["source"] or "unverified", "position_sigma_m": sigma_m},
        )  # fmt: skip
    return tuple(Feature(rows[key], shapely.union_all(shapes)) for key, shapes in parts.items())


def overlaps() -> list[str]:
    """Return, in words, which countries of the active study overlap by more than their error."""
    from borders.geodesy import area_m2, length_m

    found = []
    for one, other in combinations(layer("provinces"), 2):
        parts = shapely.get_parts(shapely.intersection(one.geometry, other.geometry))
        shared = [part for part in parts if part.geom_type == "Polygon"]
        both_m2, around_m = float(sum(area_m2(shared))), float(sum(length_m(shared)))
        # Of a long strip twice its area by its perimeter is its width.
        if 2 * both_m2 > one.properties["position_sigma_m"] * around_m:
            codes = " and ".join(sorted(end.properties["country"] for end in (one, other)))
            found.append(f"{codes} overlap by {both_m2 / 1e6:,.0f} km²; links there are of either")
    return found


def _borders(countries: Callable[[], tuple[Feature, ...]]) -> tuple[Feature, ...]:
    """Return the lines that two countries share, as guide lines ``ca-us`` and so on."""
    borders = []
    for one, other in combinations(sorted(countries(), key=lambda f: f.properties["id"]), 2):
        shared = shapely.intersection(shapely.boundary(one.geometry), other.geometry)
        merged = shapely.line_merge(shapely.multilinestrings([
            part for part in shapely.get_parts(shared) if part.geom_type == "LineString"
        ]))  # fmt: skip
        parts = sorted(shapely.get_parts(merged), key=lambda line: -line.length)
        for n, line in enumerate(parts, 1):
            key = f"{one.properties['id']}-{other.properties['id']}"
            borders.append(Feature(
                {**one.properties, "id": key if n == 1 else f"{key}-{n}",
                 "name": f"{one.properties['name']} – {other.properties['name']}",
                 "a": one.properties["country"], "b": other.properties["country"],
                 "length_m": None},
                line,
            ))  # fmt: skip
    return tuple(borders)
