"""The authored railways and ferries: they connect, keep their lengths, and say when they ran."""

from __future__ import annotations

import csv
import sys
from datetime import date
from importlib import import_module
from itertools import groupby, pairwise
from math import hypot, sqrt

import networkx as nx
import pytest
from geographiclib.geodesic import Geodesic

from borders.files import schema
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places
from corridors.model.length import PUBLISHED_SIGMA, TRACK_SIGMA

NETWORK = BUNDLED.path("network")
EARTH = Geodesic.WGS84
TODAY = date(2026, 5, 1)
UNBUILT = {"construction", "planned", "dismantled", "disused"}


def rows(name: str) -> list[dict[str, str]]:
    with (NETWORK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RAIL = rows("links/rail.csv")
FERRY = rows("links/ferry.csv")
STATUSES = [r for r in rows("statuses.csv") if r["link"].startswith(("rail-", "ferry-"))]
TRANSFERS = [r for r in rows("links/transfer.csv") if "rail" in r["id"] or "ferry" in r["id"]]
CROSSINGS = {r["id"]: r for r in rows("crossings.csv")}


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"]


def spot(key: str) -> tuple[float, float]:
    return places()[key].lon, places()[key].lat


@pytest.fixture(scope="module")
def graph():
    """Return the module of data/build that knows the railway graph."""
    folder = str(BUNDLED.path("build"))
    sys.path.insert(0, folder)
    try:
        yield import_module("rail_graph")
    finally:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def lengths_km(graph):
    """Return low and high of every link: its chain, its published length or the graph's."""
    return {row["id"]: interval_km(row, graph) for row in RAIL}


def interval_km(row: dict[str, str], graph) -> tuple[float, float]:
    steps = row["path"].split()
    if row["basis"] == "published":
        value = float(row["length_km"])
        sigma = float(row["sigma_km"] or max(0.3, PUBLISHED_SIGMA[row["length_state"]] * value))
        return value - 1.96 * sigma, value + 1.96 * sigma
    if row["basis"] == "reach" and "@" not in row["path"]:
        stations = [row["from"], *steps, row["to"]]
        value = graph.between([spot(s) for s in stations], names=stations)[1] / 1000
        return value * (1 - 1.96 * TRACK_SIGMA), value * (1 + 1.96 * TRACK_SIGMA)
    points = [spot(row["from"])]
    for step in (s for s in steps if not s.startswith("@")):
        lon, _, lat = step.partition(";")
        points.append((float(lon), float(lat)) if lat else spot(step))
    value = sum(distance_m(a, b) for a, b in pairwise([*points, spot(row["to"])])) / 1000
    # A railway is never straighter than the chain of its towns, and seldom a third longer.
    return value, 1.3 * value


def on_day(link: dict[str, str], day: date = TODAY, users: str = "") -> str:
    for row in STATUSES:
        begins, ends = row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31"
        if row["link"] == link["id"] and row["users"] == users and begins <= str(day) < ends:
            return row["status"]
    return link["status"]


def network(links, gauge: str = "") -> nx.Graph:
    graph = nx.Graph()
    for row in links:
        if gauge in ("", row["gauge_mm"]):
            graph.add_edge(row["from"], row["to"], id=row["id"])
    return graph


def between_km(stations: str, lengths_km) -> tuple[float, float]:
    """Return low and high of the links along a route given by its stations."""
    stops = stations.split("–")
    graph = network(RAIL)
    ids = []
    for a, b in pairwise(stops):
        ids += [graph.edges[e]["id"] for e in pairwise(nx.shortest_path(graph, a, b))]
    by_id = {row["id"]: row for row in RAIL}
    middle = sum(sum(lengths_km[i]) / 2 for i in ids)
    shared = independent = 0.0
    for i in ids:
        half = (lengths_km[i][1] - lengths_km[i][0]) / 2
        if by_id[i]["basis"] == "reach":
            shared += half
        else:
            independent += half**2
    spread = hypot(shared, sqrt(independent))
    return middle - spread, middle + spread


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("link", RAIL),
        ("link", FERRY),
        ("transfer", TRANSFERS),
        ("link-status", STATUSES),
        ("crossing", list(CROSSINGS.values())),
    ],
)
def test_every_row_keeps_the_schema(table, rows):
    for n, row in enumerate(rows, 2):
        schema.check(table, row, f"{table}:{n}")


