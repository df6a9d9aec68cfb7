"""The text of a boundary clause against its calls: what each reads, and what nobody reads."""

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
    """How much of a text its calls and asides read.

    Parameters
    ----------
    share : letters and digits read, of all in the text; 1 when nothing is left out.
    spans : where the words of each piece stand in the plain text, in the order given.
    left_out : stretches of the text that no piece reads.
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
    """Return which parts of a text its calls and asides read.

    Parameters
    ----------
    text : the boundary clause.
    calls : their words, in the order of the line.
    where : the file, for the message.
    asides : words that do not describe the line, in any order.

    Raises
    ------
    SchemaError : some words are blank, do not stand in the text, or are read already; the message
        has the call and what the text has instead.

    Examples
    --------
    >>> found = coverage("From A to B, done.", ["From A to B"], "demo")
    >>> round(found.share, 2), found.left_out
    (0.67, ('done',))
    """
    whole = plain(text)
    read = bytearray(len(whole))
    spans: list[tuple[int, int]] = []
    names = [f"call {n}" for n in range(1, len(calls) + 1)]
    names += [f"aside {n}" for n in range(1, len(asides) + 1)]
    for name, piece in zip(names, [*calls, *asides], strict=True):
        words = plain(piece)
        start = -1
        if any(letter.isalnum() for letter in words):
            # Calls mostly follow the text, so the next words are looked for behind the last ones.
            behind = spans[-1][1] if spans else 0
            start = _find(whole, words, read, behind)
            start = _find(whole, words, read, 0) if start < 0 < behind else start
        if start < 0:
            message = f"{where}, {name}: {_why_not(whole, words, spans, names)}"
            raise SchemaError(message)
        read[start : start + len(words)] = b"\x01" * len(words)
        spans.append((start, start + len(words)))
    letters = [i for i, letter in enumerate(whole) if letter.isalnum()]
    share = sum(read[i] for i in letters) / len(letters) if letters else 1.0
    return Coverage(share=share, spans=tuple(spans), left_out=_left_out(whole, read))


def _find(whole: str, words: str, read: bytearray, begin: int) -> int:
    """Return the first place of the words, from one on, that no other piece has read yet."""
    start = whole.find(words, begin)
    while start >= 0:
        taken = read.rfind(1, start, start + len(words))
        if taken < 0:
            return start
        start = whole.find(words, taken + 1)
    return -1


def _why_not(whole: str, words: str, spans: Sequence[tuple[int, int]], names: Sequence[str]) -> str:
    """Return why no place was found for words."""
    if not any(letter.isalnum() for letter in words):
        return "words are blank; give the words of the text that it comes from"
    shown = f"'{_short(words)}'"
    start = whole.find(words)
    if start < 0:
        return f"words {shown} do not stand in the text; {_near(whole, words)}"
    reader = next(
        name
        for name, (low, high) in zip(names, spans, strict=False)
        if low < start + len(words) and start < high
    )
    return f"words {shown} are read by {reader} already; each word belongs to one call or aside"


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}..."


def _near(whole: str, words: str) -> str:
    """Return where the words leave the text, or the sentence that is most like them."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in whole else (low, middle - 1)
    if low >= min(8, len(words) // 2 + 1):
        at = whole.find(words[:low]) + low
        return f"after '{words[:low][-30:]}' the text has '{whole[at : at + 30]}'"
    from difflib import get_close_matches

    sentences = [part[:200] for part in re.split(r"(?<=[.;,–-])\s", whole)[:2000]]
    found = get_close_matches(words[:200], sentences, n=1, cutoff=0.5)
    return f"the nearest is '{_short(found[0])}'" if found else "copy them from it"


def _left_out(whole: str, read: bytearray) -> tuple[str, ...]:
    """Return the unread stretches that hold a letter or a digit."""
    gaps = "".join("\x00" if done else letter for letter, done in zip(whole, read, strict=True))
    stretches = (part.strip(" \t,;:.–—-()") for part in gaps.split("\x00"))
    return tuple(part for part in stretches if any(letter.isalnum() for letter in part))
