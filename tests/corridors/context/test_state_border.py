"""The border of Kyrgyzstan and Uzbekistan: against GeographicLib and the length that is stated."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic

from borders.files.bundle import BUNDLED
from corridors.analysis.claims import judge_claims
from corridors.context.claims import bundled_claims
from corridors.context.state_border import StateBorder
from maps.layers.build import layers

EARTH = Geodesic.WGS84


def test_its_length_is_that_of_geographiclib_along_the_reviewable_file() -> None:
    text = (BUNDLED.folder / "guides" / "kgz-uzb.geojson").read_text("utf-8")
    metres = {
        feature["properties"]["id"]: sum(
            EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"]
            for a, b in pairwise(feature["geometry"]["coordinates"])
        )
        for feature in json.loads(text)["features"]
    }
    table = StateBorder().to_gdf().set_index("id")["length_m"]
    assert table.to_dict() == pytest.approx(metres, abs=0.1)
    assert StateBorder().length.value == pytest.approx(sum(metres.values()), abs=0.1)


def test_the_length_that_the_csto_study_states_is_inside_the_interval() -> None:
    # Document 000, p. 6: 1,378 km, of which about 371 are not delimited.
    assert StateBorder().length.contains(1_378_000)
    judged = {one.claim.id: one for one in judge_claims(bundled_claims())}
    assert judged["csto-026"].verdict == "consistent"
    assert judged["csto-027"].verdict == "not computable"
    assert "does not say which" in judged["csto-027"].reason


def test_the_rims_of_the_enclaves_close_and_the_line_does_not() -> None:
    parts = StateBorder().to_gdf().geometry
    assert [line.is_ring for line in parts] == [False, True, True]
    (drawn,) = layers([StateBorder()])
    assert len(drawn.shapes) == len(parts)
