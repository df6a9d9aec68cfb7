"""Check of a network: errors and doubtful links, for its makers and for those who rely on it."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from borders.geodesy.lonlat import WGS84
from corridors.network.compiled import SUFFIX, CompiledNetwork
from corridors.network.ends import end_faults, layer_faults, misspelt_ends, near_misses
from corridors.network.findings import Finding, finding_of
from corridors.network.link import USERS
from corridors.network.table_check import table_remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link, Node
    from corridors.network.network import Network

__all__ = ["Finding", "check_file", "check_network"]

# Two links between the same nodes are duplicates if their lengths differ by less than this part.
ALIKE = 0.02
# A length this many standard errors below the geodesic between its ends is impossible.
SIGMAS = 3.0
# A stated length this many times the drawn course is wrong, or in another unit: no road or railway
# of the bundled network is more than 2.2 times as long as it is drawn.
LONGEST_RATIO = 5.0
# Between these a stated length is most likely in feet, of which 3.28 make a metre.
FEET = (3.1, 3.45)
# A link that lies farther than this from all others, and is this many times nearer once its axes
# are swapped, was written latitude first; an assumption.
AWAY_DEG, NEARER = 1.0, 5.0
# Coordinates of the bundled links have four decimals, about 10 m.
ROUNDING_M = 10.0


def check_network(network: Network) -> list[Finding]:
    """Return what is wrong with a network, errors first, with what would mend it.

    Looks for links shorter than the geodesic between their ends (an error if they are too short by
    more than `SIGMAS` standard errors, else a remark) or far longer than they are drawn, swapped
    axes, courses drawn the wrong way round, gauges and modes that contradict the nodes, loops,
    duplicates, ends that are nearly called as a place beside them, parts that nothing joins to the
    rest, loose ends, periods without a status, and unknown statuses.

    Of a compiled network the file is compared with its checksums, and what is doubtful is counted.

    Raises
    ------
    FileFormatError : a compiled file is not what was written.

    Examples
    --------
    >>> from corridors.network.load import load_network
    >>> [f.message for f in check_network(load_network()) if f.level == "error"]
    []
    """
    if isinstance(network, CompiledNetwork):
        remarks = table_remarks(network)
        return [Finding(level="remark", link="", message=message) for message in remarks]
    links, name = network.links, network.name
    findings = [
        *(
            finding_of(error, name, link.id, xy)
            for faults in (end_faults(links, name), layer_faults(links, name))
            for error, link, xy in faults
        ),
        *(
            finding_of(error, name, link.id, xy, level="remark")
            for error, link, xy in near_misses(links, name)
        ),
        *_of_links(network),
    ]
    return _in_order(findings)


def check_file(
    file: str | Path, *, columns: Mapping[str, str | None] | None = None
) -> tuple[Network, list[Finding]]:
    """Return the network of what can be read of a file, and all that is wrong with the file.

    Parameters
    ----------
    columns : as for `load_network`.

    Raises
    ------
    FileFormatError, CRSError, GeometryError, SchemaError : nothing of the file can be read.
    """
    from borders.files.vector import read_vector
    from corridors.network.load import known_until, load_network
    from corridors.network.network import Network
    from corridors.network.table import sound_links

    path = Path(file)
    if path.suffix.lower() == SUFFIX:
        compiled = load_network(path)
        return compiled, check_network(compiled)
    links, findings = sound_links(read_vector(path), path.name, columns)
    by_id = {link.id: link for link in links}
    network = Network(links=tuple(by_id.values()), on=known_until(), name=path.name)
    return network, _in_order([*findings, *_of_links(network)])


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.level != "error")


def _of_links(network: Network) -> list[Finding]:
    return [
        *_too_short(network), *_too_long(network), *_swapped_axes(network),
        *_loops(network), *_duplicates(network),
        *_misspelt_ends(network), *_detached_parts(network), *_loose_ends(network),
        *_periods_without_status(network), *_unknown_statuses(network),
    ]  # fmt: skip


def _too_short(network: Network) -> Iterator[Finding]:
    links = [link for link in network.links if link.xy]
    ends = np.array([(*link.xy[0], *link.xy[-1]) for link in links]).reshape(-1, 4)
    chords = WGS84.inv(*ends.T)[2]
    for link, chord_m in zip(links, chords, strict=True):
        if link.length_m + SIGMAS * link.sigma_m < chord_m:
            yield Finding(
                level="error", link=link.id, xy=link.xy,
                message=f"{link.length_m:,.0f} m long, but its ends are {chord_m:,.0f} m apart",
                repair="give length_m in metres, or check the ends",
            )  # fmt: skip
        elif link.length_m + ROUNDING_M < chord_m:
            sigma_m = link.position_sigma_m
            placed = f"ends, placed to {sigma_m:,.0f} m," if sigma_m else "ends"
            yield Finding(
                level="remark", link=link.id, xy=link.xy,
                message=f"{link.length_m:,.0f} m (standard error {link.sigma_m:,.0f}) where its "
                f"{placed} are {chord_m:,.0f} m apart",
            )  # fmt: skip


def _too_long(network: Network) -> Iterator[Finding]:
    """Yield each link that is far longer than it is drawn: ten times, or in feet."""
    from shapely import LineString

    from borders.geodesy import length_m

    links = [link for link in network.links if len(link.xy) > 1]
    drawn = np.zeros(0)
    if links:
        drawn = np.atleast_1d(length_m([LineString(link.xy) for link in links]))
    for link, drawn_m in zip(links, drawn, strict=True):
        if not drawn_m:
            continue
        ratio = link.length_m / drawn_m
        in_feet = FEET[0] <= ratio <= FEET[1]
        if ratio > LONGEST_RATIO or in_feet:
            yield Finding(
                level="error" if ratio > LONGEST_RATIO else "remark", link=link.id, xy=link.xy,
                message=f"{link.length_m:,.0f} m long, {ratio:,.1f} times its drawn course of "
                f"{drawn_m:,.0f} m",
                repair="is length_m in feet? give metres" if in_feet
                else "give length_m in metres, or draw the way round that it takes",
            )  # fmt: skip


def _swapped_axes(network: Network) -> Iterator[Finding]:
    """Yield each link that lies far from all others, and near them once its axes are swapped."""
    import shapely

    links = [link for link in network.links if link.xy]
    if len(links) < 2:
        return
    courses = np.array([shapely.LineString(link.xy) for link in links])
    tree = shapely.STRtree(courses)
    accompanied, _ = tree.query_nearest(
        courses, max_distance=AWAY_DEG, exclusive=True, all_matches=False
    )
    for n in np.setdiff1d(np.arange(len(links)), accompanied):
        link, others = links[n], np.delete(courses, n)
        swapped = shapely.transform(courses[n], lambda xy: xy[:, ::-1])
        away, near = (float(shapely.distance(others, c).min()) for c in (courses[n], swapped))
        if away > AWAY_DEG and near * NEARER < away:
            lon, lat = link.xy[0]
            yield Finding(
                level="error", link=link.id, xy=link.xy,
                message=f"lies at {lon:g}, {lat:g}, far from all other links, and beside them with "
                "its axes swapped",
                repair="write longitude first",
            )  # fmt: skip


def _loops(network: Network) -> Iterator[Finding]:
    for link in network.links:
        if link.start == link.end:
            yield Finding(
                level="remark", link=link.id, xy=link.xy,
                message=f"leads from '{link.start}' to itself, so that no route uses it",
                repair="give one end another node, or leave it out",
            )  # fmt: skip


def _duplicates(network: Network) -> Iterator[Finding]:
    links_between: dict[tuple[str, str, str], list[Link]] = defaultdict(list)
    for link in network.links:
        pair = link.mode, min(link.start, link.end), max(link.start, link.end)
        for other in links_between[pair]:
            if _same_direction(link, other) and _as_long(link, other):
                yield Finding(
                    level="error", link=link.id, xy=link.xy,
                    message=f"joins the same nodes as {other.id}, at the same length",
                    repair="leave one out, or say which is oneway",
                )  # fmt: skip
        links_between[pair].append(link)


def _as_long(link: Link, other: Link) -> bool:
    return abs(link.length_m - other.length_m) <= ALIKE * max(link.length_m, 1.0)


def _same_direction(link: Link, other: Link) -> bool:
    """Tell whether there is a direction and a day in which both lead."""
    if link.oneway and other.oneway and link.start != other.start:
        return False
    return any(
        (a.valid_to is None or b.valid_from is None or b.valid_from < a.valid_to)
        and (b.valid_to is None or a.valid_from is None or a.valid_from < b.valid_to)
        for a in link.statuses
        for b in other.statuses
        if a.status == b.status
    )


def _misspelt_ends(network: Network) -> Iterator[Finding]:
    for link, node, xy, place, apart_m in misspelt_ends(network.links):
        yield Finding(
            level="remark", link=link.id, xy=(xy,),
            message=f"ends at '{node}', which is no place, {apart_m:,.0f} m from the place "
            f"'{place}'",
            repair=f"write {place}, if it is meant",
        )  # fmt: skip


def _detached_parts(network: Network) -> Iterator[Finding]:
    """Yield a finding for each part that no link, open or not, joins to the largest."""
    import networkx as nx

    graph = nx.Graph((link.start, link.end) for link in network.links)
    for nodes in sorted(nx.connected_components(graph), key=len, reverse=True)[1:]:
        listed = ", ".join(sorted(nodes)[:5]) + ", …" * (len(nodes) > 5)
        places = [network.nodes[node] for node in sorted(nodes)]
        several = len(nodes) > 1
        yield Finding(
            level="error", link="", xy=tuple(xy for xy in places if xy is not None),
            message=f"{len(nodes)} node{'s are' if several else ' is'} joined to nothing else: "
            f"{listed}",
            repair="join one to the rest, by a link or a transfer",
        )  # fmt: skip


def _loose_ends(network: Network) -> Iterator[Finding]:
    """Yield each end that no other link continues, though its place has nodes on other layers."""
    ends: dict[Node, list[Link]] = defaultdict(list)
    for link in network.links:
        ends[link.start].append(link)
        ends[link.end].append(link)
    for node, links in ends.items():
        dead_end = len(links) == 1 and len(network.layers[node.place]) > 1
        if dead_end and links[0].mode != "transfer":
            at = network.nodes[node]
            where = f"on layer {node.layer} of {node.place}" if node.layer else f"at {node}"
            others = ", ".join(sorted(set(network.layers[node.place]) - {node}))
            yield Finding(
                level="remark", link=links[0].id, xy=() if at is None else (at,),
                message=f"ends {where}, which no other link and no transfer joins to {others}",
                repair="add a link of mode transfer, if one can change there",
            )  # fmt: skip


def _periods_without_status(network: Network) -> Iterator[Finding]:
    for link in network.links:
        holes: dict[tuple[date | None, date | None], list[str]] = defaultdict(list)
        for users in USERS:
            for forward in (True, False) if not link.oneway else (True,):
                for hole in _holes(link.statuses, users, forward=forward):
                    direction = "" if link.oneway else "forward" if forward else "backward"
                    holes[hole].append(f"{users} {direction}".strip())
        for (begin, end), lacking in holes.items():
            period = f" from {begin} to {end}" if begin and end else f" after {begin}" * bool(begin)
            yield Finding(
                level="error", link=link.id, xy=link.xy,
                message=f"nothing is said of it{_whom(lacking, link)}{period}",
                repair="add a status for them, 'unknown' if need be" if _whom(lacking, link)
                else "add a status, 'unknown' if need be",
            )  # fmt: skip


def _whom(lacking: Sequence[str], link: Link) -> str:
    """Return for whom something lacks, empty if for all; a direction where only one lacks it."""
    ways = ("",) if link.oneway else ("forward", "backward")
    everyone = [f"{users} {way}".strip() for users in USERS for way in ways]
    if sorted(lacking) == sorted(everyone):
        return ""
    whole = [users for users in USERS if all(f"{users} {way}".strip() in lacking for way in ways)]
    single = [entry for entry in lacking if entry.split(" ")[0] not in whole]
    return f" for {', '.join([*whole, *single])}"


def _holes(
    statuses: Iterable[LinkStatus], users: str, *, forward: bool
) -> Iterator[tuple[date | None, date | None]]:
    """Yield the periods, after the first status, of which nothing is said to some users."""
    direction = "forward" if forward else "backward"
    spans = sorted(
        ((s.valid_from, s.valid_to) for s in statuses
         if s.users in ("all", users) and s.direction in ("both", direction)),
        key=lambda span: (span[0] is not None, span[0]),
    )  # fmt: skip
    if not spans:
        # Where nothing at all is said to some, others' last day is where it begins to matter.
        ends = [s.valid_to for s in statuses if s.valid_to and s.direction == "both"]
        one_sided = any(s.users in ("all", users) for s in statuses)
        yield None if one_sided else max(ends, default=None), None
        return
    reached = spans[0][1]
    for _, (begin, end) in pairwise(spans):
        if reached is None:
            return
        if begin is not None and begin > reached:
            yield reached, begin
        reached = None if end is None else max(reached, end)
    if reached is not None:
        yield reached, None


def _unknown_statuses(network: Network) -> Iterator[Finding]:
    for link in network.links:
        if link.status(network.on).status == "unknown":
            yield Finding(
                level="remark", link=link.id, xy=link.xy,
                message=f"its status on {network.on} is unknown",
            )  # fmt: skip
