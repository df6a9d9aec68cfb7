"""The Data Package of `data/`, checked by Frictionless: tables row by row, files by their hash."""

from __future__ import annotations

import tomllib

import pytest
from frictionless import Package, Resource

from borders.files.bundle import BUNDLED

PACKAGE = Package(str(BUNDLED.folder / "datapackage.json"))
TABLES = [resource for resource in PACKAGE.resources if resource.format == "csv"]


def test_the_descriptor_is_one():
    assert Package.validate_descriptor(PACKAGE.to_descriptor()).valid


def test_it_lists_what_the_catalogue_lists_with_the_same_hashes():
    catalogue = tomllib.loads((BUNDLED.folder / "catalogue.toml").read_text("utf-8"))
    listed = {entry["path"]: f"sha256:{entry['sha256']}" for entry in catalogue["file"]}
    assert {resource.path: resource.hash for resource in PACKAGE.resources} == listed


@pytest.mark.parametrize("resource", TABLES, ids=lambda resource: resource.name)
def test_every_table_is_what_it_says(resource):
    report = Resource.from_descriptor(
        resource.to_descriptor(), basepath=str(BUNDLED.folder)
    ).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]


def test_other_files_have_the_size_and_the_hash_that_are_stated():
    for resource in PACKAGE.resources:
        if resource.format != "csv":
            plain = Resource(
                path=resource.path, basepath=str(BUNDLED.folder), hash=resource.hash,
                bytes=resource.bytes, datatype="file",
            )  # fmt: skip
            report = plain.validate()
            assert report.valid, report.flatten(["type", "message"])


def test_a_changed_file_is_noticed(tmp_path):
    text = (BUNDLED.folder / "places.csv").read_bytes()
    (tmp_path / "places.csv").write_bytes(text.replace(b"Kars", b"Kras", 1))
    (places,) = (resource for resource in TABLES if resource.path == "places.csv")
    changed = Resource.from_descriptor(places.to_descriptor(), basepath=str(tmp_path))
    assert [error[0] for error in changed.validate().flatten(["type"])] == ["hash-count"]


def test_columns_have_types_units_and_words():
    (places,) = (resource for resource in TABLES if resource.path == "places.csv")
    lon = places.schema.get_field("lon")
    assert (lon.type, lon.constraints["minimum"]) == ("number", -180)
    assert places.schema.get_field("sigma_m").description.startswith("Standard error")
    assert {entry["name"] for entry in PACKAGE.licenses} >= {"ODbL-1.0", "CC-BY-4.0"}
