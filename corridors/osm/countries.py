"""In which countries links lie, and which crossings of borders they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.files.bundle import BUNDLED, layer
from borders.geodesy.lonlat import WGS84
from corridors.model.lent import COUNTRIES
from corridors.network.dated_statuses import LinkStatus
from corridors.network.link_table import PER_DEGREE, LinkColumns, LinkTable
from corridors.network.load import load_network
from corridors.network.open_borders import memberships
from corridors.osm.tags import ROADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.network.link import Link
    from corridors.osm.read import Reading
    from corridors.osm.topology import Ints

__all__ = ["border_vertices", "borders_of", "with_countries"]

# A crossing of ours this far from where a way meets the border may be that way, if countries and
# mode agree; or within two of its own standard errors. Two ways of one class this much farther
# than the nearest are its two carriageways. Assumptions.
MATCH_M, TWIN_M = 1500.0, 300.0
# A border control this near to the border is that of the way; an assumption.
CONTROL_M = 2000.0
# Points of a border that are looked up together.
_CHUNK = 64
# So many times so many points of an area are looked up in the provinces.
_SAMPLE = 40
# Around the data, in degrees: borders are cut off there.
_MARGIN, _WIDE_MARGIN = 0.02, 0.3
# A border that ends is led on as its last so many points lead.
_LED_BY = 5
# Of the countries that the bundled borders part: ISO 3166-1 alpha-3 → alpha-2.
_ALPHA_2 = {
    "ARM": "AM", "AZE": "AZ", "BGR": "BG", "GEO": "GE", "GRC": "GR", "IRN": "IR", "IRQ": "IQ",
    "KAZ": "KZ", "LBN": "LB", "MDA": "MD", "ROU": "RO", "RUS": "RU", "SYR": "SY", "TKM": "TM",
    "TUR": "TR", "UKR": "UA", "UZB": "UZ",
}  # fmt: skip


class BorderLine(NamedTuple):
    """A stretch of border and the countries that it is known to part."""

    line: shapely.LineString
    codes: frozenset[str]


class Meeting(NamedTuple):
    """Where a link goes from one country to another; an unknown country is empty."""

    link: int
    countries: tuple[str, ...]
    lon: float
    lat: float


class Borders(NamedTuple):
    """The borders in and around a table of links: the areas between them, and of which country."""

    lines: list[BorderLine]
    faces: list[shapely.Polygon]
    codes: list[str]


def borders_of(table: LinkTable, reading: Reading) -> Borders | None:
    """Return the borders of what was read, or ours where it has none; None where there is none."""
    if not table.n_ways:
        return None
    frame = _frame(table, _MARGIN)
    lines = [line for line in _border_lines(reading) if line.line.intersects(frame)]
    if not lines:
        # Ours, from farther around: near a border our provinces do not tell its sides apart.
        frame = _frame(table, _WIDE_MARGIN)
        lines = [line for line in _bundled_lines() if line.line.intersects(frame)]
    if not lines:
        return None
    faces, candidates = _faces(lines, frame, _whole(reading))
    return Borders(lines, faces, _named(faces, candidates))


def border_vertices(table: LinkTable, borders: Borders) -> Ints:
    """Return the last vertices before borders and the first behind, in 1e-7 degree, shape (n, 2).

    Where a link goes to and fro over a border, those before and behind all of that.
    """
    vertices = []
    for passing in _passings(table, borders):
        turns = passing.turns
        areas = [passing.area[turns[0][0]], *(passing.area[b] for _, b in turns)]
        if len({*areas}) < len(areas):
            turns = [(turns[0][0], turns[-1][1])]
        begin = table.offsets[passing.link]
        vertices += [begin + k for a, b in turns for k in (a // 2, (b + 1) // 2)]
    return table.xy[np.array(vertices, np.int64)]


def with_countries(
    table: LinkTable, reading: Reading, borders: Borders
) -> tuple[LinkTable, dict[str, int]]:
    """Return links with their countries and crossings, and counts of these.

    A link that crosses a border is open as the crossing of ours that it is, or where both
    countries are in one union; otherwise its status is unknown.
    """
    starts = table.nodes.xy[table.columns.start] / PER_DEGREE
    country = np.array(["", *borders.codes])[_face_of(borders.faces, starts) + 1]
    countries: dict[int, tuple[str, ...]] = {}
    crossings: dict[int, dict[str, Any]] = {}
    meetings = list(_meetings(table, borders))
    links = [table[meeting.link] for meeting in meetings]
    matches = _matches(meetings, links)
    posts = _posts(meetings, links, reading.controls)
    for meeting, link, ours, post in zip(meetings, links, matches, posts, strict=True):
        countries[meeting.link] = tuple(filter(None, meeting.countries))
        crossings[meeting.link] = _crossing(meeting, link, ours, post)
    counts = {
        "border crossings": len(crossings),
        "crossings matched": sum(ours is not None for ours in matches),
    }
    return _rekinded(table, country, countries, crossings), counts


def _frame(table: LinkTable, margin: float) -> shapely.Polygon:
    low, high = table.xy.min(axis=0) / PER_DEGREE, table.xy.max(axis=0) / PER_DEGREE
    return shapely.box(*(low - margin), *(high + margin))


def _border_lines(reading: Reading) -> list[BorderLine]:
    """Return the borders of the extracts of which a country is known."""
    members: dict[int, set[str]] = {}
    for border in reading.borders:
        for way in border.ways:
            members.setdefault(way, set()).add(border.code)
    return [
        BorderLine(shapely.LineString(xy / PER_DEGREE), frozenset(members[way]))
        for way, xy in reading.border_ways.items()
        if len(xy) > 1 and way in members
    ]


def _alpha_2(code: str) -> str:
    """Return the code of two letters; a study's own countries have such already."""
    return _ALPHA_2.get(code, code)


