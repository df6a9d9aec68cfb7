"""A GeoNames dump as a gazetteer: tab-separated, no header, the nineteen standard columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import FileFormatError
from borders.files.toml import reading

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_dump"]

# Of https://download.geonames.org/export/dump/readme.txt.
_COLUMNS = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature class",
    "feature code", "country code", "cc2", "admin1 code", "admin2 code", "admin3 code",
    "admin4 code", "population", "elevation", "dem", "timezone", "modification date",
)  # fmt: skip
# Cities, towns and villages.
_POPULATED = "P"


def read_dump(path: Path) -> tuple[dict[str, str], ...]:
    """Return the populated places of a dump as rows of table `town`.

    Raises
    ------
    FileFormatError : the file cannot be read, or a row has other columns.
    """
    rows: list[dict[str, str]] = []
    with reading(path), path.open(encoding="utf-8-sig", newline="\n") as file:
        # Names in all languages may be longer than the cells of `csv` can be.
        for n, values in enumerate((line.rstrip("\r\n").split("\t") for line in file), 1):
            where = f"{path.name}:{n}"
            if len(values) != len(_COLUMNS):
                message = (
                    f"{where}: {len(values)} columns, not the {len(_COLUMNS)} of a GeoNames dump; "
                    "take a country's .txt from download.geonames.org/export/dump"
                )
                raise FileFormatError(message)
            row = dict(zip(_COLUMNS, values, strict=True))
            if row["feature class"] == _POPULATED:
                rows.append(_town(row, where))
    if not rows:
        message = f"{path.name}: no populated place (feature class P) in this GeoNames dump"
        raise FileFormatError(message)
    return tuple(rows)


def _town(row: dict[str, str], where: str) -> dict[str, str]:
    try:
        lat, lon = float(row["latitude"]), float(row["longitude"])
        int(row["geonameid"])
        people = int(row["population"] or 0)
    except ValueError as err:
        message = f"{where}: {err}; the file is no GeoNames dump, or is damaged"
        raise FileFormatError(message) from err
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        message = f"{where}: {lat}, {lon} is no latitude and longitude"
        raise FileFormatError(message)
    return {
        "id": row["geonameid"], "name": row["name"], "country": row["country code"],
        "lat": str(lat), "lon": str(lon), "population": str(people),
        "names": row["alternatenames"].replace(",", "|"), "source": "geonames",
    }  # fmt: skip
