"""A net of bent roads as an extract of OpenStreetMap has it, the same each time."""

from __future__ import annotations

import random

from osm_files import Drawn, road

SEED = 7
# Corners of a net of roads, which bend between them; lon and lat in degrees.
SIDE, STEP, WEST, SOUTH = 6, 0.02, 43.0, 40.0


def net():
    """Return roads between the corners of a net: some of one way, a loop, a parallel, a stub."""
    rng = random.Random(SEED)
    nodes, ways = {}, {}

    def bend(a, b, *, by):
        """Return the vertices between two nodes."""
        between = []
        for k in range(1, count := rng.randrange(1, 6)):
            share = k / count
            at = [p + share * (q - p) for p, q in zip(nodes[a], nodes[b], strict=True)]
            nodes[key := 1000 + len(nodes)] = (
                at[0] + rng.uniform(-by, by), at[1] + rng.uniform(-by, by)
            )  # fmt: skip
            between.append(key)
        return [a, *between, b]

    for n in range(SIDE * SIDE):
        x, y = divmod(n, SIDE)
        nodes[n + 1] = (
            WEST + STEP * x + rng.uniform(-0.004, 0.004),
            SOUTH + STEP * y + rng.uniform(-0.004, 0.004),
        )
    for n in range(SIDE * SIDE):
        for m in ([n + SIDE] if n + SIDE < SIDE * SIDE else []) + (
            [n + 1] if (n + 1) % SIDE else []
        ):
            tags = {"oneway": "yes"} if rng.random() < 0.25 else {}
            tags |= {"highway": rng.choice(["residential", "tertiary", "primary"])}
            ways[100 + len(ways)] = road(*bend(n + 1, m + 1, by=0.004), **tags)
    nodes |= {901: (42.98, 39.98), 902: (42.97, 39.99), 903: (42.985, 39.995)}
    ways[900] = road(1, 901, 902, 903, 1)
    nodes |= {904: (43.12, 39.97), 905: (43.14, 39.975), 906: (43.135, 39.985)}
    corner = SIDE * (SIDE - 1) + 1
    ways[901] = road(corner, 904, 905, 906, corner, oneway="yes")
    ways[902] = road(*bend(8, 9, by=0.006), highway="secondary")
    nodes[907] = (42.97, 40.11)
    ways[903] = road(*bend(SIDE, 907, by=0.003))
    return Drawn(nodes, ways)
