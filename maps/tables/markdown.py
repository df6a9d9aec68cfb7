"""Markdown with texts escaped: they break no table, start no list, become no HTML."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cell", "code", "table"]

# Signs that are markup wherever they stand; an underscore only at the end of a word, a tilde only
# beside another. Many dialects set what stands between dollars as mathematics.
_SIGNS = re.compile(r"[\\`*\[\]$|]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~")
# What a line must not begin with: headings, quotes, lists, rules.
_BEGIN = re.compile(r"^(?:(\d*)([#+.)-])(?=[ #-]|$)|()([>=]))")
# The zero-width joiners belong to Persian, and the left-to-right mark stands before its numbers;
# all other format characters turn text around or hide in it.
_HARMLESS = "\u200c\u200d\u200e"


def cell(text: str) -> str:
    r"""Return text for a line or a table that cannot become markup or HTML.

    Examples
    --------
    >>> print(cell("# *a* | <b> [c](d) $x$ e_f"))
    \# \*a\* \| &lt;b> \[c\](d) \$x\$ e_f
    """
    return _BEGIN.sub(lambda begin: f"{begin[1] or ''}\\{begin[2] or begin[4]}", _inline(text))


def code(text: str) -> str:
    """Return text as a span of code; its own backticks become apostrophes."""
    return f"`{_plain(text).replace('`', chr(39))}`"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table; texts of rows are escaped, those of the head are not."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(map(_inline, row)) + " |" for row in rows]


def _inline(text: str) -> str:
    """Return text for the middle of a line that cannot become markup or HTML."""
    plain = _SIGNS.sub(lambda sign: "\\" + sign[0], _plain(text))
    return plain.replace("&", "&amp;").replace("<", "&lt;")


def _plain(text: str) -> str:
    """Return a text as one line without controls; lone surrogates become question marks."""
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    if line.isprintable():  # most texts are, and nothing is taken out of these
        return line
    return "".join(c for c in line if c in _HARMLESS or unicodedata.category(c) not in ("Cc", "Cf"))
