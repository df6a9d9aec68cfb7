"""The errors of the areas of the pieces of Nakhchivan that were ceded: `context/ceded_areas.csv`.

They come from draws of the places that bound each piece, which take longer than a map should.
"""

from __future__ import annotations

import sys

from files import DATA, table

sys.path.insert(0, str(DATA.parent))

from corridors.context.ceded_pieces import drawn_sigmas_m2

TARGET = DATA / "context" / "ceded_areas.csv"


def build() -> int:
    rows = [(key, f"{sigma_m2 / 1e6:.2f}") for key, sigma_m2 in drawn_sigmas_m2().items()]
    return table(TARGET, ["piece", "sigma_km2"], rows)


if __name__ == "__main__":
    print(build())
