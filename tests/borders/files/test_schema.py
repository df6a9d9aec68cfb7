"""The rules of data/schema.csv: what they refuse, and that our own tables keep them."""

from __future__ import annotations

import csv
import tomllib

import pytest
from hypothesis import given, settings, strategies as st

from borders.errors import SchemaError
from borders.files import schema
from borders.files.bundle import BUNDLED

DATA = BUNDLED.folder
checked = settings(max_examples=60)

KINDS = (
    "id",
    "text",
    "country",
    "number",
    "integer",
    "lon",
    "lat",
    "date",
    "boolean",
    "list",
    "table",
    "tables",
    "source",
)
PLACE = {
    "id": "demo",
    "name": "Demo",
    "kind": "town",
    "country": "TR",
    "lon": "43.5",
    "lat": "40.5",
    "sigma_m": "100",
    "source": "geonames",
    "state": "quoted",
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("place", "places.csv"),
        ("town", "towns.csv"),
        ("figure", "context/published_figures.csv"),
        ("event", "context/timeline.csv"),
        ("sister-city", "context/sister_cities.csv"),
        ("citation", "context/citations.csv"),
        ("claim", "context/claims.csv"),
        ("figure-meaning", "context/figure_meanings.csv"),
        ("district", "context/districts.csv"),
        ("control", "context/control.csv"),
        ("membership", "context/memberships.csv"),
        ("base", "context/bases.csv"),
        ("sister-place", "context/sister_places.csv"),
        ("party", "context/parties.csv"),
        ("river-place", "guides/river_places.csv"),
    ],
)
def test_every_row_of_a_table_keeps_the_rules_and_ids_are_unique(table, file):
    ids = [schema.check(table, row, f"{file}:{n}").get("id") for n, row in enumerate(rows(file), 2)]
    named = [key for key in ids if key is not None]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("folder", ["treaties", "corridors"])
def test_every_authored_file_is_named_after_its_id(folder):
    for path in (DATA / folder).glob("*.toml"):
        assert tomllib.loads(path.read_text("utf-8"))["id"] == path.stem


def test_values_from_text_come_out_typed():
    typed = schema.check("place", PLACE, "here")
    assert (typed["lon"], typed["sigma_m"], typed["name_tr"]) == (43.5, 100.0, None)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("lon", "east", r"here: lon is 'east'; write a number"),
        pytest.param("lon", 10**5000, r"lon is a whole number of more than 300 digits", id="huge"),
        ("lon", True, r"here: lon is 'True'; write a number"),
        ("lon", "nan", r"here: lon is nan; write a finite number"),
        ("lon", float("inf"), r"here: lon is inf; write a finite number"),
        ("lon", "181", r"here: lon is 181\.0, outside ±180°$"),
        (
            "lat",
            "143.5",
            r"here: lat is 143\.5, outside ±90°; are longitude and latitude swapped\?",
        ),
        ("sigma_m", "-5", r"here: sigma_m is -5; .* never negative"),
        ("country", "Turkey", r"here: country is 'Turkey'; write an ISO 3166-1 code"),
        ("id", "Iğdır", r"here: id is 'Iğdır'; ids have only a-z, 0-9, - and _"),
        ("name", 5, r"here: name is 5; write it as text in quotes"),
        ("name", "", r"here: 'name' is missing; add it \(name as shown"),
        ("name", None, r"here: 'name' is missing"),
        ("name", " \t\u00a0", r"here: 'name' is missing"),
        ("widht", "1", r"here: unknown key 'widht'; known: id, name, kind"),
    ],
)
def test_a_wrong_value_is_one_message_with_place_key_and_value(key, value, message):
    with pytest.raises(SchemaError, match=message):
        schema.check("place", {**PLACE, key: value}, "here")


def test_a_height_may_lie_below_the_sea_as_the_shore_of_the_caspian_does():
    row = {"id": "shore", "name": "Baku", "elevation_m": -28}
    assert schema.check("treaty-place", row, "here")["elevation_m"] == -28
    with pytest.raises(SchemaError, match="never negative"):
        schema.check("treaty-place", {**row, "sigma_m": -28}, "here")


@pytest.mark.parametrize("key", sorted(PLACE))
def test_a_missing_value_is_named(key):
    row = {k: v for k, v in PLACE.items() if k != key}
    with pytest.raises(SchemaError, match=f"^here: '{key}' is missing"):
        schema.check("place", row, "here")


@pytest.mark.parametrize("value", ["1921-13-01", "13 October 1921", "1921", 1921, True])
def test_what_is_not_a_date_is_refused(value):
    row = {"status": "open", "source": "araxes", "state": "quoted", "valid_from": value}
    with pytest.raises(SchemaError, match=r"here: valid_from is .*; write a date as YYYY-MM-DD"):
        schema.check("status", row, "here")


def test_a_broken_number_is_not_cut_to_a_whole_one():
    row = dict(zip(("id", "name", "country", "lat", "lon", "population", "source"),
                   ("1", "A", "TR", "40", "43", "10.5", "geonames"), strict=True))  # fmt: skip
    with pytest.raises(SchemaError, match=r"population is '10\.5'; write a whole number"):
        schema.check("town", row, "here")


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [("path", "kars", "list of tables"), ("path", ["kars"], "list of tables")],
)
def test_a_table_that_is_no_list_is_refused(key, value, kind):
    path = next((DATA / "corridors").glob("*.toml"))
    row = tomllib.loads(path.read_text("utf-8"))
    with pytest.raises(SchemaError, match=f"here: {key} must be a {kind}"):
        schema.check("corridor", {**row, key: value}, "here")


def test_an_unknown_table_is_an_error():
    with pytest.raises(SchemaError, match="no table 'nonsense'"):
        schema.columns("nonsense")


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())
)


@given(st.dictionaries(st.sampled_from([*PLACE, "other"]), values))
@checked
def test_no_value_whatever_raises_anything_but_a_schema_error(row):
    try:
        typed = schema.check("place", {**PLACE, **row}, "here")
    except SchemaError:
        return
    assert -180 <= typed["lon"] <= 180
    assert -90 <= typed["lat"] <= 90


def test_every_column_says_its_type_and_meaning():
    for row in rows("schema.csv"):
        assert row["type"] in KINDS
        assert row["required"] in ("yes", "no")
        assert row["description"]
        assert row["unit"] == "m" or not row["column"].endswith("_m"), row
