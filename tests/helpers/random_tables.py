"""Random tables of all types, with names and texts in all scripts, for round trips."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import strategies as st

# Letters that XML can hold; what it cannot is another test's.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"))
# Kars, Gyumri, Julfa … in the scripts of the seven languages.
SCRIPTS = ("Kars", "Iğdır", "Şəki", "Գյումրի", "ბათუმი", "Джульфа", "جلفا")
NAMES = st.one_of(
    st.sampled_from([
        "name", "Name", "NAME", "id", "ID", "fid", "FID", "geom", "Geometry", "wkt", "WKT",
        "fixme", "FIXME", "from", "order", "description", "begin", "tessellate", "layer", "kind",
        "source", "valid_from", "length_m", "ogc_fid", "rowid", "style", "a b", "a_b", "km²",
        *SCRIPTS,
    ]),
    st.text(LETTERS, min_size=1, max_size=12),
)  # fmt: skip
TEXTS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=20).map(lambda text: f"t{text}t"),
    st.sampled_from(SCRIPTS),
)
LISTS = st.lists(st.one_of(st.integers(-5, 5), TEXTS), min_size=1, max_size=3)
# By kind: cells, and the dtype that says it where cells are missing.
KINDS = {
    "truth": (st.booleans(), "boolean"),
    "whole": (st.integers(-(2**63), 2**63 - 1), "Int64"),
    "number": (st.floats(-1e300, 1e300, allow_subnormal=False), "float64"),
    "text": (TEXTS, "object"),
    "day": (st.dates(date(1677, 10, 1), date(2262, 4, 1)), "object"),
    "time": (
        st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
            lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
        ),
        "object",
    ),
    "list": (LISTS, "object"),
    "table": (
        st.dictionaries(TEXTS, st.one_of(st.none(), TEXTS), min_size=1, max_size=2), "object"
    ),
}  # fmt: skip
DEGREES = st.integers(-1_700_000_000, 1_700_000_000).map(lambda n: n / 1e7)
POSITIONS = st.tuples(DEGREES, st.integers(-850_000_000, 850_000_000).map(lambda n: n / 1e7))


@st.composite
def geometries(draw):
    """Return a valid geometry on GeoJSON's grid, whose edges do not go round the Earth."""
    kind = draw(st.sampled_from(["none", "point", "points", "line", "lines", "area", "areas"]))
    lon, lat = draw(POSITIONS)
    lon, lat = round(lon * 0.9, 7), round(lat * 0.9, 7)
    line = [(lon, lat), (round(lon + 1, 7), lat), (round(lon + 1, 7), round(lat + 0.5, 7))]
    area = shapely.box(lon, lat, round(lon + 1, 7), round(lat + 1, 7))
    west = shapely.box(round(lon - 3, 7), lat, round(lon - 2, 7), round(lat + 1, 7))
    return {
        "none": None,
        "point": shapely.Point(lon, lat),
        "points": shapely.MultiPoint([(lon, lat), (lon, round(lat + 1, 7))]),
        "line": shapely.LineString(line),
        "lines": shapely.MultiLineString([line, [(lon, lat), (lon, round(lat - 1, 7))]]),
        "area": area,
        "areas": shapely.MultiPolygon([area, west]),
    }[kind]


@st.composite
def tables(draw):
    """Return a table whose first column numbers its rows, and the kinds of its columns."""
    rows = draw(st.integers(1, 4))
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    shapes = [draw(geometries()) for _ in range(rows)]
    shapes[0] = shapes[0] or shapely.Point(44, 40)
    columns, kinds = {"nr": pd.array(range(rows), dtype="int64")}, {"nr": "whole"}
    for name in names:
        kind = draw(st.sampled_from(sorted(KINDS)))
        cells, dtype = KINDS[kind]
        values = draw(st.lists(st.one_of(st.none(), cells), min_size=rows, max_size=rows))
        if name not in ("nr", "geometry"):
            columns[name] = pd.Series(values, dtype=dtype)
            kinds[name] = kind
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326), kinds


def as_text(value, kind) -> str:
    """Return a value as a text of its kind, as files without types hold it."""
    if kind == "truth":
        return "true" if value else "false"
    if kind in ("list", "table"):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if kind in ("day", "time") else str(value)


def cells_of(own, name) -> list:
    return [None if not isinstance(v, list | dict) and pd.isna(v) else v for v in own[name]]
