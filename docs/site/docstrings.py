"""Docstrings of numpydoc as fields of reStructuredText.

Ours say types in annotations alone, so that what follows a name and its colon is its description,
and what follows "Returns" is a text; numpydoc's and napoleon's parsers would take both for types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

__all__ = ["fields", "setup_docstrings"]

FIELDS = {"Parameters": "param", "Attributes": "param", "Raises": "raises", "Warns": "raises"}
TEXTS = {"Returns": "returns", "Yields": "returns"}


def _sections(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each section with its title; the first has none."""
    title: str = ""
    body: list[str] = []
    for line in lines:
        if body and re.fullmatch(r"-{3,}", line) and re.fullmatch(r"[A-Z][A-Za-z ]+", body[-1]):
            yield title, body[:-1]
            title, body = body[-1], []
        else:
            body.append(line)
    yield title, body


def _entries(body: list[str]) -> Iterator[tuple[str, str]]:
    """Yield names and their descriptions; lines that are indented go on with the one before."""
    entries: list[list[str]] = []
    for line in filter(str.strip, body):
        if line.startswith(" ") and entries:
            entries[-1].append(line.strip())
        else:
            entries.append([line.strip()])
    for entry in entries:
        name, _, text = " ".join(entry).partition(" : ")
        yield name, text


def fields(lines: list[str]) -> list[str]:
    """Return the lines of a docstring in reStructuredText."""
    made: list[str] = []
    for title, body in _sections(lines):
        if title in FIELDS:
            for names, text in _entries(body):
                made += [f":{FIELDS[title]} {name.strip()}: {text}" for name in names.split(",")]
        elif title in TEXTS:
            made.append(f":{TEXTS[title]}: {' '.join(line.strip() for line in body)}")
        elif title:
            made += ["", f".. rubric:: {title}", "", *body]
        else:
            made += body
        made += [""] if title not in FIELDS and title not in TEXTS else []
    return made


def _process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    del app, what, name, obj, options
    lines[:] = fields(lines)


def setup_docstrings(app: Sphinx) -> None:
    """Let autodoc read docstrings so."""
    app.connect("autodoc-process-docstring", _process)
