"""Every data file is listed, unchanged, licensed and sourced."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from layers import SOURCES

from borders.errors import UnknownNameError
from borders.files import catalogue
from borders.files.bundle import BUNDLED

DATA = BUNDLED.folder
ROOT = Path(__file__).parents[3]
NOT_LISTED = ("build/", "LICENSES/", "catalogue.toml", "datapackage.json", "README.md")
# SPDX id → the words that the text in data/LICENSES begins its title with
LICENCES = {
    "ODbL-1.0": "Open Database License",
    "CC-BY-4.0": "Attribution 4.0 International",
    "LGPL-3.0-or-later": "GNU LESSER GENERAL PUBLIC LICENSE",
    "CC-PDDC": "Public Domain",
    "Unicode-DFS-2016": "Unicode, Inc. License Agreement",
    "OFL-1.1": "SIL Open Font License, Version 1.1",
}


def present() -> set[str]:
    paths = (p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file())
    return {p for p in paths if not p.startswith(NOT_LISTED) and "__pycache__" not in p}


def count(path: Path) -> int:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return len(list(csv.DictReader(file)))
    if path.suffix == ".geojson":
        return len(json.loads(path.read_text("utf-8"))["features"])
    if path.suffix == ".npz":
        with np.load(path) as bundle:
            return len({key.split(".")[0] for key in bundle})
    if path.suffix == ".ttf":
        return len(TTFont(path).getBestCmap())
    if path.suffix == ".json":
        return len(json.loads(path.read_text("utf-8"))["properties"])
    table = tomllib.loads(path.read_text("utf-8"))
    # What a file is about: a treaty's calls, a corridor's path, all that a scenario says.
    return len(table.get("call") or table.get("path") or table)


def named_in(value, where: str):
    """Yield (where, source id) for every source in a table, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("source", "width_source"):
                yield where, inner
            yield from named_in(inner, where)
    elif isinstance(value, list):
        for inner in value:
            yield from named_in(inner, where)


def every_source():
    for path in sorted(present()):
        file = DATA / path
        if file.suffix == ".csv" and path != "schema.csv":
            with file.open(encoding="utf-8", newline="") as opened:
                rows = list(csv.DictReader(opened))
            for n, row in enumerate(rows, 2):
                yield from named_in(row, f"{path}:{n}")
        elif file.suffix == ".toml":
            yield from named_in(tomllib.loads(file.read_text("utf-8")), path)
        elif file.suffix == ".geojson":
            for feature in json.loads(file.read_text("utf-8"))["features"]:
                yield from named_in(feature["properties"], path)


def test_every_file_is_listed_and_every_listed_file_is_there():
    assert present() == set(catalogue.files())


def test_no_file_is_listed_twice():
    table = tomllib.loads((DATA / "catalogue.toml").read_text("utf-8"))
    for kind, key in (("file", "path"), ("source", "id")):
        names = [row[key] for row in table[kind]]
        assert len(names) == len(set(names))


def test_every_hash_and_row_count_is_that_of_the_file():
    wrong = []
    for path, entry in catalogue.files().items():
        found = hashlib.sha256((DATA / path).read_bytes()).hexdigest()
        if (found, count(DATA / path)) != (entry.sha256, entry.rows):
            wrong.append(path)
    assert wrong == []


def test_every_file_says_what_it_is_and_how_it_was_made():
    for path, entry in catalogue.files().items():
        assert all((entry.title, entry.sources, entry.licence, entry.made_by, entry.retrieved)), (
            path
        )
        script = entry.made_by.split()[0]
        assert not script.startswith("data/build") or (ROOT / script).is_file(), path


def test_every_source_that_is_named_anywhere_resolves():
    named = list(every_source())
    assert len(named) > 4000
    known = catalogue.sources()
    assert [(where, key) for where, key in named if key and key not in known] == []


def test_rows_that_must_have_a_source_have_one():
    assert [where for where, key in every_source() if not key and "schema" not in where] == []


def test_every_data_file_has_a_source_with_licence_and_attribution():
    for path, entry in catalogue.files().items():
        packages = [s for s in map(catalogue.source, entry.sources) if s.state == "data"]
        # a document's facts: the rows are ours, and name their documents one by one
        for one in packages or [catalogue.source("araxes")]:
            assert one.licence, path
            assert one.attribution, path
        assert set(entry.licence.split(" AND ")) <= {
            s.licence for s in catalogue.sources().values()
        }


def test_no_data_package_is_without_licence_and_attribution():
    packages = [s for s in catalogue.sources().values() if s.state == "data"]
    assert len(packages) >= 9
    assert [s.id for s in packages if not (s.licence and s.attribution and s.citation)] == []


def test_every_licence_is_an_spdx_id_whose_text_is_in_the_repository():
    used = {s.licence for s in catalogue.sources().values() if s.licence}
    assert used == set(LICENCES)
    for spdx, title in LICENCES.items():
        text = (DATA / "LICENSES" / f"{spdx}.txt").read_text("utf-8")
        assert title.lower() in text[:600].lower(), spdx


def test_sources_that_are_openstreetmap_say_so_in_their_attribution():
    for one in catalogue.sources().values():
        if one.citation.startswith("OpenStreetMap"):
            assert one.licence == "ODbL-1.0"
            assert "© OpenStreetMap contributors" in one.attribution


def test_no_citation_has_the_id_of_a_data_package():
    with (DATA / "context/citations.csv").open(encoding="utf-8", newline="") as file:
        cited = [row["id"] for row in csv.DictReader(file)]
    table = tomllib.loads((DATA / "catalogue.toml").read_text("utf-8"))
    assert len(cited) == len(set(cited))
    assert set(cited).isdisjoint(row["id"] for row in table["source"])


def test_an_address_of_a_citation_is_one_and_a_day_of_reading_has_an_address():
    cited = [one for one in catalogue.sources().values() if one.url or one.retrieved]
    assert len(cited) >= 75
    assert [one.id for one in cited if not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", one.url)] == []


def test_the_data_are_at_most_8_megabytes():
    files = [p for p in DATA.rglob("*") if p.is_file() and "build" not in p.parts]
    assert sum(p.stat().st_size for p in files) <= 8_000_000


def test_the_runtime_file_holds_the_hash_of_each_of_its_sources():
    with np.load(DATA / "runtime.npz") as bundle:
        stored = {k.removesuffix(".sha256"): str(bundle[k]) for k in bundle if "sha256" in k}
    files = {layer: DATA / file for layer, (file, _) in SOURCES.items()}
    true = {k: hashlib.sha256(p.read_bytes()).hexdigest() for k, p in files.items()}
    assert stored == true


def test_attributions_are_given_once_each_and_only_where_there_are_any():
    keys = ["osm-timezones", "osm-railways", "geonames", "bolat-kars"]
    both = ("Places: GeoNames, CC BY 4.0", "© OpenStreetMap contributors, ODbL 1.0")
    assert catalogue.attributions(keys) == both


def test_an_unknown_source_is_an_error_that_names_the_files_to_look_in():
    with pytest.raises(UnknownNameError, match=r"'hearsay' in data/catalogue\.toml"):
        catalogue.source("hearsay")
