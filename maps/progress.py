"""A bar on the error stream for a person who waits."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["steps"]


@contextmanager
def steps(total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function that names the next step; silent where no terminal is watching."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn()
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def step(what: str) -> None:
            done = bar.tasks[0].completed
            bar.update(task, description=what, completed=done + 1, refresh=True)

        yield step
