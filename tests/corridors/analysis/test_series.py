"""A pair over time: against single days, and against networkx on the same weights."""

from __future__ import annotations

import pickle
from datetime import date

import networkx as nx
import numpy as np
import pytest
from small_network import link, network, status

from borders.errors import AraxesError
from corridors.analysis.series import days_of, series, unchanged
from corridors.routing.query import planner_for
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

YEARS = "1988:2026"
ALONE = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "hours_basis", "modes",
         "cost_usd_t", "crossings", "countries", "unbuilt_km", "undated_km", "via",
         "avoid")  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "terms", "via"),
    [
        (("Kars", "Baku"), Terms(modes="rail"), ()),
        (("Kars", "Baku"), Terms(by="hours", modes="rail", users="passengers"), ()),
        (("Nakhchivan", "Baku"), Terms(by="hours", modes=("road", "ferry"), avoid="IR"), ()),
        (("Kars", "Baku"), Terms(modes="road"), ("Tbilisi",)),
    ],
)
def test_every_row_is_that_of_its_day_asked_alone(pair, terms, via) -> None:
    from corridors.routing.find import route

    rows = series(*pair, YEARS, terms=terms, via=via, scenarios=["status-quo", "tripp-open"])
    assert len(rows) == 2 * 39
    # Every fourth day, and those on which something changed.
    for row in [row for n, row in enumerate(rows) if n % 8 == 0 or row.events]:
        values = row.row()
        try:
            alone = route(*pair, scenario=row.scenario.id, on=row.on, terms=terms, via=via)
        except AraxesError:
            assert row.way is None
            assert row.reason
            continue
        assert {key: values[key] for key in ALONE} == {key: alone.row()[key] for key in ALONE}
        assert sum(values["hours_by"].values()) == pytest.approx(values["hours"], abs=0.35)


@pytest.mark.parametrize("by", ["km", "hours"])
def test_every_day_has_the_least_of_networkx(by: str) -> None:
    terms = Terms(by=by)
    rows = series("Kars", "Baku", "1989:2026", step="30m", terms=terms, scenarios="all-open")
    for row in rows:
        planner = planner_for(["all-open"], terms, None, row.on)
        costs = planner.weighted.costs(planner.states[0], row.mode_set)
        graph = nx.MultiDiGraph()
        for arc in np.flatnonzero(np.isfinite(costs)).tolist():
            a, b = int(planner.graph.tail[arc]), int(planner.graph.head[arc])
            graph.add_edge(a, b, weight=costs[arc])
        ((a, b),) = planner.stops.stations(row.mode_set, [("kars", "baku")])
        best = nx.dijkstra_path_length(graph, *planner.ends(a, b))
        assert row.way is not None
        scale = 1000 if by == "km" else 1
        assert row.way.least()[0] * scale == pytest.approx(best, rel=1e-9)


def test_a_question_asked_twice_or_pickled_has_equal_rows() -> None:
    asked = {"terms": Terms(modes="road"), "scenarios": ["status-quo"]}
    rows = series("Kars", "Baku", "1990:1993", **asked)
    again = series("Kars", "Baku", "1990:1993", **asked)
    assert rows == again == pickle.loads(pickle.dumps(rows))
    assert len(set(rows) | set(again)) == len(rows)
    assert rows != series("Baku", "Kars", "1990:1993", **asked)


def test_events_name_what_opened_and_closed_with_its_source() -> None:
    rows = series("Kars", "Tbilisi", "2015:2026", terms=Terms(modes="rail"))
    told = {row.on.year: [(e.what, e.before, e.after) for e in row.events] for row in rows}
    assert told[2018][0] == ("btk", "construction", "open")
    assert told[2024] == [("btk", "open", "closed")]
    assert told[2025][0] == ("btk", "closed", "open")
    assert [year for year, events in told.items() if events] == [2018, 2024, 2025]
    assert all(event.source for row in rows for event in row.events)
    (gained,) = [row for row in rows if row.on.year == 2018]
    assert gained.events[0].on == date(2017, 10, 30)


def test_memberships_change_hours_and_are_named() -> None:
    terms = Terms(by="hours", modes="rail")
    rows = series("Tbilisi", "Baku", "1990:1993", terms=terms)
    inside, after = rows[0].row(), rows[-1].row()
    assert inside["hours_by"]["border"] == 0 < after["hours_by"]["border"]
    told = {(e.what, e.after) for row in rows for e in row.events}
    assert told == {("soviet-union (GE)", "ended"), ("soviet-union (AZ)", "ended")}


def test_what_a_scenario_opens_or_closes_is_no_event() -> None:
    closed = Scenario(id="shut", close={"btk": "shut"})
    rows = series("Kars", "Tbilisi", "2015:2026", terms=Terms(modes="rail"), scenarios=closed)
    assert not any(event.what == "btk" for row in rows for event in row.events)


def test_statuses_of_a_network_of_ones_own_make_its_series() -> None:
    opened = (
        status("planned", valid_to=date(2000, 6, 1)),
        status("open", valid_from=date(2000, 6, 1), valid_to=date(2003, 6, 1)),
        status("closed", valid_from=date(2003, 6, 1)),
    )
    short = [link("short", "kars.road", "aralik.road", 100, statuses=opened)]
    rows = series("Kars", "Aralık", "1999:2005", network=network(short), terms=Terms(modes="road"))
    assert [row.row()["km"] for row in rows] == [180, 180, 100, 100, 100, 180, 180]
    assert [len(run) for run in unchanged(rows)] == [2, 3, 2]
    assert [(e.what, e.after) for row in rows for e in row.events] == [
        ("short", "open"), ("short", "closed"),
    ]  # fmt: skip
    frame = rows.to_frame()
    assert frame["km"].tolist() == [180, 180, 100, 100, 100, 180, 180]
    assert str(frame["on"].dtype).startswith("datetime64")


def test_steps_are_those_of_the_calendar() -> None:
    import pandas as pd

    months = pd.date_range("2019-12-31", "2020-12-31", freq="ME").date.tolist()
    assert days_of("2019-12-31:2020-12-31", "1m") == months
    assert days_of("2020-01-01:2020-03-01", "2w") == (
        pd.date_range("2020-01-01", "2020-03-01", freq="14D").date.tolist()
    )
    assert len(days_of("1990:2026")) == 37
    assert days_of(["2020-01-01", "1999-01-01"])[0] == date(1999, 1, 1)


@pytest.mark.parametrize(
    ("on", "step", "words"),
    [
        ("2026:1990", "1y", "the last is before the first"),
        ("yesterday:today", "1y", "write years or days"),
        ("1990:2026", "0y", "step"),
        ("1990:2026", "a year", "step"),
        ("1918:2026", "1d", "take longer steps"),
        ("1800:1810", "1y", "knows no earlier ones"),
    ],
)
def test_bad_days_and_steps_are_refused_in_one_line(on: str, step: str, words: str) -> None:
    with pytest.raises(AraxesError, match=words) as raised:
        series("Kars", "Baku", on, step=step)
    assert "\n" not in str(raised.value)


def test_a_day_without_a_way_names_itself_and_not_the_first_such_day() -> None:
    rows = series("Kars", "Baku", "2012:2014", terms=Terms(modes="rail"))
    assert [f"on {row.on} in scenario" in row.reason for row in rows] == [True] * 3
