"""Build the site of the documentation: ``python docs/site/build.py --out out/site``.

Pages are gathered in a folder, with those that are made from the program, with the pictures that
their own commands draw, and with the notebooks run. Then Sphinx makes HTML of them; a warning is an
error.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import blocks

HERE = Path(__file__).parent
DOCS = HERE.parent
ROOT = DOCS.parent
WORKERS = 2
# Pages of the root that the site holds as well, and where.
BESIDE = {"CHANGELOG.md": "about/changelog.md", "CONTRIBUTING.md": "about/contributing.md"}
# A picture of one white pixel, for a site that is only looked through.
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f"
    "00010101005a4d6ff10000000049454e44ae426082"
)


def draw(page: Path, target: Path) -> list[str]:
    """Run a page and put the pictures that it shows beside a copy of it; return what differs."""
    with tempfile.TemporaryDirectory() as folder:
        found = blocks.run(page.read_text("utf-8"), Path(folder), str(page))
        for name in blocks.pictures(page):
            file = target.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shrink(Path(folder) / name, file)
    return [f"{page} {difference}" for difference in found]


def shrink(source: Path, target: Path, wide: int = 1400) -> None:
    """Write a picture no wider than a page shows it."""
    from PIL import Image

    picture = Image.open(source).convert("RGB")
    high = round(picture.height * wide / picture.width)
    picture.resize((wide, high), Image.Resampling.LANCZOS).save(target, optimize=True)


def run_notebook(file: Path, target: Path) -> list[str]:
    """Run a notebook and write it with its outputs."""
    import nbformat
    from notebooks import executed

    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(executed(file, Path(folder)), target)
    return []


def gather(source: Path, *, drawn: bool = True) -> list[str]:
    """Gather the pages of the site; return what they show otherwise than it is printed.

    Parameters
    ----------
    drawn : whether pages are run for their pictures, and notebooks for their outputs; otherwise
        each picture is blank.
    """
    import reference

    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("site", "__pycache__"))
    for name, target in BESIDE.items():
        text = (ROOT / name).read_text("utf-8").replace("](docs/", "](../")
        (source / target).write_text(text, encoding="utf-8")
    (source / "reference" / "commands.md").write_text(reference.command_page(), encoding="utf-8")
    for name, text in reference.api_pages().items():
        (source / "reference" / name).write_text(text, encoding="utf-8")
    pages = [page for page in sorted(DOCS.rglob("*.md")) if blocks.pictures(page)]
    notebooks = sorted((DOCS / "notebooks").glob("*.ipynb"))
    if not drawn:
        for page in pages:
            for name in blocks.pictures(page):
                file = source / page.relative_to(DOCS).parent / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(BLANK)
        return []
    with ProcessPoolExecutor(WORKERS) as pool:
        tasks = [pool.submit(draw, page, source / page.relative_to(DOCS)) for page in pages]
        tasks += [
            pool.submit(run_notebook, file, source / file.relative_to(DOCS)) for file in notebooks
        ]
        return [line for task in tasks for line in task.result()]


class _Links(HTMLParser):
    """Collects what a page has, what it leads to, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        values = {name: value for name, value in attributes if value}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in ("canonical",):
            self.loads.append(values.get("href", ""))
        elif "src" in values:
            self.loads.append(values["src"])


def faults(site: Path) -> list[str]:
    """Return the links of a site that lead nowhere, and what would be loaded from elsewhere."""
    found: dict[Path, _Links] = {}
    # What the theme keeps beside its scripts are templates.
    for page in sorted(set(site.rglob("*.html")) - set((site / "_static").rglob("*"))):
        found[page] = _Links()
        found[page].feed(page.read_text("utf-8"))
    wrong = []
    for page, links in found.items():
        name = page.relative_to(site)
        for address in [*links.links, *links.loads]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if address in links.loads and parts.scheme != "data":
                    wrong.append(f"{name} loads {address}")
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_file():
                wrong.append(f"{name} leads to {address}, which is not there")
            elif (
                parts.fragment
                and target in found
                and unquote(parts.fragment) not in found[target].ids
            ):
                wrong.append(f"{name} leads to {address}, which has no such part")
    for style in sorted(site.rglob("*.css")):
        text = style.read_text("utf-8")
        loads = re.findall(r"(?:@import\s+|url\()[\"']?((?:https?:)?//[^\"')\s]+)", text)
        wrong += [f"{style.relative_to(site)} loads {address}" for address in loads]
    return wrong


def build(out: Path, *, drawn: bool = True) -> list[str]:
    """Build the site anew; return what is wrong with it.

    Parameters
    ----------
    drawn : whether its pictures are drawn and its notebooks run.
    """
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages"
        wrong = gather(source, drawn=drawn)
        shutil.rmtree(out, ignore_errors=True)
        words = ["-b", "html", "-W", "--keep-going", "-n", "-q", "-c", str(HERE), "-d",
                 str(Path(folder) / "doctrees"), str(source), str(out)]  # fmt: skip
        if build_main(words):
            wrong.append("Sphinx warns; see above")
    shutil.rmtree(out / ".doctrees", ignore_errors=True)
    return [*wrong, *faults(out)]


def main() -> int:
    """Build the site; print what is wrong, and return whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "site")
    parser.add_argument("--blank", action="store_true", help="draw no pictures, run no notebooks")
    options = parser.parse_args()
    wrong = build(options.out, drawn=not options.blank)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{options.out / 'index.html'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
