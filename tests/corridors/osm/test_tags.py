"""Every rule on tags, by the words of the OpenStreetMap wiki."""

from __future__ import annotations

import pytest

from corridors.osm.tags import DRIVEN, barrier_closes, way_kind


def kind(sidings=False, rails=True, **tags):
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    return way_kind(named, roads=frozenset(DRIVEN), rails=rails, sidings=sidings)


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({}, "both"),
        ({"oneway": "yes"}, "forward"),
        ({"oneway": "1"}, "forward"),
        ({"oneway": "true"}, "forward"),
        ({"oneway": "-1"}, "backward"),
        ({"oneway": "reverse"}, "backward"),
        ({"oneway": "no", "highway": "motorway"}, "both"),
        ({"highway": "motorway"}, "forward"),
        ({"highway": "trunk"}, "both"),
        ({"junction": "roundabout"}, "forward"),
        ({"junction": "circular"}, "forward"),
        ({"junction": "roundabout", "oneway": "-1"}, "backward"),
        ({"oneway": "yes", "oneway__motor_vehicle": "no"}, "both"),
    ],
)
def test_oneway(tags, oneway):
    assert kind(**{"highway": "primary", **tags}).oneway == oneway


@pytest.mark.parametrize(
    ("limit", "kmh"), [("50", 50.0), ("50 mph", 50 * 1.609344), ("5 knots", 5 * 1.852)]
)
def test_a_limit_is_read_in_its_unit(limit, kmh):
    # Four fifths of it are driven.
    assert kind(highway="primary", maxspeed=limit).speed_kmh == round(0.8 * kmh, 1)


@pytest.mark.parametrize(
    ("tags", "closed_to"),
    [
        ({}, ()),
        ({"access": "no"}, ("freight", "passengers")),
        ({"access": "private"}, ("freight", "passengers")),
        ({"access": "destination"}, ()),
        ({"access": "no", "motor_vehicle": "yes"}, ()),
        ({"motor_vehicle": "yes", "hgv": "no"}, ("freight",)),
        ({"motorcar": "no"}, ("passengers",)),
        ({"access": "no", "hgv": "yes"}, ("passengers",)),
        ({"bicycle": "no", "foot": "no"}, ()),
    ],
)
def test_access_of_the_most_special_tag_counts(tags, closed_to):
    assert kind(highway="primary", **tags).closed_to == closed_to


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"railway": "rail"}, "open"),
        ({"railway": "narrow_gauge"}, "open"),
        ({"railway": "preserved"}, "open"),
        ({"railway": "disused"}, "disused"),
        ({"railway": "disused", "disused": "rail"}, "disused"),
        ({"disused__railway": "rail"}, "disused"),
        ({"railway": "abandoned"}, "dismantled"),
        ({"abandoned__railway": "rail"}, "dismantled"),
        ({"railway": "razed"}, "dismantled"),
        ({"railway": "construction", "construction": "rail"}, "construction"),
        ({"construction__railway": "rail"}, "construction"),
        ({"railway": "proposed", "proposed": "rail"}, "planned"),
        ({"proposed__railway": "narrow_gauge"}, "planned"),
        # Words of either style that only say yes.
        ({"railway": "abandoned", "abandoned": "yes"}, "dismantled"),
        ({"railway": "construction", "construction": "yes"}, "construction"),
        ({"railway": "rail", "disused": "yes"}, "disused"),
        ({"railway": "rail", "abandoned": "yes"}, "dismantled"),
        ({"railway": "rail", "disused": "no"}, "open"),
        ({"railway": "rail", "construction": "minor"}, "open"),
    ],
)
def test_life_cycle_of_railways_in_both_styles(tags, status):
    assert (kind(**tags).mode, kind(**tags).status) == ("rail", status)


@pytest.mark.parametrize(
    "tags",
    [
        {"railway": "tram"},
        {"railway": "subway"},
        {"railway": "platform"},
        {"railway": "construction", "construction": "tram"},
        {"disused__railway": "tram"},
        {"railway": "rail", "service": "siding"},
        {"railway": "rail", "service": "yard"},
        {"railway": "rail", "service": "spur"},
        {"building": "yes"},
        {"highway": "footway"},
        {"highway": "proposed"},
        {"route": "ferry", "motor_vehicle": "no"},
    ],
)
def test_what_is_no_way_for_vehicles_is_left_out(tags):
    assert kind(**tags) is None


