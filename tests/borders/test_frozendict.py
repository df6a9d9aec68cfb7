"""What is kept for all who ask cannot be changed by one of them."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from borders import boundary, place
from borders.frozendict import FrozenDict
from borders.gazetteer.places import places
from corridors.export.show_json import summary
from corridors.model.corridor import corridor
from corridors.model.registry import system
from corridors.scenarios.scenario import Scenario

NAMES = {"en": "Kars", "ka": "ყარსი"}
CHANGES = [
    lambda d: d.__setitem__("en", "X"),
    lambda d: d.__delitem__("en"),
    lambda d: d.__ior__({"en": "X"}),
    lambda d: d.update(en="X"),
    lambda d: d.setdefault("tr", "X"),
    lambda d: d.pop("en"),
    lambda d: d.popitem(),
    lambda d: d.clear(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_no_way_to_change_a_dictionary_changes_one_that_is_fixed(change) -> None:
    fixed = FrozenDict(NAMES)
    with pytest.raises(TypeError, match="change a copy"):
        change(fixed)
    assert fixed == NAMES


def test_a_fixed_dictionary_is_pickled_copied_and_dumped_like_any_other() -> None:
    fixed = FrozenDict(NAMES)
    for again in (pickle.loads(pickle.dumps(fixed)), copy.copy(fixed), copy.deepcopy(fixed)):
        assert again == fixed
        assert isinstance(again, FrozenDict)
    assert json.loads(json.dumps(fixed)) == NAMES


@pytest.mark.parametrize(
    "names",
    [
        lambda: corridor("btk").names,
        lambda: boundary("kars-1921").names,
        lambda: place("Kars").names,
        lambda: place("Pasinler").names,
        lambda: places()["kars"].names,
    ],
)
def test_the_names_of_what_is_bundled_stay(names) -> None:
    before = dict(names())
    with pytest.raises(TypeError):
        names()["en"] = "X"
    assert names() == before


@pytest.mark.parametrize("key", ["btk", "kars-1921"])
def test_a_summary_is_the_askers_own(key) -> None:
    before = system(key).names["en"]
    summary(system(key))["names"]["en"] = "X"
    assert system(key).names["en"] == before


def test_a_scenario_keeps_no_hold_of_what_it_was_made_from() -> None:
    path = [{"place": "Kars"}, {"point": [43.4, 40.6]}, {"place": "Gyumri"}]
    one = Scenario.of("s", build=[{"id": "new", "mode": "road", "path": path}])
    path[0]["place"] = "Baku"
    path[1]["point"][0] = 50.0
    (build, _) = one.build["new"]
    assert build.path[:2] == ({"place": "Kars"}, {"point": [43.4, 40.6]})
