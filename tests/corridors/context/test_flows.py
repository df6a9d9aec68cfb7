"""Published flows and capacities: sums by hand, and the remark that a way carries less."""

from __future__ import annotations

import pytest
from shapely import MultiLineString

from borders.errors import AraxesError
from borders.files.bundle import BUNDLED
from corridors.analysis.compare import compare
from corridors.context.flows import capacity_of, flows, flows_of, load_of, overloads
from corridors.export.show_network_json import link_summary
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms
from corridors.sweeps.run import sweep
from maps.layers.flows import flow_layers


def test_every_flow_is_of_a_crossing_or_corridor_and_says_who_says_so() -> None:
    known = load_network().groups.keys() | set(BUNDLED.ids("corridors"))
    cited = {row["id"] for row in BUNDLED.rows("context/citations.csv")}
    assert len(flows()) > 15
    for flow in flows():
        assert flow.place in known
        assert flow.source in cited
        assert flow.value > 0


def test_a_flow_of_both_ways_is_that_of_each_way_together() -> None:
    # 7,166 lorries in and 4,082 out in November 2025.
    load = load_of("x-aktas-kartsakhi", "lorries/day")
    assert load is not None
    assert load.value == pytest.approx((7166 + 4082) * 12 / 365.25)
    # Of 2024 only one way is published, of 2025 both.
    sarp = load_of("x-sarp-sarpi", "lorries/day")
    assert sarp is not None
    assert (sarp.value, sarp.year) == (441 + 648, 2025)
    assert load_of("x-sarp-sarpi", "Mt/year") is None
    assert load_of("btk", "Mt/year").value == pytest.approx(0.432284)
    assert capacity_of("btk", "Mt/year").value == 5
    assert [flow.year for flow in flows_of("x-sarp-sarpi")] == [2025, 2025, 2024, 2021]


def test_a_way_that_could_not_carry_what_another_does_is_remarked() -> None:
    sarp, samur = ["x-sarp-sarpi"], ["x-samur-az-yarag-kazmalyar"]
    (remark,) = overloads(sarp, samur)
    assert "1,089 lorries/day" in remark
    assert "capacity 630 lorries/day (2022)" in remark
    assert overloads(samur, sarp) == []
    assert overloads(sarp, [*sarp, *samur]) == []
    assert overloads([], samur) == []
    (own,) = overloads(["x-agarak-norduz"], samur)
    assert "besides 300 lorries/day (2021) of its own" in own


def test_a_comparison_says_so() -> None:
    shut = Scenario.of("shut", close=["x-larsi-verkhny-lars"])
    by_sea = Scenario.of("now", set={"x-larsi-verkhny-lars.delay_h": 1})
    rows = compare(
        ("Hopa", "Makhachkala"), [by_sea, shut], terms=Terms(by="hours", modes=("road",))
    )
    crossings = [set(row.way.crossings) for row in rows if row.way]
    assert "x-samur-az-yarag-kazmalyar" in crossings[1]
    left = crossings[0] - crossings[1]
    expected = bool(left & {"x-sarp-sarpi"}) and "x-samur-az-yarag-kazmalyar" not in crossings[0]
    assert bool(rows[1].remarks) == expected
    assert rows[0].remarks == ()
    assert rows[1].row()["remarks"] == list(rows[1].remarks)


def test_show_tells_flows_and_a_map_draws_them_by_width() -> None:
    told = link_summary("x-sarp-sarpi")
    assert {flow["unit"] for flow in told["flows"]} == {"lorries/day"}
    assert any(source["id"] == told["flows"][0]["source"] for source in told["sources"])
    lorries, tonnes = flow_layers(load_network())
    widths = {shape.title.split(":")[0]: shape.style.width for shape in lorries.shapes}
    most = max(widths, key=widths.__getitem__)
    assert "Sarp" in most
    assert widths["Sarp / Sarpi"] / widths["Türkgözü / Vale"] == pytest.approx(
        1089 / ((3596 + 1212) * 12 / 365.25), rel=0.01
    )
    # Wide strokes of one link each would part at their bends.
    links = [link.xy for link in load_network().groups["btk"] if link.xy]
    lines = [shape.geometry for shape in tonnes.shapes]
    assert MultiLineString(lines).length == pytest.approx(MultiLineString(links).length)
    assert len(lines) < len(links) / 2


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("6 Mt/year", 6, "Mt/year"),
        ("800lorries/day", 800, "lorries/day"),
        ("1.5 MT/YEAR", 1.5, "Mt/year"),
    ],
)
def test_a_demand_is_read_from_words(text, value, unit) -> None:
    demand = Terms(demand=text).demand
    assert (demand.value, demand.unit) == (value, unit)


@pytest.mark.parametrize("text", ["6", "lots", "-3 Mt/year", "0 Mt/year", "6 t", 6, "nan Mt/year"])
def test_a_demand_that_is_none_is_refused(text) -> None:
    with pytest.raises(AraxesError, match="such as '800 lorries/day' or '6 Mt/year'"):
        Terms(demand=text)


def test_a_way_says_what_it_could_not_carry_besides_its_own_traffic() -> None:
    """The line Baku–Tbilisi–Kars: 5 Mt a year, of which 432,284 t were carried in 2022."""
    for value, over in ((4.5, False), (4.6, True), (6, True)):
        terms = Terms(modes=("rail",), demand=f"{value} Mt/year")
        found = route("Kars", "Baku", terms=terms)
        assert bool(found.remarks) == over
        assert found.row()["remarks"] == list(found.remarks)
        (row,) = compare(("Kars", "Baku"), "status-quo", terms=terms)
        assert row.remarks == found.remarks
        table = sweep(("Kars", "Baku"), terms=terms)
        assert table["over_capacity"].tolist() == ["btk" if over else ""]
    assert "capacity 5 Mt/year (2024)" in found.remarks[0]
    assert "remarks" not in route("Kars", "Baku", terms=Terms(modes=("rail",))).row()
    # Nothing is published of it in lorries.
    lorries = Terms(modes=("rail",), demand="9000 lorries/day")
    assert route("Kars", "Baku", terms=lorries).remarks == ()
