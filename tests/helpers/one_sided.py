"""Remarks on our own events and places: what one party alone tells, or has a name for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely

from borders.files import schema
from corridors.context.neutrality import SIDES, Remark, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.context.districts import District
    from corridors.context.events import Event

# Subjects that the parties tell differently.
_CONTESTED = ("war", "handover", "corridor", "nakhchivan")
# What a note says when it carries another account.
_OTHER_ACCOUNT = re.compile(
    r"other accounts?|armenian accounts?|azerbaijani accounts?|\(azerbaijani\)|\(armenian\)|"
    r"by the source|the source (?:has|tells|calls|:)|the source:|only this source|denied|disput|"
    r"another account|both sides",
    re.IGNORECASE,
)


@cache
def _parties() -> dict[str, str]:
    known = {}
    for typed in schema.checked_rows("party", "context/parties.csv"):
        known[typed["source"]] = typed["party"]
    return known


def side_of(source: str) -> str | None:
    """Return whose side a source speaks for in what is contested here; None for no one's."""
    return SIDES.get(_parties().get(source, ""))


def event_remarks(chosen: Iterable[Event]) -> list[Remark]:
    """Return what is told of contested events by the sources of one side only, and judging words.

    An event whose note carries another account is not remarked.
    """
    remarks = []
    for known in chosen:
        where = f"event {known.id}"
        remarks += wording(f"{known.text}. {known.status_after}. {known.note}", where)
        if known.layer not in _CONTESTED or _OTHER_ACCOUNT.search(known.note):
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
