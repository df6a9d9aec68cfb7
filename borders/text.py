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


def coverage(text: str, pieces: Sequence[str], where: str) -> Coverage:
    """Return which parts of a text the pieces read.

    Parameters
    ----------
    text : the boundary clause.
    pieces : words of the calls in the order of the line, then of the asides, in any order.
    where : the file, for the message.

    Raises
    ------
    SchemaError : some words are empty or do not stand in the text; the message has the nearest.

    Examples
    --------
    >>> found = coverage("From A to B, done.", ["From A to B"], "demo")
    >>> round(found.share, 2), found.left_out
    (0.67, ('done',))
    """
    whole = plain(text)
    read = bytearray(len(whole))
    spans = []
    for n, piece in enumerate(pieces, 1):
        words = plain(piece)
        start = _find(whole, words, read)
        if not words or start < 0:
            message = (
                f"{where}: words {n}, '{words[:60]}', do not stand in the text{_near(whole, words)}"
            )
            raise SchemaError(message)
        read[start : start + len(words)] = b"\x01" * len(words)
        spans.append((start, start + len(words)))
    letters = [i for i, letter in enumerate(whole) if letter.isalnum()]
    share = sum(read[i] for i in letters) / len(letters) if letters else 1.0
    return Coverage(share=share, spans=tuple(spans), left_out=_left_out(whole, read))


def _find(whole: str, words: str, read: bytearray) -> int:
    """Return the first place of the words that no other piece has read yet."""
    start = whole.find(words)
    while start >= 0 and any(read[start : start + len(words)]):
        start = whole.find(words, start + 1)
    return start


def _near(whole: str, words: str) -> str:
    from difflib import get_close_matches

    sentences = re.split(r"(?<=[.;,–-])\s", whole)
    found = get_close_matches(words, sentences[:2000], n=1, cutoff=0.5)
    return f"; the nearest is '{found[0][:60]}'" if found else ""


def _left_out(whole: str, read: bytearray) -> tuple[str, ...]:
    """Return the unread stretches that hold a letter or a digit."""
    gaps = "".join("\x00" if done else letter for letter, done in zip(whole, read, strict=True))
    stretches = (part.strip(" \t,;:.–—-()") for part in gaps.split("\x00"))
    return tuple(part for part in stretches if any(letter.isalnum() for letter in part))
