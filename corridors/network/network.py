"""The network: nodes on layers and the links between them, bundled or the user's own."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, SchemaError, UnknownNameError
from corridors.network.dated_statuses import LinkStatus
from corridors.network.link import TAGGED, layer_mode
from corridors.network.way_lists import ways_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    import geopandas
    import networkx
    import numpy as np
    from numpy.typing import NDArray

    from corridors.network.link import Link, Node

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = [
    "LINK_COLUMNS", "Ends", "Network", "credited", "left_out", "link_row", "status_rows",
    "tagged_row", "with_left_out",
]  # fmt: skip

# The attribute of a table that says how many links it leaves out.
_LEFT_OUT = "links_left_out"
# So many ids are named where none is like the one asked for.
_LISTED = 6
# Columns of table `network` that hold attributes of `Link` under the same name.
LINK_COLUMNS = (
    "id", "mode", "length_m", "sigma_m", "shared_m", "shared_with", "basis", "geometry_quality",
    "position_sigma_m", "gauge_mm", "tracks", "electrified", "speed_kmh", "delay_h",
    "delay_passengers_h", "delay_state", "cost_usd_t", "crossing", "corridor", "terrain", "source",
    "state", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ends:
    """How links meet, as numbers; a place on several layers has two more nodes than it has layers.

    Parameters
    ----------
    start, end : node of each end of each link, shape (n_links,).
    size : number of nodes, with those at which routes depart and arrive.
    node : node of the network → node.
    departure, arrival : place → node.
    access : tails and heads of the arcs between these nodes and those of the layers.
    xy : lon/lat of each node in degrees, shape (size, 2), if all are known.
    order : every node once, as hierarchies are built, if it is known.
    """

    start: Ints
    end: Ints
    size: int
    node: Mapping[Node, int]
    departure: Mapping[str, int]
    arrival: Mapping[str, int]
    access: tuple[Ints, Ints]
    xy: Floats | None = None
    order: Ints | None = None


def credited(name: str, extracts: Iterable[tuple[str, str]]) -> str:
    """Return how a map names a network as a source: its file, its extracts and their days."""
    dated = "; ".join(", ".join(filter(None, extract)) for extract in extracts)
    return f"{name} ({dated})" if dated else name


@dataclass(frozen=True, kw_only=True, repr=False)
class Network:
    """Links between nodes; a border crossing is a link with its own dated status.

    Parameters
    ----------
    links : in a fixed order, with unique ids.
    on : day whose statuses hold where a scenario names none.
    name : what the network is called in messages.
    since : first day that its statuses cover, if it has one.
    dated : whether it was loaded for the day `on`, which then replaces that of `status-quo`.
    """

    links: tuple[Link, ...]
    on: date
    name: str = "the bundled network"
    since: date | None = None
    dated: bool = False
    _ids: dict[str, Link] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __repr__(self) -> str:
        """Return one line: its name, its day, how many links and nodes it has."""
        size = f"{len(self.links)} links, {len(self.nodes)} nodes"
        return f"<Network {self.name} on {self.on}: {size}>"

    def __post_init__(self) -> None:
        """Refuse two links of one id."""
        for link in self.links:
            if link.id in self._ids:
                message = f"{self.name}: two links have the id '{link.id}'; rename one"
                raise SchemaError(message)
            self._ids[link.id] = link

    @cached_property
    def nodes(self) -> dict[Node, tuple[float, float] | None]:
        """Return node → lon/lat (EPSG:4326), None where no link draws it, in order of first use."""
        nodes: dict[Node, tuple[float, float] | None] = {}
        for link in self.links:
            for node, at in ((link.start, 0), (link.end, -1)):
                if nodes.get(node) is None:
                    nodes[node] = link.xy[at] if link.xy else None
        return nodes

    @cached_property
    def layers(self) -> dict[str, tuple[Node, ...]]:
        """Return place → its nodes, one a layer."""
        layers: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            layers[node.place].append(node)
        return {place: tuple(nodes) for place, nodes in layers.items()}

    @property
    def credit(self) -> str:
        """Return how a map names it as a source."""
        return self.name

    def modes_at(self, node: Node) -> frozenset[str]:
        """Return the modes of the layer of a node or, if it names none, of the links it joins."""
        if node.layer:
            return frozenset((node.mode,))
        return self._modes_of_plain_nodes.get(node, frozenset())

    @cached_property
    def _modes_of_plain_nodes(self) -> dict[Node, frozenset[str]]:
        modes: dict[Node, set[str]] = defaultdict(set)
        for link in self.links:
            for node in (link.start, link.end):
                if not node.layer and link.mode != "transfer":
                    modes[node].add(link.mode)
        return {node: frozenset(known) for node, known in modes.items()}

    def served(self, place: str, modes: Collection[str]) -> bool:
        """Tell whether a place has a node on a layer of one of the modes, or on no known layer."""
        layers = [node.layer for node in self.layers.get(place, ())]
        return any(not layer or layer_mode(layer) in modes for layer in layers)

    def link(self, key: str) -> Link:
        """Return a link by id.

        Raises
        ------
        UnknownNameError : no such link; the message offers the nearest ids.
        """
        link = self.by_id(key)
        if link is not None:
            return link
        message = f"no link '{key}' in {self.name}{self._offer(key)}"
        raise UnknownNameError(message)

    def by_id(self, key: str) -> Link | None:
        """Return a link by id, None if there is none."""
        return self._ids.get(key)

    def whole(self, key: str) -> tuple[Link, ...]:
        """Return the link of an id, or the parts into which it is divided; empty if none has it."""
        link = self.by_id(key)
        return () if link is None else (link,)

    def links_of(self, key: str) -> tuple[Link, ...]:
        """Return the links of an id: of a link, a crossing or a corridor.

        Raises
        ------
        UnknownNameError : no link has it; the message offers the nearest ids.
        """
        links = self.whole(key) or self.groups.get(key, ())
        if not links:
            message = f"no link, crossing or corridor '{key}' in {self.name}{self._offer(key)}"
            raise UnknownNameError(message)
        return links

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Return the countries of its links (ISO 3166-1 alpha-2), in alphabetical order."""
        return tuple(sorted({code for link in self.links for code in link.countries}))

    @cached_property
    def rank(self) -> dict[str, int]:
        """Return link id → its position among the links."""
        return {link.id: n for n, link in enumerate(self.links)}

    @cached_property
    def timed_ranks(self) -> tuple[int, ...]:
        """Return the positions of the links that may be used at some hours or seasons only."""
        return tuple(n for n, link in enumerate(self.links) if link.timed)

    @cached_property
    def dated_links(self) -> tuple[str, ...]:
        """Return the ids of the links whose status may differ from one day to another."""
        return tuple(link.id for link in self.links if link.dated)

    @cached_property
    def ends(self) -> Ends:
        """Return how links meet, as numbers."""
        import numpy as np

        index = {node: n for n, node in enumerate(self.nodes)}
        departure: dict[str, int] = {}
        arrival: dict[str, int] = {}
        access: list[tuple[int, int]] = []
        size = len(index)
        for key, nodes in self.layers.items():
            if len(nodes) == 1:
                departure[key] = arrival[key] = index[nodes[0]]
                continue
            departure[key], arrival[key] = size, size + 1
            size += 2
            for node in nodes:
                access += [(departure[key], index[node]), (index[node], arrival[key])]
        tails, heads = np.array(access, np.int64).reshape(-1, 2).T
        return Ends(
            start=np.array([index[link.start] for link in self.links], np.int32),
            end=np.array([index[link.end] for link in self.links], np.int32),
            size=size, node=index, departure=departure, arrival=arrival, access=(tails, heads),
        )  # fmt: skip

    @cached_property
    def groups(self) -> dict[str, tuple[Link, ...]]:
        """Return crossing or corridor → its links."""
        groups: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            for key in dict.fromkeys((link.crossing, link.corridor)):
                if key is not None:
                    groups[key].append(link)
        return {key: tuple(links) for key, links in groups.items()}

    def _offer(self, key: str) -> str:
        """Return a hint with the nearest ids, empty if none is near."""
        from difflib import get_close_matches

        from corridors.model.registry import nearest_systems

        known = set(self._ids)
        known.update(k for link in self.links for k in (link.crossing, link.corridor) if k)
        if not known:
            return ", which has no links"
        offered = get_close_matches(key, sorted(known), n=3)
        offered = offered or [name for name in nearest_systems(key) if name in known]
        if offered:
            return f"; did you mean {', '.join(offered)}?"
        listed = sorted(known)[:_LISTED]
        more = ", …" if len(known) > len(listed) else ""
        return f"; known: {', '.join(listed)}{more}; `araxes list crossings` names the crossings"

    def plus(self, links: Iterable[Link]) -> Network:
        """Return a network with these links added at the end."""
        return replace(self, links=(*self.links, *links))

    def to_gdf(
        self, *, on: date | str | None = None, transfers: bool = False
    ) -> geopandas.GeoDataFrame:
        """Return one row a link, in EPSG:4326; `status` is that of the day.

        Parameters
        ----------
        on : day of the column `status`; the network's own if missing.
        transfers : with the links that have no course, changes of mode above all. Without them a
            table can be drawn anywhere, and is no whole network: `load_network` and `write` say so
            with a `FormatWarning`. `write` writes them of a network itself.
        """
        from shapely import LineString

        from borders.files.features import features_to_gdf

        day = self.on if on is None else parse_date(on)
        links = [link for link in self.links if link.xy or transfers]
        of_extract = any(
            link.names or link.bridge_m or link.tunnel_m or link.osm_ways or link.way_class
            for link in links
        )
        rows = [
            link_row(link, day)
            | (_row_of_extract(link) if of_extract else {})
            | {"geometry": LineString(link.xy) if link.xy else None}
            for link in links
        ]
        return with_left_out(features_to_gdf(rows), len(self.links) - len(links))

    def to_osmnx(self, *, on: date | str | None = None) -> networkx.MultiDiGraph:
        """Return what is open to freight on a day as a graph for osmnx.

        `corridors.network.multidigraph` describes nodes and edges;
        `corridors.export.osmnx_graph.to_osmnx` takes a scenario and terms.
        """
        from corridors.network.multidigraph import multidigraph
        from corridors.network.rates import Rates

        day = self.known_day(on)

        def usable(link: Link, forward: bool) -> bool:
            on_layers = all(self.modes_at(node) for node in (link.start, link.end))
            exists = not link.candidate and (link.mode != "transfer" or on_layers)
            return exists and link.status(day, forward=forward).status == "open"

        return multidigraph(self.links, self.nodes, usable=usable, rates=Rates(on=day))

    def known_day(self, on: date | str | None) -> date:
        """Return a day, checked against the first one of the statuses; the network's own if None.

        Raises
        ------
        AraxesError : the day lies before all that the network knows.
        """
        day = self.on if on is None else parse_date(on)
        if self.since is not None and day < self.since:
            message = (
                f"the day is {day}; {self.name} knows no earlier ones: its statuses begin "
                f"on {self.since}"
            )
            raise AraxesError(message)
        return day


