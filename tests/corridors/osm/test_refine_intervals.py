"""Intervals of lengths on real ways: links of known length, drawn over real extracts.

The factor of an extract is learnt from the others, so that none is checked on what it taught.
Where no extracts lie beside the checkout there is nothing to run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from drawn_links import EXTRACTS, factor_without, trial

from corridors.osm.refine import DOUBT

FOLDER = Path(os.environ.get("ARAXES_EXTRACTS") or Path(__file__).parents[4] / "shared" / "osm")
# Porto's takes longer than all others together.
FILES = [FOLDER / name for name in EXTRACTS if "porto" not in name]
COUNT = 60

if not all(file.is_file() for file in FILES):
    pytest.skip("no real extracts here", allow_module_level=True)


def test_lengths_of_an_extract_left_out_lie_in_the_intervals_that_others_teach():
    trials = [trial(file, COUNT) for file in FILES]
    # Serpentines and gates of towns lose some; what is matched must be matched well.
    assert all(len(found.error) > 0.85 * found.links for found in trials)
    count = sum(len(found.error) for found in trials)
    for factors in ([factor_without(trials, found) for found in trials], [DOUBT] * len(trials)):
        inside = [f.inside(factor) for f, factor in zip(trials, factors, strict=True)]
        held = sum(part * len(found.error) for part, found in zip(inside, trials, strict=True))
        assert held / count >= 0.9
        # Links of one extract share roads, and so their errors.
        assert min(inside) >= 0.8
    # The factor in use is about what the extracts teach, no wish.
    assert pytest.approx(max(factor_without(trials, found) for found in trials), rel=0.3) == DOUBT
