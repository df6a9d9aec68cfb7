"""A Dask scheduler and workers as processes of this machine, on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _begun(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Return a scheduler or a worker that is about to start."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:],
               "--no-dashboard"]  # fmt: skip
    # A worker that was killed is called for so long, half a minute if nothing else is said.
    quick = {
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s",
        # Look at what a worker does a hundred and fifty times a second (see docs/cluster.md).
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
        "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    }
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=folder,
        env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder), **quick},
    )  # fmt: skip


def _ready(process: subprocess.Popen[str], words: str) -> str:
    """Return the line in which a process says that it is ready."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            # What it says later must not fill the pipe.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return line
    message = f"{process.args} ended before it was ready"
    raise AssertionError(message)


@contextmanager
def dask_cluster(
    folder: Path, n_workers: int = 2
) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """Yield the address of a scheduler, and its workers, without nannies that restart them."""
    scheduler = _begun(folder, "scheduler", "--host", "127.0.0.1", "--port", "0")
    processes = [scheduler]
    try:
        address = re.search(r"tcp://[\d.:]+", _ready(scheduler, "Scheduler at:"))
        assert address
        processes += [
            _begun(folder, "worker", address[0], "--nthreads", "1", "--no-nanny",
                   "--local-directory", str(folder / f"w{n}"))
            for n in range(n_workers)
        ]  # fmt: skip
        for worker in processes[1:]:
            _ready(worker, "Registered to:")
        yield address[0], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()
