"""The commands route and compare: their JSON, their tables at 80 columns, their refusals."""

from __future__ import annotations

import csv
import io
import json
import re

import geopandas
import pytest
from osm_files import Drawn, road
from small_network import DAY, link, network

from borders.gazetteer.lookup import place
from corridors.analysis.compare import compare
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms
from maps.charts.hours import hours_chart
from maps.i18n import number, word
from maps.layers.routes import route_rows
from maps.tables.routes import comparison_markdown, show_route

ROUTE = {"from", "to", "scenario", "by", "km", "low_km", "high_km", "hours", "links", "crossings",
         "countries", "gauge_changes", "unbuilt_km"}  # fmt: skip
TERMS = ("on", "by", "users", "modes", "via", "avoid", "hours_by")
ROW = {"from", "to", "scenario", "km", "low_km", "high_km", "hours", "delta_km", "delta_hours",
       "crossings", "unbuilt_km", "reason"}  # fmt: skip


def test_a_route_has_the_keys_of_the_contract(araxes) -> None:
    told = araxes("route", "Kars", "Baku", "--modes", "rail", "--json")
    found = json.loads(told.out)
    assert told.code == 0
    assert found.keys() >= ROUTE
    assert all(one.keys() >= {"id", "mode", "km", "basis", "status"} for one in found["links"])
    assert found["low_km"] < found["km"] < found["high_km"]
    assert sum(one["km"] for one in found["links"]) == pytest.approx(found["km"], abs=1)
    assert found["countries"] == ["TR", "GE", "AZ"]
    assert found["gauge_changes"] == 1


def test_places_are_found_by_any_name(araxes) -> None:
    spelled = [("Kars", "Nakhchivan"), ("Карс", "Нахичевань"), ("qars", "Naxçıvan")]
    found = [json.loads(araxes("route", *pair, "--json").out) for pair in spelled]
    assert len({one["km"] for one in found}) == 1


def test_a_comparison_has_the_keys_of_the_contract_in_json_and_csv(araxes) -> None:
    asked = ("compare", "--pair", "Kars:Baku", "--pair", "Iğdır:Baku", "--modes", "road")
    rows = json.loads(araxes(*asked, "--json").out)
    assert len(rows) == 12
    assert all(row.keys() >= ROW for row in rows)
    table = list(csv.DictReader(io.StringIO(araxes(*asked, "--csv").out)))
    assert [row["scenario"] for row in table] == [row["scenario"] for row in rows]
    assert [float(row["km"]) for row in table] == [row["km"] for row in rows]
    lines = araxes(*asked, "--markdown").out.splitlines()
    assert len(lines) == 14
    terms = ("--modes", "rail", "--by", "hours", "--users", "passengers", "--on", "1985-01-01")
    asked = (*terms, "--avoid", "IR", "--scenario", "status-quo", "--json")
    (row,) = json.loads(araxes("compare", "--pair", "Yerevan:Baku", *asked).out)
    alone = json.loads(araxes("route", "Yerevan", "Baku", *asked).out)
    assert {key: row[key] for key in TERMS} == {key: alone[key] for key in TERMS}
    none = json.loads(araxes("compare", "--pair", "Nakhchivan:Baku", "--modes", "rail",
                             "--scenario", "status-quo", "--json").out)[0]  # fmt: skip
    assert (none["hours_by"], none["via"], none["avoid"], none["by"]) == (None, [], [], "km")
    assert all(line.startswith("|") for line in lines)


@pytest.mark.parametrize(
    "asked",
    [
        ("route", "Kars", "Baku", "--modes", "rail", "--scenario", "all-open", "--avoid", "GE"),
        ("route", "Aktau", "Istanbul", "--modes", "rail,ferry"),
        ("route", "Kars", "Baku", "--alternatives", "3"),
        ("compare", "--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku", "--modes", "rail"),
        ("reach", "Kars", "--within", "150"),
    ],
)
def test_tables_fit_in_80_columns(araxes, asked) -> None:
    told = araxes(*asked)
    assert told.code == 0, told.err
    assert max(map(len, told.out.splitlines())) <= 80


