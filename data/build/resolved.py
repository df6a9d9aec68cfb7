"""The boundaries of the bundled treaties, drawn once: the legs with their errors, float by float.

Each is kept with a checksum of what it was drawn from, so that a stale one is drawn anew.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from files import DATA

sys.path.insert(0, str(DATA.parent))

from borders.compiler.precompiled import FILE, pack
from borders.compiler.resolve import resolve
from borders.treaty.treaty import read_treaty, treaty_ids


def build() -> int:
    arrays: dict[str, np.ndarray] = {}
    for key in treaty_ids():
        arrays |= pack(resolve(read_treaty(key)))
    named: dict[str, Any] = arrays
    np.savez(DATA / FILE, **named)
    return len(treaty_ids())


if __name__ == "__main__":
    print(build())
