"""Read CSV: geometry as WKT or as longitude and latitude, whatever stands between the cells."""

from __future__ import annotations

import codecs
import io
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import CRSError, FileFormatError, FormatWarning, GeometryError
from borders.files.columns import NUMBER, Column
from borders.files.csv_rows import delimiter_of
from borders.files.table_checks import MAKE_LINES
from borders.files.toml import reading

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas
    import pandas as pd

__all__ = ["read_csv"]

_WKT = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "wkb_geometry")
_LON = ("lon", "longitude", "long", "lng", "boylam", "долгота")
_LAT = ("lat", "latitude", "enlem", "широта")
# Columns of positions whose system nobody can know.
_XY = ("x", "y", "easting", "northing", "east", "north")

_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
# Three digits after the comma may be thousands too.
_THOUSANDS = re.compile(r"[-+]?\d{1,3},\d{3}")
# Not 007, which is a key, nor what 64 bits do not hold.
_WHOLE = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
_SEP = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_BLANK_LINES = re.compile(r"(?:[^\S\t\n]*\n)+")
_TRUTH = {"true": True, "false": False}


def read_csv(path: Path) -> geopandas.GeoDataFrame:
    """Return the rows of a CSV file with their geometry in EPSG:4326.

    The first row names the columns: one of WKT (``wkt``, ``geometry``, ``geom``), or two called
    ``lon`` and ``lat`` or ``longitude`` and ``latitude``. Between cells stand commas, semicolons,
    tabs or bars; where it is not commas, numbers may have decimal commas.

    Raises
    ------
    FileFormatError : it is not a table of text in UTF-8 or UTF-16, no column holds positions, or
        two do of one name.
    CRSError : its positions are called x and y, or easting and northing.
    GeometryError : a cell is no WKT, a curve, or no number; says which line.

    Warns
    -----
    FormatWarning : other columns have one name.
    """
    import geopandas

    delimiter, cells = _cells(path)
    by_name = {str(key).strip().casefold(): str(key) for key in reversed(cells.columns)}
    wkt = next((by_name[key] for key in _WKT if key in by_name), None)
    lon = next((by_name[key] for key in _LON if key in by_name), None)
    lat = next((by_name[key] for key in _LAT if key in by_name), None)
    if wkt is not None:
        shapes, used = _of_wkt(path, cells[wkt], wkt), {wkt}
    elif lon is not None and lat is not None:
        xy = [_degrees(path, cells[key], key) for key in (lon, lat)]
        shapes, used = _points(np.column_stack(xy)), {lon, lat}
    else:
        raise _no_positions(path, by_name, list(map(str, cells.columns)))
    columns = {
        str(key).strip(): _column(cells[key].tolist(), commas=delimiter != ",")
        for key in cells.columns
        if key not in used
    }
    table = {key: column.array() for key, column in columns.items() if key != "geometry"}
    table.setdefault("layer", [path.stem] * len(cells))
    return geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


