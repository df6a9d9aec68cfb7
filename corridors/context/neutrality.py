"""Remarks on what takes a side: words of judgement, and what only one party names.

Where parties name a thing differently, all names stand with who says so. Nothing is refused for it;
`araxes validate` tells of it, and a test holds our own data to it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

__all__ = ["SIDES", "Remark", "name_remarks", "wording"]

# Words that judge, which a text of ours may only quote: in quotation marks, with who says so.
_JUDGING = re.compile(
    r"\b(liberat\w*|occup(?:y|ied|ier\w*|ation)|aggress\w*|so-called|terroris\w*|separatis\w*|"
    r"martyr\w*|massacre\w*|genocide|barbar\w*|vandal\w*|glorious|heroic\w*|treacher\w*|"
    r"freed|got back|regain\w*|recaptur\w*|reconquer\w*|"
    r"puppet|illegal\w*|unlawful\w*|ethnic cleansing|fascis\w*|invader\w*|"
    r"işgal\w*|soykırım\w*|katliam\w*|şehit\w*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|„[^“]*“|«[^»]*»|‘[^’]*’")
# States by their words, and the side of each in what is contested here.
SIDES = {
    "AZ": "Azerbaijan and Türkiye", "TR": "Azerbaijan and Türkiye", "AM": "Armenia",
}  # fmt: skip
_STATES = {"azerbaijan": "AZ", "türkiye": "TR", "turkey": "TR", "armenia": "AM", "artsakh": "AM"}


class Remark(NamedTuple):
    """What takes a side, and where.

    Parameters
    ----------
    where : file, id and column, or what a caller calls it.
    """

    where: str
    text: str

    def __str__(self) -> str:
        """Return both in a line."""
        return f"{self.where}: {self.text}"


def wording(text: str | None, where: str) -> list[Remark]:
    """Return a remark for each word of judgement that is not in quotation marks.

    Examples
    --------
    >>> [str(remark) for remark in wording("the liberated town", "my.toml, note")]
    ["my.toml, note: 'liberated' judges; say what happened, or quote it with who says so"]
    >>> wording("'liberated' in Azerbaijani accounts", "my.toml, note")
    []
    """
    plain = _QUOTED.sub("", text or "")
    return [
        Remark(where, f"'{word}' judges; say what happened, or quote it with who says so")
        for word in dict.fromkeys(match[0] for match in _JUDGING.finditer(plain))
    ]


def name_remarks(thing: Any) -> list[Remark]:
    """Return what a border, corridor or scenario says with judging words or in one party's name.

    Parameters
    ----------
    thing : with any of ``id``, ``definition``, ``note``, ``statuses`` and ``names_by``.
    """
    key = getattr(thing, "id", "")
    remarks: list[Remark] = []
    for column in ("name", "definition", "note"):
        remarks += wording(getattr(thing, column, None), f"{key}, {column}")
    treaty = getattr(thing, "treaty", None)
    remarks += wording(getattr(treaty, "note", None), f"{key}, note")
    for n, status in enumerate(getattr(thing, "statuses", ()), 1):
        remarks += wording(f"{status.status}. {status.note}", f"{key}, status {n}")
    names_by = getattr(thing, "names_by", ())
    if names_by:
        named_by = " ".join(name.by for name in names_by).casefold()
        sides = {SIDES[code] for state, code in _STATES.items() if state in named_by}
        neutral = "statement" in named_by or "declaration" in named_by or "treaty" in named_by
        if len(sides) == 1 and not neutral:
            text = f"named by {next(iter(sides))} alone; add what others call it, and who"
            remarks.append(Remark(f"{key}, name_by", text))
    return remarks
