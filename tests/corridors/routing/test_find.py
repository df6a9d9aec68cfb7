"""Routes over a network small enough to draw on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_network import DAY, link, network, status, transfer

from borders.errors import AraxesError, NoAnswerError, UnknownNameError
from corridors.network.dated_statuses import LinkStatus
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")
OPEN = Scenario(id="open", open={"kars-gyumri": "open", "road-kars-gyumri": "open"})


def test_a_closed_crossing_leaves_no_route_and_says_which_link_is_in_the_way() -> None:
    with pytest.raises(NoAnswerError, match=r"kars-gyumri \(closed since 1993-04-03\)"):
        route("Kars", "Yerevan", scenario=NOW, network=network(), terms=Terms(modes=("rail",)))


def test_before_the_closure_the_same_crossing_is_open() -> None:
    then = Scenario(id="then", on=date(1993, 4, 2))
    way = route("Kars", "Yerevan", scenario=then, network=network())
    assert way.crossings == ("x-akyaka",)
    assert way.length.value == 200_000


def test_by_rail_a_town_stands_for_its_station() -> None:
    rails = Terms(modes=("rail",))
    way = route("Julfa", "Tabriz", terms=rails)
    assert (way.destination, way.countries) == ("tabriz_st", ("AZ", "IR"))
    assert route("jolfa_ir", "tabriz_st", terms=rails).countries == ("IR",)
    assert route("Julfa", "Tabriz", terms=Terms(modes=("road",))).destination == "tabriz"


def test_a_place_without_rails_is_told_the_nearest_station() -> None:
    with pytest.raises(NoAnswerError, match=r"none begins at Goris; 'kapan' \(.*\), 34 km away"):
        route("Goris", "Yerevan", terms=Terms(modes=("rail",)))


def test_a_route_keeps_to_rails_or_road_unless_modes_are_named() -> None:
    way = route("Kars", "Yerevan", scenario=OPEN, network=network())
    assert way.modes == ("road",)
    mixed = route("Kars", "Yerevan", scenario=OPEN, network=network(),
                  terms=Terms(modes=("road", "rail")))  # fmt: skip
    assert mixed.modes == ("rail", "road")
    assert mixed.length.value == 195_000


def test_gauge_changes_transfers_countries_and_crossings_are_counted() -> None:
    rail = route("Kars", "Yerevan", scenario=OPEN, network=network(), terms=Terms(modes=("rail",)))
    assert (rail.gauge_changes, rail.transfers) == (1, 0)
    assert rail.countries == ("TR", "AM")
    assert rail.crossings == ("x-dogukapi",)
    assert rail.steps[0].link.id == "rail-kars-gyumri"
    back = route("Yerevan", "Kars", scenario=OPEN, network=network(), terms=Terms(modes=("rail",)))
    assert back.countries == ("AM", "TR")
    assert back.length == rail.length


def test_independent_errors_add_in_quadrature_and_shared_ones_linearly() -> None:
    alone = route("Kars", "Aralık", scenario=NOW, network=network())
    assert alone.length.sigma == pytest.approx((1200**2 + 600**2) ** 0.5)
    both = [
        replace(one, shared_m=one.sigma_m, shared_with="chain.road.hilly")
        for one in network().links
    ]
    shared = replace_links(both)
    assert route("Kars", "Aralık", scenario=NOW, network=shared).length.sigma == 1800


def replace_links(links):
    from corridors.network.network import Network

    return Network(links=tuple(links), on=DAY)


def test_a_status_for_one_class_of_users_outranks_the_one_for_all() -> None:
    statuses = (LinkStatus(status="open"), LinkStatus(status="closed", users="passengers"))
    extra = link("road-aralik-sadarak", "aralik.road", "sadarak.road", 30, statuses=statuses)
    goods = route("Iğdır", "Sədərək", scenario=NOW, network=network([extra]))
    assert goods.length.value == 90_000
    with pytest.raises(NoAnswerError, match="road-aralik-sadarak"):
        route("Iğdır", "Sədərək", scenario=NOW, network=network([extra]),
              terms=Terms(users="passengers"))  # fmt: skip


def test_an_avoided_country_is_not_entered() -> None:
    with pytest.raises(NoAnswerError, match="without AM"):
        route("Kars", "Yerevan", scenario=OPEN, network=network(),
              terms=Terms(avoid=frozenset({"AM"})))  # fmt: skip


def test_a_route_through_places_is_the_sum_of_its_parts() -> None:
    by_road = {"scenario": OPEN, "network": network(), "terms": Terms(modes=("road",))}
    way = route("Kars", "Yerevan", via=["Gyumri"], **by_road)
    parts = [route(a, b, **by_road) for a, b in (("Kars", "Gyumri"), ("Gyumri", "Yerevan"))]
    assert way.length.value == sum(part.length.value for part in parts)


def test_the_same_place_twice_and_a_place_off_the_network_are_refused() -> None:
    with pytest.raises(AraxesError, match="twice in a row"):
        route("Kars", "Карс", scenario=NOW, network=network())
    with pytest.raises(
        UnknownNameError, match=r"the nearest of its places is 'aralik', .* km away"
    ):
        route("Nakhchivan", "Kars", scenario=NOW, network=network())


def test_what_is_opened_unbuilt_counts_as_unbuilt_kilometres() -> None:
    planned = link("rail-kars-igdir", "kars.rail1435", "igdir.rail1435", 150, status="planned")
    way = route("Kars", "Iğdır", scenario=Scenario(id="s", open={"rail-kars-igdir": "s"}),
                network=network([planned]), terms=Terms(modes=("rail",)))  # fmt: skip
    assert way.unbuilt_m == 150_000
    assert way.steps[0].status == "planned"


def test_an_unknown_status_is_no_open_one_and_is_named() -> None:
    doubtful = link("rail-kars-igdir", "kars.rail1435", "igdir.rail1435", 150, status="unknown")
    with pytest.raises(NoAnswerError, match=r"rail-kars-igdir \(unknown\)"):
        route("Kars", "Iğdır", scenario=NOW, network=network([doubtful]),
              terms=Terms(modes=("rail",)))  # fmt: skip


def test_setting_the_gauge_moves_a_link_to_the_other_rails() -> None:
    scenario = Scenario(id="s", open={"kars-gyumri": "s"},
                        set={"rail-kars-gyumri.gauge_mm": (1520.0, "s")})  # fmt: skip
    through = network([transfer("kars", "rail1520", "road")])
    way = route("Kars", "Yerevan", scenario=scenario, network=through, terms=Terms(modes=("rail",)))
    assert way.gauge_changes == 0
    assert way.length.value == 225_000


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"by": "miles"}, "known: km, hours, cost"),
        ({"modes": ("boat",)}, "known: road, rail, ferry"),
        ({"users": "tourists"}, "known: freight"),
        ({"avoid": frozenset({""})}, "write ISO 3166-1 codes"),
    ],
)
def test_unknown_terms_name_the_known_ones(terms: dict, named: str) -> None:
    with pytest.raises(AraxesError, match=named):
        Terms(**terms)


def test_the_sources_of_a_way_are_those_of_the_status_of_its_users() -> None:
    statuses = (
        LinkStatus(status="closed", source="all-say"),
        LinkStatus(status="open", users="passengers", source="others-say"),
    )
    extra = link("road-aralik-sadarak", "aralik.road", "sadarak.road", 30, statuses=statuses)
    way = route("Aralık", "Sədərək", scenario=NOW, network=network([extra]),
                terms=Terms(users="passengers"))  # fmt: skip
    assert way.sources == ("others-say",)


def test_what_is_open_nobody_says_since_when_is_counted_on_days_before_the_last() -> None:
    dated = replace(link("dated", "kars.road", "igdir.road", 100),
                    statuses=(status("open", valid_from=date(1990, 1, 1)),))  # fmt: skip
    known = [dated, link("undated", "igdir.road", "aralik.road", 60)]
    then, now = (
        route("Kars", "Aralik", scenario=Scenario(id="s"),
              network=Network(links=tuple(known), on=day))
        for day in (date(1992, 6, 1), DAY)
    )  # fmt: skip
    assert (then.undated_m, now.undated_m) == (60_000, 0)
