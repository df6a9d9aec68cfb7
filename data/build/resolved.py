"""The boundaries of the bundled treaties, resolved and drawn once: legs, lengths, error bands.

Each is stored with a checksum of its input, so that a stale one is resolved anew.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from files import DATA

sys.path.insert(0, str(DATA.parent))

from borders.compiler.deviation import drawn_band
from borders.compiler.monte_carlo import draws
from borders.compiler.precompiled import FILE, pack
from borders.compiler.resolve import resolve
from borders.geodesy import scale_curve
from borders.treaty.treaty import read_treaty, treaty_ids


def build() -> int:
    arrays: dict[str, np.ndarray] = {}
    for key in treaty_ids():
        line = resolve(read_treaty(key))
        arrays |= pack(line, drawn_band(line), draws(line), scale_curve(line.geometry))
    keywords: dict[str, Any] = arrays
    np.savez(DATA / FILE, **keywords)
    return len(treaty_ids())


if __name__ == "__main__":
    print(build())