@cache
def _bundled_lines() -> tuple[BorderLine, ...]:
    return tuple(
        BorderLine(part, frozenset(_alpha_2(feature.properties[key]) for key in ("a", "b")))
        for feature in layer("country-borders")
        for part in shapely.get_parts(feature.geometry)
    )


def _whole(reading: Reading) -> dict[str, shapely.Geometry]:
    """Return the areas of countries whose whole border is in the extracts."""
    areas: dict[str, shapely.Geometry] = {}
    for border in reading.borders:
        there = [reading.border_ways[way] for way in border.ways if way in reading.border_ways]
        lines = [shapely.LineString(xy / PER_DEGREE) for xy in there if len(xy) > 1]
        if len(lines) == len(border.ways) > 0:
            area = shapely.build_area(shapely.union_all(lines))
            if not area.is_empty:
                areas[border.code] = area
    return areas


def _faces(
    lines: Sequence[BorderLine], frame: shapely.Polygon, whole: dict[str, shapely.Geometry]
) -> tuple[list[shapely.Polygon], list[frozenset[str]]]:
    """Return the areas between borders and the edge of the data, and the countries each may be.

    They are those that all borders around an area have in common, but for the countries in `whole`,
    of which every area is known.
    """
    drawn = shapely.union_all([line.line for line in lines])
    noded = shapely.union_all([frame.exterior, drawn, *_led_on(drawn, frame)])
    faces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))
    faces = [face for face in faces if frame.intersects(face.representative_point())]
    tree = shapely.STRtree([line.line for line in lines])
    candidates = []
    for face in faces:
        inside = [c for c, area in whole.items() if area.contains(face.representative_point())]
        around = {
            lines[n].codes
            for n in tree.query(face.exterior, predicate="intersects").tolist()
            if lines[n].line.intersection(face.exterior).length > 0
        }
        common = frozenset.intersection(*around) - whole.keys() if around else frozenset()
        # A line of which one country is known has that one on either side.
        sided = len(around) > 1 or len(next(iter(around), ())) > 1
        candidates.append(frozenset(inside) or (common if sided else frozenset()))
    return faces, candidates


def _led_on(drawn: shapely.Geometry, frame: shapely.Polygon) -> list[shapely.LineString]:
    """Return straight lines from where borders end, as they do at a coast, out of the frame."""
    parts = shapely.get_parts(shapely.line_merge(drawn))
    ends: dict[tuple[float, float], list[np.ndarray]] = {}
    for part in parts:
        xy = shapely.get_coordinates(part)
        for course in (xy, xy[::-1]):
            ends.setdefault(tuple(course[0]), []).append(course)
    size = float(np.hypot(*(np.array(frame.bounds[2:]) - frame.bounds[:2])))
    lines = []
    for courses in ends.values():
        course = courses[0]
        move = course[0] - course[min(_LED_BY, len(course) - 1)]
        if len(courses) == 1 and move.any() and shapely.contains_xy(frame, *course[0]):
            lines.append(shapely.LineString([course[0], course[0] + move / np.hypot(*move) * size]))
    return lines


