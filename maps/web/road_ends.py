"""What a page carries so that ways on a network of an extract begin and end between its nodes.

`maps/web/assets/ends.js` finds with it what `corridors.network.snapping` finds: the courses of the
links are those of the network, to 1e-7 degree, and not those that the page draws.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AmbiguousNameError, GeometryError, UnknownNameError
from borders.gazetteer.places import LANGUAGES
from borders.geodesy.earth import DEGREE_M
from corridors.network.link_table import PER_DEGREE
from corridors.network.named_links import kinds_named
from corridors.network.nearest_point import MARGIN, NEAREST
from corridors.network.snapping import AS_GOOD_M, AT_NODE_M, LIMIT_M, may_be_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corridors.network.compiled import CompiledNetwork
    from corridors.network.snapping import Named

__all__ = ["course_steps", "facts_of_ends", "left_links", "named_ends"]

_MODES = frozenset({"road", "rail"})
# Places so far beyond the links are too far from any of them.
_MARGIN_DEG = 0.1


def course_steps(network: CompiledNetwork) -> NDArray[np.int64]:
    """Return the number of vertices of each link, then the steps of their longitudes and latitudes.

    Steps are in units of 1e-7 degree, modulo 2**32: none is too long for a page.
    """
    table = network.table
    steps = np.diff(table.xy.astype(np.int64), axis=0, prepend=np.zeros((1, 2), np.int64))
    steps = steps.astype(np.int32).astype(np.int64)
    return np.concatenate([np.diff(table.offsets).astype(np.int64), steps[:, 0], steps[:, 1]])


def left_links(network: CompiledNetwork) -> NDArray[np.bool_]:
    """Tell which links may be left between their ends."""
    table = network.table
    left = np.array([may_be_left(link, _MODES) for link in table.samples], bool)
    whole: NDArray[np.bool_] = left[table.columns.kind]
    return whole


def facts_of_ends(network: CompiledNetwork, extended: CompiledNetwork) -> dict[str, Any]:
    """Return limits in metres, the size of `course_steps`, and where each node is.

    Of each node of the extended network, 1 in the largest part of the network, 0 in another, and -1
    where only a scenario leads.
    """
    parts = network.table.parts
    if len(extended.table.nodes.id) == len(parts):
        numbers = np.arange(len(parts))
    else:
        numbers = np.array([extended.ends.node[node] for node in network.nodes], int)
    main = np.full(len(extended.table.nodes.id), -1)
    main[numbers] = parts == 0
    return {
        "limit": LIMIT_M, "as_good": AS_GOOD_M, "at_node": AT_NODE_M, "nearest": NEAREST,
        "around": LIMIT_M * MARGIN / DEGREE_M, "per_degree": PER_DEGREE,
        "vertices": len(extended.table.xy), "main": main.tolist(),
    }  # fmt: skip


def named_ends(network: CompiledNetwork, places: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """Return the places that a reader may name as ends, each as the network understands its name.

    Each is what it is called (the index of one of `places`, or language → name of another place of
    the extracts), the name by which the network finds it (0 for coordinates), longitude and
    latitude in degrees, and 1 if it is a station.

    Parameters
    ----------
    places : of the page, as `maps.web.search_index.gazetteer` returns them.
    """
    west, south, east, north = _box(network)
    rows: list[list[Any]] = []
    for n, entry in enumerate(places):
        if west <= entry["x"] <= east and south <= entry["y"] <= north:
            spelled = [entry["n"]] if isinstance(entry["n"], str) else [*entry["n"].values()]
            key, named = _found(network, [*spelled, *entry["o"]], entry["x"], entry["y"])
            lon, lat = (named.lon, named.lat) if named else (entry["x"], entry["y"])
            rows.append([n, key, lon, lat, int(bool(named and named.is_station))])
    known = {tuple(row[2:4]) for row in rows if row[1]}
    rows += [row for row in _others(network) if tuple(row[2:4]) not in known]
    return rows


def _box(network: CompiledNetwork) -> tuple[float, float, float, float]:
    xy = network.table.nodes.xy / PER_DEGREE
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    around = _MARGIN_DEG
    return west - around, south - around, east + around, north + around


def _found(
    network: CompiledNetwork, names: Sequence[str], lon: float, lat: float
) -> tuple[str | int, Named | None]:
    """Return the first name by which a network finds a place, and where; 0 if by none."""
    from borders.geodesy.lonlat import WGS84

    for name in names:
        # A colon may say of what kind a stop is.
        if ":" in name or network.table.nodes_of(name) or kinds_named(network, name):
            continue
        with suppress(AmbiguousNameError, GeometryError, UnknownNameError):
            named = network.snapper.placed(name)
            if not named.exact and WGS84.inv(lon, lat, named.lon, named.lat)[2] <= LIMIT_M:
                return name, named
    return 0, None


def _others(network: CompiledNetwork) -> Iterator[list[Any]]:
    """Yield the places of the extracts that have a name of their own."""
    for _, lon, lat, _, names in network.about.get("places", ()):
        shown = names.get("en") or names.get("int") or names.get("") or next(iter(names.values()))
        own = {code: names[code] for code in LANGUAGES if code in names} | {"en": shown}
        key, named = _found(network, [*own.values(), *names.values()], lon, lat)
        if named is not None and (named.lon, named.lat) == (lon, lat):
            yield [own, key, lon, lat, int(named.is_station)]
