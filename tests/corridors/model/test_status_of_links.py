"""A corridor is not open while links of it are closed, nor closed while all of them are open."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from corridors.model.corridor import corridor, corridor_ids
from corridors.network.load import known_until, load_network

LINKS = defaultdict(list)
for _link in load_network().links:
    if _link.corridor in corridor_ids() and _link.mode != "transfer":
        LINKS[_link.corridor].append(_link)
# What nobody can use yet, or any more: where all links are one of these, the corridor is too.
UNUSABLE = ("planned", "construction", "dismantled")


def days_of_change(key):
    """Return the days on which a status of a corridor or of its links begins, and those before."""
    changes = [corridor(key).statuses, *(link.statuses for link in LINKS[key])]
    begun = {day for several in changes for s in several for day in (s.valid_from, s.valid_to)}
    days = {day for begin in begun - {None} for day in (begin, begin - timedelta(days=1))}
    return sorted(day for day in {*days, date(1985, 1, 1)} if day <= known_until())


def test_most_corridors_over_land_have_links():
    assert len(LINKS) >= 9
    assert sum(len(days_of_change(key)) for key in LINKS) > 60


@pytest.mark.parametrize("key", sorted(LINKS))
def test_on_every_day_on_which_something_changes_a_corridor_is_what_its_links_are(key):
    for day in days_of_change(key):
        status = corridor(key).status(day)
        of_links = {link.status(day, users="freight").status for link in LINKS[key]}
        if status is None:
            # Before its first status nothing is said of a corridor that was not there as one.
            assert corridor(key).statuses[0].valid_from > day
            continue
        assert (status.status == "open") == (of_links == {"open"}), (day, status, of_links)
        if len(of_links) == 1 and of_links <= set(UNUSABLE):
            assert of_links == {status.status}, day