def test_no_way_is_exit_1_and_one_line_that_names_what_stands_in_it(araxes) -> None:
    told = araxes("route", "Yerevan", "Nakhchivan", "--modes", "rail")
    assert told.code == 1
    assert told.err.count("\n") == 1
    assert "in the way stand" in told.err
    assert "rail-yeraskh-sadarak (closed" in told.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("route", "Kars", "Karz"), "did you mean"),
        (("route", "Kars", "kars"), "twice in a row"),
        (("route", "Kars", "Baku", "--by", "miles"), "known: km, hours, cost"),
        (("route", "Kars", "Baku", "--modes", "rail,plane"), "'plane'; known: road, rail, ferry"),
        (
            ("route", "Kars", "Baku", "--avoid", "XX"),
            "'XX'; the bundled network has no link there; known: AM, AZ",
        ),
        (("route", "Kars", "Baku", "--users", "all"), "known: freight"),
        (("route", "Kars", "Baku", "--on", "1 June"), "write YYYY-MM-DD"),
        (
            ("route", "Kars", "Baku", "--avoid", "Georgia"),
            "'Georgia'; write ISO 3166-1 codes of two letters",
        ),
        (("route", "Kars", "Baku", "--on", "1850-01-01"), "statuses begin on 1918-01-01"),
        (("route", "Kars", "Baku", "--scenario", "no-such"), "known: all-open"),
        (("route", "Kars", "Baku", "--scenario", "trip-open"), "did you mean tripp-open"),
        (("route", "Kars", "Baku", "--alternatives", "0"), "give 1 to 20"),
        (("route", "Kars", "Baku", "--overlap", "0.5"), "add --alternatives K"),
        (
            ("route", "Kars", "Baku", "--alternatives", "2", "--overlap", "70"),
            "--overlap is 70; give a part from 0 to 1",
        ),
        (("route", "Kars", "Baku", "--alternatives", "2", "--longer", "0.5"), "give 1 or more"),
        (("route", "Kars", "Baku", "--alternatives", "2", "--longer", "nan"), "give 1 or more"),
        (("route", "Kars", "Baku", "--network", "no-such.gpkg"), "no such file"),
        (("route", "Batum", "Lachin", "--via", "Atlantis"), "no place 'Atlantis'"),
        (("route", "Artvin", "Stockholm"), "no place 'Stockholm'"),
        (("route", "Kars", "Baku", "--out", "way.shp"), "cannot write '.shp'; known suffixes"),
        (("compare", "--pair", "Kars"), "write two places with a colon"),
        (("compare", "--pair", "Kars:"), "write two places with a colon"),
        (("reach", "Kars", "--within", "-5"), "give a positive number"),
        (("reach", "Kars", "--within", "5", "--out", "x.txt"), "x.txt: cannot write '.txt'"),
        (("map", "--out", "x.html"), "nothing to draw"),
    ],
)
def test_bad_questions_get_one_line_and_exit_2(araxes, asked, said) -> None:
    told = araxes(*asked)
    assert told.code == 2
    assert told.err.count("\n") == 1
    assert said in told.err
    assert told.out == ""


def test_a_place_on_no_link_is_offered_the_nearest_with_its_distance(araxes) -> None:
    told = araxes("route", "Ani", "Baku")
    assert told.code == 2
    assert "the nearest of its places is" in told.err
    assert "km away" in told.err


def test_a_network_of_ones_own_takes_the_place_of_ours(araxes, tmp_path) -> None:
    file = tmp_path / "mine.gpkg"
    network([link("short", "kars.road", "baku.road", 900)]).to_gdf(transfers=True).to_file(file)
    found = json.loads(araxes("route", "Kars", "Baku", "--network", file, "--json").out)
    assert found["km"] == 900
    told = araxes("network", "check", file)
    assert told.code == 0
    assert "0 errors" in told.out


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".kml"])
def test_a_route_is_written_link_by_link_and_its_lengths_add_up(araxes, tmp_path, suffix) -> None:
    file = tmp_path / f"way{suffix}"
    told = araxes("route", "Kars", "Baku", "--modes", "rail", "--json", "--out", file)
    way = json.loads(told.out)
    found = geopandas.read_file(file)
    found = found.iloc[found["step"].astype(int).argsort()]
    drawn = [one for one in way["links"] if one["mode"] != "transfer"]
    assert found["link"].tolist() == [one["id"] for one in drawn]
    assert found["length_m"].astype(float).sum() / 1000 == pytest.approx(way["km"], abs=0.06)
    ends = found.geometry.iloc[0].coords[0], found.geometry.iloc[-1].coords[-1]
    for (lon, lat, *_), town in zip(ends, ("kars", "baku"), strict=True):
        assert (lon, lat) == pytest.approx((place(town).lon, place(town).lat), abs=0.1)


