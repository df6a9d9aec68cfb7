"""What an analyst tries first in Python works, or is told in one line what to do."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, Point

import borders
import corridors
import maps
from borders.errors import AraxesError

MINE = gpd.GeoDataFrame(
    {"name": ["Depot A", "Depot B"]}, geometry=[Point(43.1, 40.6), Point(49.8, 40.4)], crs=4326
)


def test_a_thing_is_written_without_a_list_around_it(tmp_path) -> None:
    for n, one in enumerate((corridors.system("btk"), MINE, MINE.geometry)):
        file = tmp_path / f"{n}.gpkg"
        assert corridors.write(one, file) == len(corridors.table(one)) > 0
        assert file.exists()


@pytest.mark.parametrize("suffix", ["html", "png", "svg", "pdf"])
def test_one_function_saves_pages_and_figures(tmp_path, suffix) -> None:
    made = maps.interactive(MINE) if suffix == "html" else maps.static(MINE)
    maps.save(made, tmp_path / f"x.{suffix}")
    assert (tmp_path / f"x.{suffix}").stat().st_size > 1000


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: maps.interactive("btk"), "'btk' is text; give corridors.thing('btk')"),
        (lambda: maps.static("btk"), "'btk' is text; give corridors.thing('btk')"),
        (lambda: corridors.write("btk", "x.gpkg"), "'btk' is text; give corridors.thing('btk')"),
        (lambda: maps.interactive([MINE, MINE]), "a list; give its things one by one"),
        (lambda: maps.interactive(borders.place("Kars")), "a Place has no to_gdf()"),
        (
            lambda: maps.interactive(MINE.set_crs(None, allow_override=True)),
            "no coordinate reference",
        ),
        (lambda: maps.interactive(MINE.to_crs(32638)), "use .to_crs(4326) first"),
        (lambda: maps.save(maps.interactive(MINE), "x.png"), "x.png: a page is written as .html"),
        (lambda: maps.save(maps.static(MINE), "x.html"), "x.html: a figure is written as .png"),
        (lambda: corridors.summary("btk"), "'btk' is text; give corridors.thing('btk')"),
        (
            lambda: maps.save(corridors.route("Kars", "Tbilisi"), "x.png"),
            "a Route is no map; save what `interactive` or `static` make of it",
        ),
        (lambda: corridors.reach("Kars", "100"), "give a positive number"),
        (lambda: corridors.reach("Kars", -1), "give a positive number"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path, monkeypatch, call, said) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AraxesError) as refused:
        call()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_table_beside_others_is_drawn(tmp_path) -> None:
    empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)
    maps.save(maps.interactive(empty), tmp_path / "x.html")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (corridors.system("btk"), ("Corridor btk", "823.4 km (804.1–842.8)", "open")),
        (borders.boundary("kars-1921"), ("Boundary kars-1921", "621.6 km", "47 legs")),
        (corridors.load_network(), ("Network", "links", "2026-06-01")),
        (corridors.route("Kars", "Tbilisi"), ("Route Kars–Tbilisi", "status-quo", "km (", "h (")),
        (corridors.read_scenario("tripp-open"), ("Scenario tripp-open", "opens 6")),
        (corridors.reach("Kars", 100), ("Reach within 100 km of Kars", "places")),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_a_thing_at_the_prompt_is_one_short_line(one, said) -> None:
    told = repr(one)
    assert len(told) < 160
    assert "\n" not in told
    for words in said:
        assert words in told


def test_a_route_has_a_summary_like_every_other_thing() -> None:
    told = corridors.summary(corridors.route("Kars", "Baku"))
    assert {"from", "to", "km", "low_km", "high_km", "links", "crossings"} <= set(told)


def test_a_scenario_is_made_in_code_as_it_is_in_a_file(tmp_path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'id = "mine"\nname = "Mine"\non = 2026-06-01\nincludes = ["status-quo"]\n'
        'open = ["kars-gyumri"]\nclose = ["x-sarp-sarpi"]\n'
        '[[build]]\nid = "new"\nmode = "road"\npath = [{place = "Ani"}, {place = "Gyumri"}]\n'
        '[set]\n"x-dogukapi-akhurik-rail.delay_h" = 4\n', "utf-8",
    )  # fmt: skip
    made = corridors.Scenario.of(
        "mine", name="Mine", on="2026-06-01", includes=["status-quo"], open=["kars-gyumri"],
        close=["x-sarp-sarpi"], set={"x-dogukapi-akhurik-rail.delay_h": 4},
        build=[{"id": "new", "mode": "road", "path": [{"place": "Ani"}, {"place": "Gyumri"}]}],
    )  # fmt: skip
    assert made == corridors.read_scenario(file)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"open": "kars-gyumri"}, 'write ["kars-gyumri"]'),
        ({"set": {"x-sarp-sarpi.delay": 4}}, "give x-sarp-sarpi.delay_h"),
        ({"on": "1 June"}, "YYYY-MM-DD"),
        ({"includes": ["tripp-opn"]}, "did you mean tripp-open"),
        ({"open": ["a"], "close": ["a"]}, "contradicts itself"),
    ],
)
def test_a_slip_in_a_scenario_made_in_code_is_told(given, said) -> None:
    with pytest.raises(AraxesError) as refused:
        corridors.Scenario.of("mine", **given)
    assert said in str(refused.value)


def test_two_corridors_made_in_code_are_compared() -> None:
    path = [{"place": "Kars"}, {"place": "Akyaka"}, {"place": "Gyumri"}]
    road = corridors.Scenario.of("road", build=[{"id": "road-new", "mode": "road", "path": path}])
    rail = corridors.Scenario.of("rail", open=["kars-gyumri"])
    rows = corridors.compare([("Kars", "Gyumri")], ["status-quo", road, rail])
    quo, by_road, by_rail = (row.row() for row in rows)
    assert by_road["km"] < quo["km"]
    assert by_rail["km"] < quo["km"]
    assert by_road["modes"] == ["road"]


def test_a_border_is_measured_as_it_is() -> None:
    kars = borders.boundary("kars-1921")
    assert borders.scale_curve(kars) == borders.scale_curve(kars.geometry)
    line = LineString([(43, 41), (44, 40)])
    assert borders.geodesy.length_m(line) > 0
