"""Schematic links on real paths: lengths against geographiclib, and what is no path of a link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings, strategies as st
from osm_files import Drawn
from real_paths import Ground, schematic, true_m, winding
from shapely import LineString

from borders.errors import AraxesError
from corridors import LinkStatus, Network, load_network, refine
from corridors.network.compiled import write_compiled
from corridors.osm.network_from_osm import network_from_osm
from maps.layers.refinement import refinement_layers
from maps.tables.refinement import markdown_lines

A, B = (44.0, 40.0), (44.12, 40.03)
ROAD = winding(A, B)
SCALE = np.array([np.cos(np.radians(39.7)), 1.0]) * 111_195
DAY = date(2026, 6, 1)


def network(*links):
    return Network(links=links, on=DAY, name="ours")


@pytest.fixture
def refined(tmp_path):
    """Return a function that refines links by a drawing."""

    def make(ground, *links, tagged=None):
        drawing = Drawn(ground.nodes, ground.ways, tagged or {})
        file = drawing.write(tmp_path / "x.osm.pbf", stamp="2026-05-01T00:00:00Z")
        return refine(network(*links), file)

    return make


def ground(*ways):
    drawn = Ground()
    for points, tags in ways:
        drawn.add(points, **tags)
    return drawn


def rail_with(gauge="1520", **tags):
    return {"railway": "rail", "gauge": gauge, **tags}


def shifted(points, metres):
    """Return a line to the north."""
    return np.round(points + np.array([0, metres / 111_195]), 7)


def test_a_road_gets_the_true_length_of_its_real_path(refined):
    link = schematic("x", [A, B], length_m=true_m(ROAD) * 1.05, sigma_m=600.0, note="M1")
    result = refined(ground((ROAD, {"highway": "trunk"})), link)
    (match,), (new,) = result.matches, result.network.links
    assert match.outcome == "matched"
    assert new.length_m == pytest.approx(true_m(ROAD), rel=1e-9)
    assert new.xy == tuple(map(tuple, ROAD.tolist()))
    assert (new.id, new.start, new.end, new.statuses) == (
        link.id, link.start, link.end, link.statuses
    )  # fmt: skip
    assert (new.basis, new.geometry_quality, new.source) == ("osm", "surveyed", "openstreetmap")
    # As an import has it: half a percent that all links of an extract share, and 5 m.
    assert new.shared_m == pytest.approx(0.005 * new.length_m)
    assert new.sigma_m == pytest.approx(np.hypot(new.shared_m, 5.0))
    assert new.note == (
        f"M1; course and length of OpenStreetMap (x.osm.pbf 2026-05-01); was chain "
        f"{link.length_m / 1000:.1f} km ({link.length_m / 1000 - 1.176:.1f}–"
        f"{link.length_m / 1000 + 1.176:.1f})"
    )


def test_a_link_keeps_the_ids_of_the_ways_of_its_path_in_order(refined):
    half = len(ROAD) // 2
    link = schematic("x", [A, B], length_m=true_m(ROAD), sigma_m=600.0)
    # Drawn towards each other, and a third way that turns off where they meet.
    drawn = ground(
        (ROAD[half:][::-1], {"highway": "trunk"}), (ROAD[: half + 1], {"highway": "trunk"}),
        (ROAD[half] + np.array([[0.0, 0.0], [0.0, 0.05]]), {"highway": "trunk"}),
    )  # fmt: skip
    (new,) = refined(drawn, link).network.links
    assert new.osm_ways == (2, 1)
    (back,) = refined(drawn, replace(link, xy=link.xy[::-1])).network.links
    assert back.osm_ways == (1, 2)


def test_a_length_that_differs_by_more_than_both_errors_is_told_with_both_numbers(refined):
    link = schematic("x", [A, B], length_m=15_000.0, sigma_m=500.0)
    (match,) = refined(ground((ROAD, {"highway": "trunk"})), link).matches
    assert match.outcome == "differs"
    row = match.row()
    assert (row["km"], row["osm_km"]) == (15.0, round(true_m(ROAD) / 1000, 3))
    assert row["low_km"] < 15.0 < row["high_km"]
    assert row["osm_low_km"] < row["osm_km"] < row["osm_high_km"]


def test_rail_lies_on_rail_of_its_gauge_past_sidings_spurs_and_nearer_lines_of_others(refined):
    railway = shifted(ROAD, 350)
    siding = [railway[20], *shifted(railway[21:30], 12), railway[30]]
    spur = [railway[-3], railway[-3] + [0.001, -0.003]]
    drawn = ground(
        (railway[:25], rail_with()), (railway[24:], rail_with()),
        (siding, rail_with(service="siding")), (spur, rail_with()),
        (ROAD, {"highway": "trunk"}), (shifted(ROAD, 40), rail_with("1435")),
    )  # fmt: skip
    link = schematic("x", [A, B], mode="rail", gauge_mm=1520)
    result = refined(drawn, link)
    (new,) = result.network.links
    # It is drawn 350 m beside, and begins and ends at the nearest points.
    assert new.length_m == pytest.approx(true_m(railway), abs=60)
    assert set(map(tuple, railway[3:-3].tolist())) <= set(new.xy)


def test_a_ferry_lies_on_the_ferry_not_on_the_road_along_the_shore(refined):
    lane = winding((44.0, 40.0), (44.12, 40.03), wave_m=120)
    drawn = ground((lane, {"route": "ferry"}), (shifted(lane, 60), {"highway": "trunk"}))
    (new,) = refined(drawn, schematic("x", [A, B], mode="ferry")).network.links
    assert (new.mode, new.basis) == ("ferry", "osm")
    assert new.length_m == pytest.approx(true_m(lane), rel=1e-6)


def test_where_there_and_back_differ_the_error_holds_both(refined):
    # One street there, and another, longer one back.
    there = winding(A, B, wave_m=20)
    middle = there[20:60]
    back = [middle[-1], *shifted(middle[::-1][3:-3], 450), middle[0]]
    drawn = ground(
        (there[:21], {"highway": "primary"}), (there[59:], {"highway": "primary"}),
        (middle, {"highway": "primary", "oneway": "yes"}),
        (back, {"highway": "primary", "oneway": "yes"}),
    )  # fmt: skip
    (new,) = refined(drawn, schematic("x", [A, B], position_sigma_m=400.0)).network.links
    longer = true_m(there[:21]) + true_m(back) + true_m(there[59:])
    assert new.length_m == pytest.approx(true_m(there), rel=1e-6)
    assert longer - new.length_m > 200
    assert new.length_m + 1.96 * new.sigma_m >= longer


def test_a_gauge_that_neither_or_one_only_states_is_no_reason_to_refuse(refined):
    drawn = ground((ROAD, {"railway": "rail"}))
    for gauge_mm in (None, 1520):
        link = schematic("x", [A, B], mode="rail", gauge_mm=gauge_mm)
        assert refined(drawn, link).counts()["left"] == 0


def test_ends_are_the_places_that_the_extract_knows_by_name(refined):
    # The road goes on beyond both places; ours are drawn 300 m beside where the extract has them.
    drawn = ground((ROAD, {"highway": "primary"}))
    link = schematic("x", [ROAD[9] + [0.0035, 0], ROAD[-9] - [0.0035, 0]],
                     start="First Town.road", end="Second Town.road")  # fmt: skip
    known = {
        drawn.node(ROAD[9]): {"place": "town", "name": "First Town"},
        drawn.node(ROAD[-9]): {"place": "town", "name": "İkinci", "name:en": "Second Town"},
    }
    (new,) = refined(drawn, link, tagged=known).network.links
    assert new.length_m == pytest.approx(true_m(ROAD[9:-8]), rel=1e-9)
    assert (new.xy[0], new.xy[-1]) == (tuple(ROAD[9]), tuple(ROAD[-9]))
    without = refined(drawn, link).network.links[0]
    assert without.length_m == pytest.approx(true_m(ROAD[9:-8]), abs=700)


def test_an_end_in_the_middle_of_a_way_is_the_nearest_point_of_it(refined):
    straight = [(44.0, 40.0), (44.2, 40.0)]
    link = schematic("x", [(44.05, 40.001), (44.15, 40.001)])
    (new,) = refined(ground((straight, {"highway": "trunk"})), link).network.links
    assert new.xy[0][0] == pytest.approx(44.05, abs=1e-6)
    assert new.length_m == pytest.approx(true_m([(44.05, 40.0), (44.15, 40.0)]), abs=0.5)
    # It lies 111 m beside the way, so that its ends are as unsure along it.
    assert new.sigma_m == pytest.approx(np.hypot(0.005 * new.length_m, 111 * 2**0.5), rel=0.02)


MISSING = (ROAD[:20], {"highway": "trunk"}), (ROAD[28:], {"highway": "trunk"})


@pytest.mark.parametrize(
    ("ways", "how", "why"),
    [
        (MISSING, {}, "no road leads from end to end within 1.5 km of it"),
        (((ROAD, {"highway": "trunk"}),), {"mode": "rail", "gauge_mm": 1520},
         "wrong mode: only a road, and no railway of 1520 mm within 1.0 km of x-a"),
        (((ROAD, rail_with("1435")),), {"mode": "rail", "gauge_mm": 1520},
         "wrong mode: only a railway, and no railway of 1520 mm within 1.0 km of x-a"),
        (((ROAD, {"highway": "trunk"}),), {"position_sigma_m": 0.0}, "no position error stated"),
        (((ROAD, {"highway": "trunk"}),), {"statuses": (LinkStatus(status="planned"),)},
         "not built, and the extract has no road that is construction or planned"),
        (((ROAD, rail_with()),),
         {"mode": "rail", "statuses": (LinkStatus(status="dismantled"),)},
         "not built, and the extract has no railway that is dismantled or disused"),
        (((ROAD, {"railway": "construction", "construction": "rail"}),), {"mode": "rail"},
         "wrong status: the railway within 1.0 km of x-a.rail is construction"),
        ((([A, *shifted(ROAD, 1150)[1:-1], B], {"highway": "trunk"}),), {},
         "the nearest road is too far off"),
    ],
)  # fmt: skip
def test_a_link_without_a_path_of_its_own_stays_as_it_is_and_says_why(refined, ways, how, why):
    # A second link, far from the first, keeps the extract from lying elsewhere.
    other = winding((44.3, 40.0), (44.35, 40.0))
    link = schematic("x", [A, B], **how)
    fellow = schematic("fellow", [other[0], other[-1]])
    result = refined(ground(*ways, (other, {"highway": "primary"})), link, fellow)
    match = result.matches[0]
    assert (match.outcome, match.refined) == ("left", None)
    assert match.reason.startswith(why)
    assert result.network.links[0] is link


def test_a_planned_line_lies_on_what_the_extract_plans_not_on_the_line_beside_it(refined):
    planned = shifted(ROAD, 500)
    drawn = ground((ROAD, rail_with()), (planned, {"railway": "proposed", "proposed": "rail"}))
    link = schematic("x", [A, B], mode="rail", statuses=(LinkStatus(status="planned"),))
    result = refined(drawn, link)
    assert result.network.links[0].length_m == pytest.approx(true_m(planned), abs=80)
    assert "planned there" in result.matches[0].reason


def test_a_path_over_disused_track_says_so(refined):
    drawn = ground((ROAD[:25], rail_with()), (ROAD[24:], {"disused:railway": "rail"}))
    (match,) = refined(drawn, schematic("x", [A, B], mode="rail")).matches
    assert match.reason == f"{true_m(ROAD[24:]) / 1000:.1f} km are disused there"


def test_a_main_road_is_preferred_to_a_track_that_keeps_nearer_to_the_drawn_line(refined):
    chord = np.array([ROAD[0], (ROAD[0] + ROAD[-1]) / 2 + [0, 1e-6], ROAD[-1]])
    drawn = ground((ROAD, {"highway": "trunk"}), (chord, {"highway": "unclassified"}))
    (new,) = refined(drawn, schematic("x", [A, B])).network.links
    assert new.length_m == pytest.approx(true_m(ROAD), rel=1e-9)


def test_a_road_that_nobody_may_drive_is_taken_only_where_no_other_leads(refined):
    # A tunnel that is not yet open cuts off a bend of the road.
    tunnel = np.array([ROAD[10], ROAD[30]])
    tags = {"highway": "trunk", "access": "no"}
    (match,) = refined(ground((ROAD, {"highway": "trunk"}), (tunnel, tags)),
                       schematic("x", [A, B])).matches  # fmt: skip
    assert match.refined.length_m == pytest.approx(true_m(ROAD), abs=1)
    (match,) = refined(ground((ROAD, tags)), schematic("x", [A, B])).matches
    assert match.refined.length_m == pytest.approx(true_m(ROAD), abs=1)


def test_links_of_one_node_come_to_end_at_one_place(refined):
    # Three roads meet at a junction; the place is drawn 700 m from it, nearer to one of the roads.
    hub = (44.1, 40.1)
    tips = [(44.25, 40.1), (44.0, 40.2), (44.02, 40.0)]
    ways = [winding(hub, tip, wave_m=100) for tip in tips]
    at = (44.1075, 40.1015)
    links = [
        schematic(f"l{n}", [at, tip], start="hub.road", end=f"tip{n}.road")
        for n, tip in enumerate(tips)
    ]
    result = refined(ground(*((way, {"highway": "primary"}) for way in ways)), *links)
    assert result.counts()["left"] == 0
    assert len({link.xy[0] for link in result.network.links}) == 1


def test_to_refine_twice_changes_nothing_and_what_lies_outside_stays_itself(refined, tmp_path):
    far = schematic("far", [(10.0, 50.0), (10.1, 50.0)])
    link = schematic("x", [A, B])
    result = refined(ground((ROAD, {"highway": "trunk"})), far, link)
    assert result.network.links[0] is far
    assert result.matches[0].reason == "outside the extract"
    again = refine(result.network, tmp_path / "x.osm.pbf")
    assert again.network.links == result.network.links
    assert (again.surveyed, again.counts()["left"]) == (1, 1)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_to_refine_twice_changes_nothing_whatever_was_drawn(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    hubs = np.array([44.5, 39.5]) + rng.uniform(0, 0.3, (5, 2))
    pairs = [tuple(rng.choice(5, 2, replace=False)) for _ in range(7)]
    drawn, links = Ground(), []
    for n, (a, b) in enumerate(pairs):
        path = winding(tuple(hubs[a]), tuple(hubs[b]), wave_m=800, waves=5, rng=rng)
        if rng.random() < 0.8:
            drawn.add(path, highway=str(rng.choice(["trunk", "secondary", "track"])))
        ends = [hubs[k] + rng.normal(0, 400, 2) / 111_195 for k in (a, b)]
        links.append(
            schematic(f"l{n}", ends, start=f"h{a}.road", end=f"h{b}.road",
                      position_sigma_m=float(rng.choice([150.0, 600.0])))
        )  # fmt: skip
    # So that the extract reaches all of them even where no road was drawn.
    for corner in ((44.4, 39.4), (44.9, 39.9)):
        drawn.add(winding(corner, (corner[0] + 0.05, corner[1])), highway="primary")
    file = tmp_path_factory.mktemp("osm") / "x.osm.pbf"
    Drawn(drawn.nodes, drawn.ways).write(file)
    once = refine(network(*links), file)
    assert refine(once.network, file).network.links == once.network.links


def test_a_compiled_network_serves_as_an_extract_does(refined, tmp_path):
    link = schematic("x", [A, B])
    result = refined(ground((ROAD, {"highway": "trunk"})), link)
    imported = network_from_osm(tmp_path / "x.osm.pbf")
    write_compiled(imported.table, imported.about, tmp_path / "x.npz")
    for source in (imported, tmp_path / "x.npz"):
        assert refine(network(link), source).network.links == result.network.links


def test_refined_lengths_lie_in_the_stated_intervals_of_honest_links(refined):
    rng = np.random.default_rng(5)
    drawn, links = Ground(), []
    for n in range(40):
        start = np.array([44 + 0.4 * (n % 8), 39 + 0.3 * (n // 8)])
        end = start + rng.uniform([0.1, 0.02], [0.25, 0.15])
        path = winding(tuple(start), tuple(end), wave_m=500, waves=9, rng=rng)
        drawn.add(path, highway="primary")
        # Fields and villages beside it.
        for k in rng.integers(1, len(path) - 1, 6):
            drawn.add([path[k], path[k] + rng.normal(0, 0.006, 2)], highway="unclassified")
        error_m = rng.choice([100.0, 300.0, 600.0])
        knots = path[np.linspace(0, len(path) - 1, 5).astype(int)].copy()
        knots[1:-1] += rng.normal(0, error_m, (3, 2)) / 111_195
        knots[[0, -1]] += rng.normal(0, 150, (2, 2)) / 111_195
        line, points = LineString(knots * SCALE), shapely.points(path * SCALE)
        sigma_m = float(np.sqrt(np.mean(shapely.distance(points, line) ** 2)))
        length = true_m(path)
        links.append(
            schematic(f"l{n}", knots, position_sigma_m=sigma_m, sigma_m=0.05 * length,
                      length_m=length * rng.normal(1, 0.05))
        )  # fmt: skip
    result = refined(drawn, *links)
    inside = sum(
        abs(m.refined.length_m - m.link.length_m) <= 1.96 * m.link.sigma_m
        for m in result.matches if m.refined
    )  # fmt: skip
    assert inside >= 0.9 * len(links), [m.row() for m in result.matches]


def test_main_roads_that_the_network_lacks_are_told_with_their_lengths(refined):
    lacking = winding((44.0, 40.1), (44.2, 40.15))
    there = shifted(lacking, 30)[::-1]
    drawn = ground(
        (ROAD, {"highway": "trunk", "ref": "M1"}), (shifted(ROAD, 4000), {"highway": "secondary"}),
        (lacking, {"highway": "primary", "ref": "H2", "name": "New Road", "oneway": "yes"}),
        (there, {"highway": "primary", "ref": "H2", "name": "New Road", "oneway": "yes"}),
    )  # fmt: skip
    (road,) = refined(drawn, schematic("x", [A, B])).lacking
    row = road.row()
    assert (row["ref"], row["name"], row["class"]) == ("H2", "New Road", "primary")
    # Of two carriageways one counts.
    assert row["km"] == pytest.approx(true_m(lacking) / 1000, abs=0.002)
    assert row["low_km"] < row["km"] < row["high_km"]


def test_ids_dates_and_crossings_of_the_bundled_network_stay_so_that_scenarios_hold(tmp_path):
    ours = load_network()
    drawn = Ground()
    lengths = {}
    for link in ours.links:
        if link.corridor == "kars-gyumri" and link.mode == "rail":
            path = np.concatenate([
                winding(a, b, wave_m=60)[: -1 if n < len(link.xy) - 2 else None]
                for n, (a, b) in enumerate(zip(link.xy[:-1], link.xy[1:], strict=True))
            ])  # fmt: skip
            drawn.add(path, railway="rail", gauge=str(link.gauge_mm))
            lengths[link.id] = true_m(path)
    file = Drawn(drawn.nodes, drawn.ways).write(tmp_path / "kars.osm.pbf")
    result = refine(ours, file)
    assert [link.id for link in result.network.links] == [link.id for link in ours.links]
    for old, new in zip(ours.links, result.network.links, strict=True):
        if old.id in lengths:
            assert new.length_m == pytest.approx(lengths[old.id], abs=2)
            assert replace(new, length_m=0, sigma_m=0, shared_m=0, shared_with="", basis="", xy=(),
                           geometry_quality="", position_sigma_m=0, source="", note="",
                           osm_ways=()) == replace(
                old, length_m=0, sigma_m=0, shared_m=0, shared_with="", basis="", xy=(),
                geometry_quality="", position_sigma_m=0, source="", note="")  # fmt: skip
        elif new is not old:
            # Other lines that lie on the same rails near Kars.
            assert old.mode == "rail"


@pytest.mark.parametrize(
    ("links", "message"),
    [
        ((), "has no road, railway or ferry to refine"),
        ((schematic("x", [A, B], position_sigma_m=0.0),), "states how far it may lie"),
        ((schematic("x", [(10.0, 50.0), (10.1, 50.0)]),),
         "lies in x.osm.pbf (44.00° E to 44.12° E, 40.00° N to 40.03° N)"),
    ],
)  # fmt: skip
def test_what_cannot_be_refined_is_refused_in_one_line(refined, links, message):
    with pytest.raises(AraxesError, match=message.replace("(", r"\(").replace(")", r"\)")):
        refined(ground((ROAD, {"highway": "trunk"})), *links)


def test_an_extract_is_needed():
    with pytest.raises(AraxesError, match="no extract to refine by"):
        refine(network(schematic("x", [A, B])))


@pytest.mark.parametrize("stated", [{"attribution": "© Ministry of Roads", "licence": "CC-BY-4.0"},
                                    {}])  # fmt: skip
def test_a_graph_of_ones_own_is_credited_to_whom_it_says(tmp_path, stated):
    graph = nx.MultiGraph(crs="EPSG:4326", name="roads", **stated)
    for n, (lon, lat) in enumerate((ROAD[0], ROAD[-1]), 1):
        graph.add_node(n, x=float(lon), y=float(lat))
    graph.add_edge(1, 2, highway="trunk", ref="X1", geometry=LineString(ROAD))
    aside = [shifted(ROAD, metres)[::5] for metres in (20_000, 22_000)]
    for n, line in enumerate(aside, 3):
        for k, (lon, lat) in enumerate((line[0], line[-1])):
            graph.add_node(10 * n + k, x=float(lon), y=float(lat))
        graph.add_edge(10 * n, 10 * n + 1, highway="trunk", ref=f"X{n}", geometry=LineString(line))
    made = network_from_osm(graph)
    write_compiled(made.table, made.about, tmp_path / "own.npz")
    link = schematic("x", [A, B], length_m=true_m(ROAD), sigma_m=600.0)
    result = refine(network(link), tmp_path / "own.npz")
    (new,) = result.network.links
    whose = stated.get("attribution", "")
    assert new.length_m == pytest.approx(true_m(ROAD), rel=1e-9)
    assert (new.source, new.basis, new.osm_ways) == (whose, "reach", ())
    assert f"course and length of {whose or 'own.npz'} (" in new.note
    assert result.summary()["attribution"] == whose
    assert {*result.to_gdf()["source"]} <= {whose, None}
    assert len(result.lacking) == 2
    layers = refinement_layers(result)
    assert {key for layer in layers for key in layer.sources} == ({whose} if whose else set())
    said = "\n".join(markdown_lines(result))
    assert "OSM" not in said
    assert "OpenStreetMap" not in said
    assert (f"Data {whose}." in said) == bool(whose)


def test_an_extract_is_credited_to_openstreetmap(refined):
    link = schematic("x", [A, B], length_m=true_m(ROAD), sigma_m=600.0)
    result = refined(ground((ROAD, {"highway": "trunk"})), link)
    assert result.summary()["attribution"] == "© OpenStreetMap contributors, ODbL 1.0"
    assert result.maker.is_osm
    assert "OSM km" in "\n".join(markdown_lines(result))
