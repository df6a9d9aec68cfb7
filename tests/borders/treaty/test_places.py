"""Treaty files whose places are only named: looked up, explained, written back, pinned."""

from __future__ import annotations

import json
import math
import time

import pytest
from demo_treaty import HEAD
from geographiclib.geodesic import Geodesic

from borders.errors import AmbiguousNameError, AraxesError, SchemaError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.files.toml import read_toml
from borders.gazetteer.lookup import place
from borders.gazetteer.name_index import NameIndex
from borders.gazetteer.places import Place, towns
from borders.treaty.place_rows import BESIDE_M, check_rows
from borders.treaty.places import read_choices, settle, write_choices
from borders.treaty.treaty import read_treaty, treaty_ids
from maps.cli.main import main

PLACES = """
# the start
[[place]]
id = "arpachai"
name = "Арпачай" # as the map has it
kind = "town"

[[place]]
id = "kyzyl"
name = "Кизил-Чахчах"
kind = "village"

# an old name of Gyumri
[[place]]
id = "alexandropol"
name = "Alexandropol'"
"""
CALLS = """
[[call]]
words = "from Arpachai to Kyzyl-Chakhchakh"
rule = "straight"
from = "arpachai"
to = "kyzyl"

[[call]]
words = "to Alexandropol"
rule = "straight"
from = "kyzyl"
to = "alexandropol"

[[call]]
words = "to Ani"
rule = "straight"
from = "alexandropol"
to = "ani"

[[call]]
words = "to Digor"
rule = "straight"
from = "ani"
to = "digor"
"""
OURS = "# a treaty of our own\n" + HEAD
WHOLE = OURS + PLACES + CALLS
TWO_GONEN = (
    OURS
    + """
[[place]]
id = "gonen"
name = "Гёнен"
"""
    + CALLS.split("\n\n", maxsplit=1)[0].replace("arpachai", "gonen").replace("kyzyl", "gonen")
)


@pytest.fixture
def write(tmp_path):
    def written(text: str, name: str = "demo.toml"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return written


def apart_m(one: Place, other: Place) -> float:
    return Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon)["s12"]


def with_keys(key: str, extra: str) -> str:
    """Return the demo file with more keys for one of its places."""
    line = f'id = "{key}"\n'
    return WHOLE.replace(line, line + extra, 1)


def test_places_without_coordinates_are_looked_up(write):
    calls = read_treaty(write(WHOLE)).calls
    found = [calls[0].start, *(call.end for call in calls[:2])]
    for one, wanted in zip(found, ("Arpaçay", "akyaka", "gyumri"), strict=True):
        assert apart_m(one, place(wanted)) < 1
    assert [one.id for one in found] == ["arpachai", "kyzyl", "alexandropol"]
    assert found[2].names["en"] == "Gyumri"
    assert {one.state for one in found} == {"unverified"}


def test_a_place_that_is_looked_up_has_the_error_of_its_entry_and_of_the_runner_up(write):
    file = write(with_keys("kyzyl", 'choice = "akyaka"\nrunner_up = "kars"\nambiguity = 0.09\n'))
    found = read_treaty(file).calls[0].end
    apart = apart_m(place("akyaka"), place("kars"))
    assert found.sigma_m == pytest.approx(math.hypot(1500, 0.3 * apart), rel=1e-6)


def test_a_pinned_place_is_taken_as_it_is(write):
    keys = 'choice = "kars"\nrunner_up = "akyaka"\nambiguity = 0.9\npinned = true\n'
    found = read_treaty(write(with_keys("kyzyl", keys))).calls[0].end
    assert (found.lon, found.lat) == (place("kars").lon, place("kars").lat)
    assert found.sigma_m == place("kars").sigma_m
    assert found.state == "quoted"


