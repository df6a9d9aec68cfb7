"""What lies within a distance or a time: against networkx and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx
import pytest
from geographiclib.geodesic import Geodesic
from shapely import LineString, Point
from small_network import DAY, link

from borders.errors import AraxesError
from corridors.analysis.reach import reach
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")
RING = (("one", "kars", "tbilisi", 100), ("two", "kars", "ganja", 100),
        ("far", "tbilisi", "ganja", 300))  # fmt: skip


def ring() -> Network:
    made = [link(key, f"{a}.road", f"{b}.road", km) for key, a, b, km in RING]
    return Network(links=tuple(made), on=DAY)


def drawn_m(line) -> float:
    xy = list(line.coords)
    return sum(Geodesic.WGS84.Inverse(y0, x0, y1, x1)["s12"] for (x0, y0), (x1, y1) in pairwise(xy))


@pytest.mark.parametrize(("limit", "parts"), [(99, []), (150, [1 / 6, 1 / 6]), (260, [1.0])])
def test_a_link_reached_from_both_ends_is_drawn_from_both(limit, parts) -> None:
    found = reach("Kars", limit, scenario=NOW, network=ring())
    (whole,) = (one for one in ring().links if one.id == "far")
    lengths = [drawn_m(line) for one, line in found.stretches if one.id == "far"]
    (x0, y0), (x1, y1) = whole.xy
    all_m = Geodesic.WGS84.Inverse(y0, x0, y1, x1)["s12"]
    assert lengths == pytest.approx([part * all_m for part in parts], rel=0.01)
    assert set(found.places) == ({"kars", "tbilisi", "ganja"} if limit > 100 else {"kars"})


@pytest.mark.parametrize(("by", "limit"), [("km", 400), ("hours", 9)])
def test_the_places_within_a_limit_are_those_that_networkx_finds(by, limit) -> None:
    network = load_network()
    graph = networkx.Graph()
    found = reach("Tbilisi", limit, terms=Terms(by=by, modes=("road",)))
    rates = {"plain": 53.3, "hilly": 48, "mountain": 42}
    for one in network.links:
        if one.mode == "road" and one.status(network.on).status == "open":
            hours = one.length_m / 1000 / rates[one.terrain]
            if one.crossing:
                hours += 9.9 if one.delay_h is None else one.delay_h
            graph.add_edge(one.start, one.end, km=one.length_m / 1000, hours=hours)
    truth = networkx.single_source_dijkstra_path_length(graph, "tbilisi.road", limit, weight=by)
    assert {f"{key}.road": cost for key, cost in found.places.items()} == pytest.approx(truth)


def test_the_area_holds_every_stretch_and_five_kilometres_around() -> None:
    table = reach("Kars", 150, scenario=NOW, network=ring()).to_gdf()
    area = table.geometry.iloc[0]
    assert list(table["kind"]) == ["reach", *["route"] * 4]
    assert all(area.contains(line) for line in table.geometry.iloc[1:])
    # West-south-west of Kars, where no road leads.
    kars = ring().links[0].xy[0]
    for away_m, inside in ((4_900, True), (5_100, False)):
        end = Geodesic.WGS84.Direct(kars[1], kars[0], 250, away_m)
        assert area.contains(Point(end["lon2"], end["lat2"])) == inside


def test_rows_add_up_to_the_ground_lengths_of_what_is_reached() -> None:
    found = reach("Kars", 150, scenario=NOW, network=ring())
    rows = found.to_gdf().iloc[1:]
    lengths = rows.groupby("link")["length_m"].sum().to_dict()
    assert lengths == pytest.approx({"one": 100e3, "two": 100e3, "far": 100e3})
    whole = {one.id: one for one in ring().links}
    for row in rows.to_dict("records"):
        one = whole[row["link"]]
        assert row["sigma_m"] == pytest.approx(one.sigma_m * row["length_m"] / one.length_m)


def test_a_part_is_cut_by_distance_on_the_ground_not_by_degrees() -> None:
    bent = replace(ring().links[0], xy=((43.0, 40.0), (43.0, 41.0), (44.2, 41.0)))
    network = Network(links=(bent,), on=DAY)
    ((_, line),) = reach("Kars", 50, scenario=NOW, network=network).stretches
    assert drawn_m(line) == pytest.approx(drawn_m(LineString(bent.xy)) / 2, rel=1e-6)


def test_a_reach_can_be_counted_among_others() -> None:
    found = [reach("Kars", 150, scenario=NOW, network=ring()) for _ in range(2)]
    assert len(set(found)) == 1


@pytest.mark.parametrize("limit", [0, -3, float("inf"), float("nan")])
def test_a_limit_that_is_none_is_refused(limit) -> None:
    with pytest.raises(AraxesError, match="give a positive number"):
        reach("Kars", limit)
