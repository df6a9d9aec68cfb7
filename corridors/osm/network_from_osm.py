"""A network from extracts of OpenStreetMap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, FileFormatError, NoAnswerError, UnknownNameError
from corridors.network.compiled import CompiledNetwork
from corridors.network.load import known_until
from corridors.osm.assemble import assemble
from corridors.osm.read import read_extracts
from corridors.osm.tags import DRIVEN, ROADS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import geopandas
    import networkx

    from corridors.osm.read import Reading

__all__ = ["ATTRIBUTION", "network_from_osm"]

# Of files of Overture.
SUFFIX = ".parquet"
ATTRIBUTION, LICENCE = "© OpenStreetMap contributors, ODbL 1.0", "ODbL-1.0"


def network_from_osm(
    *sources: str | Path | networkx.Graph | geopandas.GeoDataFrame,
    area: str | None = None, roads: Iterable[str] = DRIVEN,
    rails: bool = True, sidings: bool = False, columns: Mapping[str, str | None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CompiledNetwork:  # fmt: skip
    """Return the roads, railways and ferries of extracts, graphs or an area as one network.

    Parameters
    ----------
    sources : extracts (.osm.pbf, .osm, .osm.gz or .osm.bz2), of which a way that several have is
        taken once; or segments of Overture's transportation theme as GeoParquet (.parquet), with or
        without its connectors; or graphs of osmnx or networkx whose nodes have ``x`` and ``y`` in
        EPSG:4326, or GraphML files of such; or tables and vector files of their edges, with columns
        of the nodes at both ends, such as ``u`` and ``v``, and the tags of an extract. A graph
        that neither osmnx made nor has ids of OpenStreetMap is your own: it is credited to what its
        attributes ``attribution`` and ``licence`` say, or to nobody.
    area : a place, or ``west,south,east,north``, to be fetched from OpenStreetMap instead; answers
        are kept in the user's folder of caches.
    roads : values of `highway` to keep, or a text of them with commas between; those for driving
        if missing. Others are kept where a ferry lands on them.
    rails : whether railways are kept, those out of use or planned too, with that status.
    sidings : whether their sidings, yards and spurs are.
    columns : of tables of edges: name that is read, such as ``u`` → the table's own.
    progress : told how many bytes of how many are read.

    Raises
    ------
    FileFormatError : a file is missing, damaged, or no extract.
    CRSError, GeometryError : a graph is projected, or its nodes have no positions.
    UnknownNameError : `roads` holds a word that is no class of roads.
    NoAnswerError : there is no road, railway or ferry, or no such area.
    AraxesError : there is nothing to read, or OpenStreetMap cannot be reached.
    """
    kept = _checked_roads(roads)
    rules: Any = {"roads": kept, "rails": rails, "sidings": sidings}
    paths = [Path(source) for source in sources if isinstance(source, str | Path)]
    graphs: list[Any] = [
        _graph(source, columns) for source in sources if not isinstance(source, str | Path)
    ]
    graphs += [_graph(path, columns) for path in paths if _is_graph(path)]
    paths = [path for path in paths if not _is_graph(path)]
    if bool(graphs) + bool(paths) + (area is not None) != 1:
        message = "give extracts, or graphs, or an area: at least one, and not of two kinds"
        raise AraxesError(message)
    overture = [path for path in paths if path.suffix.lower() == SUFFIX]
    if overture and len(overture) < len(paths):
        message = "give extracts of OpenStreetMap or files of Overture, not both at once"
        raise AraxesError(message)
    if overture:
        from corridors.osm.overture import read_overture

        reading = read_overture(paths, **rules, progress=progress)
    elif paths:
        reading = read_extracts(paths, **rules, progress=progress)
    else:
        from corridors.osm.graphs import fetch, read_graphs

        if area is not None:
            graphs = list(fetch(area, roads=kept, rails=rails))
        reading = read_graphs(graphs, **rules)
    assembly = assemble(reading)
    names = [extract.name for extract in reading.extracts]
    name = names[0] if len(set(names)) == 1 else f"{names[0]} and {len(names) - 1} more"
    if not len(assembly.table):
        message = f"{name}: no road, railway or ferry of those asked for"
        raise NoAnswerError(message)
    return CompiledNetwork(
        links=assembly.table,  # type: ignore[arg-type]
        on=known_until(), name=name, about=_about(reading, kept) | {"counts": assembly.counts},
    )  # fmt: skip


def _is_graph(path: Path) -> bool:
    """Tell whether a file holds the edges of a graph, by its name."""
    return path.suffix.lower() in (".graphml", ".gpkg", ".geojson", ".fgb", ".shp")


def _graph(source: Any, columns: Mapping[str, str | None] | None) -> Any:
    """Return the graph of a file or a table of edges; a graph stays as it is."""
    if isinstance(source, Path):
        from corridors.osm.edge_tables import read_edges, read_graphml

        if source.suffix.lower() == ".graphml":
            return read_graphml(source)
        return read_edges(source, columns)
    if hasattr(source, "edges"):
        return source
    if not hasattr(source, "columns"):
        message = (
            f"a {type(source).__name__} is no extract, graph or table of edges; give files, graphs "
            "or tables one after the other: network_from_osm(first, second)"
        )
        raise FileFormatError(message)
    from borders.files.table_checks import checked
    from corridors.osm.edge_tables import graph_of_table

    name = str(getattr(source, "attrs", {}).get("name") or "the table of edges")
    return graph_of_table(checked(source, name), name, columns)


def _checked_roads(roads: Iterable[str]) -> frozenset[str]:
    words = roads.split(",") if isinstance(roads, str) else roads
    kept = frozenset(map(str.strip, words))
    unknown = sorted(kept - set(ROADS))
    if unknown:
        message = f"no class of roads '{unknown[0][:60]}'; known: {', '.join(ROADS)}"
        raise UnknownNameError(message)
    return kept


def _about(reading: Reading, roads: frozenset[str]) -> dict[str, Any]:
    """Return where a network comes from, as JSON can hold it."""
    attribution, licence = reading.credit or (ATTRIBUTION, LICENCE)
    if reading.datasets:
        from corridors.osm.overture import credits_of

        attribution, licence = credits_of(reading)
    return {
        "attribution": attribution, "licence": licence,
        "extracts": [extract._asdict() for extract in reading.extracts],
        "roads": [road for road in ROADS if road in roads],
        "places": [[p.node, p.lon, p.lat, p.kind, p.names] for p in reading.places],
    }  # fmt: skip
