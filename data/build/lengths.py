"""The numbers of the page on lengths: how many published figures, each left out, the others hold.

Renews rows and numbers in `docs/lengths.md`; its words stay.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import network
import route_error
from files import DATA
from published import link_samples, total_samples, track_samples

sys.path.insert(0, str(DATA.parent))

from borders.files import schema
from borders.files.bundle import BUNDLED
from corridors.model.corridor import corridor, corridor_ids
from corridors.model.length import chain_length
from corridors.model.sinuosity import Sample, calibrate, sinuosity
from corridors.network.load import load_network
from corridors.network.route_error import route_error as on_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TARGET = DATA.parent / "docs" / "lengths.md"
# The bound that a length should keep to: 95 % within ±6 %.
GOAL = 0.06
TERRAINS = {"plain": "plains", "hilly": "hills", "mountain": "mountains"}


def left_out(figures: Sequence[Sample], known: Sequence[Sample]) -> tuple[int, list[float]]:
    """Return how many figures the intervals of the others hold, and the half-widths in order."""
    held, widths = 0, []
    for sample in figures:
        factor = calibrate(known, sample.mode, sample.terrain, without=sample.id)
        ground_m = factor.factor * sample.chords_m
        half_m = 1.96 * factor.sigma_m(ground_m)
        held += abs(sample.published_m - sample.guided_m - ground_m) <= half_m
        widths.append(half_m / (ground_m + sample.guided_m))
    return held, sorted(widths)


def _row(name: str, held: int, widths: Sequence[float]) -> str:
    middle, widest = (f"±{100 * w:.1f} %" for w in (widths[len(widths) // 2], widths[-1]))
    goal = "yes" if widths[-1] <= GOAL else "no"
    return f"| {name} | {len(widths)} | {held} | {middle} | {widest} | {goal} |"


def rows() -> Iterator[str]:
    """Return the rows of both tables."""
    links = network.read()
    totals = [
        (f"data/network/totals.csv:{n}", schema.check("total", row, f"totals.csv:{n}"))
        for n, row in enumerate(BUNDLED.rows("network/totals.csv"), 2)
    ]
    chains = [*link_samples(links), *total_samples(links, totals)]
    tracks = track_samples(links)
    yield _row("railways along the railway graph", *left_out(tracks, tracks))
    for terrain, name in TERRAINS.items():
        own = [s for s in chains if (s.mode, s.terrain) == ("road", terrain)]
        yield _row(f"roads in {name}", *left_out(own, chains))
    own = [s for s in chains if s.mode == "rail"]
    yield _row("railways drawn as chains", *left_out(own, chains))
    yield _row("corridors drawn as chains", *corridors())
    distances = route_error.left_out(route_error.distances())
    for kind in ("table", "section", "figure"):
        known = [(d, sigma_m) for d, sigma_m in distances if d.kind == kind]
        held = sum(d.held(sigma_m) for d, sigma_m in known)
        widths = sorted(d.half_m(sigma_m) / d.length_m for d, sigma_m in known)
        middle = 100 * widths[len(widths) // 2]
        yield f"| {kind} | {len(known)} | {held} | ±{middle:.1f} % |"


def corridors() -> tuple[int, list[float]]:
    """Return what `left_out` does for the corridors of published length that are mostly chains."""
    held, widths = 0, []
    for key in corridor_ids():
        line = corridor(key)
        chords_m = sum(piece.drawn_m for piece in line.pieces if not piece.along)
        if line.length.basis != "published" or chords_m <= 0.5 * line.drawn_m:
            continue
        factor = sinuosity(line.mode, line.terrain, without=key)
        measure = chain_length(line.pieces, factor).measure
        held += measure.contains(line.length.value)
        widths.append(measure.percent / 100)
    return held, sorted(widths)


def shares() -> Iterator[float]:
    """Return the share of railways and of roads whose length keeps to the goal, in per cent."""
    for mode in ("rail", "road"):
        links = [link for link in load_network().links if link.mode == mode]
        within = sum(k.length_m for k in links if 1.96 * k.sigma_m <= GOAL * k.length_m)
        yield 100 * within / sum(k.length_m for k in links)


def build() -> int:
    page, renewed = TARGET.read_text("utf-8"), list(rows())
    for row in renewed:
        name = re.escape(row.split(" | ")[0])
        page, n = re.subn(rf"^{name} \|.*$", row, page, flags=re.MULTILINE)
        if n != 1:
            raise ValueError(f"docs/lengths.md: {n} rows begin with {row.split(' | ')[0]!r}")
    rail, road = shares()
    error = on_file()
    for pattern, text in (
        (
            r"By length \d+ % of the railways and \d+ % of the roads",
            f"By length {rail:.0f} % of the railways and {road:.0f} % of the roads",
        ),
        (
            r"100 km of a route miss ±[\d.]+ km",
            f"100 km of a route miss ±{1.96 * error.sigma_100km_m / 1000:.1f} km",
        ),
        (r"its two ends ±[\d.]+ km", f"its two ends ±{1.96 * error.ends_m / 1000:.1f} km"),
    ):
        page, n = re.subn(pattern, text, page)
        if n != 1:
            raise ValueError(f"docs/lengths.md: {n} times {pattern!r}")
    TARGET.write_text(page, "utf-8")
    return len(renewed)


if __name__ == "__main__":
    print(build())
