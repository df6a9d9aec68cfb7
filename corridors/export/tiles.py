"""Vector tiles (PMTiles): which rows are in which layer from which zoom, as GDAL writes them."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import FileFormatError
from borders.files.paths import gdal_path
from borders.gazetteer.places import places_gdf
from corridors.export.file_table import FileColumn, free_name
from corridors.export.gdal import (
    LAYER_COLUMNS,
    dataset_credits,
    gdal_options,
    geometry_type,
    table_name,
    write_rows,
)
from corridors.export.pmtiles import join_tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    import geopandas

    from corridors.export.file_table import FileParts, FileTable
    from corridors.network.compiled import CompiledNetwork

__all__ = ["PlacesOf", "write_pmtiles"]

# The last zoom of tiles: 4,096 steps to a tile of 10 km are 2.4 m at the equator. What a tile may
# hold, ten times as much as is usual: nothing is thinned that a browser can show.
_LAST_ZOOM, _TILE_BYTES, _TILE_FEATURES = 12, 5_000_000, 1_000_000
# Where Web Mercator ends.
_MERCATOR_END_DEG = 85.0511287798
# What a row says that decides on its layer and its first zoom.
_PLACED_BY = ("kind", "mode", "crossing", "way_class", "service", "what")
_LINK_LAYERS = {"road": "roads", "rail": "railways", "ferry": "ferries"}
_CROSSINGS = "crossings"
# The first zoom at which a road is shown, by its class: what is only of its place comes last.
# Assumptions, about those of general maps.
_FIRST_ZOOM = {
    "motorway": 0, "trunk": 4, "primary": 6, "secondary": 8, "tertiary": 10, "unclassified": 11,
}  # fmt: skip
_OTHER_ROAD, _SIDING = 12, 11
# That of a place of an extract, likewise; other places are shown at every zoom.
_PLACES, _PLACE_ZOOM = "places", {"city": 4, "town": 7, "village": 10, "hamlet": 12}
# What is foremost in a layer, and links of no class, are shown at every zoom if they are so many at
# most; else links of no class are shown from this one on.
_ANY, _MANY, _MANY_ZOOM = -1, 20_000, 8


class PlacesOf:
    """The places of a network's extracts, as something that can be exported."""

    def __init__(self, network: CompiledNetwork) -> None:
        self._network = network

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one point a place, EPSG:4326; places have no dates."""
        del on
        return places_gdf(self._network.places)


class _Place(NamedTuple):
    """A layer, and the first zoom of some rows there; `_ANY` of links that have no class."""

    layer: str
    zoom: int


class _Band(NamedTuple):
    """Zooms of a layer at which it has the same rows, and the first zooms of these.

    Parameters
    ----------
    first, last : zooms of the tiles.
    least, most : first zooms of the rows.
    """

    layer: str
    first: int
    last: int
    least: int
    most: int

    def holds(self, place: _Place) -> bool:
        """Tell whether rows are there."""
        return place.layer == self.layer and self.least <= place.zoom <= self.most


def write_pmtiles(
    table: FileParts, path: Path, target: Path, progress: Callable[[float], None] | None = None
) -> list[str]:
    """Write a table as vector tiles in one file (PMTiles 3); return notes on what is otherwise.

    Links are in layers by their mode, those across borders in one of their own, places in another,
    and what else is ours in one by its kind; a table of another's is one layer. Roads and places of
    an extract are shown from the zoom that their class needs. Lines and areas are simplified for
    each zoom; at the last one they lie within 3 m of their place.

    Parameters
    ----------
    target : what the file will be called, for messages.
    progress : called with how much of the tiles is made, 0 to 1, when the rows have been read.

    Raises
    ------
    FileFormatError : no row has a geometry that tiles can hold.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        rows = (_InMemory if table.whole else _InDatabase)(table, folder, target)
        if not rows.counts:
            message = f"{target}: no feature with a geometry that tiles can hold"
            raise FileFormatError(message)
        bands = list(_bands(rows.counts))
        work = [
            (band.last + 1 - band.first) * sum(rows.counts[p] for p in rows.counts if band.holds(p))
            for band in bands
        ]
        files = [folder / f"{n}.mbtiles" for n in range(len(bands))]
        for n, (band, file) in enumerate(zip(bands, files, strict=True)):
            rows.write(band, file)
            if progress:
                progress(sum(work[: n + 1]) / sum(work))
        stated = dataset_credits(table.head)
        credit = "; ".join(filter(None, (stated.get("ATTRIBUTION"), stated.get("LICENCE"))))
        join_tiles(path, files, {"name": target.stem, "description": credit or target.stem})
    return rows.notes()


