"""Lines and lands that texts describe: what is drawn, how roughly, against outside numbers."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from borders.compiler.resolve import boundary
from borders.errors import NoAnswerError
from borders.gazetteer.lookup import place
from borders.guide_lines import guide
from corridors.context.described import described, described_ids
from corridors.context.systems import NOT_DRAWN
from maps.cli.main import main
from maps.layers.build import layers

# One verst is 500 sazhens of 7 feet: 1.0668 km.
VERST2_KM2 = 1.0668**2


def test_the_three_sanjaks_have_the_area_of_the_oblasts_of_kars_and_batum() -> None:
    # Area of 1897 in square versts: 16,473 of the oblast of Kars (Brockhaus and Efron, by
    # nina.az, Oblast Kars), 6,109.2 of that of Batum (frwiki.wiki).
    published_m2 = (16_473 + 6_109.2) * VERST2_KM2 * 1e6
    area = boundary("elviye-i-selase").area
    assert area.contains(published_m2)
    assert area.percent < 6


@pytest.mark.parametrize("name", ["Kars", "Ardahan", "Batumi", "Artvin", "Oltu", "Sarıkamış",
                                  "Kağızman"])  # fmt: skip
def test_towns_of_the_sanjaks_lie_inside(name) -> None:
    spot = place(name)
    assert shapely.contains_xy(boundary("elviye-i-selase").polygon, spot.lon, spot.lat)


@pytest.mark.parametrize("name", ["Hopa", "Horasan", "Iğdır", "Tuzluca", "Gyumri", "Akhaltsikhe",
                                  "Yusufeli", "Ağrı"])  # fmt: skip
def test_towns_around_the_sanjaks_lie_outside(name) -> None:
    # Article 58 of Berlin and the note on the Surmalu uezd: document 002, on the treaty of Gümrü,
    # tells that Iğdır and Kulp came to Russia in 1828, not in 1878.
    spot = place(name)
    assert not shapely.contains_xy(boundary("elviye-i-selase").polygon, spot.lon, spot.lat)


def test_berlin_passes_400_sazhens_west_of_karaurgan() -> None:
    # Protocol of 17 May 1880; a sazhen is 7 feet. GeoNames has the village at 40.23964, 42.27283.
    (spot,) = [leg.end for leg in boundary("berlin-1878").legs if leg.end.id == "karaougan-west"]
    line = Geodesic.WGS84.Inverse(40.2396, 42.27283, spot.lat, spot.lon)
    assert line["s12"] == pytest.approx(400 * 7 * 0.3048, abs=25)
    assert line["azi1"] == pytest.approx(-90, abs=1)


def test_moscow_is_the_line_of_kars() -> None:
    # Document 002: the border of Moscow was taken over in Kars.
    moscow, kars = boundary("moscow-1921"), boundary("kars-1921")
    assert moscow.length.value == pytest.approx(kars.length.value, rel=0.001)
    assert moscow.legs[-1].end.lon == pytest.approx(guide("tur-nax").geometry.coords[-1][0])


def test_gumru_runs_from_the_kara_su_to_the_akbaba_along_the_rivers() -> None:
    # Article 2 as de.zxc.wiki tells it: lower Karasu, Aras, Akhuryan, Karahan gorge, Akbaba.
    legs = boundary("gumru-1920").legs
    assert [leg.rule for leg in legs[:2]] == ["thalweg", "thalweg"]
    assert legs[-1].end.id == "akbaba"
    assert not boundary("gumru-1920").holds("1921-03-16")


def test_each_says_how_roughly_it_is_drawn_and_has_seven_names() -> None:
    for key in described_ids():
        known = described(key)
        assert len(known.names) == 7, key
        assert known.how
        assert key not in NOT_DRAWN
        assert len(known.to_gdf()) == len(known.rows())


def test_governments_stand_on_the_days_that_the_document_tells() -> None:
    # Document 002, section on the way to the treaty: Ahıska 29 October 1918, Aras 3 November 1918
    # with its seat at Iğdır, the congress of Kars 17 to 18 January 1919.
    days = {"ahiska-government": "1918-10-29", "aras-government": "1918-11-03",
            "south-west-caucasian-government": "1919-01-18"}  # fmt: skip
    assert {key: described(key).begin.isoformat() for key in days} == days
    aras = described("aras-government")
    assert [named.place.id for named in aras.places if named.role == "seat"] == ["igdir"]
    assert {named.place.id for named in aras.places} >= {"nakhchivan", "sharur", "etchmiadzin"}
    with pytest.raises(NoAnswerError, match="1918-11-03"):
        layers([aras], on=date(1918, 11, 2))


def test_ani_and_the_salt_mines_fell_to_the_side_of_the_line_that_they_lie_on() -> None:
    # Document 002, on the conference of Kars: the demand for both was declined.
    line = boundary("kars-1921").geometry
    for key in ("ani", "kulp-salt-mines"):
        (named,) = described(key).places
        assert named.side == "Türkiye"
        # From there due west to Kars or Erzurum no line is crossed; east to Yerevan it is.
        spot = (named.place.lon, named.place.lat)
        assert not shapely.LineString([spot, (42.9, named.place.lat)]).intersects(line)
        assert shapely.LineString([spot, (44.5126, 40.17765)]).intersects(line)


def test_the_vilayets_of_sevres_hold_their_seats_and_not_kars() -> None:
    area = described("sevres-armenia").area
    for name in ("Erzurum", "Trabzon", "Van", "Bitlis"):
        spot = place(name)
        assert shapely.contains_xy(area, spot.lon, spot.lat), name
    for name in ("Kars", "Sivas", "Diyarbakır"):
        spot = place(name)
        assert not shapely.contains_xy(area, spot.lon, spot.lat), name


def test_show_map_and_export_know_them(capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["show", "ani"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "fell to Türkiye" in text
    assert main(["show", "sevres-armenia", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "unverified"
    out = tmp_path / "b.geojson"
    assert main(["export", "batum-1918", "--out", str(out)]) == 0
    rows = json.loads(out.read_text("utf-8"))["features"]
    assert {row["properties"]["side"] for row in rows} == {"Ottoman Empire", "Armenia"}
    assert (
        main(["map", "aras-government", "elviye-i-selase", "--out", str(tmp_path / "m.html")]) == 0
    )
