"""The commands list and show: what they tell, and what they refuse."""

from __future__ import annotations

import json

import pytest
from refusals import CORRIDOR, assert_refused

from borders.gazetteer.places import places
from borders.treaty.treaty import treaty_ids
from corridors.model.corridor import corridor_ids
from corridors.model.registry import system_ids
from corridors.network.load import load_network

IDS = {
    "borders": {"kars-1921", "nakhchivan-1921", "nakhchivan", "batum-1921"},
    "corridors": {
        "lachin-2020", "lachin-2022", "zangezur-tripp", "kars-igdir-dilucu", "btk", "btc", "bte",
        "tanap", "horadiz-aghband",
    },
}  # fmt: skip


SHOWN = {"id", "kind", "length_km", "low_km", "high_km", "basis", "legs", "statuses", "sources"}


@pytest.mark.parametrize(
    "what", ["systems", "borders", "corridors", "scenarios", "places", "layers", "sources"]
)
def test_a_listing_has_as_many_rows_as_its_json_and_fits_in_80_columns(araxes, what):
    rows, told = json.loads(araxes("list", what, "--json").out), araxes("list", what)
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= 80
    assert all(row["id"] and row["name"] for row in rows)
    flowing = "".join(told.out.split())
    assert all("".join(row["id"].split()) in flowing for row in rows)


@pytest.mark.parametrize("what", ["borders", "corridors"])
def test_a_listing_holds_the_ids_that_others_rely_on(araxes, what):
    rows = json.loads(araxes("list", what, "--json").out)
    assert {row["id"] for row in rows} >= IDS[what]
    assert all(row["low_km"] <= row["length_km"] <= row["high_km"] for row in rows)


def test_borders_and_corridors_together_are_all_systems(araxes):
    listed = [json.loads(araxes("list", what, "--json").out) for what in ("borders", "corridors")]
    assert {row["id"] for rows in listed for row in rows} == set(system_ids())
    assert len(system_ids()) == len(treaty_ids()) + len(corridor_ids())


@pytest.mark.parametrize("key", system_ids())
def test_show_answers_with_the_keys_of_the_contract(araxes, key):
    told = json.loads(araxes("show", key, "--json").out)
    assert set(told) >= SHOWN
    assert told["id"] == key
    assert told["low_km"] < told["length_km"] < told["high_km"]
    for status in told["statuses"]:
        assert set(status) >= {"status", "valid_from", "valid_to", "source"}
    for leg in told["legs"]:
        assert set(leg) >= {"n", "words", "rule", "from", "to", "km", "sigma_m", "state"}
    assert all(source["id"] for source in told["sources"])
    if told["kind"] == "territory":
        assert told["area_km2"] > 0


def test_the_legs_of_a_border_add_up_to_its_length(araxes):
    told = json.loads(araxes("show", "kars-1921", "--json").out)
    assert sum(leg["km"] for leg in told["legs"]) == pytest.approx(told["length_km"], rel=1e-3)


@pytest.mark.parametrize(
    ("day", "status", "has_territory"),
    [
        ("2019-01-01", None, False),
        ("2020-11-10", "open", True),
        ("2022-08-29", "open", True),
        ("2022-08-30", "superseded", False),
    ],
)
def test_show_answers_as_of_a_day(araxes, day, status, has_territory):
    told = json.loads(araxes("show", "lachin-2020", "--on", day, "--json").out)
    assert (told["on"], told["status"]) == (day, status)
    assert (told["territory_km2"] is not None) == has_territory


@pytest.mark.parametrize(
    "name", ["Lachin corridor of 2020", "LAÇIN KORİDORU (2020)", "lachin 2020"]
)
def test_show_finds_a_system_by_name_whatever_its_case_and_marks(araxes, name):
    assert json.loads(araxes("show", name, "--json").out)["id"] == "lachin-2020"


