"""Treaty files: a boundary clause as an ordered list of calls."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders import schema
from borders.dates import Status, read_statuses
from borders.errors import FileFormatError, SchemaError, UnknownNameError
from borders.places import LANGUAGES, Place, place
from borders.store import data_dir

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

__all__ = ["Call", "Treaty", "read_toml", "read_treaty", "treaty_ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One step of a boundary description: the words, and how they become a line."""

    n: int
    words: str
    rule: str
    along: str | None
    start: Place
    end: Place
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treaty:
    """A text that describes a border or a territory, call by call."""

    id: str
    kind: str
    name: str
    names: dict[str, str]
    document: str
    parties: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    source: str
    state: str
    note: str
    calls: tuple[Call, ...]
    statuses: tuple[Status, ...] = ()
    placed_on_todays_border: frozenset[str] = field(default_factory=frozenset)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    FileFormatError : the file is missing, not UTF-8 text or not TOML; the message has the line.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as err:
        message = f"{path}: no such file"
        raise FileFormatError(message) from err
    except UnicodeDecodeError as err:
        message = f"{path}: not a text file in UTF-8 (byte {err.start}); save it as UTF-8"
        raise FileFormatError(message) from err
    except OSError as err:
        message = f"{path}: cannot be read ({err.strerror})"
        raise FileFormatError(message) from err
    except tomllib.TOMLDecodeError as err:
        message = f"{path}: not valid TOML: {err}"
        raise FileFormatError(message) from err


@cache
def treaty_ids() -> tuple[str, ...]:
    """Return the ids of the bundled treaty files."""
    return tuple(sorted(path.stem for path in (data_dir() / "treaties").glob("*.toml")))


def read_treaty(file: str | Path) -> Treaty:
    """Return a treaty from a bundled id or from a file.

    Parameters
    ----------
    file : an id such as ``kars-1921``, or the path of a TOML file.

    Raises
    ------
    UnknownNameError : neither an id nor a file.
    FileFormatError, SchemaError : the file is not TOML, or breaks the rules of `schema.csv`.

    Examples
    --------
    >>> treaty = read_treaty("kars-1921")
    >>> len(treaty.calls), treaty.calls[2].rule
    (4, 'thalweg')
    """
    path = Path(file)
    if str(file) in treaty_ids():
        path = data_dir() / "treaties" / f"{file}.toml"
    elif path.suffix != ".toml":
        message = f"no treaty '{file}'; known: {', '.join(treaty_ids())}; or give a .toml file"
        raise UnknownNameError(message)
    table = schema.check("treaty", read_toml(path), path.name)
    own = _own_places(table["place"] or (), path.name)
    on_border = {row["id"] for row in table["place"] or () if row.get("on_todays_border")}
    calls = tuple(
        _call(n, row, own, f"{path.name}, call {n}") for n, row in enumerate(table["call"], 1)
    )
    if not calls:
        message = f"{path.name}: no [[call]]; a treaty needs at least one"
        raise SchemaError(message)
    begins, ends = table["valid_from"], table["valid_to"]
    if begins and ends and ends <= begins:
        message = f"{path.name}: valid_to is {ends}, not after valid_from, {begins}"
        raise SchemaError(message)
    names = {code: table[f"name_{code}"] for code in LANGUAGES[1:] if table[f"name_{code}"]}
    return Treaty(
        id=table["id"],
        kind=table["kind"],
        name=table["name"],
        names={"en": table["name"], **names},
        document=table["document"],
        parties=tuple(table["parties"] or ()),
        valid_from=begins,
        valid_to=ends,
        source=table["source"],
        state=table["state"],
        note=table["note"] or "",
        calls=calls,
        statuses=read_statuses(table["status"], path.name),
        placed_on_todays_border=frozenset(on_border),
    )


def _own_places(rows: Sequence[dict[str, Any]], where: str) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for n, row in enumerate(rows, 1):
        typed = schema.check("treaty-place", row, f"{where}, place {n}")
        if typed["id"] in found:
            message = f"{where}, place {n}: id '{typed['id']}' is already used; choose another"
            raise SchemaError(message)
        found[typed["id"]] = Place(
            id=typed["id"],
            name=typed["name"],
            kind="treaty point",
            country="",
            lon=typed["lon"],
            lat=typed["lat"],
            sigma_m=typed["sigma_m"],
            names={"en": typed["modern"] or typed["name"]},
            aliases=(),
            source=typed["source"],
            state="unverified" if typed["reliability"] == "low" else "quoted",
            note=typed["note"] or "",
        )
    return found


def _call(n: int, row: dict[str, Any], own: dict[str, Place], where: str) -> Call:
    typed = schema.check("call", row, where)
    if (typed["rule"] == "straight") == bool(typed["along"]):
        verb = "does not take" if typed["along"] else "needs"
        message = f"{where}: rule '{typed['rule']}' {verb} 'along' (a guide line)"
        raise SchemaError(message)
    ends = []
    for key in ("from", "to"):
        name = typed[key]
        try:
            ends.append(own.get(name) or place(name))
        except UnknownNameError as err:
            message = f"{where}: {key}: {err}"
            raise type(err)(message) from err
    return Call(
        n=n,
        words=typed["words"],
        rule=typed["rule"],
        along=typed["along"],
        start=ends[0],
        end=ends[1],
        state=typed["state"],
        note=typed["note"] or "",
    )
