"""What lies within a distance or a time: against networkx and by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import networkx
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from raw_network import DATA, raw_assumptions, raw_graph, raw_links, raw_status
from shapely import LineString, Point, get_coordinates
from small_network import DAY, link

from borders.errors import AraxesError, NoAnswerError
from corridors.analysis.access import access
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
    found = reach("Tbilisi", limit, terms=Terms(by=by, modes=("road",)))
    graph = raw_graph("road", day=network.on.isoformat())
    truth = networkx.single_source_dijkstra_path_length(graph, "tbilisi.road", limit, weight=by)
    assert {f"{key}.road": cost for key, cost in found.places.items()} == pytest.approx(
        {node: cost for node, cost in truth.items() if node.endswith(".road")}
    )


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


@pytest.mark.parametrize("limit", [0, -3, float("inf"), float("nan"), "3"])
def test_a_limit_that_is_none_is_refused(limit) -> None:
    with pytest.raises(AraxesError, match="give a positive number"):
        reach("Kars", limit)


@pytest.mark.parametrize("ask", [reach, access])
def test_a_place_without_links_of_the_modes_asked_for_has_no_answer_and_a_neighbour_is_named(ask):
    ends = [row[end] for row in raw_links() for end in ("from", "to")]
    assert not [end for end in ends if end.startswith(("ilica.rail", "ilica_st."))]
    with pytest.raises(NoAnswerError, match=r"no link by rail begins at Ilıca; 'erzurum'"):
        ask("Ilıca", 50, terms=Terms(modes=("rail",)))


def raw_stretch_km(origin: str, limit_km: float, *choices: tuple[str, ...]) -> dict[str, float]:
    """Return link → kilometres reached, by networkx over the files."""
    parts: dict[str, list[float]] = {}
    for modes in choices:
        graph = raw_graph(*modes)
        starts = [node for node in graph if node.rpartition(".")[0] == origin]
        reached: dict[str, float] = {}
        for start in starts:
            found = networkx.single_source_dijkstra_path_length(graph, start, weight="km")
            reached |= {node: min(km, reached.get(node, km)) for node, km in found.items()}
        for row in raw_links():
            if row["mode"] not in modes:
                continue
            for end, forward in enumerate((True, False)):
                node = row["from"] if forward else row["to"]
                left = limit_km - reached.get(node, np.inf)
                if left > 0 and raw_status(row, forward=forward) == "open":
                    both = parts.setdefault(row["id"], [0.0, 0.0])
                    both[end] = max(both[end], min(1.0, left / (row["length_m"] / 1000)))
    km = {row["id"]: row["length_m"] / 1000 for row in raw_links()}
    return {key: km[key] * min(1.0, sum(both)) for key, both in parts.items()}


def shares(found) -> dict[str, float]:
    """Return link → the part of its course that is drawn as reached."""
    drawn: dict[str, float] = {}
    for one, line in found.stretches:
        share = drawn_m(line) / drawn_m(LineString(one.xy))
        assert 0 < share <= 1 + 1e-9
        drawn[one.id] = drawn.get(one.id, 0.0) + share
    return drawn


@pytest.mark.parametrize("origin", ["kars", "nakhchivan"])
def test_no_stretch_lies_on_a_link_that_is_closed_and_all_are_as_long_as_in_the_files(
    origin,
) -> None:
    found = reach(origin, 200)
    truth = raw_stretch_km(origin, 200, ("road", "ferry"), ("rail", "ferry"))
    raw = {row["id"]: row for row in raw_links()}
    km = {key: share * raw[key]["length_m"] / 1000 for key, share in shares(found).items()}
    for key in km:
        assert "open" in {raw_status(raw[key], forward=forward) for forward in (True, False)}, key
    # Stretches shorter than a centimetre are left out.
    assert km == pytest.approx({key: value for key, value in truth.items() if value > 2e-5})
    assert sum(km.values()) == pytest.approx(sum(truth.values()))


def test_a_one_way_link_is_reached_from_its_beginning_alone() -> None:
    one_way = link("one", "kars.road", "igdir.road", 100)
    statuses = (replace(one_way.statuses[0], direction="forward"),)
    network = Network(links=(replace(one_way, statuses=statuses),), on=DAY)
    assert shares(reach("Kars", 25, scenario=NOW, network=network)) == pytest.approx({"one": 0.25})
    assert reach("Iğdır", 25, scenario=NOW, network=network).stretches == ()


def border_of(one: str, other: str):
    """Return today's border of two countries as the file draws it."""
    features = json.loads((DATA / "guides/borders.geojson").read_text("utf-8"))["features"]
    pair = {one, other}
    return [
        LineString(feature["geometry"]["coordinates"])
        for feature in features
        if {feature["properties"]["a"], feature["properties"]["b"]} == pair
    ]


