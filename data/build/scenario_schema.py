"""The JSON Schema of scenario files, from `schema.csv`: editors check and complete with it."""

from __future__ import annotations

import csv
import json
from typing import Any

from files import DATA

TARGET = DATA / "scenarios" / "scenario.schema.json"
TYPES: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[a-z0-9_-]+$"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "list": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    # TOML has dates of its own; as JSON they are text.
    "date": {"type": "string", "format": "date"},
    "table": {"type": "object"},
}


def _table(name: str, nested: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of one table of schema.csv."""
    with (DATA / "schema.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == name]
    properties = {}
    for row in rows:
        column = dict(nested.get(row["column"]) or TYPES.get(row["type"], {"type": "string"}))
        column["description"] = row["description"]
        if row["values"]:
            column["enum"] = row["values"].split("|")
        if row["unit"] in ("km", "h", "km/h"):
            column["minimum"] = 0
        properties[row["column"]] = column
    return {
        "type": "object",
        "properties": properties,
        "required": [row["column"] for row in rows if row["required"] == "yes"],
        "additionalProperties": False,
    }


def build() -> int:
    step = {"type": "array", "minItems": 1, "items": _table("path", {"point": {
        "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}})}  # fmt: skip
    links = {"type": "array", "items": _table("build", {"path": step})}
    values = {"type": "object", "additionalProperties": {"type": ["number", "object"]}}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Araxes scenario",
        **_table("scenario", {"build": links, "set": values}),
    }
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(schema["properties"])


if __name__ == "__main__":
    print(build())
