"""Rows as CSV, for the terminal and for files."""

from __future__ import annotations

import csv
import io
from typing import Any

from borders.errors import visible

__all__ = ["csv_text"]


def csv_text(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV, lists as words with a space between, control characters as signs."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        words = {k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()}
        writer.writerow({k: visible(v) if isinstance(v, str) else v for k, v in words.items()})
    return text.getvalue()