# Kars to Gyumri in a straight line of 80 km: at 48 km/h in hills, and 9.9 h at the border.
CROSSING = link("over", "kars.road", "gyumri.road", 80, crossing="x-akyaka")


@pytest.mark.parametrize("origin", ["kars", "gyumri"])
def test_the_delay_of_a_crossing_is_lost_at_the_border(origin) -> None:
    network = Network(links=(CROSSING,), on=DAY)
    course, (border,) = LineString(CROSSING.xy), border_of("TUR", "ARM")
    met = course.intersection(border)
    at = get_coordinates(met)[len(get_coordinates(met)) // 2]
    from_kars = drawn_m(LineString([CROSSING.xy[0], tuple(at)])) / drawn_m(course)
    before = from_kars if origin == "kars" else 1 - from_kars
    driving_h = 80 / raw_assumptions()["speed_kmh.road.hilly"]
    stop_h = raw_assumptions()["delay_h.crossing.road.freight"]
    cases = {
        0.4 * before * driving_h: 0.4 * before,
        before * driving_h + 0.1: before,
        before * driving_h + stop_h - 0.1: before,
        before * driving_h + stop_h + 0.1: before + 0.1 / driving_h,
    }
    for hours, share in cases.items():
        found = reach(origin, hours, scenario=NOW, network=network, terms=Terms(by="hours"))
        assert shares(found) == pytest.approx({"over": share}, abs=1e-4)
        assert set(found.places) == {origin}
        ((_, line),) = found.stretches
        if share == before:
            ends = [Point(line.coords[0]), Point(line.coords[-1])]
            assert min(border.distance(end) for end in ends) < 5e-4


def test_from_both_sides_of_a_border_everything_up_to_it_is_reached() -> None:
    links = (CROSSING, link("round", "kars.road", "gyumri.road", 81, crossing="x-akyaka",
                            delay_h=0.0))  # fmt: skip
    network = Network(links=links, on=DAY)
    found = reach("Kars", 4, scenario=NOW, network=network, terms=Terms(by="hours"))
    assert shares(found) == pytest.approx({"over": 1.0, "round": 1.0}, abs=1e-6)


def test_a_fee_is_paid_at_the_border_and_kilometres_know_no_delay() -> None:
    network = Network(links=(replace(CROSSING, cost_usd_t=100.0),), on=DAY)
    by_cost = reach("Kars", 90, scenario=NOW, network=network, terms=Terms(by="cost"))
    by_hours = reach("Kars", 9, scenario=NOW, network=network, terms=Terms(by="hours"))
    assert shares(by_cost) == pytest.approx(shares(by_hours), abs=1e-6)
    by_km = reach("Kars", 20, scenario=NOW, network=network)
    assert shares(by_km) == pytest.approx({"over": 0.25})


def test_a_ferry_is_waited_for_at_the_quay() -> None:
    sail_h = 44 / raw_assumptions()["speed_kmh.ferry"]
    wait_h = raw_assumptions()["delay_h.crossing.ferry"]
    sea = link("sea", "alat.ferry", "aktau.ferry", 44, crossing="x-sea")
    network = Network(links=(sea,), on=DAY)
    asked = {"scenario": NOW, "network": network, "terms": Terms(by="hours", modes=("ferry",))}
    for origin in ("alat", "aktau"):
        assert reach(origin, wait_h - 1, **asked).stretches == ()
        assert shares(reach(origin, wait_h + sail_h / 2, **asked)) == pytest.approx({"sea": 0.5})


def test_where_the_border_is_not_known_it_is_taken_to_be_in_the_middle() -> None:
    abroad = replace(CROSSING, countries=("GE", "RU"))
    network = Network(links=(abroad,), on=DAY)
    found = reach("Kars", 5, scenario=NOW, network=network, terms=Terms(by="hours"))
    assert shares(found) == pytest.approx({"over": 0.5})
