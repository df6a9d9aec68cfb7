"""Lengths of corridors: published, measured or calibrated, each with an error that was tested."""

from __future__ import annotations

import csv
import json
from math import ceil, exp, log, sqrt

import pytest

from borders.files.bundle import data_dir
from corridors.context.figures import figures, figures_of
from corridors.model import length
from corridors.model.corridor import corridor, corridor_ids
from corridors.model.sinuosity import sinuosity

# What the railway guides are compared with: figure id by guide.
TIMETABLE = {"rail-btk": "figure-098", "rail-baku-tbilisi": "figure-131"}


def rows() -> dict[str, dict[str, str]]:
    file = data_dir() / "context/published_figures.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["id"]: row for row in csv.DictReader(opened)}


def test_the_track_error_is_the_rms_difference_to_the_timetables_rounded_up():
    features = json.loads((data_dir() / "guides/railways.geojson").read_text("utf-8"))["features"]
    tracks = {f["properties"]["id"]: f["properties"]["length_m"] for f in features}
    published = {key: float(rows()[figure]["value"]) for key, figure in TIMETABLE.items()}
    assert published == {"rail-btk": 826, "rail-baku-tbilisi": 549}
    off = [published[key] * 1000 / tracks[key] - 1 for key in published]
    rms = sqrt(sum(x * x for x in off) / len(off))
    assert ceil(rms * 1000) / 1000 == pytest.approx(length.TRACK_SIGMA)


def test_the_published_length_of_the_btk_lies_in_the_measured_interval():
    btk = corridor("btk").length
    assert btk.basis == "reach"
    assert btk.contains(826e3)


@pytest.mark.parametrize(
    ("key", "km"),
    [
        ("lachin-2020", 65),
        ("lachin-2022", 32),
        ("zangezur-tripp", 43),
        ("kars-igdir-dilucu", 224),
        ("btc", 1768),
        ("bte", 980),
        ("tanap", 1811),
        ("horadiz-aghband", 110.4),
        ("nakhchivan-railway", 188),
    ],
)
def test_a_published_length_is_the_reference_figure_with_the_spread_of_all(key, km):
    one = corridor(key).length
    assert one.basis == "published"
    assert one.value == pytest.approx(km * 1000)
    for row in rows().values():
        if (row["system"], row["quantity"], row["definition"]) == (key, "length", "same"):
            assert one.contains(float(row["value"]) * 1000), row["id"]


def test_an_unverified_figure_is_less_sure_than_a_quoted_one():
    assert corridor("kars-gyumri").length.percent > corridor("btc").length.percent


PUBLISHED = [k for k in corridor_ids() if corridor(k).length.basis == "published"]
CALIBRATING = [
    key
    for key in PUBLISHED
    if sum(p.drawn_m for p in corridor(key).pieces if not p.along) > 0.5 * corridor(key).drawn_m
]


@pytest.mark.parametrize("key", CALIBRATING)
def test_a_chain_that_was_calibrated_without_a_corridor_still_holds_its_length(key):
    one = corridor(key)
    guessed = length.chain(one.mode, one.pieces, without=key)
    assert guessed.contains(one.length.value)


def test_the_sinuosity_of_pipelines_is_the_geometric_mean_of_three():
    logs = []
    for key, published_km in (("btc", 1768), ("bte", 980), ("tanap", 1811)):
        logs.append(log(published_km * 1000 / corridor(key).drawn_m))
    mean = sum(logs) / 3
    spread = sqrt(sum((x - mean) ** 2 for x in logs) / 2)
    found = sinuosity("pipeline")
    assert found.n == 3
    assert found.factor == pytest.approx(exp(mean))
    # three may agree by chance, so the spread pooled over all modes may be taken instead
    assert found.sigma >= spread * sqrt(4 / 3)


def test_two_corridors_that_agree_by_chance_are_not_taken_for_certain():
    # without Horadiz–Aghband two railways are left, whose sinuosities differ by 0.1 %
    assert sinuosity("rail", without="horadiz-aghband").sigma > 0.05


@pytest.mark.parametrize("mode", ["rail", "road", "pipeline"])
def test_no_way_is_shorter_than_its_chain_and_every_calibration_has_a_spread(mode):
    found = sinuosity(mode)
    assert found.n >= 2
    assert found.factor > 1
    assert 0 < found.sigma < 0.5


def test_leaving_a_corridor_out_of_the_calibration_changes_it():
    whole, less = sinuosity("pipeline"), sinuosity("pipeline", without="btc")
    assert less.n == whole.n - 1
    assert less.factor != whole.factor


def test_figures_are_in_si_units():
    by_id = {figure.id: figure for figure in figures()}
    assert by_id["figure-001"].si == 311e3
    assert by_id["figure-045"].si == 5988e6
    assert len(by_id) == len(rows())


def test_figures_of_a_system_speak_of_it_alone():
    found = figures_of("btk")
    assert {f.system for f in found} == {"btk"}
    assert {f.quantity for f in found} == {"length"}
    assert [f.quantity for f in figures_of("lachin-2020", quantity="width")] == ["width"]


def test_every_corridor_with_a_published_length_has_one_reference_figure():
    for key in PUBLISHED:
        references = [f for f in figures_of(key) if f.use == "reference"]
        assert len(references) == 1, key
        assert references[0].definition == "same", key
