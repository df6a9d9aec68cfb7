"""Graphs of osmnx and networkx as ways; and an area of OpenStreetMap fetched through osmnx."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError, CRSError, GeometryError, NoAnswerError
from borders.files.cache import cache_folder
from corridors.osm.read import PER_DEGREE, Extract, Reading
from corridors.osm.tags import KEYS, way_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx

__all__ = ["fetch", "read_graphs"]

# How often it is asked, how long an answer may take, and how long the first pause is, of which each
# is twice as long as the one before.
TRIES, TIMEOUT_S, PAUSE_S = 4, 180, 10.0
_BUSY = (429, 503, 504)
_BOX = re.compile(r"\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*")
_SORTS = ("highway", "railway", "route")
_TAGS = (*KEYS, "name", "ref")
# Ids of ways, as osmnx, pyrosm and the layers of Geofabrik call them.
_IDS = ("osmid", "osm_id", "osm_way_id")


def read_graphs(
    graphs: list[networkx.Graph], *, roads: frozenset[str], rails: bool, sidings: bool
) -> Reading:
    """Return the edges of graphs as ways; nodes have ``x`` and ``y`` in EPSG:4326.

    Of a graph none of whose edges has `highway`, `railway` or `route` every edge is a road; of
    others edges without these are buildings, rivers and the like, and are left out. Where edges of
    one way lead both ways, it does; `oneway` of an undirected graph says which way else.

    Raises
    ------
    CRSError : a graph is projected.
    GeometryError : a node has no position.
    """
    reading = Reading()
    for n, graph in enumerate(graphs, 1):
        crs = str(graph.graph.get("crs", "epsg:4326")).lower()
        if crs not in ("epsg:4326", "ogc:crs84"):
            message = f"graph {n} is in {crs}; give it in EPSG:4326 (osmnx: project_graph to_crs)"
            raise CRSError(message)
        before = len(reading.way)
        _Edges(reading, graph, {"roads": roads, "rails": rails, "sidings": sidings}).read()
        ways = len(reading.way) - before
        day = str(graph.graph.get("created_date", ""))[:10]
        name = str(graph.graph.get("name") or f"graph {n}")
        reading.extracts.append(Extract(name, day, ways))
    if not any(map(_is_of_osm, graphs)):
        reading.credit = _stated_credit(graphs)
        reading.source = reading.credit[0]
    reading.nodes_xy = np.array(reading.xy, np.int32).reshape(-1, 2)
    del reading.xy[:]
    return reading


def _is_of_osm(graph: networkx.Graph) -> bool:
    """Tell whether a graph is made from OpenStreetMap, by what made it and by ids of its ways."""
    made_by = str(graph.graph.get("created_with", ""))
    return made_by.startswith("OSMnx") or any(
        data.get(key) is not None for *_, data in graph.edges(data=True) for key in _IDS
    )


def _stated_credit(graphs: Iterable[networkx.Graph]) -> tuple[str, str]:
    """Return the attribution and licence that graphs state, empty where none does."""
    names = (("attribution",), ("licence", "license"))
    stated = [
        dict.fromkeys(
            str(graph.graph[key]) for graph in graphs for key in keys if graph.graph.get(key)
        )
        for keys in names
    ]
    return ", ".join(stated[0]), " AND ".join(stated[1])


class _Edges:
    """Reads the edges of one graph."""

    def __init__(self, reading: Reading, graph: networkx.Graph, rules: dict[str, Any]) -> None:
        self._reading, self._graph, self._rules = reading, graph, rules
        self._numbers = {node: n for n, node in enumerate(graph.nodes, 1)}
        if all(isinstance(node, int) and node > 0 for node in graph.nodes):
            self._numbers = {node: node for node in graph.nodes}
        edges = graph.edges(data=True)
        self._tagged = any(not {*_SORTS}.isdisjoint(data) for *_, data in edges)
        self._parts: Counter[int] = Counter()
        self._kinds: dict[Any, int] = {}

    def read(self) -> None:
        """Add every edge once, to and fro."""
        edges = [(u, v, data, _key(u, v, data)) for u, v, data in self._graph.edges(data=True)]
        there = {key for *_, key in edges}
        done = set()
        for u, v, data, key in edges:
            twin = (key[1], key[0], *key[2:4], key[4][::-1])
            if twin in done:
                continue
            done.add(key)
            self._add(u, v, data, twoway=twin in there and u != v)

    def _add(self, u: Any, v: Any, data: dict[str, Any], *, twoway: bool) -> None:
        tags = {key: _text(data[key]) for key in _TAGS if data.get(key) not in (None, "")}
        if not {*_SORTS} & tags.keys() and not self._tagged:
            tags["highway"] = "road"
        stated = tags.get("oneway", "")
        if self._graph.is_directed():
            tags["oneway"] = "no" if twoway else "yes"
        elif stated == "True":
            tags["oneway"] = "yes"
        kind = way_kind(tags, **self._rules)
        if kind is None or kind.optional:
            return
        reading = self._reading
        xy = self._course(u, v, data)
        known = _ints(data.get("osmid"))
        way = min(known, default=0) or len(reading.way) + 1
        if kind not in self._kinds:
            self._kinds[kind] = len(reading.kinds)
            reading.kinds.append(kind)
        names = {k: t for k, t in (("", tags.get("name")), ("ref", tags.get("ref"))) if t}
        reading.labels.append(names)
        if known != [way]:
            reading.known_ways[way, self._parts[way]] = tuple(known)
        reading.way.append(way)
        reading.first.append(self._parts[way])
        self._parts[way] += len(xy) - 1
        reading.kind.append(self._kinds[kind])
        reading.label.append(len(reading.labels) - 1)
        reading.size.append(len(xy))
        inner = [-(len(reading.refs) + n) for n in range(1, len(xy) - 1)]
        reading.refs.extend([self._numbers[u], *inner, self._numbers[v]])
        reading.xy.extend(int(c) for c in np.rint(np.array(xy) * PER_DEGREE).ravel())

    def _course(self, u: Any, v: Any, data: dict[str, Any]) -> list[tuple[float, float]]:
        line = data.get("geometry")
        ends = [self._position(node) for node in (u, v)]
        return [ends[0], *list(line.coords)[1:-1], ends[1]] if line is not None else ends

    def _position(self, node: Any) -> tuple[float, float]:
        at = self._graph.nodes[node]
        try:
            lon, lat = float(at["x"]), float(at["y"])
        except (KeyError, TypeError, ValueError) as err:
            message = f"node {node} of the graph has no x and y; give longitude and latitude"
            raise GeometryError(message) from err
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            message = f"node {node} of the graph is at {lon:g}, {lat:g}: no longitude and latitude"
            raise GeometryError(message)
        return lon, lat


def _key(u: Any, v: Any, data: dict[str, Any]) -> tuple[Any, ...]:
    osmid = data.get("osmid")
    ids = tuple(sorted(osmid)) if isinstance(osmid, list) else osmid
    length = data.get("length")
    # Of edges without an id of OpenStreetMap only the course tells a street from two ways.
    line = data.get("geometry") if osmid is None else None
    course = () if line is None else tuple((round(x, 6), round(y, 6)) for x, y, *_ in line.coords)
    return u, v, ids, None if length is None else round(float(length), 2), course


def _text(value: Any) -> str:
    first = value[0] if isinstance(value, list | tuple) and value else value
    return str(first)


def _ints(value: Any) -> list[int]:
    values = value if isinstance(value, list | tuple) else [value]
    return [int(v) for v in values if isinstance(v, int | np.integer)]


class _BusyError(Exception):
    """The service asks to come back later, or ran out of time; the text says what it does."""


def fetch(area: str, *, roads: Iterable[str], rails: bool) -> list[networkx.MultiDiGraph]:
    """Return the roads, and the railways, of a place or of a box ``west,south,east,north``.

    Answers are kept in the user's folder of caches, so that the same question is asked once. Where
    the service is busy or cannot be reached, the error stream says why it takes longer.

    Raises
    ------
    AraxesError : the service cannot be reached, or its answer cannot be read.
    NoAnswerError : there is no such place, or nothing of what is asked for in it.
    """
    wanted = [f'["highway"~"^({"|".join(sorted(roads))})$"]'] if roads else []
    wanted += ['["railway"~"^(rail|narrow_gauge)$"]'] if rails else []
    graphs = []
    with _settings():
        for what in wanted:
            graph = _ask(area, what)
            if graph is not None:
                graph.graph["name"] = area
                graphs.append(graph)
    if not graphs:
        message = f"OpenStreetMap has nothing of what is asked for in '{area}'"
        raise NoAnswerError(message)
    return graphs


@contextmanager
def _settings() -> Iterator[None]:
    """Keep answers in our folder of caches, wait no longer than `TIMEOUT_S`, see who is busy."""
    from osmnx import settings

    folder = cache_folder()
    ours: dict[str, Any] = {
        "requests_timeout": TIMEOUT_S, "use_cache": folder is not None, "log_console": False,
        # The library would ask when a slot is free, and wait for that without a word, or for a
        # minute where nobody answers; who is told to wait by an error waits with a word.
        "overpass_rate_limit": False,
        "requests_kwargs": {**settings.requests_kwargs, "hooks": {"response": _check_busy}},
    }  # fmt: skip
    ours |= {} if folder is None else {"cache_folder": str(folder / "overpass")}
    before = {key: getattr(settings, key) for key in ours}
    try:
        for key, value in ours.items():
            setattr(settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(settings, key, value)


def _check_busy(response: Any, *_: Any, **__: Any) -> None:
    # The library would wait for a minute and ask again, without end.
    if response.status_code in _BUSY:
        raise _BusyError(f"is busy ({response.status_code} {response.reason})")
    # It runs out of time or memory in the midst of an answer, which is well formed all the same.
    if b'"remark"' in response.content:
        with suppress(JSONDecodeError):
            remark = response.json().get("remark", "")
            if "error" in remark:
                raise _BusyError(
                    f"gave only a part of the answer ({' '.join(remark.split())[:100]})"
                )


def _ask(area: str, what: str) -> networkx.MultiDiGraph | None:
    """Return the graph of what a filter of Overpass wants, None if there is none."""
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    reason = ""
    for attempt in range(TRIES):
        try:
            return _graph(area, what)
        except InsufficientResponseError as err:
            if " responded: " in str(err):
                raise _unreadable(err) from err
            if "geocod" in str(err).lower() or "nominatim" in str(err).lower():
                message = f"OpenStreetMap knows no place '{area}'; give west,south,east,north"
                raise NoAnswerError(message) from err
            return None
        except (JSONDecodeError, ResponseStatusCodeError, KeyError, TypeError) as err:
            raise _unreadable(err) from err
        except _BusyError as err:
            reason = str(err)
        except OSError as err:
            reason = f"cannot be reached ({type(err).__name__})"
        if attempt + 1 < TRIES:
            pause_s = PAUSE_S * 2**attempt
            waiting = f"the service of OpenStreetMap {reason}; asking again in {pause_s:g} s"
            print(f"araxes: {waiting}", file=sys.stderr)
            time.sleep(pause_s)
    message = f"the service of OpenStreetMap {reason}, {TRIES} times; try later, or take an extract"
    raise AraxesError(message)


def _unreadable(err: Exception) -> AraxesError:
    text = " ".join(str(err).split())[:100]
    return AraxesError(
        f"the service of OpenStreetMap answers what cannot be read ({text}); try later"
    )


def _graph(area: str, what: str) -> networkx.MultiDiGraph:
    import osmnx

    how: dict[str, Any] = {
        "simplify": False,
        "retain_all": True,
        "truncate_by_edge": True,
        "custom_filter": what,
    }
    box = _BOX.fullmatch(area)
    if not box:
        return osmnx.graph_from_place(area, **how)
    west, south, east, north = map(float, box.groups())
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        message = f"'{area}' is no box; give west,south,east,north in degrees"
        raise GeometryError(message)
    return osmnx.graph_from_bbox((west, south, east, north), **how)
