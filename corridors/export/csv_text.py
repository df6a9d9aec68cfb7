"""CSV (RFC 4180) in UTF-8, the geometry as well-known text in the column ``wkt``.

Source: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import shapely

from borders.files.columns import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corridors.export.file_table import FileColumn, FileParts

__all__ = ["write_csv"]

# Letters that a cell of a spreadsheet holds; it cuts the rest off without a word.
CELL = 32_767
# Texts that spreadsheets run as formulas, but for numbers.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[=+\-@\t\r]")
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')


class _Cells(NamedTuple):
    texts: list[str | None]
    formulas: int


def write_csv(table: FileParts, path: Path, *, safe: bool) -> tuple[list[str], list[str]]:
    """Write a table as CSV; return notes on what was changed, and remarks on what readers may do.

    Parameters
    ----------
    safe : put ``'`` before what a spreadsheet would run as a formula.
    """
    names = [column.name for column in table.head.columns]
    formulas, long = dict.fromkeys(names, 0), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_line((*names, "wkt")))
        for part in table.parts:
            columns = {column.name: _cells(column, safe=safe) for column in part.columns}
            wkt = shapely.to_wkt(part.shapes, rounding_precision=7).tolist()
            rows = zip(*(cells.texts for cells in columns.values()), wkt, strict=True)
            file.writelines(map(_line, rows))
            long += sum(len(text) > CELL for text in wkt if text)
            for name, cells in columns.items():
                formulas[name] += cells.formulas
    notes, remarks = [], []
    risky = [name for name, count in formulas.items() if count]
    if risky:
        what = f"spreadsheets run cells of column '{risky[0][:60]}' as formulas"
        if len(risky) > 1:
            what = f"spreadsheets run cells of {len(risky)} columns as formulas"
        how = "they begin with ' now" if safe else "--safe-csv puts ' before them"
        notes.append(f"{what}: {how}")
    if long:
        remarks.append(
            f"spreadsheets cut cells of more than {CELL:,} characters, and {long} in column wkt"
            f" {'is' if long == 1 else 'are'} longer; a GIS reads them whole"
        )
    return notes, remarks


def _line(row: Iterable[str | None]) -> str:
    return ",".join(map(_quoted, row)) + "\n"


def _cells(column: FileColumn, *, safe: bool) -> _Cells:
    texts = column.texts().cells
    if column.kind != "text":
        return _Cells(texts, 0)
    risky = [text is not None and _is_formula(text) for text in texts]
    if safe:
        texts = [f"'{t}" if formula else t for t, formula in zip(texts, risky, strict=True)]
    return _Cells(texts, sum(risky))


def _is_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and len(text) > 1 and not NUMBER.fullmatch(text)


def _quoted(text: str | None) -> str:
    """Return a cell; an empty text is quoted, a missing one is nothing."""
    if text is None:
        return ""
    if text and not _QUOTED.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'