@pytest.mark.parametrize("name", ["links/rail.csv", "links/ferry.csv", "links/transfer.csv"])
def test_ids_are_unique_and_sorted(name):
    ids = [row["id"] for row in rows(name)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("row", [*RAIL, *FERRY], ids=lambda row: row["id"])
def test_a_link_joins_two_places_of_one_country_or_is_a_crossing(row):
    mode = row["id"].split("-")[0]
    assert row["id"].startswith(f"{mode}-{row['from']}-{row['to']}".replace("_", "-"))
    countries = [places()[row[end]].country for end in ("from", "to")]
    if row["crossing"]:
        crossing = CROSSINGS[row["crossing"]]
        assert countries == [crossing["country_from"], crossing["country_to"]]
    elif not row["id"].startswith("ferry-"):
        assert countries[0] == countries[1]


def test_the_broad_gauge_is_one_network_and_the_standard_gauge_is_parted_by_lake_van():
    assert nx.is_connected(network(RAIL, "1520"))
    parts = list(nx.connected_components(network(RAIL, "1435")))
    assert len(parts) == 2
    assert sum({"tatvan", "van_pier"} <= part for part in parts) == 0
    assert nx.number_connected_components(network([*RAIL, *FERRY])) == 1


def test_gauges_meet_only_where_goods_or_passengers_can_change():
    both = set(network(RAIL, "1520")) & set(network(RAIL, "1435"))
    rail = {"rail1520", "rail1435"}
    changes = [r["place"] for r in TRANSFERS if {r["from_layer"], r["to_layer"]} == rail]
    assert sorted(changes) == sorted(both)


def test_no_open_railway_leads_from_nakhchivan_to_yerevan_or_baku_in_2026():
    running = network([row for row in RAIL if on_day(row) == "open"])
    built = network([row for row in RAIL if on_day(row) not in UNBUILT])
    assert nx.has_path(running, "baku", "tbilisi")
    assert nx.has_path(running, "tbilisi", "kars")
    for end in ("yerevan", "baku"):
        assert "nakhchivan" not in running or not nx.has_path(running, "nakhchivan", end)
    assert "meghri" not in built


def test_the_way_through_meghri_ran_until_november_1989():
    def open_on(day: date) -> nx.Graph:
        return network([row for row in RAIL if on_day(row, day) == "open"])

    assert nx.has_path(open_on(date(1989, 10, 31)), "baku", "ordubad")
    before, after = (open_on(date(1989, m, 1)) for m in (10, 12))
    assert "meghri" in before
    assert "meghri" not in after


def test_a_train_to_kars_needs_the_line_over_akhalkalaki_since_1993():
    def joined(day: date) -> bool:
        running = network([row for row in RAIL if on_day(row, day) == "open"])
        return "kars" in running and nx.has_path(running, "tbilisi", "kars")

    days = [date(1993, 8, 1), date(2000, 1, 1), date(2017, 10, 31), date(2024, 1, 1), TODAY]
    assert [joined(day) for day in days] == [True, False, True, False, True]


def test_a_link_has_a_status_or_dated_ones_and_their_periods_follow_one_another():
    dated = {row["link"] for row in STATUSES}
    for row in [*RAIL, *FERRY]:
        assert (row["id"] in dated) != bool(row["status"]), row["id"]
    assert dated <= {row["id"] for row in [*RAIL, *FERRY]}
    for _, group in groupby(STATUSES, key=lambda r: (r["link"], r["users"], r["direction"])):
        periods = list(group)
        for before, after in pairwise(periods):
            assert before["valid_to"] == after["valid_from"], before["link"]
        assert periods[-1]["valid_to"] == ""


def test_stations_of_links_along_the_graph_lie_within_five_kilometres_of_it():
    nodes = {
        (float(row[f"{end}_lon"]), float(row[f"{end}_lat"]))
        for row in rows("rail.csv")
        for end in ("from", "to")
    }
    stations = {
        station
        for row in RAIL
        if row["basis"] == "reach" and "@" not in row["path"]
        for station in (row["from"], *row["path"].split(), row["to"])
    }
    for station in stations:
        lon, lat = spot(station)
        near = [n for n in nodes if abs(n[0] - lon) < 0.1 and abs(n[1] - lat) < 0.1]
        assert min(distance_m(n, (lon, lat)) for n in near) < 5000, station


def test_no_link_is_shorter_than_its_geodesic(lengths_km):
    for row in RAIL:
        low, high = lengths_km[row["id"]]
        # The places are towns, whose points lie off their stations by their own error.
        slack = 1.96 * hypot(*(places()[row[end]].sigma_m for end in ("from", "to"))) / 1000
        straight = distance_m(spot(row["from"]), spot(row["to"])) / 1000
        assert (low + high) / 2 + slack > straight, row["id"]


def test_thirty_links_at_least_have_a_published_length():
    quoted = [r for r in RAIL if r["basis"] == "published" and r["length_state"] == "quoted"]
    assert len(quoted) >= 30


# Published totals of several links: stations on the route, km, source.
TOTALS = [
    ("baku–tbilisi", 549, "timetable (figure-131)"),
    ("baku–tbilisi", 540, "ru.wikipedia Баку-Пассажирская"),
    ("baku–tbilisi–marabda–akhalkalaki_st–kars", 826, "en.wikipedia (figure-098)"),
    ("kars–akhalkalaki_st", 105, "eurasia.ro (figure-101)"),
    ("kilit_gate–nakhchivan–sadarak", 188, "ADY (figure-072)"),
    ("nrnadzor_gate–agarak_gate", 43, "survey (figure-059)"),
    ("horadiz–aghband_gate", 110.4, "ADY (figure-063)"),
    ("horadiz–meghri–yeraskh", 340, "Grigoryan (figure-062)"),
    ("alat_st–osmanli–astara_az", 245, "ADY, en.trend.az 4005857"),
    ("kars_jn–igdir–dilucu", 223.9, "the project's page (figure-090)"),
    ("kars–igdir–dilucu", 12 + 223.9, "the project's page: it begins about 12 km out of Kars"),
    ("sadarak–sharur–nakhchivan–julfa", 202.5 - 72.8, "km posts, de.wikipedia"),
    ("yevlakh–khankendi", 104, "vestikavkaza.ru"),
    ("yolcati–tatvan", 364, "railturkey.org 2020-05-20"),
    ("ankara–sivas–kars", 1365.2, "tr.wikipedia Ankara-Kars demiryolu"),
    ("ankara–sivas", 602, "emlakkulisi.com.tr"),
    ("tbilisi–yerevan", 365, "de.wikipedia Bahnstrecke Tiflis–Jerewan"),
    ("tehran–maragheh–tabriz_st", 735.9, "de.wikipedia Bahnstrecke Teheran–Täbris"),
]


@pytest.mark.parametrize(("stations", "km", "source"), TOTALS)
def test_published_totals_lie_within_the_sum_of_the_links(stations, km, source, lengths_km):
    low, high = between_km(stations, lengths_km)
    assert low < km < high, source


def test_the_line_to_dilucu_begins_at_its_junction_and_trains_from_tbilisi_need_not_enter_kars(
    graph,
):
    # The project's page: it leaves the Baku–Tbilisi–Kars line about 12 km out of Kars.
    assert graph.between([spot("kars"), spot("kars_jn")])[1] / 1000 == pytest.approx(12, abs=0.5)
    tracks = network(RAIL)
    way = nx.shortest_path(tracks, "tbilisi", "igdir")
    assert "kars_jn" in way
    assert "kars" not in way


def test_a_way_keeps_its_length_when_it_is_reversed_or_stops_on_the_way(graph):
    ends = [spot(s) for s in ("baku", "ganja", "tbilisi")]
    whole = graph.between(ends)[1]
    assert graph.between(ends[::-1])[1] == pytest.approx(whole)
    parts = graph.between(ends[:2])[1] + graph.between(ends[1:])[1]
    assert parts == pytest.approx(whole)
    assert graph.between([ends[0], ends[2]])[1] <= whole + 1


def test_a_station_amid_a_track_divides_it(graph):
    tracks = nx.Graph()
    for row in rows("rail.csv"):
        tracks.add_edge(row["from"], row["to"], m=int(row["length_m"]))
    row = max(rows("rail.csv"), key=lambda r: int(r["length_m"]))
    a, b = ((float(row[f"{end}_lon"]), float(row[f"{end}_lat"])) for end in ("from", "to"))
    share = 4000 / distance_m(a, b)
    amid = tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))
    near, far = graph.between([a, amid])[1], graph.between([amid, b])[1]
    assert near + far == pytest.approx(nx.shortest_path_length(tracks, row["from"], row["to"], "m"))
    assert near == pytest.approx(share * (near + far), rel=1e-3)


def test_the_course_begins_and_ends_at_the_stations(graph):
    line, length_m, sigma_m = graph.between([spot("nakhchivan"), spot("julfa")])
    assert (line.coords[0], line.coords[-1]) == (spot("nakhchivan"), spot("julfa"))
    assert length_m > distance_m(spot("nakhchivan"), spot("julfa"))
    assert 0 < sigma_m < length_m / 4


@pytest.mark.parametrize(
    ("stations", "message"),
    [
        (
            ["baku", "meghri"],
            r"station meghri lies 51,2\d\d m from the railway graph \(limit 5,000",
        ),
        (["istanbul", "izmit"], r"the railway graph joins istanbul and izmit by no track"),
        (["tbilisi", "tbilisi"], r"tbilisi and tbilisi lie at the same point"),
        (["tbilisi"], r"needs two stations at least; got tbilisi"),
    ],
)
def test_what_the_graph_does_not_have_is_one_message_with_the_station(graph, stations, message):
    with pytest.raises(ValueError, match=message):
        graph.between([spot(s) for s in stations], names=stations)
