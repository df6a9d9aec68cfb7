"""The order of nodes in which a contraction hierarchy is built, kept between runs."""

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

__all__ = ["cache_folder", "node_order"]

# Smaller graphs are ordered faster than a file is looked for.
WORTH_KEEPING = 20_000
# Below this any order will do.
WORTH_DISSECTING = 1000
_MAGIC = b"araxes order 1\n"


def cache_folder() -> Path | None:
    """Return where orders are kept: ARAXES_CACHE, or the user's cache folder; None without one."""
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
    named = Path(os.environ.get("XDG_CACHE_HOME") or "")
    return (named if named.is_absolute() else home / ".cache") / "araxes"


def node_order(graph: Graph) -> list[int]:
    """Return every node once, in the order of contraction.

    It depends on the topology alone, so it is kept under the hash of that; a file that is damaged
    is made anew.
    """
    folder = cache_folder() if graph.n_nodes >= WORTH_KEEPING else None
    if folder is None:
        return _computed(graph)
    # A better method, installed later, does not inherit the orders of a worse one.
    file = folder / f"{graph.topology_hash}-{_method(graph)}.order"
    kept = _read(file, graph.n_nodes)
    if kept is not None:
        return kept
    found = _computed(graph)
    _write(file, found)
    return found


def _method(graph: Graph) -> str:
    """Return the best method at hand: nested dissection, else what routingkit brings."""
    if graph.n_nodes >= WORTH_DISSECTING and graph.n_arcs:
        if _partitioner() is not None:
            return "dissection"
        if graph.lon is not None and graph.lat is not None:
            return "inertial"
    return "degree"


def _partitioner() -> Any:
    try:
        return import_module("pymetis")
    except ImportError:
        return None


def _computed(graph: Graph) -> list[int]:
    import routingkit_cch

    order: list[int]
    method = _method(graph)
    if method == "dissection":
        pymetis = _partitioner()
        found = pymetis.nested_dissection(pymetis.CSRAdjacency(*_neighbours(graph)))
        order = np.asarray(found[0]).tolist()
        return order
    ends = graph.n_nodes, graph.tail.tolist(), graph.head.tolist()
    if method == "inertial":
        assert graph.lon is not None
        assert graph.lat is not None
        places = graph.lat.tolist(), graph.lon.tolist()
        order = routingkit_cch.compute_order_inertial(*ends, *places)
    else:
        order = routingkit_cch.compute_order_degree(*ends)
    return order


def _neighbours(graph: Graph) -> tuple[Ints, Ints]:
    """Return the undirected graph without loops and doubles, as offsets and neighbours."""
    a = np.concatenate([graph.tail, graph.head]).astype(np.int64)
    b = np.concatenate([graph.head, graph.tail]).astype(np.int64)
    pairs = np.unique((a * graph.n_nodes + b)[a != b])
    tail, head = np.divmod(pairs, graph.n_nodes)
    offsets = np.searchsorted(tail, np.arange(graph.n_nodes + 1))
    return offsets.astype(np.int32), head.astype(np.int32)


def _read(file: Path, size: int) -> list[int] | None:
    """Return a kept order, None if there is none or it is not what it should be."""
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
    kept: list[int] = order.tolist()
    return kept


def _write(file: Path, order: list[int]) -> None:
    """Keep an order; a folder that cannot be written to is no reason to stop."""
    from hashlib import sha256

    from borders.files.atomic import atomic

    body = np.array(order, "<i4").tobytes()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic(file) as draft:
            draft.write_bytes(_MAGIC + sha256(body).digest() + body)
    except (OSError, FileFormatError):
        return
