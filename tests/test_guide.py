"""Guide lines and how they are followed."""

from __future__ import annotations

import pytest

from borders import Place, UnknownNameError
from borders.errors import GeometryError
from borders.geodesy import length_m
from borders.guide import follow, guide, guides


def _place(name, lon, lat, sigma_m=100.0):
    return Place(
        id=name, name=name, kind="test", country="", lon=lon, lat=lat, sigma_m=sigma_m, names={},
        aliases=(), source="x", state="quoted",
    )  # fmt: skip


def test_guides_are_single_lines_with_name_and_source():
    for key, one in guides().items():
        assert one.id == key
        assert one.geometry.geom_type == "LineString"
        assert one.name
        assert one.source
        assert one.position_sigma_m > 0


def test_an_unknown_guide_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"no guide line 'x'; known: aras-kars, .*tur-nax"):
        guide("x")


def test_a_stretch_has_the_length_of_its_geometry_and_runs_either_way():
    line = guide("arpacay").geometry
    first, last = (_place(str(n), *line.coords[n]) for n in (100, -100))
    down = follow("arpacay", first, last, where="test", limit_m=10)
    up = follow("arpacay", last, first, where="test", limit_m=10)
    assert down.length_m == pytest.approx(length_m(down.geometry), abs=1e-3)
    assert up.geometry.coords[:] == down.geometry.coords[::-1]


def test_a_place_far_from_the_line_is_an_error_with_distance_and_limit():
    start, far = _place("a", *guide("arpacay").geometry.coords[0]), _place("b", 43.0, 40.5)
    with pytest.raises(GeometryError, match=r"'b' lies [\d,]+ m from 'arpacay' \(limit 500 m"):
        follow("arpacay", start, far, where="here", limit_m=500)
