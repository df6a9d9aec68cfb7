"""Texts and elements as XML 1.0 can hold them, for GPX, KML and styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["attribute", "content", "indented", "legal"]

# What XML 1.0 forbids even as a reference. https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# As ElementTree writes the value of an attribute.
_QUOTED = {"\r": "&#13;", "\n": "&#10;", "\t": "&#09;", '"': "&quot;"}


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


def indented(element: Element, *, begin: str = "\n") -> str:
    r"""Return an element as text, what is in it on lines of its own, a space farther in.

    As ElementTree's ``indent`` and ``tostring`` write it, in a quarter of the time. Names have no
    namespaces, and an element has either elements in it or text.

    Parameters
    ----------
    begin : the end of a line and the spaces before the element.

    Examples
    --------
    >>> from xml.etree.ElementTree import Element, SubElement
    >>> rule = Element("rule", name="a < b")
    >>> SubElement(rule, "symbol").text = "1"
    >>> indented(rule)
    '<rule name="a &lt; b">\n <symbol>1</symbol>\n</rule>'
    """
    quoted = "".join(f' {key}="{escape(value, _QUOTED)}"' for key, value in element.items())
    inside = escape(element.text or "")
    if len(element):
        farther = f"{begin} "
        inside = "".join(farther + indented(child, begin=farther) for child in element) + begin
    end = f">{inside}</{element.tag}>" if inside else " />"
    return f"<{element.tag}{quoted}{end}"
