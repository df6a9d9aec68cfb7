"""Many links as arrays: a `Link` is made when somebody asks for it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import hypot, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, overload

import numpy as np

from borders.frozendict import FrozenDict
from corridors.network.link import Link, Node
from corridors.network.way_lists import WayLists, ways_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = [
    "FIRST_POINT",
    "OPTIONAL",
    "PER_DEGREE",
    "Errors",
    "LinkColumns",
    "LinkTable",
    "NodeColumns",
    "link_table",
]

PER_DEGREE = 10_000_000
# Columns of links that not every table has, and what they are made of.
OPTIONAL = {"copy": np.int8, "bridge_m": np.float32, "tunnel_m": np.float32}
# As ids have it, in up to nine digits.
MOST_PARTS = 10**9 - 1
# Points of links that became nodes have ids from here on; none of OpenStreetMap is so high.
FIRST_POINT = 2**62
_ID = re.compile(r"([wt])(-?\d{1,18})\.(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
_NODE = re.compile(r"n(-?\d{1,18})(?:-(\d{1,4}))?(?:\.(\w+))?", re.ASCII)


class Errors(NamedTuple):
    """Standard errors of lengths: the part that all share, and the metres of each own."""

    shared: float
    own_m: float


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeColumns:
    """Nodes in order of id, side of a barrier and layer; positions in 1e-7 degree, shape (n, 2)."""

    id: Ints
    side: Ints
    layer: Ints
    xy: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class LinkColumns:
    """One number of each link: way and part give its id, start and end count nodes.

    Parameters
    ----------
    copy : tells links of one way and part apart, as those of a track of two gauges.
    bridge_m, tunnel_m : how much of each leads over bridges and through tunnels, in metres.
    """

    way: Ints
    part: Ints
    start: Ints
    end: Ints
    length_m: Floats
    kind: Ints
    label: Ints
    copy: Ints | None = None
    bridge_m: Floats | None = None
    tunnel_m: Floats | None = None

    def and_transfers(self, pairs: Ints, ids: Ints, *, kind: int) -> LinkColumns:
        """Return these links, then one of no length between the nodes of each pair."""
        count = len(pairs)
        none = np.zeros(count, np.int64)
        more = {"way": ids[pairs[:, 0]], "part": none, "start": pairs[:, 0], "end": pairs[:, 1],
                "length_m": none, "kind": none + kind, "label": none}  # fmt: skip
        joined = {key: np.concatenate([getattr(self, key), more[key]]) for key in more}
        return LinkColumns(**joined, **self.padded(count))

    def taken(self, rows: Ints) -> LinkColumns:
        """Return links by their numbers, in that order."""
        keys = ("way", "part", "start", "end", "length_m", "kind", "label")
        return LinkColumns(
            **{key: getattr(self, key)[rows] for key in keys},
            **self._optional(lambda column: column[rows]),
        )

    def _optional(self, change: Callable[[Any], Any]) -> dict[str, Any]:
        """Return the columns that not every table has, those that are there changed."""
        columns = {key: getattr(self, key) for key in OPTIONAL}
        return {key: None if column is None else change(column) for key, column in columns.items()}

    def padded(self, count: int) -> dict[str, Any]:
        """Return the columns that not every table has, with zeros for more links at the end."""
        return self._optional(lambda column: _padded(column, count))


@dataclass(frozen=True, kw_only=True, eq=False)
class LinkTable(Sequence[Link]):
    """Links as columns, their courses one after the other.

    Links that are ways come first, in order of way, part and copy; then those between layers; then
    those that were added.

    Parameters
    ----------
    columns : of each link.
    offsets, xy : where the course of each link begins in `xy`, and its points in 1e-7 degree.
    kinds : what links of a kind share, as arguments of `Link`.
    layers : names of the layers that nodes are on.
    read_labels : returns names by language of each label.
    added : links at the end that are none of its ways, as they were given; each is a kind of its
        own.
    points : places of the nodes that are points of links; their ids count from `FIRST_POINT`.
    way_lists : the ways of links that are made of several.
    """

    columns: LinkColumns
    offsets: Ints
    xy: Ints
    nodes: NodeColumns
    kinds: tuple[dict[str, Any], ...]
    layers: tuple[str, ...]
    errors: Errors
    shared_with: str
    read_labels: Callable[[], list[dict[str, str]]]
    added: tuple[Link, ...] = ()
    points: tuple[str, ...] = ()
    way_lists: WayLists = field(default_factory=WayLists.none)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for another process, with the labels: what reads them stays here."""
        return self.__dict__ | {"read_labels": partial(list, self.labels)}

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.columns.way)

    @overload
    def __getitem__(self, n: int) -> Link: ...
    @overload
    def __getitem__(self, n: slice) -> tuple[Link, ...]: ...
    def __getitem__(self, n: int | slice) -> Link | tuple[Link, ...]:
        """Return a link by its position."""
        if isinstance(n, slice):
            return tuple(self[k] for k in range(*n.indices(len(self))))
        if not -len(self) <= n < len(self):
            message = f"link {n} of {len(self)}"
            raise IndexError(message)
        return self._link(n % len(self))

    def __iter__(self) -> Iterator[Link]:
        """Yield the links in order."""
        return map(self._link, range(len(self)))

    def __contains__(self, link: object) -> bool:
        """Tell whether a link is one of these."""
        n = self.rank(link.id) if isinstance(link, Link) else None
        return n is not None and self[n] == link

    def of_rows(self, rows: Ints) -> LinkTable:
        """Return a table of some links, by their numbers in ascending order, with all nodes."""
        sizes = np.diff(self.offsets)[rows]
        offsets = np.r_[0, np.cumsum(sizes)]
        points = np.repeat(self.offsets[:-1][rows] - offsets[:-1], sizes) + np.arange(offsets[-1])
        added = tuple(self.added[n - self.n_own] for n in rows[rows >= self.n_own].tolist())
        return replace(
            self, columns=self.columns.taken(rows), offsets=offsets, xy=self.xy[points],
            added=added, read_labels=lambda: self.labels, way_lists=self.way_lists.taken(rows),
        )  # fmt: skip

    @property
    def n_own(self) -> int:
        """Return how many links are its own and were not added."""
        return len(self) - len(self.added)

    def _link(self, n: int) -> Link:
        if n >= self.n_own:
            return self.added[n - self.n_own]
        column = self.columns
        length_m = float(column.length_m[n])
        shared_m = self.errors.shared * length_m
        begin, end = int(self.offsets[n]), int(self.offsets[n + 1])
        names = self.labels[int(column.label[n])]
        return Link(
            **self.kinds[int(column.kind[n])],
            id=self.id_of(n),
            start=self.node(int(column.start[n])),
            end=self.node(int(column.end[n])),
            length_m=length_m,
            sigma_m=hypot(shared_m, self.errors.own_m) if length_m else 0.0,
            shared_m=shared_m,
            shared_with=self.shared_with if length_m else "",
            name=_shown_name(names),
            names=FrozenDict(_by_language(names)),
            bridge_m=0.0 if column.bridge_m is None else float(column.bridge_m[n]),
            tunnel_m=0.0 if column.tunnel_m is None else float(column.tunnel_m[n]),
            osm_ways=self.ways_of(n),
            xy=tuple((x / PER_DEGREE, y / PER_DEGREE) for x, y in self.xy[begin:end].tolist()),
        )

    def ways_of(self, n: int) -> tuple[int, ...]:
        """Return the ids of the ways of OpenStreetMap that a link is made of, in order."""
        if n >= self.n_own:
            return self.added[n - self.n_own].osm_ways
        several = self.way_lists.of_link(n)
        if several is not None:
            return several
        way = int(self.columns.way[n])
        return (way,) if n < self.n_ways and way > 0 else ()

    def way_texts(self, rows: Ints) -> NDArray[np.object_]:
        """Return the ids of the ways of some links, each as `ways_text` writes them."""
        way = self.columns.way[rows]
        texts: NDArray[np.object_] = way.astype("U").astype(object)
        texts[(rows >= self.n_ways) | (way <= 0)] = None
        listed = np.isin(rows, self.way_lists.link) | (rows >= self.n_own)
        for k in np.flatnonzero(listed).tolist():
            texts[k] = ways_text(self.ways_of(int(rows[k])))
        return texts

    def lines(self, rows: Ints) -> NDArray[np.object_]:
        """Return the courses of links as LineStrings, EPSG:4326; None where one has none."""
        import shapely

        begin, sizes = self.offsets[:-1][rows], np.diff(self.offsets)[rows]
        first = np.cumsum(sizes) - sizes
        points = np.repeat(begin - first, sizes) + np.arange(sizes.sum())
        drawn = np.flatnonzero(sizes)
        lines = np.full(len(rows), None, object)
        lines[drawn] = shapely.linestrings(
            self.xy[points] / PER_DEGREE, indices=np.repeat(np.arange(len(drawn)), sizes[drawn])
        )
        return lines

    @cached_property
    def labels(self) -> list[dict[str, str]]:
        """Return the names by language of each label; the number of a road as ``ref``."""
        return self.read_labels()

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Return the number and the name of the road of each link."""
        names = np.array([*map(_shown_name, self.labels), ""], object)[self.columns.label]
        names[self.n_own :] = [link.name for link in self.added]
        return names

    @cached_property
    def names_json(self) -> NDArray[np.object_]:
        """Return the names by language of each label as JSON; None where it has none."""
        texts = [
            json.dumps(names, ensure_ascii=False) if names else None
            for names in map(_by_language, self.labels)
        ]
        return np.array([*texts, None], object)

    @cached_property
    def samples(self) -> tuple[Link, ...]:
        """Return a link of no length of each kind, at nodes of its layers."""
        layers = {"road": ("road", "road"), "ferry": ("ferry", "ferry")}
        samples = []
        for n, kind in enumerate(self.kinds):
            rail = f"rail{kind.get('gauge_mm') or 0}"
            both = (rail, rail) if kind["mode"] == "rail" else ("road", "ferry")
            start, end = (Node.at("kind", layer) for layer in layers.get(kind["mode"], both))
            samples.append(
                Link(**kind, id=f"kind-{n}", start=start, end=end, length_m=0.0, sigma_m=0.0)
            )
        return tuple(samples)

    def of_kinds(self, there: NDArray[np.bool_]) -> tuple[Link, ...]:
        """Return the sample of each kind that one of the links has for which an array is true."""
        kinds = np.unique(self.columns.kind[there]).tolist()
        return tuple(self.samples[kind] for kind in kinds)

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Return of each node the number of the part that it is in, 0 of the largest.

        From each node of a part every other one can be reached without using what is closed.
        """
        return _parts(self)

    @cached_property
    def _transfer_kinds(self) -> NDArray[np.bool_]:
        return np.array([kind["mode"] == "transfer" for kind in self.kinds])

    @cached_property
    def n_ways(self) -> int:
        """Return how many of its own links are ways; the others join layers."""
        own = self.columns.kind[: self.n_own]
        return int(np.searchsorted(self._transfer_kinds[own], True))

    def id_of(self, n: int) -> str:
        """Return the id of a link: ``w`` and its way or ``t`` and its node, and its part.

        One that was added has its own.
        """
        if n >= self.n_own:
            return self.added[n - self.n_own].id
        column = self.columns
        copy = 0 if column.copy is None else int(column.copy[n])
        letter = "w" if n < self.n_ways else "t"
        return f"{letter}{column.way[n]}.{column.part[n]}{f'.{copy}' if copy else ''}"

    def rank(self, key: str) -> int | None:
        """Return the position of the link of an id, None if there is none."""
        if key in self._added_ranks:
            return self._added_ranks[key]
        match = _ID.fullmatch(key)
        if not match:
            return None
        low, high = (0, self.n_ways) if match[1] == "w" else (self.n_ways, self.n_own)
        columns = [self.columns.way, self.columns.part, self.columns.copy]
        for column, wanted in zip(columns, match.groups(default="0")[1:], strict=True):
            if column is None:
                if int(wanted):
                    return None
                continue
            low, high = (
                low + int(np.searchsorted(column[low:high], int(wanted), side=side))
                for side in ("left", "right")
            )
        return low if low < high and self.id_of(low) == key else None

    @cached_property
    def _added_ranks(self) -> dict[str, int]:
        return {link.id: self.n_own + n for n, link in enumerate(self.added)}

    def errors_m(self, rows: Ints, lengths_m: Floats) -> tuple[Floats, Floats]:
        """Return the shared and the own standard error of links of some lengths, in metres."""
        shared_m = self.errors.shared * lengths_m
        own_m = np.where(lengths_m > 0, self.errors.own_m, 0.0)
        for n, link in enumerate(self.added):
            here = (rows == self.n_own + n) & (lengths_m > 0)
            shared_m[here] = link.shared_m
            own_m[here] = sqrt(max(link.sigma_m**2 - link.shared_m**2, 0.0))
        return shared_m, own_m

    def plus(self, links: Iterable[Link]) -> LinkTable:
        """Return a table with more links at the end, between places of this one.

        They keep their ids. Ends on layers that their places lack become nodes.
        """
        more = tuple(links)
        table = self._with_nodes(node for link in more for node in (link.start, link.end))
        column, count = table.columns, len(more)
        ends = [[table._number(node) for node in (link.start, link.end)] for link in more]
        none = np.zeros(count, np.int64)
        columns = {
            "way": none, "part": none, "start": [a for a, _ in ends], "end": [b for _, b in ends],
            "length_m": [link.length_m for link in more],
            "kind": len(table.kinds) + np.arange(count), "label": none,
        }  # fmt: skip
        joined = {
            key: np.concatenate([old := getattr(column, key), np.asarray(values, old.dtype)])
            for key, values in columns.items()
        }
        xy = np.rint(np.array([at for link in more for at in link.xy]).reshape(-1, 2) * PER_DEGREE)
        sizes = np.cumsum([len(link.xy) for link in more], dtype=np.int64)
        return replace(
            table,
            columns=LinkColumns(**joined, **column.padded(count)),
            offsets=np.concatenate([table.offsets, table.offsets[-1] + sizes]),
            xy=np.concatenate([table.xy, xy.astype(table.xy.dtype)]),
            kinds=(*table.kinds, *map(_kind_of, more)), added=(*table.added, *more),
        )  # fmt: skip

    def _number(self, node: Node) -> int | None:
        """Return the number of a node, None if there is none."""
        numbers = [n for n in self.nodes_of(node) if self.node(n) == node]
        return numbers[0] if numbers else None

    def _with_nodes(self, nodes: Iterable[Node]) -> LinkTable:
        """Return a table that has some nodes, each beside the others of its place."""
        new = [node for node in dict.fromkeys(nodes) if self._number(node) is None]
        if not new:
            return self
        layers = [*self.layers, *dict.fromkeys(n.layer for n in new if n.layer not in self.layers)]
        last = np.array([self.nodes_of(node.place)[-1] for node in new])
        order = np.argsort(last, kind="stable")
        beside, own = last[order], self.nodes
        layer = [layers.index(new[n].layer) for n in order.tolist()]

        def moved(numbers: Ints) -> Ints:
            after = np.searchsorted(beside, numbers, side="left")
            return numbers + after.astype(numbers.dtype)

        return replace(
            self, layers=tuple(layers),
            columns=replace(
                self.columns, start=moved(self.columns.start), end=moved(self.columns.end)
            ),
            nodes=NodeColumns(
                id=np.insert(own.id, beside + 1, own.id[beside]),
                side=np.insert(own.side, beside + 1, own.side[beside]),
                layer=np.insert(own.layer, beside + 1, layer),
                xy=np.insert(own.xy, beside + 1, own.xy[beside], axis=0),
            ),
        )  # fmt: skip

    def node(self, n: int) -> Node:
        """Return a node by its number: ``n`` and its id, its side of a barrier, and its layer."""
        nodes = self.nodes
        return Node.at(f"{self.place_of(n)}", self.layers[int(nodes.layer[n])])

    def place_of(self, n: int) -> str:
        """Return the place of a node, without its layer."""
        key, side = int(self.nodes.id[n]), int(self.nodes.side[n])
        if key >= FIRST_POINT:
            return self.points[key - FIRST_POINT]
        return f"n{key}{f'-{side}' if side else ''}"

    def nodes_of(self, key: str) -> list[int]:
        """Return the numbers of the nodes at a place, or of the one node, of a name such as n1."""
        match = _NODE.fullmatch(key)
        if match:
            number, side, layer = int(match[1]), int(match[2] or 0), match[3]
        elif (node := Node(key)).place in self.points:
            number, side, layer = FIRST_POINT + self.points.index(node.place), 0, node.layer
        else:
            return []
        low, high = (
            int(np.searchsorted(self.nodes.id, number, side=edge)) for edge in ("left", "right")
        )
        return [
            n
            for n in range(low, high)
            if self.nodes.side[n] == side
            and (layer or None) in (None, self.layers[self.nodes.layer[n]])
        ]

    def meeting(self, key: str) -> list[Link]:
        """Return the links that end at a place, or at a node, of a name such as n1."""
        nodes, column = self.nodes_of(key), self.columns
        there = np.isin(column.start, nodes) | np.isin(column.end, nodes)
        return [self[n] for n in np.flatnonzero(there).tolist()]

    def at(self, n: int) -> tuple[float, float]:
        """Return longitude and latitude of a node, in degrees."""
        x, y = self.nodes.xy[n].tolist()
        return x / PER_DEGREE, y / PER_DEGREE


