"""New links of scenarios: where they end, what they leave alone, and which borders they pass."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from shapely import LineString
from shapely.ops import substring

from borders.errors import AraxesError, NoAnswerError, SchemaError
from borders.gazetteer.places import places
from corridors.analysis.compare import compare
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.countries_entered import entered
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

RAIL = Terms(modes=("rail",))


def built(*paths: str, mode: str = "rail", gauge_mm: int = 1435) -> Scenario:
    """Return a scenario that builds links through places, named with a dash between."""
    rows = [
        {"id": f"new-{n}", "mode": mode, "gauge_mm": gauge_mm,
         "path": [{"place": name} for name in path.split("-")]}
        for n, path in enumerate(paths, 1)
    ]  # fmt: skip
    return Scenario.of("built", build=rows)


def test_what_one_scenario_builds_leaves_the_ways_of_the_others_alone() -> None:
    pairs = [("Tehran", "Tabriz")]
    alone = compare(pairs, ["status-quo"], terms=RAIL)[0]
    now, then = compare(pairs, ["status-quo", built("Tabriz-Ardabil")], terms=RAIL)
    assert alone.destination == now.destination == then.destination == "tabriz_st"
    assert now.way is not None
    assert now.way.steps == alone.way.steps == then.way.steps


def test_a_new_railway_to_a_town_ends_at_its_station() -> None:
    path = route("Tehran", "Ardabil", scenario=built("Tabriz-Ardabil"), terms=RAIL)
    new = path.steps[-1].link
    assert (new.start, new.end) == ("tabriz_st.rail1435", "ardabil.rail1435")
    assert new.xy[0] == (places()["tabriz_st"].lon, places()["tabriz_st"].lat)


def test_before_a_railway_is_built_its_end_has_none() -> None:
    rows = compare([("Tehran", "Ardabil")], ["status-quo", built("Tabriz-Ardabil")], terms=RAIL)
    assert rows[0].way is None
    assert "none begins at Ardabil" in rows[0].reason
    assert rows[1].way is not None


def test_a_new_road_ends_in_the_town() -> None:
    link = route("Tabriz", "Ardabil", scenario=built("Tabriz-Ardabil", mode="road"),
                 terms=Terms(modes=("road",))).steps[0].link  # fmt: skip
    assert link.start == "tabriz.road"


def test_a_new_railway_of_a_gauge_that_nothing_joins_is_told_so() -> None:
    with pytest.raises(NoAnswerError, match=r"'new-1' ends at 'yeraskh'.*rail1520 there; give"):
        route("Yerevan", "Goris", terms=RAIL, scenario=built("Yeraskh-Goris"))


@pytest.mark.parametrize("path", ["Nakhchivan-Meghri-Horadiz", "Kars-Akhalkalaki-Ganja"])
def test_a_link_over_two_borders_is_refused_with_what_to_do(path: str) -> None:
    with pytest.raises(SchemaError, match=r"passes 2 borders: .*; split it"):
        route("Kars", "Baku", scenario=built(path))


def test_a_link_split_at_the_border_passes_each_and_enters_the_country_between() -> None:
    new = built("Nakhchivan-Meghri", "Meghri-Horadiz", gauge_mm=1520)
    path = route("Nakhchivan", "Horadiz", scenario=new, terms=RAIL)
    assert path.countries == ("AZ", "AM", "AZ")
    assert path.crossings == ("new-1", "new-2")
    with pytest.raises(NoAnswerError, match="no route from Nakhchivan city to Horadiz"):
        route("Nakhchivan", "Horadiz", scenario=new,
              terms=Terms(modes=("rail",), avoid=frozenset({"AM"})))  # fmt: skip


@pytest.mark.parametrize(
    "path", ["Kars-Gyumri", "Julfa-Tabriz", "Nakhchivan-Ordubad", "Yerevan-Ijevan-Gazakh"]
)
def test_a_new_link_changes_country_only_at_its_crossing(path: str) -> None:
    ends = path.split("-")
    new = built(path, mode="road")
    link = route(ends[0], ends[-1], scenario=new, terms=Terms(modes=("road",))).steps[0].link
    known = load_network()
    stops = [places()[node.rpartition(".")[0]].country for node in (link.start, link.end)]
    assert link.id == "new-1"
    assert link.id not in known.rank
    assert list(link.countries) == list(dict.fromkeys(stops))
    assert (link.crossing is not None) == any(a != b for a, b in pairwise(stops))


@pytest.mark.parametrize(
    ("path", "through"),
    [("Nakhchivan-Horadiz", "AM"), ("Yerevan-Meghri", "AZ"), ("Kars-Ganja", "AM|GE")],
)
def test_a_course_that_leads_through_a_country_without_a_place_there_is_refused(path, through):
    with pytest.raises(SchemaError, match=rf"leads \d+ km into ({through}).*; name the places"):
        route("Kars", "Baku", scenario=built(path))


def test_of_a_course_the_farthest_point_in_a_country_counts_whichever_way_it_is_drawn() -> None:
    # From Nakhchivan over Syunik to Horadiz: the farthest point is neither the first nor the last.
    line = LineString([(45.41, 39.21), (46.4, 39.6), (47.34, 39.45)])
    there, back = (entered(course, ["AZ"], limit_m=1000.0) for course in (line, line.reverse()))
    halves = [substring(line, a, b, normalized=True) for a, b in pairwise((0, 0.3, 0.5, 0.7, 1))]
    of_parts = [entered(part, ["AZ"], limit_m=1000.0).get("AM", 0.0) for part in halves]
    assert there.keys() == back.keys() == {"AM"}
    assert there["AM"] == pytest.approx(back["AM"], abs=200)
    assert there["AM"] == pytest.approx(max(of_parts), abs=200)
    assert there["AM"] > 10_000


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_every_link_of_the_network_could_be_built_as_a_straight_line(mode) -> None:
    links = [link for link in load_network().links if link.mode == mode and link.xy]
    assert len(links) > 100
    for link in links:
        assert entered(LineString(link.xy), link.countries, limit_m=12_000.0) == {}
        straight = LineString([link.xy[0], link.xy[-1]])
        assert entered(straight, link.countries, limit_m=12_000.0) == {}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ([{"plce": "Kars"}, {"place": "Ani"}], "build 1, path 1: unknown key 'plce'"),
        ([{"place": "Kras"}, {"place": "Ani"}], "build 1, path 1: no place 'Kras'"),
        ([{"place": "Kars"}, {"place": 7}], "build 1, path 2: place is 7"),
        ([{"place": "Kars"}, {"point": [43.5, 40.5]}], "must begin and end at a place"),
        ([{"place": "Kars"}], "build 1: the path has a single point"),
        ([], "build 1: the path has a single point"),
        ([{"place": "Kars", "along": "aras"}], "give exactly one of place, point or along"),
    ],
)
def test_a_path_that_is_none_is_refused_when_the_scenario_is_made(path, message) -> None:
    with pytest.raises(AraxesError) as caught:
        Scenario.of("s", build=[{"id": "new", "mode": "road", "path": path}])
    assert message in str(caught.value)


def test_a_scenario_whose_new_rails_join_nothing_is_told_when_it_is_checked(
    araxes, tmp_path
) -> None:
    file = tmp_path / "s.toml"
    text = 'id = "s"\nname = "S"\n[[build]]\nid = "n"\nmode = "rail"\ngauge_mm = {}\n'
    path = 'path = [{ place = "Yeraskh" }, { place = "Goris" }]\n'
    remark = "ends at 'yeraskh' on rail1435, which nothing joins to rail1520 there"
    for gauge, remarks in ((1435, 1), (1520, 0)):
        file.write_text(text.format(gauge) + path, encoding="utf-8")
        assert len(json.loads(araxes("validate", file, "--json").out)["remarks"]) == remarks
        printed = " ".join(araxes("validate", file).out.split())
        assert (remark in printed) == bool(remarks)


@pytest.mark.parametrize(("gauge_mm", "taken"), [(299, False), (300, True), (3000, True),
                                                 (3001, False)])  # fmt: skip
def test_a_gauge_is_taken_up_to_the_limits_that_the_message_gives(gauge_mm, taken) -> None:
    if taken:
        assert built("Tabriz-Ardabil", gauge_mm=gauge_mm).build != {}
    else:
        with pytest.raises(SchemaError, match="give 300 to 3000"):
            built("Tabriz-Ardabil", gauge_mm=gauge_mm)
