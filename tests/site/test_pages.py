"""The README and the other pages are run; how pages are run is tested on small ones."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from contextlib import nullcontext

import blocks
import pytest

from maps.cli.commands import COMMANDS, command
from maps.report.gallery import GALLERY

ROOT = blocks.ROOT
PAGES = [page for page in blocks.pages() if page.parent.name != "how-to"]
EXAMPLES = sorted((ROOT / "tests" / "examples").glob("*.py"))


def run(text, folder):
    return blocks.run(text, folder)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_prints_what_it_shows_and_draws_its_pictures(page, tmp_path):
    differences = blocks.run(page.read_text("utf-8"), tmp_path, page.name)
    assert not differences, "\n".join(map(str, differences))
    for name in blocks.pictures(page):
        assert (tmp_path / name).stat().st_size > 5000


@pytest.mark.parametrize(
    ("shown", "holds"),
    [
        ("```console\n$ araxes --version\naraxes 1.…\n```\n", True),
        ("```console\n$ araxes --version\n```\n", False),
        ("```console\n$ araxes --version\naraxes 7\n```\n", False),
        ("```console\n$ araxes show nothing\n```\n", False),
        ("```console\n$ araxes show nothing\n…\n```\n", False),
        ("```console\n$ araxes show nothing\naraxes: …\n…\n```\n", True),
        ("```python\nprint(1 + 1)\n```\n\n```text\n2\n```\n", True),
        ("```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n", False),
        ("```python\nprint(1 + 1)\n```\n\nNothing.\n", False),
        ("```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n1\n```\n", True),
        ("```{code-block} csv\n:caption: a/b\n\nx\n```\n\n```console\n$ cat a/b\nx\n```\n", True),
        ("```console\n$ araxes --version > v.txt\n$ ls\nv.txt\n```\n", True),
    ],
)  # fmt: skip
def test_what_a_page_shows_is_compared_with_what_is_printed(shown, holds, tmp_path):
    assert (not run(shown, tmp_path)) == holds


@pytest.mark.parametrize(
    ("kind", "code", "error"),
    [
        ("console", "$ araxes sweep --pair A:B --out x.csv --scheduler tcp://x:1", None),
        ("console", "$ araxes sweep --pair A:B --out x.csv --shedule tcp://x:1", SystemExit),
        ("python", "from nowhere import x\nfrom corridors import sweep", None),
        ("python", "from corridors import swepe", AttributeError),
    ],
)
def test_what_needs_other_machines_is_read(kind, code, error, tmp_path):
    text = f"```{{code-block}} {kind}\n:class: elsewhere\n\n{code}\n```\n"
    with pytest.raises(error) if error else nullcontext():
        assert run(text, tmp_path) == []


@pytest.mark.parametrize("text", ["```ruby\nputs 1\n```\n", "```console\n$ curl x\n```\n"])
def test_what_cannot_be_run_is_refused(text, tmp_path):
    with pytest.raises(ValueError, match=r"neither run nor read|may not run"):
        run(text, tmp_path)


def test_a_page_is_renewed_with_what_is_printed_today(tmp_path):
    console = "```console\n$ araxes --version\naraxes 7\n$ ls\n```\n"
    old = f"A.\n\n{console}\n```python\nprint(1)\n```\n\nB.\n"
    new = blocks.renewed(old, run(old, tmp_path))
    assert "$ araxes --version\naraxes 1." in new
    assert new.endswith("```python\nprint(1)\n```\n\n```text\n1\n```\n\nB.\n")
    assert not run(new, tmp_path)


def test_what_sets_up_a_machine_is_there():
    commands = [
        step.code
        for page in blocks.pages()
        for step in blocks.steps(page.read_text("utf-8"))
        if blocks.sets_up(step)
    ]  # fmt: skip
    targets = re.findall(r"^([\w ]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    known = {name for line in targets for name in line.split()}
    extras = (
        (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.optional-dependencies]")[2]
    )
    assert len(commands) > 5
    for shown in commands:
        for target in re.findall(r"^make (\w+)", shown):
            assert target in known
        for extra in re.findall(r"\[(.*)\]", shown):
            assert all(f"\n{name} = " in extras for name in extra.split(","))


def test_every_command_is_on_a_page():
    text = "\n".join(page.read_text("utf-8") for page in blocks.pages())
    assert [name for name in COMMANDS if f"araxes {name}" not in text] == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_quoted_on_a_page(file):
    code = file.read_text("utf-8")
    assert any(code == block.text for page in blocks.pages()
               for block in blocks.blocks(page.read_text("utf-8")))  # fmt: skip


def test_the_citation_is_that_of_the_checkout():
    page = (ROOT / "docs" / "about" / "cite.md").read_text("utf-8")
    (entry,) = [block.text for block in blocks.blocks(page) if block.kind == "bibtex"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    found = dict(
        re.findall(r'^(title|version|license|date-released): "?(.*?)"?$', citation, re.MULTILINE)
    )
    assert f"title = {{{found['title']}}}" in entry
    assert f"version = {{{found['version']}}}" in entry
    assert f"year = {{{found['date-released'][:4]}}}" in entry
    assert f"license = {{{found['license']}}}" in entry


def test_the_gallery_names_every_command_that_draws():
    text = (ROOT / "docs" / "gallery.md").read_text("utf-8")
    for name in COMMANDS:
        alone = ArgumentParser()
        command(name).add_arguments(alone)
        if ".png" in alone.format_help():
            assert f"`araxes {name} " in text, name


def test_the_gallery_shows_every_figure_with_its_command():
    page = ROOT / "docs" / "gallery.md"
    assert blocks.pictures(page) == [f"figures/{key}.png" for key in GALLERY]
    commands = [step.code for step in blocks.steps(page.read_text("utf-8"))]
    assert commands == [f"araxes gallery --only {key} --out figures" for key in GALLERY]
