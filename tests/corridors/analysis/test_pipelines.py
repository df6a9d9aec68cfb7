"""Pipelines by country against what operators and agencies publish."""

from __future__ import annotations

import json

import pytest

from corridors.analysis.pipelines import pipeline_rows
from corridors.context.pipelines import pipeline_of
from maps.cli.main import main

# km by country: bp.com (BTC); report.az 2016-03-19 (SCP, with BOTAŞ's part); icma.az 543925.
PUBLISHED = {
    "btc": {"AZ": 443, "GE": 249, "TR": 1076},
    "bte": {"AZ": 443, "GE": 248, "TR": 280},
    "igdir-nakhchivan-gas": {"TR": 80, "AZ": 17.5},
}


@pytest.fixture(scope="module")
def rows():
    return {row["id"]: row for row in pipeline_rows()}


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_part_in_each_country_holds_what_is_published_for_it(rows, key) -> None:
    parts = rows[key]["countries"]
    for code, km in PUBLISHED[key].items():
        assert parts[code]["published_km"] == km
        assert parts[code]["low_km"] <= km <= parts[code]["high_km"]


def test_the_980_km_of_the_document_are_the_whole_way_to_erzurum(rows) -> None:
    # Document 003, section 2: the BTE line is 980 km long. 443 + 248 + 280 = 971, and the company
    # of the South Caucasus Pipeline counts 691 to the border.
    assert sum(PUBLISHED["bte"].values()) == 971
    assert rows["bte"]["low_km"] <= 971
    assert rows["bte"]["high_km"] >= 980
    assert not rows["bte"]["low_km"] <= 691 <= rows["bte"]["high_km"]
    assert "971" in rows["bte"]["note"]


def test_shares_of_owners_add_up_to_a_hundred_percent(rows) -> None:
    for key in ("btc", "tanap", "tap", "bte"):
        words = rows[key]["owners"].replace(";", ",").split(",")
        shares = [float(word.split()[-2]) for word in words if word.strip().endswith("%")]
        assert sum(shares) == pytest.approx(100, abs=0.05), key


def test_the_list_and_the_json_of_show_tell_capacity_and_owners(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["list", "pipelines"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "capacity 50 Mt/year" in text
    assert main(["list", "pipelines", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 5
    assert main(["show", "igdir-nakhchivan-gas", "--json", "--on", "2024-06-01"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "construction"
    assert told["pipeline"]["carries"] == "gas"
    # The report of 6 March 2025 on the opening: up to 2 million m³ a day, 730 million a year.
    assert told["pipeline"]["capacity"] == pytest.approx(2 * 365 / 1000, abs=0.001)


def test_a_railway_is_no_pipeline() -> None:
    assert pipeline_of("btk") is None
