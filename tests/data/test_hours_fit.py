"""Published times, each left out of the fit, against what the others say; synthetic truths."""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from importlib import import_module
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from raw_network import raw_assumptions, raw_ranges
from scipy.stats import t as student

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/hours.md").read_text("utf-8")
CLASSES = {
    "passenger trains": "passenger-train", "coaches": "coach", "cars": "car",
    "goods trains": "goods-train", "ships under way": "ship",
}  # fmt: skip


@cache
def build(name: str = "hours") -> Any:
    """Return a module of `data/build`: the one that makes the table of rates, or its fit."""
    sys.path.insert(0, str(ROOT / "data/build"))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(ROOT / "data/build"))


FIT = build("hours_fit")


@cache
def filed() -> tuple[dict[str, str], ...]:
    with (ROOT / "data/network/time_samples.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def samples() -> tuple[Any, ...]:
    return tuple(build().time_samples(filed(), raw_assumptions()))


def interval(sample: Any) -> tuple[float, float, float]:
    """Return the hours of a way and their interval, told by all other times."""
    fit = FIT.fit_speed(sample.kind, samples(), without=sample.id)
    speeds = [(km, fit.speed_kmh(*effects)) for km, effects in sample.stretches]
    usual, slow, fast = (sum(km / speed[n] for km, speed in speeds) for n in range(3))
    return tuple(sample.stops_h + hours for hours in (usual, fast, slow))  # type: ignore[return-value]


def left_out(vehicle: str) -> tuple[int, list[float]]:
    """Return how many times lie in their intervals, and the factors of the widths in order."""
    held, widths = 0, []
    for sample in samples():
        if sample.label == vehicle:
            _, low, high = interval(sample)
            held += low <= sample.hours <= high
            widths.append((high / low) ** 0.5)
    return held, sorted(widths)


def test_nine_left_out_times_in_ten_lie_in_the_interval_that_the_others_give() -> None:
    held, n = 0, 0
    for vehicle in CLASSES.values():
        inside, widths = left_out(vehicle)
        held, n = held + inside, n + len(widths)
    assert n >= 40
    assert held >= 0.9 * n


@pytest.mark.parametrize("name", CLASSES)
def test_the_page_on_hours_says_what_is_reached(name: str) -> None:
    held, widths = left_out(CLASSES[name])
    middle, widest = widths[len(widths) // 2], widths[-1]
    row = f"| {name} | {len(widths)} | {held} | ×/÷ {middle:.2f} | ×/÷ {widest:.2f} |"
    assert row in PAGE.splitlines()


@cache
def all_left_out() -> Any:
    hours = build()
    tables = {"stops": ("border_times.csv", "border-time"),
              "speeds": ("speeds.csv", "published-speed"),
              "costs": ("freight_rates.csv", "freight-rate")}  # fmt: skip
    return hours.left_out(filed(), **{key: hours.rows(*name) for key, name in tables.items()})


def test_the_page_on_hours_has_a_row_for_each_class_with_nine_in_ten_held() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \| ×", PAGE, flags=re.MULTILINE)
    found = all_left_out()
    assert [name for name, *_ in rows] == [*found]
    for name, n, held in rows:
        inside = [low <= value <= high for value, (_, low, high) in found[name]]
        assert (len(inside), sum(inside)) == (int(n), int(held)), name
        # Of five, four.
        assert sum(inside) >= 0.9 * len(inside) - 0.5, name
    assert sum(int(held) for *_, held in rows) >= 0.9 * sum(int(n) for _, n, _ in rows)


def test_means_at_a_post_are_told_from_the_others_by_shrinkage_by_hand() -> None:
    """One mean of a country's post, and others: weighed as precisions say, t of 27 degrees."""
    rows = build().rows("border_times.csv", "border-time")
    means = [r for r in rows
             if (r["mode"], r["users"], r["basis"]) == ("road", "freight", "mean")]  # fmt: skip
    out = means[0]
    groups: dict[str, list[float]] = {}
    for row in means[1:]:
        groups.setdefault(f"{row['country']}.{row['direction']}", []).append(log(row["hours"]))
    squares = sum(sum((x - np.mean(g)) ** 2 for x in g) for g in groups.values())
    freedom = len(means) - 1 - len(groups) + 4
    variance = (squares + 4 * 0.6**2) / freedom
    precision = {key: 1 / (0.6**2 + variance / len(g)) for key, g in groups.items()}
    middle = sum(precision[k] * np.mean(g) for k, g in groups.items()) / sum(precision.values())
    key = f"{out['country']}.{out['direction']}"
    own, trust = groups[key], 0.6**2 * precision[key]
    mean = middle + trust * (np.mean(own) - middle)
    error = trust * variance / len(own) + (1 - trust) ** 2 / sum(precision.values())
    half = student.ppf(0.975, freedom) * (variance + error) ** 0.5
    (value, told), *_ = all_left_out()["lorries at a post"]
    assert value == out["hours"]
    assert told == pytest.approx((exp(mean), exp(mean - half), exp(mean + half)))


def test_no_cap_lies_below_the_interval() -> None:
    """A cap is the most that a way may take: what is surely longer contradicts it."""
    speed = float(raw_ranges()["speed_kmh.rail.plain"]["high"])
    caps = [row for row in filed() if row["basis"] == "cap"]
    assert len(caps) >= 5
    for row in caps:
        km = sum(float(row[f"{terrain}_km"]) for terrain in ("plain", "hilly", "mountain"))
        assert km / speed < float(row["hours"])


def test_a_passenger_train_is_faster_than_a_goods_train_everywhere() -> None:
    usual = raw_assumptions()
    for terrain in ("plain", "hilly", "mountain"):
        assert usual[f"speed_kmh.rail.passengers.{terrain}"] > usual[f"speed_kmh.rail.{terrain}"]


def test_the_rates_on_file_are_those_of_the_published_values() -> None:
    hours = build()
    rates = hours.fitted(
        filed(),
        hours.rows("border_times.csv", "border-time"),
        hours.rows("speeds.csv", "published-speed"),
    )
    for key, value, low, high, *_ in rates.rows:
        row = raw_ranges()[key]
        assert [float(row[end]) for end in ("value", "low", "high")] == pytest.approx(
            [float(value), float(low), float(high)], rel=1e-3
        )


def times(count: int, scatter: float, seed: int) -> list[Any]:
    """Return times at 60 km/h in plains and 40 in mountains, without a stop."""
    random = np.random.default_rng(seed)
    made = []
    for n in range(count):
        plain, mountain = random.uniform(20, 400, 2)
        hours = (plain / 60 + mountain / 40) * exp(scatter * random.standard_normal())
        stretches = ((plain, ("plain",)), (mountain, ("mountain",)))
        made.append(FIT.TimeSample(id=str(n), kind="rail.passengers", label="", hours=hours,
                               stretches=stretches))  # fmt: skip
    return made


def test_speeds_that_made_the_times_are_found_again() -> None:
    fit = FIT.fit_speed("rail.passengers", times(400, 0.1, 1))
    assert fit.speed_kmh("plain")[0] == pytest.approx(60, rel=0.05)
    assert fit.speed_kmh("mountain")[0] == pytest.approx(40, rel=0.05)
    assert fit.scatter == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("count", [8, 40])
def test_nineteen_further_times_in_twenty_lie_in_the_interval(count: int) -> None:
    inside = 0
    for seed in range(200):
        *known, new = times(count + 1, 0.2, seed)
        fit = FIT.fit_speed("rail.passengers", known)
        speeds = [(km, fit.speed_kmh(*effects)) for km, effects in new.stretches]
        fast, slow = (sum(km / v[n] for km, v in speeds) for n in (2, 1))
        inside += fast <= new.hours <= slow
    assert 180 <= inside <= 199


def test_without_any_time_the_prior_is_left() -> None:
    fit = FIT.fit_speed("rail.freight", [])
    assert fit.n == 0
    assert fit.speed_kmh()[0] == pytest.approx(23)


def test_a_group_of_few_values_is_drawn_towards_all_and_one_of_many_is_not() -> None:
    values = {"a": [1.0] * 50, "b": [1.0] * 50, "few": [8.0]}
    found = FIT.shrunk(values, between=0.5, scatter=0.5)
    assert found["a"][0] == pytest.approx(1, abs=0.05)
    assert 1 < found["few"][0] < 8
    assert found[""][2] / found[""][1] > found["a"][2] / found["a"][1]


def test_the_median_is_the_geometric_mean_and_its_interval_is_even_in_the_logarithm() -> None:
    middle, low, high = FIT.fit_median([2.0, 8.0], scatter=0.5)
    assert middle == pytest.approx(4)
    assert log(high / middle) == pytest.approx(log(middle / low))
