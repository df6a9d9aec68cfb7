"""What a route misses besides the errors of its links, and what makes several links surer."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from dataclasses import replace
from math import hypot
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from borders.files.bundle import BUNDLED
from corridors.network.estimate import length_of, route_length, total
from corridors.network.link import Link
from corridors.network.load import load_network
from corridors.network.rates import Rates
from corridors.network.route_error import route_error
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

PAGE = (Path(__file__).parents[3] / "docs" / "lengths.md").read_text("utf-8")
ROADS = Terms(modes=("road", "ferry"))
LINKS = {link.id: link for link in load_network().links}


def _build():
    build = BUNDLED.path("build")
    sys.path.insert(0, str(build))
    try:
        spec = importlib.util.spec_from_file_location("route_error_build", build / "route_error.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module, module.distances()
    finally:
        sys.path.remove(str(build))


BUILD, DISTANCES = _build()
LEFT_OUT = BUILD.left_out(DISTANCES)


def road(key: str, length_m: float, **more) -> Link:
    known = {"mode": "road", "sigma_m": 0.0, "geometry_quality": "schematic"}
    return Link(id=key, start=f"{key}a", end=f"{key}b", length_m=length_m, **(known | more))


@pytest.mark.parametrize("kind", ["table", "section", "figure"])
def test_the_page_on_lengths_says_how_many_left_out_distances_are_held(kind) -> None:
    own = [(d, sigma_m) for d, sigma_m in LEFT_OUT if d.kind == kind]
    held = sum(d.held(sigma_m) for d, sigma_m in own)
    widths = sorted(d.half_m(sigma_m) / d.length_m for d, sigma_m in own)
    row = f"| {kind} | {len(own)} | {held} | ±{100 * widths[len(widths) // 2]:.1f} % |"
    assert row in PAGE.splitlines()


def test_most_left_out_distances_are_held() -> None:
    assert sum(d.held(sigma_m) for d, sigma_m in LEFT_OUT) >= 0.9 * len(LEFT_OUT)


def test_the_error_on_file_is_that_of_the_distances() -> None:
    assert route_error().n == len(DISTANCES)
    assert route_error().sigma_100km_m == pytest.approx(BUILD.fit(DISTANCES), abs=0.5)
    assert route_error().ends_m == BUILD.ENDS_M
    assert route_error().detour == pytest.approx(BUILD.farthest(DISTANCES), abs=1e-3)


def test_what_is_held_out_is_no_length_of_the_network() -> None:
    ends = {frozenset((a.start.place, a.end.place)) for a in LINKS.values() if a.mode == "road"}
    names = {row["id"] for row in BUNDLED.rows("network/totals.csv")}
    with BUNDLED.path("context/road_distances.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            a, b = row["origin"], row["destination"]
            if row["use"] == "held-out" and row["source"] == "kgm-distances":
                assert frozenset((a, b)) not in ends
                assert not {f"{a}-{b}", f"{b}-{a}"} & names


def test_a_route_is_less_sure_than_its_links_and_they_are_as_they_were() -> None:
    way = route("Kars", "Igdir", terms=ROADS)
    _, links = length_of(way.links)
    missed = route_error().sigma_100km_m * (way.length.value / 100_000) ** 0.5
    assert way.length.sigma == pytest.approx(hypot(links, missed, route_error().ends_m))


def test_nothing_is_missed_on_rails_and_on_courses_drawn_in_full() -> None:
    links = [road("a", 9e4, mode="rail"), road("b", 9e4, geometry_quality="surveyed")]
    assert route_length(links) == (1.8e5, 0.0)


@given(st.lists(st.floats(1e3, 3e5), min_size=1, max_size=6), st.integers(0, 6))
def test_what_two_routes_share_cancels(lengths_m, n) -> None:
    links = [road(f"r{k}", length_m) for k, length_m in enumerate(lengths_m)]
    shared, apart = links[:n], links[n:]
    other = road("other", 5e4)
    _, sigma = route_length([*shared, *apart], less=[*shared, other])
    # The ends of a route are those of the other.
    both = route_length([*apart, other])[1]
    assert hypot(sigma, route_error().ends_m) == pytest.approx(both)
    assert route_length(links, less=links) == (0.0, 0.0)
    estimate = total("km", [(1.0, links, Rates({})), (-1.0, [*shared, other], Rates({}))])
    assert estimate.high - estimate.value == pytest.approx(1.959964 * sigma, rel=1e-4)


@given(st.lists(st.tuples(st.floats(1e3, 3e5), st.floats(0.001, 0.02)), min_size=2, max_size=6))
def test_errors_of_one_table_add_up(parts) -> None:
    links = [
        road(f"r{n}", m, sigma_m=share * m, shared_m=share * m, shared_with="table.one")
        for n, (m, share) in enumerate(parts)
    ]
    assert length_of(links)[1] == pytest.approx(sum(link.sigma_m for link in links))
    apart = [replace(link, shared_with=f"table.{link.id}") for link in links]
    assert length_of(apart)[1] == pytest.approx(hypot(*(link.sigma_m for link in links)))


def test_roads_that_a_published_length_spans_are_together_as_sure_as_it() -> None:
    row = next(row for row in BUNDLED.rows("network/totals.csv") if row["id"] == "agri-van")
    links = [LINKS[key] for key in row["links"].split()]
    length_m, sigma_m = length_of(links)
    assert length_m == pytest.approx(1000 * float(row["length_km"]), rel=0.01)
    assert sigma_m == 1000 * float(row["sigma_km"]) < hypot(*(link.sigma_m for link in links))
    assert length_of(links[:-1])[1] > sigma_m
    longer = [replace(links[0], length_m=links[0].length_m + 50_000), *links[1:]]
    assert length_of(longer)[1] > sigma_m


def test_the_page_on_lengths_says_what_a_route_misses() -> None:
    (said,) = re.findall(r"100 km of a route miss ±([\d.]+) km", PAGE)
    assert float(said) == pytest.approx(1.96 * route_error().sigma_100km_m / 1000, abs=0.05)
    (said,) = re.findall(r"its two ends ±([\d.]+) km", PAGE)
    assert float(said) == pytest.approx(1.96 * route_error().ends_m / 1000, abs=0.05)
