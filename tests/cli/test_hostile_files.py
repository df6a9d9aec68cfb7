"""Hostile files and names get one line, nothing half-written, and no control character out."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from refusals import CORRIDOR, assert_refused

TREATY = Path("tests/examples/my_treaty.toml")
CONTROLS = frozenset(map(chr, {*range(32), *range(0x7F, 0xA0)} - {9, 10}))
HEAD = 'id = "s"\nname = "S"\n'


def geojson(path, *features):
    rows = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    return path


def line(*xy):
    return {"type": "LineString", "coordinates": list(xy)}


BOWTIE = {"type": "Polygon", "coordinates": [[[44, 40], [45, 41], [45, 40], [44, 41], [44, 40]]]}


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".toml", "x" * 300 + ".geojson", f"{'x' * 300}/a.kml", "x" * 5000]
)
def test_names_that_no_file_system_takes_are_refused_in_one_line(araxes, tmp_path, name):
    for command in (("validate", name), ("map", name, "--out", tmp_path / "x.html"),
                    ("export", name, "--out", tmp_path / "x.csv")):  # fmt: skip
        told = araxes(*command)
        assert_refused(told)
        assert len(told.err) < 1000


@pytest.mark.parametrize("name", ["a.geojson", "a.toml", "a.xyz"])
def test_a_folder_that_may_not_be_entered_is_refused_in_one_line(
    araxes, tmp_path, monkeypatch, name
):
    # Root may enter any folder, so what the system says to others is said here.
    def denied(asked):
        def ask(self, *args, **options):
            if tmp_path in self.parents:
                raise PermissionError(13, "Permission denied", str(self))
            return asked(self, *args, **options)

        return ask

    file = tmp_path / name
    file.write_text("x", "utf-8")
    for asked in ("is_file", "is_dir", "exists", "stat", "open", "read_text", "read_bytes"):
        monkeypatch.setattr(f"pathlib.Path.{asked}", denied(getattr(Path, asked)))
    for command in (("validate", file), ("map", file, "--out", "x.html")):
        told = araxes(*command)
        assert_refused(told)
        assert "Permission denied" in told.err or "no such file" in told.err


@pytest.mark.parametrize("key", ["sigma_m", "elevation_m"])
@pytest.mark.parametrize("value", ["1e300", "1" + "0" * 400, "-1e20"])
def test_numbers_that_are_no_quantity_are_refused(araxes, tmp_path, key, value):
    text = TREATY.read_text("utf-8")
    mine = tmp_path / "mine.toml"
    row = f"sigma_m = {value}\n" if key == "sigma_m" else f"sigma_m = 500\nelevation_m = {value}\n"
    mine.write_text(text.replace("sigma_m = 500\n", row, 1), "utf-8")
    told = araxes("validate", mine)
    assert_refused(told, f"mine.toml, place 1: {key}")
    assert len(told.err) < 300


def test_a_long_name_is_not_told_in_full(araxes, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(f'id = "s"\nname = "S"\nincludes = ["{"a" * 300}.toml"]\n', "utf-8")
    told = araxes("validate", mine)
    assert_refused(told, "mine.toml: includes: no scenario 'aaa")
    assert "a" * 101 not in told.err


def test_what_is_no_treaty_is_not_written_as_one(araxes, tmp_path):
    text = TREATY.read_text("utf-8").replace(
        'rule = "straight"', 'rule = "straight"\noffset = 5', 1
    )
    assert "offset" in text
    mine, out = tmp_path / "mine.toml", tmp_path / "out.toml"
    mine.write_text(text, "utf-8")
    told = araxes("validate", mine, "--places", "--out", out)
    assert told.code == 2
    assert "does not take 'offset'" in told.err
    assert not out.exists()


@pytest.mark.parametrize(
    "key",
    [".".join(['"a"'] * 60_000), ".".join(['""'] * 60_000), ".".join(["a" * 200] * 1_800),
     " . ".join(["'b c'"] * 5_000)],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{} = 1\n", "[{}]\n", "[[{}]]\n", "x = {{ {} = 1 }}\n"])
def test_keys_of_thousands_of_parts_are_refused_at_once(araxes, tmp_path, key, form):
    file = tmp_path / "deep.toml"
    file.write_text(HEAD + form.format(key), "utf-8")
    begun = time.process_time()
    assert_refused(araxes("validate", file), "line 3: more than 16 parts")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("quotes", ['"', "'", '"""', "'''"])
