"""Systems are found by id, by name in any language, or as a file."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from borders.errors import AmbiguousNameError, FileFormatError, SchemaError, UnknownNameError
from corridors.lookup import known_thing, read_system_file, thing
from corridors.model.corridor import corridor_ids
from corridors.model.registry import system, system_ids, systems

CONTRACT = (
    "kars-1921 nakhchivan-1921 nakhchivan batum-1921 lachin-2020 lachin-2022 zangezur-tripp"
    " kars-igdir-dilucu btk btc bte tanap horadiz-aghband"
)


def test_every_id_of_the_contract_is_a_system():
    assert set(CONTRACT.split()) <= set(system_ids())


def test_ids_are_unique_and_in_reading_order():
    ids = system_ids()
    assert len(ids) == len(set(ids))
    assert ids[:2] == ("kars-1921", "nakhchivan")
    assert [known.id for known in systems()] == list(ids)
    assert set(corridor_ids()) < set(ids)


def test_every_name_of_every_system_in_any_language_finds_it():
    for known in systems():
        for name in (known.id, *known.names.values()):
            assert system(name).id == known.id
            assert system(name.upper()).id == known.id, name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Kars 1921", "kars-1921"),
        ("LACHIN-2020", "lachin-2020"),
        ("Bakü–Tiflis–Kars demiryolu", "btk"),
        ("baku-tiflis-kars demiryolu", "btk"),
        ("Լաչինի միջանցք (2020)", "lachin-2020"),
        ("TRIPP / دالان زنگزور", "zangezur-tripp"),
    ],
)
def test_case_marks_hyphens_and_dashes_do_not_matter(name, key):
    assert system(name).id == key


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lachin-2021", "lachin-2022, lachin-2020|lachin-2020, lachin-2022"),
        ("kars-1922", "kars-1921"),
        ("zangezur", "zangezur-"),
        ("Nahçıvan (bugünü)", "nakhchivan"),
        ("tanapp", "tanap"),
    ],
)
def test_a_misspelt_id_is_answered_with_the_nearest(name, hint):
    with pytest.raises(UnknownNameError, match="did you mean") as caught:
        system(name)
    assert any(order in str(caught.value) for order in hint.split("|"))


@pytest.mark.parametrize("name", ["", "xyzzy", "🚂"])
def test_an_id_like_no_other_says_where_to_look(name):
    with pytest.raises(
        UnknownNameError, match=f"no border or corridor '{name}'; see `araxes list`"
    ):
        system(name)


def test_a_name_that_two_systems_bear_lists_both(monkeypatch):
    two = [
        replace(system(key), names={"en": "The corridor"}) for key in ("lachin-2020", "lachin-2022")
    ]
    # the package exports a function of the name of this module
    module = sys.modules["corridors.model.registry"]
    monkeypatch.setattr(module, "readable_systems", lambda: tuple(two))
    with pytest.raises(
        AmbiguousNameError, match="several systems: lachin-2020, lachin-2022; give an"
    ):
        system("the corridor")


def test_a_thing_is_a_system_or_the_features_of_a_file(tmp_path):
    assert thing("btk").id == "btk"
    file = tmp_path / "mine.geojson"
    file.write_text('{"type": "Point", "coordinates": [44, 40]}', "utf-8")
    table = thing(str(file))
    assert len(table) == 1
    assert table.attrs["name"] == "mine.geojson"


def test_a_toml_file_is_taken_for_what_it_describes(tmp_path):
    from borders.files.bundle import BUNDLED

    for key, folder in (("nakhchivan", "treaties"), ("btk", "corridors")):
        copy = tmp_path / f"copy-of-{key}.toml"
        copy.write_bytes(BUNDLED.path(f"{folder}/{key}.toml").read_bytes())
        assert read_system_file(copy).kind == system(key).kind
        assert thing(str(copy)).id == key


def test_a_toml_file_that_describes_neither_is_refused(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("colour = 'red'\n", "utf-8")
    with pytest.raises(
        SchemaError, match=r"settings\.toml: neither a treaty file .* nor a corridor"
    ):
        thing(str(file))


def test_a_file_of_another_kind_is_refused_with_the_known_suffixes(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("notes", "utf-8")
    with pytest.raises(
        FileFormatError, match=r"unknown kind of file; known suffixes: \.toml, \.npz, \.geojson"
    ):
        thing(str(file))


def test_a_folder_is_no_file_to_read(tmp_path):
    with pytest.raises(FileFormatError, match="is a folder; name a file in it"):
        thing(str(tmp_path))


@pytest.mark.parametrize("suffix", [".dxf", ".gml"])
def test_a_file_that_another_program_can_convert_is_told_so(tmp_path, suffix):
    file = tmp_path / f"lines{suffix}"
    file.write_bytes(b"x")
    with pytest.raises(FileFormatError, match=rf"convert it: ogr2ogr lines\.gpkg lines\{suffix}"):
        thing(str(file))


def test_an_unknown_name_is_told_once_with_systems_before_places():
    with pytest.raises(UnknownNameError) as caught:
        known_thing("lachn-2020")
    assert str(caught.value).startswith(
        "no border, corridor or place 'lachn-2020'; did you mean lachin-2020, lachin-2022, lachin"
    )


def test_a_missing_file_is_refused_as_a_file(tmp_path):
    for name in ("none.toml", "none.gpkg", "none.shp", "none.docx"):
        with pytest.raises(FileFormatError, match=rf"{name}: no such file"):
            thing(str(tmp_path / name))
