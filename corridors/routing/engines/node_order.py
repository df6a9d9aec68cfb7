"""The order of nodes in which a contraction hierarchy is built, cached between runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError
from borders.files.cache import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.routing.graph import Graph, Ints

__all__ = ["compute_order", "node_order", "order_file"]

# The order of a smaller graph is computed faster than a file of it is looked for.
MIN_CACHED_NODES = 20_000
# On smaller graphs any order will do.
MIN_DISSECTED_NODES = 1000
# Ways to an order, the best first: by pymetis, or by RoutingKit with and without positions.
METHODS = ("dissection", "inertial", "degree")
_MAGIC = b"araxes order 1\n"


def node_order(graph: Graph) -> list[int]:
    """Return every node once, in the order of contraction.

    That of a graph which knows it is taken. It depends on the topology alone, so it is cached under
    the hash of that. An order whose file is damaged is computed again.
    """
    if graph.order is not None and _is_order(graph.order, graph.n_nodes):
        known: list[int] = graph.order.tolist()
        return known
    file = order_file(graph)
    if file is None:
        return compute_order(graph)
    cached = _read_order(file, graph.n_nodes)
    if cached is not None:
        return cached
    order = compute_order(graph)
    _write_order(file, order)
    return order


def order_file(graph: Graph) -> Path | None:
    """Return the file in which the order of a graph is kept; None where none is."""
    folder = cache_folder() if graph.n_nodes >= MIN_CACHED_NODES else None
    if folder is None:
        return None
    # The method is part of the name: a better one, installed later, does not read a worse order.
    # That of the best one is read whether or not it is installed here.
    best = folder / f"{graph.topology_hash}-{METHODS[0]}.order"
    if best.is_file():
        return best
    return folder / f"{graph.topology_hash}-{_order_method(graph)}.order"


def _order_method(graph: Graph) -> str:
    """Return the best method installed: nested dissection by pymetis, else one of RoutingKit."""
    if graph.n_nodes >= MIN_DISSECTED_NODES and graph.n_arcs:
        if _import_partitioner() is not None:
            return METHODS[0]
        if graph.lon is not None and graph.lat is not None:
            return METHODS[1]
    return METHODS[2]


def _import_partitioner() -> Any:
    try:
        return import_module("pymetis")
    except ImportError:
        return None


def compute_order(graph: Graph) -> list[int]:
    """Return the nodes of a graph in the order of contraction, computed anew."""
    import routingkit_cch

    order: list[int]
    method = _order_method(graph)
    if method == METHODS[0]:
        pymetis = _import_partitioner()
        dissection = pymetis.nested_dissection(pymetis.CSRAdjacency(*_adjacency(graph)))
        order = np.asarray(dissection[0]).tolist()
        return order
    ends = graph.n_nodes, graph.tail.tolist(), graph.head.tolist()
    if method == METHODS[1]:
        assert graph.lon is not None
        assert graph.lat is not None
        positions = graph.lat.tolist(), graph.lon.tolist()
        order = routingkit_cch.compute_order_inertial(*ends, *positions)
    else:
        order = routingkit_cch.compute_order_degree(*ends)
    return order


def _adjacency(graph: Graph) -> tuple[Ints, Ints]:
    """Return the undirected graph without loops and parallel edges, as offsets and neighbours."""
    start = np.concatenate([graph.tail, graph.head]).astype(np.int64)
    end = np.concatenate([graph.head, graph.tail]).astype(np.int64)
    pairs = np.unique((start * graph.n_nodes + end)[start != end])
    tail, head = np.divmod(pairs, graph.n_nodes)
    offsets = np.searchsorted(tail, np.arange(graph.n_nodes + 1))
    return offsets.astype(np.int32), head.astype(np.int32)


def _read_order(file: Path, size: int) -> list[int] | None:
    """Return the order of a file, None if there is no file or it is damaged."""
    try:
        raw = file.read_bytes()
    except OSError:
        return None
    from hashlib import sha256

    head, digest, body = raw[: len(_MAGIC)], raw[len(_MAGIC) :][:32], raw[len(_MAGIC) + 32 :]
    if head != _MAGIC or digest != sha256(body).digest() or len(body) != 4 * size:
        return None
    order = np.frombuffer(body, "<i4")
    if not _is_order(order, size):
        return None
    nodes: list[int] = order.tolist()
    return nodes


def _is_order(order: Ints, size: int) -> bool:
    """Tell whether an array holds every node once."""
    if order.shape != (size,) or (size and (order.min() < 0 or order.max() >= size)):
        return False
    return bool((np.bincount(order, minlength=size) == 1).all())


def _write_order(file: Path, order: list[int]) -> None:
    """Write an order to a file; a folder that cannot be written to is no error."""
    from hashlib import sha256

    from borders.files.atomic import atomic

    body = np.array(order, "<i4").tobytes()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic(file) as draft:
            draft.write_bytes(_MAGIC + sha256(body).digest() + body)
    except (OSError, FileFormatError):
        return