def test_sidings_are_kept_when_asked_for_and_crossovers_always():
    assert kind(sidings=True, railway="rail", service="siding").service == "siding"
    assert kind(railway="rail", service="crossover").service == "crossover"


def test_a_road_under_construction_keeps_its_class():
    built = kind(highway="construction", construction="motorway")
    assert (built.road, built.status) == ("motorway", "construction")
    assert kind(highway="primary", abandoned="yes").status == "dismantled"


@pytest.mark.parametrize(
    ("text", "gauges"),
    [("1435", (1435,)), ("1520;1435", (1435, 1520)), ("standard", ()), ("", ()), ("20", ())],
)
def test_gauges(text, gauges):
    assert kind(railway="rail", gauge=text).gauges_mm == gauges


def test_a_road_along_which_rails_run_is_a_railway_once():
    assert kind(highway="residential", railway="tram").mode == "road"


@pytest.mark.parametrize(
    ("limit", "kmh"), [("100", 80.0), ("50 mph", 64.4), ("none", 95.0), ("signals", 95.0)]
)
def test_speeds_follow_limits_and_else_the_class(limit, kmh):
    assert kind(highway="motorway", maxspeed=limit).speed_kmh == kmh


@pytest.mark.parametrize(
    ("tags", "closes"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "toll_booth"}, False),
        ({"barrier": "block"}, True),
        ({"barrier": "border_control"}, False),
    ],
)
def test_barriers(tags, closes):
    assert barrier_closes(tags) is closes


@pytest.mark.parametrize(
    ("tags", "closed", "open_hours", "closed_hgv", "note"),
    [
        ({"motor_vehicle:conditional": "no @ (Nov 15-Apr 30)"}, "Nov 15-Apr 30", "", "", ""),
        ({"access:conditional": "no @ Nov-Apr"}, "Nov-Apr", "", "", ""),
        ({"hgv:conditional": "no @ (22:00-06:00)"}, "", "", "22:00-06:00", ""),
        ({"access": "no", "access:conditional": "yes @ (May-Oct)"}, "", "May-Oct", "", ""),
        ({"seasonal": "spring;summer;autumn"}, "", "Mar-May,Jun-Aug,Sep-Nov", "", ""),
        ({"seasonal": "yes"}, "", "", "", "seasonal=yes"),
        ({"seasonal": "no"}, "", "", "", ""),
        ({"opening_hours": "Mo-Fr 08:00-18:00"}, "", "Mo-Fr 08:00-18:00", "", ""),
        ({"opening_hours": "ask at the quay"}, "", "", "", "opening_hours=ask at the quay"),
        ({"hgv:conditional": "no @ (weight>7.5)"}, "", "", "", "hgv:conditional=no @ (weight>7.5)"),
        ({"access:conditional": "delivery @ (06:00-09:00)"}, "", "", "",
         "access:conditional=delivery @ (06:00-09:00)"),
        ({"vehicle:conditional": "no @ (snow)"}, "", "", "", "vehicle:conditional=no @ (snow)"),
        # Of several conditions the last one that holds counts.
        ({"motor_vehicle:conditional": "yes @ (May-Oct); no @ (Nov-Apr)"}, "Nov-Apr", "", "", ""),
        ({"motor_vehicle:conditional": "no @ (Nov-Apr); no @ (22:00-06:00)"},
         "Nov-Apr, 22:00-06:00", "", "", ""),
        ({"motor_vehicle:conditional": "no @ Nov-Apr; no @ (weight>7.5)"}, "Nov-Apr", "", "",
         "motor_vehicle:conditional=no @ Nov-Apr; no @ (weight>7.5)"),
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (Jun-Jul); yes @ (Sep)"}, "",
         "Jun-Jul, Sep", "", ""),
        ({"access:conditional": "no @ (Nov-Apr); yes @ (Dec)"}, "", "", "",
         "access:conditional=no @ (Nov-Apr); yes @ (Dec)"),
    ],
)  # fmt: skip
def test_what_is_closed_again_and_again_is_kept(tags, closed, open_hours, closed_hgv, note):
    tagged = way_kind({"highway": "primary", **tags}, roads=frozenset(DRIVEN), rails=True,
                      sidings=False)  # fmt: skip
    assert (tagged.closed, tagged.open_hours, tagged.closed_hgv) == (closed, open_hours, closed_hgv)
    assert (tagged.condition, tagged.closed_to) == (note, ())