def test_a_point_beside_a_place_may_be_as_far_as_annex_i_passes_villages(write):
    passed = [call for call in read_treaty("kars-1921").calls if call.passed]
    apart = [apart_m(call.passed, call.end) for call in passed]
    measured = math.sqrt(sum(one**2 for one in apart) / len(apart))
    assert pytest.approx(measured, rel=0.02) == BESIDE_M
    text = with_keys("kyzyl", 'choice = "akyaka"\n').replace("Кизил-Чахчах", "north of Akyaka")
    found = read_treaty(write(text)).calls[0].end
    assert found.sigma_m == pytest.approx(math.hypot(1500, BESIDE_M))


def test_an_error_given_in_the_file_is_kept(write):
    found = read_treaty(write(with_keys("kyzyl", 'choice = "akyaka"\nsigma_m = 250\n')))
    assert found.calls[0].end.sigma_m == 250


def test_two_places_of_one_name_are_an_error_that_names_both_and_how_to_pin(write):
    with pytest.raises(AmbiguousNameError) as caught:
        read_treaty(write(TWO_GONEN))
    message = str(caught.value)
    assert message.startswith("demo.toml, place 'gonen': 'Гёнен' may be ")
    other = towns()["geonames:313973"]
    for key in ("gonen", other.id):
        assert f'choice = "{key}"' in message
        assert f"{key} (" in message
    assert f"{apart_m(place('gonen'), other) / 1000:,.0f} km apart" in message
    pinned = TWO_GONEN.replace(
        'name = "Гёнен"', 'name = "Гёнен"\nchoice = "geonames:313973"\npinned = true'
    )
    found = read_treaty(write(pinned)).calls[0].start
    assert (found.lon, found.lat) == (other.lon, other.lat)


def test_a_name_like_none_is_an_error_that_offers_the_nearest(write):
    with pytest.raises(UnknownNameError) as caught:
        read_treaty(write(WHOLE.replace("Кизил-Чахчах", "Чилдаран")))
    message = str(caught.value)
    assert message.startswith("demo.toml, place 'kyzyl': no place of the gazetteer is surely")
    assert "; most like it is " in message
    assert "give lon, lat, sigma_m and source, or the id of a place as choice" in message
    with pytest.raises(UnknownNameError, match=r"surely 'Qwxyzq'; give lon"):
        read_treaty(write(WHOLE.replace("Кизил-Чахчах", "Qwxyzq")))


def test_a_right_name_far_off_the_line_is_not_taken(write):
    # the Urmia of the treaty is a village on the Aras; the gazetteer only has the city in Iran
    with pytest.raises(UnknownNameError, match=r"urmia \(.*km off the way\)"):
        read_treaty(write(WHOLE.replace("Кизил-Чахчах", "Урмия")))


def test_a_name_of_10_kb_is_one_line_and_quick(write):
    start = time.process_time()
    with pytest.raises(AraxesError, match=r"^demo\.toml: a name of 10,240 letters"):
        read_treaty(write(WHOLE.replace("Кизил-Чахчах", "x" * 10240)))
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("lon = 44.0\n", r"place 2: 'lat' is missing .*or neither lon nor lat to have the name"),
        ("lat = 44.0\nlon = 40.0\n", r"place 2: 'sigma_m' is missing"),
        ("lat = 41\nlon = 43\nsigma_m = 1\n", r"place 2: 'source' is missing"),
        (
            'lat = 41\nlon = 43\nsigma_m = 1\nsource = "x"\nchoice = "kars"\n',
            r"place 2: both coordinates and choice 'kars'; leave one out",
        ),
        ('choice = "kars"\nambiguity = 2\n', r"place 2: ambiguity is 2; it is a share"),
        ('choice = "kars"\nambiguity = 0.1\n', r"place 2: ambiguity without runner_up"),
        ("elevation = 5014\n", r"place 2: elevation 5014 has no unit; give elevation_unit: m, km"),
    ],
)
def test_half_a_place_is_refused(write, keys, message):
    with pytest.raises(SchemaError, match=rf"^demo\.toml, {message}"):
        read_treaty(write(with_keys("kyzyl", keys)))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ("Karz", r"place 2: choice: no place has the id 'Karz'; see `araxes list places`, or geo"),
        ("Карс", r"no place has the id 'Карс'; .* \(the id of 'Карс' is kars\)"),
        ("geonames:1", r"no place has the id 'geonames:1'"),
    ],
)
def test_a_choice_that_is_no_id_is_refused(write, choice, message):
    with pytest.raises(UnknownNameError, match=message):
        read_treaty(write(with_keys("kyzyl", f'choice = "{choice}"\n')))