def test_a_long_note_is_no_key_and_takes_no_time(araxes, tmp_path, quotes):
    file = tmp_path / "note.toml"
    file.write_text(f'{HEAD}open = ["kars-gyumri"]\nnote = {quotes}{"a.b. " * 150_000}{quotes}\n')
    begun = time.process_time()
    assert araxes("validate", file).code == 0
    assert time.process_time() - begun < 10


def test_a_toml_file_of_many_megabytes_is_refused(araxes, tmp_path):
    file = tmp_path / "big.toml"
    file.write_text("# " + "x" * 6_000_000, "utf-8")
    assert_refused(araxes("validate", file), "a TOML file has at most 5,000,000")


@pytest.mark.parametrize("value", ["9" * 4000, "0x" + "f" * 200_000, '"' + "z" * 100_000 + '"'])
def test_long_values_are_shortened(araxes, tmp_path, value):
    file = tmp_path / "long.toml"
    for text in (f"on = {value}", f"[set]\n'delay_h.crossing.rail' = {value}", f"{'k' * 9999} = 1",
                 f"open = [{value}]", f'kind = "x"\n[[call]]\nrule = {value}'):  # fmt: skip
        file.write_text(HEAD + text + "\n", "utf-8")
        told = araxes("validate", file)
        assert_refused(told)
        assert len(told.err) < 5000


def test_controls_in_names_and_messages_are_visible_signs(araxes, tmp_path):
    name = "a\x1b[31m\x07\x00\rb\x9b"
    file = tmp_path / "net.geojson"
    rows = ({"id": name, "from": "a", "to": "b", "mode": "road"}, line([44, 40], [45, 41]))
    geojson(file, rows)
    said = [
        araxes("network", "check", file),
        araxes("route", "a", "b", "--network", file),
        araxes("validate", tmp_path / "x\x1b[31m.toml"),
        araxes("show", "x\x1b]0;t\x07"),
        araxes("list", "x\x1b[31m"),
        araxes("x\x1b[31m"),
    ]
    corridor = tmp_path / "mine.toml"
    text = CORRIDOR.format(id="mine", first="kars", second="igdir")
    corridor.write_text(text.replace("A road", "A\\u001b[31m road\\u0007"), "utf-8")
    said += [araxes("validate", corridor), araxes("show", corridor)]
    for told in said:
        assert not CONTROLS.intersection(told.out + told.err)
    assert "␛[31m" in said[2].err
    assert "A␛[31m road␇" in said[-1].out


def test_json_and_csv_let_no_control_character_through(araxes, tmp_path):
    node = "k\x7f\x9b31m\x1b[2J\x07"
    file = tmp_path / "net.geojson"
    geojson(file, ({"id": "l\x9d\x7f", "from": node, "to": "b", "mode": "road"},
                   line([44, 40], [45, 41])))  # fmt: skip
    told = araxes("route", node, "b", "--network", file, "--json")
    assert not CONTROLS & set(told.out)
    # It is still JSON of the very names.
    said = json.loads(told.out)
    assert said["from"] == node
    assert said["links"][0]["id"] == "l\x9d\x7f"
    for form in ("--csv", "--json"):
        told = araxes("matrix", node, "b", "--network", file, form)
        assert told.code == 0
        assert "31m" in told.out
        assert not CONTROLS & set(told.out)


