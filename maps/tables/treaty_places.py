"""The places of a treaty against the gazetteer, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.compiler.resolve import boundary
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

    Parameters
    ----------
    file : a treaty file, or the id of a bundled treaty.
    out : where to write the file with its choices; nowhere, if missing.
    table : whether to print the choices.

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
        # What cannot be read as a treaty is not written as one.
        boundary(path)
        changed = write_choices(path, out, choices)
        if table:
            print(f"wrote {out}: {changed} of {len(choices)} places changed")
    return summaries(choices)


def summaries(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Return choices as plain rows: distances in kilometres, scores and shares from 0 to 1."""
    return [_summary(choice) for choice in choices]


def _summary(choice: Choice) -> dict[str, Any]:
    chosen, runner_up = choice.chosen, likely_runner_up(choice)
    return {
        "id": choice.mention.id,
        "name": choice.mention.name,
        "choice": None if chosen is None or choice.mention.by_hand else chosen.place.id,
        "today": _today(choice),
        "lon": None if chosen is None else chosen.place.lon,
        "lat": None if chosen is None else chosen.place.lat,
        "before_km": _rounded(choice.before_km),
        "after_km": _rounded(choice.after_km),
        "score": None if chosen is None else round(chosen.score, 3),
        "runner_up": None if runner_up is None else runner_up.place.id,
        "runner_up_score": None if runner_up is None else round(runner_up.score, 3),
        "ambiguity": round(choice.ambiguity, 3),
        "pinned": choice.mention.pinned or choice.mention.by_hand,
        "reason": reason(choice),
    }


def _rounded(km: float | None) -> float | None:
    return None if km is None else round(km, 3)


def _today(choice: Choice) -> str:
    """Return today's name: the one that the file states, or that of the candidate chosen."""
    if choice.mention.by_hand or choice.chosen is None:
        return choice.mention.modern or ""
    return choice.mention.modern or choice.chosen.place.name


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
        [_cells(choice) for choice in choices],
        fold_first=True,
    )


def _cells(choice: Choice) -> tuple[str, ...]:
    chosen = "by hand" if choice.mention.by_hand else _id(choice.chosen)
    runner_up = likely_runner_up(choice)
    pinned = "yes" if choice.mention.pinned or choice.mention.by_hand else ""
    return (
        f"{choice.mention.name}\n  {_today(choice)}".rstrip(),
        f"{chosen}\n  {_id(runner_up)}".rstrip(),
        f"{_score(choice.chosen)}\n{_score(runner_up)}".rstrip(),
        f"{_km(choice.before_km)}\n{_km(choice.after_km)}".rstrip(),
        f"{choice.ambiguity:.3f}" if runner_up else "",
        pinned if not choice.unsure else "unsure",
    )


def _id(candidate: Candidate | None) -> str:
    if candidate is None:
        return ""
    place = candidate.place
    return f"{place.name} {place.id}" if ":" in place.id else place.id


def _score(candidate: Candidate | None) -> str:
    return "" if candidate is None else f"{candidate.score:.2f}"


def _km(km: float | None) -> str:
    return "–" if km is None else f"{km:.1f}" if km < 100 else f"{km:.0f}"
