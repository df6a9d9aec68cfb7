"""A study stands before the bundled data, or alone, and leaves nothing behind."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import geopandas
import pandas
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from borders import areas_by_country, guides
from borders.errors import AraxesError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.gazetteer.lookup import place
from borders.gazetteer.places import Gazetteer
from corridors import Study, compare, load_network, route, series
from corridors.export.feature_table import table
from corridors.model.registry import system, system_ids
from corridors.network.load import own_links
from corridors.network.rates import assumptions
from corridors.scenarios.scenario import scenario_ids
from corridors.scenarios.terms import Terms
from corridors.study.archive import pack, unpack
from corridors.study.check import check_names
from corridors.study.template import new_study

STUDIES = Path(__file__).parents[2] / "studies"


@pytest.fixture
def study(tmp_path):
    """Return a function that makes a study and opens it; files are written over the example's."""

    def made(base="south-caucasus", **files):
        folder = tmp_path / "study"
        new_study(folder, base=base)
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_", ".", 1)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Study.open(folder)

    return made


def test_things_of_a_study_stand_beside_the_bundled_ones(study):
    known = system_ids()
    with study().active():
        assert set(system_ids()) == {*known, "example-corridor", "example-line"}
        assert "example-opening" in scenario_ids()
        assert "tripp-open" in scenario_ids()
        assert place("Örnek depo").id == "example-depot"
        assert place("Kars").id == "kars"
        assert load_network().link("example-road-1").length_m == 42_000
        assert load_network().links_of("x-sarp-sarpi")
    assert system_ids() == known
    for lookup, name in ((place, "example-depot"), (system, "example-line")):
        with pytest.raises(UnknownNameError):
            lookup(name)
    assert load_network().by_id("example-road-1") is None


def test_a_way_over_its_links_is_as_long_as_they_are(study):
    with study().active():
        way = route("Kars", "Tuzluca", scenario="example-opening", terms=Terms(modes=("road",)))
    assert [step.link.id for step in way.steps] == ["example-road-1", "example-road-2"]
    assert way.length.value == 42_000 + 48_000


@pytest.mark.parametrize("base", ["south-caucasus", "none"])
@pytest.mark.parametrize("name", ["rail.csv", "links.geojson", "time_samples.csv"])
def test_links_are_read_whatever_their_file_is_called(study, base, name):
    here = study(base)
    file = here.folder / "network" / "links.csv"
    rows = pandas.read_csv(file)
    file.unlink()
    if name.endswith(".csv"):
        rows.to_csv(here.folder / "network" / name, index=False)
    else:
        lines = geopandas.GeoSeries.from_wkt(rows.pop("wkt"), crs=4326)
        geopandas.GeoDataFrame(rows, geometry=lines).to_file(here.folder / "network" / name)
    with here.active():
        network = load_network()
    assert set(rows["id"]) <= {link.id for link in network.links}
    assert (network.by_id("rail-kars-akyaka") is None) == (base == "none")


def test_alone_nothing_of_the_region_shows_through(study):
    with study("none").active():
        assert system_ids() == ("example-corridor", "example-line")
        assert scenario_ids() == ("example-opening", "status-quo")
        for name in ("Kars", "Tbilisi", "geonames:616052"):
            with pytest.raises(UnknownNameError):
                place(name)
        (row,) = compare([("West", "East")], ["example-opening"])
        assert row.way.countries == ("PL", "LT", "LV")
        # No average of the South Caucasus is lent: the hours are those of its own table, 40 km/h
        # and six hours at each of the two borders.
        assert row.way.lent == ()
        assert row.way.time.value == pytest.approx(680 / 40 + 2 * 6)


