"""Corridors: their course, their strip, their dated statuses and their files."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import LineString
from slips import line_lost_or_doubled

from borders.dates import holds
from borders.errors import (
    AraxesError,
    FileFormatError,
    GeometryError,
    SchemaError,
    UnknownNameError,
)
from borders.files import catalogue
from borders.files.bundle import BUNDLED
from borders.files.features import FEATURE_COLUMNS
from borders.gazetteer.lookup import place
from borders.geodesy import length_m
from borders.guide_lines import guide
from borders.measure import Measure
from corridors.model.corridor import corridor, corridor_ids, read_corridor
from corridors.model.strip import strip_area, strip_polygon

EARTH = Geodesic.WGS84
checked = settings(max_examples=60)

CONTRACT = (
    "lachin-2020",
    "lachin-2022",
    "zangezur-tripp",
    "kars-igdir-dilucu",
    "btk",
    "btc",
    "bte",
    "tanap",
    "horadiz-aghband",
)
WHOLE = """id = "demo"
name = "Demo"
mode = "rail"
basis = "chain"
geometry_quality = "schematic"
definition = "Kars to Gyumri"
source = "araxes"
path = [{ place = "kars" }, { place = "gyumri" }]

[[status]]
status = "open"
valid_from = 2000-01-01
valid_to = 2010-01-01
source = "araxes"
state = "quoted"
"""
PATH = 'path = [{ place = "kars" }, { place = "gyumri" }]'


def apart(a, b) -> float:
    return EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"]


def away_m(point, line) -> float:
    """Return the distance from a point to a line of geodesics, by geographiclib and bisection."""
    lon, lat = point
    best = np.inf
    for a, b in pairwise(line.coords):
        geodesic = EARTH.InverseLine(a[1], a[0], b[1], b[0])

        def far(s, geodesic=geodesic):
            on = geodesic.Position(s)
            return EARTH.Inverse(lat, lon, on["lat2"], on["lon2"])["s12"]

        low, high = 0.0, geodesic.s13
        # a triangle's inequality spares the edges that cannot be nearest
        if min(far(low), far(high)) - geodesic.s13 / 2 > best:
            continue
        while high - low > 1:
            third = (high - low) / 3
            if far(low + third) < far(high - third):
                high -= third
            else:
                low += third
        best = min(best, far(low), far(0), far(geodesic.s13))
    return best


@pytest.fixture
def read(tmp_path):
    def read_text(text: str | bytes):
        file = tmp_path / "demo.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_corridor(file)

    return read_text


@pytest.mark.parametrize("key", CONTRACT)
def test_every_corridor_of_the_contract_is_there(key):
    assert corridor(key).id == key


@pytest.mark.parametrize("key", corridor_ids())
def test_every_corridor_has_a_course_statuses_sources_an_error_and_a_basis(key):
    bundled = corridor(key)
    assert bundled.centreline.is_valid
    assert len(bundled.centreline.coords) >= 2
    assert bundled.position_sigma_m > 0
    assert bundled.length.basis in ("published", "reach", "chain")
    assert bundled.length.value > 0
    assert bundled.length.sigma > 0
    assert bundled.statuses
    assert bundled.definition
    for source in bundled.sources:
        assert catalogue.source(source)


@pytest.mark.parametrize("key", corridor_ids())
def test_the_ground_is_not_shorter_than_a_chain_of_chords_beyond_the_error(key):
    bundled = corridor(key)
    drawn = sum(apart(a, b) for a, b in pairwise(bundled.centreline.coords))
    assert bundled.drawn_m == pytest.approx(drawn, abs=0.01)
    # ends are good to the position error; a published length may leave out what is drawn there
    assert bundled.length.high + 2 * bundled.position_sigma_m > drawn


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("lachin-2020", (46.5239, 39.5795), "khankendi"),
        ("zangezur-tripp", "tri_am_ir_az_e", "tri_am_ir_az_w"),
        ("kars-igdir-dilucu", "kars_jn", "dilucu"),
        ("btk", "baku", "kars"),
        ("btc", "sangachal", (35.93, 36.87)),
        ("bte", "sangachal", "erzurum"),
        ("tanap", "turkgozu", "ipsala"),
        ("horadiz-aghband", "horadiz", "aghband"),
    ],
)
def test_a_corridor_runs_from_and_to_the_places_it_names(key, first, last):
    coords = corridor(key).centreline.coords
    for end, at in ((first, coords[0]), (last, coords[-1])):
        known = (place(end).lon, place(end).lat) if isinstance(end, str) else end
        # a guided end is abreast of its place, a railway ends at a node of its graph
        assert apart(known, at) < 10_000


def test_the_lachin_corridors_are_5_km_wide_and_say_who_says_so():
    for key in ("lachin-2020", "lachin-2022"):
        assert corridor(key).width_m == 5000
        assert "Karabakh" in catalogue.source(corridor(key).width_source).citation


def test_corridors_without_a_width_in_any_text_have_no_strip():
    assert corridor("btk").width_m is None
    assert corridor("btk").territory() is None
    assert corridor("zangezur-tripp").territory() is None


@pytest.mark.parametrize("key", ["lachin-2020", "lachin-2022"])
def test_the_strip_is_2500_m_wide_on_either_side_to_a_thousandth(key):
    lachin = corridor(key)
    strip = lachin.territory()
    ring = np.array(strip.exterior.coords)
    # The strip ends square across the line's ends, where the distance is not the width's.
    ends = shapely.multipoints([lachin.centreline.coords[0], lachin.centreline.coords[-1]])
    beside = [at for at in ring if shapely.Point(at).distance(ends) > 0.05]
    assert len(beside) > 20
    for at in beside[:: max(1, len(beside) // 60)]:
        assert away_m(at, lachin.centreline) == pytest.approx(2500, rel=1e-3)


def test_the_strip_holds_the_centreline_and_the_towns_on_it():
    strip = corridor("lachin-2020").territory()
    # The line ends on the strip's edge: no metre of it lies outside.
    assert length_m(corridor("lachin-2020").centreline.difference(strip)) < 1
    for name in ("lachin", "shusha", "zabukh"):
        assert strip.contains(shapely.Point(place(name).lon, place(name).lat))


@pytest.mark.parametrize(
    ("day", "status", "strip"),
    [
        ("2019-01-01", None, False),
        ("2020-11-09", None, False),
        ("2020-11-10", "open", True),
        ("2022-08-29", "open", True),
        ("2022-08-30", "superseded", False),
        ("2026-01-01", "superseded", False),
    ],
)
def test_lachin_2020_exists_from_the_statement_until_traffic_moved(day, status, strip):
    lachin = corridor("lachin-2020")
    row = lachin.status(day)
    assert (row.status if row else None) == status
    assert (lachin.territory(on=day) is not None) is strip


@pytest.mark.parametrize(
    ("day", "status", "strip"),
    [
        ("2022-04-20", None, False),
        ("2022-08-29", "construction", False),
        ("2022-08-30", "open", True),
        ("2022-12-12", "blocked", True),
        ("2023-04-23", "blocked", True),
        ("2023-09-30", "closed", False),
    ],
)
def test_lachin_2022_is_built_opened_blocked_checked_and_closed(day, status, strip):
    lachin = corridor("lachin-2022")
    row = lachin.status(date.fromisoformat(day))
    assert (row.status if row else None) == status
    assert (lachin.territory(on=day) is not None) is strip


@given(st.integers(-1, 2000))
@checked
def test_only_one_lachin_corridor_has_a_strip_on_any_day(offset):
    day = date(2020, 1, 1) + timedelta(days=offset)
    strips = [corridor(k).territory(on=day) for k in ("lachin-2020", "lachin-2022")]
    assert sum(strip is not None for strip in strips) <= 1


@given(st.sampled_from(corridor_ids()), st.dates(date(1900, 1, 1), date(2050, 1, 1)))
@checked
def test_at_most_one_status_holds_on_any_day_and_the_table_shows_that_one(key, day):
    bundled = corridor(key)
    holding = [s for s in bundled.statuses if holds(s.valid_from, s.valid_to, day)]
    assert len(holding) <= 1
    assert bundled.status(day) == (holding[0] if holding else None)
    rows = bundled.to_gdf(on=day).to_dict("records")
    assert {row["status"] for row in rows} == {s.status for s in holding}
    assert {row["valid_from"] for row in rows} == {
        s.valid_from and s.valid_from.isoformat() for s in holding
    }


@given(st.sampled_from(corridor_ids()), st.dates(date(1900, 1, 1), date(2050, 1, 1)))
@checked
def test_the_rows_whose_dates_hold_on_a_day_are_those_of_that_day(key, day):
    bundled = corridor(key)
    every = bundled.to_gdf().drop(columns="geometry").astype(object)
    rows = every.where(every.notna(), None).to_dict("records")

    def when(key: str, row: dict) -> date | None:
        return date.fromisoformat(row[key]) if isinstance(row[key], str) else None

    on_day = [row for row in rows if holds(when("valid_from", row), when("valid_to", row), day)]
    there = bundled.to_gdf(on=day).drop(columns="geometry").astype(object)
    assert on_day == there.where(there.notna(), None).to_dict("records")
    kinds = {row["kind"] for row in on_day}
    assert ("corridor-strip" in kinds) is (bundled.territory(on=day) is not None)
    assert ("corridor" in kinds) is (bundled.status(day) is not None)


def test_a_corridor_without_dates_has_one_row_of_line_and_strip(tmp_path):
    file = tmp_path / "demo.toml"
    undated = WHOLE[: WHOLE.index("[[status]]")]
    file.write_text(undated.replace(PATH, PATH + "\nwidth_m = 5000\n"), encoding="utf-8")
    rows = read_corridor(file).to_gdf()
    assert rows["kind"].tolist() == ["corridor-strip", "corridor"]
    assert rows[["valid_from", "valid_to", "status"]].isna().all(axis=None)


def test_the_bridge_gives_the_strip_before_the_centreline():
    table = corridor("lachin-2020").to_gdf(on="2021-06-01")
    assert tuple(table.columns[: len(FEATURE_COLUMNS)]) == FEATURE_COLUMNS
    assert table["kind"].tolist() == ["corridor-strip", "corridor"]
    assert table.crs.to_epsg() == 4326
    assert table["width_m"].tolist() == [5000, 5000]


def test_zangezur_runs_on_the_aras_and_not_on_its_chord():
    zangezur = corridor("zangezur-tripp")
    river = guide("aras-meghri").geometry
    assert len(zangezur.centreline.coords) > 200
    for vertex in zangezur.centreline.coords:
        nearest = min(river.coords, key=lambda v: abs(v[0] - vertex[0]) + abs(v[1] - vertex[1]))
        assert apart(vertex, nearest) < 1
    chord = apart(zangezur.centreline.coords[0], zangezur.centreline.coords[-1])
    assert zangezur.drawn_m > 1.2 * chord


@pytest.mark.parametrize(
    ("key", "along"),
    [
        ("zangezur-whole", "aras-meghri"),
        ("aras-road", "aras-meghri"),
        ("horadiz-aghband", "aras-lower"),
        ("nakhchivan-railway", "aras-nakhchivan"),
    ],
)
def test_corridors_along_the_aras_share_vertices_with_its_reach(key, along):
    vertices = set(corridor(key).centreline.coords)
    river = guide(along).geometry.coords
    assert sum(vertex in vertices for vertex in river) > 0.1 * len(river)


def test_parties_that_name_a_corridor_differently_are_both_named():
    names = {n.name: n.by for n in corridor("zangezur-tripp").names_by}
    assert "Azerbaijan" in names["Zangezur corridor"]
    assert any("TRIPP" in name for name in names)


def test_an_unknown_corridor_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"no corridor 'lachin'; known: alat-aktau, .*btk"):
        corridor("lachin")


def test_a_chain_is_longer_than_its_chord_and_says_how_sure_it_is(read):
    chain = read(WHOLE)
    chord = apart(
        (place("kars").lon, place("kars").lat), (place("gyumri").lon, place("gyumri").lat)
    )
    assert chain.drawn_m == pytest.approx(chord, abs=0.01)
    assert chain.length.basis == "chain"
    assert chain.length.value > chord
    assert chain.length.percent > 6


def test_a_stated_length_is_taken_with_a_stated_or_assumed_error(read):
    published = WHOLE.replace('"chain"', '"published"\nlength_m = 76000')
    assert read(published).length.value == 76_000
    assert read(published).length.sigma == pytest.approx(760)
    assert read(published.replace("76000", "76000\nsigma_m = 500")).length.sigma == 500


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = "araxes"\npath', "path", r"demo\.toml: 'source' is missing"),
        (PATH, "", r"demo\.toml: 'path' is missing"),
        (
            'name = "Demo"',
            'name = "Demo"\ncolour = 1',
            r"demo\.toml: unknown key 'colour'; known: id",
        ),
        ("{ place =", "{ plaze =", r"demo\.toml, path 1: unknown key 'plaze'; known: place, point"),
        ('"rail"', '"horse"', r"demo\.toml: mode is 'horse'; allowed: rail, road, pipeline, ferry"),
        (
            '"rail"',
            '"rail"\nclosed = "winter"',
            r"demo\.toml: closed is .winter.; write it as",
        ),
        ('"rail"', '"rail"\nwidth_m = "wide"', r"demo\.toml: width_m is 'wide'; write a number"),
        ('"rail"', '"rail"\nwidth_m = -5000', r"demo\.toml: width_m is -5000; .*never negative"),
        ('"rail"', '"rail"\nwidth_m = 0', r"demo\.toml: width_m is 0; leave it out"),
        ("2000-01-01", '"1 January"', r"status 1: valid_from is '1 January'; write a date as YYYY"),
        (
            "2010-01-01",
            "1999-01-01",
            r"demo\.toml: status 'open' ends 1999-01-01, not after it begins",
        ),
        (PATH, "path = []", r"demo\.toml: the path has a single point; give at least two places"),
        (PATH, 'path = [{ place = "kars" }]', r"the path has a single point"),
        (PATH, 'path = [{ place = "kars" }, { place = "Qars" }]', r"the path has a single point"),
        (PATH, 'path = "kars"', r"demo\.toml: path must be a list of tables"),
        (PATH, "path = [{}]", r"path 1: give exactly one of place, point or along"),
        (PATH, 'path = [{ place = "kars", along = "tur-arm" }]', r"path 1: give exactly one of"),
        (
            PATH,
            'path = [{ along = "tur-arm", from = "gyumri" }]',
            r"both 'from' and 'to', or neither",
        ),
        (PATH, 'path = [{ point = ["", 2] }]', r"path 1: point is \['', 2\]; write \[longitude"),
        (PATH, "path = [{ point = [1, 2, 3] }]", r"path 1: point has 3 numbers; write \[longitude"),
        (PATH, 'path = [{ point = ["a", 2] }]', r"demo\.toml, path 1: lon is 'a'; write a number"),
        (
            PATH,
            "path = [{ point = [39.8, 146.7] }]",
            r"lat is 146\.7, .*longitude and latitude swapped",
        ),
        ('"chain"', '"reach"', r"basis 'reach' needs a path of guide lines only; use 'chain'"),
        ('"chain"', '"published"', r"basis 'published' needs length_m, or a reference figure"),
        (
            '"araxes"\npath',
            '"araxes"\nname_by = [{ name = "x" }]\npath',
            r"name_by 1: 'by' is missing",
        ),
    ],
)
def test_a_broken_file_is_one_message_with_file_and_key(read, old, new, message):
    assert old in WHOLE
    with pytest.raises(SchemaError, match=message) as caught:
        read(WHOLE.replace(old, new, 1))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        (
            '{ place = "Gyumry" }',
            UnknownNameError,
            "path 1: no place 'Gyumry'; did you mean gyumri",
        ),
        ('{ place = "جلفا" }', UnknownNameError, r"path 1: .*jolfa_ir.*julfa"),
        (
            '{ along = "aras" }',
            UnknownNameError,
            "path 1: no guide line 'aras'; did you mean aras-kars\\? known: aras-kars",
        ),
        (
            '{ along = "tur-arm", from = "gyumri", to = "Karz" }',
            UnknownNameError,
            "path 1: (to: )?no place 'Karz'; did you mean .*kars",
        ),
        (
            '{ along = "tur-arm", from = "baku", to = "gyumri" }',
            GeometryError,
            r"path 1: 'Baku' lies 44\d,\d{3} m from 'tur-arm' \(limit 10,000 m\)",
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_named_with_file_and_step(read, path, error, message):
    with pytest.raises(error, match=rf"^demo\.toml, {message}"):
        read(WHOLE.replace(PATH, f"path = [{path}]"))


def test_statuses_that_overlap_are_refused_with_both_names_and_the_day(read):
    second = (
        '[[status]]\nstatus = "closed"\nvalid_from = 2009-12-31\nsource = "a"\nstate = "quoted"\n'
    )
    with pytest.raises(
        SchemaError, match=r"demo\.toml: statuses 'open' and 'closed' overlap on 2009"
    ):
        read(WHOLE + second)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", r"not a text file in UTF-8 \(byte 0\)"),
        (WHOLE.replace("mode =", "mode"), r"not valid TOML: .*line 3"),
        ("path = [", r"not valid TOML: .*(line 1|end of document)"),
    ],
)
def test_a_file_that_is_not_toml_is_refused(read, content, message):
    with pytest.raises(FileFormatError, match=message):
        read(content)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match=r"none\.toml: no such file"):
        read_corridor(tmp_path / "none.toml")


TOMLS = [path.read_text("utf-8") for path in sorted(BUNDLED.path("corridors").glob("*.toml"))]


@given(line_lost_or_doubled(TOMLS))
@checked
def test_a_line_lost_or_doubled_anywhere_raises_nothing_but_our_own_errors(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("fuzz") / "demo.toml"
    file.write_text(text, "utf-8")
    try:
        read_corridor(file)
    except AraxesError as err:
        message = str(err)
    else:
        message = "demo.toml"
    assert "demo.toml" in message
    assert "\n" not in message


POINTED = 'path = [{{ place = "kars" }}, {}, {{ place = "gyumri" }}]'


@pytest.mark.parametrize(
    ("points", "n"),
    [
        (["[40.5, 43.4]"], 2),
        (["[40.5, 43.4]", "[40.6, 43.6]"], 2),
        (["[43.3, 40.6]", "[40.6, 43.5]"], 3),
    ],
)
def test_a_point_far_off_its_path_unless_it_is_turned_is_refused(tmp_path, points, n):
    file = tmp_path / "demo.toml"
    steps = ", ".join(f"{{ point = {point} }}" for point in points)
    file.write_text(WHOLE.replace(PATH, POINTED.format(steps)), encoding="utf-8")
    with pytest.raises(GeometryError, match=rf"demo\.toml, path {n}: .*write longitude first"):
        read_corridor(file)


@given(st.lists(st.tuples(st.floats(42.9, 44.2), st.floats(40.2, 41.2)), min_size=1, max_size=3))
@checked
def test_points_round_the_places_of_a_path_pass(tmp_path_factory, points):
    file = tmp_path_factory.mktemp("path") / "demo.toml"
    steps = ", ".join(f"{{ point = [{x}, {y}] }}" for x, y in points)
    file.write_text(WHOLE.replace(PATH, POINTED.format(steps)), encoding="utf-8")
    assert read_corridor(file).drawn_m > 50e3


def test_a_strip_that_is_drawn_longer_than_its_length_is_not_sure_of_its_area():
    centreline = LineString([(46.0, 39.5), (47.0, 39.5)])
    strip = strip_polygon(centreline, 5000.0)
    half = Measure(value=43_000.0, sigma=100.0, basis="published")
    area = strip_area(strip, 5000.0, half, "schematic")
    assert area.sigma > 0
    assert area.low < half.high * 5000 * 1.0001
    assert area.high > 85_900 * 5000 * 0.999


@pytest.mark.parametrize(("width_m", "taken"), [("400000.0", True), ("400000.1", False)])
def test_a_strip_is_as_wide_as_two_limits_of_a_buffer_at_most(read, width_m, taken):
    text = WHOLE.replace(PATH, f"{PATH}\nwidth_m = {width_m}", 1)
    if taken:
        assert read(text).width_m == 400_000
    else:
        with pytest.raises(SchemaError, match="at most 400,000 m"):
            read(text)
