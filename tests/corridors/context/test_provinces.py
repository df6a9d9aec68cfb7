"""Provinces and rayons: found by id and by name, with areas that others publish."""

from __future__ import annotations

import json

import pytest
import shapely
from rich.cells import cell_len

from borders.errors import UnknownNameError
from borders.files.bundle import layer
from corridors.context.described import described
from corridors.context.provinces import Provinces, province, province_ids, provinces
from corridors.lookup import known_thing, thing
from maps.cli.main import main
from maps.layers.build import layers

# km² of tr.wikipedia's and en.wikipedia's tables of provinces (unverified but for their order).
PUBLISHED = {"tr-kars": 10_193, "tr-igdir": 3_664, "tr-ardahan": 4_934, "am-syunik": 4_506,
             "ge-adjara": 2_900, "az-lacin": 1_840}  # fmt: skip


def test_every_outline_has_seven_names() -> None:
    outlines = {f.properties["id"] for f in layer("provinces")}
    assert set(province_ids()) == outlines
    for known in provinces():
        assert list(known.names) == ["en", "tr", "az", "hy", "ka", "ru", "fa"], known.id
        assert all(name.strip() == name and name for name in known.names.values()), known.id


def test_each_name_is_in_the_letters_of_its_language() -> None:
    starts = {"hy": ("\u0531", "\u0587"), "ka": ("\u10d0", "\u10ff"), "ru": ("\u0400", "\u04ff"),
              "fa": ("\u0600", "\u06ff")}  # fmt: skip
    for known in provinces():
        for code, (first, last) in starts.items():
            letters = [c for c in known.names[code] if c.isalpha()]
            assert all(first <= c <= last for c in letters), (known.id, code)


@pytest.mark.parametrize("key", PUBLISHED)
def test_areas_hold_what_is_published(key) -> None:
    assert province(key).area.contains(PUBLISHED[key] * 1e6)


def test_both_parties_names_of_a_contested_rayon_stand() -> None:
    assert province("az-kelbecer").names["az"] == "Kəlbəcər"
    assert province("az-kelbecer").names["hy"] == "Քարվաճառ"
    assert province("az-lacin").names["hy"] == "Բերձոր"


def test_a_province_is_found_by_id_and_by_a_name_that_no_place_has() -> None:
    assert known_thing("AZ-LACIN").id == "az-lacin"
    assert thing("Լոռու մարզ").id == "am-lori"
    assert known_thing("Kars").id == "kars"


def test_list_show_map_and_export_know_provinces(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["list", "provinces"]) == 0
    assert max(map(cell_len, capsys.readouterr().out.splitlines())) <= 80
    assert main(["show", "am-syunik"]) == 0
    assert "meghri" in capsys.readouterr().out
    assert main(["show", "tr-kars", "--json"]) == 0
    assert "sarikamis" in json.loads(capsys.readouterr().out)["places"]
    out = tmp_path / "p.geojson"
    assert main(["export", "az-lacin", "am-syunik", "--out", str(out)]) == 0
    assert len(json.loads(out.read_text("utf-8"))["features"]) == 2
    assert main(["map", "az-lacin", "lachin-2020", "--out", str(tmp_path / "p.html")]) == 0


def test_all_provinces_are_one_thing_of_a_map_and_tile_their_countries() -> None:
    table = Provinces().to_gdf()
    assert list(table["id"]) == list(province_ids())
    (drawn,) = layers([Provinces()])
    assert len(drawn.shapes) == len(province_ids())
    # 29,743 km² is what Armenia's statistics office states of the whole country.
    armenia = table[table["country"] == "AM"]
    assert armenia["area_m2"].sum() == pytest.approx(29_743e6, rel=0.02)
    # They share lines, not land.
    shared = shapely.area(armenia.geometry).sum() - shapely.union_all(armenia.geometry).area
    assert shared == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("find", "key", "message"),
    [
        (province, "tr-kras", "no province 'tr-kras'; did you mean tr-kars"),
        (described, "ahiska", "no land, government or place of a text 'ahiska'; did you mean ahis"),
        (described, "zzz", "no land, government or place of a text 'zzz'; known: ahiska-gov"),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest(find, key, message) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find(key)
    assert str(caught.value).startswith(message)
