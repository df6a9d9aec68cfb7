"""Numbers of things, in words."""

from __future__ import annotations

__all__ = ["counted"]


def counted(n: int, noun: str) -> str:
    """Return a number of things with their noun, which takes an s but for one.

    Examples
    --------
    >>> counted(1, "link"), counted(1200, "node")
    ('1 link', '1,200 nodes')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
