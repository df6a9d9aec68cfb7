"""A project of QGIS over a GeoPackage beside it: layers in groups, their looks, labels and dates.

Source: elements as QGIS 3.22 LTR reads them (QgsProject, QgsLayerTree, QgsMapLayer).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import shapely

from borders.errors import FileFormatError
from borders.files.atomic import atomic, check_free, check_name, together, write_text
from borders.files.bundle import layer
from borders.files.c_locale import c_locale
from borders.files.features import features_to_gdf
from borders.gazetteer.places import Gazetteer
from corridors.analysis.access import place_class
from corridors.export.datapackage import descriptor
from corridors.export.feature_table import read_features, several
from corridors.export.formats import Styles, Written, pieces, write_file
from corridors.export.thing_tables import TABLES
from corridors.export.xml_text import legal
from corridors.network.load import load_network
from corridors.network.network import Network
from maps.layers.basemap import bounds_reach_far
from maps.layers.looks import row_styles, shape_of
from maps.print.projection import fitted, padded
from maps.qgis.layer_style import VERSION, layer_style, style_elements
from maps.style import BASEMAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    import geopandas

    from corridors.export.feature_table import Thing
    from corridors.export.file_table import FileTable
    from corridors.export.gdal import LayerStyle

__all__ = ["with_context", "write_project", "write_styled"]

# The groups of layers, from the top down, and the kinds in them; what is in none is in the first.
_GROUPS = {
    "Things": (),
    "Places": ("place",),
    "Corridors": ("corridor", "corridor-strip"),
    "Routes": ("route",),
    "Borders": ("border", "territory"),
    "Network": ("link",),
    "Base map": ("base-river", "base-border", "base-lake", "base-land"),
}
_TABLES = "Tables"
# Layers that one switches on: they would hide the subject.
_OFF = ("link", "corridor_once")
_GEOMETRY = {"point": "Point", "line": "Line", "area": "Polygon"}
# Parts of the base map by their kind.
_BASE = {
    "base-land": ("land", "land-beyond"), "base-lake": ("lakes",), "base-river": ("rivers",),
    "base-border": ("country-borders",),
}  # fmt: skip
# What maps so wide that they show land beyond the margin have besides.
_FAR = {
    "base-land": ("land-far",), "base-border": ("country-borders-beyond", "country-borders-far"),
}  # fmt: skip
_SUFFIX = ".qgz"


class Places:
    """The bundled places with the class that decides at what scale they show."""

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one point a place, in EPSG:4326."""
        table = Gazetteer().to_gdf(on=on)
        table["class"] = [place_class(what) for what in table["what"]]
        return table


@dataclass(frozen=True, slots=True)
class _BaseMap:
    """The bundled base map near some bounds, EPSG:4326.

    Parameters
    ----------
    far : whether the coarse land far around is in, too.
    """

    bounds: tuple[float, float, float, float]
    far: bool

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return land, lakes, rivers and borders, in EPSG:4326."""
        del on
        window = shapely.box(*self.bounds)
        rows = [
            {
                "id": f"{name}-{n}", "kind": kind, "name": part.properties.get("name"),
                "source": part.properties.get("source"), "geometry": shape,
            }
            for kind, names in _BASE.items()
            for name in (*names, *(_FAR.get(kind, ()) if self.far else ()))
            for n, part in enumerate(layer(name), 1)
            if (shape := shapely.intersection(part.geometry, window)) and not shape.is_empty
        ]  # fmt: skip
        return features_to_gdf(rows)


def with_context(things: Iterable[Thing] | Thing) -> list[Any]:
    """Return things with the bundled places, and with the bundled network if there is none yet."""
    parts: list[Any] = several(things)
    network = [] if any(isinstance(part, Network) for part in parts) else [load_network()]
    return [*parts, Places(), *network]


def write_styled(
    things: Iterable[Thing] | Thing,
    file: str | Path,
    *,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write things to a GeoPackage or KML that QGIS or a globe shows as the maps of Araxes do.

    A KML has a folder for each kind, and colours and widths. A GeoPackage has a style for each
    layer, names in all languages as columns, and beside the layers of `corridors.write` the tables
    ``source``, ``status`` and ``cited``, each corridor once in ``corridor_once``, and
    ``layer_styles``. Parameters and errors are those of `corridors.write`, and:

    Parameters
    ----------
    progress : called with the number of rows done and of all, where it is written in parts.
    """
    styles = Styles(layer_style, row_styles)
    return write_file(things, file, on=on, styles=styles, progress=progress)


