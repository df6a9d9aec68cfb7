"""Numbers that documents state, and the question that each means here; ours, or an analyst's."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, FileFormatError, SchemaError, located
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.csv_rows import delimiter_of, whole_rows
from borders.files.paths import is_file, no_such_file
from borders.files.toml import reading
from corridors.context.edtf_dates import EdtfDate, read_edtf

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Claim", "bundled_claims", "claim_questions", "read_claims"]

_ABOUT, _ALMOST = 0.1, 0.9
_LARGEST = 1e15
# Elsewhere a comma may stand for a point.
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number or a date that a document states.

    Parameters
    ----------
    claim : what is stated, in our words.
    question : what it means here, one of `claim_questions`.
    thing, other : what is measured; the second thing of a share, the end of a duration, the period
        of a count.
    may_mean : things that it may mean otherwise.
    way : the columns that tell a way on the network: origin, destination, modes, scenario, on, via,
        avoid, country, less_scenario, less_via, less_avoid.
    value : as stated; `number` and `when` are it, read.
    qualifier : empty, or ``about``, ``almost``, ``more than``, ``at least``, ``less than``,
        ``at most``.
    follows : id of the claim that this one comes after, by the document's own words.
    """

    id: str
    document: str
    page: str
    claim: str
    question: str
    thing: str
    other: str
    may_mean: tuple[str, ...]
    way: dict[str, Any]
    value: str
    unit: str
    qualifier: str
    follows: str
    note: str

    @property
    def on(self) -> date | None:
        """Return the day that the claim is about."""
        day: date | None = self.way["on"]
        return day

    @property
    def number(self) -> float:
        """Return the stated number; of a date, raise."""
        bare = self.value.replace("\u00a0", "")
        if _THOUSANDS.fullmatch(bare):
            bare = bare.replace(",", "")
        return float(bare)

    @property
    def when(self) -> EdtfDate:
        """Return the stated date; of a number, raise."""
        return read_edtf(self.value)

    @property
    def stated(self) -> tuple[float, float]:
        """Return the least and the greatest number that the statement allows.

        A number without a qualifier is taken as rounded to its last digit; "about" is 10 % to
        either side, "almost" 10 % below (assumptions).

        Examples
        --------
        >>> claim = bundled_claims()[0]
        >>> from dataclasses import replace
        >>> replace(claim, value="5.0", qualifier="").stated
        (4.95, 5.05)
        """
        number = self.number
        digits = len(self.value.partition(".")[2])
        # What is counted is not rounded.
        half = 0.0 if self.question in ("count", "sum") else 0.5 * 10.0**-digits
        match self.qualifier:
            case "about":
                half = max(half, _ABOUT * abs(number))
            case "almost":
                return _ALMOST * number, number
            case "more than" | "at least":
                return number, float("inf")
            case "less than" | "at most":
                return float("-inf"), number
        return number - half, number + half

    @property
    def text(self) -> str:
        """Return the value with its qualifier and unit."""
        unit = {"1:n": "", "km2": "km²"}.get(self.unit, self.unit)
        words = self.value
        if self.question == "date":
            words = self.when.words
        elif self.unit == "1:n":
            words = f"1:{self.number:,.0f}"
        elif self.number >= 1000:
            words = f"{self.number:,g}"
        return " ".join(filter(None, (self.qualifier, words, unit)))

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what two claims that ask the same question have in common."""
        return (self.question, self.thing, self.other, self.unit, *map(str, self.way.items()))


def claim_questions() -> tuple[str, ...]:
    """Return the questions that a claim may mean.

    Examples
    --------
    >>> claim_questions()[:3]
    ('length', 'area', 'width')
    """
    return tuple(schema.columns("claim")["question"]["values"].split("|"))


_WAY = ("origin", "destination", "modes", "scenario", "on", "via", "avoid", "country",
        "less_scenario", "less_via", "less_avoid")  # fmt: skip


def _claim(row: dict[str, str], where: str, number: int) -> Claim:
    typed = schema.check("claim", row, where)
    way = {key: typed[key] for key in _WAY}
    claim = Claim(
        id=typed["id"] or f"row-{number}",
        may_mean=tuple(part.strip() for part in (typed["or"] or "").split("|") if part.strip()),
        way=way,
        value=typed["value"].strip(),
        **{
            key: typed[key] or ""
            for key in ("document", "page", "claim", "question", "thing", "other", "unit",
                        "qualifier", "follows", "note")
        },
    )  # fmt: skip
    if claim.question == "date":
        read_edtf(claim.value, f"{where}: value")
    else:
        try:
            number_stated = claim.number
        except ValueError as err:
            message = f"{where}: value is '{claim.value[:60]}'; write a number, with a point"
            raise SchemaError(message) from err
        if not abs(number_stated) <= _LARGEST:
            message = f"{where}: value is {claim.value[:60]}, which is no quantity of this field"
            raise SchemaError(message)
    _check_needed(claim, where)
    return claim


def _check_needed(claim: Claim, where: str) -> None:
    """Refuse a question that lacks what it is asked about."""
    needed = {
        "distance": ("origin", "destination"), "saving": ("origin", "destination", "less_scenario"),
    }.get(claim.question, ())  # fmt: skip
    for key in needed:
        if not claim.way[key]:
            message = f"{where}: a {claim.question} needs '{key}'; add it"
            raise SchemaError(message)
    if claim.question in ("sum", "ratio", "share", "duration", "width") and not claim.thing:
        message = f"{where}: a {claim.question} needs 'thing'; add it"
        raise SchemaError(message)
    if claim.question in ("share", "duration") and not claim.other:
        message = f"{where}: a {claim.question} needs 'other'; add it"
        raise SchemaError(message)
    if claim.question in ("distance", "saving"):
        from borders.gazetteer.lookup import place

        with located(where):
            place(claim.way["origin"])
            place(claim.way["destination"])


@cache
def bundled_claims(root: DataRoot = BUNDLED) -> tuple[Claim, ...]:
    """Return the claims of the five documents (`data/context/claims.csv`)."""
    rows = root.rows("context/claims.csv")
    return tuple(_claim(row, f"data/context/claims.csv:{n}", n) for n, row in enumerate(rows, 2))


def read_claims(file: str | Path) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return the claims of a CSV file with the columns of ours, and what is wrong with other rows.

    Columns may be missing if nothing in them is needed; what stands between cells is a comma, a
    semicolon, a tab or a bar.

    Returns
    -------
    The claims, and one line for each row that is none, with file and number of the row; the row of
    the names is 1.

    Raises
    ------
    FileFormatError : there is no such file, it is no table of text, or it has no row.
    SchemaError : a column is missing or has a name that no column has.
    """
    path = Path(file)
    if not is_file(path):
        raise FileFormatError(no_such_file(path))
    with reading(path):
        text = path.read_bytes().decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    with whole_rows(path.name, reader):
        names = [str(name).strip() for name in reader.fieldnames or ()]
    known = schema.columns("claim")
    for name in names:
        if name not in known:
            hint = schema.misspelt([name], known)
            message = f"{path.name}: no column '{name[:60]}'; known: {', '.join(known)}{hint}"
            raise SchemaError(message)
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        message = f"{path.name}: column '{twice[0]}' is there twice; leave one out"
        raise SchemaError(message)
    lacking = [key for key in ("claim", "question", "value") if key not in names]
    if lacking:
        message = f"{path.name}: column '{lacking[0]}' is missing; add it"
        raise SchemaError(message)
    claims, wrong, ids = [], [], set()
    with whole_rows(path.name, reader):
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            try:
                claim = _row(row, names, where, reader.line_num)
                if claim.id in ids:
                    message = f"{where}: id '{claim.id}' is there twice; change one"
                    raise SchemaError(message)
            except AraxesError as err:
                wrong.append(str(err))
                continue
            ids.add(claim.id)
            claims.append(claim)
    if not claims and not wrong:
        message = f"{path.name}: no claims in it; add a row below the names of the columns"
        raise FileFormatError(message)
    every = {claim.id for claim in claims}
    wrong += [
        f"{path.name}: {claim.id} follows '{claim.follows[:60]}', which is not there"
        for claim in claims
        if claim.follows and claim.follows not in every
    ]
    kept = [claim if claim.follows in every else replace(claim, follows="") for claim in claims]
    return tuple(kept), tuple(wrong)


def _row(row: dict[Any, Any], names: list[str], where: str, number: int) -> Claim:
    if None in row or None in row.values():
        message = f"{where}: the row has {'more' if None in row else 'fewer'} cells than columns"
        raise SchemaError(f"{message}; quote cells that hold what stands between cells")
    cells = dict(zip(names, (str(value).strip() for value in row.values()), strict=True))
    return _claim(cells, where, number)
