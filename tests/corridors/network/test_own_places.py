"""Nodes of a network of one's own: found by name, and never taken for a bundled place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from geographiclib.geodesic import Geodesic
from shapely import LineString
from small_network import link, network

from borders.errors import AraxesError, NoAnswerError, SchemaError
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from corridors.network.network import Network

# Ids of towns of the Caucasus for nodes in the Netherlands.
XY = {"van": (5.0, 52.0), "mid": (5.5, 52.0), "kars": (6.0, 52.6), "end": (6.5, 52.6)}


def dutch(layer: str = ".road", **columns: Any) -> Network:
    rows = [
        {"id": f"{a}-{b}", "from": a + layer, "to": b + layer, "mode": "road", "countries": "NL",
         "geometry": LineString([XY[a], XY[b]]), **columns}
        for a, b in (("van", "mid"), ("kars", "end"))
    ]  # fmt: skip
    return load_network(gpd.GeoDataFrame(rows, crs=4326))


def apart_m(a: str, b: str) -> float:
    (x, y), (u, v) = XY[a], XY[b]
    return float(Geodesic.WGS84.Inverse(y, x, v, u)["s12"])


def joining(a: str, b: str, on: Network, **columns: Any) -> Scenario:
    build = {"id": "new", "mode": "road", "path": [{"place": a}, {"place": b}], **columns}
    return Scenario.of("join", network=on, build=[build])


@pytest.mark.parametrize("layer", [".road", ""])
@pytest.mark.parametrize(("a", "b"), [("mid", "kars"), ("MID", "Kars"), ("van", "kars")])
def test_a_new_link_joins_the_nodes_of_the_network(layer, a, b) -> None:
    mine = dutch(layer)
    found = route("van", "end", scenario=joining(a, b, mine), network=mine)
    (new,) = [step.link for step in found.steps if step.link.id == "new"]
    assert new.xy == (XY[a.lower()], XY[b.lower()])
    assert new.countries == ("NL",)
    drawn_m = apart_m(a.lower(), b.lower())
    assert drawn_m < new.length_m < 2 * drawn_m


def test_a_stated_length_is_held_against_the_nodes_of_the_network() -> None:
    mine = dutch()
    far = joining("mid", "kars", mine, length_km=10)
    with pytest.raises(SchemaError, match="lie 75 km apart"):
        route("van", "end", scenario=far, network=mine)
    assert round(apart_m("mid", "kars") / 1000) == 75


@pytest.mark.parametrize("name", ["mid", "MID", "Mid", "mid.road", "MID.road"])
def test_nodes_are_found_whatever_the_case(name) -> None:
    found = route(name, "VAN", scenario=Scenario(id="s"), network=dutch())
    assert (found.origin, found.destination) == ("mid", "van")


def test_a_slip_is_offered_the_nearest_node() -> None:
    with pytest.raises(AraxesError, match="did you mean mid"):
        route("midd", "van", scenario=Scenario(id="s"), network=dutch())
    with pytest.raises(AraxesError, match=r"no place or node 'endd'.*did you mean end"):
        joining("mid", "endd", dutch())


def test_a_bundled_place_far_from_the_node_of_its_id_is_not_that_node() -> None:
    for name in ("Карс", "Ղարս"):
        with pytest.raises(AraxesError, match=f"no place or node '{name}'"):
            route("mid", name, scenario=Scenario(id="s"), network=dutch())
    # Where the node lies at the place, every name of the place will do.
    assert route("Карс", "Igdir", scenario=Scenario(id="s"), network=network()).origin == "kars"


def test_two_nodes_that_differ_in_case_only_are_two() -> None:
    rows = [
        {"id": key, "from": a, "to": b, "mode": "road", "geometry": LineString([xy, end])}
        for key, a, b, xy, end in (
            ("1", "A", "x", (5, 52), (6, 52)), ("2", "a", "x", (5, 53), (6, 52)))
    ]  # fmt: skip
    mine = load_network(gpd.GeoDataFrame(rows, crs=4326))
    for name, key in (("A", "1"), ("a", "2")):
        found = route(name, "x", scenario=Scenario(id="s"), network=mine)
        assert [s.link.id for s in found.steps] == [key]


@pytest.mark.parametrize("code", ["NL", "TR"])
def test_any_country_of_the_network_can_be_avoided(code) -> None:
    rows = [
        {"id": "direct", "from": "a", "to": "b", "mode": "road", "countries": code,
         "geometry": LineString([(5, 52), (6, 52)])},
        {"id": "round", "from": "a", "to": "b", "mode": "road", "countries": "DE",
         "geometry": LineString([(5, 52), (5.5, 53), (6, 52)])},
    ]  # fmt: skip
    mine = load_network(gpd.GeoDataFrame(rows, crs=4326))
    terms = Terms(avoid=frozenset({code}))
    found = route("a", "b", scenario=Scenario(id="s"), network=mine, terms=terms)
    assert [s.link.id for s in found.steps] == ["round"]


@pytest.mark.parametrize("gauge", [600, 1000, 1067, 1435, 1520, 1668])
def test_any_gauge_may_be_built_and_set(gauge) -> None:
    mine = dutch()
    build = {"id": "new", "mode": "rail", "gauge_mm": gauge,
             "path": [{"place": "mid"}, {"place": "kars"}]}  # fmt: skip
    scenario = Scenario.of("s", network=mine, build=[build])
    terms = Terms(modes=("rail",))
    (step,) = route("mid", "kars", scenario=scenario, network=mine, terms=terms).steps
    assert (step.link.gauge_mm, step.link.start) == (gauge, f"mid.rail{gauge}")
    rails = network([link("rail", "kars.rail1676", "igdir.rail1676", 120)])
    other = Scenario(id="o", set={"rail.gauge_mm": (gauge, "o")})
    found = route("Kars", "Igdir", scenario=other, network=rails, terms=terms)
    assert found.links[0].gauge_mm == gauge


@pytest.mark.parametrize("gauge", [0, 250, 3500, 1435.5])
def test_what_is_no_gauge_is_refused(gauge) -> None:
    with pytest.raises(SchemaError, match="gauge_mm"):
        Scenario.of("s", set={"rail-kars-gyumri.gauge_mm": gauge})


def test_a_gauge_cannot_be_set_on_a_road_or_on_rails_without_one() -> None:
    plain = link("plain", "kars.rail1435", "igdir.rail1435", 120, gauge_mm=None)
    for key in ("road-kars-igdir", "plain"):
        scenario = Scenario(id="s", set={f"{key}.gauge_mm": (1520.0, "s")})
        with pytest.raises(SchemaError, match=f"'{key}' has no rails whose gauge could be set"):
            route("Kars", "Igdir", scenario=scenario, network=network([plain]))


def test_a_column_may_mix_numbers_and_texts_of_numbers() -> None:
    rows = [{"id": key, "from": "a", "to": "b", "mode": "road", "length_m": length,
             "geometry": LineString([(21, 52), (22, 52)])}
            for key, length in (("1", 70_000), ("2", "80000"), ("3", 9e4))]  # fmt: skip
    table = gpd.GeoDataFrame(rows, crs=4326)
    assert [k.length_m for k in load_network(table).links] == [70_000, 80_000, 90_000]
    table.loc[1, "length_m"] = "eighty"
    with pytest.raises(SchemaError, match=r"link 2 \('2'\): length_m is 'eighty'; write a number"):
        load_network(table)


def test_a_scenario_is_validated_against_a_network(araxes, tmp_path) -> None:
    file, net = tmp_path / "s.toml", tmp_path / "net.geojson"
    dutch().to_gdf().to_file(net)
    file.write_text(
        'id = "join"\nname = "Join"\nclose = ["van-mid"]\n'
        '[[build]]\nid = "new"\nmode = "road"\npath = [{place = "MID"}, {place = "kars"}]\n',
        "utf-8",
    )
    told = araxes("validate", file, "--network", net, "--json")
    assert (told.code, json.loads(told.out)["build"]) == (0, 1)
    told = araxes("validate", file)
    assert (told.code, told.err.count("\n")) == (2, 1)
    told = araxes("route", "mid", "end", "--via", "KARS", "--network", net, "--scenario", file,
                  "--json")  # fmt: skip
    assert [row["id"] for row in json.loads(told.out)["links"]] == ["new", "kars-end"]
    told = araxes("validate", net, "--network", net)
    assert (told.code, "is no scenario" in told.err) == (2, True)
    with pytest.raises(NoAnswerError):
        route("van", "mid", scenario=read_scenario(file, network=load_network(net)),
              network=load_network(net))  # fmt: skip