def test_alternatives_are_written_into_one_file(araxes, tmp_path) -> None:
    file = tmp_path / "ways.gpkg"
    told = araxes("route", "Kars", "Baku", "--alternatives", "2", "--out", file)
    assert f"features to {file}" in told.out
    assert set(geopandas.read_file(file)["way"]) == {1, 2}


def test_where_fewer_alternatives_exist_it_is_said(araxes) -> None:
    asked = ("route", "Kars", "Baku", "--modes", "road", "--alternatives", "9",
             "--longer", "1.02", "--overlap", "0.9")  # fmt: skip
    told = araxes(*asked)
    rows = json.loads(araxes(*asked, "--json").out)
    assert max(row["km"] for row in rows) <= 1.02 * rows[0]["km"]
    words = " ".join(told.out.split())
    assert f"only {len(rows)} exist: no other ways share at most 90 % with each better" in words
    assert f"only {len(rows)} exist" in araxes(*asked, "--json").err
    assert "only" not in araxes("route", "Kars", "Baku", "--alternatives", "2").out


@pytest.mark.parametrize("command", ["map", "export"])
def test_a_scenario_among_things_is_told_where_it_goes(araxes, tmp_path, command) -> None:
    file = tmp_path / "s.toml"
    file.write_text('id = "s"\nname = "S"\nopen = ["kars-gyumri"]\n')
    out = ("--out", tmp_path / "x.html")
    for scenario in ("tripp-open", file):
        told = araxes(command, scenario, *out)
        assert told.code == 2
        assert "is a scenario; give it to --scenario" in told.err


def test_a_comparison_sets_like_beside_like_and_marks_the_best(araxes) -> None:
    pair = ("compare", "--pair", "Nakhchivan:Baku", "--scenario", "status-quo")
    lines = araxes(*pair, "--scenario", "tripp-open").out.splitlines()
    heads = [line for line in lines if " – " in line]
    assert heads == ["Nakhchivan city – Baku, by road", "Nakhchivan city – Baku, by rail"]
    starred = [line.split()[0] for line in lines if line.partition("  ")[0].endswith(" *")]
    assert starred == ["status-quo", "tripp-open"]
    assert lines[-1] == "* shorter under that scenario than by the other modes"
    rows = json.loads(araxes(*pair, "--scenario", "tripp-open", "--json").out)
    assert [(row["modes"], row["mode_set"][0], row["best"]) for row in rows] == [
        (["road"], "road", True), (["road"], "road", False),
        ([], "rail", False), (["rail"], "rail", True),
    ]  # fmt: skip
    table = araxes(*pair, "--scenario", "tripp-open", "--markdown").out.splitlines()
    assert [row.split(" | ")[3] for row in table[2:6]] == ["road", "road", "", "rail"]
    assert table[-1] == rf"\{lines[-1]}"


def test_one_way_under_several_scenarios_is_one_line(araxes) -> None:
    pair = ("compare", "--pair", "Kars:Baku", "--modes", "rail")
    told = araxes(*pair, "--scenario", "status-quo", "--scenario", "tripp-open").out
    assert told.splitlines()[0] == "Kars – Baku, by rail"
    assert told.splitlines()[3].strip() == "likewise tripp-open"
    assert "*" not in told


def test_modes_asked_for_together_are_told_apart(araxes) -> None:
    pair = ("compare", "--pair", "Nakhchivan:Baku", "--modes", "road,rail")
    told = araxes(*pair, "--scenario", "status-quo", "--scenario", "tripp-open").out
    assert "road is set beside road, rail; --modes compares like with like" in told
    assert "by road, rail; through nakhchivan-railway" in told


