"""Each published length, left out and estimated from the others: how often inside, how wide.

The classes and their numbers are those of the table in docs/lengths.md.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from math import log, sqrt
from pathlib import Path
from statistics import geometric_mean, stdev, variance

import pytest

from borders.files import schema
from borders.files.bundle import BUNDLED
from corridors.model.sinuosity import TERRAINS, Sample, calibrate, samples, sinuosity
from corridors.network.load import load_network

PAGE = (Path(__file__).parents[3] / "docs" / "lengths.md").read_text("utf-8")
# The bound that a length should keep to: 95 % within ±6 %.
GOAL = 0.06


def _totals():
    return [schema.check("total", row, "totals") for row in BUNDLED.rows("network/totals.csv")]


def _build():
    """Return the published links whose course is a chain, those of the graph, and the factors."""
    build = BUNDLED.path("build")
    sys.path.insert(0, str(build))
    try:
        spec = importlib.util.spec_from_file_location("network_build", build / "network.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        links = module.read()
        totals = [(str(n), row) for n, row in enumerate(_totals())]
        chains = [*module.link_samples(links), *module.total_samples(links, totals)]
        known, _, moved = module.measure(links, totals)
        kinds = [(m, t) for m in ("rail", "road", "pipeline") for t in TERRAINS]
        factors = [module.adjusted(calibrate(known, *kind), moved) for kind in kinds]
        return chains, module.track_samples(links), [*factors, calibrate(known, "rail", "graph")]
    finally:
        sys.path.remove(str(build))


CHAINS, TRACKS, FACTORS = _build()
CLASSES = {
    "railways along the railway graph": TRACKS,
    **{
        f"roads in {name}": [s for s in CHAINS if (s.mode, s.terrain) == ("road", terrain)]
        for terrain, name in (("plain", "plains"), ("hilly", "hills"), ("mountain", "mountains"))
    },
    "railways drawn as chains": [s for s in CHAINS if s.mode == "rail"],
}


def left_out(name) -> tuple[int, list[float]]:
    """Return how many lengths the interval of the others holds, and the half-widths in order."""
    figures = CLASSES[name]
    known = TRACKS if figures is TRACKS else CHAINS
    inside, widths = 0, []
    for sample in figures:
        factor = calibrate(known, sample.mode, sample.terrain, without=sample.id)
        ground_m = factor.factor * sample.chords_m
        half_m = 1.96 * factor.sigma_m(ground_m)
        inside += abs(sample.published_m - sample.guided_m - ground_m) <= half_m
        widths.append(half_m / (ground_m + sample.guided_m))
    return inside, sorted(widths)


@pytest.mark.parametrize("name", CLASSES)
def test_a_left_out_length_lies_in_the_interval_that_the_others_give(name):
    inside, widths = left_out(name)
    assert inside >= 0.9 * len(widths)


@pytest.mark.parametrize("name", CLASSES)
def test_the_page_on_lengths_says_what_is_reached(name):
    inside, widths = left_out(name)
    middle, widest = (f"±{100 * w:.1f} %" for w in (widths[len(widths) // 2], widths[-1]))
    goal = "yes" if widths[-1] <= GOAL else "no"
    row = f"| {name} | {len(widths)} | {inside} | {middle} | {widest} | {goal} |"
    assert row in PAGE.splitlines()


def test_the_page_on_lengths_names_no_other_class():
    assert re.findall(r"^\| ([^|]+) \| \d+ \| \d+ \| ±", PAGE, flags=re.MULTILINE) == [
        *CLASSES,
        "corridors drawn as chains",
        # Of routes, which tests/corridors/network/test_route_error.py checks.
        "table",
        "section",
        "figure",
    ]


def test_the_page_on_lengths_says_how_much_of_the_network_keeps_to_six_percent():
    share = {}
    for mode in ("rail", "road"):
        links = [link for link in load_network().links if link.mode == mode]
        within = sum(k.length_m for k in links if 1.96 * k.sigma_m <= GOAL * k.length_m)
        share[mode] = 100 * within / sum(k.length_m for k in links)
    sentence = (
        f"By length {share['rail']:.0f} % of the railways and {share['road']:.0f} % of the roads"
    )
    assert sentence in PAGE


def test_lengths_along_the_railway_graph_keep_to_six_percent():
    _, widths = left_out("railways along the railway graph")
    assert len(widths) >= 25
    assert widths[-1] <= GOAL


@pytest.mark.parametrize("factor", FACTORS, ids=lambda f: f"{f.mode}-{f.terrain}")
def test_the_calibration_on_file_is_that_of_the_links(factor) -> None:
    on_file = sinuosity(factor.mode, factor.terrain)
    assert (on_file.n, on_file.ends_m) == (factor.n, pytest.approx(factor.ends_m, abs=1))
    for part in ("factor", "spread", "shared"):
        assert getattr(on_file, part) == pytest.approx(getattr(factor, part), abs=1e-5)


@pytest.mark.parametrize("mode", ["rail", "road", "pipeline"])
@pytest.mark.parametrize("terrain", TERRAINS)
def test_the_samples_on_file_are_those_of_the_links(mode, terrain) -> None:
    on_file, known = samples(), [*CHAINS, *TRACKS]
    if mode == "pipeline":
        known += [sample for sample in on_file if sample.mode == mode]
    filed, rebuilt = calibrate(on_file, mode, terrain), calibrate(known, mode, terrain)
    assert (filed.n, filed.factor) == (rebuilt.n, pytest.approx(rebuilt.factor, rel=1e-4))


def chains(mode: str, terrain: str, factors: list[float], *, km: float = 100.0) -> list[Sample]:
    """Return samples whose chords make 100 km, unless told otherwise, at these factors."""
    return [
        Sample(id=f"{mode}-{terrain}-{n}", mode=mode, terrain=terrain, chords_m=km * 1000,
               guided_m=0.0, published_m=km * 1000 * factor)
        for n, factor in enumerate(factors)
    ]  # fmt: skip


PLAIN, HILLY = [1.05, 1.1, 1.2, 1.15, 1.3], [1.2, 1.5, 1.25, 1.6, 1.35, 1.4]


def test_a_factor_is_the_geometric_mean_and_its_spread_the_sample_deviation():
    # With one terrain alone there is nothing to shrink the spread towards but itself.
    found = calibrate(chains("road", "plain", PLAIN), "road", "plain")
    deviation = stdev(map(log, PLAIN))
    assert found.n == 5
    assert found.factor == pytest.approx(geometric_mean(PLAIN))
    assert found.spread == pytest.approx(deviation)
    assert found.shared == pytest.approx(deviation / sqrt(5))
    assert found.ends_m == 0


def test_a_spread_is_shrunk_towards_the_one_pooled_within_terrains_as_docs_say():
    known = chains("road", "plain", PLAIN) + chains("road", "hilly", HILLY)
    found = calibrate(known, "road", "hilly")
    own, other = variance(map(log, HILLY)), variance(map(log, PLAIN))
    # The pooled variance of samples of two groups (Student), with the weight of four samples.
    pooled = (5 * own + 4 * other) / 9
    assert found.spread == pytest.approx(sqrt((6 * own + 4 * pooled) / 10))
    assert found.factor == pytest.approx(geometric_mean(HILLY))


def test_a_terrain_of_three_samples_takes_the_factor_of_its_mode():
    known = chains("road", "plain", PLAIN[:3]) + chains("road", "hilly", HILLY)
    assert calibrate(known, "road", "plain").factor == pytest.approx(
        geometric_mean(PLAIN[:3] + HILLY)
    )
    four = chains("road", "plain", PLAIN[:4]) + chains("road", "hilly", HILLY)
    assert calibrate(four, "road", "plain").factor == pytest.approx(geometric_mean(PLAIN[:4]))


def test_short_links_tell_the_error_of_their_ends():
    known = chains("road", "plain", PLAIN)
    usual = geometric_mean(PLAIN)
    # Ten kilometres each: two are as long as expected, two 2 km longer and shorter.
    off = [0.0, 0.0, 0.2, -0.2]
    short = chains("road", "plain", [usual + x for x in off], km=10.0)
    short = [replace(sample, id=f"short-{n}") for n, sample in enumerate(short)]
    found = calibrate([*known, *short], "road", "plain")
    assert (found.n, found.factor) == (5, pytest.approx(usual))
    own_m = sqrt(1 + 1 / 5) * stdev(map(log, PLAIN)) * usual * 10_000
    expected = 2 * 2000**2 / 4 - own_m**2
    assert found.ends_m == pytest.approx(sqrt(expected))
