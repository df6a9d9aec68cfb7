"""The data page of the docs, from `schema.csv` and `catalogue.toml`."""

from __future__ import annotations

import csv
import tomllib

from files import DATA

TARGET = DATA.parent / "docs" / "data.md"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _line(*cells: str) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def build() -> int:
    catalogue = tomllib.loads((DATA / "catalogue.toml").read_text("utf-8"))
    with (DATA / "schema.csv").open(encoding="utf-8", newline="") as file:
        rules = list(csv.DictReader(file))
    lines = [
        "# The data",
        "",
        "Made by `data/build/page.py` from `schema.csv` and `catalogue.toml`; do not edit by hand.",
        "",
        "## Files",
        "",
        _line("file", "what", "rows", "sources", "licence", "made by"),
        "|---|---|---:|---|---|---|",
    ]
    lines += [
        _line(
            f"`{f['path']}`",
            f["title"],
            str(f["rows"]),
            ", ".join(f"`{key}`" for key in f["sources"]),
            f["licence"],
            f["made_by"],
        )
        for f in catalogue["file"]
    ]
    lines += [
        "",
        "## Data packages and licences",
        "",
        _line("id", "source", "licence"),
        "|---|---|---|",
    ]
    lines += [_line(f"`{s['id']}`", s["citation"], s["licence"]) for s in catalogue["source"]]
    lines += ["", "## Tables", ""]
    for table in dict.fromkeys(rule["table"] for rule in rules):
        lines += [
            f"### {table}",
            "",
            _line("column", "type", "unit", "values", "what"),
            "|---|---|---|---|---|",
        ]
        for rule in rules:
            if rule["table"] == table:
                name = f"**{rule['column']}**" if rule["required"] == "yes" else rule["column"]
                values = rule["values"].replace("|", ", ")
                lines.append(_line(name, rule["type"], rule["unit"], values, rule["description"]))
        lines.append("")
    lines += ["Columns in bold are required."]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return len(rules)


if __name__ == "__main__":
    print(build())
