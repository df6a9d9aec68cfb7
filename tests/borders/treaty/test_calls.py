"""Calls and their places: what is misspelt, ambiguous or contradictory is said, never guessed."""

from __future__ import annotations

import pytest

from borders.compiler.resolve import resolve
from borders.errors import AmbiguousNameError, AraxesError, SchemaError, UnknownNameError
from borders.treaty.treaty import read_treaty

TREATY = """id = "demo"
kind = "border"
name = "Demo"
document = "Treaty of Demo"
source = "araxes"
state = "quoted"
{head}
[[place]]
id = "red-hill-east"
name = "Red Hill"
lon = 44.0
lat = 40.0
sigma_m = 100
source = "araxes"

[[place]]
id = "kars-ford"
name = "Kars"
lon = 44.2
lat = 40.0
sigma_m = 100
source = "araxes"
{places}
[[call]]
words = "{words}"
rule = "{rule}"
from = "{start}"
to = "{end}"
{more}
"""
SECOND_HILL = """
[[place]]
id = "red-hill-west"
name = "Red hill"
lon = 43.0
lat = 40.0
sigma_m = 100
source = "araxes"
"""
WHOLE = {
    "head": "", "places": "", "words": "from the hill to the ford", "start": "red-hill-east",
    "end": "kars-ford", "more": "", "rule": "straight",
}  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def treaty(**parts):
        file = tmp_path / "demo.toml"
        file.write_text(TREATY.format(**{**WHOLE, **parts}), "utf-8")
        return read_treaty(file)

    return treaty


def test_a_place_of_the_file_is_found_by_its_name_before_the_gazetteer(read):
    # the gazetteer's Kars lies 90 km away
    assert read(end="Kars").calls[0].end.id == "kars-ford"
    assert read(end="KARS").calls[0].end.lon == 44.2
    assert read(end="Gyumri").calls[0].end.id == "gyumri"


def test_a_name_that_two_places_of_the_file_bear_is_refused_and_their_ids_are_offered(read):
    message = (
        r"demo\.toml, call 1: from: 'Red Hill' is the name of 2 places here: red-hill-east, "
        "red-hill-west; give an id"
    )
    with pytest.raises(AmbiguousNameError, match=message):
        read(start="Red Hill", places=SECOND_HILL)
    assert read(start="red-hill-west", places=SECOND_HILL).calls[0].start.lon == 43.0


@pytest.mark.parametrize("name", ["red-hil-east", "Red Hil"])
def test_a_misspelt_place_of_the_file_is_offered_by_its_nearest_name(read, name):
    with pytest.raises(
        UnknownNameError, match=rf"from: no place '{name}'; did you mean [Rr]ed.[hH]"
    ):
        read(start=name)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("elevation = 3120", "elevation 3120 has no unit; give elevation_unit: m, km, ft, sazhen"),
        ('elevation = 10282\nelevation_unit = "m"', "'Kars' 10,282 m, more than any mountain here"),
        ('elevation = 3120\nelevation_unit = "sazhen"', "check whether the unit is right"),
        ('elevation = 3120\nelevation_unit = "arshin"', "elevation_unit is 'arshin'; allowed: m,"),
        ('elevation = "high"\nelevation_unit = "m"', "elevation is 'high'; write a number"),
        ("state = 1921", "state is 1921; write it as text in quotes"),
        ('place = ["kars"]', r"place is \['kars'\]; write it as text in quotes"),
    ],
)
def test_a_height_or_a_key_that_cannot_be_is_refused_with_file_and_call(read, more, message):
    with pytest.raises(SchemaError, match=rf"demo\.toml, call 1: .*{message}"):
        read(more=more)


@pytest.mark.parametrize("words", ["   ", "\\n"])
def test_a_call_without_words_is_refused_also_where_the_treaty_has_no_text(read, words):
    with pytest.raises(SchemaError, match=r"demo\.toml, call 1: 'words' is missing; add it"):
        read(words=words)


@pytest.mark.parametrize("text", ["", "  ", "\\n"])
def test_a_blank_clause_is_refused(read, text):
    with pytest.raises(SchemaError, match=r"demo\.toml: the text is blank; write the clause"):
        read(head=f'text = "{text}"')


BAD = {
    "a misspelt place": ({"start": "red-hil-east"}, "did you mean red-hill-east"),
    "two places of one name": ({"start": "Red Hill", "places": SECOND_HILL}, "give an id"),
    "feet taken for metres": ({"more": 'elevation = 10282\nelevation_unit = "m"'}, "unit is right"),
    "no unit": ({"more": "elevation = 3120"}, "has no unit"),
    "a blank clause": ({"head": 'text = " "'}, "the text is blank"),
    "words not in the clause": ({"head": 'text = "from hill to ford"'}, "do not stand in the text"),
    "a clause that nobody reads": (
        {"head": 'text = "Peace. from the hill to the ford"'},
        "belongs to no call",
    ),
    "broken TOML": ({"head": "note = "}, "demo.toml: not valid TOML: Invalid value (at line 7"),
    "a list for a text": ({"head": "note = [1]"}, "demo.toml: note is [1]; write it as text"),
    "a river that is nowhere near": (
        {"rule": "thalweg", "more": 'along = "arpacay"'},
        "m from 'arpacay' (limit 2,000 m)",
    ),
    "a misspelt river": ({"rule": "thalweg", "more": 'along = "arpacai"'}, "did you mean arpacay?"),
    "a river that is not named": ({"rule": "thalweg"}, "rule 'thalweg' needs 'along'"),
}


@pytest.mark.parametrize("command", ["show", "validate", "export", "map"])
@pytest.mark.parametrize("case", BAD)
def test_the_command_line_says_in_one_line_what_is_wrong_with_a_treaty(
    araxes, tmp_path, case, command
):
    parts, message = BAD[case]
    file = tmp_path / "demo.toml"
    file.write_text(TREATY.format(**{**WHOLE, **parts}), "utf-8")
    out = tmp_path / "out.geojson" if command == "export" else tmp_path / "out.png"
    written = () if command in ("show", "validate") else ("--out", out)
    answer = araxes(command, file, *written)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1), answer
    assert message in answer.err
    assert "Traceback" not in answer.err
    assert not out.exists()


@pytest.mark.parametrize("case", BAD)
def test_every_error_of_a_treaty_file_is_of_the_one_family(read, case):
    with pytest.raises(AraxesError):
        resolve(read(**BAD[case][0]))
