"""Rows as CSV, for the terminal and for files."""

from __future__ import annotations

import csv
import io
from typing import Any

from borders.errors import visible

__all__ = ["csv_text"]


def csv_text(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV, lists as words with a space between, control characters as signs.

    Texts by language are columns of their own, as `names_hy`.
    """
    rows = [_flat(row) for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(k for row in rows for k in row)),
                            lineterminator="\n")  # fmt: skip
    writer.writeheader()
    for row in rows:
        words = {k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()}
        writer.writerow({k: visible(v) if isinstance(v, str) else v for k, v in words.items()})
    return text.getvalue()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        parts = value.items() if isinstance(value, dict) else ()
        flat |= {f"{key}_{part}": v for part, v in parts} if parts else {key: value}
    return flat