@pytest.mark.parametrize("base", ["south-caucasus", "none"])
def test_what_is_its_own_is_not_said_to_be_ours(study, base):
    way = ("Kars", "Tuzluca") if base == "south-caucasus" else ("West", "East")
    with study(base).active():
        own = {row["id"] for row in BUNDLED.own_rows("places.csv")}
        own |= {link.id for link in own_links()} | {"example-corridor"}
        network = load_network()
        rows = table([Gazetteer(), network, system("example-corridor")])
        steps = table([route(*way, scenario="example-opening")])
        ours = rows[~rows["id"].isin(own)]
    assert own <= set(rows["id"])
    assert rows[rows["id"].isin(own)][["licence", "attribution"]].isna().all(axis=None)
    assert steps[steps["link"].isin(own)]["attribution"].isna().all()
    assert ours.empty == (base == "none")
    assert ours["licence"].notna().all()


def test_its_lines_are_measured_on_the_ellipsoid(study):
    with study("none").active():
        line = system("example-line")
    stone, hill = (54.3, 23.0), (54.0, 23.4)
    straight, parallel, bearing = (leg.length_m for leg in line.legs)
    assert straight == pytest.approx(Geodesic.WGS84.Inverse(*stone, *hill)["s12"], abs=0.01)
    # Half a degree of the parallel of 54 degrees, and twelve miles.
    assert parallel == pytest.approx(0.5 * 65_578, rel=1e-4)
    assert bearing == pytest.approx(12 * 1609.344, abs=0.01)


