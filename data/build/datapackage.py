"""`data/datapackage.json`: each file with its licence, sources, size and hash; columns of tables.

A Data Package 2.0 that tools of Frictionless read and check; made from `catalogue.toml`,
`context/citations.csv` and `schema.csv`.

Source: https://datapackage.org/standard/data-package/, https://datapackage.org/standard/table-schema/
"""

from __future__ import annotations

import csv
import json
import tomllib
from typing import Any, TypeAlias

from files import DATA

# By name of a table, then of a column: its row in schema.csv.
Tables: TypeAlias = "dict[str, dict[str, dict[str, str]]]"
TARGET = DATA / "datapackage.json"
TITLE = "Araxes: borders and corridors of the South Caucasus"
TYPES = {"number": "number", "integer": "integer", "lon": "number", "lat": "number",
         "boolean": "boolean", "date": "date"}  # fmt: skip
RANGES = {"lon": (-180, 180), "lat": (-90, 90)}
MEDIA = {
    "csv": "text/csv", "geojson": "application/geo+json", "json": "application/json",
    "toml": "application/toml", "npz": "application/zip", "ttf": "font/ttf",
}  # fmt: skip
# Where the words of a licence are; by SPDX id.
PATHS = {
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-PDDC": "https://spdx.org/licenses/CC-PDDC.html",
    "LGPL-3.0-or-later": "https://www.gnu.org/licenses/lgpl-3.0.html",
    "OFL-1.1": "https://openfontlicense.org/",
    "MIT": "https://opensource.org/license/mit",
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def licences(expression: str) -> list[dict[str, str]]:
    """Return the licences of an SPDX expression that joins them by AND.

    A Data Package has no choice between licences: all that it lists hold.
    """
    if " OR " in expression:
        raise ValueError(f"licence '{expression}': choose one of those that OR joins")
    names = [part.strip("() ") for part in expression.split(" AND ")]
    return [
        {"name": name} | ({"path": PATHS[name]} if name in PATHS else {}) for name in names if name
    ]


def cited(keys: list[str], known: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Return sources as a Data Package names them: a title, and an address if there is one."""
    entries = []
    for key in keys:
        entry = {"title": known[key]["citation"]}
        if known[key].get("url", "").startswith("https://"):
            entry["path"] = known[key]["url"]
        entries.append(entry)
    return entries


def fields(header: list[str], tables: Tables) -> list[dict[str, Any]]:
    """Return the columns of a file, with the types of the table of schema.csv that has them all."""
    matching = [table for table in tables.values() if set(header) <= set(table)]
    table = min(matching, key=len, default={})
    described = []
    for name in header:
        column = table.get(name, {})
        kind = column.get("type", "")
        entry: dict[str, Any] = {"name": name, "type": TYPES.get(kind, "string")}
        if column.get("description"):
            entry["description"] = column["description"]
        if column.get("unit"):
            entry["unit"] = column["unit"]
        limits: dict[str, Any] = {"required": True} if column.get("required") == "yes" else {}
        if kind in RANGES:
            limits |= dict(zip(("minimum", "maximum"), RANGES[kind], strict=True))
        if limits:
            entry["constraints"] = limits
        described.append(entry)
    return described


def resource(
    entry: dict[str, Any], known: dict[str, Any], tables: dict[str, Any]
) -> dict[str, Any]:
    path = DATA / entry["path"]
    suffix = path.suffix.removeprefix(".")
    name = entry["path"].removesuffix(path.suffix).replace("/", "-").replace("_", "-").lower()
    described: dict[str, Any] = {
        "name": f"{name}-{suffix}" if suffix != "csv" else name,
        "path": entry["path"],
        "title": entry["title"],
        "format": suffix,
        "mediatype": MEDIA[suffix],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{entry['sha256']}",
        "licenses": licences(entry["licence"]),
        "sources": cited(entry["sources"], known),
    }
    if suffix == "npz":
        del described["encoding"]
    if suffix == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        described["type"] = "table"
        described["schema"] = {"fields": fields(header, tables), "missingValues": [""]}
    return described


def build() -> int:
    catalogue = tomllib.loads((DATA / "catalogue.toml").read_text("utf-8"))
    known = {row["id"]: row for row in (*catalogue["source"], *rows_of("context/citations.csv"))}
    tables: Tables = {}
    for row in rows_of("schema.csv"):
        tables.setdefault(row["table"], {})[row["column"]] = row
    resources = [resource(entry, known, tables) for entry in catalogue["file"]]
    every = dict.fromkeys(part["name"] for one in resources for part in one["licenses"])
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "araxes-data",
        "title": TITLE,
        "description": "Treaties, places, corridors, a network, scenarios and what published "
        "documents say of them. Dates are half-open; lengths are in metres, positions in WGS 84.",
        "contributors": [{"title": "The Araxes developers", "roles": ["creator"]}],
        "licenses": [part for name in every for part in licences(name)],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8", newline="\n")
    return len(resources)


if __name__ == "__main__":
    print(build())
