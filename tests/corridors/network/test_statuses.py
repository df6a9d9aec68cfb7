"""The network changes on the days on which the collected facts say that it did."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from borders.files.bundle import BUNDLED
from corridors.network.load import load_network

NETWORK = load_network()
OPEN, CLOSED, BUILDING, PLANNED = "open", "closed", "construction", "planned"

# Day of the timeline, link or corridor, status before and from then on.
CHANGES = (
    ("1989-11-01", "zangezur-tripp", OPEN, "dismantled"),
    ("1993-04-03", "road-dogukapi-akhurik-gate", "unknown", CLOSED),
    ("1993-09-01", "rail-dogukapi-akhuryan-st", OPEN, CLOSED),
    ("2017-10-30", "rail-cildir-gate-kartsakhi-gate", BUILDING, OPEN),
    ("2020-11-20", "road-barda-aghdam", CLOSED, OPEN),
    ("2020-11-25", "road-goygol-kalbajar", CLOSED, OPEN),
    ("2020-11-25", "road-sotk-gate-sotk-az", OPEN, CLOSED),
    ("2020-12-01", "road-kapan-gate-kapan-gate-az", OPEN, CLOSED),
    ("2021-02-14", "rail-horadiz-mincivan", "dismantled", BUILDING),
    ("2021-02-14", "rail-mincivan-aghband", "dismantled", BUILDING),
    ("2021-04-26", "road-mincivan-aghband", OPEN, BUILDING),
    ("2022-08-30", "road-lachin-boyuk-galadarasi", OPEN, CLOSED),
    ("2022-08-30", "road-hakari-bridge-boyuk-galadarasi", BUILDING, OPEN),
    ("2022-09-21", "road-aghband-kalala", PLANNED, BUILDING),
    ("2022-12-12", "road-tegh-gate-zabukh-gate", OPEN, CLOSED),
    ("2022-12-12", "road-hakari-bridge-boyuk-galadarasi", OPEN, CLOSED),
    ("2023-02-11", "road-alican-margara", CLOSED, OPEN),
    ("2023-04-01", "road-kornidzor-gate-hakari-bridge", BUILDING, CLOSED),
    ("2023-04-01", "road-zabukh-hakari-bridge", OPEN, "disused"),
    ("2023-09-30", "road-kornidzor-gate-hakari-bridge", OPEN, CLOSED),
    ("2025-08-08", "zangezur-tripp", "dismantled", PLANNED),
    ("2025-08-22", "kars-igdir-dilucu", PLANNED, BUILDING),
    ("2025-12-05", "rail-nakhchivan-julfa", OPEN, BUILDING),
    ("2025-12-05", "rail-sadarak-velidag", CLOSED, BUILDING),
)


@pytest.mark.parametrize(("day", "key", "before", "after"), CHANGES)
def test_a_link_changes_on_the_day_of_the_timeline(day, key, before, after) -> None:
    assert day in {row["date"] for row in BUNDLED.rows("context/timeline.csv")}
    then = date.fromisoformat(day)
    for link in NETWORK.links_of(key):
        if link.mode == "transfer":
            continue
        for forward in (True, False):
            for users in ("freight", "third-country"):
                statuses = [
                    link.status(on, forward=forward, users=users).status
                    for on in (then - timedelta(days=1), then)
                ]
                assert statuses == [before, after], link.id


def test_on_the_day_of_the_envoy_and_of_the_statement_of_2026_alican_is_closed() -> None:
    link = NETWORK.link("road-alican-margara")
    for day in ("1993-04-03", "2020-11-10", "2023-03-01", "2025-09-12", "2026-05-11"):
        for forward in (True, False):
            for users in ("freight", "passengers", "third-country"):
                on = date.fromisoformat(day)
                assert link.status(on, forward=forward, users=users).status == CLOSED


def test_what_the_timeline_says_of_rails_roads_and_borders_is_in_the_network() -> None:
    """A new row of these layers needs a change above, or a reason here."""
    changed = {day for day, *_ in CHANGES}
    # The closed border's other days; handovers put off, or of villages; work that changes no
    # status; plans; coaches through Iran, by crossings that the source does not name.
    without = {
        "2008-02-13", "2009-10-10", "2010-04-22", "2018-03-01", "2020-11-15", "2022-08-25",
        "2022-08-26",
        "2023-03-30", "2023-04-23", "2024-04-19", "2024-05-24", "2025-03-01",
        "2025-09-12", "2025-11-28", "2026-02-05",
        "2026-01-14", "2026-02-27", "2026-02-28", "2026-05-11", "2026-07-01",
    }  # fmt: skip
    rows = BUNDLED.rows("context/timeline.csv")
    layers = ("rail", "road", "border", "corridor", "handover")
    days = {row["date"] for row in rows if row["layer"] in layers}
    assert days - changed == without


@pytest.mark.parametrize(
    ("key", "users", "states"),
    [
        ("rail-boyuk-kesik-rustavi", "passengers", ("open", "closed", "closed", "unknown")),
        ("rail-boyuk-kesik-rustavi", "freight", ("open", "open", "open", "open")),
        ("road-krasny-most-qirmizi-korpu", "passengers", ("open", "closed", "closed", "unknown")),
        ("rail-sadakhlo-ayrum", "passengers", ("open", "unknown", "open", "open")),
    ],
)
def test_borders_that_the_pandemic_closed_to_people_stay_open_to_goods(key, users, states) -> None:
    days = ("2019-06-01", "2020-06-01", "2026-06-01", "2026-09-01")
    link = NETWORK.link(key)
    statuses = tuple(link.status(date.fromisoformat(day), users=users).status for day in days)
    assert statuses == states