def test_values_of_its_own_prevail_over_the_bundled_ones(study):
    text = (
        "key,value,low,high,unit,source,state,note\n"
        "speed_kmh.road.hilly,10,10,10,km/h,unverified,assumption,\n"
    )
    here = study(network__assumptions_csv=text)
    terms = Terms(modes=("road",))
    before = route("Kars", "Ardahan", terms=terms)
    with here.active():
        after = route("Kars", "Ardahan", terms=terms)
    assert after.length == before.length
    assert after.time.value > 2 * before.time.value


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"araxes_toml": 'titel = "x"'}, "araxes.toml: unknown key 'titel'"),
        ({"araxes_toml": 'title = "x"\nbase = "mars"'}, "base is 'mars'; allowed: south-caucasus"),
        ({"araxes_toml": 'title = "x"\npairs = ["Kars"]'}, "pairs holds 'Kars'; write a pair as"),
        ({"araxes_toml": 'title = "x"\nlanguages = ["de"]'}, "languages has 'de'; known: en, tr"),
        ({"araxes_toml": 'title = "x"\nscenarios = [7]'}, "scenarios holds 7; write it as text"),
        ({"corridors__btk_toml": 'id = "btk"'}, "id 'btk' is also that of the bundled corridor"),
        ({"scenarios__a_toml": 'id = "b"'}, "a.toml: id is 'b', but the file is named 'a'"),
        (
            {"treaties__example-corridor_toml": 'id = "example-corridor"'},
            "id 'example-corridor' is also that of treaties/example-corridor.toml",
        ),
        (
            {"araxes_toml": 'title = "x"\ncountries = "c.geojson"'},
            'countries goes with base = "none"',
        ),
        (
            {"araxes_toml": 'title = "x"\nbase = "none"\ngazetteer = "a.txt"'},
            "gazetteer is 'a.txt', but there is no such file in the folder",
        ),
        (
            {"araxes_toml": 'title = "x"\nbase = "none"\ngazetteer = "../places.csv"'},
            "there is no such file in the folder",
        ),
        (
            {"araxes_toml": 'title = "x"\nbase = "none"\ncountries_code = "iso"'},
            "countries_code without countries; name the polygons file",
        ),
        (
            {"figures_toml": '[[figure]]\nfile = "a"\ntitle = "A"'},
            "figure 1: give things",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(study, files, message):
    with pytest.raises(AraxesError) as caught:
        study(**files)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "kars,X,town,TR,43,40,500,unverified,unverified",
            "csv:2: id 'kars' is also that of",
        ),
        ("a,X,town,TR,430,40,500,unverified,unverified", "places.csv:2: lon is 430"),
        ("a,X,town,TR,43,40,,unverified,unverified", "places.csv:2: 'sigma_m' is missing"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_row(study, row, message):
    here = study(places_csv=f"id,name,kind,country,lon,lat,sigma_m,source,state\n{row}\n")
    with pytest.raises(AraxesError) as caught, here.active():
        pass
    assert message in str(caught.value)
    assert place("Kars").country == "TR"


def test_places_in_another_encoding_are_refused_by_the_name_of_their_file(study):
    here = study()
    row = "id,name,kind,country,lon,lat,sigma_m,source,state\na,Iğdır,town,TR,43,40,5,unverified,\n"
    (here.folder / "places.csv").write_bytes(row.encode("cp1254"))
    with pytest.raises(AraxesError, match=r"places\.csv: not a text file in UTF-8"), here.active():
        pass


def test_a_link_whose_id_is_taken_is_refused(study):
    link = 'a,kars.road,igdir.road,road,open,"LINESTRING (43.1 40.6, 44.05 39.92)"\n'
    head = "id,from,to,mode,status,wkt\n"
    here = study(network__more_csv=head + link + link)
    with here.active(), pytest.raises(AraxesError, match="'a'"):
        load_network()
    bundled = next(one.id for one in load_network().links if one.mode == "road")
    (here.folder / "network" / "more.csv").write_text(head + link.replace("a,", f"{bundled},", 1))
    with here.active(), pytest.raises(AraxesError, match="already that of a bundled link"):
        load_network()


def test_a_way_in_a_study_without_links_is_refused_in_one_line(study):
    here = study("none")
    (here.folder / "network" / "links.csv").unlink()
    with here.active():
        with pytest.raises(UnknownNameError, match="of study, which has none on a map"):
            route("West", "East")
        with pytest.raises(UnknownNameError, match=r"no link, .* in study, which has no links"):
            load_network().links_of("middle-east")


NEWCOMER = [
    ("araxes.toml", '["en"]', '["sw"]', "languages has 'sw'; .*go into the column name"),
    ("araxes.toml", '"West:East"', '"West-East"', 'write a pair as "From:To"'),
    ("places.csv", "id,name,kind", "id,name,name_es", "'name_es' is in none of the languages en"),
    ("places.csv", "lon,lat", "longitude,lat", "is 'longitude' meant for 'lon'"),
    ("places.csv", "PL,21.0,52.2", 'PL,"21,0",52.2', "lon is '21,0'; write a number, with a point"),
    ("places.csv", "21.0,52.2", "52.2,21.0", "'west' lies .* km from the end of its link"),
    ("network/assumptions.csv", "speed_kmh.rail", "speed_kph.rail", "'speed_kph' says nothing; .*"
     "is 'speed_kph' meant for 'speed_kmh'"),
    ("network/assumptions.csv", "delay_h.transfer.gauge", "delay_h.transfer.guage",
     "'guage' says nothing; .*is 'guage' meant for 'gauge'"),
    ("network/assumptions.csv", "speed_kmh.rail", "speed_kmh.ferry.freight",
     r"no value for 'speed_kmh.rail.freight.hilly' in network/assumptions.csv; add a row 'speed_kmh"
     r".rail'"),
    ("network/links.csv", "west-middle,west,", "west-middle,west.rail,",
     "'rail' is no layer; write west.road, west.ferry, or west.rail1435 with the gauge in mm"),
    ("scenarios/status-quo.toml", "on = 2026-06-01", "", "'on' is missing; write there id ="),
    ("scenarios/status-quo.toml", None, None, "status-quo.toml: no such file; write there id ="),
    ("treaties/example-line.toml", "latitude = 54", "", r"needs 'latitude' \(latitude on WGS84"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), NEWCOMER)
def test_a_newcomer_is_told_what_to_do(study, name, old, new, message):
    file = study("none").folder / name
    text = file.read_text("utf-8")
    if old is None:
        file.unlink()
    else:
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(AraxesError, match=message) as raised:
        ask_all_of(file.parents[name.count("/")])
    assert "\n" not in str(raised.value)


def ask_all_of(folder):
    """Ask a study for its way, and for all that it names."""
    here = Study.open(folder)
    with here.active():
        route("West", "East", scenario="example-opening", terms=Terms(modes=("rail",)))
        check_names(here)
        system("example-line")


def test_a_folder_that_is_no_study_says_what_makes_one(tmp_path):
    for folder, hint in ((tmp_path, "has no araxes.toml"), (tmp_path / "x", "no such folder")):
        with pytest.raises(AraxesError, match=hint):
            Study.open(folder)


LAKES = Path(__file__).parents[2] / "studies" / "north-america"


def test_its_own_gazetteer_and_guides_are_known_and_ours_are_not():
    with Study.open(LAKES).active():
        assert (place("Rochester").id, place("Rochester").country) == ("geonames:1001", "US")
        assert place("Rotschester").id == "geonames:1001"
        # A lake is no populated place.
        with pytest.raises(UnknownNameError, match="no place 'Lake Erie'"):
            place("Lake Erie")
        with pytest.raises(UnknownNameError, match=r"geonames:1005 .* geonames:1006"):
            place("Niagara Falls")
        assert sorted(guides()) == ["ca-us", "niagara-river"]
        inside = areas_by_country(shapely.box(-79.8, 43.05, -78.9, 43.2))
        assert list(inside)[:2] == ["CA", "US"]
        rest = inside.get("other")
        assert rest is None or rest.value < 1e-3 * inside["CA"].value
        leg = system("niagara").legs[0]
        assert leg.guide.id == "niagara-river"
        assert leg.sigma_m == 600
    assert "ca-us" not in guides()
    assert place("Kars").id == "kars"


def test_links_lie_in_its_own_countries_as_geographiclib_and_shapely_say():
    outlines = json.loads((LAKES / "countries.geojson").read_text("utf-8"))["features"]
    canada = shapely.geometry.shape(outlines[0]["geometry"])
    with Study.open(LAKES).active():
        links = {link.id: link for link in load_network().links}
    for link in links.values():
        ends = ["CA" if canada.contains(shapely.Point(xy)) else "US" for xy in
                (link.xy[0], link.xy[-1])]  # fmt: skip
        assert list(link.countries) == list(dict.fromkeys(ends)), link.id
        assert link.crossing == (None if len(set(ends)) == 1 else f"x-{link.id}")


BANKS = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "AA"}, "geometry": {"type": "Polygon", "coordinates":
 [[[20, 54], [22, 54], [22, 55], [21.9, 55.02], [21.8, 55], [20, 55], [20, 54]]]}},
{"type": "Feature", "properties": {"code": "BB"}, "geometry": {"type": "Polygon", "coordinates":
 [[[20, 55], [21.8, 55], [21.9, 55.02], [22, 55], [22, 56], [20, 56], [20, 55]]]}}]}"""


def test_a_bridge_shorter_than_the_error_of_the_outlines_crosses_the_border(study):
    here = study(
        "none",
        network__links_csv="""id,from,to,mode,wkt
