"""Progress bars on the error stream, where a terminal shows it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

__all__ = ["bar", "steps", "waiting"]

# Work shorter than this shows no bar, which would only flicker; an assumption.
AFTER_S = 0.5


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function that names the next step; silent where no terminal is watching."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    with _bar(34) as progress:
        task = progress.add_task("", total=total)

        def step(what: str) -> None:
            done = progress.tasks[0].completed
            progress.update(task, description=what, completed=done + 1, refresh=True)

        yield step


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to call with how much is done and of how much.

    It shows nothing where no terminal is watching, nor before half a second.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    begun = time.monotonic()
    shown: list[Progress] = []

    def step(done: int, total: int) -> None:
        if not shown and time.monotonic() - begun >= AFTER_S:
            shown.append(_bar(0))
            shown[0].add_task(what, total=None)
            shown[0].start()
        for progress in shown:
            progress.update(progress.task_ids[0], completed=done, total=total, refresh=True)

    try:
        yield step
    finally:
        for progress in shown:
            progress.stop()


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what takes a while, where a terminal is watching and how far it is cannot be told."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    print(f"{what} …", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        # The line is taken back: it stands for work that is done.
        print(f"\r{' ' * (len(what) + 2)}\r", end="", file=sys.stderr, flush=True)


def _bar(width: int) -> Progress:
    # Imported only here: most commands are done before rich would have loaded.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn(f"{{task.description:<{width}}}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)
