"""Slips in scenarios get a remark, names of files that are hard to look for one line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_network import DAY, link, status

from borders.errors import AraxesError, FileFormatError, UnknownNameError
from corridors.export.show_network_json import scenario_summary
from corridors.network.link import Link
from corridors.network.network import Network
from corridors.scenarios.network_state import NetworkState
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.slips import slips
from corridors.scenarios.terms import Terms

HEAD = 'id = "s"\nname = "S"\n'


def remarks(**content) -> list[str]:
    return scenario_summary(Scenario.of("s", **content))["remarks"]


def test_a_new_link_through_a_place_of_ones_own_gets_a_remark() -> None:
    """The places lie in the Netherlands, and no gazetteer of ours has them."""
    ends = (("aaa", (5.0, 52.0)), ("bbb", (5.1, 52.0)), ("ccc", (5.2, 52.0)), ("ddd", (5.3, 52.0)))
    own = tuple(
        Link(id=f"{a}-{b}", start=f"{a}.road", end=f"{b}.road", mode="road", length_m=7_000.0,
             sigma_m=70.0, xy=(at, to), statuses=(status("open"),), countries=("NL",))
        for (a, at), (b, to) in (ends[:2], ends[1:3], ends[2:])
    )  # fmt: skip
    network = Network(links=own, on=DAY, name="own")
    path = [{"place": "aaa"}, {"place": "bbb"}, {"place": "ddd"}]
    new = {"id": "new", "mode": "road", "path": path}
    scenario = Scenario.of("s", network=network, build=[new])
    (remark,) = scenario_summary(scenario, network=network)["remarks"]
    assert "builds 'new' through 'bbb' without joining the road there" in remark


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"open": ["x-sarp-sarpi"]}, "opens 'x-sarp-sarpi', which is open on 2026-06-01 already"),
        ({"close": ["zangezur-tripp"]}, "closes 'zangezur-tripp', which is closed on 2026"),
        ({"close": ["x-dogukapi-akhurik-rail"]}, "closes 'x-dogukapi-akhurik-rail', which"),
        ({"set": {"speed_kmh.road": 200}}, "sets 'speed_kmh.road' to 200 km/h; no mean speed by"),
        ({"set": {"speed_kmh.rail.hilly": 500}}, "'speed_kmh.rail.hilly' to 500 km/h"),
        ({"set": {"road-alat-baku.speed_kmh": 160}}, "'road-alat-baku.speed_kmh' to 160 km/h"),
        ({"set": {"btk.speed_kmh": 2}}, "'btk.speed_kmh' to 2 km/h; that is slower than people"),
        ({"build": [{"id": "new", "mode": "road", "speed_kmh": 300,
                     "path": [{"place": "Kars"}, {"place": "Ardahan"}]}]}, "builds 'new' for 300"),
        ({"build": [{"id": "new", "mode": "road",
                     "path": [{"place": "Kars"}, {"place": "Digor"}, {"place": "Tuzluca"}]}]},
         "builds 'new' through 'digor' without joining the road there"),
    ],
)  # fmt: skip
def test_a_slip_gets_a_remark(content, said) -> None:
    (remark,) = remarks(**content)
    assert said in remark


@pytest.mark.parametrize(
    "content",
    [
        # Open for some users, or on some of its links, alone.
        {"open": ["kars-gyumri"]}, {"open": ["zangezur-tripp"]}, {"close": ["x-sarp-sarpi"]},
        {"set": {"speed_kmh.road": 60, "speed_kmh.rail": 120, "btk.speed_kmh": 90}},
        {"set": {"x-sarp-sarpi.delay_h": 300}},
        # As fast as people walk.
        {"set": {"btk.speed_kmh": 5}},
        {"build": [{"id": "new", "mode": "road", "path": [{"place": "Kars"}, {"place": "Digor"}]}]},
        # Out to Ani and back past its beginning, where it joins the roads.
        {"build": [{"id": "new", "mode": "road", "path": [
            {"place": "Kars"}, {"place": "Ani"}, {"place": "Kars"}, {"place": "Digor"}]}]},
    ],
)  # fmt: skip
def test_what_has_an_effect_gets_none(content) -> None:
    assert remarks(**content) == []


def test_no_bundled_scenario_has_a_slip_but_one_that_keeps_shut_what_others_open(araxes) -> None:
    listed = json.loads(araxes("list", "scenarios", "--json").out)
    said = {row["id"]: scenario_summary(read_scenario(row["id"]))["remarks"] for row in listed}
    (slip,) = said.pop("middle-corridor")
    assert slip.startswith("closes 'zangezur-tripp', which is closed")
    assert not any(said.values())


def test_validate_prints_the_remark_and_is_content(araxes, tmp_path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(f'{HEAD}open = ["x-sarp-sarpi"]\n', encoding="utf-8")
    told = araxes("validate", file)
    assert told.code == 0
    assert "opens 'x-sarp-sarpi', which is open on 2026-06-01 already" in told.out
    assert json.loads(araxes("validate", file, "--json").out)["remarks"]


def test_a_file_with_a_plus_in_its_name_is_the_file_that_it_is(araxes, tmp_path) -> None:
    file = tmp_path / "tripp+kars.toml"
    file.write_text(f'{HEAD}open = ["kars-gyumri"]\n', encoding="utf-8")
    assert read_scenario(file).open.keys() == {"kars-gyumri"}
    assert araxes("route", "Kars", "Gyumri", "--scenario", file).code == 0
    joined = read_scenario(f"tripp-open+{file}+kars-dilucu-built")
    assert joined.id == "tripp-open+s+kars-dilucu-built"
    assert read_scenario("tripp-open+kars-dilucu-built").id == "tripp-open+kars-dilucu-built"
    above = tmp_path / "above.toml"
    above.write_text('id = "a"\nname = "A"\nincludes = ["tripp+kars.toml"]\n', encoding="utf-8")
    assert read_scenario(above).open.keys() == {"kars-gyumri"}


def test_an_existing_file_wins_over_two_that_are_joined(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, key in (("a.toml", "a"), ("a.toml+b.toml", "both"), ("b.toml", "b")):
        Path(name).write_text(f'id = "{key}"\nname = "N"\n', encoding="utf-8")
    assert read_scenario("a.toml+b.toml").id == "both"
    assert read_scenario("b.toml+a.toml").id == "b+a"


@pytest.mark.parametrize(("file", "said"), [("below.toml", "write 'below.toml'"),
                                            ("below", "rename it 'below.toml'")])  # fmt: skip
def test_an_include_without_its_suffix_says_so(tmp_path, monkeypatch, file, said) -> None:
    (tmp_path / file).write_text(HEAD, encoding="utf-8")
    top = tmp_path / "top.toml"
    top.write_text('id = "t"\nname = "T"\nincludes = ["below"]\n', encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"top\.toml: includes: no scenario 'below'") as told:
        read_scenario(top)
    assert said in str(told.value)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownNameError, match=said):
        read_scenario("below")


@pytest.mark.parametrize("name", ["a" * 300 + ".toml", "a" * 300, "a+" * 99 + "b.toml", "a\0.toml"])
def test_names_that_no_file_can_have_are_one_line(araxes, tmp_path, name) -> None:
    top = tmp_path / "top.toml"
    top.write_text(f'id = "t"\nname = "T"\nincludes = [{json.dumps(name)}]\n', encoding="utf-8")
    for asked in (name, top):
        with pytest.raises(AraxesError) as told:
            read_scenario(asked)
        assert "\n" not in str(told.value)
    told = araxes("route", "Kars", "Baku", "--scenario", name)
    assert (told.code, told.err.count("\n"), told.out) == (2, 1, "")


def test_without_permission_to_look_it_is_one_line(tmp_path, monkeypatch) -> None:
    def forbidden(path: Path, **_: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    top = tmp_path / "top.toml"
    top.write_text('id = "t"\nname = "T"\nincludes = ["shut/below.toml"]\n', encoding="utf-8")
    real = Path.stat
    monkeypatch.setattr(
        Path, "stat",
        lambda path, **kw: forbidden(path) if "shut" in str(path) else real(path, **kw),
    )  # fmt: skip
    for asked in (top, "shut/below.toml"):
        with pytest.raises(FileFormatError, match="cannot be read"):
            read_scenario(asked)


@pytest.mark.parametrize("open_way", ["forward", "backward"])
def test_opening_what_is_open_one_way_alone_is_no_slip(open_way) -> None:
    shut_way = {"forward": "backward", "backward": "forward"}[open_way]
    one_way = link("one", "kars.road", "igdir.road", 100)
    statuses = (status("open", direction=open_way), status("closed", direction=shut_way))
    known = Network(links=(replace(one_way, statuses=statuses),), on=DAY)
    for changes in ({"open": {"one": "s"}}, {"close": {"one": "s"}}):
        assert slips(NetworkState(known, Scenario(id="s", **changes), Terms())) == []
    both = Network(links=(one_way,), on=DAY)
    (remark,) = slips(NetworkState(both, Scenario(id="s", open={"one": "s"}), Terms()))
    assert "opens 'one', which is open on 2026-06-01 already" in remark