def _named(faces: Sequence[shapely.Polygon], candidates: Sequence[frozenset[str]]) -> list[str]:
    """Return the country of each area, empty where none is known.

    Where a line alone does not say on which side of it which country lies, the provinces do.
    """
    names = []
    for face, codes in zip(faces, candidates, strict=True):
        if len(codes) < 2:
            names.append(next(iter(codes), ""))
            continue
        west, south, east, north = face.bounds
        grid = np.meshgrid(np.linspace(west, east, _SAMPLE), np.linspace(south, north, _SAMPLE))
        points = np.stack(grid, axis=-1).reshape(-1, 2)
        votes = _provinces_of(points[shapely.contains_xy(face, points)], codes)
        names.append(max(votes, key=votes.__getitem__) if votes else "")
    return names


def _provinces_of(points: np.ndarray, codes: frozenset[str]) -> dict[str, int]:
    """Return country → how many points lie in its provinces, of some countries."""
    votes: dict[str, int] = {}
    for feature in layer("provinces"):
        code = feature.properties["country"]
        if code in codes:
            inside = int(shapely.contains_xy(feature.geometry, points).sum())
            votes[code] = votes.get(code, 0) + inside
    return {code: count for code, count in votes.items() if count}


def _face_of(faces: Sequence[shapely.Polygon], xy: np.ndarray) -> np.ndarray:
    """Return the number of the area that each point lies in, -1 in none."""
    number = np.full(len(xy), -1)
    for n, face in enumerate(faces):
        shapely.prepare(face)
        number[shapely.contains_xy(face, xy)] = n
    return number


class _Passing(NamedTuple):
    """A link that leads from one area to another.

    Parameters
    ----------
    points : its vertices and the middles between these, in degrees.
    area : of each point the number of its area, -1 on a border.
    turns : the points before and behind each border.
    """

    link: int
    points: np.ndarray
    area: np.ndarray
    turns: list[tuple[int, int]]


def _passings(table: LinkTable, borders: Borders) -> Iterable[_Passing]:
    """Yield the links that lead from one area to another."""
    for n in _near_borders(table, borders.lines):
        begin, end = table.offsets[n], table.offsets[n + 1]
        xy = table.xy[begin:end] / PER_DEGREE
        # Vertices and what lies between: those of a way drawn as the border lie on no side.
        points = np.empty((2 * len(xy) - 1, 2))
        points[0::2], points[1::2] = xy, (xy[:-1] + xy[1:]) / 2
        area = _face_of(borders.faces, points)
        known = np.flatnonzero(area >= 0).tolist()
        # A way along the border is on neither side; what dips across and comes back stays.
        if known and area[known[0]] != area[known[-1]]:
            turns = [(a, b) for a, b in pairwise(known) if area[a] != area[b]]
            yield _Passing(n, points, area, turns)


def _meetings(table: LinkTable, borders: Borders) -> Iterable[Meeting]:
    """Yield the links that go from one area to another, and where."""
    for link, points, area, turns in _passings(table, borders):
        before, behind = turns[0]
        at = _between(borders.faces[area[before]], points[before], points[behind])
        passed = [borders.codes[area[k]] for k in (before, *(b for _, b in turns))]
        countries = _passed(passed, _pair_at(borders.lines, at))
        yield Meeting(link, countries, float(at[0]), float(at[1]))


def _pair_at(lines: Sequence[BorderLine], at: np.ndarray) -> frozenset[str]:
    """Return the countries that the border nearest to a place parts."""
    here = shapely.Point(at)
    return min(lines, key=lambda line: line.line.distance(here)).codes


def _passed(codes: Sequence[str], pair: frozenset[str]) -> tuple[str, ...]:
    """Return countries in order, one that is unknown as the other one of the border."""
    if not any(codes):
        return tuple(sorted(pair))
    passed = []
    for n, code in enumerate(codes):
        others = pair - {c for m, c in enumerate(codes) if m != n}
        passed.append(code or (next(iter(others)) if len(others) == 1 else ""))
    return tuple(dict.fromkeys(passed))


