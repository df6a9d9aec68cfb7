"""Small extracts of OpenStreetMap, written with the library that reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Tags = dict[str, str]


@dataclass
class Drawn:
    """Nodes, ways and relations as drawn on paper.

    Parameters
    ----------
    nodes : id → lon, lat.
    ways : id → ids of nodes, tags.
    tagged : id of a node → tags.
    relations : id → ids of member ways, tags.
    """

    nodes: Mapping[int, tuple[float, float]]
    ways: Mapping[int, tuple[Sequence[int], Tags]]
    tagged: Mapping[int, Tags] = field(default_factory=dict)
    relations: Mapping[int, tuple[Sequence[int], Tags]] = field(default_factory=dict)

    def write(
        self, file: Path, *, ways_first: bool = False, ways: Iterable[int] | None = None,
        nodes: Iterable[int] | None = None, stamp: str = "",
    ) -> Path:  # fmt: skip
        """Write the drawing, or some of its nodes and ways, in the format of the file's name."""
        import osmium
        from osmium.osm.mutable import Node, Relation, Way

        header = osmium.io.Header()
        if stamp:
            header.set("osmosis_replication_timestamp", stamp)
        file.unlink(missing_ok=True)
        wanted_nodes = self.nodes if nodes is None else nodes
        wanted_ways = self.ways if ways is None else ways
        points = [
            Node(id=n, location=self.nodes[n], tags=self.tagged.get(n, {}), version=1)
            for n in sorted(wanted_nodes)
        ]
        lines = [
            Way(id=w, nodes=list(self.ways[w][0]), tags=self.ways[w][1], version=1)
            for w in sorted(wanted_ways)
        ]
        relations = [
            Relation(id=r, members=[("w", m, "outer") for m in members], tags=tags, version=1)
            for r, (members, tags) in self.relations.items()
        ]
        with osmium.SimpleWriter(str(file), header=header) as writer:
            for batch in (lines, points) if ways_first else (points, lines):
                for thing in batch:
                    (writer.add_node if batch is points else writer.add_way)(thing)
            for relation in relations:
                writer.add_relation(relation)
        return file


def road(*nodes: int, **tags: str) -> tuple[tuple[int, ...], Tags]:
    """Return a way that is a road; `highway` is residential unless given."""
    return nodes, {"highway": "residential", **_keys(tags)}


def rail(*nodes: int, **tags: str) -> tuple[tuple[int, ...], Tags]:
    """Return a way that is a railway in use unless `railway` says otherwise."""
    return nodes, {"railway": "rail", **_keys(tags)}


def _keys(tags: Mapping[str, str]) -> Tags:
    """Return tags whose names hold two underscores where OpenStreetMap has a colon."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def km(network: Any, origin: str, destination: str, **terms: Any) -> float | None:
    """Return how long the best way is in kilometres, None if there is none."""
    from borders.errors import NoAnswerError
    from corridors import Terms, route

    try:
        found = route(origin, destination, network=network, terms=Terms(**terms))
    except NoAnswerError:
        return None
    return found.length_km
