"""Scenario files: what they say, how they add up, and what is refused."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import pytest
from raw_network import raw_links

from borders.errors import AraxesError, FileFormatError, SchemaError, UnknownNameError
from corridors.analysis.compare import compare
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario, scenario_ids
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str, text: str) -> str:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_every_bundled_scenario_can_be_read_and_holds_on_a_day() -> None:
    assert {read_scenario(key).id for key in scenario_ids()} == set(scenario_ids())
    assert all(read_scenario(key).on for key in scenario_ids())


def test_scenarios_add_up_in_any_order() -> None:
    keys = ["tripp-open", "kars-dilucu-built", "turkiye-armenia-open"]
    sums = [read_scenario("+".join(order)) for order in itertools.permutations(keys)]
    assert len({tuple(sorted(total.open)) for total in sums}) == 1
    assert {total.on for total in sums} == {sums[0].on}
    assert sums[0].open.keys() == read_scenario("all-open").open.keys()


def test_a_scenario_holds_what_it_includes(tmp_path: Path) -> None:
    write(tmp_path, "below", 'id = "below"\nname = "B"\non = 2020-01-01\nclose = ["x"]\n')
    top = write(
        tmp_path, "top", 'id = "top"\nname = "T"\nincludes = ["below.toml"]\nopen = ["y"]\n'
    )
    scenario = read_scenario(top)
    assert (scenario.id, scenario.name, scenario.on) == ("top", "T", date(2020, 1, 1))
    assert scenario.close == {"x": "below"}
    assert scenario.open == {"y": "top"}


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ('open = ["x"]', 'close = ["x"]', "one opens 'x', the other closes it"),
        ("on = 2020-01-01", "on = 2021-01-01", "one is of 2020-01-01, the other of 2021-01-01"),
        ('set = {"x.delay_h" = 1}', 'set = {"x.delay_h" = 2}', "set x.delay_h, 1 and 2"),
    ],
)
def test_two_scenarios_that_contradict_each_other_are_both_named(
    tmp_path: Path, first: str, second: str, message: str
) -> None:
    a = write(tmp_path, "a", f'id = "first"\nname = "A"\n{first}\n')
    b = write(tmp_path, "b", f'id = "second"\nname = "B"\n{second}\n')
    with pytest.raises(SchemaError) as caught:
        read_scenario(f"{a}+{b}")
    assert message in str(caught.value)
    assert "'first'" in str(caught.value)
    assert "'second'" in str(caught.value)


@pytest.mark.parametrize("first", ["a", "b", "c", "d"])
def test_of_several_contradictions_the_first_is_told_in_every_run(first: str) -> None:
    keys = [first, *sorted(set("abcd") - {first})]
    one = Scenario(id="one", set={f"{key}.delay_h": (1.0, "one") for key in keys})
    two = Scenario(id="two", set={f"{key}.delay_h": (2.0, "two") for key in "abcd"})
    with pytest.raises(SchemaError, match=rf"set {first}\.delay_h, 1 and 2"):
        one + two


def test_a_ring_of_includes_is_drawn(tmp_path: Path) -> None:
    a = write(tmp_path, "a", 'id = "a"\nname = "A"\nincludes = ["b.toml"]\n')
    write(tmp_path, "b", 'id = "b"\nname = "B"\nincludes = ["a.toml"]\n')
    with pytest.raises(SchemaError, match="a → b → a"):
        read_scenario(a)


def test_a_missing_include_is_told_with_the_file_that_includes_it(tmp_path: Path) -> None:
    for missing in ("b.toml", "trip-open"):
        a = write(tmp_path, "a", f'id = "a"\nname = "A"\nincludes = ["{missing}"]\n')
        with pytest.raises(AraxesError, match=rf"^a\.toml: includes: .*{missing}"):
            read_scenario(a)


def test_what_two_scenarios_share_is_no_contradiction() -> None:
    both = read_scenario("tripp-open") + read_scenario("tripp-and-kars-dilucu")
    assert isinstance(both, Scenario)
    assert both.open.keys() == read_scenario("tripp-and-kars-dilucu").open.keys()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('opens = ["x"]', "unknown key 'opens'"),
        ('opnes = ["x"]', "; is 'opnes' meant for 'open'?"),
        ("open = [1]", "write ids as text in quotes"),
        ('open = "x"', "must be a list"),
        ('on = "tomorrow"', "write a date as YYYY-MM-DD"),
        ("on = 2026-13-01", "not valid TOML"),
        ('set = {"x.delay_h" = -1}', "it must be 0 or more"),
        ('set = {"speed_kmh.rail.plain" = -5}', "it must be 1 or more"),
        ('set = {"speed_kmh.rail.plain" = 0}', "it must be 1 or more"),
        ('set = {"x.delay_h" = "long"}', "write a number"),
        ('set = {"x.delay_h" = nan}', "write a number"),
        pytest.param(f'set = {{"x.delay_h" = 0x{"f" * 400}}}', "is inf; write a number", id="huge"),
        ('set = {"x.delay_h" = 1e308}', "it must be 1,000,000 or less"),
        ("[set" + 5000 * ".a" + "]\nx = 1", "line 3: more than 16 parts"),
        ('set = {"x.gauge_mm" = 100}', "it must be a whole number of mm from 300 to 3000"),
        ('set = {"x.colour" = 1}', "no key of assumptions.csv"),
        (
            'build = [{id = "n", mode = "rail", path = [], gauge_mm = 90}]',
            "gauge_mm is 90; give 300 to 3000",
        ),
        ('build = [{id = "n", mode = "rail", path = [], length_km = -3}]', "give 0.001 to"),
        ('build = [{id = "n", mode = "rail", path = [], length_km = nan}]', "length_km is"),
        ('build = [{id = "n", mode = "rail", path = [], sigma_km = -1}]', "sigma_km is -1"),
        ('build = [{id = "n", mode = "air", path = []}]', "allowed: rail, road, ferry"),
        ('open = ["x"]\nclose = ["x"]', "'bad' contradicts itself: it opens 'x'"),
        ("a: &a [x, x]\nb: &b [*a, *a]\n", "not valid TOML"),
    ],
)
def test_a_bad_file_gets_one_line(tmp_path: Path, line: str, message: str) -> None:
    file = write(tmp_path, "bad", f'id = "bad"\nname = "Bad"\n{line}\n')
    with pytest.raises(AraxesError) as caught:
        read_scenario(file)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_scenarios_name_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="status-quo"):
        read_scenario("no-such")


def test_junk_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = write(tmp_path, "junk", "x" * 10_000_000)
    with pytest.raises(FileFormatError, match="at most 5,000,000"):
        read_scenario(file)


def test_brackets_without_end_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "deep", "a = " + "[" * 100_000)
    with pytest.raises(FileFormatError, match="not valid TOML"):
        read_scenario(file)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        ('id = "n"\nmode = "road"\nlength_km = 1', "but 'kars' and 'baku' lie 577 km apart"),
        ('id = "n"\nmode = "road"\nlength_km = 600000', "give the length in kilometres"),
        ('id = "road-kars-digor"\nmode = "road"', "builds 'road-kars-digor', a link that the"),
        ('id = "x-sarp-sarpi"\nmode = "road"', "builds 'x-sarp-sarpi', a crossing that the"),
        ('id = "btk"\nmode = "road"', "builds 'btk', a corridor that the"),
    ],
)
def test_a_new_link_that_cannot_be_is_refused(tmp_path: Path, build: str, message: str) -> None:
    path = 'path = [{ place = "kars" }, { place = "baku" }]'
    text = f'id = "new"\nname = "New"\n[[build]]\n{build}\n{path}\n'
    with pytest.raises(SchemaError, match=message):
        route("Kars", "Baku", scenario=read_scenario(write(tmp_path, "new", text)))


def test_only_a_scenario_can_be_added_to_one() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        read_scenario("tripp-open") + "kars-dilucu-built"


def test_a_speed_set_for_a_mode_holds_on_every_terrain() -> None:
    fast = Scenario.of("fast", network=load_network(), set={"speed_kmh.road": 40})
    terms = Terms(by="hours", modes=("road",))
    way = route("Kars", "Erzurum", scenario=fast, terms=terms)
    assert len({step.link.terrain for step in way.steps}) > 1
    assert not way.crossings
    assert way.hours == pytest.approx(way.length_km / 40)
    # A terrain of its own outranks it.
    plain = Scenario.of("both", set={"speed_kmh": {"road": 40, "rail": 20}})
    assert plain.settings == {"speed_kmh.road": 40, "speed_kmh.rail": 20}
    hilly = Scenario.of("hilly", set={"speed_kmh.road": 40, "speed_kmh.road.hilly": 80})
    other = route("Kars", "Erzurum", scenario=hilly, terms=terms)
    truth = sum(k.length_m / 1000 / (80 if k.terrain == "hilly" else 40) for k in other.links)
    assert other.hours == pytest.approx(truth)


@pytest.mark.parametrize("key", ["speed_kmh.boat", "speed_kmh", "delay_h.crosing", "road"])
def test_a_group_that_is_none_is_refused(key) -> None:
    with pytest.raises((SchemaError, UnknownNameError)):
        Scenario.of("s", network=load_network(), set={key: 40})


def test_a_scenario_is_checked_for_the_links_that_it_sets_too() -> None:
    known = load_network()
    link_id = raw_links()[0]["id"]
    Scenario(id="s", set={f"{link_id}.delay_h": (1.0, "s")}).check(known)
    Scenario(id="s", set={"speed_kmh.road.hilly": (33.0, "s")}).check(known)
    for name in ("open", "close"):
        Scenario(id="s", **{name: {link_id: "s"}}).check(known)
        with pytest.raises(UnknownNameError, match=r"scenario 's': no .*'no-such-link'"):
            Scenario(id="s", **{name: {"no-such-link": "s"}}).check(known)
    with pytest.raises(UnknownNameError, match=r"scenario 's': no .*'no-such-link'"):
        Scenario(id="s", set={"no-such-link.delay_h": (1.0, "s")}).check(known)


def test_a_corridor_is_given_another_gauge_as_a_whole():
    both = "nakhchivan-railway.gauge_mm"
    wide = Scenario.of("narrow", open=["nakhchivan-railway"], set={both: 1435})
    other = Scenario.of("other", open=["nakhchivan-railway"])
    terms = Terms(modes=("rail",))
    way = route("julfa", "ordubad", scenario=wide, terms=terms)
    assert [link.gauge_mm for link in way.links] == [1435] * len(way.links)
    # Another scenario that opens it beside this one keeps its gauge.
    rows = compare([("julfa", "ordubad")], [wide, other], terms=terms)
    assert [{link.gauge_mm for link in row.way.links} for row in rows] == [{1435}, {1520}]


def test_a_sum_cites_both_and_says_what_both_say_once() -> None:
    first = Scenario.of("a", name="Rail", open=["kars-gyumri"], source="mine")
    second = Scenario.of("b", name="Rail", open=["btk"], source="theirs")
    both = first + second
    assert (both.source, both.name, both.names) == ("mine; theirs", "Rail", {"en": "Rail"})
    assert (both + second).source == "mine; theirs"
