"""Progress bars on the error stream, where a terminal shows it."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

__all__ = ["bar", "steps", "waiting"]

# Work shorter than this shows no bar, which would only flicker; an assumption.
AFTER_S = 0.5
# To the begin of the line, and what stands on it away.
_CLEAR = "\r\x1b[K"


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

    It shows nothing where no terminal is watching, nor before half a second; then also before the
    first call, with the time since it began.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    shown: list[Progress] = []
    last: list[tuple[int, int]] = []

    def show() -> None:
        progress = _bar(0, clock=True)
        progress.add_task(what, total=None)
        progress.start()
        shown.append(progress)
        for done, total in last[-1:]:
            progress.update(progress.task_ids[0], completed=done, total=total)

    # Shown by the clock, not by the first step: before that a large network is read and ordered.
    showing = threading.Timer(AFTER_S, show)
    showing.daemon = True
    showing.start()

    def step(done: int, total: int) -> None:
        last[:] = [(done, total)]
        for progress in shown:
            progress.update(progress.task_ids[0], completed=done, total=total)

    try:
        yield step
    finally:
        showing.cancel()
        showing.join()
        for progress in shown:
            progress.stop()


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what takes a while, and for how long it has, where how far it is cannot be told.

    It shows nothing where no terminal is watching, nor before half a second.
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield
        return
    done = threading.Event()

    def tell() -> None:
        begun = time.monotonic()
        pause = AFTER_S
        while not done.wait(pause):
            # What is said meanwhile begins on the same line.
            print(f"{_CLEAR}{what} … {time.monotonic() - begun:.0f} s\r", end="", file=stream,
                  flush=True)  # fmt: skip
            pause = 1.0
        if pause == 1.0:
            # The line is taken back: it stands for work that is done.
            print(_CLEAR, end="", file=stream, flush=True)

    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    try:
        yield
    finally:
        done.set()
        telling.join()


def _bar(width: int, *, clock: bool = False) -> Progress:
    # Imported only here: most commands are done before rich would have loaded.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns: list[ProgressColumn] = [
        TextColumn(f"{{task.description:<{width}}}"), BarColumn(), MofNCompleteColumn()
    ]  # fmt: skip
    if clock:
        columns.append(TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
