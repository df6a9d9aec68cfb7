"""Lengths of corridors: published, measured or calibrated, each with an error that was tested."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from math import ceil, exp, hypot, log, sqrt
from pathlib import Path

import pytest

from borders.files.bundle import BUNDLED
from corridors.context.published_figures import figures, figures_of
from corridors.model import length
from corridors.model.corridor import corridor, corridor_ids, read_corridor
from corridors.model.sinuosity import sinuosity
from corridors.network.load import load_network
from corridors.scenarios.new_links import built_link
from corridors.scenarios.scenario import Scenario

PAGE = (Path(__file__).parents[3] / "docs" / "lengths.md").read_text("utf-8")
# What the railway guides are compared with: figure id by guide.
TIMETABLE = {"rail-btk": "figure-098", "rail-baku-tbilisi": "figure-131"}


def rows() -> dict[str, dict[str, str]]:
    file = BUNDLED.path("context/published_figures.csv")
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["id"]: row for row in csv.DictReader(opened)}


def test_the_track_error_is_the_rms_difference_to_the_timetables_rounded_up():
    features = json.loads(BUNDLED.path("guides/railways.geojson").read_text("utf-8"))["features"]
    tracks = {f["properties"]["id"]: f["properties"]["length_m"] for f in features}
    published = {key: float(rows()[figure]["value"]) for key, figure in TIMETABLE.items()}
    assert published == {"rail-btk": 826, "rail-baku-tbilisi": 549}
    off = [published[key] * 1000 / tracks[key] - 1 for key in published]
    rms = sqrt(sum(x * x for x in off) / len(off))
    assert ceil(rms * 1000) / 1000 == pytest.approx(length.TRACK_SIGMA)


def test_stretches_along_guides_err_as_these_do_and_apart_from_the_chords_between():
    rails = [piece for piece in corridor("btk").pieces if piece.along]
    chords = [piece for piece in corridor("kars-igdir-dilucu").pieces if not piece.along]
    factor = sinuosity("rail", "hilly")
    along = length.chain_length(rails, factor)
    assert along.length_m == pytest.approx(sum(piece.true_m for piece in rails))
    assert along.sigma_m == pytest.approx(0.012 * along.length_m)
    assert along.shared_m == 0
    border = [replace(rails[0], along="tur-arm")]
    assert length.chain_length(border, factor).sigma_m == pytest.approx(0.01 * rails[0].true_m)
    alone, both = (length.chain_length(chosen, factor) for chosen in (chords, chords + rails))
    assert both.length_m == pytest.approx(alone.length_m + along.length_m)
    assert both.sigma_m == pytest.approx(hypot(alone.sigma_m, along.sigma_m))


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
        ("kars-igdir-dilucu", 223.9),
        ("btc", 1768),
        ("bte", 980),
        ("tanap", 1811),
        ("horadiz-aghband", 110.4),
        ("nakhchivan-railway", 188),
    ],
)
def test_a_published_length_is_the_reference_figure_with_the_spread_of_all(key, km):
    published = corridor(key).length
    assert published.basis == "published"
    assert published.value == pytest.approx(km * 1000)
    for row in rows().values():
        if (row["system"], row["quantity"], row["definition"]) == (key, "length", "same"):
            assert published.contains(float(row["value"]) * 1000), row["id"]


def test_an_unverified_figure_is_less_sure_than_a_quoted_one():
    assert corridor("kars-gyumri").length.percent > corridor("btc").length.percent


PUBLISHED = [k for k in corridor_ids() if corridor(k).length.basis == "published"]
CALIBRATING = [
    key
    for key in PUBLISHED
    if sum(p.drawn_m for p in corridor(key).pieces if not p.along) > 0.5 * corridor(key).drawn_m
]


def left_out(key):
    """Return what the drawn chain of a corridor gives, calibrated without it."""
    bundled = corridor(key)
    factor = sinuosity(bundled.mode, bundled.terrain, without=key)
    return length.chain_length(bundled.pieces, factor).measure


def test_a_corridor_left_out_of_the_calibration_is_held_unless_its_figure_is_in_doubt():
    outside = {key for key in CALIBRATING if not left_out(key).contains(corridor(key).length.value)}
    # Its file says why: 65 km are quoted for another way.
    assert outside == {"lachin-2020"}
    assert len(CALIBRATING) == 10


def test_the_page_on_lengths_says_what_is_reached_for_corridors():
    widths = sorted(left_out(key).percent / 100 for key in CALIBRATING)
    middle, widest = (f"±{100 * width:.1f} %" for width in (widths[5], widths[-1]))
    assert f"| corridors drawn as chains | 10 | 9 | {middle} | {widest} | no |" in PAGE


CHAIN = """
id = "{mode}-{terrain}"
name = "A chain"
mode = "{mode}"
terrain = "{terrain}"
basis = "chain"
geometry_quality = "schematic"
position_sigma_m = 3000
definition = "Hajigabul to Yevlakh through Kurdamir"
source = "unverified"
path = [ {{ place = "hajigabul" }}, {{ place = "kurdamir" }}, {{ place = "yevlakh" }} ]
"""


@pytest.mark.parametrize("terrain", ["plain", "hilly", "mountain"])
@pytest.mark.parametrize("mode", ["road", "rail"])
def test_one_chain_has_one_length_and_one_interval_as_a_corridor_and_as_a_new_link(
    tmp_path, mode, terrain
):
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN.format(mode=mode, terrain=terrain), "utf-8")
    path = [{"place": name} for name in ("hajigabul", "kurdamir", "yevlakh")]
    build = Scenario.of(
        "s", build=[{"id": "new", "mode": mode, "terrain": terrain, "path": path}]
    ).build["new"][0]
    link, drawn = built_link(build, load_network()), read_corridor(file)
    if mode == "rail":
        # By rail a town stands for its station, which lies elsewhere.
        assert link.length_m == pytest.approx(drawn.length.value, rel=0.02)
    else:
        assert (link.length_m, link.sigma_m) == (drawn.length.value, drawn.length.sigma)


def plain_chains():
    """Return the ids of roads that are chains of places alone, not adjusted to a total."""
    adjusted = {key for row in BUNDLED.rows("network/totals.csv") for key in row["links"].split()}
    return [
        row["id"]
        for row in BUNDLED.rows("network/links/road.csv")
        if row["basis"] == "chain" and "@" not in row["path"] and row["id"] not in adjusted
    ]


@pytest.mark.parametrize("key", plain_chains()[::10])
def test_a_link_of_the_network_is_as_long_as_the_corridor_through_its_points(tmp_path, key):
    link = load_network().link(key)
    path = ", ".join(f"{{ point = [{lon}, {lat}] }}" for lon, lat in link.xy)
    text = CHAIN.format(mode="road", terrain=link.terrain)
    file = tmp_path / "link.toml"
    file.write_text(text[: text.index("path")] + f"path = [ {path} ]\n", "utf-8")
    drawn = read_corridor(file).length
    # The bundled file rounds coordinates to 1e-4 degree.
    assert drawn.value == pytest.approx(link.length_m, rel=2e-3)
    assert drawn.sigma == pytest.approx(link.sigma_m, rel=1e-2)


def test_the_sinuosity_of_pipelines_is_the_geometric_mean_of_three():
    logs = []
    for key, published_km in (("btc", 1768), ("bte", 980), ("tanap", 1811)):
        logs.append(log(published_km * 1000 / corridor(key).drawn_m))
    mean = sum(logs) / 3
    spread = sqrt(sum((x - mean) ** 2 for x in logs) / 2)
    factor = sinuosity("pipeline")
    assert factor.n == 3
    assert factor.factor == pytest.approx(exp(mean), rel=1e-4)
    # Three may agree by chance, so the spread is drawn towards that of all modes.
    assert factor.sigma >= spread * sqrt(4 / 3)


def test_two_pipelines_that_agree_by_chance_are_not_taken_for_certain():
    # Without TANAP two are left, whose sinuosities differ by 2 %.
    assert sinuosity("pipeline", without="tanap").sigma > 0.05


@pytest.mark.parametrize("mode", ["rail", "road", "pipeline"])
def test_no_line_is_shorter_than_its_chain_and_every_calibration_has_a_spread(mode):
    factor = sinuosity(mode)
    assert factor.n >= 2
    assert factor.factor > 1
    assert 0 < factor.sigma < 0.5


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
    of_btk = figures_of("btk")
    assert {f.system for f in of_btk} == {"btk"}
    assert {f.quantity for f in of_btk} == {"length"}
    assert [f.quantity for f in figures_of("lachin-2020", quantity="width")] == ["width"]


def test_every_corridor_with_a_published_length_has_one_reference_figure():
    for key in PUBLISHED:
        references = [f for f in figures_of(key) if f.use == "reference"]
        assert len(references) == 1, key
        assert references[0].definition == "same", key
