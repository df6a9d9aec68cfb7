"""Python as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys


def run_python(*arguments, folder, **environment):
    """Return what Python prints, run in a folder, with more variables in its environment."""
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
