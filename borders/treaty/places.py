"""The places of a treaty file against the gazetteer: chosen, explained, and written back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from borders.errors import AmbiguousNameError, SchemaError, UnknownNameError, located
from borders.files import schema
from borders.files.atomic import write_text
from borders.files.toml import read_toml
from borders.gazetteer.lookup import place
from borders.treaty.place_matching import Choice, Mention, choose
from borders.treaty.place_rows import (
    check_rows,
    gazetteer_place,
    matched_place,
    settled_place,
    stated_height_m,
)
from borders.units import METRES, metres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from borders.gazetteer.candidates import Candidate
    from borders.gazetteer.name_index import NameIndex
    from borders.gazetteer.places import Place

__all__ = [
    "chosen_candidate",
    "likely_runner_up",
    "read_choices",
    "reason",
    "settle",
    "write_choices",
]


def settle(
    rows: Sequence[Mapping[str, Any]],
    calls: Sequence[Mapping[str, Any]],
    where: str,
    *,
    among: NameIndex | None = None,
) -> dict[str, Place]:
    """Return the places that the rows of a treaty file leave open, by id.

    Parameters
    ----------
    rows, calls : the checked rows of `[[place]]`, the unchecked ones of `[[call]]`.
    where : the file, for the message.
    among : another gazetteer than the bundled one.

    Raises
    ------
    UnknownNameError : no place of the gazetteer is like a name; offers the nearest.
    AmbiguousNameError : two fit nearly equally well; lists both, and how to pin one.
    """
    settled = {}
    for row, choice in zip(rows, _choices(rows, calls, where, among, every=False), strict=True):
        if choice.mention.fixed is None:
            chosen = chosen_candidate(choice, where)
            apart_m = 1000 * (choice.apart_km or 0.0)
            share = round(choice.ambiguity, 3)
            settled[row["id"]] = matched_place(row, chosen.place, ambiguity=share, apart_m=apart_m)
    return settled


def read_choices(path: Path) -> tuple[Choice, ...]:
    """Return a choice for every place of a treaty file, also those that are settled.

    Raises
    ------
    FileFormatError, SchemaError : the file is not TOML, or breaks the rules of `schema.csv`.
    """
    stated = read_toml(path)
    if "call" not in stated:
        message = f"{path.name}: no [[call]]; only treaty files have places to look up"
        raise SchemaError(message)
    table = schema.check("treaty", stated, path.name)
    rows = check_rows(table["place"] or (), path.name)
    return _choices(rows, table["call"], path.name, None, every=True)


def _choices(
    rows: Sequence[Mapping[str, Any]],
    calls: Sequence[Mapping[str, Any]],
    where: str,
    among: NameIndex | None,
    *,
    every: bool,
) -> tuple[Choice, ...]:
    heights = {str(call.get("to")): _height_m(call) for call in calls}
    mentions = [_mention(row, heights, f"{where}, place {n}") for n, row in enumerate(rows, 1)]
    with located(where):
        order = _order(calls, {mention.id for mention in mentions})
        choices = choose(mentions, order, among=among, every=every)
    return tuple(choices[mention.id] for mention in mentions)


def _mention(row: Mapping[str, Any], heights: Mapping[str, float | None], at: str) -> Mention:
    stated_m = stated_height_m(row)
    return Mention(
        id=row["id"],
        name=row["name"],
        modern=row["modern"],
        kind=row["kind"],
        elevation_m=heights.get(row["id"]) if stated_m is None else stated_m,
        fixed=_fixed(row, at),
        by_hand=row["lon"] is not None,
        pinned=bool(row["pinned"]),
        why=row["reason"],
    )


def _fixed(row: Mapping[str, Any], at: str) -> Place | None:
    if row["choice"]:
        return gazetteer_place(row["choice"], f"{at}: choice")
    return settled_place(row, at)


def _height_m(call: Mapping[str, Any]) -> float | None:
    """Return the height of a call's end in metres; reading the call refuses a wrong unit."""
    value, unit = call.get("elevation"), call.get("elevation_unit")
    return metres(value, unit) if isinstance(value, (int, float)) and unit in METRES else None


