"""Chains are adjusted to published totals as the best linear estimate asks."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from borders.errors import SchemaError
from borders.files.bundle import BUNDLED


@pytest.fixture(scope="module")
def adjust():
    """Return the function of data/build that adjusts lengths."""
    folder = str(BUNDLED.path("build"))
    sys.path.insert(0, folder)
    try:
        from totals import adjust
    finally:
        sys.path.remove(folder)
    return adjust


def chain(length_m: float, sigma_m: float, shared_m: float = 0.0, group: str = "chain.road.plain"):
    return {"basis": "chain", "length_m": length_m, "sigma_m": sigma_m, "shared_m": shared_m,
            "shared_with": group}  # fmt: skip


def published(length_m: float, sigma_m: float):
    return {"basis": "published", "length_m": length_m, "sigma_m": sigma_m, "shared_m": 0.0,
            "shared_with": None}  # fmt: skip


def total(links: str, length_km: float, sigma_km: float) -> tuple[str, dict]:
    return "totals.csv:2", {"id": "x", "links": links, "length_km": length_km,
                            "sigma_km": sigma_km}  # fmt: skip


def test_a_sure_total_is_shared_out_by_the_variances(adjust):
    """Two lengths of 10 ± 1 and 10 ± 2 that make 25 together: 11 and 14."""
    lengths = {"a": chain(10_000, 1000), "b": chain(10_000, 2000)}
    adjust(lengths, [total("a b", 25, 1e-6)])
    assert lengths["a"]["length_m"] == pytest.approx(11_000, rel=1e-6)
    assert lengths["b"]["length_m"] == pytest.approx(14_000, rel=1e-6)
    # What is left of two independent errors under their sum: s1 s2 / sqrt(s1² + s2²).
    left = 1000 * 2000 / np.hypot(1000, 2000)
    assert lengths["a"]["sigma_m"] == pytest.approx(left, rel=1e-6)
    assert lengths["b"]["sigma_m"] == pytest.approx(left, rel=1e-6)


def test_published_lengths_stay_and_are_taken_off_the_total(adjust):
    lengths = {"a": published(40_000, 10), "b": chain(50_000, 5000)}
    adjust(lengths, [total("a b", 95, 0.01)])
    assert lengths["a"] == published(40_000, 10)
    assert lengths["b"]["length_m"] == pytest.approx(55_000, abs=5)


def test_a_total_moves_the_factor_of_chains_that_it_does_not_name(adjust):
    lengths = {
        "a": chain(100_000, 5000, 5000),
        "b": chain(50_000, 2500, 2500),
        "c": chain(50_000, 2500, 2500, "chain.road.mountain"),
    }
    adjust(lengths, [total("a", 105, 1e-6)])
    assert lengths["b"]["length_m"] == pytest.approx(52_500, rel=1e-4)
    assert lengths["b"]["shared_m"] < 10
    assert lengths["c"] == chain(50_000, 2500, 2500, "chain.road.mountain")


def test_the_estimate_is_that_of_least_squares(adjust):
    """Minimise squared errors of prior and totals together, solved as a plain linear system."""
    prior = {"a": (60_000.0, 4000.0), "b": (45_000.0, 2500.0), "c": (30_000.0, 3000.0)}
    lengths = {key: chain(*value) for key, value in prior.items()}
    totals = [total("a b", 110, 1.5), total("b c", 71, 2)]
    adjust(lengths, totals)
    rows = [np.eye(3)[n] / sigma for n, (_, sigma) in enumerate(prior.values())]
    right = [value / sigma for value, sigma in prior.values()]
    rows += [np.array([1, 1, 0]) / 1500, np.array([0, 1, 1]) / 2000]
    right += [110_000 / 1500, 71_000 / 2000]
    truth = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    assert [lengths[key]["length_m"] for key in "abc"] == pytest.approx(truth, rel=1e-9)


def test_no_total_makes_a_length_less_sure(adjust):
    lengths = {"a": chain(60_000, 4000, 1000), "b": chain(45_000, 2500, 800)}
    adjust(lengths, [total("a b", 150, 30)])
    assert lengths["a"]["sigma_m"] <= 4000
    assert lengths["b"]["sigma_m"] <= 2500
    assert 0 <= lengths["a"]["shared_m"] <= lengths["a"]["sigma_m"]


@pytest.mark.parametrize(("links", "message"), [("a z", "no link 'z'"), ("p", "length of its own")])
def test_a_total_of_unknown_or_published_links_is_refused(adjust, links, message):
    lengths = {"a": chain(60_000, 4000), "p": published(1000, 10)}
    with pytest.raises(SchemaError, match=message):
        adjust(lengths, [total(links, 60, 1)])
