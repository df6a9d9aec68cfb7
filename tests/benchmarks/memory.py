"""How much memory a process has had at most."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["peak_mb"]


def peak_mb(pid: int | str = "self") -> float:
    """Return the most memory that a program has had since it began, in MB.

    The operating system's `ru_maxrss` is no less than what its parent had when it was started.
    """
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6
