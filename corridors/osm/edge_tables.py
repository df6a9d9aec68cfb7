"""Edges of a graph as a table or a GraphML file: a graph that the import reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError, GeometryError, SchemaError
from corridors.network.columns import ENDS
from corridors.network.osm_tags import BACKWARD_WORDS, FORWARD_WORDS, values_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import geopandas
    import networkx

__all__ = ["graph_of_table", "read_edges", "read_graphml", "refuse_network"]

# What only a network has that Araxes takes as it is: the import would leave it unread.
_OWN = (
    "statuses", "status", "valid_from", "valid_to", "length_m", "sigma_m", "delay_h", "cost_usd_t",
    "gauge_mm", "crossing",
)  # fmt: skip
_MODES = {"rail": ("railway", "rail"), "ferry": ("route", "ferry"), "road": ("highway", "road")}
# Ends of edges at one node may lie this far apart, in degrees; an assumption.
_APART_DEG = 0.01


def read_edges(path: Path, columns: Mapping[str, str | None] | None) -> networkx.MultiDiGraph:
    """Return the graph of a vector file of edges; a layer `nodes` beside `edges` is of osmnx.

    Raises
    ------
    FileFormatError, CRSError, SchemaError, GeometryError : as for `graph_of_table`.
    """
    from borders.files.vector import read_vector

    return graph_of_table(read_vector(path), path.name, columns)


def graph_of_table(
    table: geopandas.GeoDataFrame, name: str, columns: Mapping[str, str | None] | None = None
) -> networkx.MultiDiGraph:
    """Return the graph of a table of edges in EPSG:4326, one row an edge.

    Where rows are in the columns u and v, as those of osmnx, each leads one way; elsewhere they
    lead both ways unless their `oneway` says otherwise.

    Parameters
    ----------
    columns : name that the import reads, such as ``u`` → the table's own.

    Raises
    ------
    SchemaError : it has no columns of the nodes at both ends, or is a network of its own.
    GeometryError : an edge is no line, or ends of one node lie far apart.
    """
    import networkx as nx

    if {"u", "v"} <= {str(key) for key in table.index.names}:
        table = table.reset_index()
    if "layer" in table and {*map(str, table["layer"])} == {"nodes", "edges"}:
        table = table[table["layer"] == "edges"]
    table = table.rename(
        columns={theirs: ours for ours, theirs in (columns or {}).items() if theirs}
    )
    refuse_network(table.columns, name)
    pair = next((pair for pair in ENDS if set(pair) <= {*table.columns}), None)
    if pair is None:
        others = ", ".join(str(key) for key in table.columns if key != table.geometry.name)
        message = f"{name}: no columns of nodes, such as u and v or from and to; it has {others}"
        raise SchemaError(message)
    graph = nx.MultiDiGraph(crs="epsg:4326", name=name)
    plain = table.drop(columns=table.geometry.name).astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    for n, (row, line) in enumerate(zip(rows, table.geometry, strict=True), 1):
        _add(graph, row, _line(line, f"{name}, edge {n}"), pair, f"{name}, edge {n}")
    return graph


def refuse_network(columns: Collection[str], name: str) -> None:
    """Refuse a table that is a network of its own, such as one that Araxes wrote.

    Raises
    ------
    SchemaError : it has a column of which an import knows nothing.
    """
    own = [key for key in _OWN if key in columns]
    if own:
        message = (
            f"{name}: column '{own[0]}' is of a network of its own, which an import would not "
            "read; give the file to --network as it is"
        )
        raise SchemaError(message)


def _line(shape: Any, where: str) -> Any:
    if shape is not None and shape.geom_type == "MultiLineString" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape is None or shape.geom_type != "LineString" or shape.is_empty:
        what = "no geometry" if shape is None else f"a {shape.geom_type}"
        message = f"{where}: {what}; an edge is one line between its nodes"
        raise GeometryError(message)
    return shape


def _add(
    graph: networkx.MultiDiGraph, row: dict[str, Any], line: Any, pair: tuple[str, str], where: str
) -> None:
    """Add an edge, and the one back where it leads both ways."""
    u, v = (_node(row[key]) for key in pair)
    if u is None or v is None:
        message = f"{where}: no value in '{pair[0] if u is None else pair[1]}'"
        raise SchemaError(message)
    for node, (x, y) in ((u, line.coords[0][:2]), (v, line.coords[-1][:2])):
        known = graph.nodes[node] if node in graph else {"x": x, "y": y}
        if max(abs(known["x"] - x), abs(known["y"] - y)) > _APART_DEG:
            message = (
                f"{where}: its line ends far from where others end at node '{node}'; reverse the "
                "line, or check the node"
            )
            raise GeometryError(message)
        graph.add_node(node, **known)
    values = {key: _plain(value) for key, value in row.items() if key not in pair}
    mode = values.pop("mode", None)
    if mode in _MODES and not {"highway", "railway", "route"} & {
        key for key, value in values.items() if value is not None
    }:
        key, value = _MODES[mode]
        values[key] = value
    values = {key: value for key, value in values.items() if value is not None}
    directed = pair == ("u", "v")
    stated = str(values.get("oneway", "")).lower()
    if directed or stated not in BACKWARD_WORDS:
        graph.add_edge(u, v, **values, geometry=line)
    if not directed and stated not in FORWARD_WORDS:
        graph.add_edge(v, u, **values, geometry=line.reverse())


def _node(value: Any) -> Any:
    """Return the id of a node; in a column with gaps whole numbers come as decimals."""
    number = isinstance(value, float | np.floating) and float(value).is_integer()
    return int(value) if number or isinstance(value, np.integer) else value


def _plain(value: Any) -> Any:
    """Return a value of a cell: in files lists are texts, and numbers of numpy are not plain."""
    values = values_of(value.tolist() if isinstance(value, np.ndarray) else value)
    if len(values) > 1:
        return [_node(each) for each in values]
    return _node(values[0]) if values else None


def read_graphml(path: Path) -> networkx.MultiDiGraph:
    """Return the graph of a GraphML file of osmnx or networkx.

    Raises
    ------
    FileFormatError : the file is missing, damaged or no GraphML, or declares XML entities.
    """
    import osmnx

    try:
        with path.open("rb") as file:
            head = file.read(4000)
    except OSError as err:
        message = (
            f"{path}: {'no such file' if isinstance(err, FileNotFoundError) else err.strerror}"
        )
        raise FileFormatError(message) from err
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        message = f"{path}: declares XML entities, which no graph needs; take it from elsewhere"
        raise FileFormatError(message)
    # Ids of nodes are numbers, or texts in a graph of one's own.
    kinds: tuple[type, ...] = (int, str)
    reason: Exception | None = None
    for kind in kinds:
        try:
            return osmnx.load_graphml(path, node_dtypes={"osmid": kind})
        except ValueError as err:
            reason = err
        except Exception as err:  # whatever its readers of XML, types and geometry raise
            reason = err
            break
    text = " ".join(str(reason).split())[:100]
    message = f"{path}: cannot be read as GraphML: {text}"
    raise FileFormatError(message) from reason
