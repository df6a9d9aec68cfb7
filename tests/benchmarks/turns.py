"""Two things measured in turn, so that a busy machine slows both alike."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object], *, repeats: int
) -> tuple[float, float]:
    """Return the median seconds of two functions called in turn, after one call of each.

    The quicker one is called as often in its turn as fits the time of the other: a pause of the
    machine would otherwise hit the longer one alone.
    """
    functions = (ours, theirs)
    first = [_seconds(function, 1) for function in functions]
    calls = [max(1, round(max(first) / seconds)) for seconds in first]
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for times, function, n in zip(spent, functions, calls, strict=True):
            times.append(_seconds(function, n))
    return statistics.median(spent[0]), statistics.median(spent[1])


def _seconds(function: Callable[[], object], calls: int) -> float:
    """Return the mean seconds of some calls."""
    gc.collect()
    begin = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - begin) / calls


def ratio_line(bench: str, ours: float, theirs: float, bar: float) -> dict[str, Any]:
    """Return one line of output: a ratio of seconds under a bar, and our seconds beside it."""
    return {
        "bench": bench,
        "ours": round(ours, 4),
        "theirs": round(theirs, 4),
        "ratio": round(ours / theirs, 3),
        "unit": "s",
        "bar": bar,
        "ok": ours / theirs <= bar,
        "seconds": round(ours, 4),
    }
