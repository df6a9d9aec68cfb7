"""Texts as XML 1.0 can hold them, for GPX and KML."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

__all__ = ["attribute", "content", "legal"]

# What XML 1.0 forbids even as a reference. https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(value: Any) -> str:
    """Return a value as text without the characters that XML forbids."""
    return _NOT_XML.sub("", str(value))


def content(value: Any) -> str:
    r"""Return a value as the content of an element, without characters that XML forbids.

    Examples
    --------
    >>> content("a < b\r\x1b")
    'a &lt; b&#13;'
    """
    # A bare carriage return is read as a line feed.
    return escape(legal(value), {"\r": "&#13;"})


def attribute(value: Any) -> str:
    """Return a value as an attribute, in quotes."""
    return quoteattr(legal(value))
