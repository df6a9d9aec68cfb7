"""Treaty files: what they say, and one clear message for what they get wrong."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
import shapely
from demo_treaty import HEAD
from hypothesis import given, settings
from slips import line_lost_or_doubled

from borders.compiler.resolve import boundary, resolve
from borders.compiler.uncertainty import area_drivers
from borders.errors import (
    AmbiguousNameError,
    AraxesError,
    FileFormatError,
    GeometryError,
    SchemaError,
    UnknownNameError,
)
from borders.files.bundle import BUNDLED
from borders.files.toml import read_toml
from borders.gazetteer.places import LANGUAGES
from borders.geodesy import distance_m
from borders.guide_lines import guide
from borders.treaty.treaty import read_treaty, treaty_ids

checked = settings(max_examples=60)

PLACES = """[[place]]
id = "here"
name = "Here"
lon = 44.0
lat = 40.0
sigma_m = 100
source = "araxes"

[[place]]
id = "there"
name = "There"
lon = 44.5
lat = 40.2
sigma_m = 100
source = "araxes"
"""
STATUS = """[[status]]
status = "in force"
valid_from = 1921-10-13
source = "bolat-kars"
state = "quoted"
"""
CALL = """[[call]]
words = "in a straight line from Here to There"
rule = "straight"
from = "here"
to = "there"
"""
WHOLE = HEAD + PLACES + STATUS + CALL


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes, name: str = "demo.toml"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return written


def test_an_unknown_seat_beyond_the_line_is_told_with_file_and_number(write):
    beyond = '[[beyond]]\nname = "Shavshet"\nplace = "qqqqq"\nsource = "x"\n'
    with pytest.raises(UnknownNameError, match=r"^demo\.toml, beyond 1: no place 'qqqqq'"):
        read_treaty(write(WHOLE + beyond))


def test_the_bundled_treaties_are_those_of_the_contract():
    assert treaty_ids() == (
        "annex2-1921",
        "batum-1921",
        "berlin-1878",
        "brest-litovsk-1918",
        "elviye-i-selase",
        "gumru-1920",
        "kars-1921",
        "moscow-1921",
        "nakhchivan",
        "nakhchivan-1921",
        "nakhchivan-moscow-1921",
    )


@pytest.mark.parametrize("key", treaty_ids())
def test_every_call_has_words_and_every_treaty_a_document_and_names(key):
    treaty = read_treaty(key)
    assert treaty.document
    assert treaty.valid_from
    assert {"en", "tr", "az", "ru"} <= set(treaty.names) <= set(LANGUAGES)
    assert [call.n for call in treaty.calls] == list(range(1, len(treaty.calls) + 1))
    assert all(call.words for call in treaty.calls)
    assert treaty.statuses


def test_calls_keep_the_order_of_the_text():
    words = [call.words for call in read_treaty("nakhchivan-1921").calls]
    order = ["Urmiye", "Taşburun", "Yağırsik", "Kömürlü", "Sayat", "Kürtkulak", "Gamsor", "gökdağ"]
    first = [next(n for n, text in enumerate(words) if name in text) for name in order]
    assert first == sorted(first)


def test_points_placed_on_todays_border_are_said_to_be():
    ends = {call.end.id: call.end for call in read_treaty("nakhchivan-1921").calls}
    assert ends["komurlu"].on_todays_border
    assert not ends["kurtkulak"].on_todays_border


def test_no_leg_between_points_placed_on_todays_border_claims_to_be_drawn_from_the_text():
    for leg in boundary("nakhchivan-1921").legs:
        if leg.start.on_todays_border and leg.end.on_todays_border:
            assert leg.circular, leg.words
            assert leg.drawn_as != "drawn", leg.words


def test_a_file_is_read_like_a_bundled_treaty(write):
    treaty = read_treaty(write(WHOLE))
    assert (treaty.id, treaty.calls[0].start.lon, treaty.calls[0].rule) == (
        "demo",
        44.0,
        "straight",
    )
    assert treaty.statuses[0].valid_from == date(1921, 10, 13)


def test_places_of_the_gazetteer_may_be_named_in_any_language(write):
    call = read_treaty(write(WHOLE.replace('to = "there"', 'to = "Գյումրի"'))).calls[0]
    assert call.end.id == "gyumri"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('document = "Treaty of Demo"\n', "", r"demo\.toml: 'document' is missing"),
        ('words = "in a straight line from Here to There"\n', "", r"call 1: 'words' is missing"),
        (
            'id = "demo"',
            'id = "demo"\ncolour = "red"',
            r"demo\.toml: unknown key 'colour'; known: id",
        ),
        (
            "[[call]]",
            "[[call]]\nwidht = 5",
            r"demo\.toml, call 1: unknown key 'widht'; known: words",
        ),
        ("lon = 44.0", 'lon = "east"', r"demo\.toml, place 1: lon is 'east'; write a number"),
        ("lon = 44.0", "lon = inf", r"demo\.toml, place 1: lon is inf; write a finite number"),
        (
            "sigma_m = 100",
            "sigma_m = -100",
            r"demo\.toml, place 1: sigma_m is -100; .*never negative",
        ),
        ('name = "Demo"', "name = 5", r"demo\.toml: name is 5; write it as text in quotes"),
        ("parties = []", 'parties = "all"', r"demo\.toml: parties must be a list"),
        (
            "parties = []",
            'parties = ["A", {}]',
            r"demo\.toml: parties holds {}; write names as text",
        ),
        ('name = "Demo"', 'name = " "', r"demo\.toml: 'name' is missing"),
        ("[[call]]", "[call]", r"demo\.toml: call must be a list of tables"),
        ('"border"', '"line"', r"demo\.toml: kind is 'line'; allowed: border, territory"),
        (
            '"straight"',
            '"curved"',
            r"call 1: rule is 'curved'; allowed: straight, thalweg, watershed",
        ),
        (
            "1921-10-13",
            '"1921-13-10"',
            r"status 1: valid_from is '1921-13-10'; write a date as YYYY",
        ),
        (
            "1921-10-13",
            "1921-10-13\nvalid_to = 1920-01-01",
            r"'in force' ends 1920-01-01, not after",
        ),
        (
            "parties = []",
            "parties = []\nvalid_from = 1930-01-01\nvalid_to = 1921-01-01",
            r"demo\.toml: valid_to is 1921-01-01, not after valid_from, 1930-01-01",
        ),
        (
            "lat = 40.0",
            "lat = 144.0",
            r"place 1: lat is 144\.0, .*longitude and latitude swapped\?",
        ),
        ('"there"\nname', '"here"\nname', r"place 2: id 'here' is already used; choose another"),
        ("[[call]]", STATUS + "[[call]]", r"'in force' and 'in force' overlap on 1921-10-13"),
        (
            '"straight"',
            '"straight"\nalong = "tur-arm"',
            r"call 1: rule 'straight' does not take 'along'",
        ),
        (
            '"straight"',
            '"today"',
            r"demo\.toml, call 1: rule 'today' needs 'along' \(guide line to follow",
        ),
        (CALL, "", r"demo\.toml: 'call' is missing"),
        ("parties = []", "parties = []\ncall = []", r"not valid TOML|no \[\[call\]\]"),
    ],
)
def test_a_broken_file_is_one_message_with_file_and_key(write, old, new, message):
    assert old in WHOLE
    with pytest.raises(AraxesError, match=message) as caught:
        read_treaty(write(WHOLE.replace(old, new, 1)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", r"demo\.toml: not a text file in UTF-8 \(byte 0\); save it as UTF-8"),
        ("name = 'Iğdır'".encode("utf-16"), r"not a text file in UTF-8"),
        ("name = 'Kars çayı'".encode("iso8859-9"), r"not a text file in UTF-8 \(byte 13\)"),
        (WHOLE.replace('kind = "border"', "kind"), r"not valid TOML: .*line 2"),
        (HEAD + HEAD, r"not valid TOML: .*line 8"),
        (b"\x00\x01", r"not valid TOML: .*line 1"),
        ('{"type": "FeatureCollection"}', r"not valid TOML: .*line 1"),
        (HEAD + "call = []\n", r"demo\.toml: no \[\[call\]\]; a treaty needs at least one"),
        ("", r"demo\.toml: 'id' is missing"),
    ],
)
def test_a_file_that_is_no_treaty_is_refused_with_the_line(write, content, message):
    with pytest.raises((FileFormatError, SchemaError), match=message):
        read_treaty(write(content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"none\.toml: no such file"):
        read_treaty(tmp_path / "none.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(FileFormatError, match=r"folder\.toml: cannot be read \(Is a directory\)"):
        read_treaty(tmp_path / "folder.toml")


def test_an_unknown_id_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"no treaty 'kars'; known: annex2-1921, batum-1921"):
        read_treaty("kars")


def test_an_unknown_place_is_named_with_its_call_and_the_nearest_names(write):
    message = r"demo\.toml, call 1: to: no place 'Gyumry'; did you mean gyumri"
    with pytest.raises(UnknownNameError, match=message):
        read_treaty(write(WHOLE.replace('to = "there"', 'to = "Gyumry"')))


def test_an_ambiguous_place_is_refused_with_its_call_and_candidates(write):
    with pytest.raises(AmbiguousNameError, match=r"demo\.toml, call 1: to: .*jolfa_ir.*julfa"):
        read_treaty(write(WHOLE.replace('to = "there"', 'to = "جلفا"')))


TOMLS = [path.read_text("utf-8") for path in sorted(BUNDLED.path("treaties").glob("*.toml"))]


@given(line_lost_or_doubled(TOMLS))
@checked
def test_a_line_lost_or_doubled_anywhere_raises_nothing_but_our_own_errors(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("fuzz") / "demo.toml"
    file.write_text(text, "utf-8")
    try:
        treaty = read_treaty(file)
        resolve(treaty)
    except AraxesError as err:
        message = str(err)
        only_one_line = "\n" not in message
        names_the_file = "demo.toml" in message or isinstance(err, GeometryError)
    else:
        only_one_line = names_the_file = True
    assert only_one_line
    assert names_the_file


def test_reading_toml_gives_its_table(write):
    file = write(WHOLE)
    assert read_toml(file) == tomllib.loads(WHOLE)


def test_the_strip_of_annex_ii_lies_8_versts_from_the_railway_and_4_from_the_aras():
    line = boundary("annex2-1921")
    for leg, key, versts in (
        (line.legs[0], "rail-gyumri-yerevan", 8),
        (line.legs[2], "aras-kars", 4),
    ):
        guide_xy = shapely.get_coordinates(guide(key).geometry)
        for share in (0.2, 0.5, 0.8):
            at = leg.geometry.interpolate(share, normalized=True)
            away_m = float(distance_m(shapely.LineString(guide_xy), at))
            # The bends of a parallel come no nearer than its distance, but for the chords of arcs.
            assert away_m == pytest.approx(versts * 1066.8, rel=0.01)
    assert {leg.evidence for leg in line.legs} == {"unverified"}
    assert not any(leg.circular for leg in line.legs)


def test_the_shares_of_an_areas_variance_add_up_to_one():
    one = boundary("nakhchivan-1921")
    shares = area_drivers(one.legs, one.area.value)
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert next(iter(shares)) in {p.id for leg in one.legs for p in (leg.start, leg.end)}
