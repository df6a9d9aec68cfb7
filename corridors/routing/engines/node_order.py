"""The order of nodes in which a contraction hierarchy is built, cached between runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from corridors.routing.graph import Graph, Ints

__all__ = ["cache_folder", "compute_order", "node_order"]

# The order of a smaller graph is computed faster than a file of it is looked for.
MIN_CACHED_NODES = 20_000
# On smaller graphs any order will do.
MIN_DISSECTED_NODES = 1000
_MAGIC = b"araxes order 1\n"


def cache_folder() -> Path | None:
    """Return the folder of cached orders: ARAXES_CACHE, or below the user's cache folder.

    None for a user without a home folder.
    """
    if chosen := os.environ.get("ARAXES_CACHE"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as containers have
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "araxes"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "araxes/cache"
    # The XDG specification has relative paths ignored.
    xdg = Path(os.environ.get("XDG_CACHE_HOME") or "")
    return (xdg if xdg.is_absolute() else home / ".cache") / "araxes"


def node_order(graph: Graph) -> list[int]:
    """Return every node once, in the order of contraction.

    It depends on the topology alone, so it is cached under the hash of that. An order whose file
    is damaged is computed again.
    """
    folder = cache_folder() if graph.n_nodes >= MIN_CACHED_NODES else None
    if folder is None:
        return compute_order(graph)
    # The method is part of the name: a better one, installed later, does not read a worse order.
    file = folder / f"{graph.topology_hash}-{_order_method(graph)}.order"
    cached = _read_order(file, graph.n_nodes)
    if cached is not None:
        return cached
    order = compute_order(graph)
    _write_order(file, order)
    return order


def _order_method(graph: Graph) -> str:
    """Return the best method installed: nested dissection by pymetis, else one of RoutingKit."""
    if graph.n_nodes >= MIN_DISSECTED_NODES and graph.n_arcs:
        if _import_partitioner() is not None:
            return "dissection"
        if graph.lon is not None and graph.lat is not None:
            return "inertial"
    return "degree"


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
    if method == "dissection":
        pymetis = _import_partitioner()
        dissection = pymetis.nested_dissection(pymetis.CSRAdjacency(*_adjacency(graph)))
        order = np.asarray(dissection[0]).tolist()
        return order
    ends = graph.n_nodes, graph.tail.tolist(), graph.head.tolist()
    if method == "inertial":
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
    if not np.array_equal(np.sort(order), np.arange(size)):
        return None
    nodes: list[int] = order.tolist()
    return nodes


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
