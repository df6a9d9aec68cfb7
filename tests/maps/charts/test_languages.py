"""Charts say all of their own words in the language asked for."""

from __future__ import annotations

import re

import pytest

from corridors.analysis.access import access
from corridors.analysis.claims import judge_claims
from corridors.analysis.series import series
from corridors.analysis.verdicts import CAUSES, verdicts
from corridors.context.claims import bundled_claims
from corridors.context.events import events
from corridors.scenarios.terms import Terms
from maps.charts.access import access_chart
from maps.charts.claims import claims_chart
from maps.charts.control import control_chart
from maps.charts.document_claims import document_claims_chart
from maps.charts.events import events_chart
from maps.charts.series import series_chart
from maps.i18n import word

# Languages that are not written in Latin letters.
OTHERS = ("hy", "ka", "ru", "fa")
# Names that stay Latin in any language, and ids of documents.
NAMES = re.compile(
    r"Natural Earth|GeoNames|TRIPP|WGS84|`[^`]*`|[a-z]+(?:-[a-z]+)*-(?:kars|study|2025)[-\d]*"
)


@pytest.fixture(scope="module")
def charts():
    """Return name → function that draws a chart in a language."""
    by_rail = series("Kars", "Tbilisi", "2016:2018", terms=Terms(modes="rail"))
    near = access("Kars", 100, scenarios=["status-quo", "tripp-open"])
    judged = judge_claims(bundled_claims()[:3])
    return {
        "series": lambda code: series_chart(by_rail, language=code),
        "access": lambda code: access_chart(near, language=code),
        "control": lambda code: control_chart((("2020-11-15", "planned"),), language=code),
        "events": lambda code: events_chart(events(layer="handover"), language=code),
        "claims": lambda code: document_claims_chart(judged, language=code),
    }


def words_of(figure, key):
    """Return the Latin words of a chart and of the first line of its caption."""
    texts = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    texts.append(figure.caption.partition("\n")[0])
    if key == "series":
        # The notes name ids of the data.
        texts = [text for text in texts if not re.match(r"\W*\d+ ", text)]
    return re.findall(r"[A-Za-z]{3,}", NAMES.sub("", "\n".join(texts)))


@pytest.mark.parametrize("key", ["series", "access", "control", "events", "claims"])
def test_a_chart_says_nothing_in_english_where_another_language_is_asked_for(charts, key):
    assert words_of(charts[key]("en"), key)
    for code in OTHERS:
        assert words_of(charts[key](code), key) == [], code


@pytest.mark.parametrize("cause", CAUSES)
def test_the_cause_of_a_deviation_is_the_same_in_a_verdict_and_among_the_words(cause):
    # A verdict writes its numbers in a form of its own, which the language of a chart decides.
    assert re.sub(r"(\{\d):[^}]*\}", r"\1}", CAUSES[cause]) == word(f"cause-{cause}", "en")


@pytest.mark.parametrize("code", OTHERS)
def test_why_there_is_no_way_is_said_in_the_language_of_a_chart(charts, code):
    caption = charts["series"](code).caption
    table = [line for line in caption.splitlines() if line.startswith("| ")]
    assert any(word("ui-in-the-way", code).split("{")[0] in line for line in table)
    own = re.sub(r"\([a-z-]+[-\d]*\)", "", "\n".join(table))
    assert not re.search(r"no route|stand|closed|since|scenario|transfer-|rail-", own)
    # Of an event no chart says ids: neither in its caption nor in its notes.
    shown = [t.get_text() for t in charts["series"](code).texts]
    assert not re.search(r"transfer-|rail\d{4}", "\n".join(shown))


@pytest.mark.parametrize("code", OTHERS)
def test_why_figures_and_claims_do_not_agree_is_said_in_the_language_of_a_chart(charts, code):
    off = word("chart-off-days", code).split("{")[0] or "{"
    assert off in charts["claims"](code).caption
    figures = claims_chart(verdicts(), language=code).caption
    cells = [line.split(" | ") for line in figures.splitlines() if line.startswith("| ")][1:]
    # A note of the data stands in brackets; railways and roads are ours, and no English.
    for row in cells:
        assert not re.search(r"railway|road|reading|[a-z]{5,}", row[4].partition(" (")[0]), row


@pytest.mark.parametrize("key", ["series", "claims"])
def test_a_caption_says_that_what_it_quotes_keeps_its_language(charts, key):
    for code in OTHERS:
        assert word("caption-quoted", code) in charts[key](code).caption
    assert word("caption-quoted", "en") not in charts[key]("en").caption