def _padded(column: Any, count: int) -> Any:
    return np.concatenate([column, np.zeros(count, column.dtype)])


def _by_language(names: Mapping[str, str]) -> dict[str, str]:
    """Return names without that on the spot and the number, which are in the name of a link."""
    return {key: name for key, name in names.items() if key not in ("", "ref")}


def _shown_name(names: Mapping[str, str]) -> str:
    """Return a number and a name: the one on the spot, or else the English or first other one."""
    others = (name for language, name in names.items() if language not in ("", "ref"))
    name = names.get("") or names.get("en") or next(others, "")
    return " ".join(filter(None, (names.get("ref"), name)))


def _kind_of(link: Link) -> dict[str, Any]:
    """Return what links like one share: all but ids, ends, lengths and courses."""
    own = ("id", "start", "end", "length_m", "sigma_m", "shared_m", "shared_with", "name", "names",
           "bridge_m", "tunnel_m", "osm_ways", "xy")  # fmt: skip
    return {key: getattr(link, key) for key in Link.__dataclass_fields__ if key not in own}


def _parts(table: LinkTable) -> NDArray[np.int32]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    column, size = table.columns, len(table.nodes.id)
    open_to = [
        np.array([any(_leads(link, forward=f)) for link in table.samples], bool)[column.kind]
        for f in (True, False)
    ]
    ends = ((column.start, column.end), (column.end, column.start))
    tail, head = (
        np.concatenate([pair[k][usable] for pair, usable in zip(ends, open_to, strict=True)])
        for k in (0, 1)
    )
    graph = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    count, part = connected_components(graph, connection="strong")
    order = np.argsort(-np.bincount(part, minlength=count), kind="stable")
    rank = np.empty(count, np.int32)
    rank[order] = np.arange(count)
    parts: NDArray[np.int32] = rank[part]
    return parts


