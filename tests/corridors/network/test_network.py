"""The bundled network: its promises, and what geometry says of its borders."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date

import jsonschema
import pytest
import shapely
import small_network
from geographiclib.geodesic import Geodesic
from outlines import outlines, outside_km

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places
from corridors.network.check import check_network
from corridors.network.dated_statuses import LinkStatus
from corridors.network.link import UNBUILT
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario, scenario_ids
from corridors.scenarios.terms import Terms

NETWORK = load_network()
DAYS = ("1985-06-01", "1992-01-01", "1994-01-01", "2019-01-01", "2021-06-01", "2023-06-01")
PAIRS = (("kars", "baku"), ("nakhchivan", "baku"), ("yerevan", "tabriz"), ("goris", "khankendi"),
         ("gyumri", "erzurum"), ("tbilisi", "tabriz"))  # fmt: skip


def test_the_network_is_as_large_as_it_says() -> None:
    assert len(NETWORK.layers) >= 150
    assert len([k for k in NETWORK.links if k.mode != "transfer"]) >= 250


def test_a_check_finds_no_error() -> None:
    assert [f for f in check_network(NETWORK) if f.level == "error"] == []


def test_every_crossing_has_two_countries_and_every_other_link_one() -> None:
    for link in NETWORK.links:
        if link.crossing:
            assert len(set(link.countries)) == 2, link.id
        else:
            assert len(set(link.countries)) == 1, link.id


def test_no_link_is_shorter_than_the_geodesic_between_its_ends() -> None:
    for link in NETWORK.links:
        if link.xy:
            (x0, y0), (x1, y1) = link.xy[0], link.xy[-1]
            chord_m = Geodesic.WGS84.Inverse(y0, x0, y1, x1)["s12"]
            assert link.length_m + 3 * link.sigma_m >= chord_m, link.id


@pytest.mark.parametrize("scenario", scenario_ids())
@pytest.mark.parametrize("modes", [("rail", "ferry"), ("road", "ferry")])
def test_a_route_changes_country_only_at_a_crossing_that_is_open_or_opened(scenario, modes) -> None:
    for pair in PAIRS:
        try:
            path = route(*pair, scenario=scenario, terms=Terms(modes=modes))
        except ValueError:
            continue
        country = places()[pair[0]].country
        for step in path.steps:
            if step.link.crossing:
                assert step.status == "open" or step.opened
                assert step.countries[0] == country
                country = step.countries[-1]
            else:
                assert set(step.countries) == {country}
        assert country == places()[pair[1]].country


@pytest.mark.parametrize("day", DAYS)
def test_on_a_day_only_what_was_open_is_used(day) -> None:
    from dataclasses import replace

    from borders.dates import parse_date

    then = replace(read_scenario("status-quo"), on=parse_date(day))
    for pair in PAIRS:
        for modes in (("rail",), ("road",)):
            try:
                path = route(*pair, scenario=then, terms=Terms(modes=modes))
            except ValueError:
                continue
            assert {step.status for step in path.steps} == {"open"}
            assert path.unbuilt_m == 0


def test_no_course_leaves_its_country_but_at_a_crossing() -> None:
    """A course is good to its standard error; the 95 % band is twice as wide."""
    wrong = []
    for link in NETWORK.links:
        if link.crossing or not link.xy or link.mode == "ferry":
            continue
        outline = outlines().get(link.countries[0])
        if outline is None:
            continue
        line = shapely.LineString(link.xy)
        points = [line.interpolate(n / 40, normalized=True) for n in range(41)]
        worst_km = max(outside_km(outline, p.x, p.y) for p in points)
        if worst_km > 2 * link.position_sigma_m / 1000:
            wrong.append((link.id, worst_km))
    assert wrong == []


# D, M, S, Sh, H, R, A, AH and E roads, Iran's "Road 32" and provincial roads such as 24-59.
NUMBER = re.compile(r"\b(AH|Sh|[ADEHMRS])\d+\b|\b(Road|Freeway) \d+\b|\b\d\d-\d\d\b")
NO_NUMBER = re.compile(
    r"No number of the class: "
    r"(provincial road|secondary road|regional road|local road|street|stub at the crossing"
    r"|temporary link)\b"
)


def test_every_road_has_its_number_says_why_it_has_none_or_that_it_is_not_known() -> None:
    for link in NETWORK.links:
        if link.mode == "road":
            note = link.note or ""
            assert NUMBER.search(note) or NO_NUMBER.match(note) or "not known" in note, link.id


def test_no_road_that_has_no_number_is_told_as_one_whose_number_is_not_known() -> None:
    for link in NETWORK.links:
        if (link.note or "").startswith("No number"):
            assert NO_NUMBER.match(link.note or ""), link.id
            assert "not known" not in link.note, link.id


def test_what_is_unbuilt_is_closed_until_a_scenario_opens_it() -> None:
    for link in NETWORK.links:
        status = link.status(NETWORK.on).status
        if link.corridor in ("zangezur-tripp", "kars-igdir-dilucu"):
            assert status in UNBUILT, link.id


def test_every_node_is_a_place_with_a_name() -> None:
    assert all(node.place in places() for node in NETWORK.nodes)


@pytest.mark.parametrize("key", scenario_ids())
def test_every_scenario_fits_the_published_schema(key) -> None:
    schema = json.loads(BUNDLED.path("scenarios/scenario.schema.json").read_text("utf-8"))
    text = BUNDLED.path(f"scenarios/{key}.toml").read_text("utf-8")
    table = json.loads(json.dumps(tomllib.loads(text), default=str))
    jsonschema.validate(table, schema)


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    schema = json.loads(BUNDLED.path("scenarios/scenario.schema.json").read_text("utf-8"))
    for bad in ({"id": "A B", "name": "x"}, {"id": "a"}, {"id": "a", "name": "x", "opens": []},
                {"id": "a", "name": "x", "open": [1]}):  # fmt: skip
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_a_network_check_says_for_whom_nothing_is_said() -> None:
    day = date(2020, 1, 1)
    runs_on = LinkStatus(status="open", users="passengers")
    ended = LinkStatus(status="open", users="freight", valid_to=day)
    one = small_network.link("a", "kars.road", "igdir.road", 120, statuses=(runs_on, ended))
    mute = small_network.link("b", "igdir.road", "gyumri.road", 120, statuses=())
    found = {
        f.link: f.message
        for f in check_network(small_network.network([one, mute]))
        if f.level == "error"
    }
    assert found["a"] == "nothing is said of it for freight, third-country after 2020-01-01"
    assert found["b"] == "nothing is said of it"
