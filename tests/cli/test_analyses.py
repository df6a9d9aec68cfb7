"""The commands matrix, attribute and breakeven: their numbers, their tables, their refusals."""

from __future__ import annotations

import csv
import io
import json
from math import inf

import networkx
import pytest

from corridors.network.load import load_network

SIX = ("Kars", "Bakı", "Naxçıvan", "Tiflis", "Yerevan", "Tabriz")


def test_a_matrix_is_what_networkx_finds(araxes) -> None:
    network = load_network()
    graph = networkx.DiGraph()
    for link in network.links:
        for forward, ends in ((True, (link.start, link.end)), (False, (link.end, link.start))):
            status = link.status(network.on, forward=forward).status
            if link.mode == "road" and status == "open":
                km = min(link.length_m / 1000, graph.get_edge_data(*ends, {}).get("km", 1e9))
                graph.add_edge(*ends, km=km)
    rows = json.loads(araxes("matrix", *SIX, "--modes", "road", "--json").out)
    assert len(rows) == 30
    ids = ("kars", "baku", "nakhchivan", "tbilisi", "yerevan", "tabriz")
    pairs = [(a, b) for a in ids for b in ids if a != b]
    for (a, b), row in zip(pairs, rows, strict=True):
        truth = networkx.shortest_path_length(graph, f"{a}.road", f"{b}.road", "km")
        assert row["km"] == pytest.approx(truth, abs=0.06)
        assert row["low_km"] < row["km"] < row["high_km"]
        assert row["low_hours"] < row["hours"] < row["high_hours"]


def test_a_matrix_in_every_form_says_the_same(araxes) -> None:
    asked = ("matrix", *SIX, "--to", "Baku", "--to", "Poti", "--by", "hours")
    rows = json.loads(araxes(*asked, "--json").out)
    table = list(csv.DictReader(io.StringIO(araxes(*asked, "--csv").out)))
    assert [float(row["hours"]) for row in table] == [row["hours"] for row in rows]
    lines = araxes(*asked, "--markdown").out.splitlines()
    assert lines[0] == "| from | Baku | Poti |"
    assert lines[2] == f"| Kars | {rows[0]['hours']:.0f} | {rows[1]['hours']:.0f} |"
    assert "| Baku |  | " in lines[3]


def test_a_wide_matrix_is_cut_into_blocks_of_80_columns(araxes) -> None:
    many = (*SIX, "Batumi", "Poti", "Gyumri", "Ganja", "Iğdır", "Erzurum", "Van", "Mersin")
    told = araxes("matrix", *many)
    assert told.code == 0, told.err
    assert max(map(len, told.out.splitlines())) <= 80
    assert all(told.out.count(name) >= 2 for name in ("Kars", "Mersin", "Ganja"))
    assert "95 % intervals: at most -" in told.out


def test_a_pair_without_a_way_is_a_dash_and_no_pair_at_all_is_exit_1(araxes) -> None:
    told = araxes("matrix", "Yerevan", "Nakhchivan", "Baku", "Tbilisi", "--modes", "rail")
    assert told.code == 0
    assert "–" in told.out
    rows = json.loads(araxes("matrix", "Yerevan", "--to", "Baku", "--to", "Nakhchivan",
                             "--modes", "rail", "--json").out)  # fmt: skip
    assert [row["km"] is None for row in rows] == [False, True]
    told = araxes("matrix", "Yerevan", "Nakhchivan", "--modes", "rail")
    assert (told.code, told.err.count("\n"), told.out) == (1, 1, "")
    assert "in the way stand" in told.err


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
def test_shares_add_up_to_what_the_two_routes_differ_by(araxes, by) -> None:
    key = {"km": "km", "hours": "hours", "cost": "cost_usd_t"}[by]
    asked = ("Nakhchivan", "Baku", "--modes", "road", "--by", by, "--json")
    found = json.loads(araxes("attribute", *asked, "--scenario", "tripp-open").out)
    before, after = (
        json.loads(araxes("route", *asked, "--scenario", scenario).out)[key]
        for scenario in ("status-quo", "tripp-open")
    )
    unit = key.removeprefix("cost_")
    assert found[f"saving_{unit}"] == pytest.approx(before - after, abs=0.11)
    total = sum(round(1000 * share[f"saving_{unit}"]) for share in found["shares"])
    assert total == round(1000 * found[f"saving_{unit}"])
    assert found[f"low_saving_{unit}"] < found[f"saving_{unit}"] < found[f"high_saving_{unit}"]
    told = araxes("attribute", *asked[:-1], "--scenario", "tripp-open")
    lines = told.out.splitlines()
    assert max(map(len, lines)) <= 80
    # What costs rest on is said once, below the table; where none are asked for it is not.
    money = [n for n, line in enumerate(lines) if "US dollars of 2020-2023" in line]
    assert money == ([len(lines) - 1] if by == "cost" else [])
    assert lines[-1 - len(money)].startswith("together")


