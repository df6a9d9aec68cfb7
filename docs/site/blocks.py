"""The code blocks of a page: run from top to bottom, and what they print beside what is shown.

A page is a script. Its blocks run in order in one folder; those of Python share their names.

- ``console``: lines after ``$`` are commands, the lines below one are what it prints.
- ``python``: what it prints stands in the ``text`` block after it.
- a block with a caption is a file of that name.
- a block of class ``elsewhere`` needs other machines: it is read, not run. The parser must take its
  commands, and what its Python imports of ours must be there.

In what is shown, ``…`` stands for any text within a line, and alone in a line for any lines.
``python docs/site/blocks.py [PAGE…]`` writes what is printed today into pages.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ANY = "…"
# Blocks that are read and not run, and commands that set up a machine: what they name is checked.
READ = ("bibtex", "toml", "csv")
SET_UP = re.compile(
    r"make \w+|pip install .*|\. \.venv/bin/activate|jupyter lab|\.venv/bin/python tests/.*"
)
# What every run has: a width, and a day for files that would otherwise say when they were made.
ENVIRONMENT = {"COLUMNS": "80", "SOURCE_DATE_EPOCH": "1780272000"}


@dataclass(frozen=True)
class Block:
    """A block of code: its kind, its lines, the number of its first line, its caption if any."""

    kind: str
    lines: tuple[str, ...]
    first: int
    file: str = ""
    elsewhere: bool = False

    @property
    def text(self) -> str:
        """Return the lines as a text."""
        return "".join(f"{line}\n" for line in self.lines)


@dataclass(frozen=True)
class Shown:
    """What is run, and the lines that the page shows of what it prints; `first` is their number."""

    code: str
    kind: str
    at: int
    lines: tuple[str, ...]
    first: int
    elsewhere: bool = False


def sets_up(step: Block | Shown) -> bool:
    """Return whether a step sets up a machine, and is not run."""
    return isinstance(step, Shown) and SET_UP.fullmatch(_plain(step.code)) is not None


def _plain(code: str) -> str:
    return code.partition(" #")[0].strip()


@dataclass(frozen=True)
class Difference:
    """Where a page shows something else than what is printed."""

    shown: Shown
    printed: tuple[str, ...]
    code: int = 0

    def __str__(self) -> str:
        """Return both, and the exit code if it is not 0."""
        said = [f"line {self.shown.at}: {self.shown.code.strip()}"]
        said += [f"  shown    {line}" for line in self.shown.lines]
        said += [f"  printed  {line}" for line in self.printed]
        return "\n".join([*said, *([f"  exit code {self.code}"] if self.code else [])])


def blocks(text: str) -> list[Block]:
    """Return the blocks of code of a page."""
    found = []
    for token in MarkdownIt().parse(text):
        if token.type != "fence" or token.map is None:
            continue
        kind, lines, first = token.info.strip(), token.content.splitlines(), token.map[0] + 1
        file, elsewhere = "", False
        if kind.startswith("{code-block}"):
            kind = kind.removeprefix("{code-block}").strip()
            options = [line for line in lines if re.match(r":\w+:", line)]
            named = [line.split(":", 2)[2].strip() for line in options if "caption" in line]
            file, first = "".join(named), first + len(options)
            elsewhere = ":class: elsewhere" in options
            lines = lines[len(options) :]
            if lines and not lines[0]:
                lines, first = lines[1:], first + 1
        elif kind.startswith("{"):
            continue
        found.append(Block(kind, tuple(lines), first, file, elsewhere))
    return found


def _commands(block: Block) -> Iterator[Shown]:
    """Yield the commands of a console with what it shows of each."""
    starts = [n for n, line in enumerate(block.lines) if line.startswith("$ ")]
    for start, stop in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        end = start + 1
        while block.lines[end - 1].endswith("\\"):
            end += 1
        code = "\n".join(block.lines[start:end]).removeprefix("$ ")
        yield Shown(code, "console", block.first + start + 1, block.lines[end:stop],
                    block.first + end, block.elsewhere)  # fmt: skip


def steps(text: str) -> Iterator[Block | Shown]:
    """Yield what a page does, in order: files that it gives, commands, Python."""
    found = blocks(text)
    for n, block in enumerate(found):
        after = found[n + 1] if n + 1 < len(found) else None
        if block.file or block.kind in READ:
            yield block
        elif block.kind == "console":
            yield from _commands(block)
        elif block.kind == "python":
            follows = after is not None and after.kind in ("", "text") and not after.file
            lines, first = (after.lines, after.first) if follows else ((), 0)
            yield Shown(block.text, "python", block.first + 1, lines, first, block.elsewhere)
        elif block.kind not in ("", "text"):
            message = f"line {block.first}: a block of '{block.kind}' is neither run nor read"
            raise ValueError(message)


def same(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Return whether a page shows what is printed, with … for what it leaves out."""
    parts = []
    for line in shown:
        if line.strip() == ANY:
            parts.append(r"(?:.*\n)*")
        else:
            parts.append(".*".join(map(re.escape, line.rstrip().split(ANY))) + r"\n")
    text = "".join(f"{line.rstrip()}\n" for line in printed)
    return re.fullmatch("".join(parts), text) is not None


