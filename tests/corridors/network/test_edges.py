"""Edges of OSMnx and networkx, one-way streets, dated rows and tags: as networkx routes them."""

from __future__ import annotations

import json
from itertools import permutations
from math import inf
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import osmnx as ox
import pytest
from hypothesis import given, settings, strategies as st
from scipy import constants
from shapely import LineString
from small_network import link, network

from borders.errors import AraxesError, NoAnswerError
from borders.files.vector import SUFFIXES as READABLE
from corridors.export.formats import SUFFIXES as WRITABLE, write
from corridors.network.check import check_network
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.network.network import Network

# A square of 0.1°: 1 south-west, 2 south-east, 3 north-east, 4 north-west.
CORNERS = {1: (21.0, 52.2), 2: (21.1, 52.2), 3: (21.1, 52.3), 4: (21.0, 52.3)}
TODAY = Scenario(id="s")


def graph_of(streets: list[tuple[int, int, float, bool]], **columns: Any) -> nx.MultiDiGraph:
    """Return streets (from, to, metres, one way) as OSMnx makes a graph of them."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in CORNERS.items():
        graph.add_node(node, x=x, y=y)
    for number, (u, v, length, oneway) in enumerate(streets):
        line = LineString([CORNERS[u], CORNERS[v]])
        shared = {"osmid": number, "length": length, "oneway": oneway, "highway": "primary"}
        shared |= columns
        graph.add_edge(u, v, **shared, reversed=False, geometry=line)
        if not oneway:
            graph.add_edge(v, u, **shared, reversed=True, geometry=line.reverse())
    return graph


def lengths_m(mine: Network) -> dict[tuple[int, int], float]:
    """Return the length of the way of every pair of corners, infinite where there is none."""
    found: dict[tuple[int, int], float] = {}
    for a, b in permutations(CORNERS, 2):
        try:
            found[a, b] = route(str(a), str(b), scenario=TODAY, network=mine).length.value
        except (NoAnswerError, AraxesError):
            found[a, b] = inf
    return found


def shortest(graph: nx.MultiDiGraph) -> dict[tuple[int, int], float]:
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph, weight="length"))
    return {(a, b): lengths[a].get(b, inf) for a, b in permutations(CORNERS, 2)}


SQUARE = [(1, 2, 6900.0, False), (2, 3, 11200.0, False), (3, 4, 6900.0, False),
          (4, 1, 11200.0, True)]  # fmt: skip


def test_edges_of_osmnx_load_as_they_are_one_link_a_street() -> None:
    graph = graph_of(SQUARE)
    mine = load_network(ox.convert.graph_to_gdfs(graph, nodes=False))
    assert len(mine.links) == 4
    assert [f for f in check_network(mine) if f.level == "error"] == []
    assert lengths_m(mine) == pytest.approx(shortest(graph))
    assert lengths_m(mine)[1, 4] == pytest.approx(25_000)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(CORNERS)), st.sampled_from(list(CORNERS)),
            st.floats(20_000, 90_000), st.booleans(),
        ).filter(lambda street: street[0] != street[1]),
        min_size=2, max_size=7,
    )
)  # fmt: skip
def test_every_pair_is_as_far_as_networkx_finds_it(streets) -> None:
    graph = graph_of(streets)
    mine = load_network(ox.convert.graph_to_gdfs(graph, nodes=False))
    assert len(mine.links) == len(streets)
    assert lengths_m(mine) == pytest.approx(shortest(graph), rel=1e-6)


def test_a_graph_that_osmnx_saved_is_read(tmp_path) -> None:
    graph = graph_of(SQUARE)
    ox.io.save_graph_geopackage(graph, tmp_path / "streets.gpkg", directed=True)
    assert lengths_m(load_network(tmp_path / "streets.gpkg")) == pytest.approx(shortest(graph))


def test_undirected_edges_are_used_both_ways_wherever_their_lines_begin() -> None:
    undirected = ox.convert.to_undirected(graph_of([(a, b, m, False) for a, b, m, _ in SQUARE]))
    rows = [{"u": max(u, v), "v": min(u, v), "length": d["length"], "geometry": d["geometry"]}
            for u, v, d in undirected.edges(data=True)]  # fmt: skip
    mine = load_network(gpd.GeoDataFrame(rows, crs=4326))
    assert lengths_m(mine) == pytest.approx(shortest(undirected.to_directed()))


def test_a_dead_end_beside_another_street_is_no_error_among_edges() -> None:
    graph = graph_of(SQUARE)
    graph.add_node(9, x=21.0002, y=52.2501)
    graph.add_edge(3, 9, osmid=9, length=9000.0, oneway=True, highway="residential",
                   geometry=LineString([CORNERS[3], (21.0002, 52.2501)]))  # fmt: skip
    graph.add_node(10, x=21.0003, y=52.2501)
    graph.add_edge(4, 10, osmid=10, length=5600.0, oneway=True, highway="residential",
                   geometry=LineString([CORNERS[4], (21.0003, 52.2501)]))  # fmt: skip
    mine = load_network(ox.convert.graph_to_gdfs(graph, nodes=False))
    beside = [f.level for f in check_network(mine) if "dangles" in f.message]
    assert beside == ["remark", "remark"]


def rows(*features: dict[str, Any]) -> gpd.GeoDataFrame:
    known = [{"id": f"l{n}", "from": "a", "to": "b", "mode": "road",
              "geometry": LineString([(21, 52), (22, 52)]), **f}
             for n, f in enumerate(features)]  # fmt: skip
    return gpd.GeoDataFrame(known, crs=4326)


def way(table: gpd.GeoDataFrame, a: str, b: str, **options: Any) -> float | None:
    users = {key: options.pop(key) for key in ("terms",) if key in options}
    mine = load_network(table, **options)
    try:
        return route(a, b, scenario=Scenario(id="s"), network=mine, **users).length.value
    except NoAnswerError:
        return None


@pytest.mark.parametrize(
    ("value", "there", "back"),
    [
        (True, True, False), ("yes", True, False), ("1", True, False), (1, True, False),
        ("-1", False, True), (-1, False, True), ("reverse", False, True), ("FT", True, False),
        ("TF", False, True), ("no", True, True), (False, True, True), (None, True, True),
        (0, True, True),
    ],
)  # fmt: skip
def test_a_street_of_one_way_is_used_one_way(value, there, back) -> None:
    table = rows({"oneway": value})
    assert (way(table, "a", "b") is not None, way(table, "b", "a") is not None) == (there, back)


def test_no_scenario_opens_the_wrong_way_of_a_street() -> None:
    table = load_network(rows({"oneway": "-1", "status": "closed"}))
    opened = Scenario(id="o", open={"l0": "o"})
    assert route("b", "a", scenario=opened, network=table).length.value == pytest.approx(
        68_677, 0.01
    )
    with pytest.raises(NoAnswerError):
        route("a", "b", scenario=opened, network=table)


def test_a_link_open_in_one_direction_only_leads_there_only() -> None:
    statuses = json.dumps([{"status": "open", "direction": "forward"},
                           {"status": "closed", "direction": "backward"}])  # fmt: skip
    table = rows({"statuses": statuses})
    assert way(table, "a", "b") is not None
    assert way(table, "b", "a") is None
    turned = rows({"statuses": statuses.replace("backward", "x").replace("forward", "backward")
                   .replace("x", "forward")})  # fmt: skip
    assert way(turned, "a", "b") is None
    assert way(turned, "b", "a") is not None


def test_a_street_with_two_speeds_is_two_links_of_one_way() -> None:
    graph = graph_of([(1, 2, 6900.0, False)])
    graph.edges[1, 2, 0]["maxspeed"], graph.edges[2, 1, 0]["maxspeed"] = "50", "30 mph"
    mine = load_network(ox.convert.graph_to_gdfs(graph, nodes=False))
    hours = [route(a, b, scenario=TODAY, network=mine).hours for a, b in (("1", "2"), ("2", "1"))]
    assert hours == pytest.approx([6.9 / 50, 6.9 / (30 * 1.609344)])


@pytest.mark.parametrize("value", [50, "50", "50 km/h", ["40", "60"], "['40', '60']"])
def test_a_limit_is_taken_for_the_speed_as_in_osmnx(value) -> None:
    table = rows({"length_m": 70_000})
    table["maxspeed"] = [value]
    found = route("a", "b", scenario=TODAY, network=load_network(table))
    assert found.hours == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("day", "found"),
    [("1940-01-01", False), ("1950-01-01", True), ("2009-12-31", True), ("2010-01-01", False),
     ("2020-01-01", False), ("2030-01-01", True)],
)  # fmt: skip
@pytest.mark.parametrize("as_times", [False, True])
def test_a_row_holds_from_its_first_day_up_to_its_last(day, found, as_times) -> None:
    table = rows({"valid_from": "1950-01-01", "valid_to": "2010-01-01"},
                 {"valid_from": "2030-01-01", "valid_to": None})  # fmt: skip
    if as_times:
        for key in ("valid_from", "valid_to"):
            table[key] = table[key].astype("datetime64[ms]")
    assert (way(table, "a", "b", on=day) is not None) == found


@pytest.mark.parametrize(
    ("columns", "freight", "passengers"),
    [
        ({"access": "no"}, False, False), ({"access": "private"}, False, False),
        ({"access": "yes"}, True, True), ({"hgv": "no"}, False, True),
        ({"access": "private", "hgv": "yes"}, True, False),
    ],
)  # fmt: skip
def test_access_closes_a_link_to_those_it_names(columns, freight, passengers) -> None:
    from corridors.scenarios.terms import Terms

    found = [way(rows(columns), "a", "b", terms=Terms(users=users)) is not None
             for users in ("freight", "passengers")]  # fmt: skip
    assert found == [freight, passengers]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"toll": "yes"}, "toll is 'yes', without an amount; give cost_usd_t"),
        ({"oneway": "sometimes"}, "oneway is 'sometimes'; write yes, -1 or no"),
        ({"oneway": "T"}, "oneway is 'T'"),
        ({"oneway": "reversible"}, "oneway is 'reversible'"),
        ({"access": "members"}, "access is 'members'"),
        ({"maxspeed": "fast"}, "maxspeed is 'fast'"),
        ({"valid_from": "soon"}, "valid_from is 'soon'; write a day as YYYY-MM-DD"),
        ({"valid_from": "2020-01-01", "valid_to": "2019-01-01"}, "not after valid_from"),
        ({"direction": "N"}, "column 'direction' would not be read, and says 'N'; give 'oneway'"),
        ({"reverse_cost": -1}, "column 'reverse_cost' would not be read"),
        ({"start_date": "1999"}, "give 'valid_from'"),
        ({"from": [[1, 2]]}, "link 1: from is [[1, 2]]; write the id of one node"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_name(columns, message) -> None:
    with pytest.raises(AraxesError) as caught:
        load_network(rows(columns))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    (key, *_) = columns
    if key not in ("from", "oneway", "valid_from"):
        assert load_network(rows(columns), columns={key: None}).links


def test_a_toll_with_an_amount_is_read_and_no_toll_passes() -> None:
    dear = load_network(rows({"toll": "yes", "cost_usd_t": 3.0}))
    free = load_network(rows({"toll": "no"}))
    costs = [route("a", "b", scenario=TODAY, network=n).cost_usd_t for n in (dear, free)]
    assert costs[0] - costs[1] == pytest.approx(3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LEN_KM", 70), ("LEN_MI", 70 / 1.609344), ("len_ft", 70_000 / 0.3048), ("LEN", 70_000)],
)
def test_a_map_of_columns_gives_names_and_units(name, value) -> None:
    table = rows({}).drop(columns=["from", "to", "id", "mode"])
    table = table.assign(**{name: value, "A": "x", "B": "y", "NR": "k", "KIND": "rail"})
    names = {"length": name, "from": "A", "to": "B", "id": "NR", "mode": "KIND"}
    (read,) = load_network(table, columns=names).links
    assert (read.id, read.start, read.end, read.mode) == ("k", "x", "y", "rail")
    assert read.length_m == pytest.approx(70_000)


def test_the_unit_may_stand_on_our_side_but_not_two_units() -> None:
    table = rows({"LEN": 70, "LEN_M": 70_000})
    assert load_network(table.drop(columns="LEN_M"), columns={"length_km": "LEN"}).links[
        0].length_m == pytest.approx(70_000)  # fmt: skip
    with pytest.raises(AraxesError, match="say one unit"):
        load_network(table, columns={"length_km": "LEN_M"})
    with pytest.raises(AraxesError, match="no column 'LENG'; did you mean LEN"):
        load_network(table, columns={"length": "LENG"})
    with pytest.raises(AraxesError, match="'colour' is no column of a network"):
        load_network(table, columns={"colour": "LEN"})


def test_edges_of_which_only_some_have_a_way_back_need_a_word() -> None:
    edges = gpd.GeoDataFrame(
        {"u": [1, 2, 2], "v": [2, 1, 3]},
        geometry=[LineString([CORNERS[a], CORNERS[b]]) for a, b in ((1, 2), (2, 1), (2, 3))],
        crs=4326,
    )
    with pytest.raises(AraxesError, match=r"'2-3-0' has none.*add oneway"):
        load_network(edges)
    # With that word all three are streets of both ways, two of them one street.
    assert [link.oneway for link in load_network(edges.assign(oneway="no")).links] == [False, False]


@pytest.mark.parametrize("suffix", sorted({*READABLE} & {*WRITABLE} - {".gpx"}))
def test_what_is_written_is_read_back_in_every_format(tmp_path: Path, suffix) -> None:
    one = link("one", "kars.road", "gyumri.road", 90, oneway=True, speed_kmh=61.5, note="a; b",
               gauge_mm=None, delay_h=0.0)  # fmt: skip
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    before = network([one])
    write(before, tmp_path / f"net{suffix}")
    after = load_network(tmp_path / f"net{suffix}", on=before.on)
    assert after.links == before.links


def test_read_back_under_the_names_that_spare_sql_its_quotes(tmp_path) -> None:
    table = network().to_gdf(transfers=True).rename(
        columns={"from": "from_place", "to": "to_place"})  # fmt: skip
    assert load_network(table, on=network().on).links == network().links


@pytest.mark.parametrize("name", ["LEN_KM", "LEN"])
@pytest.mark.parametrize("value", ["abc", True])
def test_a_length_that_is_no_number_is_told_not_left_out(name, value) -> None:
    table = rows({name: value})
    with pytest.raises(AraxesError, match="length_m is ") as caught:
        load_network(table, columns={"length": name})
    assert str(value) in str(caught.value)


def test_a_row_that_ends_on_the_day_it_begins_is_refused() -> None:
    days = {"valid_from": "1950-01-01", "valid_to": "1950-01-01"}
    with pytest.raises(AraxesError, match="valid_to is 1950-01-01, not after valid_from"):
        load_network(rows(days))


UNITS = [
    ("length", "LEN_KM", "length_m", constants.kilo),
    ("length", "LEN_MI", "length_m", constants.mile),
    ("length", "LEN_FEET", "length_m", constants.foot),
    ("length", "LEN_METRES", "length_m", 1.0),
    ("gauge", "GAUGE_CM", "gauge_mm", constants.centi / constants.milli),
    ("gauge", "GAUGE_M", "gauge_mm", 1 / constants.milli),
    ("gauge", "GAUGE_MM", "gauge_mm", 1.0),
    ("delay", "WAIT_MIN", "delay_h", constants.minute / constants.hour),
    ("delay", "WAIT_SEC", "delay_h", 1 / constants.hour),
    ("delay", "WAIT_DAYS", "delay_h", constants.day / constants.hour),
    ("delay", "WAIT_HRS", "delay_h", 1.0),
    ("speed", "V_MPH", "speed_kmh", constants.mph / constants.kmh),
    ("speed_kmh", "V_MPH", "speed_kmh", constants.mph / constants.kmh),
    ("speed_kph", "V_MPH", "speed_kmh", constants.mph / constants.kmh),
    ("maxspeed", "V_MPH", "speed_kmh", constants.mph / constants.kmh),
    ("speed", "V_KPH", "speed_kmh", 1.0),
]
USUAL = {"length_m": 70_000, "gauge_mm": 1435, "delay_h": 6.0, "speed_kmh": 80.0}


@pytest.mark.parametrize(("short", "name", "column", "factor"), UNITS)
def test_a_unit_at_the_end_of_a_name_counts_as_the_tables_of_scipy_have_it(
    short, name, column, factor
) -> None:
    table = rows({name: USUAL[column] / factor, "mode": "rail" if short == "gauge" else "road"})
    (read,) = load_network(table, columns={short: name}).links
    assert getattr(read, column) == pytest.approx(USUAL[column])


def test_two_rows_of_one_id_are_told_with_their_numbers() -> None:
    with pytest.raises(AraxesError, match="links 1 and 3 have the id 'l0'; rename one"):
        load_network(rows({}, {}, {"id": "l0"}))
