"""Lay the schematic links of a network on the real ways of OpenStreetMap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from borders.geodesy.lonlat import lat_text, lon_text
from borders.measure import Z95, Measure
from corridors.network.compiled import SUFFIX, CompiledNetwork
from corridors.network.ends import end_faults
from corridors.network.link import UNBUILT
from corridors.network.load import load_network
from corridors.osm.kinds import POSITION_SIGMA_M, SOURCE
from corridors.osm.lacking_roads import lacking_roads
from corridors.osm.match import Ride, Unmatched, find
from corridors.osm.network_from_osm import ATTRIBUTION, network_from_osm
from corridors.osm.real_ways import RealWays, usable_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas

    from corridors.network.link import Link, Node
    from corridors.network.network import Network
    from corridors.osm.lacking_roads import LackingRoad
    from corridors.osm.real_ways import End, Usable

__all__ = ["LinkMatch", "Maker", "Refinement", "read_real_ways", "refine"]

SURVEYED = "surveyed"
MODES = ("rail", "road", "ferry")
# Standard error of a path that might be another, for each metre by which these differ: the most
# that extracts teach, of which one is left out at a time (docs/lengths.md; tests/helpers draws).
DOUBT = 0.8
# An extract of which no link lies nearer to its box is one of another region; an assumption.
NEAR_M = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMatch:
    """What became of a link.

    Parameters
    ----------
    link : as it was.
    refined : on its real path; None where it stays as it was.
    outcome : ``matched``; ``differs`` where the lengths differ by more than both errors, at 95 %;
        or ``left`` as it was.
    reason : why it was left, and what else a reader should know.
    outside : it was left because it does not lie in the extract.
    away_m, limit_m : how far the path lies from the drawn line at most, and how far it may.
    ends_m : how far its ends lie from those drawn.
    """

    link: Link
    outcome: str
    refined: Link | None = None
    reason: str = ""
    outside: bool = False
    away_m: float | None = None
    limit_m: float | None = None
    ends_m: tuple[float, float] | None = None

    def row(self) -> dict[str, Any]:
        """Return lengths in km with their 95 % intervals, and distances, as one row of a table."""
        refined, link = self.refined, self.link
        values: dict[str, Any] = {
            "link": link.id, "mode": link.mode, "outcome": self.outcome,
            **_length_values("", link), "basis": link.basis,
        }  # fmt: skip
        empty = dict.fromkeys(("osm_km", "osm_low_km", "osm_high_km"))
        values |= empty if refined is None else _length_values("osm_", refined)
        for key, metres in (("away_km", self.away_m), ("limit_km", self.limit_m)):
            values[key] = None if metres is None else round(metres / 1000, 3)
        return values | {"reason": self.reason}


def _length_values(prefix: str, link: Link) -> dict[str, float]:
    length = Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis)
    metres = {"km": length.value, "low_km": max(0.0, length.low), "high_km": length.high}
    return {f"{prefix}{key}": round(value / 1000, 3) for key, value in metres.items()}


class Maker(NamedTuple):
    """Who made the ways that links are laid on.

    Parameters
    ----------
    name : in a sentence: OpenStreetMap, or what a graph of one's own says of itself.
    source : of links that lie on them; empty if nobody says.
    attribution : to be printed where they are shown; empty likewise.
    """

    name: str = "OpenStreetMap"
    source: str = SOURCE
    attribution: str = ATTRIBUTION

    @property
    def is_osm(self) -> bool:
        """Tell whether they are ways of OpenStreetMap."""
        return self.source == SOURCE

    @property
    def basis(self) -> str:
        """Return how lengths along them are found."""
        return "osm" if self.is_osm else "reach"


_OSM = Maker()


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """A network whose links lie on real paths where an extract has them, and how that came.

    Parameters
    ----------
    network : with the ids, dates and crossings of the one that was refined.
    matches : of each road and railway that was drawn schematically, in order.
    lacking : main roads of the extract that the network has not, the longest first.
    surveyed : how many links were drawn along real paths before, and stay so.
    extracts : name, date and counts of each file.
    maker : who made the ways.
    """

    network: Network
    matches: tuple[LinkMatch, ...]
    lacking: tuple[LackingRoad, ...]
    surveyed: int
    extracts: tuple[dict[str, Any], ...]
    maker: Maker = _OSM

    def __repr__(self) -> str:
        """Return one line: how many links were matched, differ and were left."""
        counts = ", ".join(f"{n} {what}" for what, n in self.counts().items())
        return f"<Refinement of {self.network.name}: {counts}>"

    def counts(self) -> dict[str, int]:
        """Return how many links had each outcome, and how many of those left lie outside."""
        counts = dict.fromkeys(("matched", "differs", "left"), 0)
        for match in self.matches:
            counts[match.outcome] += 1
        return counts | {"outside": sum(match.outside for match in self.matches)}

    def summary(self) -> dict[str, Any]:
        """Return what became of each link, which roads are lacking and of what, for JSON."""
        return {
            **self.counts(), "surveyed": self.surveyed, "extracts": list(self.extracts),
            "attribution": self.maker.attribution, "links": [match.row() for match in self.matches],
            "lacking": [road.row() for road in self.lacking],
        }  # fmt: skip

    def to_gdf(self) -> geopandas.GeoDataFrame:
        """Return a line for each link, real or as drawn, and for each road that is lacking."""
        from shapely import LineString

        from borders.files.features import features_to_gdf

        rows = []
        for match in self.matches:
            link = match.refined or match.link
            rows.append({
                **match.row(), "stated_basis": match.link.basis,
                "id": link.id, "kind": f"link-{match.outcome}",
                "name": f"{link.id}: {match.outcome}", "length_m": link.length_m,
                "sigma_m": link.sigma_m, "source": link.source, "basis": link.basis,
                "geometry_quality": link.geometry_quality, "geometry": LineString(link.xy),
            })  # fmt: skip
        for n, road in enumerate(self.lacking, 1):
            rows.append({
                "id": f"lacking-{n}", "kind": "road-lacking", "name": road.title,
                "length_m": road.length_m, "sigma_m": road.sigma_m, "source": self.maker.source,
                "geometry_quality": SURVEYED, "mode": "road", "outcome": "lacking",
                "basis": self.maker.basis, "reason": "the network lacks it",
                "geometry": road.geometry,
            })  # fmt: skip
        return features_to_gdf(rows)


def refine(
    network: Network | None = None, *sources: str | Path | CompiledNetwork,
    progress: Callable[[int, int], None] | None = None,
) -> Refinement:  # fmt: skip
    """Return a network whose schematic roads, railways and ferries lie on real paths of OSM.

    A link is laid on ways of its mode, of its gauge and built or not as it is, where a path lies
    within its stated position error of the drawn line. It then has the path's length, with basis
    ``osm`` (``reach`` on a graph that is not of OpenStreetMap), and keeps its id, dates, crossing
    and all else; its note says what its length was. Ends of links at one node come to lie at one
    place. All other links stay exactly as they are, and so do those that are drawn along real paths
    already, so that to refine twice changes nothing.

    Parameters
    ----------
    network : the bundled one, if None.
    sources : extracts (.osm.pbf, .osm, .osm.gz, .osm.bz2), or one compiled network (.npz, or as
        `network_from_osm` returns it).
    progress : told how many links of how many are done.

    Raises
    ------
    FileFormatError : a file is missing, damaged or neither.
    AraxesError : there is no extract, nothing in it to drive on, no link to refine, or none that
        lies in it.
    """
    network = network or load_network()
    if isinstance(network, CompiledNetwork):
        message = f"{network.name} holds real ways already: there is nothing to refine"
        raise AraxesError(message)
    osm = read_real_ways(*sources)
    drawn = [link for link in network.links if link.mode in MODES and link.xy]
    wanted = [link for link in drawn if link.geometry_quality != SURVEYED]
    if not wanted:
        if drawn:
            return _nothing_left(network, osm, len(drawn))
        message = f"{network.name} has no road, railway or ferry to refine"
        raise AraxesError(message)
    first = len(wanted) == len(drawn)
    if first and not any(link.position_sigma_m > 0 for link in wanted):
        message = (
            f"none of the {len(wanted)} links of {network.name} states how far it may lie from its "
            "real path; give position_sigma_m, in metres"
        )
        raise AraxesError(message)
    real = _real_ways(osm)
    if first and not any(real.reaches(xy, NEAR_M) for link in wanted for xy in link.xy):
        west, south, east, north = real.bounds
        box = f"{lon_text(west, 2)} to {lon_text(east, 2)}, {lat_text(south, 2)} to "
        box += lat_text(north, 2)
        message = (
            f"none of the {len(wanted)} links of {network.name} lies in {osm.name} ({box}); give "
            "an extract of their region"
        )
        raise AraxesError(message)
    search = _Search(network, real, progress)
    alone = search.alone(wanted)
    refined, matches, left = network, dict[str, LinkMatch](), wanted
    while left:
        found = search.together(left, alone)
        tried = [_match(link, found[link.id], osm, network) for link in left]
        tried = _consistent(tried, refined)
        matches |= {match.link.id: match for match in tried}
        refined = _with(refined, tried)
        # One that was left for the sake of a neighbour may fit now that others have moved.
        some = any(match.refined for match in tried)
        left = [link for link in left if some and matches[link.id].refined is None
                and isinstance(alone[link.id], Ride)]  # fmt: skip
    return Refinement(
        network=refined, matches=tuple(matches[link.id] for link in wanted),
        lacking=lacking_roads(real, refined.links),
        surveyed=len(drawn) - len(wanted), extracts=_extracts(osm), maker=_maker(osm),
    )  # fmt: skip


def read_real_ways(
    *sources: str | Path | CompiledNetwork, progress: Callable[[int, int], None] | None = None
) -> CompiledNetwork:
    """Return what links are to be laid on, as one network.

    Parameters
    ----------
    sources : as for `refine`.
    progress : told how many bytes of how many are read.

    Raises
    ------
    FileFormatError : a file is missing, damaged or neither.
    AraxesError : there is no extract, or nothing in it to drive on.
    """
    if not sources:
        message = "no extract to refine by; give a file, such as georgia.osm.pbf"
        raise AraxesError(message)
    files = [Path(source) for source in sources if isinstance(source, str | Path)]
    compiled: list[Any] = [source for source in sources if not isinstance(source, str | Path)]
    compiled += [load_network(file) for file in files if file.suffix.lower() == SUFFIX]
    if not compiled:
        try:
            return network_from_osm(*files, progress=progress)
        except NoAnswerError as err:
            message = f"{err}; give an extract that holds some"
            raise AraxesError(message) from err
    if len(sources) > 1:
        message = "give extracts, or one compiled network; several compiled ones are not joined"
        raise AraxesError(message)
    (network,) = compiled
    if not isinstance(network, CompiledNetwork) or not network.table.n_ways:
        message = (
            f"{network.name} holds no real ways; give an extract, or a file of "
            "`araxes network import`"
        )
        raise AraxesError(message)
    return network


def _real_ways(osm: CompiledNetwork) -> RealWays:
    return RealWays(osm.table, osm.about.get("places", ()))


def _extracts(osm: CompiledNetwork) -> tuple[dict[str, Any], ...]:
    return tuple(osm.about.get("extracts", ()))


def _maker(osm: CompiledNetwork) -> Maker:
    """Return who made the ways of a network: OpenStreetMap if any are of it, else who it says."""
    stated = osm.about.get("attribution", ATTRIBUTION)
    sources = sorted({kind.get("source", "") for kind in osm.table.kinds})
    if SOURCE in sources:
        return Maker(attribution=stated)
    source = ", ".join(filter(None, sources))
    return Maker(source or osm.name, source, stated)


def _nothing_left(network: Network, osm: CompiledNetwork, count: int) -> Refinement:
    roads = lacking_roads(_real_ways(osm), network.links)
    return Refinement(
        network=network, matches=(), lacking=roads, surveyed=count, extracts=_extracts(osm),
        maker=_maker(osm),
    )  # fmt: skip


class _Search:
    """Searches the paths of links, so that those of one node end at one place."""

    def __init__(
        self, network: Network, real: RealWays, progress: Callable[[int, int], None] | None
    ) -> None:
        self._real = real
        self._on = network.on
        self._progress = progress or (lambda *_: None)

    def alone(self, links: Sequence[Link]) -> dict[str, Ride | Unmatched]:
        """Return the path of each link by its id, or why there is none, whatever the others are."""
        found: dict[str, Ride | Unmatched] = {}
        for n, link in enumerate(links):
            self._progress(n, len(links))
            found[link.id] = self._first(link)
        self._progress(len(links), len(links))
        return found

    def together(
        self, links: Sequence[Link], alone: Mapping[str, Ride | Unmatched]
    ) -> dict[str, Ride | Unmatched]:
        """Return the paths of links with those of one node ending at one place, where they can."""
        agreed = _agreed(links, alone)
        found: dict[str, Ride | Unmatched] = {}
        for link in links:
            ride = alone[link.id]
            if isinstance(ride, Ride):
                ride = self._at_agreed(link, ride, agreed)
            found[link.id] = ride
        return found

    def _by(self, link: Link) -> Usable:
        return usable_by(link, self._on)

    def _first(self, link: Link) -> Ride | Unmatched:
        if link.position_sigma_m <= 0:
            return Unmatched(reason="no position error stated; give position_sigma_m")
        if link.start == link.end:
            return Unmatched(reason="begins where it ends, so that its path is not known")
        return find(self._real, link, self._by(link))

    def _at_agreed(self, link: Link, ride: Ride, agreed: dict[Node, End]) -> Ride:
        """Return the path between the places at which other links of its nodes end, if any is."""
        start, end = agreed[link.start], agreed[link.end]
        if (start.xy, end.xy) == (ride.start.xy, ride.end.xy):
            return ride
        for at in ((start, end), (start, ride.end), (ride.start, end)):
            again = find(self._real, link, self._by(link), at=at)
            if isinstance(again, Ride):
                return again
        return ride


def _agreed(links: Sequence[Link], found: Mapping[str, Ride | Unmatched]) -> dict[Node, End]:
    """Return node → where most of its links end; of several such places the nearest."""
    at: dict[Node, dict[tuple[float, float], list[End]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        ride = found[link.id]
        if isinstance(ride, Ride):
            for node, end in ((link.start, ride.start), (link.end, ride.end)):
                at[node][end.xy].append(end)
    agreed = {}
    for node, by_xy in at.items():
        ends = min(by_xy.values(), key=lambda ends: (-len(ends), ends[0].away_m, ends[0].xy))
        agreed[node] = ends[0]
    return agreed


def _match(
    link: Link, found: Ride | Unmatched, osm: CompiledNetwork, network: Network
) -> LinkMatch:
    """Return what becomes of a link with its path."""
    if isinstance(found, Unmatched):
        return LinkMatch(
            link=link, outcome="left", reason=found.reason, outside=found.outside,
            away_m=found.away_m, limit_m=found.limit_m,
        )  # fmt: skip
    ends_m = found.start.away_m, found.end.away_m
    errors = osm.table.errors
    shared_m = errors.shared * found.length_m
    # Where a place lies beside the way its end is as unsure along the way as it is across; one that
    # the extract does not know by name may itself be elsewhere.
    # Where several ways lead there, it depends on how the line was drawn which of them is taken.
    own_m = hypot(errors.own_m, *ends_m, *found.places_m, DOUBT * found.doubt_m)
    stated = Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis)
    remarks = [f"{metres / 1000:.1f} km are {life} there" for life, metres in found.lives.items()]
    if link.status(network.on).status in UNBUILT:
        remarks.append("not built")
    names = ", ".join(" ".join(filter(None, (e["name"], e["date"]))) for e in _extracts(osm))
    was = f"{stated.basis} {stated.km_text}" + (f", {link.source}" if link.source else "")
    maker = _maker(osm)
    note = f"course and length of {maker.name} ({names or osm.name}); was {was}"
    refined = replace(
        link, length_m=found.length_m, sigma_m=hypot(shared_m, own_m), shared_m=shared_m,
        shared_with=osm.table.shared_with, basis=maker.basis, geometry_quality=SURVEYED,
        position_sigma_m=POSITION_SIGMA_M, source=maker.source, xy=found.xy,
        # What a graph of one's own calls its edges are no ids of OpenStreetMap.
        osm_ways=found.osm_ways if maker.is_osm else (),
        note="; ".join(filter(None, (link.note, note))),
    )  # fmt: skip
    differs = abs(refined.length_m - link.length_m) > Z95 * hypot(refined.sigma_m, link.sigma_m)
    return LinkMatch(
        link=link, refined=refined, outcome="differs" if differs else "matched",
        reason="; ".join(remarks), away_m=found.away_m, limit_m=found.limit_m, ends_m=ends_m,
    )  # fmt: skip


def _consistent(matches: Sequence[LinkMatch], network: Network) -> list[LinkMatch]:
    """Return matches without those whose ends would lie too far from those of their neighbours."""
    kept = list(matches)
    before = _torn(network.links)
    while True:
        torn = _torn(_with(network, kept).links) - before
        wrong = [n for n, match in enumerate(kept) if match.refined and match.link.id in torn]
        if not wrong:
            return kept
        # The one whose ends moved farthest is the one to doubt; the others may then agree.
        n = max(wrong, key=lambda n: max(kept[n].ends_m or (0.0,)))
        kept[n] = LinkMatch(
            link=kept[n].link, outcome="left", away_m=kept[n].away_m, limit_m=kept[n].limit_m,
            reason="too far off: its end would lie apart from those of its neighbours",
        )  # fmt: skip


def _torn(links: Sequence[Link]) -> set[str]:
    """Return the ids of links that end too far from others of their nodes."""
    faults = list(end_faults(links, ""))
    # A fault names one of the two links, and where both end: either may be the one that moved.
    ends = {xy for fault in faults for xy in fault.xy if len(fault.xy) == 2}
    there = {link.id for link in links if link.xy and {link.xy[0], link.xy[-1]} & ends}
    return there | {fault.link.id for fault in faults}


def _with(network: Network, matches: Sequence[LinkMatch]) -> Network:
    """Return a network with the links that were refined in place of the old ones."""
    refined = {m.link.id: m.refined for m in matches if m.refined is not None}
    return replace(network, links=tuple(refined.get(link.id, link) for link in network.links))