@pytest.mark.parametrize("form", ["", "--markdown", "--json", "--csv"])
@pytest.mark.parametrize(
    "asked",
    [
        ("compare", "--pair", "Kars:Baku", "--scenario", "status-quo"),
        ("compare", "--gateways", "--scenario", "status-quo"),
        ("matrix", "Kars", "Tbilisi"),
        ("series", "Kars", "Baku", "--on", "2024:2026"),
        ("robust", "--pair", "Kars:Baku", "--draws", "5", "--scenario", "status-quo"),
        ("attribute", "Nakhchivan", "Baku", "--scenario", "tripp-open"),
        ("attribute", "--pair", "Nakhchivan:Baku", "--pair", "Kars:Baku", "--scenario",
         "tripp-open"),
        ("breakeven", "Kars", "Baku", "--vary", "cost_usd_t.transfer.gauge"),
        ("reach", "Kars", "--within", "10"),
        ("access", "Kars", "--within", "10"),
    ],
    ids=lambda asked: " ".join(asked[:3]),
)  # fmt: skip
def test_whatever_shows_costs_says_what_they_rest_on_once(araxes, asked, form) -> None:
    if asked[0] in ("breakeven", "reach") and form in ("--markdown", "--csv"):
        # They have no such form.
        assert araxes(*asked, form).code == 2
        return
    modes = ("--modes", {"attribute": "road", "compare": "rail,ferry"}.get(asked[0], "rail"))
    told = araxes(*asked, *modes, "--by", "cost", *filter(None, [form]))
    assert told.code == 0
    if form == "--json":
        assert '"cost_years": "20' in told.out
        assert '"cost_currency": "USD"' in told.out
    elif form == "--csv":
        head = told.out.partition("\n")[0].split(",")
        assert {"cost_basis", "cost_currency", "cost_years"} <= {*head}
    else:
        said = " ".join(told.out.split())
        below = said[said.index("sts: " if form or asked[0] == "access" else "costs ") :]
        assert below.count("US dollars of 20") == 1
        assert "calibrated" in below


def test_a_connection_that_is_gained_is_shared_out_over_the_orders(araxes) -> None:
    asked = ("attribute", "Nakhchivan", "Baku", "--scenario", "tripp-open", "--modes", "rail")
    found = json.loads(araxes(*asked, "--json").out)
    way = json.loads(araxes("route", *asked[1:3], *asked[3:], "--json").out)
    assert (found["before_km"], found["saving_km"], found["connects"]) == (None, None, True)
    assert found["after_km"] == pytest.approx(way["km"], abs=0.1)
    assert sum(share["connects"] for share in found["shares"]) == pytest.approx(1)
    told = araxes(*asked)
    assert told.code == 0
    assert "no way before" in told.out
    assert max(map(len, told.out.splitlines())) <= 80
    assert told.out.splitlines()[-1].startswith("together")


def test_a_saving_says_by_what_the_ways_before_and_after_lead(araxes) -> None:
    asked = ("Nakhchivan", "Baku", "--scenario", "tripp-and-kars-dilucu")
    found = json.loads(araxes("attribute", *asked, "--json").out)
    for key, scenario in (("before", "status-quo"), ("after", asked[3])):
        best = json.loads(araxes("route", *asked[:2], "--scenario", scenario, "--json").out)
        assert (found[f"{key}_modes"], found[f"{key}_km"]) == (
            best["modes"], pytest.approx(best["km"], abs=0.1)
        )  # fmt: skip
    assert (found["before_modes"], found["after_modes"]) == (["road"], ["rail"])
    assert " km before, by road; " in araxes("attribute", *asked).out
    assert " after, by rail; what" in araxes("attribute", *asked).out


