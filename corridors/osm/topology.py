"""Ways become links: cut where they meet, and joined again where nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.geodesy.earth import ECCENTRICITY_2, SEMI_MAJOR_M
from corridors.osm.read import MISSING, PER_DEGREE

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = [
    "Chains", "Pieces", "Ways", "chained", "courses", "cut", "lengths_m", "pointers",
    "segments_m", "ways_of",
]  # fmt: skip


_SHORT_M, _MOST_LAT = 1000.0, np.radians(80.0)


class Ways(NamedTuple):
    """Ways whose nodes all have a position: `offsets` says where each begins in `node` and `xy`.

    `node` counts the distinct nodes, `nodes` holds their ids; `first` is the index that the first
    node of a way has in the way as it was read; `way` its id, `kind` and `label` its numbers.
    """

    way: Ints
    first: Ints
    kind: Ints
    label: Ints
    offsets: Ints
    node: Ints
    xy: Ints
    nodes: Ints

    def kept(self, wanted: NDArray[np.bool_]) -> Ways:
        """Return some of the ways, with the same numbers of nodes."""
        sizes = np.diff(self.offsets)
        points = np.repeat(wanted, sizes)
        return self._replace(
            way=self.way[wanted], first=self.first[wanted], kind=self.kind[wanted],
            label=self.label[wanted], offsets=np.r_[0, np.cumsum(sizes[wanted])],
            node=self.node[points], xy=self.xy[points],
        )  # fmt: skip


class Pieces(NamedTuple):
    """Stretches of ways between nodes at which something is decided: way, first and last point."""

    way: Ints
    begin: Ints
    end: Ints


class Chains(NamedTuple):
    """Pieces in the order in which links pass them: of link n those from offsets[n]."""

    offsets: Ints
    piece: Ints
    backward: NDArray[np.bool_]

    def most(self, amount: Ints) -> Ints:
        """Return of each link the piece of which there is most."""
        link = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        order = np.lexsort((amount[self.piece], link))
        return self.piece[order[self.offsets[1:] - 1]]


def ways_of(
    columns: tuple[Ints, Ints, Ints, Ints], size: Ints, keys: Ints, xy: Ints
) -> tuple[Ways, int]:
    """Return the stretches of ways whose nodes have positions, and how many ways lost some.

    Parameters
    ----------
    columns : way, first, kind and label of each way.
    keys : of the nodes of the ways, one after the other; distinct ones are distinct nodes.
    """
    owner = np.repeat(np.arange(len(size)), size)
    within = np.arange(len(keys)) - np.repeat(np.cumsum(size) - size, size)
    there = xy[:, 0] != MISSING
    lost = int(np.count_nonzero(np.bincount(owner[~there])))
    # A node repeated at once adds nothing; one that comes back later makes a loop.
    again = np.r_[False, (keys[1:] == keys[:-1]) & (owner[1:] == owner[:-1])][: len(keys)]
    new_run = np.r_[True, (np.diff(owner) != 0) | ~there[:-1] | ~there[1:]][: len(keys)]
    keep = there & ~again
    run = np.cumsum(new_run)[keep]
    owner, within, keys, xy = owner[keep], within[keep], keys[keep], xy[keep]
    begin = np.flatnonzero(np.r_[True, np.diff(run) != 0][: len(run)])
    sizes = np.diff(np.r_[begin, len(run)])
    long = sizes > 1
    points = np.repeat(long, sizes)
    nodes, node = np.unique(keys[points], return_inverse=True)
    begin, sizes = begin[long], sizes[long]
    way, first, kind, label = (column[owner[begin]] for column in columns)
    ways = Ways(
        way=way, first=first + within[begin], kind=kind, label=label,
        offsets=np.r_[0, np.cumsum(sizes)], node=node.astype(np.int32), xy=xy[points], nodes=nodes,
    )  # fmt: skip
    return ways, lost


def cut(ways: Ways, forced: NDArray[np.bool_]) -> Pieces:
    """Return the pieces of ways between ends and nodes that several ways, or one twice, share.

    Parameters
    ----------
    forced : of each point of the ways, whether they are cut there all the same.
    """
    ends = np.zeros(len(ways.node), bool)
    ends[ways.offsets[:-1]] = ends[ways.offsets[1:] - 1] = True
    uses = np.bincount(ways.node, minlength=len(ways.nodes))
    stops = np.flatnonzero(ends | forced | (uses[ways.node] > 1))
    last = np.zeros(len(ways.node), bool)
    last[ways.offsets[1:] - 1] = True
    begins = ~last[stops]
    begin, end = stops[begins], stops[np.flatnonzero(begins) + 1]
    way = np.searchsorted(ways.offsets, begin, side="right") - 1
    return Pieces(way, begin, end)


def chained(
    ways: Ways, pieces: Pieces, alike: Ints, fixed: NDArray[np.bool_], turns: Ints
) -> Chains:
    """Return pieces joined to links where two of a kind meet end to end and nothing else does.

    Links lead the way that all their pieces do, or else as their first piece by id does.

    Parameters
    ----------
    alike : of each piece, a number that both must share.
    fixed : of each node, whether it stays an end of links.
    turns : of each piece 1 if it leads one way only, 0 if both ways.
    """
    count = len(pieces.way)
    # Half-edge 2 p leaves the first point of piece p, 2 p + 1 its last.
    at = np.empty(2 * count, np.int64)
    at[0::2], at[1::2] = ways.node[pieces.begin], ways.node[pieces.end]
    order = np.argsort(at, kind="stable")
    degree = np.bincount(at, minlength=len(ways.nodes))
    first = np.cumsum(degree) - degree
    through = np.flatnonzero((degree == 2) & ~fixed)
    a, b = order[first[through]], order[first[through] + 1]
    p, q = a // 2, b // 2
    # Where one of two leads away from the node only, the other must lead to it.
    out_a, out_b = turns[p] * (1 - 2 * (a % 2)), turns[q] * (1 - 2 * (b % 2))
    fits = (p != q) & (alike[p] == alike[q]) & (out_a == -out_b)
    mate = np.full(2 * count, -1, np.int64)
    mate[a[fits]], mate[b[fits]] = b[fits], a[fits]
    return _led(_chains(mate), turns)


def _led(chains: Chains, turns: Ints) -> Chains:
    """Return links turned to where they lead, or to where the first of their pieces does."""
    sizes = np.diff(chains.offsets)
    if not sizes.size:
        return chains
    lead = np.minimum.reduceat(chains.piece, chains.offsets[:-1])
    one_way = turns[lead] == 1
    at_lead = chains.piece == np.repeat(lead, sizes)
    wrong = chains.backward[at_lead]
    wrong = np.where(one_way, chains.backward[chains.offsets[:-1]], wrong)
    points, _ = pointers(chains.offsets[:-1], sizes, backward=wrong)
    turned = np.repeat(wrong, sizes)
    return Chains(chains.offsets, chains.piece[points], chains.backward[points] ^ turned)


def _chains(mate: Ints) -> Chains:
    """Follow half-edges that are joined from piece to piece."""
    single = (mate[0::2] < 0) & (mate[1::2] < 0)
    mates = mate.tolist()
    done = bytearray(single.tobytes())
    sizes: list[int] = []
    order: list[int] = []
    # First the chains with ends, then the rings.
    ended = np.flatnonzero(~single & ((mate[0::2] < 0) | (mate[1::2] < 0))).tolist()
    for start in [*ended, *np.flatnonzero(~single).tolist()]:
        if done[start]:
            continue
        half = 2 * start if mates[2 * start] < 0 or mates[2 * start + 1] >= 0 else 2 * start + 1
        before = len(order)
        while half >= 0 and not done[half // 2]:
            order.append(half)
            done[half // 2] = 1
            half = mates[half ^ 1]
        sizes.append(len(order) - before)
    singles = 2 * np.flatnonzero(single)
    halves = np.concatenate([singles, np.array(order, np.int64)])
    per_link = np.r_[np.ones(len(singles), np.int64), np.array(sizes, np.int64)]
    return Chains(np.r_[0, np.cumsum(per_link)], halves // 2, halves % 2 == 1)


def pointers(
    begin: Ints, size: Ints, *, backward: NDArray[np.bool_] | None = None
) -> tuple[Ints, Ints]:
    """Return the indices of runs of a size from where each begins, and where they begin in these.

    Parameters
    ----------
    backward : of each run, whether its last index comes first.
    """
    offsets = np.r_[0, np.cumsum(size)]
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], size)
    if backward is None:
        return np.repeat(begin, size) + within, offsets
    first = np.repeat(np.where(backward, begin + size - 1, begin), size)
    return first + within * np.repeat(np.where(backward, -1, 1), size), offsets


def courses(pieces: Pieces, chains: Chains) -> tuple[Ints, Ints]:
    """Return the indices of the points of each link, and where the links begin in them."""
    begin, end = pieces.begin[chains.piece], pieces.end[chains.piece]
    points, starts = pointers(begin, end - begin + 1, backward=chains.backward)
    keep = np.ones(len(points), bool)
    # The first point of a piece is the last of the piece before, but at the beginning of a link.
    keep[starts[:-1]] = False
    keep[starts[chains.offsets[:-1]]] = True
    return points[keep], np.r_[0, np.cumsum(keep)][starts[chains.offsets]]


def lengths_m(xy: Ints, offsets: Ints) -> Floats:
    """Return the geodesic length of each line of points in 1e-7 degree, on WGS84."""
    lengths = np.zeros(len(offsets) - 1)
    # A block at a time: the geodesic of two points takes many numbers.
    begin = 0
    while begin < len(lengths):
        end = max(begin + 1, int(np.searchsorted(offsets, offsets[begin] + (1 << 19))) - 1)
        degrees = xy[offsets[begin] : offsets[end]] / PER_DEGREE
        segment = segments_m(degrees)
        inner = offsets[begin + 1 : end] - offsets[begin]
        segment[inner - 1] = 0.0
        lengths[begin:end] = np.add.reduceat(segment, offsets[begin:end] - offsets[begin])
        begin = end
    return lengths


def segments_m(degrees: Floats) -> Floats:
    """Return the geodesic distance of each point from the next, in metres.

    Shorter ones than `_SHORT_M` are measured on the two circles that osculate the ellipsoid in the
    middle, along the meridian and across it: off by less than the square of the length over that of
    the Earth's radius, and many times faster.
    """
    from borders.geodesy.lonlat import WGS84

    lon, lat = np.radians(degrees).T
    middle = (lat[1:] + lat[:-1]) / 2
    turn = (np.diff(lon) + np.pi) % (2 * np.pi) - np.pi
    w2 = 1 - ECCENTRICITY_2 * np.sin(middle) ** 2
    across = SEMI_MAJOR_M / np.sqrt(w2) * np.cos(middle) * turn
    along = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / w2**1.5 * np.diff(lat)
    metres: Floats = np.hypot(across, along)
    far = np.flatnonzero((metres > _SHORT_M) | (np.abs(middle) > _MOST_LAT))
    if far.size:
        metres[far] = WGS84.inv(*degrees[far].T, *degrees[far + 1].T)[2]
    return metres