def _shell(words: list[str]) -> int:
    """Run a command of the few that a page needs beside `araxes`."""
    from maps.cli.main import main

    name, *rest = words
    if name == "araxes":
        try:
            return main(rest)
        except SystemExit as stop:
            return int(stop.code or 0)
    if name == "cd":
        os.chdir(rest[0])
    elif name == "ls":
        print("\n".join(sorted(p.name for p in Path(rest[0] if rest else ".").iterdir())))
    elif name == "cat":
        print(Path(rest[0]).read_text("utf-8"), end="")
    elif name == "rm":
        for path in [path for pattern in rest for path in Path.cwd().glob(pattern)]:
            path.unlink()
    else:
        message = f"a page may not run `{name}`"
        raise ValueError(message)
    return 0


def _command(code: str) -> int:
    words = shlex.split(code.replace("\\\n", " "), comments=True)
    if ">" in words:
        words, file = words[: words.index(">")], words[-1]
        with Path(file).open("w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
            return _shell(words)
    return _shell(words)


def run(text: str, folder: Path, name: str = "page") -> list[Difference]:
    """Run a page in a folder; return where it shows something else than what is printed.

    Raises
    ------
    ValueError : a block is of a kind that is neither run nor read.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    found = []
    before = {key: os.environ.get(key) for key in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        with contextlib.chdir(folder):
            for step in steps(text):
                if isinstance(step, Block):
                    if step.file:
                        Path(step.file).parent.mkdir(parents=True, exist_ok=True)
                        Path(step.file).write_text(step.text, encoding="utf-8", newline="\n")
                elif step.elsewhere:
                    _read(step)
                elif not sets_up(step):
                    found += _difference(step, folder.resolve(), names, name)
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
    return found


def _read(step: Shown) -> None:
    """Read what is not run: its command, or what its Python imports of ours."""
    import ast
    from importlib import import_module

    from maps.cli.main import parser

    if step.kind == "python":
        for node in ast.walk(ast.parse(step.code)):
            if isinstance(node, ast.ImportFrom) and node.module in ("borders", "corridors", "maps"):
                for alias in node.names:
                    getattr(import_module(node.module), alias.name)
    elif not sets_up(step):
        parser().parse_args(shlex.split(step.code.replace("\\\n", " "), comments=True)[1:])


def _difference(step: Shown, folder: Path, names: dict[str, Any], name: str) -> list[Difference]:
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        if step.kind == "console":
            code = _command(step.code)
        else:
            # A traceback then names the line of the page.
            source = "\n" * (step.at - 1) + step.code
            exec(compile(source, name, "exec"), names)
    # A folder of a long name stands in a line of its own, where a shorter one would not.
    text = printed.getvalue().replace(f"\n    {folder}", f" {folder}")
    lines = tuple(line.rstrip() for line in text.splitlines())
    # A command may fail if the page shows with what words.
    told = not code or any(line.startswith("araxes") for line in step.lines)
    return [] if same(step.lines, lines) and told else [Difference(step, lines, code)]


def _elided(difference: Difference) -> list[str]:
    """Return what is printed, with … for an end and for parts of lines that were left out."""
    shown, printed = difference.shown.lines, list(difference.printed)
    if shown and shown[-1].strip() == ANY and len(printed) >= len(shown):
        printed[len(shown) - 1 :] = [ANY]
    kept = [_shortened(old, new) for old, new in zip(shown, printed, strict=False)]
    return kept + printed[len(kept) :]


def _shortened(old: str, new: str) -> str:
    """Return a line that is printed today, with what was left out of it before left out."""
    if ANY in old and same((old,), (new,)):
        return old
    if old.endswith(ANY) and len(new) > len(old):
        return f"{new[: len(old) - 1]}{ANY}"
    return new


def renewed(text: str, differences: list[Difference]) -> str:
    """Return a page with what is printed in place of what it shows."""
    lines = text.splitlines()
    for difference in sorted(differences, key=lambda one: -one.shown.at):
        shown = difference.shown
        if shown.first:
            lines[shown.first : shown.first + len(shown.lines)] = _elided(difference)
        else:
            end = shown.at + shown.code.count("\n")
            lines[end:end] = ["", "```text", *difference.printed, "```"]
    return "\n".join(lines) + "\n"


def pages() -> list[Path]:
    """Return the pages of the site that people write, and the README."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def pictures(page: Path) -> list[str]:
    """Return the pictures that a page shows and that its own commands draw."""
    named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8"))
    return [name for name in named if not (page.parent / name).exists()]


def main() -> int:
    """Renew the pages that are named, or all."""
    for page in map(Path, sys.argv[1:] or pages()):
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            differences = run(text, Path(folder), str(page))
        for difference in differences:
            print(f"{page} {difference}", file=sys.stderr)
        page.write_text(renewed(text, differences), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
