"""Parts of corridors against what others publish, and against the whole."""

from __future__ import annotations

import pytest

from borders.geodesy import area_m2
from corridors.analysis.corridor_parts import areas_by_rayon, country_lengths, places_inside
from corridors.model.corridor import corridor

# km by country: bp.com for BTC; report.az 2016-03-19 for SCP and its continuation.
PUBLISHED = {
    "btc": {"AZ": 443, "GE": 249, "TR": 1076},
    "bte": {"AZ": 443, "GE": 248, "TR": 280},
}


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_parts_of_a_pipeline_hold_what_is_published(key) -> None:
    parts = country_lengths(corridor(key))
    assert parts.keys() == PUBLISHED[key].keys()
    for code, km in PUBLISHED[key].items():
        assert parts[code].contains(1000 * km), (code, parts[code].km_text)
    whole = corridor(key).length.value
    assert sum(part.value for part in parts.values()) == pytest.approx(whole, rel=0.001)


def test_the_lachin_strip_lies_in_its_rayons_and_adds_up() -> None:
    strip = corridor("lachin-2020")
    parts = areas_by_rayon(strip)
    assert {"Laçın (AZ)", "Şuşa (AZ)", "Syunik (AM)"} <= parts.keys()
    total = sum(part.value for part in parts.values())
    assert total == pytest.approx(float(area_m2(strip.territory())), rel=1e-5)
    # 5 km wide along the line as it is drawn, and round its two ends nothing.
    assert total / 5000 == pytest.approx(strip.drawn_m, rel=0.02)
    inside = {place.id for place in places_inside(strip)}
    assert {"lachin", "shusha"} <= inside
    assert "goris" not in inside


def test_a_line_without_a_width_has_no_rayons() -> None:
    assert areas_by_rayon(corridor("btk")) == {}
    assert places_inside(corridor("btk")) == ()
