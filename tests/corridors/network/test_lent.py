"""Averages of the South Caucasus that networks elsewhere rest on, and whose data they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from osm_files import Drawn, road
from shapely import LineString
from small_network import network

from corridors import corridor, table
from corridors.model.corridor import read_corridor
from corridors.model.lent import BOUNDS, COUNTRIES, Lent, in_words, is_elsewhere
from corridors.network.load import load_network
from corridors.network.rates import Rates
from corridors.osm.network_from_osm import network_from_osm
from corridors.routing.find import route
from corridors.scenarios.network_state import with_candidate_links
from corridors.scenarios.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from corridors.network.network import Network

POINTS = {"a": (21.0, 52.2), "b": (23.2, 53.1), "c": (23.9, 54.9), "d": (24.1, 56.9)}


def baltic(**columns: Any) -> Network:
    """Return a road from Poland through Lithuania to Latvia, or one like it elsewhere."""
    rows = [
        {"id": f"{a}-{b}", "from": a, "to": b, "mode": "road", "countries": codes,
         "crossing": f"x-{a}" if "," in codes else None,
         "geometry": LineString([POINTS[a], POINTS[b]]), **columns}
        for a, b, codes in (("a", "b", "PL"), ("b", "c", "PL,LT"), ("c", "d", "LT,LV"))
    ]  # fmt: skip
    return load_network(gpd.GeoDataFrame(rows, crs=4326))


def test_the_region_is_that_of_the_bundled_network() -> None:
    bundled = load_network()
    assert set(bundled.countries) == COUNTRIES
    west, south, east, north = BOUNDS
    assert all(west < x < east and south < y < north for k in bundled.links for x, y in k.xy)
    for pair in (("Kars", "Baku"), ("Tehran", "Tbilisi")):
        assert route(*pair).lent == ()


def test_what_is_lent_is_said_and_is_no_longer_quoted() -> None:
    found = route("a", "d", scenario=Scenario(id="s"), network=baltic(), on="1999-01-01")
    assert {value.called for value in found.lent} == {"speed", "border time", "cost"}
    assert found.time.basis == "assumption"
    by_key = {value.key: value.countries for value in found.lent}
    assert by_key["delay_h.crossing.road.freight"] == ("LT", "LV", "PL")
    words = in_words(found.lent)
    assert words.endswith("border time: average of the South Caucasus, used in LT, LV, PL")
    assert found.row()["lent"] == list(by_key)


@pytest.mark.parametrize(("day", "stops"), [("2004-04-30", 2), ("2004-05-01", 0)])
def test_no_border_time_inside_the_customs_union_from_its_first_day(day, stops) -> None:
    # The Treaty of Accession of 2003 entered into force on 1 May 2004.
    free = baltic(speed_kmh=100.0)
    found = route("a", "d", scenario=Scenario(id="s"), network=free, on=day)
    drive_h = found.length_km / 100
    assert (found.hours - drive_h > 10) == bool(stops)
    assert any(value.called == "border time" for value in found.lent) == bool(stops)


def test_what_the_user_states_or_sets_is_not_lent() -> None:
    own = baltic(speed_kmh=80.0, delay_h=1.0, cost_usd_t=0.0)
    found = route("a", "d", scenario=Scenario(id="s"), network=own)
    assert {value.called for value in found.lent} == {"cost"}
    setting = Scenario(id="s", set={"cost_usd_tkm.road": (0.1, "s")})
    assert route("a", "d", scenario=setting, network=own).lent == ()


def test_the_command_line_says_what_is_lent(araxes, tmp_path) -> None:
    net = tmp_path / "net.geojson"
    baltic().to_gdf().to_file(net)
    words = "average of the South Caucasus, used in LT, LV, PL"
    for told in (araxes("route", "a", "d", "--network", net),
                 araxes("compare", "--pair", "a:d", "--network", net)):  # fmt: skip
        assert words in " ".join(told.out.split())
    assert words in araxes("matrix", "a", "d", "--by", "hours", "--network", net).err
    assert araxes("matrix", "a", "d", "--network", net).err == ""
    row = json.loads(araxes("route", "a", "d", "--network", net, "--json").out)
    assert "speed_kmh.road.hilly" in row["lent"]
    assert "South Caucasus" not in araxes("route", "Kars", "Tbilisi").out


CHAIN = """
id = "a2"
name = "A2"
mode = "road"
basis = "chain"
geometry_quality = "schematic"
position_sigma_m = 3000
definition = "Own chain of points."
source = "unverified"
path = [
  {point = [14.60, 52.32]}, {point = [16.9, 52.35]},
  {point = [19.4, 51.85]}, {point = [20.8, 52.2]},
]
"""


def test_a_corridor_of_ones_own_is_credited_to_nobody_else(araxes, tmp_path) -> None:
    file = tmp_path / "a2.toml"
    file.write_text(CHAIN, "utf-8")
    own = read_corridor(file)
    assert own.lent == (Lent(key="sinuosity"),)
    assert own.sources == ("unverified",)
    # The motorway from the German border to Warsaw has about 455 km.
    assert own.length.low < 455_000 < own.length.high
    assert table(own)[["licence", "attribution"]].isna().all(axis=None)
    assert "average of the South Caucasus" in " ".join(araxes("validate", file).out.split())
    assert "length of a chain" in " ".join(araxes("show", file).out.split())
    ours = table(corridor("lachin-2020"))
    assert set(ours["licence"]) == {"ODbL-1.0"}


def test_rows_of_ones_own_get_no_licence_of_ours() -> None:
    mine = baltic(source="unverified")
    assert table(mine)["licence"].isna().all()
    assert table(route("a", "d", scenario=Scenario(id="s"), network=mine))["licence"].isna().all()
    frame = gpd.GeoDataFrame(
        {"source": ["unverified", "geonames", "my survey"]},
        geometry=[LineString([(5, 52), (6, 52)])] * 3, crs=4326,
    )  # fmt: skip
    # What the catalogue knows as data keeps its licence; who drew after a document, it cannot know.
    assert table(frame)["licence"].fillna("").tolist() == ["", "CC-BY-4.0", ""]
    assert table(route("Kars", "Tbilisi"))["licence"].notna().all()


def test_a_new_link_without_a_source_is_nobodys_but_the_scenarios() -> None:
    build = {"id": "new", "mode": "road", "path": [{"place": "Kars"}, {"place": "Igdir"}]}
    extended = with_candidate_links(network(), [Scenario.of("s", build=[build])])
    assert extended.link("new").source == ""
    assert read_scenario("tripp-open").source == "araxes"
    assert Scenario.of("s").source == ""


@pytest.mark.parametrize(
    ("course", "countries", "elsewhere"),
    [
        (((44.0, 40.0), (45.0, 40.5)), ("AM", "TR"), False),
        (((44.0, 40.0), (45.0, 40.5)), ("AM", "SY"), True),
        (((44.0, 40.0), (45.0, 40.5)), (), False),
        (((21.0, 52.2), (45.0, 40.5)), ("AM",), True),
        (((44.0, 40.0), (45.0, 60.0)), ("AM",), True),
        # A detour counts for nothing: only the ends do.
        (((44.0, 40.0), (21.0, 52.2), (45.0, 40.5)), ("AM",), False),
        ((), ("AM",), False),
        ((), ("PL",), True),
    ],
)
def test_a_line_is_elsewhere_by_its_countries_or_by_either_end(course, countries, elsewhere):
    assert is_elsewhere(course, countries) is elsewhere


def test_of_an_extract_the_same_is_lent_as_of_its_links_one_by_one(tmp_path) -> None:
    # A road, a pier and a ferry by Frankfurt, and a road by Tbilisi.
    nodes = {1: (9.0, 50.0), 2: (9.1, 50.0), 3: (9.2, 50.1), 8: (44.8, 41.7), 9: (44.9, 41.7)}
    ways = {10: road(1, 2), 11: ((2, 3), {"route": "ferry"}), 12: road(8, 9, maxspeed="50")}
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    rates = Rates({}, on=network.on)
    lent = {value.key: value.countries for value in rates.lent(network.links)}
    assert lent
    assert lent == {value.key: value.countries for value in rates.lent(tuple(network.links))}
    only = network_from_osm(Drawn(nodes, {12: ways[12]}).write(tmp_path / "y.osm.pbf"))
    assert rates.lent(only.links) == ()
