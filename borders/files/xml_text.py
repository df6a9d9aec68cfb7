"""The text of an XML file in the encoding that it states, and a parser that takes no bombs."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from borders.errors import FileFormatError
from borders.files.toml import reading

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["not_root", "parsed", "root_name", "xml_text"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_STATED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([^\"'>]{1,60})[\"']")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
# What may stand before the first element: blanks, the declaration, comments and instructions.
_BEFORE_ROOT = re.compile(
    r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL
)


def xml_text(path: Path) -> str:
    """Return the text of an XML file, without its declaration.

    A byte order mark says how it is encoded, or else its declaration, or else it is UTF-8.

    Raises
    ------
    FileFormatError : it cannot be opened, or is not in the encoding that it states; says which.
    """
    with reading(path):
        content = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    if not encoding:
        stated = _STATED.match(content.lstrip()[:300])
        encoding = stated[1].decode("ascii", "replace") if stated else "utf-8"
    try:
        text = content.decode(encoding)
    except (LookupError, ValueError) as err:
        byte = f" (byte {err.start})" if isinstance(err, UnicodeDecodeError) else ""
        known = f"not in {encoding.upper()}, as it states{byte}" if byte else (
            f"in '{encoding}', an encoding that is not known"
        )  # fmt: skip
        message = (
            f"{path}: cannot be read: its text is {known}; state the right one in its first line, "
            'such as encoding="windows-1254", or save it as UTF-8'
        )
        raise FileFormatError(message) from err
    return _DECLARATION.sub("", text, count=1)


def root_name(text: str) -> str:
    """Return the name of the first element of an XML text, without its prefix; empty if none."""
    before = _BEFORE_ROOT.match(text)
    begun = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)").match(text, before.end() if before else 0)
    return begun[1] if begun else ""


def not_root(path: Path, text: str, kind: str) -> str:
    """Return that an XML text is not of a kind, by its first element."""
    other = root_name(text)
    if other in ("", "html"):
        return f"{path}: not a {kind} file, whatever its suffix says; check how it was made"
    return f"{path}: XML, but not {kind}: it begins with <{other[:40]}>; check how it was made"


def parsed(path: Path, text: str) -> Element:
    """Return the root element of an XML text; names are without prefixes, declared or not.

    Raises
    ------
    FileFormatError : it is not well-formed, or it declares entities, which can fill the memory.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: builder.start(
        name.rpartition(":")[2], attributes
    )
    parser.EndElementHandler = lambda name: builder.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = builder.data

    def refuse(*_: object) -> None:
        message = f"{path}: declares entities, which nothing here needs; remove its DOCTYPE"
        raise FileFormatError(message)

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as err:
        reason = expat.errors.messages[err.code]
        message = f"{path}: cannot be read: line {err.lineno}: {reason}; mend it"
        raise FileFormatError(message) from err
    root: Element = builder.close()
    return root