def test_a_town_and_its_twin_are_one_choice(write):
    found = read_treaty(write(with_keys("kyzyl", 'choice = "geonames:752297"\n'))).calls[0].end
    assert (found.lon, found.lat) == (place("akyaka").lon, place("akyaka").lat)


def test_the_height_of_a_call_counts_for_the_place_it_ends_at(write):
    def hill(key: str, lon: float, elevation_m: float) -> Place:
        return Place(
            id=key, name=key, kind="mountain", country="TR", lon=lon, lat=40.7, sigma_m=100,
            names={"en": key}, aliases=(), source="x", state="quoted", elevation_m=elevation_m,
        )  # fmt: skip

    among = NameIndex(
        [(hill("low", 43.4, 2000), ["Ziyaret"]), (hill("high", 43.6, 3000), ["Ziyaret"])]
    )
    rows = check_rows([{"id": "z", "name": "Ziyaret"}], "demo")
    for feet, key in ((6562, 43.4), (9843, 43.6)):
        call = {"from": "z", "to": "z", "elevation": feet, "elevation_unit": "ft"}
        assert settle(rows, [call], "demo", among=among)["z"].lon == key


def test_the_file_is_written_back_with_choices_and_its_comments(write, tmp_path):
    file, target = write(WHOLE), tmp_path / "out.toml"
    assert write_choices(file, target, read_choices(file)) == 3
    lines = target.read_text("utf-8").splitlines()
    kept = [line for line in lines if line in WHOLE.splitlines()]
    assert kept == WHOLE.splitlines()
    added = {line.split(" = ")[0] for line in lines if line not in WHOLE.splitlines()}
    assert added <= {"choice", "reason", "runner_up", "runner_up_score", "ambiguity"}
    rows = {row["id"]: row for row in read_toml(target)["place"]}
    assert [rows[key]["choice"] for key in ("kyzyl", "alexandropol")] == ["akyaka", "gyumri"]
    assert rows["kyzyl"]["reason"].startswith("sounds like Kyzyl-Chakhchakh (0.9")
    ours, again = read_treaty(file).calls, read_treaty(target).calls
    for one, other in zip(ours, again, strict=True):
        assert other.end.sigma_m == pytest.approx(one.end.sigma_m, rel=1e-3)
        assert (other.end.lon, other.end.lat) == (one.end.lon, one.end.lat)


def test_writing_twice_changes_nothing(write, tmp_path):
    once, twice = tmp_path / "once.toml", tmp_path / "twice.toml"
    file = write(WHOLE)
    write_choices(file, once, read_choices(file))
    assert write_choices(once, twice, read_choices(once)) == 0
    assert twice.read_bytes() == once.read_bytes()


def test_a_pinned_place_is_not_touched_and_coordinates_stay(write, tmp_path):
    pinned = 'choice = "kars"\nreason = "the map says so"\npinned = true # by me\n'
    by_hand = 'lon = 43.8\nlat = 40.8\nsigma_m = 400\nsource = "x"\n'
    text = with_keys("kyzyl", pinned).replace(
        'id = "alexandropol"\n', f'id = "alexandropol"\n{by_hand}'
    )
    file, target = write(text), tmp_path / "out.toml"
    write_choices(file, target, read_choices(file))
    written = target.read_text("utf-8")
    assert (
        f'[[place]]\nid = "kyzyl"\n{pinned}name = "Кизил-Чахчах"\nkind = "village"\n\n' in written
    )
    row = next(row for row in read_toml(target)["place"] if row["id"] == "alexandropol")
    assert (row["lon"], row["lat"], row["sigma_m"]) == (43.8, 40.8, 400)
    assert "choice" not in row
    assert row["reason"] == "coordinates given by hand"