def test_a_past_day_says_of_what_the_beginning_is_not_known(araxes) -> None:
    asked = ("route", "Yerevan", "Julfa", "--modes", "rail")
    told = araxes(*asked, "--on", "1985-01-01").out
    found = json.loads(araxes(*asked, "--on", "1985-01-01", "--json").out)
    assert found["undated_km"] == found["km"]
    undated = re.search(r"undated +(\d+) km: open, since when is not in the data", told)
    assert int(undated[1]) == pytest.approx(found["km"], abs=0.56)
    today = json.loads(araxes("route", "Kars", "Baku", "--json").out)
    assert today["undated_km"] == 0


def test_what_is_forced_stands_in_the_head_of_a_route(araxes) -> None:
    told = araxes("route", "Kars", "Baku", "--modes", "rail", "--via", "Tbilisi", "--avoid", "IR")
    assert told.out.splitlines()[0] == "Kars–Baku via Tbilisi, avoiding IR"


def test_what_a_route_is_forced_to_is_in_its_json(araxes) -> None:
    asked = ("route", "Kars", "Baku", "--modes", "road", "--json")
    forced = ("--via", "Batumi", "--via", "lachin-2022", "--avoid", "ir,road-alat-baku")
    found = json.loads(araxes(*asked, *forced).out)
    assert found["via"] == ["batumi", "lachin-2022"]
    assert found["avoid"] == ["IR", "road-alat-baku"]
    rows = json.loads(araxes(*asked, "--alternatives", "2", "--avoid", "x-sarp-sarpi").out)
    assert [(row["via"], row["avoid"]) for row in rows] == [([], ["x-sarp-sarpi"])] * 2
    assert all("x-sarp-sarpi" not in row["crossings"] for row in rows)


def test_where_only_a_change_of_mode_would_help_the_modes_to_give_are_said(araxes, tmp_path):
    rows = [("rail", "101", "102", "rail", [[21, 52], [22, 52]]),
            ("road", "202", "203", "road", [[22, 52], [23, 52]]),
            ("change", "102", "202", "transfer", None)]  # fmt: skip
    features = [
        {
            "type": "Feature", "properties": {"id": key, "from": a, "to": b, "mode": mode},
            "geometry": xy and {"type": "LineString", "coordinates": xy},
        }
        for key, a, b, mode, xy in rows
    ]  # fmt: skip
    file = tmp_path / "net.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    told = araxes("route", "101", "203", "--network", file)
    assert told.code == 1
    assert "to change between them on the way: modes rail,road,ferry" in " ".join(told.err.split())
    assert araxes("route", "101", "203", "--network", file, "--modes", "rail,road,ferry").code == 0


def test_who_leaves_at_night_waits_or_goes_round(araxes, tmp_path) -> None:
    file = tmp_path / "night.toml"
    hours = '"08:00-20:00"'
    file.write_text(
        f'id = "night"\nname = "Night"\n[open_hours]\nx-sarp-sarpi = {hours}\n', "utf-8"
    )
    asked = ("route", "Hopa", "Batumi", "--scenario", file, "--modes", "road", "--users",
             "passengers")  # fmt: skip
    by_day = json.loads(araxes(*asked, "--at", "12:00", "--json").out)
    assert (by_day["at"], by_day["recurring"]) == ("12:00", {"x-sarp-sarpi": "open 08:00-20:00"})
    at_night = json.loads(araxes(*asked, "--at", "21:00", "--json").out)
    # Twenty minutes to the border: it opens some 10.7 hours after that.
    assert 10 < at_night["hours"] - by_day["hours"] < 11
    (wait,) = (part for part in at_night["hours_parts"] if part["what"] == "opening")
    assert wait["where"] == "x-sarp-sarpi"
    assert wait["low_hours"] <= wait["hours"] <= wait["high_hours"]
    quickest = json.loads(araxes(*asked, "--at", "21:00", "--by", "hours", "--json").out)
    assert quickest["crossings"] == ["x-turkgozu-vale-gate"]
    assert "wait until it opens" in araxes(*asked, "--at", "21:00").out
    assert "not counted without --at" in araxes(*asked).out
    assert "x-sarp-sarpi open 08:00-20:00" in araxes("show", file).out
    today = " ".join(
        araxes("route", "Hopa", "Batumi", "--modes", "road", "--at", "21:00").out.split()
    )
    assert "of x-sarp-sarpi no hours of opening are known, taken as open day and night" in today
    assert araxes("validate", file).code == 0
    file.write_text(file.read_text("utf-8").replace(hours, '"by day"'), "utf-8")
    for refused in (araxes("validate", file), araxes(*asked[:3], "--at", "8 pm")):
        assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_the_chart_of_a_comparison_has_what_json_says_the_hours_are_made_of(
    araxes, tmp_path
) -> None:
    file = tmp_path / "hours.svg"
    asked = ("--pair", "Kars:Baku", "--modes", "rail", "--scenario", "status-quo")
    told = araxes("compare", *asked, "--chart", str(file))
    assert told.code == 0
    assert f"wrote {file}" in told.out
    caption = file.with_suffix(".caption.md").read_text("utf-8")
    found = json.loads(araxes("route", "Kars", "Baku", "--modes", "rail", "--json").out)
    assert len(found["hours_parts"]) == 4
    for part in found["hours_parts"]:
        where = "" if part["what"] == "running" else part["where"]
        assert f"| {where} | {part['hours']:.1f} | {part['low_hours']:.1f} |" in caption
    assert "compare --pair Kars:Baku" in caption


