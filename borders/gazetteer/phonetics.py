"""Names as they sound, whatever the script and the transliteration, and how alike they are.

A name becomes a string of sounds, one sign each, so that Карс, Կարս, ყარსი, Qars and Kars come out
alike or nearly so. Two strings are compared by a weighted edit distance: sounds that the languages
of the region and their spellings exchange (k, g, q; c, j, dzh; kh, h; y, i, ı) cost little, vowels
less than consonants. A query is compared with all names of a table at once.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.floating]

__all__ = ["SOUNDS", "NameTable", "is_abjad", "similarity", "sounds"]

VOWELS = "aAeiIoOuU"
# A is ə, I ı, O ö, U ü, S ş, Z zh, C ç, J dzh, T ts, D dz, x kh, G ğ or gh; 3 is a Latin c and 7 a
# Latin j, which each language reads its own way; w, Y and H are the Persian letters that stand for
# a vowel or a consonant.
SOUNDS = VOWELS + "bpfvmntdrlszSZCJTDkgqxGhy37wYH"

_LETTERS = (
    ("abcdefghijklmnopqrstuvwxyz", "ab3defghi7klmnopqrstuvvxyz"),
    ("çşșšžčğıəǝäöüßţłøæđ", "CSSSZCGIAAAOUstlOAd"),
    ("абвгдежзийклмнопрстуфхцчшщыэюя", "abvgdeZziyklmnoprstufxTCSSIeUA"),
    ("ёіїєѣѳґғҗқҝҳһҹҷөӧүұӱәӕјљџўңҧҭӡӣӯԥҟ", "oiieefgGJkghhJJOOUuUAAylJunptDiupk"),
    ("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", "abgdevztiklmnopZrstupkGqSCTDTCxJh"),
    ("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ", "abgdezeItZilxTkhDGCmynSoCpJrsvtrTvpkof"),
    ("ابپتثجچحخدذرزژسشصضطظغفقکگلمنوهی", "abptsJChxdzrzZsSsztzGfqkglmnwHY"),
    ("آأإكيىئؤةەہھۀۃۆێےںٹڈڕڤڵ", "aaakYYYwHeHhHHoeYntdrvl"),
)
_SOUND_OF = {ord(a): b for letters, signs in _LETTERS for a, b in zip(letters, signs, strict=True)}
# Groups of letters for one sound, each in its own script, so that Cyrillic кх stays two sounds.
_DIGRAPHS = {
    "dsch": "J", "dzh": "J", "dj": "J", "tsch": "C", "tch": "C", "sch": "S", "zh": "Z", "kh": "x",
    "gh": "G", "sh": "S", "ch": "C", "ts": "T", "tz": "T", "dz": "D", "ph": "p", "th": "t",
    "ou": "u", "oe": "O", "ue": "U", "ck": "k", "дж": "J", "дз": "D", "ու": "u",
}  # fmt: skip
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
# Armenian letters that are read with a glide, v or y, at the beginning of a word.
_INITIAL_GLIDE = re.compile(r"\b(?:ո(?!ւ)|ե(?!ւ))")
_NO_SOUND = re.compile(f"[^{SOUNDS} ]")
_DOUBLE = re.compile(r"(\S)\1+")
_ABJAD = re.compile(r"[\u0600-\u06ff]")

# Cost of adding or leaving out a sound, as a share of a full consonant's; others cost 1.
_INSERTION_COSTS = {**dict.fromkeys(VOWELS, 0.35), "I": 0.2, "h": 0.5, "G": 0.5, "v": 0.7,
          "y": 0.25, "H": 0.2, "w": 0.3, "Y": 0.15}  # fmt: skip
# Against a name in a script without short vowels, an additional vowel costs next to nothing.
_INSERTION_COSTS_ABJAD = {**_INSERTION_COSTS, **dict.fromkeys(VOWELS, 0.06), "y": 0.15}
# Cost of substituting one sound for another; other pairs cost 1 between consonants, 0.35 between
# vowels, 1.2 between a vowel and a consonant.
_SUBSTITUTION_COSTS = {
    0.05: "kq 7J iI oO uU Yi Yy wu wo wU wO wv Hh HA",
    0.1: "Gg xh 3J 7Z YI Ye Ha He aA eA",
    0.15: "gq Gq Dz JZ OU Oe yi",
    0.2: "bp dt fp gh xq Gx SZ CJ TD 3T 3C 7y yI ou ei Iu Ui UI",
    0.25: "kg Gh vf ae ao eI Ai sz",
    0.3: "kx vb Ss Zz CS Ts TC 3k 3s 7i Ia",
    0.35: "Gk xg Tz DJ",
    0.4: "mn vu 7g GH zJ ZC qh hk xk",
    0.5: "lr Gv",
    0.6: "nl Jg kC",
}
_CODES = {sound: n for n, sound in enumerate(SOUNDS)}


def _substitution_matrix() -> Array:
    vowel = np.array([sound in VOWELS for sound in SOUNDS])
    costs = np.where(vowel[:, None] & vowel, 0.35, np.where(vowel[:, None] ^ vowel, 1.2, 1.0))
    for cost, pairs in _SUBSTITUTION_COSTS.items():
        for pair in pairs.split():
            first, second = (_CODES[sound] for sound in pair)
            costs[first, second] = costs[second, first] = cost
    np.fill_diagonal(costs, 0.0)
    return costs.astype(np.float32)


_SUBSTITUTE = _substitution_matrix()
_INSERT = np.array([_INSERTION_COSTS.get(sound, 1.0) for sound in SOUNDS], np.float32)
_INSERT_ABJAD = np.array([_INSERTION_COSTS_ABJAD.get(sound, 1.0) for sound in SOUNDS], np.float32)
# Agreement in consonants alone is weaker evidence (assumption).
_ABJAD_SHARE = 0.95


def is_abjad(name: str) -> bool:
    """Return whether a name is in Arabic script, which leaves out short vowels."""
    return _ABJAD.search(name) is not None


def sounds(name: str) -> str:
    """Return a name as signs of `SOUNDS` and blanks; letters of no known script are left out.

    Examples
    --------
    >>> sounds("Карс"), sounds("Կարս"), sounds("Kars"), sounds("Cəlilabad")
    ('kars', 'kars', 'kars', '3Alilabad')
    """
    text = unicodedata.normalize("NFC", name).casefold()
    text = _INITIAL_GLIDE.sub(lambda match: ("v" if match[0] == "ո" else "y") + match[0], text)
    text = _DIGRAPH.sub(lambda match: _DIGRAPHS[match[0]], text).translate(_SOUND_OF)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_SOUND_OF)
    return _DOUBLE.sub(r"\1", " ".join(_NO_SOUND.sub("", text).split()))


class NameTable:
    """Names as sounds, ready to be compared with one name at once.

    Parameters
    ----------
    names : strings of `SOUNDS` without blanks.
    abjad : for each, whether it was written in Arabic script.
    """

    def __init__(self, names: Sequence[str], abjad: Sequence[bool]) -> None:
        flags = np.array(abjad, bool)
        self._size = len(names)
        self._parts = [
            (flag, rows, _Block([names[row] for row in rows.tolist()]))
            for flag in (False, True)
            for rows in [np.flatnonzero(flags == flag)]
            if len(rows)
        ]

    def similarities(self, name: str, *, abjad: bool) -> Array:
        """Return how alike a string of sounds is to each name, from 0 to 1."""
        alike = np.zeros(self._size, np.float32)
        for flag, rows, block in self._parts:
            share, add = (1.0, _INSERT) if flag == abjad else (_ABJAD_SHARE, _INSERT_ABJAD)
            alike[rows] = share * block.similarities(name, add)
        return alike


class _Block:
    """Names of one kind of script as columns of codes, the longest name first."""

    def __init__(self, names: Sequence[str]) -> None:
        lengths = np.array([len(name) for name in names])
        self._order = np.argsort(-lengths, kind="stable")
        # Column j holds only the names that have a letter there.
        self._reach = [int((lengths > j).sum()) for j in range(lengths.max(initial=0))]
        ordered = [names[n] for n in self._order]
        # Indices of numpy's own width are the fastest to look up by.
        self._codes = [
            np.array([_CODES[name[j]] for name in ordered[:reach]], np.intp)
            for j, reach in enumerate(self._reach)
        ]

    def similarities(self, name: str, add: Array) -> Array:
        """Return 1 less the edit distance to each name as a share of the heavier of the two.

        Parameters
        ----------
        add : cost of adding each sound of `SOUNDS`.
        """
        added = [add.take(codes) for codes in self._codes]
        row: list[Array] = [np.zeros(len(self._order), np.float32)]
        for reach, cost in zip(self._reach, added, strict=True):
            row.append(row[-1][:reach] + cost)
        weight = np.maximum(self._ends(row), sum(add[_CODES[sound]] for sound in name))
        for sound in name:
            row = self._next(row, _CODES[sound], add[_CODES[sound]], added)
        alike = np.empty(len(self._order), np.float32)
        alike[self._order] = 1.0 - self._ends(row) / np.maximum(weight, 1e-6)
        return np.maximum(alike, 0.0)

    def _next(self, above: list[Array], code: int, drop: float, added: list[Array]) -> list[Array]:
        """Return the next row of the edit distances of all names."""
        row = [above[0] + drop]
        for j, reach in enumerate(self._reach):
            best = above[j][:reach] + _SUBSTITUTE[code].take(self._codes[j])
            np.minimum(best, above[j + 1] + drop, out=best)
            np.minimum(best, row[-1][:reach] + added[j], out=best)
            row.append(best)
        return row

    def _ends(self, row: list[Array]) -> Array:
        """Return each name's value in the column of its last letter."""
        last = row[0].copy()
        for reach, column in zip(self._reach, row[1:], strict=True):
            last[:reach] = column
        return last


def similarity(first: str, second: str) -> float:
    """Return how alike two names sound, from 0 to 1, whatever their scripts.

    Examples
    --------
    >>> similarity("Нахичевань", "Naxçıvan") > 0.9 > similarity("Нахичевань", "Naxcivanli")
    True
    """
    table = NameTable([sounds(second).replace(" ", "")], [is_abjad(second)])
    return float(table.similarities(sounds(first).replace(" ", ""), abjad=is_abjad(first))[0])
