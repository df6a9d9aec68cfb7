"""Place names taken apart into the name itself, a generic word (its kind) and a qualifier.

"Нижний Кара-Су", "Aşağı Karasu" and "Lower Karasu mouth" name one river: a qualifier that every
language translates (lower), a name (Kara) and a generic word (su, water). Texts add words of their
own ("crosses the Chorokh north of Maradidi"), which are not names at all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from borders.gazetteer.phonetics import is_abjad, sounds

__all__ = [
    "FAMILIES",
    "LONGEST",
    "Reading",
    "families",
    "is_beside",
    "names_in_entry",
    "names_in_text",
    "read_name",
]

# The longest name in the bundled gazetteers has 60 letters; a text may put words around it.
LONGEST = 200

# Generic words by what they mean, in the spellings of the region.
_GENERIC = {
    "mountain": "dağ dağı dağları dagh dag dagi daglar gora гора mta მთა mount mountain mt ler "
    "lyor լեռ kuh koh کوه",
    "hill": "tepe tepesi tepeler təpə tapa tapalar тапаляр hill hills height "
    "heights высота blur բլուր",
    "ridge": "range ridge xrebet хребет qedi ქედი sırtı sıradağları",
    "pass": "geçidi geçit gədik gedik aşırımı pass pereval перевал უღელტეხილი լեռնանցք gardaneh "
    "گردنه",
    "river": "çay çayı chai chay reka река nehri nehir ırmağı ırmak river rud rūd رود get գետ "
    "geti mdinare მდინარე aru arax",
    "water": "su suyu suyi tsqali წყალი jur ջուր",
    "valley": "dere deresi dara darasi dərəsi dərə ravine stream brook khevi ხევი dzor ձոր دره",
    "bridge": "bridge köprüsü köprü körpüsü мост կամուրջ ხიდი پل",
    "gate": "gate kapısı qapısı checkpoint",
    "lake": "göl gölü gol lake ozero озеро lich լիճ tba ტბა daryache دریاچه",
    "station": "station istasyonu istasyon garı gar stansiyası vağzalı stantsiya станция вокзал "
    "ст. kayaran կայարան sadguri სადგური ایستگاه راه‌آهن ist. junction",
    "settlement": "köy köyü kənd kəndi kend kendi kent koy kei kev village selo село derevnya "
    "деревня gyugh գյուղ sopeli სოფელი deh ده روستا",
}
# Qualifiers that are translated: any of a group stands for any other.
_QUALIFIERS = {
    "great": "great greater big büyük böyük беюк большой большая большое большие bolshoi bolshoy "
    "bolshaya mets մեծ didi დიდი bozorg بزرگ b. б.",
    "little": "little small küçük kiçik кичик малый малая малое малые maly malaya pokr փոքր "
    "patara პატარა kuchek كوچك کوچک m. м.",
    "lower": "lower aşağı нижний нижняя нижнее нижние nizhny nizhni nizni nizhnyaya nerkin ներքին "
    "kvemo ქვემო pain پایین پائین sofla سفلی ниж. n.",
    "upper": "upper yukarı yuxarı верхний верхняя верхнее верхние verkhny verkhni verkhnyaya "
    "verin վերին zemo ზემო bala بالا olya علیا верх. v.",
    "new": "new yeni новый новая новое новые novy novaya nor նոր akhali ახალი now نو",
    "old": "old eski старый старая старое старые stary staraya hin հին dzveli ძველი kohne کهنه",
    "eastern": "eastern doğu şərqi восточный восточная vostochny arevelyan արևելյան "
    "aghmosavleti აღმოსავლეთ sharqi شرقی",
    "western": "western batı qərbi западный западная zapadny arevmtyan արևմտյան dasavleti "
    "დასავლეთ gharbi غربی",
}
# Words of the English of treaties and gazetteers that belong to no name.
_FILLERS = {
    "where": "abreast along around at beside between by down from in into near of off on over past "
    "through to towards until up where east north south west ne nw se sw",
    "what": "abandoned area border boundary city coast confluence district divide end limit "
    "limits line mouth okrug part place point port rail ruins sanjak sea section settlement shore "
    "site spring terminal terminus thalweg town tripoint village watershed",
    "how": "a and as cross crosses crossing ex for former formerly is its joins lies main or "
    "so-called straight that the today which with",
}
# Families of kinds, with the words of a free text that mean them.
FAMILIES = {
    "settlement": "village town city capital port municipality settlement",
    "station": "station rail railway junction",
    "mountain": "mountain mount peak summit height hill ridge range watershed divide",
    "pass": "pass",
    "river": "river water stream valley ravine mouth confluence",
    "lake": "lake reservoir sea",
    "bridge": "bridge gate crossing checkpoint",
    "line": "boundary limit outline",
}
_FAMILY_OF = {word: name for name, words in FAMILIES.items() for word in words.split()}
_WHERE = frozenset(_FILLERS["where"].split())
_FILLER = frozenset(word for words in _FILLERS.values() for word in words.split())
_TOKENS = re.compile(r"[\s\-–—‐/]+")
# A text may put a second name in brackets, or after a comma or a stroke.
_PARTS = re.compile(r"[()\[\],;:/|]|\s[-–—]\s")
_BRACKETS = re.compile(r"\(.*?\)")
_NUMBERS = re.compile(r"\b\d[\d.,]*\b")
# A generic word written together with the name leaves at least so many sounds of the name.
_SHORTEST_CORE = 3


class Reading(NamedTuple):
    """A name taken apart.

    Parameters
    ----------
    full : sounds of the name without its qualifier, in one word.
    core : the same without its generic words.
    kind : what the generic words say it is, such as ``mountain`` or ``hill``, or None.
    qualifier : such as ``great`` or ``lower``, or None.
    """

    full: str
    core: str
    kind: str | None
    qualifier: str | None
    abjad: bool


def read_name(name: str) -> Reading:
    """Return a name taken apart into its sounds, its kind and its qualifier.

    Examples
    --------
    >>> read_name("Aşağı Karasu").kind, read_name("Нижний Кара-Су").qualifier
    ('water', 'lower')
    >>> read_name("Gökdağ").core
    'gOk'
    """
    generic, qualifiers = _words()
    words = [sound for token in _TOKENS.split(name) if (sound := sounds(token).replace(" ", ""))]
    qualifying = [word for word in words if word in qualifiers]
    if 0 < len(qualifying) < len(words):
        words = [word for word in words if word not in qualifiers]
    else:
        qualifying = []
    # A single character may expand to a whole phrase, as the Arabic ligatures do.
    full = "".join(words)[:LONGEST]
    core, kind = full, None
    while len(words) > 1 and (words[-1] in generic or words[0] in generic):
        word = words.pop(-1 if words[-1] in generic else 0)
        core, kind = "".join(words)[:LONGEST], kind or generic[word]
    if kind is None and words and (ending := _endings().match(words[-1])):
        core, kind = "".join([*words[:-1], ending[1]])[:LONGEST], generic[ending[2]]
    qualifier = qualifiers[qualifying[0]] if qualifying else None
    return Reading(full, core, kind, qualifier, is_abjad(name))


def families(kind: str) -> frozenset[str]:
    """Return the families of a kind in free text.

    Examples
    --------
    >>> sorted(families("village/rail border station")), sorted(families("ruins"))
    (['settlement', 'station'], [])
    """
    words = re.findall(r"[a-z]+", kind.casefold())
    return frozenset(_FAMILY_OF[word] for word in words if word in _FAMILY_OF)


def names_in_entry(name: str) -> list[str]:
    """Return the names in a gazetteer's name, without what it says in brackets.

    Examples
    --------
    >>> names = "Khankendi / Stepanakert"
    >>> names_in_entry(names), names_in_entry("Lower Karasu mouth (tripoint TR-AZ-IR)")
    (['Khankendi', 'Stepanakert'], ['Lower Karasu mouth'])
    """
    return [part.strip() for part in _BRACKETS.sub("", name).split("/") if part.strip()]


def is_beside(text: str) -> bool:
    """Return whether a text speaks of a point beside a place: "north of Maradidi".

    Examples
    --------
    >>> is_beside("east of Tikhnis"), is_beside("eastern Taşburun")
    (True, False)
    """
    return not _WHERE.isdisjoint(text.casefold().split())


def names_in_text(text: str) -> list[str]:
    """Return the names in a text of a treaty, likeliest first, without heights and other words.

    Examples
    --------
    >>> names_in_text("Sary-Chai (Kara-Issal)")
    ['Sary-Chai', 'Kara-Issal']
    >>> names_in_text("crosses the Chorokh north of Maradidi")
    ['Chorokh', 'Maradidi']
    """
    names: list[str] = []
    for part in _PARTS.split(_NUMBERS.sub(" ", text)):
        words: list[str] = []
        # The filler at the end closes the last name.
        for word in [*part.split(), "the"]:
            if word.casefold().strip(".'’?") not in _FILLER:
                words.append(word.strip("?"))
            elif words:
                names.append(" ".join(words))
                words = []
    return [name for name in dict.fromkeys(names) if _is_name(name)]


@cache
def _endings() -> re.Pattern[str]:
    longest_first = sorted(_words()[0], key=len, reverse=True)
    return re.compile(f"(.{{{_SHORTEST_CORE},}}?)({'|'.join(longest_first)})$")


@cache
def _words() -> tuple[dict[str, str], dict[str, str]]:
    """Return sounds → meaning of the generic words, and of the qualifiers."""
    tables = (_GENERIC, _QUALIFIERS)
    generic, qualifiers = (
        {sounds(word): name for name, words in table.items() for word in words.split()}
        for table in tables
    )
    return generic, qualifiers


def _is_name(text: str) -> bool:
    generic, qualifiers = _words()
    words = [sounds(token).replace(" ", "") for token in _TOKENS.split(text)]
    return any(word and word not in generic and word not in qualifiers for word in words)