def test_an_area_that_crosses_itself_is_never_used_silently(araxes, tmp_path):
    file = geojson(
        tmp_path / "bow.geojson", ({"name": "ok"}, line([44, 40], [45, 41])), ({}, BOWTIE)
    )
    said = "feature 2: no valid geometry (Self-intersection[44.5 40.5]); mend it"
    assert_refused(araxes("validate", file), said)
    for command in (("map", file, "--out", tmp_path / "x.html"),
                    ("export", file, "--out", tmp_path / "x.gpkg")):  # fmt: skip
        told = araxes(*command)
        assert told.code == 0
        assert said in told.err
        assert told.err.endswith("used as it is\n")


def test_layers_are_named(araxes, tmp_path):
    file = geojson(
        tmp_path / "a.geojson", ({"layer": "roads"}, line([44, 40], [45, 41])),
        ({"layer": "rails"}, line([44, 40], [45, 41])),
    )  # fmt: skip
    told = " ".join(araxes("validate", file).out.split())
    assert "2 features of 2 layers (roads, rails)" in told
    assert json.loads(araxes("validate", file, "--json").out)["layers"] == ["roads", "rails"]


def test_a_table_with_gaps_is_exported_beside_ours_to_gpx(araxes, tmp_path):
    file = geojson(
        tmp_path / "a.geojson", ({"attribution": "© Me"}, line([43, 40], [44, 40])),
        ({"name": "b"}, line([43, 40], [44, 40])),
    )  # fmt: skip
    told = araxes("export", "btk", file, "--out", tmp_path / "x.gpx")
    assert told.code == 0, told.err
    assert "© Me" in (tmp_path / "x.gpx").read_text("utf-8")


@pytest.mark.parametrize("width", ["1e7", "900000"])
def test_a_width_that_no_strip_has_names_the_file(araxes, tmp_path, width):
    file = tmp_path / "wide.toml"
    text = CORRIDOR.format(id="mine", first="kars", second="igdir")
    file.write_text(f'width_m = {width}\nwidth_source = "araxes"\n{text}', "utf-8")
    assert_refused(araxes("validate", file), "wide.toml: width_m is")


def test_a_guide_that_is_no_line_names_both_files(araxes, tmp_path):
    geojson(tmp_path / "guide.geojson", ({}, {"type": "Point", "coordinates": [44, 40]}))
    guide = '\n[[guide]]\nid = "g"\nfile = "guide.geojson"\nsource = "x"\nposition_sigma_m = 50\n'
    mine = tmp_path / "mine.toml"
    mine.write_text(TREATY.read_text("utf-8") + guide, "utf-8")
    told = araxes("validate", mine)
    assert_refused(told, "mine.toml, guide")
    assert "guide.geojson holds a Point" in told.err


def test_of_an_elevation_model_only_the_window_is_read_and_none_gets_a_word(araxes, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    from borders.terrain.elevation import read_dem

    file = tmp_path / "dem.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=3000, height=2000, count=1, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(0.001, 0, 40, 0, -0.001, 42),
    ) as raster:  # fmt: skip
        heights = np.add.outer(np.arange(2000), np.arange(3000) / 10_000).astype("float32")
        raster.write(heights, 1)
    whole, part = read_dem(file), read_dem(file, bounds=(41, 40.5, 41.2, 40.6))
    assert part.elevation_m.size < whole.elevation_m.size / 100
    west, south, east, north = part.bounds
    assert (west <= 41, south <= 40.5, east >= 41.2, north >= 40.6) == (True,) * 4
    row, column = round((42 - north) / 0.001), round((west - 40) / 0.001)
    rows, columns = part.elevation_m.shape
    assert (part.elevation_m == heights[row : row + rows, column : column + columns]).all()
    told = araxes("map", TREATY, "--dem", file, "--out", tmp_path / "x.html")
    assert told.code == 0
    assert "dem.tif: no watershed is drawn on it; it does not reach" in told.err
