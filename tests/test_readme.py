"""The README's example is the one that the suite runs, and its output is the real one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import unpacked
from interpreter import run_python

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)


def _python(code: str, folder: Path) -> str:
    return run_python("-W", "error", "-c", code, folder=folder)


EXAMPLES = ("which_way.py", "first_steps.py", "own_corridors.py")


@pytest.mark.parametrize(("n", "name"), list(enumerate(EXAMPLES)))
def test_an_example_is_the_file_in_examples_and_prints_what_it_says(n, name, tmp_path):
    at = [k for k, (kind, _) in enumerate(BLOCKS) if kind == "python"][n]
    code, (kind, printed) = BLOCKS[at][1], BLOCKS[at + 1]
    assert code == (ROOT / "tests" / "examples" / name).read_text("utf-8")
    assert (kind, _python(code, tmp_path)) == ("", printed)


def test_the_first_steps_draw_a_map(tmp_path):
    _python((ROOT / "tests" / "examples" / "first_steps.py").read_text("utf-8"), tmp_path)
    assert (tmp_path / "three-lines.html").stat().st_size > 100_000


def test_the_main_example_prints_what_it_says(araxes):
    at = next(n for n, (_, text) in enumerate(BLOCKS) if text.startswith("$ araxes compare"))
    words = shlex.split(BLOCKS[at][1].removeprefix("$ araxes ").replace("\\\n", " "))
    told = "\n".join(line.rstrip() for line in araxes(*words).out.splitlines())
    assert told + "\n" == BLOCKS[at + 1][1]


def test_the_scenario_of_the_readme_is_sound(araxes, tmp_path):
    file = tmp_path / "my-corridor.toml"
    file.write_text(next(text for kind, text in BLOCKS if kind == "toml"), encoding="utf-8")
    assert araxes("validate", str(file)).code == 0
    told = araxes("compare", "--pair", "Kars:Yerevan", "--scenario", "status-quo",
                  "--scenario", str(file), "--modes", "rail")  # fmt: skip
    assert "through kars-gyumri" in told.out


def test_the_treaty_to_copy_is_validated_shown_and_drawn(araxes, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    lines = next(text for _, text in BLOCKS if "my_treaty.toml" in text).splitlines()
    for line in lines:
        words = shlex.split(line.removeprefix("$ araxes "))
        words = [str(tmp_path / w) if w.endswith(".html") else w for w in words]
        told = araxes(*words)
        assert told.code == 0, told.err
    page = (tmp_path / "my-treaty.html").read_text("utf-8")
    told = unpacked.facts(page)
    assert ["said-today", "the bridge", "near Ani"] in told["texts"]
    assert told["layers"][0]["note"] == "dashed: gap"


def test_every_other_example_runs(tmp_path):
    for code in [text for kind, text in BLOCKS if kind == "python"][len(EXAMPLES) :]:
        _python(code, tmp_path)


def test_every_file_that_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_of_the_parser_is_in_the_readme():
    from maps.cli.main import parser

    commands = parser()._subparsers._group_actions[0].choices
    assert all(f"`araxes {name}" in README for name in commands)


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
