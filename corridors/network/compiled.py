"""A large network in one file of arrays, mapped into memory, and what it answers from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.dates import parse_date
from borders.errors import FileFormatError
from borders.files.mapped_arrays import Mapped, map_arrays, write_arrays
from borders.gazetteer.places import LANGUAGES, Place
from corridors.network.dated_statuses import bundled_statuses
from corridors.network.divided import divided
from corridors.network.link_table import (
    FIRST_POINT,
    MOST_PARTS,
    OPTIONAL,
    PER_DEGREE,
    Errors,
    LinkColumns,
    LinkTable,
    NodeColumns,
)
from corridors.network.nearest_point import LinkPoint
from corridors.network.network import (
    Ends,
    Network,
    credited,
    link_row,
    status_rows,
    tagged_row,
    with_left_out,
)
from corridors.network.snapping import Snapped, Snapper
from corridors.network.way_lists import WayLists

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import geopandas

    from corridors.network.link import Link, Node
    from corridors.network.network import Ints
    from corridors.network.snapping import Meant

__all__ = ["SUFFIX", "CompiledNetwork", "Doors", "read_compiled", "write_compiled"]

SUFFIX = ".npz"
# What OpenStreetMap calls settlements, the most important first; how well their middle is known,
# an assumption.
SETTLEMENTS, PLACE_SIGMA_M = ("city", "town", "village", "hamlet"), 500.0
# A file of version 1 says what is tagged in notes only, and knows one way of each link.
KIND, VERSION, OLDEST = "araxes-network", 2, 1
_SERVICES = ("siding", "yard", "spur", "crossover")
_LINKS = ("way", "part", "start", "end", "length_m", "kind", "label")
_NODES = ("id", "side", "layer", "xy")
_WAYS = ("link", "offsets", "way")


def write_compiled(
    table: LinkTable, about: dict[str, Any], path: Path, order: Ints | None = None
) -> None:
    """Write links to a compiled file; `about` is what `CompiledNetwork.about` returns again.

    Parameters
    ----------
    order : the nodes of `Network.ends` in the order in which hierarchies are built, if it is known.

    Raises
    ------
    FileFormatError : the place cannot be written to, or the device is full.
    """
    columns, nodes = table.columns, table.nodes
    arrays = {f"links.{key}": getattr(columns, key) for key in _LINKS}
    for key, dtype in OPTIONAL.items():
        column = getattr(columns, key)
        arrays[f"links.{key}"] = np.zeros(0, dtype) if column is None else column
    arrays |= {f"nodes.{key}": getattr(nodes, key) for key in _NODES}
    if order is not None:
        arrays["nodes.order"] = np.asarray(order, np.int32)
    arrays |= {"courses.offsets": table.offsets, "courses.xy": table.xy}
    arrays |= {f"ways.{key}": getattr(table.way_lists, key) for key in _WAYS}
    kinds = [{**kind, "statuses": status_rows(kind["statuses"])} for kind in table.kinds]
    tables = {
        "about": {**about, "shared_with": table.shared_with, "errors": list(table.errors)},
        "kinds": kinds, "labels": table.labels, "layers": list(table.layers),
    }  # fmt: skip
    write_arrays(path, KIND, VERSION, arrays, tables)


def read_compiled(path: Path, on: date, *, dated: bool) -> CompiledNetwork:
    """Return the network of a compiled file, its arrays mapped.

    Raises
    ------
    FileFormatError : it is no such file, of another version, or damaged.
    """
    mapped = map_arrays(path, KIND, VERSION, oldest=OLDEST)
    try:
        table = _table(mapped)
        _check(table)
    except (KeyError, TypeError, ValueError, IndexError) as err:
        if isinstance(err, FileFormatError):
            raise
        message = f"{path}: damaged: its tables do not fit together; import it anew"
        raise FileFormatError(message) from err
    return CompiledNetwork(
        links=table,  # type: ignore[arg-type]
        on=on, name=path.name, dated=dated, about=mapped.table("about"), mapped=mapped,
    )  # fmt: skip


def _table(mapped: Mapped) -> LinkTable:
    array, about = mapped.arrays, mapped.table("about")
    columns = {key: array[f"links.{key}"] for key in _LINKS}
    optional = {key: array.get(f"links.{key}", np.zeros(0)) for key in OPTIONAL}
    columns |= {key: column for key, column in optional.items() if column.size}
    first = mapped.about["version"] == OLDEST
    kinds = [
        {**kind, "statuses": bundled_statuses(kind),
         "countries": tuple(kind.get("countries", ())),
         **(_tagged_in(kind) if first else {})}
        for kind in mapped.table("kinds")
    ]  # fmt: skip
    ways = WayLists.none() if first else WayLists(**{key: array[f"ways.{key}"] for key in _WAYS})
    return LinkTable(
        columns=LinkColumns(**columns),
        nodes=NodeColumns(**{key: array[f"nodes.{key}"] for key in _NODES}),
        offsets=array["courses.offsets"], xy=array["courses.xy"], kinds=tuple(kinds),
        layers=tuple(mapped.table("layers")), errors=Errors(*about["errors"]),
        shared_with=about["shared_with"], read_labels=lambda: list(mapped.table("labels")),
        way_lists=ways,
    )  # fmt: skip


def _tagged_in(kind: dict[str, Any]) -> dict[str, Any]:
    """Return what the note of a kind of links of version 1 says, which lists it in this order."""
    way_class, *parts = kind.get("note", "").split(", ")
    tagged: dict[str, Any] = {"way_class": way_class}
    if parts and parts[0].startswith("surface "):
        tagged["surface"] = parts.pop(0).removeprefix("surface ")
    if "toll" in parts[:1]:
        tagged["toll"] = bool(parts.pop(0))
    if kind["mode"] != "rail":
        return tagged | {"condition": ", ".join(parts)}
    if parts and parts[-1] in _SERVICES:
        tagged["service"] = parts.pop()
    return tagged | {"usage": ", ".join(parts)}


def _check(table: LinkTable) -> None:
    """Refuse arrays that do not fit together.

    Raises
    ------
    ValueError : one does not.
    """
    columns, nodes, count = table.columns, table.nodes, len(table)
    sizes = {len(getattr(columns, key)) for key in _LINKS} | {len(table.offsets) - 1}
    sizes |= {len(c) for key in OPTIONAL if (c := getattr(columns, key)) is not None}
    n_nodes = len(nodes.id)
    sound = sizes == {count} and {len(getattr(nodes, key)) for key in _NODES} == {n_nodes}
    for column, most in (
        (columns.start, n_nodes), (columns.end, n_nodes), (columns.kind, len(table.kinds)),
        (nodes.layer, len(table.layers)),
    ):  # fmt: skip
        sound = sound and (not column.size or (column.min() >= 0 and column.max() < most))
    sound = sound and _ordered(table) and table.way_lists.sound(table.n_ways)
    offsets = table.offsets
    sound = sound and offsets[0] == 0 and offsets[-1] == len(table.xy)
    if not sound or (np.diff(offsets) < 0).any() or not (columns.length_m >= 0).all():
        message = "arrays of other sizes"
        raise ValueError(message)


def _ordered(table: LinkTable) -> bool:
    """Tell whether the links stand in the order by which they are found by id."""
    columns, count = table.columns, len(table)
    known = not count or (columns.part.min() >= 0 and columns.part.max() <= MOST_PARTS)
    if not known or count < 2:
        return bool(known)
    before, equal = np.zeros(count - 1, bool), np.ones(count - 1, bool)
    for column in (columns.way, columns.part, *([] if columns.copy is None else [columns.copy])):
        step = np.diff(column.astype(np.int64))
        before |= equal & (step > 0)
        equal &= step == 0
    # The links between layers, which come after the ways, are in an order of their own.
    before[max(0, table.n_ways - 1) : table.n_ways] = True
    return bool(before.all())


class _Ranks(Mapping[str, int]):
    """Link id → its position, looked up in the table."""

    def __init__(self, table: LinkTable) -> None:
        self._table = table

    def __getitem__(self, key: str) -> int:
        rank = self._table.rank(key)
        if rank is None:
            raise KeyError(key)
        return rank

    def __iter__(self) -> Iterator[str]:
        return map(self._table.id_of, range(len(self._table)))

    def __len__(self) -> int:
        return len(self._table)


class _Nodes(Mapping["Node", "tuple[float, float] | None"]):
    """Node → lon/lat in degrees, looked up in the table."""

    def __init__(self, table: LinkTable) -> None:
        self._table, self._numbers = table, _Numbers(table)

    def __getitem__(self, node: Node) -> tuple[float, float]:
        return self._table.at(self._numbers[node])

    def __iter__(self) -> Iterator[Node]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Numbers(Mapping["Node", int]):
    """Node → its number, looked up in the table."""

    def __init__(self, table: LinkTable) -> None:
        self._table = table

    def __getitem__(self, node: Node) -> int:
        numbers = self._table.nodes_of(node)
        if len(numbers) != 1 or self._table.node(numbers[0]) != node:
            raise KeyError(node)
        return numbers[0]

    def __iter__(self) -> Iterator[Node]:
        return map(self._table.node, range(len(self)))

    def __len__(self) -> int:
        return len(self._table.nodes.id)


class _Layers(Mapping[str, "tuple[Node, ...]"]):
    """Place → its nodes, looked up in the table."""

    def __init__(self, table: LinkTable) -> None:
        self._table = table

    def __getitem__(self, place: str) -> tuple[Node, ...]:
        nodes = self._table.nodes_of(place)
        if not nodes or self._table.place_of(nodes[0]) != place:
            raise KeyError(place)
        return tuple(map(self._table.node, nodes))

    def __iter__(self) -> Iterator[str]:
        return map(self._table.place_of, _first_nodes(self._table).tolist())

    def __len__(self) -> int:
        return len(_first_nodes(self._table))


def _first_nodes(table: LinkTable) -> Ints:
    """Return the first node of each place."""
    nodes = table.nodes
    new = np.r_[True, (np.diff(nodes.id) != 0) | (np.diff(nodes.side) != 0)][: len(nodes.id)]
    return np.flatnonzero(new)


@dataclass(frozen=True, kw_only=True, repr=False)
class CompiledNetwork(Network):
    """A network whose links are a table: it makes a `Link` only of those that are asked for.

    Parameters
    ----------
    about : where it comes from: extracts with their dates, licence, counts, places.
    mapped : the file that it was read from.
    divisions : id of each link that is divided at the end of a route → ids of its parts.
    snapped : name and modes → the place that stands for it, where links are divided for that.
    order : the nodes in the order in which hierarchies are built, without points of links, where
        the file does not hold it.
    prepared : what answered the last questions, kept because it takes long to prepare.
    """

    about: dict[str, Any] = field(default_factory=dict)
    mapped: Mapped | None = None
    divisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    snapped: Mapping[tuple[str, frozenset[str]], Snapped] = field(default_factory=dict, repr=False)
    order: Ints | None = field(default=None, repr=False, compare=False)
    prepared: list[Any] = field(init=False, repr=False, compare=False, default_factory=list)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without what was prepared, which is prepared anew elsewhere."""
        return self.__dict__ | {"prepared": []}

    def __post_init__(self) -> None:
        """Look at no link: their ids are unique by the order of the table."""

    @property
    def credit(self) -> str:
        """Return how a map names it as a source: its file, its extracts and their days."""
        extracts = self.about.get("extracts", ())
        return credited(self.name, [(extract["name"], extract["date"]) for extract in extracts])

    @property
    def table(self) -> LinkTable:
        """Return the links as columns."""
        table = self.links
        assert isinstance(table, LinkTable)
        return table

    def summary(self) -> dict[str, Any]:
        """Return how large it is and where it comes from, for JSON."""
        table = self.table
        modes = np.array([kind["mode"] for kind in table.kinds])[table.columns.kind]
        km = {
            str(mode): round(float(table.columns.length_m[modes == mode].sum()) / 1000, 1)
            for mode in np.unique(modes)
            if mode != "transfer"
        }
        about = {key: value for key, value in self.about.items() if key not in ("places", "errors")}
        return {"links": len(table), "nodes": len(table.nodes.id), "km": km, **about}

    @cached_property
    def snapper(self) -> Snapper:
        """Return what finds its nodes by names and coordinates."""
        return Snapper(self.table, self.about.get("places", []), self.name, self.on, self.snapped)

    def at_ends(
        self, meant: Mapping[tuple[str, frozenset[str]], Meant], order: Ints | None = None
    ) -> CompiledNetwork:
        """Return a network on which names stand for points of links, which are divided there.

        Parameters
        ----------
        meant : name and modes → what it means by these, as `Snapper.meant` tells.
        order : the nodes of `Network.ends` in the order in which hierarchies are built, if it is
            known and not in the file.
        """
        points = [m.place for m in meant.values() if isinstance(m.place, LinkPoint)]
        table, places, parts = divided(self.table, points)
        place_of = dict(zip(points, places, strict=True))
        snapped = {}
        for asked, (shown, place, away_m) in meant.items():
            if isinstance(place, LinkPoint):
                along_m = place.share * float(self.table.columns.length_m[place.link])
                link = self.table.id_of(place.link)
                here = Snapped(place_of[place], shown, away_m, link, along_m)
            else:
                here = Snapped(self.table.place_of(place), shown, away_m)
            snapped[asked] = here
        return replace(
            self, links=table, divisions={**self.divisions, **parts},  # type: ignore[arg-type]
            snapped={**self.snapped, **snapped}, order=order,
        )  # fmt: skip

    def whole(self, key: str) -> tuple[Link, ...]:
        """Return the link of an id, or the parts into which it is divided; empty if none has it."""
        ids = self.divisions.get(key, (key,))
        return tuple(link for part in ids if (link := self.by_id(part)) is not None)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Return the settlements that its extracts name, the most important first."""
        rows = [row for row in self.about.get("places", ()) if row[3] in SETTLEMENTS]
        rows.sort(key=lambda row: SETTLEMENTS.index(row[3]))
        return tuple(_place(*row) for row in rows)

    @cached_property
    def nodes(self) -> Mapping[Node, tuple[float, float] | None]:  # type: ignore[override]
        """Return node → lon/lat (EPSG:4326), in order of id."""
        return _Nodes(self.table)

    @cached_property
    def layers(self) -> Mapping[str, tuple[Node, ...]]:  # type: ignore[override]
        """Return place → its nodes, one a layer."""
        return _Layers(self.table)

    @cached_property
    def rank(self) -> Mapping[str, int]:  # type: ignore[override]
        """Return link id → its position among the links."""
        return _Ranks(self.table)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Return the countries of its links (ISO 3166-1 alpha-2), in alphabetical order."""
        return tuple(sorted({c for kind in self.table.kinds for c in kind.get("countries", ())}))

    @cached_property
    def groups(self) -> dict[str, tuple[Link, ...]]:
        """Return crossing → its links."""
        groups: dict[str, tuple[Link, ...]] = {}
        for n, kind in enumerate(self.table.kinds):
            if key := kind.get("crossing"):
                rows = np.flatnonzero(self.table.columns.kind == n).tolist()
                groups[key] = groups.get(key, ()) + tuple(map(self.table.__getitem__, rows))
        return groups

    @cached_property
    def timed_ranks(self) -> tuple[int, ...]:
        """Return the positions of the links that may be used at some hours or seasons only."""
        timed = np.array([link.timed for link in self.table.samples], bool)
        return tuple(np.flatnonzero(timed[self.table.columns.kind]).tolist()) if timed.any() else ()

    @cached_property
    def dated_links(self) -> tuple[str, ...]:
        """Return the ids of the links whose status may differ from one day to another."""
        dated = np.array([link.dated for link in self.table.samples], bool)
        ranks = np.flatnonzero(dated[self.table.columns.kind]) if dated.any() else ()
        return tuple(map(self.table.id_of, map(int, ranks)))

    def by_id(self, key: str) -> Link | None:
        """Return a link by id, None if there is none."""
        rank = self.table.rank(key)
        return None if rank is None else self.table[rank]

    def plus(self, links: Iterable[Link]) -> CompiledNetwork:
        """Return a network with these links added at the end; its own stay a table."""
        return replace(self, links=self.table.plus(links))  # type: ignore[arg-type]

    def to_gdf(
        self, *, on: date | str | None = None, transfers: bool = False
    ) -> geopandas.GeoDataFrame:
        """Return one row a link, as `Network.to_gdf` does; a million take a gigabyte."""
        from borders.files.features import columns_to_gdf

        table, day = self.table, self.on if on is None else parse_date(on)
        drawn = np.diff(table.offsets) > 0
        rows = np.arange(len(table)) if transfers else np.flatnonzero(drawn)
        column = table.columns.taken(rows)
        kinds = [link_row(sample, day) | tagged_row(sample) for sample in table.samples]
        cells: dict[str, Any] = {
            key: np.fromiter((kind[key] for kind in kinds), object, len(kinds))[column.kind]
            for key in (kinds[0] if kinds else ())
        }
        used, ends = np.unique(np.stack([column.start, column.end]), return_inverse=True)
        nodes = np.array([str(table.node(n)) for n in used.tolist()], object)
        start, end = ends.reshape(2, -1)
        lengths = np.asarray(column.length_m, float)
        shared_m, own_m = table.errors_m(rows, lengths)
        shared_with = np.where(lengths > 0, np.array(table.shared_with, object), "")
        for link in table.added:
            shared_with[rows == table.rank(link.id)] = link.shared_with
        names = table.names[rows]
        cells |= {
            "id": [table.id_of(n) for n in rows.tolist()],
            "name": [name or None for name in names.tolist()],
            "from_place": nodes[start], "to_place": nodes[end],
            "length_m": lengths, "sigma_m": np.hypot(shared_m, own_m), "shared_m": shared_m,
            "shared_with": shared_with, "names": table.names_json[column.label],
            "osm_ways": table.way_texts(rows),
            **{key: np.round(metres, 1) for key in ("bridge_m", "tunnel_m")
               if (metres := getattr(column, key)) is not None},
            "geometry": table.lines(rows),
        }  # fmt: skip
        return with_left_out(columns_to_gdf(cells, len(rows)), len(table) - len(rows))

    @property
    def n_rows(self) -> int:
        """Return how many rows its table has, changes of mode among them."""
        return len(self.table)

    def parts(self, size: int) -> Iterator[CompiledNetwork]:
        """Yield its links in parts of a size, in order: a table of each takes little memory."""
        count = len(self.table)
        for begin in range(0, count, size):
            yield self._of_rows(np.arange(begin, min(begin + size, count)))

    def sample(self) -> CompiledNetwork:
        """Return a few of its links in whose columns is whatever is in those of all of them.

        They are the first link of each kind, and the first with a name, with names by language and
        in each of `LANGUAGES`, without a course and without a length.
        """
        table = self.table
        column = table.columns
        named = [np.array([text is not None for text in table.names_json], bool)] + [
            np.array([*(code in names for names in table.labels), False], bool)
            for code in LANGUAGES
        ]
        traits = (
            table.names != "", *(labels[column.label] for labels in named),
            np.diff(table.offsets) == 0, column.length_m == 0,
        )  # fmt: skip
        first = [np.flatnonzero(trait)[:1] for trait in traits]
        rows = np.concatenate([np.unique(column.kind, return_index=True)[1], *first])
        return self._of_rows(np.unique(rows))

    def _of_rows(self, rows: Ints) -> CompiledNetwork:
        table = self.table.of_rows(rows)
        return replace(self, links=table, mapped=None)  # type: ignore[arg-type]

    def _offer(self, _key: str) -> str:
        """Return a hint with its crossings: no million ids are searched for one that is alike."""
        known = ", ".join(sorted(self.groups)[:8])
        return f"; its crossings are {known}" if known else ""

    @cached_property
    def ends(self) -> Ends:
        """Return how links meet, as numbers; places are looked up in the table."""
        table = self.table
        nodes, count = table.nodes, len(table.nodes.id)
        alike = (np.diff(nodes.id) == 0) & (np.diff(nodes.side) == 0)
        first = np.flatnonzero(np.r_[True, ~alike][:count])
        sizes = np.diff(np.r_[first, count])
        several, sizes = first[sizes > 1], sizes[sizes > 1]
        leave = np.repeat(count + 2 * np.arange(len(several)), sizes)
        member = np.repeat(several, sizes) + np.arange(sizes.sum())
        member -= np.repeat(np.cumsum(sizes) - sizes, sizes)
        return Ends(
            start=table.columns.start, end=table.columns.end, size=count + 2 * len(several),
            node=_Numbers(table),
            departure=Doors(table, several, 0), arrival=Doors(table, several, 1),
            access=(np.stack([leave, member], 1).ravel(), np.stack([member, leave + 1], 1).ravel()),
            order=self._order(count + 2 * len(several)),
            xy=np.r_[nodes.xy, np.repeat(nodes.xy[several], 2, axis=0)] / PER_DEGREE,
        )  # fmt: skip

    def _order(self, size: int) -> Ints | None:
        """Return the order of nodes that is known; None where a layer was added since.

        Points of links come first: a node between two others may go before any of them.
        """
        order = self.order
        if order is None and self.mapped is not None:
            order = self.mapped.arrays.get("nodes.order")
        ids = self.table.nodes.id
        first = int(np.searchsorted(ids, FIRST_POINT))
        n_points = len(ids) - first
        if order is None or len(order) + n_points != size:
            return None
        if not n_points:
            return order
        points = np.arange(first, len(ids))
        moved = np.where(order < first, order, order + n_points)
        return np.concatenate([points, moved], dtype=np.int32)


