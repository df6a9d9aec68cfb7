"""What the commands on events, claims, sister cities, districts and alliances share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import visible
from maps.cli.options import PAGES, csv_text, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from maps.cli.options import Form
    from maps.print.sheet import Sheet

__all__ = ["print_rows", "write_chart", "write_things"]


def print_rows(
    form: Form,
    rows: Sequence[dict[str, Any]],
    *,
    table: Callable[[], None],
    head: Sequence[str] = (),
) -> None:
    """Print rows as JSON, CSV or Markdown, or the table that people read.

    Parameters
    ----------
    table : prints the table.
    head : the columns of the Markdown table; all, if empty.
    """
    if form == "json":
        print_json(list(rows))
    elif form == "csv":
        print(csv_text(list(rows)), end="")
    elif form == "markdown":
        from maps.tables import markdown

        keys = tuple(head or rows[0])
        cells = [tuple(_text(row[key]) for key in keys) for row in rows]
        print(visible("\n".join(markdown.table(keys, cells))))
    else:
        table()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def write_chart(sheet: Sheet, file: str, command: str) -> str:
    """Write a chart with its caption; return the line that says so."""
    from borders.files.atomic import check_free
    from maps.print.figure import beside, save_with_caption

    check_free(Path(file), beside(file))
    caption = save_with_caption(sheet, file, command=command)
    return f"wrote {file} and {caption}"


def write_things(things: Sequence[Any], file: str, *, title: str, command: str) -> str:
    """Write a page, or geometry; return the line that says so."""
    if Path(file).suffix.lower() in PAGES:
        from maps.web.interactive import interactive, save

        save(interactive(*things, title=title), file, command=command)
        return f"wrote {file}"
    from corridors.export.formats import write

    return f"wrote {write(list(things), file)} features to {file}"
