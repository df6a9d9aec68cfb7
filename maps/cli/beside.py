"""Work of a command in a process beside that of the program, and how many may run at once."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["beside", "processors", "quota"]

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
    if not ours or processors() < 2:
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


def processors() -> int:
    """Return how many processors this process may use, by its affinity and its control group."""
    # Python knows it from 3.13; os.cpu_count is how many the machine has.
    if hasattr(os, "process_cpu_count"):
        count = os.process_cpu_count() or 1
    elif hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return min(count, quota() or count)


def quota(
    own: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")
) -> int | None:
    """Return how many processors the control groups of this process grant, None if they do not say.

    A container's limit is such a quota; the affinity does not tell of it. A part counts as one.

    Parameters
    ----------
    own : the file that names the groups of the process.
    groups : where their files are.

    Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), scheduler/sched-bwc.html
    """
    granted = []
    try:
        lines = own.read_text("ascii").splitlines()
    except (OSError, ValueError):
        return None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = groups / "cpu" if controllers else groups
        group = root / path.strip("/")
        # In a container the path may be that outside of it, and the files those of the root.
        for folder in (group, *(p for p in group.parents if p == root or root in p.parents)):
            granted += _granted(folder)
    return min(granted, default=None)


def _granted(folder: Path) -> list[int]:
    """Return the quota that the files of a control group state, empty without one."""
    try:
        if (folder / "cpu.max").exists():
            share, period = (folder / "cpu.max").read_text("ascii").split()
        else:
            share, period = (
                (folder / f"cpu.cfs_{part}_us").read_text("ascii") for part in ("quota", "period")
            )
        return [ceil(int(share) / int(period))] if int(share) > 0 else []
    except (OSError, ValueError):
        return []


def _begin() -> None:
    """Set up a process as the program sets up itself; it ends with that one."""
    from borders.files.c_locale import set_c_locale
    from corridors.sweeps.parent import end_with_parent
    from maps.cli.messages import quiet_matplotlib

    # As the program leaves at once: taking the libraries down one by one would only take longer.
    atexit.register(os._exit, 0)
    # The program is told to stop, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    gc.set_threshold(1_000_000)
    set_c_locale()
    quiet_matplotlib()
