"""Members of alliances by day, and the radar's circle."""

from __future__ import annotations

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from corridors.context.alliances import ORGANISATIONS, bases, changes, circle, members, status_of
from corridors.context.systems import NOT_DRAWN, context_ids, context_system
from corridors.lookup import thing
from maps.layers.build import layers


def test_members_of_the_csto_on_days_that_the_study_tells_of() -> None:
    # p. 2: founded by six; Uzbekistan joined in 2006 and suspended in June 2012.
    six = {"RU", "KZ", "AM", "KG", "TJ", "BY"}
    assert set(members("CSTO", "2004-01-01")) == six
    assert set(members("CSTO", "2007-01-01")) == six | {"UZ"}
    assert status_of("CSTO", "2012-12-31")["UZ"].change == "suspended"
    assert status_of("CSTO", "2024-02-22")["AM"].change == "frozen"
    assert status_of("CSTO", "2024-02-21")["AM"].change == "joined"


def test_who_did_not_renew_the_treaty_left_it() -> None:
    # p. 2: Uzbekistan, Azerbaijan and Georgia.
    before, after = set(members("CST", "1999-04-01")), set(members("CST", "1999-04-02"))
    assert before - after == {"UZ", "AZ", "GE"}
    assert "UZ" in members("GUAM", "2001-01-01")
    assert "UZ" not in members("GUAM", "2006-01-01")


def test_nobody_leaves_what_they_had_not_joined() -> None:
    for organisation in ORGANISATIONS:
        inside: set[str] = set()
        for change in changes(organisation):
            if change.change in ("signed", "joined"):
                inside.add(change.country)
            else:
                assert change.country in inside, change


def test_the_radars_circle_is_geodesic_and_6000_km_is_its_diameter() -> None:
    (radar,) = [base for base in bases() if base.diameter_km]
    area = circle(radar.lon, radar.lat, 500 * radar.diameter_km)
    for lon, lat in list(area.exterior.coords)[::16]:
        line = Geodesic.WGS84.Inverse(radar.lat, radar.lon, lat, lon)
        assert abs(line["s12"] - 3_000_000) < 1
    # Tehran, Cairo, Mumbai, London.
    for lon, lat in ((51.4, 35.7), (31.2, 30.0), (72.9, 19.0), (-0.1, 51.5)):
        away = Geodesic.WGS84.Inverse(radar.lat, radar.lon, lat, lon)["s12"]
        assert shapely.contains_xy(area, lon, lat) == (away < 3_000_000)


def test_every_system_of_the_documents_is_drawn_or_has_a_reason() -> None:
    for key in context_ids():
        system = thing(key)
        assert system == context_system(key)
        assert len(system.to_gdf()) == len(system.rows()) or key in (
            "bases",
            "nakhchivan-ceded",  # its villages are rows of the table too
            *map(str.lower, ORGANISATIONS),
        )
    assert all(reason for reason in NOT_DRAWN.values())
    assert not set(NOT_DRAWN) & set(context_ids())


# Degrees of longitude and latitude of the capitals, by any atlas.
CAPITALS = {
    "BY": (27.6, 53.9), "CN": (116.4, 39.9), "IN": (77.2, 28.6), "IR": (51.4, 35.7),
    "KG": (74.6, 42.9), "KZ": (71.4, 51.2), "MD": (28.9, 47.0), "PK": (73.0, 33.7),
    "RU": (37.6, 55.75), "TJ": (68.8, 38.5), "UA": (30.5, 50.45), "UZ": (69.3, 41.3),
}  # fmt: skip


@pytest.mark.parametrize("key", [key.lower() for key in ORGANISATIONS])
def test_every_state_is_an_area_or_a_point_at_its_capital_on_the_map(key) -> None:
    table = thing(key).to_gdf().set_index("country").geometry
    for code, shape in table.items():
        if code in CAPITALS:
            assert shape.distance(shapely.Point(CAPITALS[code])) < 0.15, code
        else:
            assert shape.area > 1, code
    drawn = [shape for layer in layers([thing(key)]) for shape in layer.shapes]
    assert len(drawn) == len(table)