def _order(calls: Sequence[Mapping[str, Any]], own: set[str]) -> list[str | Place]:
    """Return the places as the line passes them: ids of the file, and places of the gazetteer."""
    order: list[str | Place] = []
    for call in calls:
        for name in (call.get("from"), call.get("place"), call.get("to")):
            if name in own:
                order.append(name)
            elif isinstance(name, str):
                # An unknown name is refused when its call is read.
                with suppress(UnknownNameError):
                    order.append(place(name))
    return order


def chosen_candidate(choice: Choice, where: str) -> Candidate:
    """Return the candidate chosen for an open place.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : as for `settle`.
    """
    mention, chosen, other = choice.mention, choice.chosen, choice.runner_up
    if chosen is None:
        near = "" if choice.alike is None else f"; most like it is {_candidate_text(choice.alike)}"
        message = (
            f"{where}, place '{mention.id}': no place of the gazetteer is surely '{mention.name}'"
            f"{near}; give lon, lat, sigma_m and source, or the id of a place as choice"
        )
        raise UnknownNameError(message)
    if choice.unsure and other is not None:
        message = (
            f"{where}, place '{mention.id}': '{mention.name}' may be {_candidate_text(chosen)} or "
            f"{_candidate_text(other)}"
            f', {choice.apart_km:,.0f} km apart; write choice = "{chosen.place.id}" or '
            f'choice = "{other.place.id}", and pinned = true'
        )
        raise AmbiguousNameError(message)
    return chosen


def _candidate_text(candidate: Candidate) -> str:
    """Return a candidate for a message: id, name, country, score and detour."""
    detour = "" if candidate.detour_km is None else f", {candidate.detour_km:,.0f} km off the way"
    entry = candidate.place
    name = f"{entry.name}, {entry.country}" if entry.country else entry.name
    return f"{entry.id} ({name}; score {candidate.score:.2f}{detour})"


def likely_runner_up(choice: Choice) -> Candidate | None:
    """Return the runner-up, or None if its share of the odds is less than one in a thousand."""
    return choice.runner_up if round(choice.ambiguity, 3) else None


def reason(choice: Choice) -> str:
    """Return in one line why a place was chosen: the file's own reason if it has one.

    Empty for a place without a choice.
    """
    mention, chosen = choice.mention, choice.chosen
    if mention.why or chosen is None:
        return mention.why or ""
    if mention.by_hand:
        return "coordinates given by hand"
    if mention.pinned:
        return "pinned"
    detour = "" if chosen.detour_km is None else f", {chosen.detour_km:,.0f} km off the way"
    return f"sounds like {chosen.spelling} ({chosen.similarity:.2f}){detour}"


def write_choices(path: Path, target: str | Path, choices: Sequence[Choice]) -> int:
    """Write a treaty file with its choices filled in; return how many places were changed.

    Comments and order stay as they are, and so does every place with ``pinned = true``.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : a place is open and cannot be settled.
    FileFormatError : the file cannot be written.
    """
    import tomlkit

    document = tomlkit.parse(path.read_text("utf-8"))
    changed = 0
    for row, choice in zip(document.get("place", ()), choices, strict=True):
        if choice.mention.pinned:
            continue
        if choice.mention.fixed is None:
            chosen_candidate(choice, path.name)
        values = _values(choice)
        changed += any(row.get(key) != value for key, value in values.items())
        _fill(row, values)
    write_text(target, tomlkit.dumps(document))
    return changed


def _values(choice: Choice) -> dict[str, Any]:
    """Return the keys that the file records of a choice; None for those that it must not have."""
    chosen, other = choice.chosen, likely_runner_up(choice)
    assert chosen is not None
    return {
        "choice": None if choice.mention.by_hand else chosen.place.id,
        "reason": reason(choice),
        "runner_up": None if other is None else other.place.id,
        "runner_up_score": None if other is None else round(other.score, 2),
        "ambiguity": None if other is None else round(choice.ambiguity, 3),
    }


def _fill(row: Any, values: Mapping[str, Any]) -> None:
    """Set or remove keys of a tomlkit table, new ones after its last key."""
    for key, value in values.items():
        if value is None:
            row.pop(key, None)
        elif key in row:
            row[key] = value
    body = row.value.body if hasattr(row.value, "body") else []
    # Blank lines and comments after the last key belong to the next table and stay in front of it.
    trailing = []
    while body and body[-1][0] is None:
        trailing.append(body.pop())
    for key, value in values.items():
        if value is not None and key not in row:
            row.add(key, value)
    body.extend(reversed(trailing))