def _leads(link: Link, *, forward: bool) -> Iterator[bool]:
    """Tell of each status whether it lets somebody pass in a direction."""
    way = "forward" if forward else "backward"
    if not link.leads(forward=forward):
        return iter(())
    return (s.status == "open" and s.direction in ("both", way) for s in link.statuses)


def link_table(  # noqa: PLR0913 - the parts of a table
    columns: LinkColumns, *, offsets: Ints, xy: Ints, nodes: NodeColumns,
    kinds: list[dict[str, Any]], labels: list[dict[str, str]], layers: tuple[str, ...],
    errors: Errors, shared_with: str, way_lists: WayLists | None = None,
) -> LinkTable:  # fmt: skip
    """Return links as a table, in its order; only the labels that they use are kept."""
    count = len(columns.way)
    full = np.r_[offsets, np.full(count + 1 - len(offsets), offsets[-1])]
    transfer = np.array([kind["mode"] == "transfer" for kind in kinds])[columns.kind]
    order = np.lexsort((columns.kind, columns.part, columns.way, transfer))
    sizes = np.diff(full)[order]
    within = np.r_[0, np.cumsum(sizes)]
    points = np.repeat(full[:-1][order] - within[:-1], sizes) + np.arange(within[-1])
    taken = columns.taken(order)
    used, label = np.unique(taken.label, return_inverse=True)
    kept = [labels[n] for n in used.tolist()]
    same = np.r_[False, (np.diff(taken.way) == 0) & (np.diff(taken.part) == 0)][:count]
    same &= ~np.r_[True, np.diff(transfer[order].astype(np.int8)) != 0][:count]
    runs = np.arange(count) - np.maximum.accumulate(np.where(same, 0, np.arange(count)))
    return LinkTable(
        columns=replace(
            taken, way=taken.way.astype(np.int64), part=taken.part.astype(np.int32),
            start=taken.start.astype(np.int32), end=taken.end.astype(np.int32),
            kind=taken.kind.astype(np.int32), label=label.ravel().astype(np.int32),
            copy=runs.astype(np.int8) if same.any() else None,
        ),
        offsets=within, xy=xy[points],
        nodes=replace(nodes, side=nodes.side.astype(np.int16), layer=nodes.layer.astype(np.int16)),
        kinds=tuple(kinds), layers=layers, errors=errors, shared_with=shared_with,
        read_labels=lambda: kept,
        way_lists=WayLists.none() if way_lists is None else way_lists.taken(order),
    )  # fmt: skip
