"""Slips at the keyboard: each is told in one line what to type instead."""

from __future__ import annotations

import pytest

SLIPS = {
    "misspelt command": (("rout", "Kars", "Baku"), "no command 'rout'; nearest: route"),
    "option taken for a command": (("alternatives", "Kars"), "an option of `araxes route`"),
    "nothing like a command": (("frobnicate",), "known: report, list, show"),
    "misspelt listing": (("list", "place"), "'place' is not known; known: systems, borders"),
    "misspelt action": (("network", "chek"), "'chek' is not known; known: check"),
    "misspelt option": (("route", "Kars", "Baku", "--scenarios", "x"), "did you mean --scenario"),
    "misspelt option with =": (("show", "btk", "--onn=2020-01-01"), "did you mean --on"),
    "option of nobody": (("show", "btk", "--frobnicate"), "unknown arguments: --frobnicate; see"),
    "unit in a number": (("reach", "Kars", "--within", "200km"), "'200km' is not a number"),
    "comma in a number": (("map", "btk", "--tolerance", "2,5", "--out", "x.html"), "point"),
    "word for a count": (("route", "Kars", "Baku", "--alternatives", "two"), "whole number"),
    "more ways than there are": (
        ("route", "Kars", "Baku", "--alternatives", "1000"), "give 1 to 20"
    ),
    "scenario given twice": (
        ("route", "Kars", "Baku", "--scenario", "tripp-open", "--scenario", "all-open"),
        "--scenario is given twice; join ids by +",
    ),
    "day given twice": (("show", "btk", "--on", "2020-01-01", "--on", "2021-01-01"), "twice"),
    "a pair given twice": (
        ("compare", "--pair", "Kars:Baku", "--pair", "Kars:Baku"), "Kars:Baku is given twice"
    ),
    "a scenario to compare given twice": (
        ("compare", "--pair", "Kars:Baku", "--scenario", "all-open", "--scenario", "all-open"),
        "all-open is given twice",
    ),
    "a scenario to draw given twice": (
        ("robust", "Kars", "Baku", "--scenario", "all-open", "--scenario", "all-open"),
        "all-open is given twice",
    ),
    "too many values": (
        ("sweep", "--pair", "Kars:Baku", "--out", "x.csv",
         "--vary", "delay_h.crossing.rail=0:1:1000001"),
        "2 to 1,000,000 values",
    ),
    "a vehicle on rails that has none": (
        ("route", "Kars", "Baku", "--users", "lorries", "--modes", "rail"),
        "lorries do not go by rail",
    ),
    "scenarios joined by a comma": (
        ("route", "Kars", "Baku", "--scenario", "tripp-open,kars-dilucu-built"),
        "write tripp-open+kars-dilucu-built",
    ),
    "no day": (("route", "Kars", "Baku", "--on", ""), "the date '' is not one"),
    "no day to show": (("show", "btk", "--on", ""), "the date '' is not one"),
    "no modes": (("route", "Kars", "Baku", "--modes", ""), "known: road, rail, ferry"),
    "no file": (("route", "Kars", "Baku", "--out", ""), "without a suffix"),
    "no network": (("route", "Kars", "Baku", "--network", ""), "--network is ''"),
    "legs of a place": (("show", "Kars", "--legs"), "leave --legs out"),
    "a place to draw": (("map", "Kars", "--out", "x.html"), "'Kars' is a place"),
    "a place to export": (("export", "Bakı", "--out", "x.gpkg"), "'Bakı' is a place"),
    "an id after --tiles": (("map", "--tiles", "btk", "--out", "x.html"), "before --tiles"),
    "latitude and longitude": (("route", "40.60, 43.10", "Baku"), "the nearest place is kars"),
    "longitude and latitude": (("route", "43.10 40.60", "Baku"), "the nearest place is kars"),
    "coordinates far away": (("route", "0,0", "Baku"), "see `araxes list places`"),
    "coordinates that are none": (("route", "500,40", "Baku"), "see `araxes list places`"),
    "a family of keys": (
        ("breakeven", "Kars", "Baku", "--vary", "delay"), "did you mean delay_h.crossing.ferry"
    ),
    "a link's key without its unit": (
        ("breakeven", "Kars", "Baku", "--vary", "x-sarp-sarpi.delay=0:9"), "x-sarp-sarpi.delay_h"
    ),
    "a width for a page": (("map", "btk", "--width", "85", "--out", "x.html"), "are for figures"),
    "tiles for a figure": (("map", "btk", "--out", "x.png", "--tiles"), "are for pages"),
    "least hours of no way": (
        ("map", "btk", "--by", "hours", "--out", "x.html"), "its ends with --pair"
    ),
    "a country to avoid on no way": (
        ("map", "all", "--avoid", "IR", "--out", "x.html"), "its ends with --pair"
    ),
    "modes of no network": (
        ("map", "btk", "--modes", "rail", "--out", "x.html"), "add --scenario or --pair"
    ),
    "a delay for the least cost": (
        ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail", "--by", "cost"),
        "ask by hours",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_one_line(araxes, tmp_path, monkeypatch, slip) -> None:
    monkeypatch.chdir(tmp_path)
    asked, said = SLIPS[slip]
    told = araxes(*asked)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
    assert said in told.err
    assert len(told.err) < 400
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "asked", [("--by", "HOURS"), ("--modes", "Rail, Road"), ("--users", "Freight")]
)
def test_capitals_do_not_matter_in_words_that_are_known(araxes, asked) -> None:
    told = araxes("route", "Kars", "Baku", *asked)
    assert told.code == 0, told.err
    assert told == araxes("route", "Kars", "Baku", asked[0], asked[1].lower())
    pair = "compare", "--pair", "Kars:Baku", "--scenario", "status-quo"
    parts = "attribute", "Nakhchivan", "Baku", "--scenario", "tripp-open"
    for command in (pair, parts):
        assert araxes(*command, *asked) == araxes(*command, asked[0], asked[1].lower())


def test_help_is_a_word_too(araxes) -> None:
    assert araxes("help") == araxes("--help")
    assert araxes("help", "route") == araxes("route", "--help")


def test_what_saves_nothing_saves_no_minus_nothing(araxes) -> None:
    told = araxes("attribute", "Nakhchivan", "Baku", "--scenario", "kars-dilucu-built")
    assert told.code == 0
    assert "-0.0" not in told.out


@pytest.mark.parametrize(
    "command",
    [
        ("route", "Kars", "Baku"),
        ("compare", "--pair", "Kars:Baku"),
        ("show", "btk"),
        ("districts",),
        ("profile", "btk"),
        ("profile", "Kars", "Baku"),
    ],
)
def test_a_day_after_the_data_end_is_answered_with_a_warning(araxes, command) -> None:
    told = araxes(*command, "--on", "2050-01-01", "--json")
    assert told.code == 0
    assert told.err.count("\n") == 1
    assert "the data speak up to 2026-06-01" in told.err
    assert araxes(*command, "--on", "2026-06-01", "--json").err == ""


def test_a_file_of_a_day_after_the_data_end_is_written_with_a_warning(araxes, tmp_path) -> None:
    for file, options in (("a.csv", ()), ("a.html", ("--pair", "Kars:Baku", "--modes", "rail"))):
        verb = ("export" if file == "a.csv" else "map", "btk", *options, "--out", tmp_path / file)
        assert "the data speak up to 2026-06-01" in araxes(*verb, "--on", "2050-01-01").err
        if not options:
            assert araxes(*verb, "--on", "2026-06-01").err == ""


def test_what_is_to_be_avoided_is_named_first_where_it_leaves_no_links(araxes) -> None:
    told = araxes("route", "Kars", "Baku", "--avoid", "TR")
    assert told.code == 1
    assert "without TR; avoid less, or try other modes" in " ".join(told.err.split())


def test_no_way_says_for_whom(araxes) -> None:
    told = araxes("route", "Kars", "Baku", "--users", "passengers")
    assert told.code == 1
    assert "no route for passengers from Kars to Baku" in told.err


def test_a_mode_named_twice_is_one(araxes) -> None:
    told = araxes("matrix", "Kars", "Baku", "--modes", "rail,rail")
    assert "freight, rail\n" in told.out
