"""The data page of the docs, from `schema.csv` and `catalogue.toml`."""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING

from files import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TARGET = DATA.parent / "docs" / "data.md"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _line(*cells: str) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, right: str = "") -> list[str]:
    """Return a table as lines of Markdown; `right` is the column of numbers."""
    rule = "".join("|---:" if name == right else "|---" for name in head)
    return [_line(*head), f"{rule}|", *(_line(*row) for row in rows)]


def _columns(rules: list[dict[str, str]]) -> Iterator[tuple[str, ...]]:
    for rule in rules:
        name = f"**{rule['column']}**" if rule["required"] == "yes" else rule["column"]
        values = rule["values"].replace("|", ", ")
        yield name, rule["type"], rule["unit"], values, rule["description"]


def _tables(rules: list[dict[str, str]]) -> Iterator[str]:
    head = ("column", "type", "unit", "values", "what")
    for table in dict.fromkeys(rule["table"] for rule in rules):
        own = [rule for rule in rules if rule["table"] == table]
        yield from (f"### {table}", "", *_table(head, _columns(own)), "")


def build() -> int:
    catalogue = tomllib.loads((DATA / "catalogue.toml").read_text("utf-8"))
    with (DATA / "schema.csv").open(encoding="utf-8", newline="") as file:
        rules = list(csv.DictReader(file))
    files = [
        (
            f"`{file['path']}`",
            file["title"],
            str(file["rows"]),
            ", ".join(f"`{key}`" for key in file["sources"]),
            file["licence"],
            file["made_by"],
        )
        for file in catalogue["file"]
    ]
    packages = [(f"`{s['id']}`", s["citation"], s["licence"]) for s in catalogue["source"]]
    head = ("file", "what", "rows", "sources", "licence", "made by")
    lines = [
        *("# The data", ""),
        "Made by `data/build/page.py` from `schema.csv` and `catalogue.toml`; do not edit by hand.",
        *("", "## Files", "", *_table(head, files, right="rows")),
        *("", "## Data packages and licences", "", *_table(("id", "source", "licence"), packages)),
        *("", "## Tables", "", *_tables(rules)),
        "Columns in bold are required.",
    ]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return len(rules)


if __name__ == "__main__":
    print(build())
