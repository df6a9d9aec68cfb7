"""Remarks on what takes a side: words of judgement, and what only one party names or tells.

Where parties name or tell a thing differently, all names stand with who says so. Nothing is refused
for it; `araxes validate` tells of it, and a test holds our own data to it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.context.districts import District
    from corridors.context.events import Event

__all__ = ["CONTESTED", "Remark", "event_remarks", "name_remarks", "place_remarks", "side_of",
           "wording"]  # fmt: skip

# Subjects that the parties tell differently.
CONTESTED = ("war", "handover", "corridor", "nakhchivan")
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
# What a note says when it carries another account.
_OTHER_ACCOUNT = re.compile(
    r"other accounts?|armenian accounts?|azerbaijani accounts?|\(azerbaijani\)|\(armenian\)|"
    r"by the source|the source (?:has|tells|calls|:)|the source:|only this source|denied|disput|"
    r"another account|both sides",
    re.IGNORECASE,
)
# States by their words, and the side of each in what is contested here.
_SIDES = {
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


@cache
def _parties() -> dict[str, str]:
    known = {}
    for typed in schema.checked_rows("party", "context/parties.csv"):
        known[typed["source"]] = typed["party"]
    return known


def side_of(source: str) -> str | None:
    """Return whose side a source speaks for in what is contested here; None for no one's.

    Examples
    --------
    >>> side_of("virtualkarabakh-6241"), side_of("pax-990")
    ('Azerbaijan and Türkiye', None)
    """
    return _SIDES.get(_parties().get(source, ""))


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


def event_remarks(chosen: Iterable[Event]) -> list[Remark]:
    """Return what is told of contested events by the sources of one side only, and judging words.

    An event whose note carries another account is not remarked.
    """
    remarks = []
    for known in chosen:
        where = f"event {known.id}"
        remarks += wording(f"{known.text}. {known.status_after}. {known.note}", where)
        if known.layer not in CONTESTED or _OTHER_ACCOUNT.search(known.note):
            continue
        sides = {side_of(source) for source in known.sources}
        if len(sides) == 1 and None not in sides:
            (side,) = sides
            remarks.append(
                Remark(where, f"told by {side} alone; add a source of another party, or of none")
            )
    return remarks


def place_remarks(districts: Iterable[District], places: Iterable[Any]) -> list[Remark]:
    """Return which places in contested districts lack a name of one party.

    Parameters
    ----------
    districts : with polygons, inside which both an Azerbaijani and an Armenian name are due.
    places : of the gazetteer.
    """
    import shapely

    shapes = [known.polygon for known in districts]
    area = shapely.union_all(shapes)
    shapely.prepare(area)
    remarks = []
    for spot in places:
        if not shapely.contains_xy(area, spot.lon, spot.lat):
            continue
        lacking = [code for code in ("az", "hy") if not spot.names.get(code)]
        if lacking:
            codes = " and ".join(f"name_{code}" for code in lacking)
            remarks.append(Remark(f"place {spot.id}", f"{codes} missing in a contested district"))
    return remarks


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
        told = " ".join(name.by for name in names_by).casefold()
        sides = {_SIDES[code] for state, code in _STATES.items() if state in told}
        neutral = "statement" in told or "declaration" in told or "treaty" in told
        if len(sides) == 1 and not neutral:
            text = f"named by {next(iter(sides))} alone; add what others call it, and who"
            remarks.append(Remark(f"{key}, name_by", text))
    return remarks
