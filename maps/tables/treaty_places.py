"""The places of a treaty against the gazetteer, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.treaty.places import (
    chosen_candidate,
    likely_runner_up,
    read_choices,
    reason,
    write_choices,
)
from borders.treaty.treaty import treaty_path
from maps.tables.text import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.gazetteer.candidates import Candidate
    from borders.treaty.place_matching import Choice

__all__ = ["show_choices", "summaries", "validate_places"]


def validate_places(file: str, out: str | None, *, table: bool) -> list[dict[str, Any]]:
    """Print the places of a treaty file, write it with its choices if asked; return them as rows.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : a place is open and cannot be settled; the table is
        printed all the same, the file is not written.
    """
    path = treaty_path(file)
    choices = read_choices(path)
    if table:
        show_choices(choices)
    for choice in choices:
        if choice.mention.fixed is None:
            chosen_candidate(choice, path.name)
    if out:
        changed = write_choices(path, out, choices)
        if table:
            print(f"wrote {out}: {changed} of {len(choices)} places changed")
    return summaries(choices)


def summaries(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Return choices as plain rows: distances in kilometres, scores and shares from 0 to 1."""
    return [_summary(one) for one in choices]


def _summary(one: Choice) -> dict[str, Any]:
    chosen, other = one.chosen, likely_runner_up(one)
    return {
        "id": one.mention.id,
        "name": one.mention.name,
        "choice": None if chosen is None or one.mention.by_hand else chosen.place.id,
        "today": _today(one),
        "lon": None if chosen is None else chosen.place.lon,
        "lat": None if chosen is None else chosen.place.lat,
        "before_km": _rounded(one.before_km),
        "after_km": _rounded(one.after_km),
        "score": None if chosen is None else round(chosen.score, 3),
        "runner_up": None if other is None else other.place.id,
        "runner_up_score": None if other is None else round(other.score, 3),
        "ambiguity": round(one.ambiguity, 3),
        "pinned": one.mention.pinned or one.mention.by_hand,
        "reason": reason(one),
    }


def _rounded(km: float | None) -> float | None:
    return None if km is None else round(km, 3)


def _today(one: Choice) -> str:
    if one.mention.by_hand or one.chosen is None:
        return one.mention.modern or ""
    return one.mention.modern or one.chosen.place.name


def show_choices(choices: Sequence[Choice]) -> None:
    """Print the places of a treaty, two lines each, at 80 columns."""
    print_table(
        (
            "spelling\n  today",
            "choice\n  runner-up",
            "score",
            "km from\nneighbours",
            "ambi-\nguity",
            "pin",
        ),
        [_cells(one) for one in choices],
        fold_first=True,
    )


def _cells(one: Choice) -> tuple[str, ...]:
    chosen = "by hand" if one.mention.by_hand else _id(one.chosen)
    other = likely_runner_up(one)
    pinned = "yes" if one.mention.pinned or one.mention.by_hand else ""
    return (
        f"{one.mention.name}\n  {_today(one)}".rstrip(),
        f"{chosen}\n  {_id(other)}".rstrip(),
        f"{_score(one.chosen)}\n{_score(other)}".rstrip(),
        f"{_km(one.before_km)}\n{_km(one.after_km)}".rstrip(),
        f"{one.ambiguity:.3f}" if other else "",
        pinned if not one.unsure else "unsure",
    )


def _id(one: Candidate | None) -> str:
    if one is None:
        return ""
    return f"{one.place.name} {one.place.id}" if ":" in one.place.id else one.place.id


def _score(one: Candidate | None) -> str:
    return "" if one is None else f"{one.score:.2f}"


def _km(km: float | None) -> str:
    return "–" if km is None else f"{km:.1f}" if km < 100 else f"{km:.0f}"
