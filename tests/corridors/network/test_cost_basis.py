"""What costs rest on: the tables of the data, read here by themselves, say the same."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from borders.files.bundle import BUNDLED
from corridors import Terms, compare, route, series, sweep
from corridors.analysis.matrix import ways
from corridors.analysis.shapley import attribute
from corridors.network.cost_basis import (
    COST_KEYS,
    cost_basis,
    cost_basis_of_modes,
    cost_basis_of_rates,
    money_of,
)
from corridors.network.rates import assumptions
from corridors.scenarios.scenario import Scenario


def table() -> dict[str, dict[str, str]]:
    """Return key → row of both tables of rates."""
    rows: dict[str, dict[str, str]] = {}
    for name in ("network/rates.csv", "network/assumptions.csv"):
        with BUNDLED.path(name).open(encoding="utf-8", newline="") as file:
            rows |= {row["key"]: row for row in csv.DictReader(file)}
    return rows


def test_costs_and_nothing_else_have_money():
    for key, row in table().items():
        assert (row["currency"] == "USD") == ("cost_usd" in key)
        assert bool(row["first_year"]) == bool(row["last_year"])
        assert "US dollars" not in row["note"]
        if "tkm" in key:
            assert 2000 < int(row["first_year"]) <= int(row["last_year"]) <= 2026


@pytest.mark.parametrize("modes", ["road", "rail", ("road", "ferry"), ("rail", "road", "ferry")])
def test_a_route_says_the_money_of_the_rates_that_it_rests_on(modes):
    found = route("Kars", "Turkmenbashi" if "ferry" in modes else "Baku", terms=Terms(modes=modes))
    used = {f"cost_usd_tkm.{step.link.mode}" for step in found.steps} & table().keys()
    used |= {
        f"cost_usd_t.transfer.{'gauge' if link.changes_gauge else 'mode'}"
        for link in found.links
        if link.mode == "transfer"
    }
    rows = [table()[key] for key in used]
    years = [int(row[key]) for row in rows for key in ("first_year", "last_year") if row[key]]
    basis = found.cost_basis
    assert basis.years == f"{min(years)}-{max(years)}" == found.row()["cost_years"]
    assert basis.currency == "USD" == found.row()["cost_currency"]
    assert set(basis.assumed) == {row["key"] for row in rows if row.get("state") == "assumption"}
    assert basis.basis == found.cost.basis == found.row()["cost_basis"]
    assert all(key in basis.text for key in basis.assumed)


def test_what_a_scenario_sets_has_no_year_of_the_data():
    set_to = Scenario.of("dear", set={"cost_usd_tkm.road": 0.3})
    found = route("Kars", "Tbilisi", scenario=set_to, terms=Terms(modes="road"))
    assert found.cost_basis.text == "scenario; US dollars of no stated year"


def test_every_question_says_what_its_costs_rest_on():
    terms = Terms(by="cost", modes="rail")
    truth = route("Kars", "Baku", terms=terms).cost_basis.row()
    assert truth["cost_years"] == "2020-2022"

    def told(row):
        return {key: row[key] for key in COST_KEYS}

    assert told(compare(("Kars", "Baku"), "status-quo", terms=terms)[0].row()) == truth
    assert told(series("Kars", "Baku", "2026:2026", terms=terms)[0].row()) == truth
    (way,) = ways("Kars", "Baku", terms=terms).values()
    assert told(way.row()) == truth
    shares = attribute("Kars", "Baku", "tripp-and-kars-dilucu", terms=terms)
    assert all(share.row()["cost_currency"] == "USD" for share in shares)
    # In a sweep each row has that of its own path, drawn or not.
    asked = {"terms": terms, "on": "2026-11-01"}
    for drawn in (None, 3):
        rows = sweep([("Kars", "Baku"), ("Tbilisi", "Baku")], **asked, draws=drawn)
        each = [told(row) for row in rows.to_dict("records")]
        assert each[0] == each[len(each) // 2 - 1] == truth
        assert each[-1] == route("Tbilisi", "Baku", terms=terms).cost_basis.row() != truth
    # Where there is no way nothing costs.
    none = compare(("Kars", "Baku"), "status-quo", terms=terms, on="2016-01-01")[0].row()
    assert set(told(none).values()) == {None}
    table = sweep(("Kars", "Baku"), terms=terms, on="2016-01-01")
    assert [told(row) for row in table.to_dict("records")] == [dict.fromkeys(COST_KEYS, "")]


def test_what_rests_on_a_rate_here_and_lent_elsewhere_says_both():
    lent = [replace(assumptions()["cost_usd_tkm.road"], state=state)
            for state in ("calibrated", "assumption", "calibrated")]  # fmt: skip
    assert cost_basis_of_rates(lent).basis == "assumption+calibrated"


def test_a_rate_without_years_and_one_that_is_no_cost():
    known = assumptions()
    assert money_of(known["cost_usd_t.transfer.mode"]) == "US dollars of no stated year"
    assert money_of(known["delay_h.transfer.mode"]) == ""
    single = replace(known["cost_usd_tkm.road"], first_year=2021, last_year=2021)
    assert money_of(single) == "US dollars of 2021"
    assert not cost_basis([])
    assert cost_basis_of_modes(["ferry"]).years == "2015-2023"
