"""Debian's QGIS, headless: what it makes of a project or a GeoPackage."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

REQUIRED = os.environ.get("ARAXES_REQUIRE_QGIS") == "1"
# The Python that Debian's package python3-qgis is for.
PYTHON = "/usr/bin/python3"
_SCRIPT = Path(__file__).with_name("qgis_render.py")


def _environment(folder: str) -> dict[str, str]:
    """Return an environment in which QGIS needs no screen, and touches no settings of a user."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    return kept | {
        "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder, "HOME": folder,
        "QGIS_CUSTOM_CONFIG_PATH": folder, "PYTHONNOUSERSITE": "1",
    }  # fmt: skip


@cache
def installed() -> bool:
    """Tell whether the Python of the system can import QGIS."""
    if not Path(PYTHON).exists():
        return False
    asked = [PYTHON, "-c", "import qgis.core"]
    done = subprocess.run(asked, capture_output=True, check=False, env=_environment("/tmp"))
    return done.returncode == 0


def opened(folder: Path, file: Path, **task: Any) -> dict[str, Any]:
    """Return what QGIS says of a file, and let it draw a picture if the task names one."""
    done = subprocess.run(
        [PYTHON, str(_SCRIPT), json.dumps({"file": str(file), **task}, default=str)],
        capture_output=True, text=True, check=False, cwd=folder, env=_environment(str(folder)),
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, done.stderr
    assert lines, done.stderr
    told: dict[str, Any] = json.loads(lines[-1])
    return told
