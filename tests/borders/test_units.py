"""Units of the treaty's time."""

from __future__ import annotations

import pytest

from borders.errors import SchemaError
from borders.units import metres


@pytest.mark.parametrize(
    ("value", "unit", "in_metres"),
    [(1, "verst", 1066.8), (8, "verst", 8534.4), (1, "sazhen", 2.1336), (10282, "ft", 3133.9536)],
)
def test_old_units_have_their_published_lengths(value, unit, in_metres):
    assert metres(value, unit) == pytest.approx(in_metres, abs=1e-9)


def test_an_unknown_unit_lists_the_known_ones():
    with pytest.raises(SchemaError, match="no unit 'league'; known: m, km, ft, sazhen, verst"):
        metres(1, "league")
