"""Sister cities against the study's own tables and against geographiclib."""

from __future__ import annotations

from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic

from borders.errors import UnknownNameError
from corridors.context.sister_cities import SisterCities, agreements, counts, not_placed, spots


def test_counts_are_those_of_the_tables_not_of_the_text() -> None:
    # Tables 1 and 2, pp. 99–103; the text on p. 104 has 98, 18 and 19.
    by_country = counts(agreements(), "country")
    assert by_country == {"AZ": 93, "KZ": 34, "KG": 32, "UZ": 23, "TM": 14, "TJ": 2}
    assert len(agreements(end="2002-12-31")) == 38
    assert len(agreements(begin="2003-01-01")) == 160
    assert sum(counts(agreements(), "province").values()) == 198
    assert sum(counts(agreements(), "year").values()) == 198


def test_years_are_in_order_of_time_and_countries_in_order_of_their_counts() -> None:
    years = list(counts(agreements(), "year"))
    assert years == sorted(years)
    assert years[0] == "1993"
    for by in ("country", "province"):
        numbers = list(counts(agreements(), by).values())
        assert numbers == sorted(numbers, reverse=True)


def test_the_first_agreement_is_marmaris_and_celeken() -> None:
    first = min(agreements(), key=lambda a: a.day)
    assert (first.municipality, first.partner, str(first.day)) == (
        "Marmaris", "Çeleken", "1993-12-04",
    )  # fmt: skip
    # Çeleken is called Hazar since 1999, on the Caspian shore.
    away = first.ends[1]
    assert away.name == "Hazar"
    assert 52 < away.lon < 54


def test_what_was_not_found_is_listed_not_dropped() -> None:
    lost = not_placed(agreements())
    assert {a.partner for a in lost} == {"Muhah", "Lenin"}
    table = SisterCities().to_gdf()
    assert len(table) == 198
    assert table.geometry.isna().sum() == len(lost)
    told = SisterCities().summary()["not_found"]
    assert [row["spelling"] for row in told] == [a.partner for a in lost]


@pytest.mark.parametrize("number", [0, 5, 60, 150, 197])
def test_distances_are_geodesic(number) -> None:
    agreement = agreements()[number]
    home, away = agreement.ends
    line = Geodesic.WGS84.Inverse(home.lat, home.lon, away.lat, away.lon)
    assert agreement.distance_m == pytest.approx(line["s12"], abs=0.01)


def test_an_arc_is_as_long_as_the_distance_and_bends_north() -> None:
    table = SisterCities().to_gdf().set_index("id")
    (arc,) = [a for a in agreements() if a.partner == "Semipalantinsk"]
    xy = list(table.geometry[arc.id].coords)
    legs = (Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(xy))
    assert sum(legs) == pytest.approx(arc.distance_m, rel=1e-6)
    assert max(lat for _, lat in xy) >= max(xy[0][1], xy[-1][1])


def test_spellings_stand_beside_standard_names_and_other_candidates_stay() -> None:
    known = spots()
    assert known["AZ", "", "Ali Bayramlı"].name == "Şirvan"
    assert known["KZ", "", "Semipalantinsk"].name == "Semey"
    assert any(spot.others for spot in known.values())
    # Every Turkish municipality is placed.
    assert all(spot.lon is not None for key, spot in known.items() if key[0] == "TR")


def test_unknown_countries_and_provinces_are_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="AZ"):
        agreements(country="RU")
    with pytest.raises(UnknownNameError, match="Muğla"):
        agreements(province="Mugla-by-the-sea")