def _place(node: int, lon: float, lat: float, kind: str, names: dict[str, str]) -> Place:
    """Return a place of an extract; its English name if it has one, or else that on the spot."""
    name = names.get("en") or names.get("int") or names.get("") or next(iter(names.values()))
    return Place(
        id=f"osm-{node}", name=name, kind=kind, country="", lon=lon, lat=lat,
        sigma_m=PLACE_SIGMA_M, names={c: names[c] for c in LANGUAGES if c in names},
        aliases=tuple(sorted({*names.values()} - {name})), source="openstreetmap",
        state="unverified",
    )  # fmt: skip


class Doors(Mapping[str, int]):
    """Place → the node of the graph at which routes depart or arrive."""

    def __init__(self, table: LinkTable, several: np.ndarray, which: int) -> None:
        self._table, self._several, self._which = table, several, which

    def __getitem__(self, place: str) -> int:
        """Return the node of a place."""
        nodes = self._table.nodes_of(place)
        if not nodes or self._table.place_of(nodes[0]) != place:
            raise KeyError(place)
        if len(nodes) == 1:
            return nodes[0]
        at = int(np.searchsorted(self._several, nodes[0]))
        return len(self._table.nodes.id) + 2 * at + self._which

    def __iter__(self) -> Iterator[str]:
        """Yield the places."""
        return iter(_Layers(self._table))

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.each[0])

    def place_of(self, node: int) -> str:
        """Return the place of a node of the network."""
        return self._table.place_of(node)

    @cached_property
    def each(self) -> tuple[Ints, Ints]:
        """Return the first node of each place, and the node of the graph that is its door."""
        first = _first_nodes(self._table)
        doors = first.astype(np.int64)
        at = np.searchsorted(first, self._several)
        doors[at] = len(self._table.nodes.id) + 2 * np.arange(len(at)) + self._which
        return first, doors