def _bands(counts: Counter[_Place]) -> Iterator[_Band]:
    """Yield the zooms of each layer at which its rows are the same, from the first to the last."""
    for layer in dict.fromkeys(place.layer for place in counts):
        many = counts[_Place(layer, _ANY)] > _MANY
        zooms = {place.zoom for place in counts if place.layer == layer} - {_ANY}
        if counts[_Place(layer, _ANY)]:
            zooms.add(_MANY_ZOOM if many else 0)
        begins = sorted(zooms)
        for n, (begin, after) in enumerate(zip(begins, [*begins[1:], _LAST_ZOOM + 1], strict=True)):
            band = _Band(layer, begin, after - 1, 0 if many and begin < _MANY_ZOOM else _ANY, begin)
            # What is foremost in a layer is shown at every zoom.
            foremost = n == 0 and sum(counts[p] for p in counts if band.holds(p)) <= _MANY
            yield band._replace(first=0) if foremost else band


class _Rows(ABC):
    """The rows of a table that tiles can hold.

    Attributes
    ----------
    counts : how many rows are in each layer from each zoom, in order of their first one.
    """

    def __init__(self, table: FileParts, folder: Path, target: Path) -> None:
        self._target = target
        self._lost, self._high, self._beyond = 0, False, False
        head = table.head.rows(np.flatnonzero(~_undrawn(table.head)).tolist())
        # Rows whose geometries are of the type of those of all parts.
        self._like = replace(head, shapes=shapely.force_2d(head.shapes))
        self.counts: Counter[_Place] = Counter()
        for part in table.parts:
            undrawn = _undrawn(part)
            self._lost += int(undrawn.sum())
            self._high = self._high or bool(shapely.has_z(part.shapes).any())
            drawn = part.rows(np.flatnonzero(~undrawn).tolist())
            if not len(drawn.shapes):
                continue
            self._beyond = self._beyond or _beyond_mercator(drawn.shapes)
            places = _places(drawn, target.stem)
            self.counts.update(places)
            self._keep(replace(drawn, shapes=shapely.force_2d(drawn.shapes)), places, folder)

    @abstractmethod
    def _keep(self, rows: FileTable, places: list[_Place], folder: Path) -> None:
        """Keep rows until they are written."""

    @abstractmethod
    def write(self, band: _Band, file: Path) -> None:
        """Write the rows of a band as tiles (MBTiles)."""

    def _options(self, band: _Band) -> dict[str, Any]:
        return {
            "driver": "MBTiles", "layer": band.layer,
            "dataset_options": {
                "NAME": band.layer, "MINZOOM": str(band.first), "MAXZOOM": str(band.last),
                # A tile of more is thinned.
                "MAX_SIZE": str(_TILE_BYTES), "MAX_FEATURES": str(_TILE_FEATURES),
            },
        }  # fmt: skip

    def notes(self) -> list[str]:
        """Return what is otherwise in tiles than in the table."""
        notes = []
        if self._lost:
            notes.append(
                "PMTiles holds no feature without geometry and no collection of geometries: "
                f"{self._lost} {'is' if self._lost == 1 else 'are'} left out"
            )
        if self._high:
            notes.append("PMTiles holds no heights: they are left out")
        if self._beyond:
            notes.append(
                f"tiles end at {_MERCATOR_END_DEG:.2f}° of latitude: what lies beyond is cut"
            )
        return notes


