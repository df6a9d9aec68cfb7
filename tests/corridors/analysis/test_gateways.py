"""The Middle Corridor from gateway to gateway, against a shortest path of networkx."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise

import networkx
import pytest

from corridors.analysis.compare import compare
from corridors.analysis.gateways import PAIRS, SCENARIOS
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms
from maps.cli.main import main

RAIL = Terms(modes=("rail", "ferry"))


@pytest.fixture(scope="module")
def rows():
    return compare(PAIRS, list(SCENARIOS), terms=RAIL)


def test_every_gateway_is_asked_with_and_without_each_railway(rows):
    assert len(rows) == 6 * 4
    ends = {row.pair for row in rows}
    assert ends == {(a, b) for a in ("aktau", "turkmenbashi") for b in ("kars", "mersin",
                                                                        "istanbul")}  # fmt: skip


def test_without_both_railways_no_train_reaches_turkiye(rows):
    for row in rows:
        if row.scenario.id == "middle-corridor+btk-closed":
            assert row.way is None
            assert "x-cildir-kartsakhi-rail" in row.reason


def test_the_way_through_zangezur_meets_armenia_and_no_georgia(rows):
    for row in rows:
        if row.scenario.id == "middle-corridor-zangezur+btk-closed":
            assert "AM" in row.way.countries
            assert "GE" not in row.way.countries
            assert {"zangezur-tripp", "nakhchivan-railway"} <= {
                link.corridor for link in row.way.links
            }


def test_ships_and_changes_of_gauge_are_those_of_the_links(rows):
    for row in rows:
        if row.way is None:
            continue
        gauges = [link.gauge_mm for link in row.way.links if link.mode == "rail"]
        changes = sum(a != b for a, b in pairwise(gauges))
        assert row.way.gauge_changes == changes
        assert row.row()["ferries"] == sum(link.mode == "ferry" for link in row.way.links)


def test_kilometres_to_kars_are_those_of_networkx():
    """Over the links that are open today, by rail and ferry, Aktau to Kars."""
    from corridors.routing.query import planner_for

    scenario = read_scenario("middle-corridor")
    ours = route("aktau", "kars", scenario=scenario, terms=RAIL)
    (state,) = planner_for([scenario], RAIL, None, None).states
    graph = networkx.DiGraph()
    for link in state.network.links:
        for forward in (True, False):
            if link.mode in (*RAIL.modes, "transfer") and state.usable(link, forward=forward):
                ends = (link.start, link.end) if forward else (link.end, link.start)
                known = graph.get_edge_data(*ends)
                if known is None or known["m"] > link.length_m:
                    graph.add_edge(*ends, m=link.length_m)
    starts, ends = ([n for n in graph if n.place == key] for key in ("aktau", "kars"))
    least = min(
        networkx.shortest_path_length(graph, a, b, weight="m")
        for a in starts for b in ends if networkx.has_path(graph, a, b)
    )  # fmt: skip
    assert sum(link.length_m for link in ours.links) == pytest.approx(least, abs=0.5)


def test_the_command_prints_80_columns_json_csv_markdown_and_a_chart(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", "--gateways"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "Türkmenbaşy – Istanbul, by ferry, rail" in text
    assert "neither" in text
    assert main(["compare", "--gateways", "--modes", "rail,ferry", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 24
    assert all(row.keys() >= {"gauge_changes", "ferries", "transfers", "cost_usd_t"}
               for row in told)  # fmt: skip
    assert main(["compare", "--gateways", "--csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["ferries"] for row in table if row["km"]} >= {"1"}
    chart = tmp_path / "ways.svg"
    asked = ["compare", "--gateways", "--modes", "rail,ferry", "--markdown", "--out", str(chart)]
    assert main(asked) == 0
    assert capsys.readouterr().out.startswith("| from | to | with |")
    assert "Aktau" in (tmp_path / "ways.caption.md").read_text("utf-8")


def test_a_chart_of_another_kind_is_refused_in_one_line(capsys, tmp_path):
    asked = ["compare", "--pair", "Kars:Baku", "--out", str(tmp_path / "ways.html")]
    assert main(asked) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["compare", "--gateways", "--pair", "Kars:Baku"]) == 2
