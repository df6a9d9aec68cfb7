"""What the README leads to is there; `tests/site` runs what it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import unpacked

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_treaty_to_copy_is_validated_shown_and_drawn(araxes, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    file = "tests/examples/my_treaty.toml"
    assert file in (ROOT / "docs" / "how-to" / "treaty.md").read_text("utf-8")
    for words in (("validate", file), ("show", file, "--legs"),
                  ("map", "--treaty", file, "--out", tmp_path / "my-treaty.html")):  # fmt: skip
        told = araxes(*words)
        assert told.code == 0, told.err
    page = (tmp_path / "my-treaty.html").read_text("utf-8")
    told = unpacked.facts(page)
    assert ["said-today", "the bridge", "near Ani"] in told["texts"]
    assert told["layers"][0]["note"] == "dashed: gap"


def test_every_file_that_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_first_picture_is_on_the_first_screen():
    lines = README.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("!["))
    assert first < 20
    assert sum(line.startswith("![") for line in lines) == 3


def test_the_data_page_is_up_to_date(tmp_path):
    page = (ROOT / "docs" / "data.md").read_text("utf-8")
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import page;"
        "page.TARGET = pathlib.Path(sys.argv[2]); page.build()"
    )
    made = tmp_path / "data.md"
    subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "data" / "build"), str(made)], check=True
    )
    assert made.read_text("utf-8") == page
