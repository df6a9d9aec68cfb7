"""Bring the sha256 and row counts of `data/catalogue.toml` up to date with the files.

Everything else in the catalogue is written by hand. A file that is not listed is an error, so that
nothing enters `data/` without a licence and a source.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
import tomllib
from typing import TYPE_CHECKING

from files import DATA

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = DATA / "catalogue.toml"
NOT_DATA = ("build/", "LICENSES/", "catalogue.toml", "datapackage.json")


def listed() -> list[str]:
    """Return the data files that the catalogue must list."""
    paths = (p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file())
    return sorted(p for p in paths if not p.startswith(NOT_DATA) and "__pycache__" not in p)


def rows(path: Path) -> int:
    """Return the number of features, rows, tables or letters of a file."""
    if path.suffix == ".geojson":
        return len(json.loads(path.read_text("utf-8"))["features"])
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1
    if path.suffix == ".toml":
        table = tomllib.loads(path.read_text("utf-8"))
        return len(table.get("call") or table.get("path") or table)
    if path.suffix == ".npz":
        import numpy as np

        return len({key.partition(".")[0] for key in np.load(path)})
    if path.suffix == ".ttf":
        from fontTools.ttLib import TTFont

        return len(TTFont(path).getBestCmap())
    if path.suffix == ".json":
        return len(json.loads(path.read_text("utf-8"))["properties"])
    raise ValueError(f"{path}: no row count for {path.suffix}")


def build() -> int:
    text = CATALOGUE.read_text("utf-8")
    known = [entry["path"] for entry in tomllib.loads(text)["file"]]
    missing = sorted(set(listed()) - set(known))
    if missing:
        sys.exit(f"data/catalogue.toml does not list: {', '.join(missing)}")
    for name in known:
        path = DATA / name
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        block = re.compile(
            rf'(path = "{re.escape(name)}"\n(?:[a-z_]+ = .*\n)*?)sha256 = ".*"\nrows = .*\n'
        )
        text, n = block.subn(rf'\g<1>sha256 = "{digest}"\nrows = {rows(path)}\n', text)
        if n != 1:
            sys.exit(f"data/catalogue.toml: {name} needs one sha256 line followed by one rows line")
    CATALOGUE.write_text(text, encoding="utf-8", newline="\n")
    return len(known)


if __name__ == "__main__":
    print(build())
