"""Public names and signatures: none changes without being noticed, and old ones still answer."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from public_surface import GOLDEN, surface

from borders import boundary
from borders.errors import UnknownNameError
from corridors import (
    Scenario,
    Terms,
    attribute,
    breakeven,
    corridor,
    load_network,
    matrix,
    read_scenario,
    route,
    scenario_ids,
)


def test_public_names_and_signatures_are_those_of_the_snapshot():
    there = GOLDEN.read_text("utf-8")
    assert surface() == there, "after a wanted change: python tests/helpers/public_surface.py"


def test_a_matrix_is_a_frame_with_the_names_of_the_places_and_the_unit():
    numbers = matrix(["kars", "baku"], ["Tiflis", "kars"], terms=Terms(by="hours"))
    frame = numbers.to_frame()
    assert list(frame.index) == ["Kars", "Baku"]
    assert list(frame.columns) == ["Tbilisi", "Kars"]
    assert (frame.index.name, frame.columns.name, numbers.unit) == ("from", "to (h)", "h")
    assert frame.to_numpy().tolist() == numbers == [list(row) for row in numbers]
    alone = route("baku", "tbilisi", terms=Terms(by="hours"))
    assert frame.loc["Baku", "Tbilisi"] == pytest.approx(alone.hours)


@pytest.mark.parametrize(("by", "key"), [("km", "km"), ("hours", "hours"), ("cost", "cost_usd_t")])
def test_a_share_says_its_unit_and_all_add_up_to_the_difference_of_two_routes(by, key):
    terms = Terms(by=by, modes=("rail", "road", "ferry"))
    scenario = Scenario.of("s", open=["kars-gyumri", "zangezur-tripp"])
    shares = attribute("Kars", "Julfa", scenario, terms=terms)
    before, after = (
        route("Kars", "Julfa", scenario=one, terms=terms) for one in (Scenario(id="now"), scenario)
    )
    saved = before.least()[0] - after.least()[0]
    assert sum(share.row()[f"saving_{key}"] for share in shares) == pytest.approx(saved)
    in_unit = {"km": "saving_m", "hours": "saving_h", "cost": "saving_usd_t"}
    for share in shares:
        numbers = {name: getattr(share, name) for name in in_unit.values()}
        assert [name for name, value in numbers.items() if value is not None] == [in_unit[by]]


def test_a_route_is_one_row_whose_keys_are_those_of_its_json():
    from corridors import summary

    whole = route("Kars", "Baku", via=["Tbilisi"], terms=Terms(modes=("rail",), avoid=["IR"]))
    row = whole.row()
    assert (row["via"], row["avoid"], row["modes"]) == (["tbilisi"], ["IR"], ["rail"])
    assert row["km"] == round(whole.length_km, 1)
    told = summary(whole)
    assert {key: told[key] for key in row} == row
    assert set(told) - set(row) == {"links", "hours_rest_on", "hours_by", "hours_parts"}


def test_links_of_a_route_have_the_status_of_the_day_asked():
    gyumri = Scenario.of("g", open=["kars-gyumri"], on="2026-06-01")
    through = route("Kars", "Gyumri", scenario=gyumri, terms=Terms(modes=("rail",)))
    network = load_network()
    for day in ("1992-01-01", "2026-06-01"):
        frame = through.to_gdf(on=day)
        statuses = {
            row.link: network.link(row.link).status(network.known_day(day)).status
            for row in frame.itertuples()
        }
        assert dict(zip(frame["link"], frame["status"], strict=True)) == statuses
    assert set(through.to_gdf(on="1992-01-01")["status"]) == {"open"}


@pytest.mark.parametrize("key", scenario_ids())
def test_a_scenario_written_to_toml_is_read_back_equal(tmp_path, key):
    scenario = read_scenario(key)
    file = tmp_path / "s.toml"
    file.write_text(scenario.to_toml(), "utf-8")
    assert read_scenario(file) == scenario
    assert hash(read_scenario(file)) == hash(scenario)


def test_a_scenario_with_all_that_one_may_say_is_read_back_equal(tmp_path):
    path = [{"place": "kars"}, {"point": [43.4, 40.4]}, {"place": "igdir"}]
    scenario = Scenario.of(
        "all", name="Ağrı \"x\"", on="2026-01-31", open=["kars-gyumri"], close=["btk"], note="…",
        build=[{"id": "new", "mode": "road", "path": path, "length_km": 130.5}],
        set={"delay_h.crossing.rail": 3, "kars-gyumri.speed_kmh": 60.5},
    )  # fmt: skip
    file = tmp_path / "s.toml"
    file.write_text(scenario.to_toml(), "utf-8")
    assert read_scenario(file) == scenario
    assert tomllib.loads(scenario.to_toml())["build"][0]["length_km"] == 130.5


def test_scenarios_add_up_with_sum_and_a_sum_is_written_too(tmp_path):
    parts = [read_scenario(key) for key in ("tripp-open", "kars-dilucu-built")]
    total = sum(parts)
    assert total == parts[0] + parts[1]
    file = tmp_path / "s.toml"
    file.write_text(total.to_toml(id="both"), "utf-8")
    back = read_scenario(file)
    assert (back.id, back.open.keys(), back.settings) == ("both", total.open.keys(), total.settings)
    assert replace(total, id="both") == back


def test_a_scenario_made_in_code_is_checked_against_a_network_that_is_given():
    network = load_network()
    assert Scenario.of("s", network=network, open=["kars-gyumri"]).open
    with pytest.raises(UnknownNameError, match=r"scenario 's'.*no link.*did you mean kars-gyumri"):
        Scenario.of("s", network=network, open=["kars-gyumry"])
    with pytest.raises(UnknownNameError, match="no link"):
        Scenario.of("s", network=network, set={"no-such-link.delay_h": 3})


def test_old_names_answer_with_a_warning():
    leg = boundary("kars-1921").legs[0]
    with pytest.warns(DeprecationWarning, match="Leg.drawn_as"):
        assert leg.state == leg.drawn_as
    with pytest.warns(DeprecationWarning, match="Leg.evidence"):
        assert leg.reading == leg.evidence
    lachin = corridor("lachin-2020")
    with pytest.warns(DeprecationWarning, match=r"Corridor.status\(day\)"):
        assert lachin.on("2021-01-01") == lachin.status("2021-01-01")
    way = route("Kars", "Tbilisi")
    with pytest.warns(DeprecationWarning, match=r"Route.least\(\)"):
        assert way.value() == way.length_km
    key, between = "delay_h.crossing.rail", (0, 40)
    with pytest.warns(DeprecationWarning, match=r"breakeven\(origin, destination, …\)"):
        old = breakeven(("Kars", "Baku"), key, between)
    assert [p.value for p in old] == [p.value for p in breakeven("Kars", "Baku", key, between)]
