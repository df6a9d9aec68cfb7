"""The runner-up of every place of the bundled treaties, and its share of the odds.

The places have coordinates given by hand, with a reason each; what the gazetteer would offer for
the name instead is worked out here, as by `araxes validate FILE --places --out FILE`.
"""

from __future__ import annotations

import sys

from files import DATA

sys.path.insert(0, str(DATA.parent))

from borders.treaty.places import read_choices, write_choices


def build() -> int:
    places = 0
    for path in sorted((DATA / "treaties").glob("*.toml")):
        choices = read_choices(path)
        if choices:
            write_choices(path, path, choices)
        places += len(choices)
    return places


if __name__ == "__main__":
    print(build())