def test_a_chart_that_cannot_be_drawn_is_refused_before_anything_is_asked(araxes) -> None:
    for command in (["route", "Nowhere", "Kars"], ["compare", "--pair", "Nowhere:Kars"]):
        told = araxes(*command, "--chart", "hours.doc")
        assert told.code == 2
        assert "cannot write '.doc'; known suffixes: .png, .svg, .pdf" in told.err


def test_a_winter_says_which_roads_snow_may_close(araxes) -> None:
    said = "season"
    for words in (
        ("route", "Yerevan", "Vladikavkaz", "--on", "2026-01-15"),
        ("compare", "--pair", "Yerevan:Vladikavkaz", "--scenario", "status-quo",
         "--on", "2026-01-15"),
        ("series", "Yerevan", "Vladikavkaz", "--on", "2026-01-15:2026-01-16", "--step", "1d"),
    ):  # fmt: skip
        told = araxes(*words, "--modes", "road").out
        (line,) = (line for line in told.splitlines() if line.startswith(said))
        assert "road-natakhtari-larsi may be closed Nov-Apr (snow)" in line
    summer = araxes("route", "Yerevan", "Vladikavkaz", "--modes", "road", "--on", "2026-05-15").out
    assert said not in summer


def test_a_lorry_of_more_than_nine_hours_says_how_long_its_driver_rests(araxes) -> None:
    told = araxes("route", "Kars", "Istanbul", "--users", "lorries").out
    assert "a driver alone rests 33 h more (11 h after every 9 h" in " ".join(told.split())
    assert json.loads(araxes("route", "Kars", "Istanbul", "--users", "lorries", "--json").out)[
        "driver_rest_h"
    ] == pytest.approx(33)
    assert "a driver alone" not in araxes("route", "Kars", "Istanbul", "--users", "coaches").out


def test_a_comparison_says_for_whom_it_is_where_not_for_freight(araxes) -> None:
    asked = ("compare", "--pair", "Kars:Erzurum", "--scenario", "status-quo", "--modes", "road")
    assert araxes(*asked).out.splitlines()[0] == "Kars – Erzurum, by road"
    for who in ("passengers", "coaches"):
        told = araxes(*asked, "--users", who).out
        assert told.splitlines()[0] == f"Kars – Erzurum, by road, {who}"


def test_a_comparison_is_asked_as_a_route_is(araxes):
    one = ("--modes", "rail", "--scenario", "status-quo", "--json")
    by_pair = json.loads(araxes("compare", "--pair", "Kars:Baku", *one).out)
    assert json.loads(araxes("compare", "Kars", "Baku", *one).out) == by_pair
    both = json.loads(araxes("compare", "Kars", "Baku", "--pair", "Kars:Tbilisi", *one).out)
    assert [row["to"] for row in both] == ["Baku", "Tbilisi"]
    for wrong, said in ((("Kars",), "FROM and TO"), ((), "FROM and TO"),
                        (("Kars", "Baku", "--gateways"), "pairs of its own"),
                        (("Kars", "Baku", "--pair", "Kars:Baku"), "twice")):  # fmt: skip
        told = araxes("compare", *wrong)
        assert (told.code, told.err.count("\n")) == (2, 1)
        assert said in told.err


