"""The charts of `robust` and `sweep`: their numbers are those of the tables, and fit the page."""

from functools import cache

import numpy as np
import pytest

from borders.errors import AraxesError
from corridors import Terms, robust, sweep
from corridors.sweeps.question import ask
from maps.charts.robust import robust_chart
from maps.charts.sweep import check_sweep_chart, sweep_chart
from maps.cli.main import main

RAIL = Terms(modes="rail", by="hours")
PAIRS = [("Kars", "Tbilisi"), ("Kars", "Gyumri")]
SCENARIOS = ["status-quo", "turkiye-armenia-open"]


@cache
def rows():
    return robust(PAIRS, SCENARIOS, draws=20, terms=RAIL)


def texts(chart, label):
    return [text.get_text() for text in chart.axes[0].texts if text.get_label() == label]


def intervals(chart):
    """Return the ends of the lines that are drawn, and their dots."""
    lines = [line.get_xdata() for line in chart.axes[0].lines]
    return (
        [tuple(map(float, xs)) for xs in lines if len(xs) == 2],
        [float(xs[0]) for xs in lines if len(xs) == 1],
    )


def test_the_intervals_of_robust_are_the_quantiles_of_its_table():
    frame = rows().to_frame().dropna(subset=["hours"])
    ends, dots = intervals(robust_chart(rows()))
    assert np.allclose(ends, frame[["low_hours", "high_hours"]], atol=0.051)
    assert np.allclose(dots, frame["median_hours"], atol=0.051)
    said = [text for text in texts(robust_chart(rows()), "value") if "best in" in text]
    assert said == [f"best in {100 * row.share:.0f} %" for row in rows()]


@pytest.mark.parametrize("width", ["85", "180", "slide"])
@pytest.mark.parametrize("language", ["en", "hy", "fa"])
def test_what_stands_behind_an_interval_is_in_the_axes_and_hides_no_other(width, language):
    chart = robust_chart(rows(), width=width, language=language)
    axes, renderer = chart.axes[0], chart.canvas.get_renderer()
    values = [text for text in axes.texts if text.get_label() == "value" and text.get_text()]
    boxes = [text.get_window_extent(renderer) for text in values]
    assert all(box.x1 <= axes.bbox.x1 + 2 and box.x0 >= axes.bbox.x0 for box in boxes)
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_scenarios_and_places_of_robust_are_named_in_the_language():
    chart = robust_chart(rows(), language="tr")
    assert "Kars – Tiflis" in texts(chart, "row")
    assert not {"status-quo", "turkiye-armenia-open"} & set(texts(chart, "row"))
    assert "| Kars | Tiflis |" in chart.caption


def asked(scenarios=SCENARIOS, **more):
    return {"scenarios": scenarios, "terms": RAIL, **more}


def test_lines_of_a_sweep_run_through_the_values_of_its_table():
    delays = asked(vary={"delay_h.crossing.rail": [2, 8, 20]})
    table = sweep(PAIRS[0], **delays)
    chart = sweep_chart(table, ask(PAIRS[0], **delays))
    # Both scenarios have the same way, which is drawn and named once.
    (line,) = chart.axes[0].lines
    of_first = table[table["scenario"] == "status-quo"]
    assert line.get_xdata().tolist() == [2, 8, 20]
    assert np.allclose(line.get_ydata(), of_first["hours"])
    (band,) = chart.axes[0].collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == pytest.approx(of_first["low_hours"].min())
    assert heights.max() == pytest.approx(of_first["high_hours"].max())
    key = [text.get_text() for text in chart.texts if text.get_label() == "key"]
    assert key == ["As things stand = Border of Türkiye and Armenia open", "95 % interval"]
    assert chart.axes[0].get_xlabel() == "delay_h.crossing.rail"


def test_draws_of_a_sweep_are_medians_with_the_interval_of_95_percent_of_them():
    drawn = asked(draws=20)
    table = sweep(PAIRS[0], **drawn)
    ends, dots = intervals(sweep_chart(table, ask(PAIRS[0], **drawn)))
    for (low, high), dot, (_, hours) in zip(
        ends, dots, table.groupby("scenario", sort=False)["hours"], strict=True
    ):
        assert (hours < low).mean() <= 0.025 < (hours <= low).mean() + 1e-9
        assert (hours <= high).mean() >= 0.975
        assert (hours <= dot).mean() >= 0.5 >= (hours < dot).mean()


def test_a_case_without_a_way_says_so():
    pair, question = ("Nakhchivan", "Baku"), asked(scenarios=["status-quo", "tripp-open"])
    chart = sweep_chart(sweep(pair, **question), ask(pair, **question))
    assert texts(chart, "value").count("no way") == 1


def test_a_sweep_of_more_lines_than_a_page_holds_is_refused_before_it_is_answered():
    varied = asked(vary={"delay_h.crossing.rail": [2, 8], "delay_h.crossing.road": [1, 2, 3, 4]})
    with pytest.raises(AraxesError, match=r"8 lines over .*; a chart holds 6"):
        check_sweep_chart(ask(PAIRS[0], **varied))


@pytest.mark.parametrize("suffix", ["csv", "gpkg", "parquet"])
def test_the_command_draws_what_its_table_holds(tmp_path, monkeypatch, capsys, suffix):
    monkeypatch.chdir(tmp_path)
    command = (
        f"sweep --pair Kars:Tbilisi --modes rail --openings x-dogukapi-akhurik-rail "
        f"--out t.{suffix} --chart t.svg --lang ru"
    )
    assert main(command.split()) == 0
    assert "wrote t.svg and t.caption.md" in capsys.readouterr().out
    drawn = (tmp_path / "t.svg").read_text(encoding="utf-8")
    assert "x-dogukapi-akhurik-rail" in drawn
    assert "Тбилиси" in drawn


def test_robust_draws_a_chart_and_refuses_another_suffix(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = "robust Kars Tbilisi --modes rail --draws 5 --scenario status-quo --chart "
    assert main([*command.split(), "r.png"]) == 0
    assert "wrote r.png and r.caption.md" in capsys.readouterr().out
    assert main([*command.split(), "r.html"]) == 2
    assert "known suffixes: .png, .svg, .pdf" in capsys.readouterr().err
