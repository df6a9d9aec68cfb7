"""Work of a command in a process beside that of the program."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["beside"]

T = TypeVar("T")


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Do work in a process of its own while the block does other work; yield what waits for it.

    In a library's process, on a machine with one processor, or if the other process is ended, the
    work is done here, when it is waited for.

    Parameters
    ----------
    work : can be pickled, and so can what it returns.
    """
    # A new process imports the script that runs; any but ours might do its work again.
    ours = hasattr(sys.modules.get("__main__"), "program")
    if not ours or _processors() < 2:
        yield work
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    others = set(active_children())
    # A forked process would share locks and threads with this one.
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
    future = pool.submit(work)

    def wait() -> T:
        try:
            return future.result()
        except BrokenProcessPool:
            return work()

    try:
        yield wait
    finally:
        if not future.done():
            # Why the block was left is told at once.
            for process in set(active_children()) - others:
                process.kill()
        pool.shutdown(cancel_futures=True)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin() -> None:
    """Set up a process as the program sets up itself; it ends with that one."""
    from borders.files.c_locale import set_c_locale
    from corridors.sweeps.parent import end_with_parent
    from maps.cli.messages import quiet_matplotlib

    # The program is told to stop, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    gc.set_threshold(1_000_000)
    set_c_locale()
    quiet_matplotlib()