@pytest.mark.parametrize("west", [178.4, -70.0])
def test_ends_south_of_the_equator_are_no_options(araxes, tmp_path, west) -> None:
    nodes = {1: (west, -18.0), 2: (west + 0.05, -18.0), 3: (west + 0.1, -18.01)}
    drawn = Drawn(nodes, {1: road(1, 2), 2: road(2, 3)}).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    ends = [f"-18.0,{west}", f"-18.01,{west + 0.1}"]
    for words in (("route", *ends), ("compare", *ends), ("compare", "--pair", ":".join(ends))):
        told = araxes(*words, "--network", file)
        assert (told.code, told.err) == (0, "")
        assert "10." in told.out
    told = araxes("reach", ends[0], "--within", 20, "--network", file)
    assert (told.code, told.err) == (0, "")
    assert "n3" in told.out


def short_way():
    """Return a network of one road of 2 km, of which the first quarter is another link."""
    speed = {"speed_kmh": 60.0}
    made = [link("a", "kars.road", "selim.road", 0.5, **speed),
            link("b", "selim.road", "sarikamis.road", 1.5, **speed)]  # fmt: skip
    return Network(links=tuple(made), on=DAY)


def test_a_way_of_minutes_says_minutes(capsys) -> None:
    # 2 km at 60 km/h are 2 minutes.
    asked = {"scenario": Scenario(id="now"), "network": short_way()}
    found = route("Kars", "Sarıkamış", **asked)
    assert repr(found).count("2.0 min (") == 1
    assert ">2.0 min (" in found._repr_html_()
    show_route(found)
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert ", 2.0 min (" in lines[2]
    assert lines[4].split()[:3] == ["to", "km", "min"]
    assert [line.split()[1:3] for line in lines[5:7]] == [["0.50", "0.50"], ["1.50", "1.50"]]
    assert " 2.0 min (" in next(line for line in lines if "running" in line)
    pairs = [("Kars", "Sarıkamış"), ("Kars", "Selim")]
    rows = compare(pairs, [Scenario(id="now")], terms=Terms(by="hours"), network=short_way())
    table = comparison_markdown(rows, "hours").splitlines()
    assert table[0].split(" | ")[6] == "min"
    assert [line.split(" | ")[6] for line in table[2:]] == ["2.0", "0.50"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "2.0 min ("), ("tr", "2,0 dk ("), ("az", "2,0 dəq ("), ("hy", "2,0 ր ("),
     ("ka", "2,0 წთ ("), ("ru", "2,0 мин ("), ("fa", "۲٫۰ دقیقه (")],
)  # fmt: skip
def test_a_way_of_minutes_says_so_in_every_language(language, said) -> None:
    found = route("Kars", "Sarıkamış", scenario=Scenario(id="now"), network=short_way())
    assert said in dict(route_rows(found, language))["Way"]
    chart = hours_chart([found], language=language)
    (axes,) = chart.axes
    assert any(text.get_text().startswith(said) for text in axes.texts)
    assert axes.get_xlabel() == word("figure-axis-minutes", language)
    labels = [tick.get_text() for tick in axes.get_xticklabels()]
    assert labels[:2] == [number(text, language) for text in ("0", "0.5")]
    assert axes.get_xticks()[1] == pytest.approx(0.5 / 60)


def test_a_matrix_and_a_reach_of_minutes_say_minutes(araxes, tmp_path) -> None:
    nodes = {1: (9.5, 47.0), 2: (9.502, 47.0), 3: (9.51, 47.0)}
    drawn = Drawn(nodes, {1: road(1, 2, 3)}).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    told = araxes("matrix", "n1", "n3", "--by", "hours", "--network", file)
    assert told.out.startswith("minutes, ")
    assert "  0.0" not in told.out
    told = araxes("reach", "n1", "--within", 0.2, "--by", "hours", "--network", file)
    assert told.out.splitlines()[2].split()[:2] == ["place", "minutes"]
    assert told.out.splitlines()[-1].split()[0] == "n3"
    hours = json.loads(araxes("route", "n1", "n3", "--network", file, "--json").out)["hours"]
    assert hours == pytest.approx(float(told.out.splitlines()[-1].split()[1]) / 60, abs=0.05)
