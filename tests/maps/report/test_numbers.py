"""Every number that a figure or a caption of the gallery gives is the one that a command prints."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from maps.report.gallery import GALLERY, draw

# A number with its thousands, and without the sign that says which end of an interval it is.
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ROUTES = ("btk-zangezur", "middle-corridor", "baku-ways")
MAPS = ("kars-line", "annex-iii", "lachin", "zangezur-tripp", "kars-igdir-dilucu", "pipelines")


def shown(caption: str) -> list[str]:
    """Return the lines of a caption that list what the map shows."""
    lines = caption.partition("Shown:\n\n")[2].partition("\n\n")[0].splitlines()
    return [re.sub(r"^(?:\d+\. |- )", "", line) for line in lines]


# A figure rounds to kilometres or hours what the JSON has rounded to a tenth.
TWICE_ROUNDED = 0.56


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


@pytest.mark.parametrize("key", ROUTES)
def test_routes_of_a_figure_are_those_of_the_command(key, araxes) -> None:
    figure = draw(key)
    texts = " ".join(
        text.get_text() for text in figure.findobj(match=lambda a: hasattr(a, "get_text"))
    )
    for line, query in zip(shown(figure.caption), GALLERY[key].args, strict=True):
        start, end, scenario, via, modes = query
        asked = ["route", start, end, "--scenario", scenario, "--modes", ",".join(modes)]
        asked += ["--via", via] if via else []
        way = json.loads(araxes(*asked, "--json").out)
        name, sums = line.split("; ", 1)
        km = [way["km"], way["low_km"], way["high_km"]]
        assert numbers(re.match(r"[\d,.]+ km \(.+?\)", sums)[0]) == (
            km if km[0] < 1000 else pytest.approx(km, abs=TWICE_ROUNDED)
        )
        hours, unbuilt = re.findall(r"([\d,]+ h \(.+?\)), ([\d,]+) km to be built", sums)[0]
        told = [way[k] for k in ("hours", "low_hours", "high_hours", "unbuilt_km")]
        assert numbers(hours) + numbers(unbuilt) == pytest.approx(told, abs=TWICE_ROUNDED)
        assert way["on"] in name
        # The legend: what is forced is named, and the length is that of the command.
        assert bool(via) == ("via" in name) == (way["via"] != [])
        legend = [numbers(found)[0] for found in re.findall(r"[\d,]+\u00a0km", texts)]
        assert any(km == pytest.approx(way["km"], abs=TWICE_ROUNDED) for km in legend)
        assert all(f"by {mode}" in name for mode in way["modes"])


def test_a_route_that_is_not_forced_has_the_length_of_the_comparison(araxes) -> None:
    rows = json.loads(
        araxes("compare", "--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku", "--json").out
    )
    of = {(row["from"], row["to"], row["scenario"], row["mode_set"][0]): row["km"] for row in rows}
    for key in ("btk-zangezur", "baku-ways"):
        for line, (start, end, scenario, via, modes) in zip(
            shown(draw(key).caption), GALLERY[key].args, strict=True
        ):
            name = "Nakhchivan city" if start == "Nakhchivan" else start
            same = numbers(line.split("; ", 1)[1])[0] == of[name, end, scenario, modes[0]]
            assert same or via


@pytest.mark.parametrize("key", MAPS)
def test_systems_of_a_figure_are_those_of_the_command(key, araxes) -> None:
    # The roads behind the Lachin strips have no length.
    lines = [line for line in shown(draw(key).caption) if "Roads" not in line]
    for line, system in zip(lines, GALLERY[key].args, strict=True):
        told = json.loads(araxes("show", system, "--json").out)
        length = [told["length_km"], told["low_km"], told["high_km"]]
        found = numbers(re.search(r"; ([\d,.]+ km \(.+?\))", line)[1])
        digits = 1 if length[0] < 1000 else 0
        assert found == [round(value, digits) for value in length]


def test_the_chart_of_lengths_is_the_table_of_compare(araxes) -> None:
    caption = draw("baku-lengths").caption
    rows = [line.strip("| ").split(" | ") for line in caption.splitlines() if line.startswith("|")]
    scenarios = list(dict.fromkeys(row[2] for row in rows[2:]))
    asked = ["compare", "--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku", "--modes", "rail,ferry"]
    for scenario in scenarios:
        asked += ["--scenario", scenario]
    table = list(csv.DictReader(io.StringIO(araxes(*asked, "--csv").out)))
    assert len(table) == len(rows[2:])
    for row, told in zip(rows[2:], table, strict=True):
        assert (row[0], row[1], row[2]) == (told["from"], told["to"], told["scenario"])
        ours = [told[k] for k in ("km", "low_km", "high_km", "unbuilt_km")]
        if told["km"] == "":
            assert row[4] == "no way"
        else:
            assert [numbers(cell)[0] for cell in row[4:8]] == [float(value) for value in ours]
