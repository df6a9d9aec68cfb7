"""Files made to exhaust time or memory, or to break the reader, are refused in one line."""

from __future__ import annotations

import os

import geopandas as gpd
import pytest
from shapely import LineString

from borders.errors import FileFormatError
from borders.files.toml import read_toml

ROUTE = ("route", "Kars", "Baku", "--scenario")
HEAD = 'id = "a"\nname = "A"\n'


def refused(araxes, *arguments):
    """Return the one line that a command is refused with."""
    told = araxes(*arguments)
    assert told.code == 2
    # A check of a network lists its findings too.
    assert told.out == "" or arguments[:2] == ("network", "check")
    assert max(map(len, told.out.splitlines()), default=0) <= 80
    line, end, rest = told.err.partition("\n")
    assert (end, rest) == ("\n", "")
    return line


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 3000) + " = 1",
        "[" + ".".join("a" * 3000) + "]",
        "x = { " + ".".join(["'a'"] * 3000) + " = 1 }",
        "[[" + " . ".join("a" * 3000) + "]]",
    ],
)
def test_a_key_of_thousands_of_parts_is_refused_before_it_is_parsed(araxes, tmp_path, text):
    file = tmp_path / "dots.toml"
    file.write_text(HEAD + text, "utf-8")
    assert "line 3: more than 16 parts" in refused(araxes, *ROUTE, file)


def test_a_text_full_of_points_is_no_key(araxes, tmp_path):
    file = tmp_path / "text.toml"
    file.write_text(
        HEAD + f'open = ["kars-gyumri"]\nnote = "From A to B {"." * 80} 12 km. {"So. " * 10}."\n',
        "utf-8",
    )
    assert araxes("validate", file).code == 0


@pytest.mark.parametrize("suffix", [".toml", ".gpkg", ".geojson", ".kml"])
def test_a_pipe_is_refused_and_not_waited_for(araxes, tmp_path, suffix):
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)
    assert "a device or a pipe" in refused(araxes, "validate", pipe)


def test_a_device_behind_a_link_is_refused(araxes, tmp_path):
    zero = tmp_path / "zero.toml"
    zero.symlink_to("/dev/zero")
    assert "a device or a pipe" in refused(araxes, *ROUTE, zero)


def test_a_link_to_itself_is_refused(araxes, tmp_path):
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert "loop.toml" in refused(araxes, *ROUTE, loop)


def test_includes_that_fan_out_are_read_once_each(araxes, tmp_path):
    for n in range(31):
        below = "status-quo" if n == 30 else f"fan{n + 1}.toml"
        text = f'id = "fan{n}"\nname = "F"\nincludes = ["{below}", "{below}"]\n'
        (tmp_path / f"fan{n}.toml").write_text(text, "utf-8")
    assert araxes("validate", tmp_path / "fan0.toml").code == 0


def test_includes_in_an_endless_row_are_refused(araxes, tmp_path):
    for n in range(400):
        text = f'id = "row{n}"\nname = "R"\nincludes = ["row{n + 1}.toml"]\n'
        (tmp_path / f"row{n}.toml").write_text(text, "utf-8")
    assert "include less" in refused(araxes, *ROUTE, tmp_path / "row0.toml")


def test_a_number_of_thousands_of_digits_is_refused(araxes, tmp_path):
    file = tmp_path / "digits.toml"
    file.write_text(f"{HEAD}[set]\n'x.delay_h' = {'9' * 5000}\n", "utf-8")
    told = refused(araxes, *ROUTE, file)
    assert "too long" in told
    assert "write a smaller one" in told


def test_a_time_of_day_is_no_date(araxes, tmp_path):
    file = tmp_path / "time.toml"
    file.write_text(f"{HEAD}on = 2026-06-01T23:59:00\n", "utf-8")
    assert "write a date as YYYY-MM-DD" in refused(araxes, *ROUTE, file)


def test_a_scenario_that_contradicts_itself_by_a_corridor_is_named_once(araxes, tmp_path):
    file = tmp_path / "both.toml"
    text = 'open = ["zangezur-tripp"]\nclose = ["rail-agarak-gate-kilit-gate"]\n'
    file.write_text(HEAD + text, "utf-8")
    assert "scenario 'a' contradicts itself" in refused(araxes, *ROUTE, file)


def test_a_scenario_of_a_day_after_the_data_is_told_so(araxes, tmp_path):
    file = tmp_path / "later.toml"
    file.write_text(f"{HEAD}on = 9999-12-31\n", "utf-8")
    told = araxes(*ROUTE, file)
    assert told.code == 0
    assert "the data speak up to" in told.err


BAD = {
    "delay_h": -4.0, "delay_passengers_h": 1e9, "cost_usd_t": -4.0, "gauge_mm": -4,
    "length_m": 1e30, "sigma_m": 1e9, "countries": "TR,??", "speed_kmh": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("column", BAD)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_a_number_that_no_link_has_is_refused_with_its_link(araxes, tmp_path, column, suffix):
    file = tmp_path / f"net{suffix}"
    row = {"id": "ab", "from": "a", "to": "b", "mode": "road", column: BAD[column]}
    line = LineString([(43.1, 40.6), (43.8, 40.8)])
    gpd.GeoDataFrame([row], geometry=[line], crs=4326).to_file(file)
    line = refused(araxes, "route", "a", "b", "--network", file)
    assert "'ab'" in line
    assert column in line


def test_an_endless_length_is_refused(araxes, tmp_path):
    file = tmp_path / "net.gpkg"
    row = {"id": "ab", "from": "a", "to": "b", "mode": "road", "length_m": float("inf")}
    line = LineString([(43.1, 40.6), (43.8, 40.8)])
    gpd.GeoDataFrame([row], geometry=[line], crs=4326).to_file(file)
    assert "length_m is inf" in refused(araxes, "network", "check", file)


def test_statuses_nested_without_end_are_refused(araxes, tmp_path):
    file = tmp_path / "net.gpkg"
    row = {"id": "ab", "from": "a", "to": "b", "mode": "road", "statuses": "[" * 20_000}
    line = LineString([(43.1, 40.6), (43.8, 40.8)])
    gpd.GeoDataFrame([row], geometry=[line], crs=4326).to_file(file)
    assert "statuses is not JSON" in refused(araxes, "network", "check", file)


def test_a_geojson_nested_without_end_is_refused(araxes, tmp_path):
    file = tmp_path / "deep.geojson"
    file.write_text('{"type": "FeatureCollection", "features": ' + "[" * 100_000, "utf-8")
    assert "deep.geojson" in refused(araxes, "validate", file)


def test_a_toml_file_is_read_up_to_the_size_that_the_message_gives(tmp_path):
    path = tmp_path / "a.toml"
    line = b'id = "a"\n'
    path.write_bytes(line + b"#" * (5_000_000 - len(line)))
    assert read_toml(path) == {"id": "a"}
    path.write_bytes(line + b"#" * (5_000_001 - len(line)))
    with pytest.raises(FileFormatError, match="5,000,001 bytes; a TOML file has at most 5,000,000"):
        read_toml(path)
