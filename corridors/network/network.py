"""The network: nodes on layers and the links between them, bundled or the user's own."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, SchemaError, UnknownNameError
from corridors.network.link import Link, LinkStatus, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    import geopandas
    import networkx

__all__ = ["LINK_COLUMNS", "Network"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Network:
    """Links between nodes; a border crossing is a link with its own dated status.

    Parameters
    ----------
    links : in a fixed order; ids are unique.
    on : day whose statuses hold where a scenario names none.
    name : what the network is called in messages.
    since : first day that its statuses speak of, if it has one.
    dated : whether it was loaded for that day, which then counts before that of `status-quo`.
    """

    links: tuple[Link, ...]
    on: date
    name: str = "the bundled network"
    since: date | None = None
    dated: bool = False
    _ids: dict[str, Link] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __repr__(self) -> str:
        """Return one line: its name, its day, how much it holds."""
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
        """Return node → lon/lat, None where no link draws it, in order of first use."""
        found: dict[Node, tuple[float, float] | None] = {}
        for link in self.links:
            for node, at in ((link.start, 0), (link.end, -1)):
                if found.get(node) is None:
                    found[node] = link.xy[at] if link.xy else None
        return found

    @cached_property
    def layers(self) -> dict[str, tuple[Node, ...]]:
        """Return place → its nodes, one a layer."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            found[node.place].append(node)
        return {place: tuple(nodes) for place, nodes in found.items()}

    def served(self, place: str, modes: Collection[str]) -> bool:
        """Tell whether links of one of some modes begin at a place."""
        layers = [node.layer for node in self.layers.get(place, ())]
        return any(not layer or layer.rstrip("0123456789") in modes for layer in layers)

    def link(self, key: str) -> Link:
        """Return a link by id.

        Raises
        ------
        UnknownNameError : no such link; the message offers the nearest ids.
        """
        if key in self._ids:
            return self._ids[key]
        message = f"no link '{key}' in {self.name}{self._offer(key)}"
        raise UnknownNameError(message)

    def links_of(self, key: str) -> tuple[Link, ...]:
        """Return the links of an id: of a link, a crossing or a corridor.

        Raises
        ------
        UnknownNameError : none has it; the message offers the nearest ids.
        """
        if key in self._ids:
            return (self._ids[key],)
        found = self._groups.get(key, ())
        if not found:
            message = f"no link, crossing or corridor '{key}' in {self.name}{self._offer(key)}"
            raise UnknownNameError(message)
        return found

    @cached_property
    def rank(self) -> dict[str, int]:
        """Return link → its place among the links."""
        return {link.id: n for n, link in enumerate(self.links)}

    @cached_property
    def _groups(self) -> dict[str, tuple[Link, ...]]:
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            for key in {link.crossing, link.corridor} - {None}:
                found[str(key)].append(link)
        return {key: tuple(links) for key, links in found.items()}

    def _offer(self, key: str) -> str:
        from difflib import get_close_matches

        from corridors.model.registry import nearest_systems

        known = set(self._ids)
        known.update(k for link in self.links for k in (link.crossing, link.corridor) if k)
        offered = get_close_matches(key, sorted(known), n=3)
        offered = offered or [one for one in nearest_systems(key) if one in known]
        return f"; did you mean {', '.join(offered)}?" if offered else ""

    def plus(self, links: Iterable[Link]) -> Network:
        """Return a network with further links."""
        return replace(self, links=(*self.links, *links))

    def to_gdf(
        self, *, on: date | str | None = None, transfers: bool = False
    ) -> geopandas.GeoDataFrame:
        """Return one row a link, in EPSG:4326; `status` is that of the day.

        Parameters
        ----------
        transfers : with the changes of mode, which have no geometry. `write` writes them, so that
            a file of a network is a whole network again.
        """
        from shapely import LineString

        from borders.files.features import features_to_gdf

        day = self.on if on is None else parse_date(on)
        rows = []
        for link in self.links:
            if link.xy or transfers:
                status = link.status(day)
                row = {key: getattr(link, key) for key in LINK_COLUMNS}
                row |= {
                    "kind": "link",
                    "from": link.start,
                    "to": link.end,
                    "name": link.name or None,
                    "status": status.status,
                    "valid_from": status.valid_from,
                    "valid_to": status.valid_to,
                    "statuses": json.dumps(_rows(link.statuses), ensure_ascii=False),
                    "countries": ",".join(link.countries),
                    "geometry": LineString(link.xy) if link.xy else None,
                }
                rows.append(row)
        return features_to_gdf(rows)

    def to_osmnx(self, *, on: date | str | None = None) -> networkx.MultiDiGraph:
        """Return what is open to freight on a day as a graph for osmnx.

        `corridors.network.osmnx_graph` describes nodes and edges, and
        `corridors.export.osmnx_graph.to_osmnx` asks under a scenario.
        """
        from corridors.network.osmnx_graph import osmnx_graph
        from corridors.network.rates import Rates

        day = self.known_day(on)

        def usable(link: Link, forward: bool) -> bool:
            on_layers = all(node.layer for node in (link.start, link.end))
            there = not link.candidate and (link.mode != "transfer" or on_layers)
            return there and link.status(day, forward=forward).status == "open"

        return osmnx_graph(self.links, self.nodes, usable=usable, rates=Rates())

    def known_day(self, on: date | str | None) -> date:
        """Return a day of which the network's statuses speak: its own if none is given.

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


LINK_COLUMNS = (
    "id", "mode", "length_m", "sigma_m", "shared_m", "shared_with", "basis", "geometry_quality",
    "position_sigma_m", "gauge_mm", "tracks", "electrified", "speed_kmh", "delay_h",
    "delay_passengers_h", "delay_state", "cost_usd_t", "crossing", "corridor", "terrain", "source",
    "state", "note",
)  # fmt: skip


def _rows(statuses: Sequence[LinkStatus]) -> list[dict[str, Any]]:
    plain = LinkStatus(status="")
    return [
        {
            key: str(value)
            for key in LinkStatus.__dataclass_fields__
            if (value := getattr(one, key)) != getattr(plain, key)
        }
        for one in statuses
    ]
