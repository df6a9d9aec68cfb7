"""What takes a side is remarked, in others' files and in our own data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_sided import event_remarks, place_remarks, side_of

from borders.gazetteer.places import places
from corridors.context.claims import bundled_claims
from corridors.context.districts import districts
from corridors.context.events import event, events
from corridors.context.neutrality import name_remarks, wording
from corridors.model.corridor import NameBy, corridor
from corridors.model.registry import systems
from corridors.scenarios.scenario import read_scenario, scenario_ids


def test_our_events_judge_nothing_and_each_has_a_source_or_account_of_another_side() -> None:
    assert [str(remark) for remark in event_remarks(events())] == []


def test_our_places_in_contested_districts_have_a_name_of_each_party() -> None:
    assert [str(remark) for remark in place_remarks(districts(), places().values())] == []


def test_a_place_in_a_contested_district_without_a_party_s_name_is_remarked() -> None:
    town = places()["shusha"]
    bare = replace(town, names={code: name for code, name in town.names.items() if code != "hy"})
    (remark,) = place_remarks(districts(), [bare])
    assert remark.text == "name_hy missing in a contested district"


def test_what_only_one_source_tells_says_so() -> None:
    alone = [known for known in events() if "only this source" in known.note]
    assert 4 <= len(alone) <= 12
    told = event("e2022-blockade-lachin-corridor-starts")
    assert {side_of(source) for source in told.sources} == {"Armenia", "Azerbaijan and Türkiye"}
    assert "Azerbaijani accounts" in told.note
    assert "Armenian accounts" in told.note


def test_our_borders_corridors_scenarios_and_claims_take_no_side() -> None:
    things = [*systems(), *map(read_scenario, scenario_ids())]
    assert [str(r) for thing in things for r in name_remarks(thing)] == []
    words = [f"{c.claim}. {c.note}" for c in bundled_claims()]
    assert [str(r) for text in words for r in wording(text, "claim")] == []


def test_an_event_of_one_side_is_remarked_until_another_tells_of_it() -> None:
    known = replace(event("e1994-ceasefire-first-karabakh-war"), note="")
    assert event_remarks([known]) == []
    one_sided = replace(known, source="nkrusa-ceasefire", also=())
    (remark,) = event_remarks([one_sided])
    assert "Armenia alone" in remark.text
    both = replace(one_sided, also=("virtualkarabakh-6241",))
    assert event_remarks([both]) == []
    told = replace(one_sided, note="Azerbaijani accounts give another day")
    assert event_remarks([told]) == []


def test_a_name_of_one_party_is_remarked() -> None:
    road = corridor("zangezur-tripp")
    assert name_remarks(road) == []
    alone = replace(road, names_by=road.names_by[:1])
    (remark,) = name_remarks(alone)
    assert "Azerbaijan and Türkiye alone" in remark.text
    other = NameBy(name="Syunik road", by="Armenia", source="araxes")
    assert name_remarks(replace(alone, names_by=(*alone.names_by, other))) == []
    # What all signed has a name of its own.
    signed = NameBy(name="Road of Article 9", by="Statement by Azerbaijan", source="araxes")
    assert name_remarks(replace(road, names_by=(signed,))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The town was liberated by the heroic army", ["liberated", "heroic"]),
        ("The so-called corridor through occupied land", ["so-called", "occupied"]),
        ("Held by the Armenian side from 1993 to 2020", []),
        ("called 'liberation' in Azerbaijani accounts", []),
        ("“occupation” by Azerbaijan's account", []),
        ("preoccupied with terms", []),
    ],
)
def test_words_that_judge_are_told_unless_they_are_quoted(text, words) -> None:
    assert [r.text.split("'")[1] for r in wording(text, "here")] == words


def test_a_source_without_a_row_speaks_for_no_one() -> None:
    assert side_of("pax-990") is None
    assert side_of("evnreport-com") == "Armenia"
    assert side_of("bolat-kars") == side_of("virtualkarabakh-6241")