def with_left_out(frame: geopandas.GeoDataFrame, count: int) -> geopandas.GeoDataFrame:
    """Return a table of a network that says how many links without a course it leaves out."""
    if count:
        frame.attrs[_LEFT_OUT] = count
    return frame


def left_out(table: object) -> str:
    """Return what a table of a network leaves out, in words; nothing of any other table."""
    count = getattr(table, "attrs", {}).get(_LEFT_OUT, 0)
    if not isinstance(count, int) or count < 1:
        return ""
    links, are = ("link", "is") if count == 1 else ("links", "are")
    return f"{count} {links} without a course, such as changes of mode, {are} left out"


def link_row(link: Link, day: date) -> dict[str, Any]:
    """Return a link as a row of a table, without its geometry; its status is that of a day."""
    status = link.status(day)
    return {key: getattr(link, key) for key in LINK_COLUMNS} | {
        "kind": "link",
        "from_place": link.start,
        "to_place": link.end,
        "name": link.name or None,
        # The word of OpenStreetMap, which other programs know.
        "oneway": "yes" if link.oneway else None,
        "status": status.status,
        "valid_from": status.valid_from,
        "valid_to": status.valid_to,
        "statuses": json.dumps(status_rows(link.statuses), ensure_ascii=False),
        "countries": ",".join(link.countries),
    }


def _row_of_extract(link: Link) -> dict[str, Any]:
    """Return what only links of an extract know, as columns."""
    names = json.dumps(dict(link.names), ensure_ascii=False) if link.names else None
    return {
        **tagged_row(link), "names": names, "osm_ways": ways_text(link.osm_ways),
        "bridge_m": round(link.bridge_m, 1), "tunnel_m": round(link.tunnel_m, 1),
    }  # fmt: skip


def tagged_row(link: Link) -> dict[str, str | None]:
    """Return what the tags of OpenStreetMap say of a link, as columns."""
    row = {key: getattr(link, key) or None for key in TAGGED}
    return row | {"toll": "yes" if link.toll else None}


def status_rows(statuses: Sequence[LinkStatus]) -> list[dict[str, Any]]:
    """Return statuses as rows of text, without the values that are defaults."""
    default = LinkStatus(status="")
    return [
        {
            key: str(value)
            for key in LinkStatus.__dataclass_fields__
            if (value := getattr(status, key)) != getattr(default, key)
        }
        for status in statuses
    ]
