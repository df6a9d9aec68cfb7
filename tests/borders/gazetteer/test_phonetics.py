"""Names of one place sound alike in all scripts and transliterations, others do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from borders.gazetteer.name_parts import families, names_in_entry, names_in_text, read_name
from borders.gazetteer.phonetics import SOUNDS, NameTable, is_abjad, similarity, sounds
from borders.gazetteer.places import places

checked = settings(max_examples=60)
NAMES = [n for one in places().values() for n in (*one.names.values(), *one.aliases)]

# Alphabets as their languages teach them, without the signs that are silent.
ALPHABETS = {
    "Turkish": "abcçdefgğhıijklmnoöprsştuüvyz",
    "Azerbaijani": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщыэюя",
    "Russian before 1918": "абвгдежзиійклмнопрстуфхцчшщыѣэюяѳ",
    "Georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "Armenian": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆ",
    "Persian": "ابپتثجچحخدذرزژسشصضطظغفقکگلمنوهی",
}

# Spellings of one place by sources that transliterate differently: the Russian maps of the treaty
# of 1921, its Turkish and English texts, and the gazetteers of today.
SAME = [
    ("Тихнис", "Tiknis"),
    ("Баш-Шурагел", "Başşüregel"),
    ("Bash-Shuragel", "Başsüregel"),
    ("Картанакев", "Kerteneköy"),
    ("Кюрт-кулаг", "Qurdqulaq"),
    ("Кюки-даг", "Küküdağ"),
    ("Гек-даг", "Gökdağ"),
    ("Саят-даг", "Sayat Dağı"),
    ("Кемурлу-даг", "Kömürlü Dağ"),
    ("Хозапин", "Hazapin"),
    ("Джаганнам-дараси", "Cəhənnəmdərə"),
    ("Делавер", "Dalaver"),
    ("Чанчах", "Cancak"),
    ("Ибиш", "İbişköy"),
    ("Khedis-Mta", "Хедис-Мта"),
    ("Jolfa", "Джульфа"),
    ("Culfa", "Dzhulfa"),
    ("Նախիջևան", "Nahçıvan"),
    ("მარადიდი", "Maradit"),
    ("Урмия", "Ourmia"),
    ("Kızılçakçak", "Kyzyl-Chakhchakh"),
    ("Чылдыр", "Çıldır"),
]


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_every_letter_of_the_alphabets_has_a_sound(alphabet):
    assert [letter for letter in alphabet if not sounds(letter)] == []


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_place_sound_alike(one, other):
    cores = read_name(one).core, read_name(other).core
    ours = max(similarity(a, b) for a in (one, cores[0]) for b in (other, cores[1]))
    assert ours > 0.75


def test_spellings_of_one_place_are_more_alike_than_those_of_any_two():
    same = np.array([similarity(one, other) for one, other in SAME])
    mixed = np.array([similarity(a, b) for n, (a, _) in enumerate(SAME) for _, b in SAME[n + 1 :]])
    assert np.median(same) > 0.85
    assert np.quantile(mixed, 0.95) < 0.6


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
@checked
def test_similarity_is_symmetric_and_a_share(one, other):
    assert similarity(one, other) == pytest.approx(similarity(other, one), abs=1e-6)
    assert 0 <= similarity(one, other) <= 1 + 1e-6


@given(st.sampled_from(NAMES))
@checked
def test_a_name_sounds_exactly_like_itself_in_any_case(name):
    assert similarity(name, name) == 1
    assert similarity(name, name.upper()) > 0.9


@given(st.sampled_from(NAMES), st.integers(0, 20))
@checked
def test_a_doubled_letter_changes_nothing(name, at):
    letters = sounds(name)
    at %= len(letters)
    doubled = letters[:at] + letters[at] + letters[at:]
    assert similarity(letters, doubled) == pytest.approx(similarity(letters, letters), abs=1e-6)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=12), st.sampled_from(NAMES))
@checked
def test_a_table_answers_for_each_name_as_for_it_alone(names, name):
    flat = [sounds(one).replace(" ", "") for one in names]
    table = NameTable(flat, [is_abjad(one) for one in names])
    together = table.similarities(sounds(name).replace(" ", ""), abjad=is_abjad(name))
    alone = [similarity(name, one) for one in names]
    assert together == pytest.approx(alone, abs=1e-6)


@given(st.text(max_size=40))
@checked
def test_any_text_becomes_known_sounds(text):
    assert set(sounds(text)) <= set(SOUNDS + " ")
    assert 0 <= similarity(text, text) <= 1


@pytest.mark.parametrize(
    ("names", "qualifier", "kind"),
    [
        ("Aşağı Karasu|Нижний Кара-Су|Lower Kara-Su|Nizni-Kara Su", "lower", "water"),
        ("Büyük Kımılı|Б. Кмлы|Great Kimli|Մեծ Կմլի|დიდი კიმლი", "great", None),
        ("doğu Taşburun|Şərqi Daşburun|eastern Tash-Burun", "eastern", None),
        ("Gökdağ|Гек-даг|Gek dagh|Gök Dağı", None, "mountain"),
        ("New Kizil-Dash|Новый Кизил-Даш|Yeni Kızıltaş|Նոր Կզլդաշ", "new", None),
        ("Harman-tapa|Харман-тапа|Xarmantəpə|Harmantepe", None, "hill"),
        ("Xanköy|Ханкенди|Xankəndi", None, "settlement"),
        ("Lake Khozapin|Хозапин озеро|Hazapin gölü", None, "lake"),
    ],
)
def test_qualifiers_and_generic_words_are_the_same_in_all_languages(names, qualifier, kind):
    read_as = {name: read_name(name) for name in names.split("|")}
    assert {one.qualifier for one in read_as.values()} == {qualifier}
    assert {one.kind for one in read_as.values()} == {kind}


def test_a_name_that_is_only_a_generic_word_or_a_qualifier_stays_whole():
    for name in ("Su", "Gora", "Yeni", "Nor", "Kənd"):
        assert read_name(name).full == read_name(name).core == sounds(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sarp (village) on the Black Sea", ["Sarp", "Black"]),
        ("height 7580", []),
        ("7602", []),
        ("8828 or 8827", []),
        ("Yağırsik (6607 or 6587)", ["Yağırsik"]),
        ("Poskhov-chai NE of Badela", ["Poskhov-chai", "Badela"]),
        ("Meghrashat, formerly Kara-Mamed", ["Meghrashat", "Kara-Mamed"]),
        ("confluence Arpa-chai / Araxes", ["Arpa-chai", "Araxes"]),
        ("", []),
        ("north of", []),
    ],
)
def test_a_text_is_stripped_of_what_is_no_name(text, names):
    assert names_in_text(text) == names


def test_what_a_gazetteer_says_in_brackets_is_no_name():
    assert names_in_entry("Karakoyunlu (Iğdır)") == ["Karakoyunlu"]


def test_a_kind_in_free_text_has_families():
    assert families("border town/road gate to Iran") == {"settlement", "bridge"}
    assert families("capital/port/rail hub") == {"settlement", "station"}
    assert families("tripoint") == frozenset()