def _between(face: shapely.Polygon, inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Return where a straight line leaves an area, to a thousandth of its length."""
    for _ in range(10):
        middle = (inside + outside) / 2
        if shapely.contains_xy(face, *middle):
            inside = middle
        else:
            outside = middle
    return outside


def _near_borders(table: LinkTable, lines: Sequence[BorderLine]) -> list[int]:
    """Return the links whose boxes meet a piece of a border."""
    count = table.n_ways
    offsets = table.offsets[:count]
    if not count:
        return []
    low = np.minimum.reduceat(table.xy, offsets) / PER_DEGREE
    high = np.maximum.reduceat(table.xy, offsets) / PER_DEGREE
    pieces = []
    for line in lines:
        xy = shapely.get_coordinates(line.line)
        cuts = range(0, max(1, len(xy) - 1), _CHUNK)
        pieces += [shapely.LineString(xy[k : k + _CHUNK + 1]) for k in cuts]
    boxes = shapely.bounds(np.array(pieces))
    extent = np.r_[boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]
    near = np.flatnonzero(((high >= extent[:2]) & (low <= extent[2:])).all(axis=1))
    tree = shapely.STRtree(pieces)
    found, _ = tree.query(shapely.box(*low[near].T, *high[near].T), predicate="intersects")
    return [int(n) for n in near[np.unique(found)]]


class _Match(NamedTuple):
    """A crossing of ours near a meeting; the best road there has the smallest `rank`."""

    ours: Link
    rank: tuple[int, float]


def _matches(meetings: Sequence[Meeting], links: Sequence[Link]) -> list[Link | None]:
    """Return the crossing of ours that each meeting is, None if it is none.

    Of several ways near a crossing those of the most important class are it: what crosses the
    border beside a gate is not open because the gate is.
    """
    found = [_nearest(meeting, link) for meeting, link in zip(meetings, links, strict=True)]
    best: dict[tuple[str | None, str], tuple[int, float]] = {}
    for match in found:
        if match is not None:
            key = match.ours.crossing, match.ours.mode
            best[key] = min(best.get(key, match.rank), match.rank)
    matches: list[Link | None] = []
    for match in found:
        is_best = match is not None and (
            match.rank[0] == best[match.ours.crossing, match.ours.mode][0]
            and match.rank[1] - best[match.ours.crossing, match.ours.mode][1] <= TWIN_M
        )
        matches.append(match.ours if match is not None and is_best else None)
    return matches


def _nearest(meeting: Meeting, link: Link) -> _Match | None:
    # Crossings of ours lie between countries of the region, those of a study between any; reading
    # the network would take a small extract's import a fifth of its time.
    if BUNDLED.over is None and not COUNTRIES.issuperset(meeting.countries):
        return None
    road = link.way_class.removesuffix("_link")
    rank = ROADS.index(road) if road in ROADS else 0
    near = [
        (away_m, ours)
        for ours in _our_crossings()
        if ours.mode == link.mode
        and set(ours.countries) == set(meeting.countries)
        and (away_m := _away_m(ours, meeting)) <= max(MATCH_M, 2 * ours.position_sigma_m)
    ]
    if not near:
        return None
    away_m, ours = min(near, key=lambda pair: pair[0])
    return _Match(ours, (rank, away_m))


@cache
def _our_crossings() -> tuple[Link, ...]:
    links = load_network().links
    return tuple(link for link in links if link.crossing and link.xy and link.mode != "transfer")


def _away_m(link: Link, meeting: Meeting) -> float:
    """Return how far from a crossing of ours, as drawn, a place is; true to a few metres."""
    narrow = np.cos(np.radians(meeting.lat))
    course = shapely.LineString(np.array(link.xy) * (narrow, 1.0))
    at = course.interpolate(course.project(shapely.Point(meeting.lon * narrow, meeting.lat)))
    return float(WGS84.inv(at.x / narrow, at.y, meeting.lon, meeting.lat)[2])


def _crossing(meeting: Meeting, link: Link, ours: Link | None, post: str) -> dict[str, Any]:
    """Return the attributes that a link has as a crossing."""
    if ours is not None:
        # In the direction of the link; ours may be drawn the other way.
        turned = ours.countries[:1] != meeting.countries[:1]
        statuses = [_turned(s) if turned else s for s in ours.statuses]
        keys = ("crossing", "delay_h", "delay_passengers_h", "delay_state", "cost_usd_t")
        row = {key: getattr(ours, key) for key in keys}
    else:
        statuses = _union_statuses(tuple(filter(None, meeting.countries)))
        row = {"crossing": post or link.id}
    row = {key: value for key, value in row.items() if value not in (None, "")}
    return {**row, "statuses": _combined(link.statuses, statuses)}


def _turned(status: LinkStatus) -> LinkStatus:
    other = {"forward": "backward", "backward": "forward"}
    return replace(status, direction=other.get(status.direction, status.direction))


def _combined(own: Sequence[LinkStatus], border: Sequence[LinkStatus]) -> tuple[LinkStatus, ...]:
    """Return the statuses of a border on a way that has some of its own."""
    if any(s.status != "open" and (s.users, s.direction) == ("all", "both") for s in own):
        return tuple(own)
    shut = [s for s in own if s.status == "closed" and s.users != "all"]
    rows = [s for s in border if s.users not in {status.users for status in shut}]
    return (*rows, *shut)


def _union_statuses(countries: tuple[str, ...]) -> list[LinkStatus]:
    """Return when a border lay in a union; at other times its status is unknown."""
    rows: dict[str, list[LinkStatus]] = {}
    for union in dict.fromkeys(m.union for m in memberships()):
        members = [m for m in memberships() if m.union == union and m.country in countries]
        for users in ("freight", "third-country", "passengers"):
            inside = [m for m in members if m.concerns(users)]
            if len(countries) > 1 and {m.country for m in inside} == set(countries):
                begin = max((m.valid_from for m in inside if m.valid_from), default=None)
                end = min((m.valid_to for m in inside if m.valid_to), default=None)
                rows.setdefault(users, []).append(
                    LinkStatus(status="open", valid_from=begin, valid_to=end, users=users,
                               source=inside[0].source, state=inside[0].state, note=union)
                )  # fmt: skip
    laid = [status for opened in rows.values() for status in _end_to_end(opened)]
    return laid or [LinkStatus(status="unknown")]


def _end_to_end(opened: Sequence[LinkStatus]) -> list[LinkStatus]:
    """Return statuses of some users in order of time, without overlaps and gaps.

    Of two at once the earlier one lasts; between two it is unknown.
    """
    laid: list[LinkStatus] = []
    for status in sorted(opened, key=lambda s: s.valid_from or date.min):
        begin, end = status.valid_from, status.valid_to
        before = laid[-1].valid_to if laid else None
        if laid and (before is None or (end is not None and end <= before)):
            continue
        if before is not None and (begin is None or begin < before):
            begin = before
        elif before is not None and begin is not None and begin > before:
            laid.append(LinkStatus(status="unknown", valid_from=before, valid_to=begin,
                                   users=status.users))  # fmt: skip
        if begin is None or end is None or begin < end:
            laid.append(replace(status, valid_from=begin))
    return laid


def _posts(
    meetings: Sequence[Meeting], links: Sequence[Link], controls: dict[int, tuple[float, float]]
) -> list[str]:
    """Return of each meeting the node of its border control, empty if there is none.

    A control is that of the road that crosses the border nearest to it, and of its twin.
    """
    posts = [""] * len(meetings)
    roads = [n for n, link in enumerate(links) if link.mode == "road"]
    if not roads:
        return posts
    xy = np.array([(meetings[n].lon, meetings[n].lat) for n in roads])
    for node, (lon, lat) in controls.items():
        here = np.full(len(xy), lon), np.full(len(xy), lat)
        away_m = WGS84.inv(*here, *xy.T)[2]
        for n, metres in zip(roads, away_m.tolist(), strict=True):
            if metres <= min(CONTROL_M, away_m.min() + TWIN_M) and not posts[n]:
                posts[n] = f"n{node}"
    return posts


def _rekinded(
    table: LinkTable, country: np.ndarray, countries: dict[int, tuple[str, ...]],
    crossings: dict[int, dict[str, Any]],
) -> LinkTable:  # fmt: skip
    """Return a table whose kinds of links tell countries and crossings too."""
    codes, code = np.unique(country, return_inverse=True)
    pairs, kind = np.unique(
        np.stack([table.columns.kind, code.ravel()], axis=1), axis=0, return_inverse=True
    )
    kind = kind.ravel().astype(np.int32)
    kinds = [
        {**table.kinds[k], **({"countries": (str(codes[c]),)} if codes[c] else {})}
        for k, c in pairs.tolist()
    ]
    for n, row in crossings.items():
        kinds.append({**table.kinds[int(table.columns.kind[n])], "countries": countries[n], **row})
        kind[n] = len(kinds) - 1
    columns = {key: getattr(table.columns, key) for key in LinkColumns.__dataclass_fields__}
    return replace(table, columns=LinkColumns(**columns | {"kind": kind}), kinds=tuple(kinds))