south,a,b,road,"LINESTRING (21 54.5, 21 54.996)"
bridge,b,c,road,"LINESTRING (21 54.996, 21 55.004)"
north,c,d,road,"LINESTRING (21 55.004, 21 55.5)"
chord,f,e,road,"LINESTRING (21.7 55.008, 21.9 55.022, 22 55.3)"
""",
    )
    (here.folder / "banks.geojson").write_text(BANKS, "utf-8")
    toml = here.folder / "araxes.toml"
    keys = '\ncountries = "banks.geojson"\ncountries_sigma_m = 5000\n'
    toml.write_text(toml.read_text("utf-8") + keys, "utf-8")
    with Study.open(here.folder).active():
        links = {link.id: (link.countries, link.crossing) for link in load_network().links}
    assert links == {
        "south": (("AA",), None), "bridge": (("AA", "BB"), "x-bridge"),
        "north": (("BB",), None), "chord": (("BB",), None),
    }  # fmt: skip


def test_the_places_of_an_extract_are_a_gazetteer_too(study):
    here = study(
        "none",
        towns_osm="""<?xml version="1.0"?><osm version="0.6">
<node id="7" lat="54.4" lon="23.2"><tag k="place" v="town"/><tag k="name" v="Vilkaviškis"/>
<tag k="name:pl" v="Wyłkowyszki"/><tag k="population" v="9000"/></node>
<node id="8" lat="54.4" lon="23.3"><tag k="place" v="locality"/><tag k="name" v="Laukas"/></node>
</osm>""",
    )
    toml = here.folder / "araxes.toml"
    toml.write_text(toml.read_text("utf-8") + '\ngazetteer = "towns.osm"\n', "utf-8")
    with Study.open(here.folder).active():
        assert place("Wyłkowyszki").id == place("osm:7").id == "osm:7"
        with pytest.raises(UnknownNameError):
            place("Laukas")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.txt", "1\tA\n", "g.txt:1: 2 columns, not the 19 of a GeoNames dump"),
        ("g.txt", "x" + "\t" * 18 + "\n", "no populated place"),
        ("g.osm", "<osm", "no extract of OpenStreetMap that can be read"),
        ("g.csv", "x", "give a GeoNames dump \\(.txt\\) or an extract"),
    ],
)
def test_a_gazetteer_that_is_none_is_refused(study, name, text, message):
    here = study("none")
    (here.folder / name).write_text(text, "utf-8")
    toml = here.folder / "araxes.toml"
    toml.write_text(toml.read_text("utf-8") + f'\ngazetteer = "{name}"\n', "utf-8")
    with pytest.raises(AraxesError, match=message), Study.open(here.folder).active():
        place("Nowhere")


def test_its_network_is_called_as_it_is_wherever_its_folder_lies(study):
    with study("none").active() as here:
        assert load_network().name == here.title


PLACE = "id,name,kind,country,lon,lat,sigma_m,source,state,note\n"
SPEED = "key,value,low,high,unit,source,state,note\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("places.csv", PLACE + "a,Bäle,town,CH,7,47,9,u,u,\n", "not a text file in UTF-8"),
        ("places.csv", PLACE + "a,A,town,CH,7,47,9,u,u,b,c\n", "places.csv:2: more cells than"),
        ("network/assumptions.csv", SPEED + "speed_kmh.rail,fast,1,9,km/h,u,assumption,\n",
         "^network/assumptions.csv:2: value is 'fast'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", ["south-caucasus", "none"])
def test_a_slip_in_a_table_of_its_own_is_told_with_file_and_line(study, base, name, text, message):
    here = study(base)
    (here.folder / name).write_bytes(text.encode("latin-1"))
    with pytest.raises(AraxesError, match=message), Study.open(here.folder).active():
        assumptions()


def test_semicolons_between_cells_are_read(study):
    here = study("none")
    (here.folder / "places.csv").write_text(
        PLACE.replace(",", ";") + "a;Aa, on the hill;town;CH;7;47;9;unverified;unverified;\n",
        "utf-8",
    )
    with Study.open(here.folder).active():
        assert place("Aa, on the hill").id == "a"


def test_a_treaty_without_an_id_is_told_what_to_write(study):
    here = study("none")
    (here.folder / "treaties" / "new.toml").write_text("", "utf-8")
    with pytest.raises(AraxesError, match=r'new\.toml: it has no id; write id = "new"'):
        Study.open(here.folder)


FEATURE = '{{"type": "Feature", "properties": {{{}}}, "geometry": {{"type": {}}}}}'
ONE = '{{"type": "FeatureCollection", "features": [{}]}}'
SQUARE = '"Polygon", "coordinates": [[[20, 54], [22, 54], [22, 56], [20, 56], [20, 54]]]'


@pytest.mark.parametrize(
    ("properties", "geometry", "message"),
    [
        ('"nm": "A"', SQUARE, "no column 'code' with codes of countries"),
        ('"code": "Lit"', SQUARE, "code is 'Lit'; write an ISO 3166"),
        ('"code": "LT"', '"Point", "coordinates": [20, 54]', "'LT'\\) is a Point; a country is a"),
        (
            '"code": "LT"',
            '"Polygon", "coordinates": [[[20, 54], [22, 56], [22, 54], [20, 56], [20, 54]]]',
            "Self-intersection.*mend the polygon",
        ),
    ],
)  # fmt: skip
def test_countries_that_are_none_are_refused(study, properties, geometry, message):
    here = study("none")
    (here.folder / "c.geojson").write_text(
        ONE.format(FEATURE.format(properties, geometry)), "utf-8"
    )
    toml = here.folder / "araxes.toml"
    toml.write_text(toml.read_text("utf-8") + '\ncountries = "c.geojson"\n', "utf-8")
    with pytest.raises(AraxesError, match=message), Study.open(here.folder).active():
        areas_by_country(shapely.box(20, 54, 21, 55))


@pytest.mark.parametrize(
    ("properties", "geometry", "message"),
    [
        ('"id": "a"', '"LineString", "coordinates": [[20, 54], [21, 55]]', "'source' is missing"),
        (
            '"id": "a", "source": "unverified"',
            '"LineString", "coordinates": [[20, 54], [21, 55]]',
            "'position_sigma_m' is missing; say how far",
        ),
        (
            '"id": "a", "source": "unverified", "position_sigma_m": 5',
            '"Point", "coordinates": [20, 54]',
            "'a' is a Point; a guide is one line",
        ),
    ],
)
def test_guides_that_are_none_are_refused(study, properties, geometry, message):
    here = study("none")
    (here.folder / "guides").mkdir()
    (here.folder / "guides" / "g.geojson").write_text(
        ONE.format(FEATURE.format(properties, geometry)), "utf-8"
    )
    with pytest.raises(AraxesError, match=message), Study.open(here.folder).active():
        guides()


STATUSES = """link,status,valid_from,valid_to,precision,direction,users,source,state,note,closed,open_hours
example-road-2,planned,,2020-05-01,,,,,,,,
example-road-2,open,2020-05-01,2025-01-01,,,,unverified,unverified,opened in May,12-01..03-31,
example-road-2,closed,2025-01-01,,,,,,,,,
"""  # noqa: E501


@pytest.mark.parametrize("base", ["south-caucasus", "none"])
def test_links_of_a_study_have_the_dated_statuses_of_its_table(study, base):
    link, pair = "example-road-2", ("Kars", "Tuzluca")
    text = STATUSES
    if base == "none":
        link, pair = "middle-east", ("West", "East")
        text = STATUSES.replace("example-road-2", link)
    with study(base, network__statuses_csv=text).active():
        days = ("2019-06-01", "2021-06-01", "2021-01-15", "2025-06-01")
        statuses = [load_network().link(link).status(date.fromisoformat(day)) for day in days]
        assert [s.status for s in statuses] == ["planned", "open", "closed", "closed"]
        rows = series(*pair, days)
        used = [row.way is not None and link in {s.link.id for s in row.way.steps} for row in rows]
        # In order of days: planned, winter, open, closed.
        assert used[-len(days) :][:4] == [False, False, True, False]
        assert load_network().link(link).status(date(2021, 6, 1)).note == "opened in May"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("link,status\nexample-road-9,open\n", ":2: no link 'example-road-9'; did you mean"),
        ("link,status\nx,open\n", ":2: no link 'x'; links of the study are in its network/"),
        ("link,status\nrail-kars-akyaka,open\n", ":2: 'rail-kars-akyaka' is a link of the base"),
        ("link,status\nexample-road-1,open\nexample-road-1,opn\n", ":3: status is 'opn'; allowed"),
        ("link,state\nexample-road-1,open\n", ":2: 'status' is missing"),
        ("link,status,from\nexample-road-1,open,2020\n", ":2: unknown key 'from'; known: link"),
        ("link,status,valid_from\nexample-road-1,open,June\n", ":2: valid_from"),
        (
            "link,status,valid_from,valid_to\nexample-road-1,open,2020-01-01,2019-01-01\n",
            ":2: 'open' ends 2019-01-01, not after 2020-01-01",
        ),
        (
            "link,status,valid_from,valid_to\nexample-road-1,open,,2019-01-01\n"
            "example-road-1,closed,2018-01-01,\n",
            ":2, 3: 'example-road-1': 'open' and 'closed' overlap on 2018-01-01",
        ),
        (
            "link,status,valid_from,valid_to\nexample-road-1,open,,2019-01-01\n"
            "example-road-1,closed,2020-01-01,\n",
            ":2, 3: 'example-road-1': nothing is said from 2019-01-01 to 2020-01-01",
        ),
        ("link,status,closed\nexample-road-1,open,snow\n", ":2: closed is 'snow'; write it as"),
        ("link,status\nexample-road-1,open,extra\n", ":2: more cells than"),
    ],
)  # fmt: skip
def test_a_bad_row_of_statuses_is_refused_in_one_line_with_file_and_row(study, text, message):
    with study(network__statuses_csv=text).active(), pytest.raises(AraxesError) as raised:
        load_network()
    assert f"statuses.csv{message}" in str(raised.value)
    assert "\n" not in str(raised.value)


CROSSED = """id,from,to,mode,length_m,sigma_m,crossing,delay_h,countries,wkt
way,a,b,road,100000,0,,,KE,"LINESTRING (34.0 0.0, 34.0 0.9)"
gate,b,c,road,1000,0,malaba,,"KE,UG","LINESTRING (34.0 0.9, 34.0 0.909)"
own,c,d,road,1000,0,busia,7,,"LINESTRING (34.0 0.909, 34.0 0.918)"
"""
CROSSINGS = """id,name,country_from,country_to,delay_freight_h,delay_passengers_h,cost_usd_t,open_hours,closed
malaba,Malaba,KE,UG,24,2,3,06:00-22:00,
busia,Busia,UG,KE,18,1,,,12-25..12-26
"""  # noqa: E501
RATES = """key,value,low,high,unit,source,state
speed_kmh.road,50,50,50,km/h,unverified,assumption
delay_h.crossing.road,5,5,5,h,unverified,assumption
cost_usd_tkm.road,0.1,0.1,0.1,USD/tkm,unverified,assumption
"""


def test_crossings_of_a_study_have_the_waits_costs_and_hours_of_its_table(study):
    here = study("none", network__links_csv=CROSSED, network__crossings_csv=CROSSINGS,
                 network__assumptions_csv=RATES)  # fmt: skip
    with here.active():
        network = load_network()
        gate, own = network.link("gate"), network.link("own")
        assert (gate.name, gate.countries, own.countries) == ("Malaba", ("KE", "UG"), ("UG", "KE"))
        assert [str(link.status(date(2026, 6, 1)).hours) for link in (gate, own)] == [
            "open 06:00-22:00", "closed 12-25..12-26",
        ]  # fmt: skip
        freight = route("a", "d", terms=Terms(modes=("road",)))
        # 102 km at 50 km/h, 24 h of the table, and the 7 h of the link itself.
        assert freight.time.value == pytest.approx(102 / 50 + 24 + 7)
        assert freight.cost.value == pytest.approx(102 * 0.1 + 3)
        passengers = route("a", "c", terms=Terms(modes=("road",), users="passengers"))
        assert passengers.time.value == pytest.approx(101 / 50 + 2)
        with pytest.raises(AraxesError, match="no route"):
            route("c", "d", on="2026-12-25")


def test_what_a_link_says_of_its_waits_and_closures_prevails_over_its_crossing(study):
    links = """id,from,to,mode,length_m,sigma_m,crossing,delay_passengers_h,closed,countries,wkt