@c_locale()
def write_project(
    things: Iterable[Thing] | Thing,
    file: str | Path,
    *,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write a project of QGIS, and beside it the GeoPackage of the same name that it shows.

    Layers are in groups, drawn and labelled as the maps of Araxes are; those with dates follow the
    time of the map. Places, the network and a base map are added, and a Data Package beside both
    that states licences, sources and hashes. All take their places at the end, or none.

    Parameters
    ----------
    things : whatever has ``to_gdf()``, GeoDataFrames or GeoSeries in EPSG:4326; one or several.
    file : ends in ``.qgz``.
    on : as the things stood on this day.
    progress : called with the number of rows done and of all, where it is written in parts.

    Returns
    -------
    What was written of the things, without what was added.

    Raises
    ------
    FileFormatError : the suffix is another, there is nothing to write, or a place cannot be written
        to.
    """
    path = Path(file)
    if path.suffix.lower() != _SUFFIX:
        message = f"{path}: a project of QGIS ends in {_SUFFIX}"
        raise FileFormatError(message)
    check_name(path)
    database = path.with_suffix(".gpkg")
    package = path.with_name(f"{path.stem}.datapackage.json")
    check_free(path, database, package)
    things = several(things)
    extents, count = _extents(things, on)
    if not extents:
        day = f" on {on}" if on else ""
        message = f"{path}: nothing to draw: none of these existed{day}"
        raise FileFormatError(message)
    bounds = padded(_joined(extents.values()))
    around = (bounds[0] - 8, max(bounds[1] - 6, -90), bounds[2] + 8, min(bounds[3] + 6, 90))
    every = [*with_context(things), _BaseMap(around, bounds_reach_far(bounds))]
    parts: dict[str, FileTable] = {}

    def style_of(name: str, rows: FileTable) -> LayerStyle:
        parts[name] = rows
        return layer_style(name, rows)

    with together() as waiting:
        styles = Styles(style_of, row_styles)
        done = write_file(every, database, on=on, styles=styles, progress=progress)
        with atomic(path) as project:
            _write_qgz(project, _project(parts, database.name, path.stem, bounds, extents))
        files = {place.name: waiting()[place] for place in (path, database)}
        cited = [key for thing in things for key in getattr(thing, "sources", ())]
        write_text(package, descriptor(files, [done.table], path.stem, cited))
    return done._replace(features=count)


def _extents(
    things: Iterable[Thing], on: date | str | None
) -> tuple[dict[str, tuple[float, float, float, float]], int]:
    """Return the bounds of what is drawn of each kind, EPSG:4326, and the number of rows."""
    found: dict[str, tuple[float, float, float, float]] = {}
    count = 0
    for part in pieces(things):
        rows = read_features([part], on=on)
        count += len(rows.shapes)
        kinds = np.array([str(kind or "") for kind in rows.column("kind").cells], object)
        drawn = ~shapely.is_missing(rows.shapes) & ~shapely.is_empty(rows.shapes)
        for kind in dict.fromkeys(kinds[drawn].tolist()):
            here = shapely.total_bounds(rows.shapes[drawn & (kinds == kind)]).tolist()
            found[kind] = _joined([here, found.get(kind, here)])
    return found, count


def _joined(boxes: Iterable[Sequence[float]]) -> tuple[float, float, float, float]:
    """Return the bounds of several bounds."""
    west, south, east, north = np.array(list(boxes)).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _write_qgz(path: Path, root: ET.Element) -> None:
    """Write a project as QGIS zips it; two runs write the same bytes."""
    ET.indent(root, " ")
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    text = head + ET.tostring(root, encoding="unicode")
    entry = zipfile.ZipInfo(f"{path.stem}.qgs", date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, text.encode())


def _project(
    parts: dict[str, FileTable], database: str, title: str, bounds: tuple[float, ...],
    extents: dict[str, tuple[float, float, float, float]],
) -> ET.Element:  # fmt: skip
    """Return a project over the layers of a GeoPackage that lies beside it.

    Parameters
    ----------
    parts : rows of each layer, of a large one a sample.
    extents : bounds of all rows of each kind of the things, EPSG:4326.
    """
    extent = fitted((bounds[0], bounds[1], bounds[2], bounds[3]))
    root = ET.Element("qgis", projectname=legal(title), version=VERSION)
    ET.SubElement(root, "title").text = legal(title)
    crs = ET.SubElement(root, "projectCrs")
    crs.append(_reference(extent.projection))
    tree = ET.SubElement(root, "layer-tree-group")
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(canvas, "units").text = "meters"
    _box(ET.SubElement(canvas, "extent"), extent.frame)
    ET.SubElement(canvas, "rotation").text = "0"
    destination = ET.SubElement(canvas, "destinationsrs")
    destination.append(_reference(extent.projection))
    view = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    corners = zip(("xmin", "ymin", "xmax", "ymax"), extent.frame, strict=True)
    first = ET.SubElement(
        view, "DefaultViewExtent", {key: f"{value:.3f}" for key, value in corners}
    )
    first.append(_reference(extent.projection))
    listed = ET.SubElement(root, "projectlayers")
    order = ET.SubElement(root, "layerorder")
    by_kind = {part.texts("kind")[0]: name for name, part in parts.items()}
    known = {kind for kinds in _GROUPS.values() for kind in kinds}
    for group, kinds in _GROUPS.items():
        chosen = [by_kind[kind] for kind in kinds if kind in by_kind]
        if not kinds:
            chosen = [name for kind, name in by_kind.items() if kind not in known]
        if not chosen:
            continue
        branch = ET.SubElement(
            tree, "layer-tree-group", name=group, checked="Qt::Checked", expanded="0"
        )
        for name in chosen:
            here = shapely.total_bounds(parts[name].shapes).tolist()
            extent_of = _joined([here, extents.get(parts[name].texts("kind")[0], here)])
            for layer_name in (name, *(["corridor_once"] if name == "corridor" else [])):
                element = _add(branch, listed, order, database, layer_name, parts[name])
                box = ET.Element("extent")
                _box(box, extent_of)
                element.insert(0, box)
    tables = ET.SubElement(tree, "layer-tree-group", name=_TABLES, checked="Qt::Checked",
                           expanded="0")  # fmt: skip
    for name in TABLES:
        _add(tables, listed, order, database, name, None)
    _properties(root)
    _times(root, parts)
    return root


def _reference(definition: str) -> ET.Element:
    """Return a reference system: EPSG:4326, or a projection by its definition for PROJ."""
    from pyproj import CRS

    system = CRS.from_user_input(definition)
    element = ET.Element("spatialrefsys")
    ET.SubElement(element, "wkt").text = system.to_wkt("WKT2_2019")
    if definition == "EPSG:4326":
        ET.SubElement(element, "proj4").text = "+proj=longlat +datum=WGS84 +no_defs"
        ET.SubElement(element, "srid").text = "4326"
        ET.SubElement(element, "authid").text = "EPSG:4326"
        ET.SubElement(element, "geographicflag").text = "true"
    else:
        ET.SubElement(element, "proj4").text = f"{definition} +units=m +no_defs"
        ET.SubElement(element, "srid").text = "0"
        ET.SubElement(element, "authid").text = ""
        ET.SubElement(element, "description").text = "fitted to the map"
        ET.SubElement(element, "geographicflag").text = "false"
    return element


def _box(element: ET.Element, bounds: Any) -> None:
    for key, value in zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True):
        ET.SubElement(element, key).text = f"{value:.6f}"


def _add(
    branch: ET.Element, listed: ET.Element, order: ET.Element, database: str, name: str,
    rows: FileTable | None,
) -> ET.Element:  # fmt: skip
    """Add a layer to its group and to the layers of the project; return it, without its bounds."""
    key = f"araxes_{name}_{crc32(name.encode()):08x}"
    source = f"./{database}|layername={name}"
    title = name.replace("_", " ")
    shown = "Qt::Unchecked" if name in _OFF or rows is None else "Qt::Checked"
    ET.SubElement(
        branch, "layer-tree-layer", id=key, name=title, source=source, providerKey="ogr",
        checked=shown, expanded="0",
    )  # fmt: skip
    ET.SubElement(order, "layer", id=key)
    geometry = "No geometry" if rows is None else _GEOMETRY[shape_of(rows)]
    element = ET.SubElement(
        listed, "maplayer", type="vector", geometry=geometry, labelsEnabled="1",
        autoRefreshEnabled="0", hasScaleBasedVisibilityFlag="0", readOnly="0",
    )  # fmt: skip
    ET.SubElement(element, "id").text = key
    ET.SubElement(element, "datasource").text = source
    ET.SubElement(element, "layername").text = title
    srs = ET.SubElement(element, "srs")
    if rows is not None:
        srs.append(_reference("EPSG:4326"))
        rights = sorted({text for text in rows.texts("attribution") if text})
        metadata = ET.SubElement(element, "resourceMetadata")
        ET.SubElement(metadata, "title").text = title
        for text in rights:
            ET.SubElement(metadata, "rights").text = legal(text)
        for text in sorted({text for text in rows.texts("licence") if text}):
            ET.SubElement(metadata, "license").text = legal(text)
    ET.SubElement(element, "provider", encoding="UTF-8").text = "ogr"
    if rows is not None:
        element.extend(style_elements(rows))
    return element


def _properties(root: ET.Element) -> None:
    """Let paths be relative, the sea be the background, and lengths be those on the ellipsoid."""
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    gui = ET.SubElement(properties, "Gui")
    for name, part in zip(("Red", "Green", "Blue"), (1, 3, 5), strict=True):
        value = int(BASEMAP["sea"][part : part + 2], 16)
        ET.SubElement(gui, f"CanvasColor{name}Part", type="int").text = str(value)
    measure = ET.SubElement(properties, "Measure")
    ET.SubElement(measure, "Ellipsoid", type="QString").text = "EPSG:7030"
    systems = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(systems, "ProjectionsEnabled", type="int").text = "1"
    units = ET.SubElement(properties, "Measurement")
    ET.SubElement(units, "DistanceUnits", type="QString").text = "kilometers"
    ET.SubElement(units, "AreaUnits", type="QString").text = "km2"


def _times(root: ET.Element, parts: dict[str, FileTable]) -> None:
    """State the period that the dates of the layers span, for the temporal controller."""
    days = sorted(
        day
        for name in ("border", "corridor", "territory")
        if name in parts
        for key in ("valid_from", "valid_to")
        for day in parts[name].texts(key)
        if day
    )
    if not days:
        return
    settings = ET.SubElement(
        root, "ProjectTimeSettings", timeStepUnit="years", timeStep="1", frameRate="1",
        cumulativeTemporalRange="0",
    )  # fmt: skip
    span = ET.SubElement(settings, "TemporalRange")
    ET.SubElement(span, "start").text = f"{days[0]}T00:00:00Z"
    ET.SubElement(span, "end").text = f"{days[-1]}T00:00:00Z"
