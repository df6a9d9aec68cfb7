"""Events against the documents that tell of them; each case cites the passage."""

from __future__ import annotations

from datetime import date

import pytest

from borders.errors import AraxesError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.files.catalogue import sources
from corridors.context.events import event, event_layers, events, events_to_gdf

# Date, words of the event, its source, and where the source says so.
TOLD = (
    ("1919-02-26", "territorial claims", "bolat-kars"),  # p. 284: "26 Şubat 1919'da, Paris"
    ("1920-04-26", "writes to Lenin", "bolat-kars"),  # p. 279
    ("1946-08-22", "Turkish reply", "bolat-kars"),  # p. 285: "22 Ağustos 1946 tarihlidir"
    ("1946-09-24", "Second Soviet note", "bolat-kars"),  # p. 285
    ("1946-10-18", "Second Turkish reply", "bolat-kars"),  # p. 285
    ("1990-08-23", "declaration of independence", "bolat-kars"),  # p. 286
    ("1991-02", "does not recognise the border", "bolat-kars"),  # p. 286: "Şubat 1991'de"
    ("2008-09-06", "Gül visits Yerevan", "bolat-kars"),  # p. 287
    ("2020-11-17", "Turkish parliament", "karabakh-war-study"),  # p. 329
    ("2011-09-19/2011-09-22", "Centre-2011", "csto-study"),
    ("1992-10-30", "summit", "sister-city-study"),
)


@pytest.mark.parametrize(("day", "words", "source"), TOLD)
def test_what_a_document_dates_is_an_event_of_that_date(day, words, source) -> None:
    (told,) = [known for known in events() if known.when.text == day and words in known.text]
    assert source in told.sources


def test_a_note_comes_before_the_reply_to_it() -> None:
    # Document 002 prints 7 December; FRUS 1946 VII 650 and 679 have 7 August.
    days = [event(key).when.first for key in (
        "e1946-soviet-note-straits-turkiye", "e1946-turkish-reply-soviet-note",
        "e1946-second-soviet-note-straits", "e1946-second-turkish-reply-straits",
    )]  # fmt: skip
    assert days == sorted(days)
    assert days[0] == date(1946, 8, 7)


def test_the_days_of_the_table_lie_in_their_dates_and_every_source_is_known() -> None:
    rows = {row["id"]: row for row in BUNDLED.rows("context/timeline.csv")}
    for known in events():
        assert known.when.holds(date.fromisoformat(rows[known.id]["date"])), known.id
        assert set(known.sources) <= set(sources()), known.id
        assert known.when.first is not None
        assert known.when.first.year >= 1918 or known.when.text.startswith("..")


def test_a_month_is_asked_for_by_any_of_its_days_and_by_periods_that_touch_it() -> None:
    (closed,) = [known for known in events() if known.when.text == "1989-11"]
    for asked in ({"on": "1989-11-30"}, {"begin": "1989-11-15"}, {"end": "1989-11-01"}):
        assert closed in events(**asked)
    assert closed not in events(begin="1989-12-01")
    assert events(begin="1995-01-01", end="1994-01-01") == ()


def test_subjects_and_places_select() -> None:
    assert {known.layer for known in events(layer="handover")} == {"handover"}
    assert sum(len(events(layer=layer)) for layer in event_layers()) == len(events())
    for spelling in ("Shusha", "Şuşa", "Шуша", "Շուշի"):
        assert event("e1992-shusha-shushi-taken-armenian") in events(place=spelling)
    assert events(place="a place of nowhere") == ()


def test_what_is_unknown_is_told_with_what_is_known() -> None:
    with pytest.raises(UnknownNameError, match="handover"):
        events(layer="handovers")
    with pytest.raises(UnknownNameError, match="e1921-treaty-kars-signed"):
        event("e1921-treaty-kars-signd")
    with pytest.raises(AraxesError, match="a day 1921-10-13"):
        events(on="13.10.1921")


def test_a_year_is_asked_for_as_all_of_its_days_are() -> None:
    assert events(on="2020") == events(begin="2020-01-01", end="2020-12-31")
    assert events(begin="2020", end="2021-03") == events(begin="2020-01-01", end="2021-03-31")


def test_events_become_points_with_the_days_in_which_they_may_have_been() -> None:
    table = events_to_gdf(events(layer="handover"))
    assert table.crs == "EPSG:4326"
    aghdam = table[table["name"].str.contains("Aghdam")].iloc[0]
    assert (aghdam.valid_from, aghdam.valid_to) == ("2020-11-20", "2020-11-21")
    assert aghdam.geometry.distance(table.geometry.iloc[0]) < 2
