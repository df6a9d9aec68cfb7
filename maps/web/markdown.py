"""Texts in Markdown as HTML that can do nothing: no tag, no script, no picture, no odd address."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from maps.web.document import balanced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["safe_html"]

# Where a link may lead: to the web, to a mailbox, and to another step of the page.
_ADDRESS = re.compile(r"(https?://|mailto:|#step=[1-9][0-9]{0,3}$)", re.IGNORECASE)
# The page's title is its only heading of the first level.
_BELOW_TITLE = 1


def safe_html(text: str) -> str:
    r"""Return a text in CommonMark, with tables, as HTML.

    Tags are shown as text. Links lead to http, https and mailto addresses, or to a step of the page
    (``#step=2``); what else is written as a link stays text. Of a picture its description stays.

    Examples
    --------
    >>> safe_html("*a* <b> [x](javascript:x)")
    '<p><em>a</em> &lt;b&gt; [x](javascript:x)</p>\n'
    """
    html: str = _markdown().render(balanced(text))
    return html


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Set on the object: markdown-it-py asks it of every address, those in angle brackets too.
    markdown.validateLink = _is_allowed  # type: ignore[assignment,method-assign]
    # A picture with an address that is no link would stay as its source in Markdown.
    markdown.add_render_rule("image", _described)
    markdown.add_render_rule("link_open", _opened)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


def _is_allowed(address: str) -> bool:
    return _ADDRESS.match(address.strip()) is not None


def _described(_: Any, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
    return escape(tokens[at].content)


def _opened(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    if not str(tokens[at].attrGet("href")).startswith("#"):
        tokens[at].attrSet("target", "_blank")
        tokens[at].attrSet("rel", "noopener noreferrer")
    html: str = renderer.renderToken(tokens, at, options, env)
    return html


def _heading(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    tokens[at].tag = f"h{min(6, int(tokens[at].tag[1]) + _BELOW_TITLE)}"
    html: str = renderer.renderToken(tokens, at, options, env)
    return html
