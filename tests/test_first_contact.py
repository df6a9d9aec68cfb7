"""What an analyst tries first in Python works, or is told in one line what to do."""

from __future__ import annotations

import io
import math

import geopandas as gpd
import pandas as pd
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


def _lines(*coordinates):
    return gpd.GeoDataFrame({"name": ["Road"]}, geometry=[LineString(coordinates)], crs=4326)


def _text_for_geometry():
    table = MINE.copy()
    with pytest.warns(UserWarning, match="Geometry column does not contain geometry"):
        table["geometry"] = "POINT (43 40)"
    return table


TABLES = {
    "metres called degrees": (
        lambda: _lines((340_000, 4_500_000), (345_000, 4_510_000)),
        "340000, 4.5e+06 is not a longitude and latitude",
    ),
    "longitudes of 0 to 360": (lambda: _lines((350, 40), (405, 40)), "take 360 from longitudes"),
    "a latitude of 95": (lambda: _lines((43, 40), (44, 95)), "44, 95 is not a longitude"),
    "no number": (
        lambda: MINE.set_geometry(gpd.points_from_xy([43, 44], [40, math.inf], crs=4326)),
        "coordinate 2 is [44.0, inf]",
    ),
    "swapped axes": (lambda: _lines((40.6, 43.1), (40.8, 43.8)), "look like latitude, longitude"),
    "a year as a name": (
        lambda: MINE.assign(x=1).rename(columns={"x": 2019}), "called '2019', of type int"
    ),
    "a name twice": (
        lambda: pd.concat([MINE, MINE[["name"]]], axis=1), "two columns are called 'name'"
    ),
    "no active geometry": (lambda: gpd.GeoDataFrame({"a": [1]}), "no active geometry column"),
    "geometry renamed": (
        lambda: MINE.rename(columns={"geometry": "shape"}), "with .set_geometry('shape')"
    ),
    "text for geometry": (_text_for_geometry, "column 'geometry' holds str, not geometries"),
    "a second column called geometry": (
        lambda: MINE.rename_geometry("shape").assign(geometry="x"), "a column is called 'geometry'"
    ),
    "no reference system": (
        lambda: MINE.set_crs(None, allow_override=True), "no coordinate reference system"
    ),
    "another reference system": (
        lambda: MINE.to_crs("+proj=lcc +lat_1=38 +lat_2=42 +lon_0=45"), "use .to_crs(4326) first"
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "use",
    [
        maps.interactive, maps.static, corridors.table, corridors.load_network,
        lambda table: corridors.write(table, "x.geojson"),
        lambda table: corridors.write([MINE, table], "x.csv"),
    ],
    ids=["interactive", "static", "table", "load_network", "write", "write several"],
)  # fmt: skip
@pytest.mark.parametrize("slip", TABLES)
def test_a_table_is_checked_before_it_is_drawn_or_written(tmp_path, monkeypatch, slip, use) -> None:
    monkeypatch.chdir(tmp_path)
    make, said = TABLES[slip]
    table = make()
    with pytest.raises(AraxesError) as refused:
        use(table)
    assert said in str(refused.value)
    assert "table" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_the_message_names_the_table_that_is_meant() -> None:
    wrong = _lines((43, 40), (44, 95))
    for table, name in ((wrong, "table 2"), (wrong.copy(), "table 'Roads'")):
        if name != "table 2":
            table.attrs["name"] = "Roads"
        for use in (lambda *things: corridors.table(things), maps.interactive, maps.static):
            with pytest.raises(AraxesError, match=f"^{name}: coordinate 44, 95"):
                use(MINE, table)


def test_whatever_has_to_gdf_is_drawable() -> None:
    class Depots:
        def to_gdf(self, *, on=None):  # noqa: ARG002
            return MINE

    things = [
        Depots(), corridors.system("btk"), borders.boundary("kars-1921"), corridors.load_network(),
        corridors.route("Kars", "Tbilisi"), corridors.reach("Kars", 100),
    ]  # fmt: skip
    assert maps.Drawable is borders.Drawable
    assert all(isinstance(thing, maps.Drawable) for thing in things)
    assert not isinstance(MINE, maps.Drawable)
    assert corridors.table(Depots())["name"].tolist() == ["Depot A", "Depot B"]


def test_a_table_out_of_to_gdf_is_checked_too() -> None:
    class Depots:
        def to_gdf(self, *, on=None):  # noqa: ARG002
            return pd.DataFrame({"name": ["x"]})

    with pytest.raises(AraxesError, match="the table of a Depots is of type DataFrame"):
        maps.interactive(Depots())


@pytest.mark.parametrize("suffix", [".html", ".png", ".svg", ".pdf"])
def test_a_page_or_figure_is_saved_to_an_open_file_with_the_same_bytes(tmp_path, suffix) -> None:
    made = maps.interactive(MINE) if suffix == ".html" else maps.static(MINE)
    path = tmp_path / f"x{suffix}"
    maps.save(made, path)
    memory = io.BytesIO()
    maps.save(made, memory, suffix=suffix)
    assert memory.getvalue() == path.read_bytes()
    with (tmp_path / f"y{suffix}").open("wb") as file:
        maps.save(made, file)
        assert not file.closed
    assert (tmp_path / f"y{suffix}").read_bytes() == path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"x{suffix}", f"y{suffix}"]
    if suffix == ".svg":
        again = io.BytesIO()
        maps.save_figure(made, again, suffix=suffix)
        assert again.getvalue() == path.read_bytes()


def test_a_file_without_a_name_gets_a_page_or_a_png() -> None:
    for made, head in ((maps.interactive(MINE), b"<!DOCTYPE"), (maps.static(MINE), b"\x89PNG")):
        memory = io.BytesIO()
        maps.save(made, memory)
        assert memory.getvalue().startswith(head)


def _closed() -> io.BytesIO:
    file = io.BytesIO()
    file.close()
    return file


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        (io.StringIO(), {}, "open it with mode 'wb'"),
        (_closed(), {}, "the file is closed"),
        (io.BytesIO(), {"suffix": ".png"}, "a page is written as .html"),
        (7, {}, "a int is no file; give a path"),
    ],
)
def test_what_cannot_be_saved_to_is_refused_in_one_line(file, options, said) -> None:
    with pytest.raises(AraxesError) as refused:
        maps.save(maps.interactive(MINE), file, **options)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_vector_file_is_written_to_a_path_only() -> None:
    with pytest.raises(AraxesError, match="a BytesIO is no path; give the path of a file"):
        corridors.write(MINE, io.BytesIO())


def test_an_empty_table_alone_or_beside_others_is_drawn(tmp_path) -> None:
    empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)
    alone, beside = maps.interactive(empty), maps.interactive(empty, MINE)
    assert set(maps.interactive(MINE).contents) <= set(beside.contents)
    for page in (alone, beside):
        maps.save(page, tmp_path / "x.html")
        assert "araxes.start(" in (tmp_path / "x.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (corridors.system("btk"), ("Corridor btk", "823.4 km (804.1–842.8)", "open")),
        (borders.boundary("kars-1921"), ("Boundary kars-1921", "621.7 km", "47 legs")),
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
    km = {(row.mode_set[0], row.scenario.id): row.row()["km"] for row in rows}
    assert km["road", "road"] < km["road", "status-quo"]
    assert km["rail", "rail"] < km["rail", "status-quo"]


def test_a_border_is_measured_as_it_is() -> None:
    kars = borders.boundary("kars-1921")
    assert borders.scale_curve(kars) == borders.scale_curve(kars.geometry)
    line = LineString([(43, 41), (44, 40)])
    assert borders.geodesy.length_m(line) > 0
