"""The process that started this one."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from threading import Thread

__all__ = ["end_with_parent"]


def end_with_parent() -> None:
    """Let this process end when the one that started it does, even if that is killed.

    It would wait for the next share of the work for ever.
    """
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()
