"""What is printed: tables and texts that read well at 80 columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from borders.catalogue import sources
from corridors.systems import system, systems
from corridors.verdicts import verdicts
from maps.layers import interval_km
from maps.terminal import print_table, show_system, show_verdicts, systems_table


@pytest.fixture
def printed(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def of(function, *arguments):
        capsys.readouterr()
        function(*arguments)
        return capsys.readouterr().out

    return of


def test_the_table_of_systems_is_one_line_each_and_no_wider_than_80(printed):
    lines = printed(systems_table, systems()).splitlines()
    assert len(lines) == 1 + len(systems())
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("one", systems(), ids=lambda one: one.id)
def test_a_system_is_told_within_80_columns(printed, one):
    told = printed(show_system, one, None)
    assert max(map(len, told.splitlines())) <= 80
    assert interval_km(one.length) in told
    flowing = " ".join(told.split())
    assert all(key in flowing for key in one.sources)


def test_a_border_is_told_leg_by_leg(printed):
    told = printed(show_system, system("kars-1921"), None)
    rows = [line.split() for line in told.partition("leg ")[2].splitlines()]
    for leg in system("kars-1921").legs:
        assert any(row[:2] == [str(leg.n), f"{leg.length_m / 1000:.1f}"] for row in rows)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2019, 1, 1), "nothing known; no territory on that day"),
        (date(2022, 8, 29), "open (2020-11-10 to 2022-08-30)"),
        (date(2022, 8, 30), "superseded (since 2022-08-30); no territory on that day"),
    ],
)
def test_a_day_is_told_with_its_status_and_territory(printed, day, words):
    told = printed(show_system, system("lachin-2020"), day)
    assert f"on {day}  {words}" in told


def test_square_brackets_in_the_data_are_no_colours(printed):
    told = printed(print_table, ("id", "name"), [("a", "[red]Kars[/red]"), ("b", "[/]")])
    assert "[red]Kars[/red]" in told
    assert "[/]" in told


def test_a_long_text_is_folded_within_its_column(printed):
    told = printed(print_table, ("id", "name"), [("a", "long " * 100)])
    assert max(map(len, told.splitlines())) <= 80
    assert told.split().count("long") == 100


def test_numbers_are_aligned_on_the_right(printed):
    lines = printed(print_table, ("id", "km"), [("a", "1.0"), ("b", "1,000.0")]).splitlines()
    assert lines[1].rstrip().endswith("1.0")
    assert len(lines[1].rstrip()) == len(lines[2].rstrip())


def test_every_verdict_is_told_with_both_numbers_and_the_reason(printed):
    told = " ".join(printed(show_verdicts, verdicts()).split())
    for one in verdicts():
        assert one.figure.text in told
        assert f"{one.verdict}: {' '.join(one.reason.split())}" in told


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2029.0, "year", "2029"),
        (210000.0, "1:n", "1:210,000"),
        (5502.75, "km2", "5,502.75 km²"),
        (1072.0, "km", "1,072 km"),
    ],
)
def test_a_figure_is_written_as_its_unit_asks(value, unit, text):
    figure = replace(verdicts()[0].figure, value=value, unit=unit)
    assert figure.text == text


@pytest.mark.parametrize("columns", ["80", "200"])
def test_a_citation_is_not_broken_within_a_word(araxes, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    told = araxes("list", "sources").out
    assert max(map(len, told.splitlines())) <= int(columns)
    words = set(told.split())
    for one in sources().values():
        if max(map(len, one.citation.split())) < 70:
            assert words >= set(one.citation.split()), one.id


def test_what_follows_a_label_stays_right_of_it(printed):
    told = printed(show_system, system("kars-1921"), None)
    lines = told[told.rindex("status  ") :].splitlines()
    assert len(lines) > 4
    assert {line[:8] for line in lines} == {"status  ", "source  ", " " * 8}


def test_nothing_is_coloured_where_no_terminal_is(printed):
    assert "\x1b" not in printed(systems_table, systems())
