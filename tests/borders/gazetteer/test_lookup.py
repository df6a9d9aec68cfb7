"""Places are found by their names in any language, whatever the case and the marks."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st

from borders.errors import AmbiguousNameError, AraxesError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.gazetteer.lookup import nearest_names, place
from borders.gazetteer.places import LANGUAGES, fold, fold_each, places


@pytest.mark.parametrize(
    ("numbers", "hint"),
    [
        # Gudauta lies at 40.6° E and 43.1° N, and nothing is known of the Gulf of Guinea.
        ("40.61, 43.1", "the nearest place is gudauta, 1 km away"),
        ("43.1 40.61", "the nearest place is gudauta, 1 km away"),
        ("0, 0", "see `araxes list places`"),
        ("100, 100", "see `araxes list places`"),
    ],
)
def test_of_two_numbers_the_place_nearest_in_either_order_is_offered_if_it_is_near(numbers, hint):
    with pytest.raises(UnknownNameError) as raised:
        place(numbers)
    assert str(raised.value).endswith(hint)


def test_a_place_that_is_no_text_is_refused_in_one_line():
    for value in (5, None, (43.1, 40.6)):
        with pytest.raises(UnknownNameError, match="asked for by its id or name"):
            place(value)


checked = settings(max_examples=60)
EVERY_NAME = [
    (key, name)
    for key, one in places().items()
    for name in (key, one.name, *one.names.values(), *one.aliases)
]


def found(name: str, wanted: str) -> str:
    """Return the id that a name leads to; the wanted one if it is listed among several."""
    try:
        return place(name).id
    except AmbiguousNameError as err:
        return wanted if f"{wanted} (" in str(err) else str(err)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (
            "khankendi",
            "Khankendi|Stepanakert|Hankendi|Xankəndi|Ханкенди|Ստեփանակերտ|სტეფანაკერტი|خان‌کندی"
            "|Степанакерт|XANKƏNDİ|xankendi|hankendi|STEPANAKERT|stepanakert|Chan'kenti",
        ),
        (
            "nakhchivan",
            "Nakhchivan|Nahçıvan|NAHÇIVAN|nahcivan|Naxçıvan|Նախիջևան|ნახიჩევანი|Nakhijevan",
        ),
        ("igdir", "Iğdır|IĞDIR|iğdır|Igdir|IGDIR|İqdır|Իգդիր|Игдыр|ایغدیر"),
        ("lachin", "Lachin|Laçın|LAÇIN|Berdzor|Բերձոր|Лачин|Abdallyar"),
        ("shusha", "Shusha|Şuşa|Shushi|Շուշի|Шуша|susa"),
        ("yerevan", "Yerevan|Erivan|İrəvan|Երևան|Ереван|Revan|ایروان"),
        ("kars", "Kars|Qars|Կարս|ყარსი|Карс|قارص|KARS"),
        ("tbilisi", "Tbilisi|Tiflis|თბილისი|Тбилиси|Թբիլիսի"),
    ],
)
def test_a_place_is_found_by_its_names_in_any_language(wanted, names):
    assert {name: place(name).id for name in names.split("|")} == dict.fromkeys(
        names.split("|"), wanted
    )


def test_every_name_of_every_place_finds_it_or_lists_it_among_several():
    wrong = []
    for key, name in EVERY_NAME:
        if found(name, key) != key:
            wrong.append((key, name, found(name, key)))
    assert wrong == []


def test_case_and_marks_do_not_matter():
    wrong = []
    for key, name in EVERY_NAME:
        bare = unicodedata.normalize("NFD", name)
        plain = "".join(c for c in bare if not unicodedata.combining(c))
        for spelled in (name.upper(), name.lower(), name.title(), bare, plain, f"  {name} "):
            if fold(spelled) != fold(name):
                continue  # Georgian and German capitals may fold to other letters
            # The id of one place may be the name of another in small letters; an id outranks names.
            wanted = spelled if spelled in places() else key
            if found(spelled, wanted) != wanted:
                wrong.append((key, spelled, found(spelled, wanted)))
    assert wrong == []


@pytest.mark.parametrize(
    "pasted",
    [
        "Kars\u200b",
        "\ufeffKars",
        "\u202aKars\u202c",
        "\u200fقارص",
        "Ka\u00adrs",
        "Kars\ufe0f",
        "Kars\u2060",
    ],
)
def test_what_cannot_be_seen_in_a_pasted_name_does_not_matter(pasted):
    assert place(pasted).id == "kars"


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012–—\u2015\u2212")
def test_a_hyphen_may_be_any_dash(dash):
    assert place(f"Böyük{dash}Kəsik").id == "boyuk_kesik"


def test_vowels_that_are_marks_tell_names_apart():
    # Hindi kā and kī, Thai ki and kī.
    assert fold("का") != fold("की")
    assert fold("กิ") != fold("กี")


def test_persian_names_are_found_in_arabic_letters():
    persian = [(key, name) for key, name in EVERY_NAME if {"ی", "ک"} & set(name)]
    assert len(persian) > 20
    for key, name in persian:
        arabic = name.replace("ی", "ي").replace("ک", "ك")
        assert found(arabic, key) == found(name, key)


def test_an_id_outranks_the_name_of_another_place():
    assert place("margara").id == "margara"
    assert place("julfa").id == "julfa"


def test_an_ambiguous_name_lists_its_places_and_how_to_choose():
    with pytest.raises(AmbiguousNameError) as caught:
        place("جلفا")
    message = str(caught.value)
    assert "2 places" in message
    assert "jolfa_ir (town)" in message
    assert "julfa (" in message
    assert message.endswith("give one of these ids")


@pytest.mark.parametrize(
    ("misspelt", "offered"),
    [
        ("Stepanakrt", "Stepanakert"),
        ("Nakhchivna", "Nakhchivan"),
        ("Tiblisi", "Tbilisi"),
        ("Igdirr", "Igdir"),
        ("Xankandi", "Xankəndi"),
        ("Ереvан", "Ереван"),
        ("Կարսս", "Կարս"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(misspelt, offered):
    assert fold(offered) in [fold(name) for name in nearest_names(misspelt)]
    with pytest.raises(UnknownNameError, match=f"no place '{misspelt}'; did you mean ") as caught:
        place(misspelt)
    assert fold(offered) in fold(str(caught.value))


@pytest.mark.parametrize("name", ["", "zzzzzz", "geonames:0", "geonames:abc", "'; --", "🚂"])
def test_a_name_like_no_other_is_a_plain_error(name):
    with pytest.raises(UnknownNameError, match=f"no place '{name}'; see `araxes list places`"):
        place(name)


@given(st.text(max_size=20))
@checked
def test_no_text_raises_anything_but_our_own_errors(name):
    try:
        one = place(name)
    except AraxesError:
        return
    assert fold(name) in map(fold, (one.id, one.name, *one.names.values(), *one.aliases))


def test_a_town_of_the_gazetteer_is_found_by_its_names():
    town = place("Borçka")
    assert (town.kind, town.country, town.source) == ("town", "TR", "geonames")
    assert place(town.id) == town
    assert Geodesic.WGS84.Inverse(town.lat, town.lon, 41.3606, 41.6731)["s12"] < 2000


def test_a_curated_place_stands_for_its_entry_in_the_gazetteer():
    # both hold Khankendi; only the gazetteer knows the Russian Stepanakert
    assert place("geonames:146970").id == place("Степанакерт").id == "khankendi"


def test_curated_places_from_geonames_lie_where_the_gazetteer_has_them():
    towns = {row["id"]: row for row in BUNDLED.rows("towns.csv")}
    compared = 0
    for row in BUNDLED.rows("places.csv"):
        if row["source"] != "geonames":
            continue
        town = towns.get(row["source_ref"].removeprefix("GeoNames ").split()[0])
        if town:
            compared += 1
            found = [float(r[key]) for r in (row, town) for key in ("lat", "lon")]
            assert Geodesic.WGS84.Inverse(*found)["s12"] < 3 * float(row["sigma_m"]), row["id"]
    assert compared > 90


def test_every_place_has_an_error_a_source_and_a_name_in_english():
    for one in places().values():
        assert one.sigma_m > 0
        assert one.source
        assert one.names["en"]
        assert set(one.names) <= set(LANGUAGES)


def test_the_towns_of_the_systems_are_named_in_all_seven_languages():
    for key in ("kars", "nakhchivan", "lachin", "yerevan", "igdir", "gyumri", "khankendi"):
        assert set(places()[key].names) == set(LANGUAGES), key


def mixed_spellings() -> dict[str, set[str]]:
    """Return spelling → towns of which it is the main name, of those that others have besides."""
    main: dict[str, set[str]] = defaultdict(set)
    other: dict[str, set[str]] = defaultdict(set)
    for row in BUNDLED.rows("towns.csv"):
        main[fold(row["name"])].add(row["id"])
        for name in row["names"].split("|"):
            other[fold(name)].add(row["id"])
    curated = {fold(n) for p in places().values() for n in (p.id, p.name, *p.names.values())}
    curated |= {fold(n) for p in places().values() for n in (*p.aliases, *p.name.split("/"))}
    return {
        spelling: towns
        for spelling, towns in main.items()
        if spelling and spelling not in curated and other.get(spelling, set()) - towns
    }


def test_a_main_name_outranks_an_alternative_one() -> None:
    spellings = mixed_spellings()
    assert len(spellings) > 100
    rows = {row["id"]: row for row in BUNDLED.rows("towns.csv")}
    for spelling, towns in spellings.items():
        if len(towns) > 1:
            with pytest.raises(AmbiguousNameError):
                place(spelling)
            continue
        (town,) = towns
        found = place(spelling)
        # A town that is a curated place too is that place.
        lat, lon = float(rows[town]["lat"]), float(rows[town]["lon"])
        away_m = Geodesic.WGS84.Inverse(found.lat, found.lon, lat, lon)["s12"]
        assert found.id == f"geonames:{town}" or away_m < 10_000, spelling


@given(st.lists(st.text(max_size=12), max_size=8))
def test_many_names_are_folded_as_each_alone(names):
    assert fold_each(names) == [fold(name) for name in names]
