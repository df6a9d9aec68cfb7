"""The pieces of Nakhchivan that were transferred in 1929: villages and areas."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from borders.compiler.resolve import boundary
from corridors.context.ceded_pieces import CededPieces, ceded_pieces, drawn_sigmas_m2, held_by
from maps.cli.main import main


def area_km2(polygon: shapely.Polygon) -> float:
    """Return the area of a polygon, summed by geographiclib."""
    rings = Geodesic.WGS84.Polygon()
    for lon, lat in polygon.exterior.coords[:-1]:
        rings.AddPoint(lat, lon)
    return abs(rings.Compute(False, True)[2]) / 1e6


def test_every_village_with_a_place_lies_in_its_piece() -> None:
    for piece in ceded_pieces():
        assert piece.villages or piece.id == "yeraskh"
        for village in piece.villages:
            # Of Kilit a part of the land was given, and the point is beside it.
            if village.lon is not None and village.id != "kilit-part":
                assert shapely.contains_xy(piece.polygon, village.lon, village.lat), village.id


def test_the_area_of_each_piece_is_that_of_geographiclib() -> None:
    for piece in ceded_pieces():
        parts = shapely.get_parts(piece.polygon)
        assert piece.area.value / 1e6 == pytest.approx(sum(map(area_km2, parts)), rel=1e-6)
        assert piece.area.low > 0 or piece.id == "yeraskh"


def test_the_errors_on_file_are_those_of_draws_made_anew() -> None:
    drawn = drawn_sigmas_m2()
    for piece in ceded_pieces():
        # They are stored to a hundredth of a square kilometre.
        assert piece.area.sigma == pytest.approx(drawn[piece.id], abs=0.005e6), piece.id


def test_karchevan_is_about_the_109_km2_of_its_basin() -> None:
    # Facts, corrections: the basin of Karchevan in Armenia has about 109 km².
    (piece,) = [piece for piece in ceded_pieces() if piece.id == "karchevan"]
    assert piece.area.contains(109e6)


def test_the_pieces_together_hold_what_is_published_as_ceded() -> None:
    # az.wikipedia: 625 km² (18 February 1929). The errors of both pieces are independent.
    pieces = ceded_pieces()
    total = sum(piece.area.value for piece in pieces)
    sigma = sum(piece.area.sigma**2 for piece in pieces) ** 0.5
    assert abs(total - 625e6) < 1.96 * sigma
    then, now = (boundary(key).polygon for key in ("nakhchivan-1921", "nakhchivan"))
    lost = shapely.difference(then, now)
    whole = sum(map(area_km2, (p for p in shapely.get_parts(lost) if p.area)))
    assert total / 1e6 == pytest.approx(whole, rel=0.02)


def test_whose_they_were_by_day() -> None:
    days = ("1922-01-01", "1929-02-17", "1930-06-01", "1931-01-01")
    told = [held_by(date.fromisoformat(day)) for day in days]
    assert told == ["Nakhchivan", "Nakhchivan", "in transfer, 1929–1931", "Armenia"]
    table = CededPieces().to_gdf(on="1940-01-01")
    assert set(table.loc[table["kind"] == "ceded-piece", "held_by"]) == {"Armenia"}
    assert len(table) == 3 + 8


def test_show_and_map_know_them(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["show", "nakhchivan-ceded", "--on", "1925-01-01"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "Khachik (Xaçik, Խաչիկ)" in text
    assert main(["show", "nakhchivan-ceded", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [piece["id"] for piece in told["pieces"]] == ["daralagez", "karchevan", "yeraskh"]
    page = tmp_path / "n.html"
    assert main(["map", "nakhchivan-1921", "nakhchivan", "nakhchivan-ceded", "--out",
                 str(page)]) == 0  # fmt: skip