@pytest.mark.parametrize(
    ("key", "between"), [("delay_h.crossing.rail", "0:40"), ("speed_kmh.road", "5:30")]
)
def test_on_both_sides_of_a_breakpoint_a_scenario_that_sets_the_value_agrees(
    araxes, tmp_path, key, between
) -> None:
    asked = ("Kars", "Baku", "--by", "hours", "--json")
    found = json.loads(araxes("breakeven", *asked, "--vary", f"{key}={between}").out)[0]
    (point,) = found["breakpoints"]
    # No end where another speed of the railways than the usual one could make any road the slower.
    assert point["low"] <= point["value"] <= (point["high"] or inf)
    for side, one in zip((-0.01, 0.01), found["ranges"], strict=True):
        file = tmp_path / "set.toml"
        value = point["value"] + side
        file.write_text(f'id = "set"\nname = "Set"\n[set]\n"{key}" = {value}\n', encoding="utf-8")
        way = json.loads(araxes("route", *asked, "--scenario", file).out)
        assert (way["km"], way["crossings"]) == (one["km"], one["crossings"])


def test_a_value_without_a_range_varies_over_that_of_its_assumption(araxes) -> None:
    told = araxes("breakeven", "Kars", "Baku", "--vary", "speed_kmh.road.plain",
                  "--vary", "delay_h.crossing.rail=0:40")  # fmt: skip
    assert told.code == 0, told.err
    assert "speed_kmh.road.plain, 20.55 to 60.55 km/h; usually" in told.out
    assert told.out.count("change at ") >= 2
    assert max(map(len, told.out.splitlines())) <= 80


def test_the_beginning_of_several_keys_varies_over_all_their_ranges(araxes) -> None:
    told = araxes("breakeven", "Kars", "Baku", "--vary", "speed_kmh.road")
    assert told.code == 0, told.err
    # From lorries in mountains to cars: data/network/rates.csv.
    text = " ".join(told.out.split())
    assert "speed_kmh.road, 12.34 to 134 km/h; usually 74.24 cars, 50.34 coaches, 44.89 " in text


@pytest.mark.parametrize(
    ("code", "asked", "said"),
    [
        (2, ("matrix", "Kars"), "name two different places"),
        (2, ("matrix", "Kars", "--to", "Qars"), "name two different places"),
        (2, ("matrix", "Kars", "Qars"), "'Kars' and 'Qars' are one place"),
        (2, ("matrix", "Kars", "Karz"), "did you mean"),
        (2, ("matrix", "Kars", "Baku", "--by", "miles"), "known: km, hours, cost"),
        (2, ("attribute", "Kars", "Baku", "--scenario", "status-quo"), "nothing"),
        (2, ("attribute", "Kars", "Baku", "--scenario", "no-such"), "known: all-open"),
        (1, ("attribute", "Yerevan", "Nakhchivan", "--scenario", "iran-road", "--modes", "rail"),
         "no route from Yerevan to Nakhchivan"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rial"), "did you mean"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail=4"), "KEY=LOW:HIGH"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail=9:4"), "a higher one"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail=-1:4"), "0 or more"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "speed_kmh=20:60"), "did you mean"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "btk.speed_kmh"), "btk.speed_kmh=20:60"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "foo"), "it holds cost_usd_t"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "x-sarp-sarpi.delay_h"), "between what values"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "x-sarp.delay_h=0:4"), "did you mean"),
        (2, ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail", "--by", "km"),
         "ask by hours"),
        (1, ("breakeven", "Yerevan", "Nakhchivan", "--vary", "delay_h.crossing.rail",
             "--modes", "rail"), "in the way stand"),
    ],
)  # fmt: skip
def test_what_has_no_answer_gets_one_line(araxes, code, asked, said) -> None:
    told = araxes(*asked)
    assert (told.code, told.err.count("\n"), told.out) == (code, 1, "")
    assert said in told.err


