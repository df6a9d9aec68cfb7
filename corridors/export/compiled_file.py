"""Networks of extracts as compiled files, with the order of nodes that makes their routes quick."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import FileFormatError
from corridors.network.compiled import SUFFIX, CompiledNetwork, write_compiled
from corridors.routing.engines.node_order import MIN_CACHED_NODES, compute_order
from corridors.routing.router import cch_installed
from corridors.routing.weighted_graph import graph_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from corridors.export.feature_table import Thing
    from corridors.routing.graph import Ints

__all__ = ["only_network", "write_network"]


def only_network(things: Sequence[Thing]) -> CompiledNetwork:
    """Return the one network of an extract among things.

    Raises
    ------
    FileFormatError : they are others, or several.
    """
    if len(things) == 1 and isinstance(things[0], CompiledNetwork):
        return things[0]
    message = (
        f"a {SUFFIX} holds one network of an extract, as network_from_osm returns it; write other "
        "things as .gpkg or .parquet"
    )
    raise FileFormatError(message)


def write_network(
    network: CompiledNetwork,
    path: Path,
    *,
    ordering: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Write a network to a compiled file, which `load_network` reads.

    Parameters
    ----------
    ordering : makes a context in which the nodes of a large network are ordered, for seconds.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    write_compiled(network.table, network.about, path, _order(network, ordering))


def _order(
    network: CompiledNetwork, ordering: Callable[[], AbstractContextManager[object]]
) -> Ints | None:
    """Return the nodes as hierarchies are built; None for a small network."""
    if network.ends.size < MIN_CACHED_NODES or not cch_installed():
        return None
    with ordering():
        return np.array(compute_order(graph_of(network)), np.int32)