gate,b,c,road,1000,0,malaba,5,12-01..12-31,"KE,UG","LINESTRING (34.0 0.9, 34.0 0.909)"
"""
    crossings = f"""{CROSSINGS.splitlines()[0]}
malaba,Malaba,KE,UG,24,2,3,06:00-22:00,01-01..01-31
"""
    here = study("none", network__links_csv=links, network__crossings_csv=crossings,
                 network__assumptions_csv=RATES)  # fmt: skip
    with here.active():
        gate = load_network().link("gate")
        # A link with a wait of its own takes none of the table's, which may be of other users.
        assert (gate.delay_h, gate.delay_passengers_h) == (None, 5)
        hours = gate.status(date(2026, 6, 1)).hours
        assert (hours.closed, hours.open_hours) == ("12-01..12-31", "06:00-22:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("malba,Malaba,KE,UG", ":2: no crossing 'malba'; did you mean malaba?"),
        ("gate-9,Malaba,KE,UG", ":2: no crossing 'gate-9'; write it into a link's column"),
        ("malaba,Malaba,KE,UG\nmalaba,Malaba,KE,UG", ":3: id 'malaba' is also that of"),
        ("malaba,Malaba,KE,TZ", ":2: 'malaba' joins KE and TZ, but its link 'gate' lies in KE, UG"),
        ("malaba,Malaba,KE", ":2: 'country_to' is missing"),
        ("malaba,Malaba,KE,UG,,,,daytime", ":2: open_hours is 'daytime'; write"),
        ("x-sarp-sarpi,Sarp,TR,GE", ":2: 'x-sarp-sarpi' is a crossing of the base; a scenario"),
    ],
)
def test_a_bad_row_of_crossings_is_refused_in_one_line_with_file_and_row(study, text, message):
    head = CROSSINGS.splitlines()[0]
    here = study(network__links_csv=CROSSED, network__crossings_csv=f"{head}\n{text}\n")
    with here.active(), pytest.raises(AraxesError) as raised:
        load_network()
    assert f"crossings.csv{message}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_statuses_that_are_no_text_are_refused_in_one_line(study):
    here = study()
    (here.folder / "network" / "statuses.csv").write_bytes(b"link,status\n\xff\xfe,open\n")
    with (
        here.active(),
        pytest.raises(AraxesError, match=r"statuses\.csv: not a text file"),
    ):
        load_network()


def test_a_shapefile_of_countries_travels_whole_and_its_study_keeps_its_checksum(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(STUDIES / "north-america", folder)
    table = geopandas.read_file(folder / "countries.geojson")
    table.to_file(folder / "countries.shp")
    (folder / "countries.geojson").unlink()
    about = folder / "araxes.toml"
    about.write_text(about.read_text().replace("countries.geojson", "countries.shp"))
    made = Study.open(folder)
    checksum = made.checksum
    assert {"countries.shp", "countries.shx", "countries.dbf"} <= {str(p) for p in made.inputs}
    pack(made, tmp_path / "own.zip", locked=False)
    unpack(tmp_path / "own.zip", tmp_path / "there")
    there = Study.open(tmp_path / "there")
    assert there.checksum == checksum
    with there.active():
        assert load_network().countries
    # What is written about it changes nothing; an outline does.
    (folder / "README.md").write_text("Other words.")
    assert made.checksum == checksum
    with (folder / "countries.dbf").open("ab") as file:
        file.write(b" ")
    assert made.checksum != checksum
