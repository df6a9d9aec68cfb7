"""The folder in which what took long to find is kept for the next time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path | None:
    """Return the folder of cached orders: ARAXES_CACHE, or below the user's cache folder.

    None for a user without a home folder.
    """
    if chosen := os.environ.get("ARAXES_CACHE"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as containers have
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "araxes"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "araxes/cache"
    # The XDG specification has relative paths ignored.
    xdg = Path(os.environ.get("XDG_CACHE_HOME") or "")
    return (xdg if xdg.is_absolute() else home / ".cache") / "araxes"
