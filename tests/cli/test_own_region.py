"""A study of Central America, with its own countries: what the commands say of it."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

# How the files of the study say that a thing has no source.
_UNVERIFIED = ('source = "unverified"', '"source":"unverified"', ",unverified,unverified,")
MAYA = Path(__file__).parents[1] / "studies" / "central-america"


@pytest.fixture
def maya(tmp_path):
    """Return a copy of the study that a test may change."""
    return Path(shutil.copytree(MAYA, tmp_path / "maya"))


def rewrite(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_an_id_of_a_place_and_of_a_crossing_shows_both(araxes, maya):
    for name in ("links.csv", "crossings.csv"):
        rewrite(maya / "network" / name, "x-melchor-benque", "melchor")
    rewrite(maya / "scenarios" / "melchor-closed.toml", "x-melchor-benque", "melchor")
    both = araxes("show", "melchor", "--study", maya)
    assert "melchor, town, GT" in both.out
    assert "melchor, crossing, GT–BZ" in both.out
    told = json.loads(araxes("show", "melchor", "--study", maya, "--json").out)
    assert (told["kind"], told["crossing"]["links"][0]["id"]) == ("place", "x-melchor")
    # A crossing has statuses of a day; a place alone has none.
    assert araxes("show", "melchor", "--on", "2025-01-01", "--study", maya).code == 0
    assert araxes("show", "flores", "--on", "2025-01-01", "--study", maya).code == 2
    # A place is shown though something is wrong with the network.
    (maya / "network" / "links.csv").write_text("")
    assert araxes("show", "melchor", "--study", maya).code == 0


def test_a_status_without_a_source_ends_without_a_mark(araxes, maya):
    told = araxes("show", "x-melchor", "--study", maya).out
    assert "status  open (undated, open 06:00-22:00)\n" in told


def test_a_study_cites_sources_of_its_own_everywhere(araxes, maya):
    for file in maya.rglob("*"):
        if file.suffix in (".csv", ".toml", ".geojson") and file.name != "claims.csv":
            text = file.read_text("utf-8")
            for old in _UNVERIFIED:
                text = text.replace(old, old.replace("unverified", f"Atlas, {file.name}", 1))
            file.write_text(text.replace(",Atlas, places.csv,", ',"Atlas, places.csv",'), "utf-8")
    statuses = maya / "network" / "statuses.csv"
    rewrite(statuses, "Atlas, statuses.csv", '"Atlas, statuses.csv"')
    assert araxes("report", "--study", maya).code == 0
    caption = (maya / "out" / "figures" / "border.caption.md").read_text("utf-8")
    for name in ("places.csv", "countries.geojson", "treaty-1882.toml"):
        assert f"Atlas, {name}" in caption
    page = (maya / "out" / "map.html").read_text("utf-8")
    assert "Atlas, places.csv" in page
    for key, cited in (("merida", "places.csv"), ("ferro-sur", "ferro-sur.toml")):
        told = araxes("show", key, "--study", maya)
        assert f"source  Atlas, {cited}\n" in told.out
    assert araxes("export", "ferro-sur", "--out", maya / "x.gpkg", "--study", maya).code == 0


def test_the_strip_of_a_corridor_lies_in_its_countries_and_in_no_rayon(araxes, maya):
    told = araxes("show", "ferro-sur", "--study", maya).out
    assert "strip   Guatemala (GT) " in told
    assert "rayon" not in told
    assert araxes("report", "--study", maya).code == 0
    report = (maya / "out" / "report.md").read_text("utf-8")
    assert "| strip, by country | area (95 %) |" in report
    assert "rayon" not in report


def test_without_other_lines_the_cross_check_says_what_it_assumes(araxes, maya):
    file = maya / "corridors" / "ferro-sur.toml"
    rewrite(file, 'basis = "chain"', 'basis = "published"\nlength_m = 290000\nsigma_m = 5000')
    assert araxes("report", "--study", maya).code == 0
    report = (maya / "out" / "report.md").read_text("utf-8")
    assert "its chords lengthened 1.25 times, an assumption, gives 266.1 km" in report


def test_a_link_through_several_countries_is_a_crossing_without_their_polygons(araxes, maya):
    """A ferry from Fiji to Samoa: no polygon reaches it, and a scenario may close its border."""
    (maya / "countries.geojson").unlink()
    for line in ('countries = "countries.geojson"\n', 'countries_code = "iso"\n',
                 "countries_sigma_m = 2000\n"):  # fmt: skip
        rewrite(maya / "araxes.toml", line, "")
    (maya / "network" / "islands.csv").write_text(
        "id,from,to,mode,countries,wkt\n"
        'suva-apia,suva,apia,ferry,"FJ,WS","LINESTRING (178.4 -18.1, -171.8 -13.8)"\n'
        'port-road,suva,nadi,road,FJ,"LINESTRING (178.4 -18.1, 177.4 -17.8)"\n'
    )
    listed = araxes("list", "crossings", "--study", maya, "--json")
    assert listed.code == 0, listed.err
    told = json.loads(listed.out)
    found = {row["id"]: row["countries"] for row in told}
    assert found["x-suva-apia"] == ["FJ", "WS"]
    assert "x-port-road" not in found
    (maya / "scenarios" / "shut.toml").write_text(
        'id = "shut"\nname = "Shut"\nincludes = ["status-quo"]\nclose = ["x-suva-apia"]\n'
    )
    ways = [araxes("route", "nadi", "apia", "--study", maya, *words)
            for words in ((), ("--scenario", "shut"))]  # fmt: skip
    assert [way.code for way in ways] == [0, 1]
    assert "wait for a ship, x-suva-apia" in ways[0].out


def test_a_region_that_lies_in_ours_with_its_axes_swapped_is_taken_as_it_is(araxes, maya):
    """Amman, at 36 and 32 degrees, would lie in Türkiye if its latitude came first."""
    (maya / "network" / "jordan.csv").write_text(
        "id,from,to,mode,countries,wkt\n"
        'desert,amman,tabuk,road,"JO,SA","LINESTRING (35.93 31.95, 36.0 29.2, 36.57 28.38)"\n'
    )
    way = json.loads(araxes("route", "amman", "tabuk", "--study", maya, "--json").out)
    metres = [
        Geodesic.WGS84.Inverse(*start, *end)["s12"]
        for start, end in pairwise([(31.95, 35.93), (29.2, 36.0), (28.38, 36.57)])
    ]
    assert way["km"] == pytest.approx(sum(metres) / 1000, abs=0.1)


@pytest.mark.parametrize(
    ("course", "told"),
    [
        ("178.4 -18.1, 188.2 -13.8", "take 360 from longitudes beyond 180"),
        ("14.63 -90.52, 15.35 -89.0", "write longitude first"),
        ("490000 1620000, 500000 1630000", "the file may be in a projected system"),
    ],
)
def test_coordinates_that_cannot_be_say_what_they_look_like(araxes, maya, course, told):
    (maya / "network" / "far.csv").write_text(
        f'id,from,to,mode,countries,wkt\nfar,one,other,road,GT,"LINESTRING ({course})"\n'
    )
    answer = araxes("route", "flores", "merida", "--study", maya)
    assert answer.code == 2
    assert told in answer.err


def test_a_figure_of_all_that_it_has_shows_where_it_lies(araxes, maya):
    assert araxes("map", "all", "--study", maya, "--out", maya / "all.png").code == 0
    caption = (maya / "all.caption.md").read_text("utf-8")
    assert "central meridian 90°" in caption
    assert "′ W. " in caption


def test_coordinates_south_of_the_equator_and_west_of_greenwich_are_no_options(araxes, maya):
    words = ("map", "treaty-1882", "--study", maya, "--out", maya / "part.png")
    assert araxes(*words, "--extent", "-91.5,16.5,-90.5,17.4").code == 0
    for origin in ("-1.28,36.82", "-.5,36.82"):
        answer = araxes("route", origin, "-4.05,39.66", "--study", maya)
        assert f"'{origin}'" in answer.err
    assert "the following arguments are required" in araxes("route", "-x", "y").err


def test_alone_it_lists_its_own_files_and_sources(araxes, maya):
    rewrite(maya / "corridors" / "ferro-sur.toml", 'source = "unverified"', 'source = "An atlas"')
    rows = json.loads(araxes("list", "layers", "--study", maya, "--json").out)
    counted = {row["id"]: row["rows"] for row in rows}
    assert not [key for key in counted if not (maya / key).is_file()]
    assert counted["places.csv"] == len((maya / "places.csv").read_text("utf-8").splitlines()) - 1
    assert counted["treaties/treaty-1882.toml"] == 7
    assert counted["countries.geojson"] == counted["guides/rivers.geojson"] == 3
    cited = json.loads(araxes("list", "sources", "--study", maya, "--json").out)
    assert [row["id"] for row in cited] == ["An atlas", "unverified"]
    assert araxes("list", "sources", "--study", maya).out.startswith("An atlas\nunverified")
    # Beside the bundled ones they come first.
    rewrite(maya / "araxes.toml", 'base = "none"', 'base = "south-caucasus"')
    for line in ('countries = "countries.geojson"\n', 'countries_code = "iso"\n',
                 "countries_sigma_m = 2000\n"):  # fmt: skip
        rewrite(maya / "araxes.toml", line, "")
    (maya / "scenarios" / "status-quo.toml").unlink()
    beside = json.loads(araxes("list", "layers", "--study", maya, "--json").out)
    keys = [row["id"] for row in beside]
    assert keys.index("guides/rivers.geojson") < keys.index("schema.csv")


def test_an_end_called_nearly_as_the_place_where_it_lies_is_remarked(araxes, maya):
    assert "0 errors, 0 remarks" in araxes("network", "check", "--study", maya).out
    rewrite(maya / "network" / "links.csv", "escarcega,merida,", "escarcega,meridda,")
    told = json.loads(araxes("network", "check", "--json", "--study", maya).out)
    assert told == [
        {"level": "remark", "link": "mx261", "repair": "write merida, if it is meant",
         "message": "ends at 'meridda', which is no place, 0 m from the place 'merida'"},
    ]  # fmt: skip


def test_without_polygons_a_link_lies_in_the_countries_of_its_ends(araxes, maya):
    for line in ('countries = "countries.geojson"\n', 'countries_code = "iso"\n',
                 "countries_sigma_m = 2000\n"):  # fmt: skip
        rewrite(maya / "araxes.toml", line, "")
    told = json.loads(araxes("list", "crossings", "--study", maya, "--json").out)
    assert {row["id"]: row["countries"] for row in told} == {
        "x-melchor-benque": ["GT", "BZ"], "x-pg-barrios": ["BZ", "GT"],
        "x-santa-elena": ["BZ", "MX"], "x-suchiate-rail": ["GT", "MX"],
        "x-tecun-hidalgo": ["GT", "MX"], "x-usumacinta": ["MX", "GT"],
    }  # fmt: skip
    way = araxes("route", "Belmopan", "Tapachula", "--avoid", "GT", "--study", maya)
    assert way.code == 1


def test_a_table_of_links_is_no_extract_and_the_refusal_says_where_it_goes(araxes, maya):
    (maya / "network" / "links.npz").write_bytes(b"PK")
    for name in ("links.csv", "links.npz"):
        answer = araxes("network", "import", maya / "network" / name, "--out", maya / "x.npz")
        assert answer.code == 2
        assert "a network goes to --network as it is" in answer.err


def test_its_report_answers_its_claims_and_says_who_makes_them(araxes, maya):
    assert araxes("report", "--study", maya).code == 0
    report = (maya / "out" / "report.md").read_text("utf-8")
    section = report.partition("## Claims")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    told = json.loads(araxes("claims", "--study", maya, "--json").out)
    claims = [row for row in told if row["document"]]
    assert len(rows) == len(claims) == 4
    for row, claim in zip(rows, claims, strict=True):
        assert claim["document"] in row
        assert claim["verdict"] in row
    rewrite(maya / "claims.csv", ",length,", ",lenght,")
    wrong = araxes("report", "--study", maya)
    assert wrong.code == 2
    assert "claims.csv:2: question is 'lenght'" in wrong.err


def test_a_misspelt_line_of_a_claim_is_offered_the_nearest(araxes, maya):
    rewrite(maya / "claims.csv", "treaty-1882", "treaty-1883")
    told = json.loads(araxes("claims", "--study", maya, "--json").out)
    assert told[0]["reason"].endswith("; is 'treaty-1883' meant for 'treaty-1882'?")


def test_of_a_day_after_the_data_what_is_dated_later_is_taken(araxes, maya):
    """The railway of 914 mm opens on 1 July 2027, a year after the day of the status quo."""
    words = ("route", "guatemala", "tecun-uman", "--modes", "rail", "--study", maya)
    before, after = (araxes(*words, "--on", day) for day in ("2027-06-30", "2027-07-01"))
    assert [before.code, after.code] == [1, 0]
    assert "the last known statuses are taken, and those dated later" in " ".join(after.err.split())


def test_a_link_that_only_a_scenario_builds_is_told_as_such(araxes, maya):
    answer = araxes("show", "jalacte-road", "--study", maya)
    assert answer.code == 2
    assert "is a new link of the scenario 'sanjuan-line'; `araxes show sanjuan-line`" in answer.err
    assert "jalacte-road: 190.0 km" in araxes("show", "sanjuan-line", "--study", maya).out
