"""Networks of a user's own: what comes back whole, and what is refused with one line."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString
from small_network import link, network

from borders.errors import AraxesError, FormatWarning
from corridors.analysis.compare import compare
from corridors.export.formats import write
from corridors.network.check import check_network
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from pathlib import Path

KARS, IGDIR, ARALIK = (43.0975, 40.6085), (44.0450, 39.9237), (44.5165, 39.8724)


def feature(key: str, a: str, b: str, xy: Any, **columns: Any) -> dict[str, Any]:
    properties = {"id": key, "from": a, "to": b, "mode": "road", **columns}
    shape = {"type": "LineString", "coordinates": xy}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def written(folder: Path, *features: dict[str, Any]) -> Path:
    file = folder / "net.geojson"
    table = {"type": "FeatureCollection", "features": list(features)}
    file.write_text(json.dumps(table), encoding="utf-8")
    return file


ONE = feature("a", "kars", "igdir", [KARS, IGDIR], length_m=130_000)
TWO = feature("b", "igdir", "aralik", [IGDIR, ARALIK], length_m=45_000)


def test_ends_may_be_named_in_a_map_as_our_files_name_them() -> None:
    frame = network().to_gdf(transfers=True)
    assert {"from_place", "to_place"} <= set(frame.columns)
    mapped = load_network(frame, columns={"from": "from_place", "to": "to_place"})
    assert [link.id for link in mapped.links] == [link.id for link in network().links]


def test_a_table_that_leaves_out_changes_of_mode_says_so_when_it_is_read(tmp_path) -> None:
    whole = load_network()
    lost = [link for link in whole.links if link.mode == "transfer"]
    frame = whole.to_gdf()
    assert len(frame) == len(whole.links) - len(lost)
    said = f"{len(lost)} links without a course, such as changes of mode, are left out"
    with pytest.warns(FormatWarning, match=f"the table of links: {said}; take .*transfers=True"):
        load_network(frame)
    with pytest.warns(FormatWarning, match=f"{said}; write the network itself"):
        write(frame, tmp_path / "net.geojson")
    assert load_network(whole.to_gdf(transfers=True)).links == whole.links


def test_a_cell_of_several_values_is_no_missing_one() -> None:
    frame = network().to_gdf(transfers=True)
    frame["highway"] = [np.array(["primary", "secondary"]) for _ in range(len(frame))]
    assert [link.id for link in load_network(frame).links] == [link.id for link in network().links]


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_a_network_written_and_read_back_gives_the_same_routes(tmp_path, suffix) -> None:
    file = tmp_path / f"net.{suffix}"
    small = network()
    small.to_gdf(transfers=True).to_file(file, engine="pyogrio")
    again = load_network(file, on=small.on)
    opening = Scenario(id="open", open={"kars-gyumri": "o", "road-kars-gyumri": "o"})
    for pair in (("Kars", "Yerevan"), ("Kars", "Aralık")):
        before, after = (route(*pair, scenario=opening, network=n) for n in (small, again))
        assert [s.link.id for s in before.steps] == [s.link.id for s in after.steps]
        assert (before.length, before.crossings) == (after.length, after.crossings)
    assert [k.statuses for k in again.links] == [k.statuses for k in small.links]


@pytest.fixture(scope="module")
def whole() -> Network:
    return load_network()


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb"])
def test_the_bundled_network_written_to_a_file_is_read_back_link_by_link(tmp_path, whole, suffix):
    assert write(whole, tmp_path / f"net.{suffix}") == len(whole.links)
    assert load_network(tmp_path / f"net.{suffix}").links == whole.links


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb", "parquet"])
def test_links_there_and_back_on_one_line_come_back_as_they_were(tmp_path, suffix) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    there, back = (("kars.road", "igdir.road"), ("igdir.road", "kars.road"))
    bends = ((43.0975, 40.6085), (43.5, 40.2), (44.0450, 39.9237))
    on = {there: bends, back: bends[::-1]}
    rows = [
        # Of both ways each, drawn towards each other: alike but for their ids, and not alike.
        ("a", there, {}),
        ("b", back, {}),
        ("c", back, {"speed_kmh": 40.0}),
        # A pair of one way each, and one more that is of one way.
        ("d", there, {"oneway": True}),
        ("e", back, {"oneway": True}),
        ("f", there, {"oneway": True, "name": "Ring"}),
    ]
    links = tuple(link(key, *ends, 130, xy=on[ends], **more) for key, ends, more in rows)
    made = Network(links=links, on=network().on, name="made")
    file = tmp_path / f"net.{suffix}"
    assert write(made, file) == len(links)
    assert load_network(file, on=made.on).links == links
    assert load_network(made.to_gdf(), on=made.on).links == links


@pytest.mark.parametrize("modes", [None, ("rail",), ("road",), ("road", "rail", "ferry")])
def test_the_bundled_network_read_back_answers_every_pair_as_before(tmp_path, whole, modes):
    write(whole, tmp_path / "net.gpkg")
    ends = ("Kars", "Baku", "Tbilisi", "Nakhchivan", "Tehran", "Yerevan")
    pairs = [(a, b) for a in ends for b in ends if a < b]
    terms = Terms(modes=modes)
    compared = [
        compare(pairs, ["status-quo", "tripp-open"], terms=terms, network=read)
        for read in (whole, load_network(tmp_path / "net.gpkg"))
    ]
    answers = [
        [(w.length, w.hours, w.cost_usd_t, w.crossings) if (w := row.way) else row.reason
         for row in rows]
        for rows in compared
    ]  # fmt: skip
    assert answers[0] == answers[1]
    assert sum(row.way is not None for row in compared[0]) > 10


def test_what_a_file_leaves_unsaid_of_a_status_stays_unsaid(tmp_path) -> None:
    statuses = '[{"status": "open", "valid_to": "2020-01-01"}, {"status": "closed", ' \
        '"valid_from": "2020-01-01", "source": "me", "state": "quoted"}]'  # fmt: skip
    file = written(tmp_path, feature("a", "kars", "igdir", [KARS, IGDIR], statuses=statuses))
    read = load_network(file).links[0]
    assert [(s.source, s.state) for s in read.statuses] == [("", ""), ("me", "quoted")]
    assert read.name == ""


def test_a_table_is_a_network_as_its_file_is(tmp_path) -> None:
    file = written(tmp_path, ONE, TWO)
    assert load_network(gpd.read_file(file)).links == load_network(file).links


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (3, "the table of links is of type int; give a file or a GeoDataFrame"),
        (gpd.GeoDataFrame({"id": ["a"]}, geometry=[LineString([KARS, IGDIR])]), "no coordinate"),
        (gpd.GeoDataFrame(geometry=[LineString([KARS, IGDIR])], crs=32638), "EPSG:32638"),
        (gpd.GeoDataFrame({"id": ["a"]}, geometry=[LineString([KARS, IGDIR])], crs=4326),
         "no column from, mode, to"),
        (gpd.GeoDataFrame(geometry=[LineString([KARS[::-1], IGDIR[::-1]])], crs=4326),
         "look like latitude, longitude"),
    ],
)  # fmt: skip
def test_a_table_that_is_no_network_gets_one_line(table, message) -> None:
    with pytest.raises(AraxesError) as caught:
        load_network(table)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("length_km", "'length_m', in m"),
        ("Length (km)", "'length_m', in m"),
        ("LEN_KM", "'length_m', in m"),
        ("Distance", "'length_m', in m"),
        ("speed", "'speed_kmh', in km/h"),
        ("speed_mph", "'speed_kmh', in km/h"),
        ("delay_min", "'delay_h', in h"),
        ("cost", "'cost_usd_t', in USD/t"),
        ("gauge", "'gauge_mm', in mm"),
        ("country", "'countries'"),
        ("terain", "'terrain'"),
        ("Crossing", "'crossing'"),
    ],
)
def test_a_column_that_would_be_passed_over_is_named(tmp_path, column, meant) -> None:
    with pytest.raises(AraxesError, match="would not be read") as caught:
        load_network(written(tmp_path, feature("a", "kars", "igdir", [KARS, IGDIR], **{column: 2})))
    assert f"column '{column}'" in str(caught.value)
    assert meant in str(caught.value)


def test_columns_of_other_matters_pass_and_so_does_a_second_unit(tmp_path) -> None:
    columns = {"surface": "asphalt", "ref": "E691", "lanes": 2, "length_km": 130, "name_tr": "Yol"}
    file = written(
        tmp_path, feature("a", "kars", "igdir", [KARS, IGDIR], length_m=130e3, **columns)
    )
    assert load_network(file).links[0].length_m == 130e3


def test_nodes_need_no_layers_and_lengths_may_be_left_out(tmp_path) -> None:
    file = written(tmp_path, feature("a", "kars", "igdir", [KARS, IGDIR]))
    plain = load_network(file, on="2026-06-01")
    assert plain.links[0].length_m == pytest.approx(111_000, rel=0.02)
    assert route("Kars", "Iğdır", scenario=Scenario(id="s"), network=plain).modes == ("road",)


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([ONE, {**TWO, "properties": {**TWO["properties"], "id": "a"}}], "have the id 'a'"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], length_m=130)], "in kilometres?"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], speed_kmh=-5)], "speed_kmh is -5"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], mode="air")], "allowed: rail, road"),
        ([feature("a", "kars", "", [KARS, IGDIR])], "'to' is missing"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], length_m="far")], "write a number"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], statuses="[")], "is not JSON"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], statuses='[{"status": "shut"}]')],
         "allowed: open"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], statuses='["open"]')], "list of tables"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], delay_h=-0.5)], "('a'): delay_h is -0.5"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], delay_passengers_h=-1)],
         "delay_passengers_h is -1"),
        ([feature("a", "kars", "igdir", [KARS, IGDIR], cost_usd_t=-2)], "cost_usd_t is -2"),
        ([ONE, feature("b", "igdir", "aralik", [(41.0, 39.0), ARALIK])], "both end at 'igdir'"),
        ([ONE, feature("b", "igdir2", "aralik", [(44.0452, 39.9238), ARALIK])], "dangles at"),
        ([feature("a", "kars", "igdir", [(40.6085, 43.0975), (39.9237, 44.0450)])],
         "look like latitude, longitude"),
        ([feature("a", "kars", "igdir", [(43.0975, float("nan")), IGDIR])], ""),
        ([feature("a", "kars", "igdir", [(430975.0, 406085.0), IGDIR])], "not a longitude"),
        ([{"type": "Feature", "properties": {"id": "a"}, "geometry": ONE["geometry"]}],
         "no column from, mode, to"),
        ([{**ONE, "geometry": {"type": "Point", "coordinates": KARS}}], "a link is one line"),
        ([{**ONE, "geometry": None}, TWO], "no geometry"),
    ],
)  # fmt: skip
def test_a_bad_network_gets_one_line(tmp_path, features, message) -> None:
    with pytest.raises(AraxesError) as caught:
        load_network(written(tmp_path, *features), on="2026-06-01")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_check_finds_what_is_wrong() -> None:
    short = link("short", "baku.road", "ganja.road", 10)
    copy = link("copy", "kars.road", "igdir.road", 120)
    messages = {(f.level, f.link): f.message for f in check_network(network([short, copy]))}
    assert "its ends are" in messages["error", "short"]
    assert "same nodes as road-kars-igdir" in messages["error", "copy"]
    assert "2 nodes are joined to nothing else" in messages["error", ""]


def test_the_small_network_has_no_errors() -> None:
    assert [f for f in check_network(network()) if f.level == "error"] == []


def test_hours_and_seasons_of_a_file_are_read_and_written_whole(tmp_path) -> None:
    winter = feature("a", "kars", "igdir", [KARS, IGDIR], length_m=130_000, closed="12-01..03-31")
    nights = feature("b", "igdir", "aralik", [IGDIR, ARALIK], length_m=45_000,
                     open_hours="06:00-22:00", valid_from="2020-01-01")  # fmt: skip
    read = load_network(written(tmp_path, winter, nights), on="2026-06-01")
    assert read.link("a").status(read.on).status == "open"
    assert read.link("a").status(date(2027, 1, 10)).status == "closed"
    # Only while it is open at all has it hours.
    assert [s.open_hours for s in read.link("b").statuses if s.status == "open"] == ["06:00-22:00"]
    assert [s.open_hours for s in read.link("b").statuses if s.status == "closed"] == [""]
    file = tmp_path / "again.geojson"
    write([read], file)
    again = load_network(file, on="2026-06-01")
    assert [link.statuses for link in again.links] == [link.statuses for link in read.links]
    wrong = feature("a", "kars", "igdir", [KARS, IGDIR], closed="in winter")
    with pytest.raises(AraxesError, match="closed is 'in winter'; write it as OpenStreetMap's"):
        load_network(written(tmp_path, wrong))