def test_robust_says_shares_cuts_and_ways_apart(araxes) -> None:
    asked = ("robust", "Kars", "Tbilisi", "--modes", "road", "--scenario", "status-quo",
             "--scenario", "turkiye-armenia-open", "--draws", "50")  # fmt: skip
    rows = json.loads(araxes(*asked, "--json").out)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    for row in rows:
        assert len(row["ways"]) == row["disjoint_ways"] == len(row["cut"])
        assert row["low_hours"] <= row["median_hours"] <= row["high_hours"]
        assert all(way["modes"] == ["road"] for way in row["ways"])
    printed = araxes(*asked).out
    assert max(map(len, printed.splitlines())) <= 80
    assert "share no crossing" in printed
    assert araxes(*asked, "--csv").out.splitlines()[0].startswith("from,to,scenario,share")
    assert araxes(*asked, "--markdown").out.startswith("| from | to |")
    for wrong in (("robust",), ("robust", "Kars"), ("robust", "Kars", "Baku", "--draws", "0")):
        refused = araxes(*wrong)
        assert (refused.code, refused.err.count("\n")) == (2, 1)
    none = araxes("robust", "Kars", "Gyumri", "--scenario", "status-quo", "--avoid", "GE,IR")
    assert none.code == 1
    assert "no route" in none.err


def test_parts_of_a_group_stand_together_below_its_name(araxes) -> None:
    asked = ("attribute", "--scenario", "all-open", "--modes", "road", "--by", "hours",
             "--group", "west=kars-gyumri,x-alican-margara", "--orders", "20")  # fmt: skip
    for pairs in (("--pair", "Kars:Yerevan"), ("--pair", "Kars:Yerevan", "--pair", "Kars:Baku")):
        lines = araxes(*asked, *pairs).out.splitlines()
        at = lines.index("west:")
        assert [line.split()[1] for line in lines[at + 1 : at + 3]] == [
            "kars-gyumri", "x-alican-margara",
        ]  # fmt: skip
        assert lines[at + 3] == "in no group:"
        last = next(line for line in lines if line.startswith("together"))
        assert lines.index(last) > at + 4


def test_attribute_takes_several_pairs_and_groups(araxes) -> None:
    asked = ("attribute", "Kars", "Yerevan", "--pair", "Trabzon:Yerevan", "--modes", "road",
             "--scenario", "tripp-open+turkiye-armenia-open", "--by", "hours",
             "--users", "passengers", "--group", "scenarios")  # fmt: skip
    told = json.loads(araxes(*asked, "--json").out)
    assert [(pair["from"], pair["to"]) for pair in told["pairs"]] == [
        ("Kars", "Yerevan"), ("Trabzon", "Yerevan")
    ]  # fmt: skip
    for n, part in enumerate(told["together"]):
        each = sum(pair["shares"][n]["saving_hours"] for pair in told["pairs"])
        assert part["saving_hours"] == pytest.approx(each, abs=0.003)
        assert part["group"] in ("tripp-open", "turkiye-armenia-open")
    printed = araxes(*asked).out
    assert "turkiye-armenia-open:" in printed.splitlines()
    assert max(map(len, printed.splitlines())) <= 80
    assert "[2] Trabzon–Yerevan" in printed
    rows = list(csv.DictReader(io.StringIO(araxes(*asked, "--csv").out)))
    assert len(rows) == 3 * len(told["together"])
    assert "| together |" in araxes(*asked, "--markdown").out
    drawn = json.loads(araxes(*asked[:3], *asked[5:], "--orders", "20", "--json").out)
    assert drawn["orders"] == 20
    for wrong in (("--group", "x"), ("--group", "x=nothing-here"), ("--orders", "1")):
        refused = araxes(*asked[:-2], *wrong)
        assert (refused.code, refused.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("robust", "Kars", "Baku"), ("access", "Kars", "--within", "3"),
        ("series", "Kars", "Baku", "--on", "2020"),
    ],
)  # fmt: skip
def test_a_scenario_that_is_given_twice_is_refused(araxes, words):
    answer = araxes(*words, "--scenario", "all-open", "--scenario", "all-open")
    assert answer.code == 2
    assert "--scenario all-open is given twice; leave one out" in answer.err
