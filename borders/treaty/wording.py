"""How far the calls of a treaty cover the text of its boundary clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from borders.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Coverage", "coverage", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a text its calls and asides quote.

    Parameters
    ----------
    share : letters and digits quoted, of all in the text; 1 when nothing is left out.
    spans : start and end of each call's and aside's words in the plain text, in their order.
    left_out : stretches of the text that nothing quotes.
    """

    share: float
    spans: tuple[tuple[int, int], ...]
    left_out: tuple[str, ...]


def plain(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def coverage(
    text: str, calls: Sequence[str], where: str, *, asides: Sequence[str] = ()
) -> Coverage:
    """Return which parts of a text its calls and asides quote.

    Parameters
    ----------
    text : the boundary clause.
    calls : their words, in the order of the line.
    where : the file, for the message.
    asides : words that do not describe the line, in any order.

    Raises
    ------
    SchemaError : some words are blank, do not stand in the text, or are quoted already; the message
        has the call and what the text has instead.

    Examples
    --------
    >>> result = coverage("From A to B, done.", ["From A to B"], "demo")
    >>> round(result.share, 2), result.left_out
    (0.67, ('done',))
    """
    whole = plain(text)
    quoted = bytearray(len(whole))
    spans: list[tuple[int, int]] = []
    names = [f"call {n}" for n in range(1, len(calls) + 1)]
    names += [f"aside {n}" for n in range(1, len(asides) + 1)]
    for name, piece in zip(names, [*calls, *asides], strict=True):
        words = plain(piece)
        start = -1
        if any(letter.isalnum() for letter in words):
            # Calls mostly follow the text: look first behind the words of the one before.
            last_end = spans[-1][1] if spans else 0
            start = _unquoted_start(whole, words, quoted, last_end)
            start = _unquoted_start(whole, words, quoted, 0) if start < 0 < last_end else start
        if start < 0:
            message = f"{where}, {name}: {_reason(whole, words, spans, names)}"
            raise SchemaError(message)
        quoted[start : start + len(words)] = b"\x01" * len(words)
        spans.append((start, start + len(words)))
    letters = [i for i, letter in enumerate(whole) if letter.isalnum()]
    share = sum(quoted[i] for i in letters) / len(letters) if letters else 1.0
    return Coverage(share=share, spans=tuple(spans), left_out=_left_out(whole, quoted))


def _unquoted_start(whole: str, words: str, quoted: bytearray, begin: int) -> int:
    """Return where the words stand from `begin` on and nothing quotes them yet, otherwise -1."""
    start = whole.find(words, begin)
    while start >= 0:
        taken = quoted.rfind(1, start, start + len(words))
        if taken < 0:
            return start
        start = whole.find(words, taken + 1)
    return -1


def _reason(whole: str, words: str, spans: Sequence[tuple[int, int]], names: Sequence[str]) -> str:
    """Return why no place in the text was found for words."""
    if not any(letter.isalnum() for letter in words):
        return "words are blank; give the words of the text that it comes from"
    shown = f"'{_short(words)}'"
    start = whole.find(words)
    if start < 0:
        return f"words {shown} do not stand in the text; {_near(whole, words)}"
    owner = next(
        name
        for name, (low, high) in zip(names, spans, strict=False)
        if low < start + len(words) and start < high
    )
    return f"words {shown} are read by {owner} already; each word belongs to one call or aside"


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}..."


def _near(whole: str, words: str) -> str:
    """Return where the words leave the text, or the sentence that is most like them."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in whole else (low, middle - 1)
    if low >= min(8, len(words) // 2 + 1):
        start = whole.find(words[:low]) + low
        return f"after '{words[:low][-30:]}' the text has '{whole[start : start + 30]}'"
    from difflib import get_close_matches

    sentences = [part[:200] for part in re.split(r"(?<=[.;,–-])\s", whole)[:2000]]
    nearest = get_close_matches(words[:200], sentences, n=1, cutoff=0.5)
    return f"the nearest is '{_short(nearest[0])}'" if nearest else "copy them from it"


def _left_out(whole: str, quoted: bytearray) -> tuple[str, ...]:
    """Return the stretches that nothing quotes and that hold a letter or a digit."""
    gaps = "".join("\x00" if done else letter for letter, done in zip(whole, quoted, strict=True))
    stretches = (part.strip(" \t,;:.–—-()") for part in gaps.split("\x00"))
    return tuple(part for part in stretches if any(letter.isalnum() for letter in part))
