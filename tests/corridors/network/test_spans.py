"""A published length of several links in a row makes a sum over them surer, where it applies."""

from __future__ import annotations

import csv
from dataclasses import replace
from math import fsum

import pytest

from borders.files.bundle import BUNDLED
from corridors.network.load import load_network
from corridors.network.spans import known_spans, spans_of

with (BUNDLED.folder / "network" / "totals.csv").open(encoding="utf-8") as file:
    TOTALS = [row for row in csv.DictReader(file) if " " in row["links"]]


@pytest.fixture(scope="module")
def total():
    """Return the links of a published length that are less sure than it, and the length."""
    network = load_network()
    for row in TOTALS:
        links = [network.link(key) for key in row["links"].split()]
        sum_km = fsum(link.length_m for link in links) / 1000
        alone = sum(row["links"].split()[0] in other["links"].split() for other in TOTALS) == 1
        if alone and abs(sum_km - float(row["length_km"])) < 0.1:
            return [replace(link, sigma_m=5000.0) for link in links], row
    pytest.fail("no published length of several links is the sum of ours")


def test_a_sum_over_all_its_links_is_as_sure_as_the_published_length(total):
    links, row = total
    (span,) = spans_of({link.id: (link, -1.0) for link in links})
    assert (set(span.links), span.slope) == ({link.id for link in links}, -1.0)
    assert span.sigma_m == 1000 * float(row["sigma_km"])
    assert known_spans({link.id: link for link in links}) == [(span.links, span.sigma_m)]


def test_it_says_nothing_of_sums_over_some_of_its_links_or_with_other_weights(total):
    links, _ = total
    first, *others = links
    assert not list(spans_of({link.id: (link, 1.0) for link in others}))
    # Two routes compared, of which one uses the first link alone.
    assert not list(spans_of({link.id: (link, 1.0 + (link is first)) for link in links}))


def test_links_surer_than_it_and_links_of_another_length_are_left_alone(total):
    links, row = total
    surer = [replace(link, sigma_m=1.0) for link in links]
    longer = [replace(link, length_m=link.length_m + 4000 * float(row["sigma_km"]))
              for link in links]  # fmt: skip
    for changed in (surer, longer):
        assert not list(spans_of({link.id: (link, 1.0) for link in changed}))
        assert not known_spans({link.id: link for link in changed})
