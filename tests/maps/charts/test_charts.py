"""Charts: what they draw is what the numbers say, in words that do not run into one another."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest

from borders.dates import Status
from borders.gazetteer.places import LANGUAGES
from borders.geodesy import scale_curve
from borders.guide_lines import guide
from borders.measure import Measure
from corridors.analysis.compare import compare
from corridors.analysis.verdicts import Verdict, verdicts
from corridors.context.published_figures import PublishedFigure
from corridors.model.registry import system, systems
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms
from maps import claims_chart, lengths_chart, scale_chart, timeline_chart
from maps.charts.hours import hours_chart

WIDTHS = ("85", "120", "180", "slide")


def row(origin, scenario, km, *, spread=10.0, delta=None, unbuilt=0.0):
    ends = (
        {"low_km": km - spread, "high_km": km + spread} if km else {"low_km": None, "high_km": None}
    )
    return {"from": origin, "to": "Baku", "scenario": scenario, "km": km, **ends, "hours": 1.0,
            "delta_km": delta, "unbuilt_km": unbuilt if km else None, "reason": ""}  # fmt: skip


ROWS = [
    row("Kars", "status-quo", 800.0),
    row("Kars", "tripp-open", 750.0, delta=-50.0, unbuilt=120.0),
    row("Iğdır", "status-quo", None),
    row("Iğdır", "all-open", 1234.0, spread=40.0, delta=12.0, unbuilt=434.0),
]


def figure(value, **given):
    texts = dict.fromkeys(("unit", "year", "quantity", "definition", "use", "source", "state",
                           "note", "system", "item", "id"), "")  # fmt: skip
    fixed = {"unit": "km", "quantity": "length", "definition": "same", "source": "araxes"}
    return PublishedFigure(**(texts | fixed | {"value": value} | given))


@cache
def ways():
    asked = {"scenarios": ["status-quo", "tripp-open"], "terms": Terms(by="hours")}
    return compare([("Kars", "Kuryk"), ("Nakhchivan", "Baku")], **asked)


def charts(language="en", width="180"):
    asked = {"language": language, "width": width}
    return {
        "hours": hours_chart(ways(), **asked),
        "lengths": lengths_chart(ROWS, **asked),
        "claims": claims_chart(verdicts(), **asked),
        "scale": scale_chart(["tur-arm", "tur-geo"], **asked),
        "timeline": timeline_chart(systems(), **asked),
    }


def bars(chart):
    """Return left, right and middle height of every bar, in data units, top row first."""
    found = [(p.get_x(), p.get_x() + p.get_width(), p.get_y() + p.get_height() / 2)
             for p in chart.axes[0].patches]  # fmt: skip
    return sorted(found, key=lambda bar: (bar[2], bar[0]))


def shown(axis, limits):
    """Return the names of the ticks that are drawn."""
    low, high = sorted(limits)
    ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
    return [text for at, text in ticks if low <= at <= high]


def texts(chart, label):
    return [text.get_text() for text in chart.axes[0].texts if text.get_label() == label]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_all_words_lie_on_the_page_and_clear_of_one_another(width, language):
    for name, chart in charts(language, width).items():
        # The names of axes find their places while they are drawn.
        chart.canvas.draw()
        renderer, axes = chart.canvas.get_renderer(), chart.axes[0]
        ticks = [*shown(axes.xaxis, axes.get_xlim()), *shown(axes.yaxis, axes.get_ylim())]
        words = [*chart.texts, *axes.texts, *ticks, axes.xaxis.label, axes.yaxis.label]
        boxes = [(w.get_text(), w.get_window_extent(renderer)) for w in words if w.get_text()]
        page = chart.bbox
        for said, box in boxes:
            assert page.x0 <= box.x0 < box.x1 <= page.x1 + 1, (name, said)
            assert page.y0 <= box.y0 < box.y1 <= page.y1, (name, said)
        inner = [(a, box.padded(-0.14 * box.height)) for a, box in boxes]
        clashes = [(a, b) for (a, one), (b, two) in combinations(inner, 2) if one.overlaps(two)]
        assert clashes == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_letter(language):
    for chart in charts(language, "85").values():
        assert chart.missing == set()
        chart.savefig(io.BytesIO(), format="svg")


def test_the_same_chart_gives_the_same_bytes(tmp_path):
    from maps import save_figure

    for n in (1, 2):
        for name, chart in charts(width="85").items():
            save_figure(chart, tmp_path / f"{name}-{n}.pdf")
    for name in charts():
        one, two = (tmp_path / f"{name}-{n}.pdf" for n in (1, 2))
        assert one.read_bytes() == two.read_bytes()


def test_bars_are_as_long_as_the_ways_with_what_is_unbuilt_at_their_ends():
    found = bars(lengths_chart(ROWS))
    assert [(left, right) for left, right, _ in found] == [
        (0, 800), (0, 630), (630, 750), (0, 800), (800, 1234)
    ]  # fmt: skip
    hatched = [p.get_width() for p in lengths_chart(ROWS).axes[0].patches if p.get_hatch()]
    assert hatched == [120, 434]


def test_intervals_reach_from_low_to_high():
    lines = lengths_chart(ROWS).axes[0].lines
    assert [tuple(map(float, line.get_xdata())) for line in lines] == [
        (790, 810), (740, 760), (1194, 1274)
    ]  # fmt: skip


def test_numbers_and_differences_are_written_behind_the_bars():
    assert texts(lengths_chart(ROWS), "value") == [
        "800 km (790–810)", "750 km (740–760); −50", "no way", "1,234 km (1,194–1,274); +12",
    ]  # fmt: skip


def test_pairs_are_headings_and_scenarios_have_their_names():
    said = texts(lengths_chart(ROWS, language="tr"), "row")
    assert said == ["Kars – Bakü", "Bugünkü durum", "TRIPP / Zengezur açık", "Iğdır – Bakü",
                    "Bugünkü durum", "Hepsi açık"]  # fmt: skip


def test_a_scenario_of_ones_own_is_charted_under_its_id():
    rows = [ROWS[0], {**ROWS[0], "scenario": "my-corridor"}]
    assert texts(lengths_chart(rows), "row")[-1] == "my-corridor"


def test_the_rows_of_a_comparison_are_charted_under_the_names_of_their_scenarios():
    mine = Scenario.of("mine", name="My corridor", open=["kars-gyumri"])
    rows = compare([("Kars", "Gyumri")], ["status-quo", mine], terms=Terms(modes=("rail",)))
    assert texts(lengths_chart(rows), "row") == [
        "Kars – Gyumri, by rail",
        "As things stand",
        "My corridor",
    ]
    assert texts(lengths_chart(rows, language="tr"), "row")[1] == "Bugünkü durum"


def test_no_rows_and_nothing_that_tests_are_refused():
    with pytest.raises(ValueError, match="no rows"):
        lengths_chart([])
    with pytest.raises(ValueError, match="no published figure"):
        claims_chart([])
    with pytest.raises(ValueError, match="dated status"):
        timeline_chart([])


def test_a_published_figure_stands_at_its_deviation_from_the_computed_one():
    ours = Measure(value=100_000.0, sigma=2_000.0, basis="reach")
    judged = [
        Verdict(figure=figure(103.0, item="a"), ours=ours, verdict="consistent", reason=""),
        Verdict(figure=figure(80.0, item="a"), ours=ours, verdict="inconsistent", reason=""),
        Verdict(figure=figure(99.0, item="a"), ours=ours, verdict="taken", reason=""),
    ]
    chart = claims_chart(judged)
    ((left, right, _),) = bars(chart)
    assert left == pytest.approx(-3.92, abs=0.001)
    assert right == pytest.approx(3.92, abs=0.001)
    dots = [(float(line.get_xdata()[0]), line.get_marker()) for line in chart.axes[0].lines
            if line.get_marker() in "oD"]  # fmt: skip
    assert dots == [(pytest.approx(3.0), "o"), (pytest.approx(-20.0), "D")]


def test_every_figure_that_tests_a_length_is_on_the_chart_and_in_its_caption():
    chart = claims_chart(verdicts())
    judged = (v for v in verdicts() if v.verdict in ("consistent", "inconsistent"))
    tests = [v for v in judged if v.ours and v.ours.value > 0]
    dots = [line for line in chart.axes[0].lines if line.get_marker() in "oD"]
    assert len(dots) == len(tests)
    for one in tests:
        assert one.reason[:30].replace("|", "\\|") in chart.caption


def test_the_scale_curve_is_that_of_the_line():
    chart = scale_chart("tur-arm")
    curve = scale_curve(guide("tur-arm").geometry)
    (line,) = [line for line in chart.axes[0].lines if line.get_zorder() == 3]
    assert np.allclose(line.get_ydata(), [p.length_m / 1000 for p in curve])
    assert np.allclose(line.get_xdata()[1:], [p.tolerance_m for p in curve][1:])


def test_a_published_length_stands_where_the_line_is_as_long():
    chart = scale_chart("tur-arm")
    (line,) = [line for line in chart.axes[0].lines if line.get_zorder() == 3]
    marks = [(float(m.get_xdata()[0]), float(m.get_ydata()[0])) for m in chart.axes[0].lines
             if m.get_zorder() == 4]  # fmt: skip
    assert len(marks) >= 4
    inner = [(x, y) for x, y in marks if 10 < x < 5000]
    for x, y in inner:
        on_line = np.interp(np.log(x), np.log(line.get_xdata()), line.get_ydata())
        assert abs(y - on_line) < 0.01 * y


def status(word, start, end):
    return Status(status=word, valid_from=start, valid_to=end, source="araxes", state="quoted")


def test_statuses_are_bars_from_their_first_day_to_their_last():
    thing = SimpleNamespace(
        id="x", name="X", names={"en": "X"},
        statuses=(status("open", None, date(1990, 1, 1)),
                  status("closed", date(1990, 1, 1), date(2020, 1, 1)),
                  status("planned", date(2020, 1, 1), None)),
    )  # fmt: skip
    (first, second, third) = bars(timeline_chart([thing], years=(1918.0, 2027.0)))
    assert first[0] == 0
    assert first[1] == second[0] == pytest.approx(0.42 * (1990 - 1918) / (2017 - 1918))
    assert second[1] == third[0] == pytest.approx(0.42 + 0.58 * (2020 - 2017) / 10)
    assert third[1] == 1


def test_a_bar_of_the_timeline_reaches_the_edge_only_if_its_beginning_is_not_known():
    known = [system(key) for key in ("elviye-i-selase", "berlin-1878", "kars-1921")]
    assert all(s.valid_from for thing in known for s in thing.statuses)
    drawn = bars(timeline_chart(known))
    assert all(left > 0 for left, *_ in drawn)
    # The border of 1878 was in force for 40 years, the Treaty of Kars for 40 by 1962.
    lengths = [right - left for left, right, y in drawn if round(y) == 1]
    assert lengths == [pytest.approx(0.42 * 39.64 / (2017 - 1876.53), rel=0.01)]
    ((left, *_),) = bars(timeline_chart([system("horadiz-aghband")]))[:1]
    assert left == 0


def test_the_timeline_tells_the_years_where_its_scale_changes():
    chart = timeline_chart([system("lachin-2022")])
    assert any("changes at 2017" in text.get_text() for text in chart.texts)


def test_every_status_of_the_data_can_be_told_from_the_others():
    chart = timeline_chart(systems())
    looks = {(p.get_facecolor(), p.get_hatch()) for p in chart.axes[0].patches}
    said = {s.status for one in systems() for s in one.statuses}
    assert len(looks) == len(said)


def test_captions_have_a_title_and_a_table():
    for chart in charts().values():
        assert chart.caption.startswith("**")
        assert "|---|" in chart.caption


@pytest.mark.parametrize("width", ["85", "180"])
@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_the_text_behind_each_bar_is_on_the_page(width, language):
    row = {"from": "kars", "to": "baku", "scenario": "status-quo", "km": 1, "low_km": 1,
           "high_km": 1, "delta_km": 0, "unbuilt_km": 0}  # fmt: skip
    longer = {**row, "km": 11234, "low_km": 10234, "high_km": 12345, "delta_km": -10234}
    figure = lengths_chart([row, longer], width=width, language=language)
    renderer = figure.canvas.get_renderer()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    ends = [text.get_window_extent(renderer).x1 for text in texts]
    assert len(ends) >= 2
    assert max(ends) <= figure.bbox.x1
