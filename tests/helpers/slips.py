"""Slips of the hand in a text."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def line_lost_or_doubled(draw, texts):
    """Return one of some texts with a line of it lost or doubled."""
    lines = draw(st.sampled_from(texts)).splitlines(keepends=True)
    at = draw(st.integers(0, len(lines) - 1))
    times = draw(st.sampled_from([0, 2]))
    return "".join([*lines[:at], *[lines[at]] * times, *lines[at + 1 :]])