@pytest.mark.parametrize("key", treaty_ids())
def test_the_bundled_treaties_carry_what_the_gazetteer_offers_instead(key, tmp_path):
    bundled = BUNDLED.path(f"treaties/{key}.toml")
    write_choices(bundled, tmp_path / "out.toml", read_choices(bundled))
    text = bundled.read_text("utf-8")
    assert (tmp_path / "out.toml").read_text("utf-8") == text, "run data/build/treaty_places.py"


@pytest.mark.parametrize("key", treaty_ids())
def test_every_place_of_the_bundled_treaties_says_why_it_lies_there(key):
    rows = read_toml(BUNDLED.path(f"treaties/{key}.toml")).get("place", ())
    assert [row["id"] for row in rows if not (row.get("reason") and row.get("kind"))] == []


def test_the_second_ibish_is_the_only_serious_rival_in_annex_i():
    rows = read_toml(BUNDLED.path("treaties/kars-1921.toml"))["place"]
    serious = {row["id"]: row["runner_up"] for row in rows if row.get("ambiguity", 0) > 0.05}
    assert serious == {"ibish": "yerizak"}


def test_nothing_is_written_while_a_place_is_unsure(write, tmp_path):
    file, target = write(TWO_GONEN), tmp_path / "out.toml"
    with pytest.raises(AmbiguousNameError):
        write_choices(file, target, read_choices(file))
    assert not target.exists()


def test_validate_prints_the_places_at_80_columns(write, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    file = write(WHOLE)
    monkeypatch.chdir(file.parent)
    assert main(["validate", file.name, "--places"]) == 0
    printed = capsys.readouterr().out
    assert all(len(line) <= 80 for line in printed.splitlines())
    for words in ("Кизил-Чахчах", "akyaka", "Akyaka", "runner-up", "Arpaçay geonames:751864"):
        assert words in printed
    assert "a sound border" in printed


def test_validate_prints_the_places_as_json(write, capsys):
    file = write(WHOLE)
    assert main(["validate", str(file), "--places", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    by_id = {row["id"]: row for row in found["places"]}
    row = by_id["kyzyl"]
    assert (row["choice"], row["today"], row["pinned"]) == ("akyaka", "Akyaka", False)
    wanted = apart_m(place("akyaka"), place("gyumri")) / 1000
    assert row["after_km"] == pytest.approx(wanted, abs=0.001)
    assert 0.9 < row["score"] <= 1
    assert 0 <= row["ambiguity"] < 0.05


def test_validate_writes_the_file_that_it_is_asked_for(write, tmp_path, capsys):
    target = tmp_path / "out.toml"
    assert main(["validate", str(write(WHOLE)), "--places", "--out", str(target)]) == 0
    assert f"wrote {target}: 3 of 3 places changed" in capsys.readouterr().out
    assert main(["validate", str(target)]) == 0


def test_validate_shows_what_is_unsure_and_exits_with_2(write, capsys):
    assert main(["validate", str(write(TWO_GONEN)), "--places"]) == 2
    printed = capsys.readouterr()
    assert "unsure" in printed.out
    assert "araxes: demo.toml, place 'gonen': 'Гёнен' may be " in printed.err


def test_a_corridor_file_has_no_places_to_look_up(capsys):
    file = BUNDLED.path("corridors/btk.toml")
    assert main(["validate", str(file), "--places"]) == 2
    assert "btk.toml: no [[call]]; only treaty files" in capsys.readouterr().err


def test_out_without_places_is_refused(write, capsys):
    assert main(["validate", str(write(WHOLE)), "--out", "x.toml"]) == 2
    assert "add --places" in capsys.readouterr().err