def test_show_reads_a_corridor_file(araxes, tmp_path):
    file = tmp_path / "road.toml"
    file.write_text(CORRIDOR.format(id="my-road", first="kars", second="gyumri"), "utf-8")
    told = json.loads(araxes("show", file, "--json").out)
    assert (told["id"], told["basis"]) == ("my-road", "chain")
    assert "A road" in araxes("show", file).out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kars1922", "kars-1921"),
        ("nahcivn", "nakhchivan"),
        ("naxçıvn", "nakhchivan"),
        ("Нахичевнь", "nakhchivan"),
        ("Լաչին", "lachin-2020"),
        ("Zəngəz", "zangezur-tripp"),
        ("tanab", "tanap"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest_ones(araxes, typed, meant):
    answer = araxes("show", typed)
    assert_refused(answer, f"'{typed}'")
    offered = answer.err.partition("did you mean ")[2]
    assert meant in offered


@pytest.mark.parametrize("nonsense", ["", "zzzzzzzz", "..", "\x00", "<script>\n", "x" * 5000])
def test_nonsense_for_an_id_is_refused(araxes, nonsense):
    assert_refused(araxes("show", nonsense))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Kars Treaty", "kars-1921"),
        ("treaty of kars", "kars-1921"),
        ("Nakhchivan Treaty of Moscow", "nakhchivan-moscow-1921"),
        ("Zangezur corridor", "zangezur-tripp"),
    ],
)
def test_the_words_of_one_systems_name_show_it(araxes, words, found):
    told = araxes("show", words, "--json")
    assert json.loads(told.out)["id"] == found


def test_systems_are_listed_before_villages_of_the_same_name(araxes):
    told = araxes("show", "zangezur")
    ids = ["zangezur-tripp", "zangezur-whole", "geonames:11211596", "geonames:174875"]
    at = [told.out.index(key) for key in ids]
    assert (told.code, told.err, at) == (0, "", sorted(at))
    refused = araxes("show", "zangezur", "--json")
    assert_refused(refused, "zangezur-tripp, zangezur-whole; give an id")
    assert "geonames:174875" in refused.err


def test_a_place_is_shown_below_the_systems_of_its_name(araxes):
    told = araxes("show", "lachin").out
    at = [told.index(key) for key in ("lachin-2020", "lachin-2022", "(lachin, town, AZ)")]
    assert at == sorted(at)
    row = json.loads(araxes("show", "lachin", "--json").out)
    assert (row["id"], row["systems"]) == ("lachin", ["lachin-2020", "lachin-2022"])
    assert "systems" not in araxes("show", "Digor").out


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("btk", "no status known; the first is open (2017-10-30 to 2023-05-01)\n"),
        ("lachin-2020", "2022-08-30); no territory on that day\n"),
    ],
)
def test_a_day_before_everything_is_told_in_words_that_fit(araxes, system, words):
    told = " ".join(araxes("show", system, "--on", "1850-01-01").out.partition("\n\n")[2].split())
    assert words.strip() in told
    assert ("territory" in told.partition("1850-01-01")[2][:90]) == (system == "lachin-2020")


def test_every_row_of_the_context_that_is_drawn_can_be_shown_and_exported(araxes, tmp_path):
    rows = json.loads(araxes("list", "context", "--json").out)
    for row in rows:
        shown = araxes("show", row["id"])
        if row["reason"] is not None:
            assert (shown.code, row["reason"][:30] in shown.err) == (2, True), row["id"]
            continue
        assert shown.code == 0, row["id"]
        # The ways of the Middle Corridor are answers of `compare --gateways`.
        if row["kind"] != "ways":
            target = tmp_path / "a.csv"
            assert araxes("export", row["id"], "--out", target).code == 0, row["id"]
            target.unlink()


def test_lists_of_many_things_are_shown_whole_and_on_a_day(araxes):
    events = json.loads(araxes("show", "events", "--json").out)
    day = json.loads(araxes("show", "events", "--on", "1921-10-13", "--json").out)
    assert len(events) == 188
    assert [known["event"] for known in day] == ["Treaty of Kars signed"]
    pipelines = json.loads(araxes("show", "pipelines", "--json").out)
    assert [known["id"] for known in pipelines][:2] == ["btc", "bte"]
    refused = araxes("show", "pipelines", "--on", "2020-01-01")
    assert (refused.code, "leave --on out" in refused.err) == (2, True)


def test_no_bundled_place_has_the_id_of_a_link_or_crossing():
    network = load_network()
    keys = {link.id for link in network.links} | {link.crossing for link in network.links}
    assert keys.isdisjoint(places())
