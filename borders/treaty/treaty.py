"""Treaty files: a boundary clause as an ordered list of calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import Status, read_statuses
from borders.errors import SchemaError, UnknownNameError, located
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.toml import read_toml
from borders.frozendict import FrozenDict
from borders.gazetteer.lookup import place
from borders.gazetteer.places import LANGUAGES, Place
from borders.guide_lines import Guide, own_guides
from borders.treaty.calls import Call, read_call
from borders.treaty.courses import ComputedPlace, read_declinations
from borders.treaty.place_rows import check_rows, settled_place
from borders.treaty.wording import Coverage, coverage, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from borders.terrain.elevation import Terrain

__all__ = ["Beyond", "Treaty", "read_treaty", "treaty_ids", "treaty_path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """A land that the text, or its source, leaves outside the line; only its seat is known.

    Parameters
    ----------
    province : today's province that holds it, as an outer stand-in for its limits.
    """

    name: str
    seat: Place
    province: str | None
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Treaty:
    """A text that describes a border or a territory, call by call.

    Parameters
    ----------
    guides : lines of the file's own that its calls may follow, by id.
    """

    id: str
    kind: str
    name: str
    names: dict[str, str] = field(hash=False)
    document: str
    parties: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    source: str
    state: str
    note: str
    calls: tuple[Call, ...]
    statuses: tuple[Status, ...] = ()
    text: str = ""
    text_note: str = ""
    coverage: Coverage | None = None
    beyond: tuple[Beyond, ...] = ()
    guides: dict[str, Guide] = field(default_factory=dict, hash=False)
    terrain: Terrain | None = None

    def __repr__(self) -> str:
        """Return one line: id, kind, number of calls, document."""
        return f"<Treaty {self.id}: {self.kind}, {len(self.calls)} calls, {self.document}>"


@cache
def treaty_ids(root: DataRoot = BUNDLED) -> tuple[str, ...]:
    """Return the ids of the bundled treaty files."""
    return root.ids("treaties")


def treaty_path(file: str | Path) -> Path:
    """Return the path of a bundled treaty, by its id, or of a treaty file.

    Raises
    ------
    UnknownNameError : neither an id nor the name of a TOML file.
    """
    if str(file) in treaty_ids():
        return BUNDLED.path(f"treaties/{file}.toml")
    if Path(file).suffix != ".toml":
        message = f"no treaty '{file}'; known: {', '.join(treaty_ids())}; or give a .toml file"
        raise UnknownNameError(message)
    return Path(file)


def read_treaty(file: str | Path) -> Treaty:
    """Return a treaty from a bundled id or from a file.

    Parameters
    ----------
    file : an id such as ``kars-1921``, or the path of a TOML file.

    Raises
    ------
    UnknownNameError : neither an id nor a file.
    FileFormatError, SchemaError : the file is not TOML, or breaks the rules of `schema.csv`.
    GeometryError, CRSError : a guide line of the file's own is no line in longitude and latitude.

    Examples
    --------
    >>> treaty = read_treaty("kars-1921")
    >>> treaty.calls[-1].rule
    'thalweg'
    """
    path = treaty_path(file)
    stated = read_toml(path)
    table = schema.check("treaty", stated, path.name)
    if not str(stated.get("text", "x")).strip():
        message = f"{path.name}: the text is blank; write the clause, or leave 'text' out"
        raise SchemaError(message)
    parties = table["parties"] or ()
    for party in parties:
        if not isinstance(party, str):
            message = f"{path.name}: parties holds {party!r}; write names as text in quotes"
            raise SchemaError(message)
    calls = _calls(table, path.name)
    _check_dates(table["valid_from"], table["valid_to"], path.name)
    names = {code: table[f"name_{code}"] for code in LANGUAGES[1:] if table[f"name_{code}"]}
    return Treaty(
        id=table["id"],
        kind=table["kind"],
        name=table["name"],
        names=FrozenDict({"en": table["name"], **names}),
        document=table["document"],
        parties=tuple(parties),
        valid_from=table["valid_from"],
        valid_to=table["valid_to"],
        source=table["source"],
        state=table["state"],
        note=table["note"] or "",
        calls=calls,
        statuses=read_statuses(table["status"], path.name),
        text=plain(table["text"] or ""),
        text_note=table["text_note"] or "",
        coverage=_coverage(table, calls, path.name),
        beyond=_beyond(table["beyond"] or (), path.name),
        guides=FrozenDict(own_guides(table["guide"] or (), folder=path.parent, where=path.name)),
    )


def _calls(table: dict[str, Any], where: str) -> tuple[Call, ...]:
    own = _own_places(table["place"] or (), table["call"], where)
    declinations = read_declinations(table["declination"] or (), where)
    calls: list[Call] = []
    for n, row in enumerate(table["call"], 1):
        step = f"{where}, call {n}"
        call = read_call(n, row, own, table["state"], step, declinations=declinations)
        if isinstance(call.end, ComputedPlace):
            # Later calls begin where a bearing and a distance led.
            own.setdefault(call.end.id, call.end)
        calls.append(call)
    if not calls:
        message = f"{where}: no [[call]]; a treaty needs at least one"
        raise SchemaError(message)
    return tuple(calls)


def _check_dates(begins: date | None, ends: date | None, where: str) -> None:
    if begins and ends and ends <= begins:
        message = f"{where}: valid_to is {ends}, not after valid_from, {begins}"
        raise SchemaError(message)


def _beyond(rows: Sequence[dict[str, Any]], where: str) -> tuple[Beyond, ...]:
    lands = []
    for n, row in enumerate(rows, 1):
        step = f"{where}, beyond {n}"
        typed = schema.check("beyond", row, step)
        with located(step):
            seat = place(typed["place"])
        lands.append(
            Beyond(name=typed["name"], seat=seat, province=typed["province"],
                   source=typed["source"], note=typed["note"] or "")
        )  # fmt: skip
    return tuple(lands)


def _coverage(table: dict[str, Any], calls: Sequence[Call], where: str) -> Coverage | None:
    """Return how the calls read the text; words that nobody reads are an error."""
    if not table["text"]:
        return None
    asides = [
        schema.check("aside", row, f"{where}, aside {n}")["words"]
        for n, row in enumerate(table["aside"] or (), 1)
    ]
    result = coverage(table["text"], [call.words for call in calls], where, asides=asides)
    if result.left_out:
        message = (
            f"{where}: {100 * (1 - result.share):.1f} % of the text belongs to no call, first "
            f"'{result.left_out[0][:60]}'; give it to a [[call]] or mark it as an [[aside]]"
        )
        raise SchemaError(message)
    return result


def _own_places(
    rows: Sequence[Mapping[str, Any]], calls: Sequence[Mapping[str, Any]], where: str
) -> dict[str, Place]:
    """Return the places of a treaty file by id.

    Parameters
    ----------
    rows, calls : its tables `[[place]]` and `[[call]]`.
    where : the file, for the message.

    Raises
    ------
    SchemaError : a row breaks the rules of `schema.csv`, or half of it is missing.
    UnknownNameError : a row has no coordinates and no place of the gazetteer is like its name.
    AmbiguousNameError : two places of the gazetteer fit it nearly equally well.
    """
    checked = check_rows(rows, where)
    numbered = enumerate(checked, 1)
    places = {row["id"]: settled_place(row, f"{where}, place {n}") for n, row in numbered}
    if None in places.values():
        # The gazetteer takes a while to read; most files need none of it.
        from borders.treaty.places import settle

        places |= settle(checked, calls, where)
    return {key: entry for key, entry in places.items() if entry is not None}