def _cells(path: Path) -> tuple[str, pd.DataFrame]:
    """Return what stands between the cells, and the cells as texts, by the number of their line."""
    import pandas as pd

    with reading(path):
        content = path.read_bytes()
        utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    if "\0" in text:
        message = f"{path}: not a table of text, whatever its suffix says; check how it was made"
        raise FileFormatError(message)
    # A line that tells spreadsheets what stands between the cells; some programs write it first.
    stated = _SEP.match(text)
    delimiter = stated[1] if stated else delimiter_of(text)
    text = text[stated.end() :] if stated else text
    before = _BLANK_LINES.match(text)
    text = text[before.end() :] if before else text
    first = 2 + bool(stated) + (before[0].count("\n") if before else 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            cells = pd.read_csv(
                io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, header=0,
                index_col=False, on_bad_lines="error", skip_blank_lines=False,
            )  # fmt: skip
    except pd.errors.EmptyDataError as err:
        message = f"{path}: no features in it"
        raise FileFormatError(message) from err
    except ValueError as err:
        reason = " ".join(str(err).split()).removeprefix("Error tokenizing data. C error: ")
        message = (
            f"{path}: not a table of one kind of rows ({reason[:100]}); quote cells that hold"
            f" {delimiter!r}, such as decimal commas"
        )
        raise FileFormatError(message) from err
    except pd.errors.ParserWarning as err:
        message = (
            f"{path}: its rows have more cells than its first line names; remove what stands"
            f" before the names; quote cells that hold {delimiter!r}, such as decimal commas"
        )
        raise FileFormatError(message) from err
    _check_names(path, text, delimiter)
    cells.index += first
    cells = cells.fillna("")
    # Spreadsheets leave rows without anything in them behind.
    cells = cells[cells.apply(lambda column: column.str.strip() != "").any(axis=1)]
    if not len(cells):
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    return delimiter, cells


def _check_names(path: Path, text: str, delimiter: str) -> None:
    """Refuse two columns of positions that have one name; of others say how they are called."""
    import pandas as pd

    head = pd.read_csv(
        io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, header=None, nrows=1
    )
    for name, count in Counter(name.strip() for name in head.iloc[0]).items():
        if count == 1 or not name:
            continue
        if name.casefold() in (*_WKT, *_LON, *_LAT):
            message = f"{path}: two columns are called '{name}'; rename one"
            raise FileFormatError(message)
        message = (
            f"{path}: {count} columns are called '{name}'; those after the first are read as"
            f" '{name}.1' and so on"
        )
        warnings.warn(message, FormatWarning, stacklevel=2)


def _no_positions(
    path: Path, by_name: dict[str, str], columns: list[str]
) -> FileFormatError | CRSError:
    """Return what is missing for positions."""
    xy = [by_name[key] for key in _XY if key in by_name]
    if len(xy) >= 2:
        message = (
            f"{path}: in what system '{xy[0]}' and '{xy[1]}' are is not said; call them lon and lat"
            " if they are degrees, or convert them to EPSG:4326"
        )
        return CRSError(message)
    known = ", ".join(columns[:8])[:100]
    message = (
        f"{path}: no column with positions; give lon and lat in degrees, or wkt (its columns:"
        f" {known})"
    )
    return FileFormatError(message)


def _of_wkt(path: Path, texts: pd.Series[str], key: str) -> np.ndarray:
    """Return the geometries of WKT; EWKT may say that it is in EPSG:4326."""
    shapes = np.empty(len(texts), dtype=object)
    for n, (line, text) in enumerate(texts.items()):
        bare = text.strip()
        if not bare:
            continue
        srid, _, rest = bare.partition(";") if bare[:5].upper() == "SRID=" else ("", "", bare)
        if srid and srid[5:].strip() != "4326":
            message = f"{path}: line {line}: {key} is in {srid[:20]}; convert it to EPSG:4326"
            raise CRSError(message)
        try:
            # What is no finite number is refused with all other coordinates.
            with np.errstate(all="ignore"):
                shapes[n] = shapely.from_wkt(rest)
        except NotImplementedError as err:
            what = rest.split("(")[0].split()[0].upper()
            message = f"{path}: line {line}: {key} is a {what}; {MAKE_LINES}"
            raise GeometryError(message) from err
        except (shapely.errors.ShapelyError, ValueError) as err:
            message = f"{path}: line {line}: {key} is '{bare[:40]}', not WKT; mend it"
            raise GeometryError(message) from err
    return shapes


def _degrees(path: Path, texts: pd.Series[str], key: str) -> np.ndarray:
    """Return a column as degrees, NaN where it is empty."""
    degrees = np.full(len(texts), np.nan)
    for n, (line, text) in enumerate(texts.items()):
        bare = text.strip()
        if _DECIMAL_COMMA.fullmatch(bare):
            bare = bare.replace(",", ".")
        if not bare:
            continue
        if not NUMBER.fullmatch(bare):
            message = (
                f"{path}: line {line}: {key} is '{bare[:40]}', not a number of degrees; write"
                " such as 44.05"
            )
            raise GeometryError(message)
        degrees[n] = float(bare)
    return degrees


def _points(xy: np.ndarray) -> np.ndarray:
    """Return points, None where a longitude or latitude is missing."""
    shapes = np.empty(len(xy), dtype=object)
    known = np.flatnonzero(~np.isnan(xy).any(axis=1))
    shapes[known] = shapely.points(xy[known])
    return shapes


def _column(texts: list[str], *, commas: bool) -> Column:
    """Return a column of texts by what all of them are: whole numbers, truth values, numbers."""
    bare = [text.strip() for text in texts]
    known = [text for text in bare if text]
    if known and all(map(_WHOLE.fullmatch, known)):
        return Column(kind="whole", cells=[int(text) if text else None for text in bare])
    if known and all(text.lower() in _TRUTH for text in known):
        return Column(kind="truth", cells=[_TRUTH.get(text.lower()) for text in bare])
    dotted = bare
    with_comma = [text for text in known if "," in text]
    if commas and not all(map(_THOUSANDS.fullmatch, with_comma)):
        dotted = [
            text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text for text in bare
        ]
    numbers = [text for text in dotted if text]
    if numbers and all(map(_is_number, numbers)):
        values = [float(text) if text else None for text in dotted]
        return Column(kind="number", cells=values)
    cells: list[Any] = [text or None for text in texts]
    return Column(kind="other", cells=cells)


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, not a key such as 007 or more digits than a float holds."""
    whole = text.lstrip("+-")
    key = len(whole) > 1 and whole[0] == "0" and whole[1].isdigit()
    return bool(NUMBER.fullmatch(text)) and not key and (not whole.isdigit() or len(whole) < 16)