class _InMemory(_Rows):
    """The rows of a table that is in memory."""

    def _keep(self, rows: FileTable, places: list[_Place], folder: Path) -> None:  # noqa: ARG002
        self._kept, self._there = rows, places

    def write(self, band: _Band, file: Path) -> None:
        """Write the rows of a band as tiles (MBTiles)."""
        there = [n for n, place in enumerate(self._there) if band.holds(place)]
        write_rows(
            self._kept.rows(there), file, self._target, like=self._like, **self._options(band)
        )


class _InDatabase(_Rows):
    """The rows of a table in parts: a GeoPackage takes them, from which GDAL reads row by row."""

    _names: tuple[str, str] | None = None

    def _keep(self, rows: FileTable, places: list[_Place], folder: Path) -> None:
        self._database = folder / "rows.gpkg"
        begun = self._names is not None
        if self._names is None:
            used = {column.name for column in rows.columns}
            self._columns = [column.name for column in rows.columns]
            self._names = free_name("layer", used, str.lower), free_name("zoom", used, str.lower)
        layer, zoom = self._names
        more = [
            FileColumn(key=layer, name=layer, kind="text", cells=[p.layer for p in places]),
            FileColumn(key=zoom, name=zoom, kind="whole", cells=[p.zoom for p in places]),
        ]
        write_rows(
            replace(rows, columns=[*rows.columns, *more]), self._database, self._target,
            driver="GPKG", layer="rows", like=self._like, append=begun,
        )  # fmt: skip

    def write(self, band: _Band, file: Path) -> None:
        """Write the rows of a band as tiles (MBTiles)."""
        from pyogrio.raw import open_arrow, write_arrow

        assert self._names is not None
        layer, zoom = self._names
        text = band.layer.replace("'", "''")
        where = f""""{layer}" = '{text}' AND "{zoom}" BETWEEN {band.least} AND {band.most}"""
        with (
            gdal_options(file, self._target), gdal_path(file) as plain,
            open_arrow(
                self._database, layer="rows", where=where, columns=self._columns
            ) as (_, rows),
        ):  # fmt: skip
            write_arrow(
                rows, plain, crs="EPSG:4326", geometry_type=geometry_type(self._like.shapes),
                geometry_name="geom", **self._options(band),
            )  # fmt: skip


def _places(rows: FileTable, own: str) -> list[_Place]:
    """Return the layer and the first zoom of each row.

    Parameters
    ----------
    own : the layer of rows that are of no kind of ours.
    """
    known: dict[tuple[str, ...], _Place] = {}
    places = []
    for values in zip(*map(rows.texts, _PLACED_BY), strict=True):
        if values not in known:
            known[values] = _place(dict(zip(_PLACED_BY, values, strict=True)), own)
        places.append(known[values])
    return places


def _place(row: Mapping[str, str], own: str) -> _Place:
    kind, mode, way_class = row["kind"], row["mode"], row["way_class"]
    if kind == "place":
        return _Place(_PLACES, _PLACE_ZOOM.get(row["what"], 0))
    if kind != "link":
        return _Place(table_name(kind) if kind in LAYER_COLUMNS else own, 0)
    if row["crossing"]:
        return _Place(_CROSSINGS, 0)
    layer = _LINK_LAYERS.get(mode, own)
    if mode == "rail" and row["service"]:
        return _Place(layer, _SIDING)
    if mode == "road" and way_class:
        return _Place(layer, _FIRST_ZOOM.get(way_class.removesuffix("_link"), _OTHER_ROAD))
    return _Place(layer, 0 if mode == "rail" and way_class else _ANY)


def _undrawn(rows: FileTable) -> Any:
    """Tell which geometries tiles cannot hold."""
    shapes = rows.shapes
    collections = shapely.get_type_id(shapes) == GeometryType.GEOMETRYCOLLECTION
    return shapely.is_missing(shapes) | shapely.is_empty(shapes) | collections


def _beyond_mercator(shapes: np.ndarray) -> bool:
    return bool(np.abs(shapely.bounds(shapes)[:, [1, 3]]).max() > _MERCATOR_END_DEG)
