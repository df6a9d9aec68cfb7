"""A stretch that leads far about says that a road may be missing; others do not."""

from __future__ import annotations

from geographiclib.geodesic import Geodesic

from corridors.network.link import Link
from corridors.network.network import Network
from corridors.network.route_error import route_error
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

KARS, IGDIR = (43.08548, 40.59825), (44.045, 39.92371)
APART_M = Geodesic.WGS84.Inverse(KARS[1], KARS[0], IGDIR[1], IGDIR[0])["s12"]


def way(times: float, **terms):
    link = Link(
        id="r", start="kars.road", end="igdir.road", mode="road", length_m=times * APART_M,
        sigma_m=0.0, countries=("TR",), xy=(KARS, IGDIR),
    )  # fmt: skip
    network = Network(links=(link,), on="2026-06-01", name="one")
    return route("Kars", "Igdir", network=network, scenario=Scenario(id="s", on="2026-06-01"),
                 terms=Terms(**terms))  # fmt: skip


def test_a_stretch_beyond_what_published_distances_have_is_told() -> None:
    (told,) = way(route_error().detour + 0.05).detours
    assert (told.start, told.end) == ("kars", "igdir")
    assert told.text == (
        "Kars–Iğdır has 2.4 times the geodesic; a road may be missing here, or shut on the day"
    )


def test_a_stretch_within_it_is_not() -> None:
    found = way(route_error().detour - 0.05)
    assert found.detours == ()
    assert "road_may_be_missing" not in found.row()


def test_the_json_of_a_route_has_it() -> None:
    assert way(3.0).row()["road_may_be_missing"] == [
        {"from": "kars", "to": "igdir", "length_over_geodesic": 3.0}
    ]


def test_who_avoids_something_is_not_told_that_it_is_missing() -> None:
    assert (
        route(
            "Yerevan", "Baku", terms=Terms(modes=("road",), avoid=("x-dilucu-sadarak-gate",))
        ).detours
        == ()
    )


def test_no_route_between_neighbouring_capitals_of_provinces_leads_far_about() -> None:
    for pair in ("Kars-Ardahan", "Kars-Igdir", "Erzincan-Gumushane", "Bingol-Diyarbakir",
                 "Erzurum-Rize", "Mus-Agri", "Hakkari-Sirnak", "Yerevan-Vanadzor"):  # fmt: skip
        assert route(*pair.split("-"), terms=Terms(modes=("road",))).detours == ()
