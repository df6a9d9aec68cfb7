"""Values that people entered, against a second copy of them; licences; names that two share.

`tests/golden/facts.csv` holds what the collected sources say (positions, dates, published figures,
errors of treaty places) and, where none is behind a value, what was decided (terrain, assumptions,
statuses of one class of users). Change a value there too when it changes on purpose, and say why.
"""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places

GOLDEN = Path(__file__).parents[1] / "golden" / "facts.csv"
EXPECTED: dict[str, list[dict[str, str]]] = defaultdict(list)
with GOLDEN.open(encoding="utf-8", newline="") as file:
    for fact in csv.DictReader(file):
        EXPECTED[fact["file"]].append(fact)
# Places that lie some 2 km from where the collection has them are not in the table.
DEGREES = 0.02


def stored(name: str) -> list[dict[str, str]]:
    path = BUNDLED.folder / name
    if path.suffix == ".toml":
        return [
            {key: str(value) for key, value in row.items()}
            for row in tomllib.loads(path.read_text("utf-8"))["place"]
        ]
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize("name", EXPECTED)
def test_values_are_those_of_the_sources(name: str) -> None:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in stored(name):
        rows[row.get("id") or row.get("link") or row["key"]].append(row)
    for fact in EXPECTED[name]:
        columns, values = fact["columns"].split(), fact["values"].split()
        found = [[row[column] or "-" for column in columns] for row in rows[fact["id"]]]
        if name == "network/statuses.csv":
            assert values in found, fact["id"]
            continue
        (ours,) = found
        for one, expected in zip(ours, values or ["-"], strict=True):
            if columns == ["lon", "lat"]:
                assert float(one) == pytest.approx(float(expected), abs=DEGREES), fact["id"]
            elif columns in (["terrain"], ["date"]):
                assert one == expected, fact["id"]
            else:
                assert float(one) == float(expected), fact["id"]


# What each package says of itself: SPDX id.
LICENCES = {
    "osm-timezones": "ODbL-1.0",
    "osm-railways": "ODbL-1.0",
    "osm-highways": "ODbL-1.0",
    "openstreetmap": "ODbL-1.0",
    "geo-maps-land": "ODbL-1.0",
    "geo-maps-waterbodies": "ODbL-1.0",
    "gshhg": "LGPL-3.0-or-later",
    "natural-earth": "CC-PDDC",
    "geonames": "CC-BY-4.0",
    "noto-sans": "OFL-1.1",
    "cldr": "Unicode-DFS-2016",
    "vazirmatn": "OFL-1.1",
    "whos-on-first": "CC-BY-4.0",
    "treaty-calls": "ODbL-1.0",
    "araxes": "ODbL-1.0",
}
CATALOGUE = tomllib.loads((BUNDLED.folder / "catalogue.toml").read_text("utf-8"))


def test_every_source_has_the_licence_that_it_came_with() -> None:
    assert {source["id"]: source["licence"] for source in CATALOGUE["source"]} == LICENCES


@pytest.mark.parametrize("entry", CATALOGUE["file"], ids=lambda entry: entry["path"])
def test_a_file_is_under_a_licence_that_its_sources_allow(entry: dict[str, object]) -> None:
    licences = set(str(entry["licence"]).split(" AND "))
    sources = entry["sources"]
    assert isinstance(sources, list)
    # The documents that a treaty or a study follows have no licence of their own here.
    needed = {LICENCES[source] for source in sources if source in LICENCES}
    # Share-alike licences stay; attribution and the public domain may go into the ODbL.
    for licence in needed & {"ODbL-1.0", "LGPL-3.0-or-later"}:
        assert licence in licences
    assert needed & {"CC-BY-4.0"} <= licences | ({"CC-BY-4.0"} if "ODbL-1.0" in licences else set())
    assert licences <= set(LICENCES.values())


# Two posts of one crossing, a town and its station or border point, two towns of one name.
SHARED = {
    frozenset(pair.split())
    for pair in (
        "jolfa_ir julfa", "kapikoy kapikoy_gate", "kartsakhi kartsakhi_gate",
        "khoda_afarin khudafarin_az", "mianeh mianeh_st",
        "razi razi_gate", "salmas salmas_st", "samur samur_az", "sarp sarpi",
        "sumgayit sumqayit_jn", "urmia urmia_aras",
    )
}  # fmt: skip


def test_no_two_places_share_a_name_in_a_language_unless_listed() -> None:
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for place in places().values():
        for language, name in place.names.items():
            named[language, name.casefold()].add(place.id)
    shared = {frozenset(ids) for ids in named.values() if len(ids) > 1}
    assert shared <= SHARED
