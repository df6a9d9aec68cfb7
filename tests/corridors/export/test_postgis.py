"""A real PostgreSQL with PostGIS, asked without our code: tables, keys, comments, transactions."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import blocks
import geopandas as gpd
import pandas as pd
import psycopg
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from osm_files import Drawn, rail, road
from postgres_server import PASSWORD, REQUIRED, postgres_server, programs
from random_tables import SCRIPTS, as_text, cells_of, tables
from shapely import LineString, Point

from borders.errors import FileFormatError, FormatWarning
from corridors import network_from_osm, reach
from corridors.export import formats
from corridors.export.formats import write
from corridors.model.registry import system, systems
from corridors.network.load import load_network
from maps.cli.main import main

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(
    programs() is None and not REQUIRED, reason="no PostgreSQL with PostGIS"
)


@pytest.fixture(scope="module")
def server():
    folder = programs()
    assert folder, "ARAXES_REQUIRE_POSTGIS is set, and there is no PostgreSQL with PostGIS"
    with postgres_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def every(server):
    write(systems(), server.address())
    return server


def test_layers_have_the_rows_that_the_things_have(every):
    rows = pd.concat([one.to_gdf() for one in systems()])
    for table, kind in (
        ("border", "border"), ("corridor", "corridor"), ("territory", "territory"),
        ("corridor_strip", "corridor-strip"),
    ):  # fmt: skip
        own = rows[rows["kind"] == kind]
        found = every.query(f"SELECT id, length_m, ST_AsBinary(geom) FROM araxes.{table}")
        assert [row[0] for row in found] == own["id"].tolist()
        assert [row[1] for row in found] == pytest.approx(own["length_m"].tolist(), nan_ok=True)
        for (*_, wkb), shape in zip(found, own.geometry, strict=True):
            assert shapely.from_wkb(wkb).equals_exact(shape, 0)


def test_postgis_measures_the_lines_as_long_as_we_do(every):
    # another reckoning: PostGIS's own geodesics on the ellipsoid
    rows = every.query("SELECT drawn_m, ST_Length(geom::geography) FROM araxes.corridor")
    assert len(rows) > 15
    for ours, theirs in rows:
        assert ours == pytest.approx(theirs, rel=1e-9)


def test_a_table_has_a_key_an_index_types_and_comments_with_sources_and_licences(every):
    assert every.query(
        "SELECT type, srid, coord_dimension FROM geometry_columns "
        "WHERE f_table_schema = 'araxes' AND f_table_name = 'corridor'"
    ) == [("LINESTRING", 4326, 2)]
    ((key,),) = every.query(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'araxes.corridor'::regclass AND contype = 'p'"
    )
    assert key == "PRIMARY KEY (fid)"
    indexes = every.query(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'araxes' AND tablename = 'corridor'"
    )
    assert any("USING gist (geom)" in text for (text,) in indexes)
    ((comment,),) = every.query("SELECT obj_description('araxes.corridor'::regclass, 'pg_class')")
    assert "© OpenStreetMap contributors, ODbL 1.0" in comment
    assert "Sources: araxes; osm-railways; osm-timezones." in comment
    assert "Licences: ODbL-1.0." in comment
    columns = dict(every.query(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'araxes' AND table_name = 'border'"
    ))  # fmt: skip
    assert {key: columns[key] for key in ("valid_from", "circular", "leg", "length_m")} == {
        "valid_from": "date", "circular": "boolean", "leg": "bigint",
        "length_m": "double precision",
    }  # fmt: skip


def test_each_status_is_a_row_whose_source_is_one_of_the_sources(every):
    expected = [
        (one.id, status.status, status.valid_from, status.source)
        for one in systems()
        for status in one.statuses
    ]
    found = every.query("SELECT thing, status, valid_from, source FROM araxes.status ORDER BY fid")
    assert found == expected
    assert every.query(
        "SELECT count(*) FROM araxes.cited c LEFT JOIN araxes.source s ON s.id = c.source "
        "WHERE s.citation IS NULL"
    ) == [(0,)]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        every.query("INSERT INTO araxes.status (fid, source) VALUES (-1, 'nobody')")


def test_lengths_of_corridors_can_be_summed_in_a_view(every):
    corridors = [one for one in systems() if one.kind == "corridor"]
    found = every.query("SELECT id, status, length_m FROM araxes.corridor_once ORDER BY id")
    assert found == sorted((c.id, c.statuses[-1].status, c.length.value) for c in corridors)


def test_names_are_there_in_seven_scripts(every):
    ((*names,),) = every.query(
        "SELECT name_en, name_tr, name_az, name_hy, name_ka, name_ru, name_fa "
        "FROM araxes.corridor_once WHERE id = 'btk'"
    )
    assert names == [system("btk").names[c] for c in ("en", "tr", "az", "hy", "ka", "ru", "fa")]


def test_a_second_export_replaces_the_first_whole(server):
    address = server.address()
    write([system("kars-1921"), system("btk")], address, schema="twice")
    write(system("tanap"), address, schema="twice")
    write(system("tanap"), address, schema="twice")
    found = server.query("SELECT DISTINCT thing FROM twice.status")
    assert found == [("tanap",)]
    assert server.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'twice'::regnamespace "
        "AND relkind IN ('r', 'v') ORDER BY 1"
    ) == [("cited",), ("corridor",), ("corridor_once",), ("source",), ("status",)]


def test_a_large_network_is_copied_in_parts_with_the_tables_beside_it(
    server, tmp_path, monkeypatch
):
    nodes = {n: (10.0 + 0.01 * n, 50.0 + 0.002 * (n % 3)) for n in range(1, 9)}
    ways = {
        1: road(1, 2, surface="asphalt"), 2: road(2, 3, name="Ring", name__tr="Çevre"),
        3: road(3, 4, name="Way", name__hy="Ուղի", hgv="no"), 4: rail(5, 6, usage="main"),
        5: road(4, 7, highway="primary", oneway="yes"), 6: road(7, 8),
    }  # fmt: skip
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    area = reach("n1", 9, network=network)
    every = "SELECT * FROM {}.{} ORDER BY {}"
    told = {}
    for schema, part in (("whole", 100), ("parted", 1)):
        monkeypatch.setattr(formats, "PART", part)
        steps = []
        done = formats.write_file(
            [network, area, system("btk")], server.address(), schema=schema,
            progress=lambda *at: steps.append(at),  # noqa: B023
        )  # fmt: skip
        told[schema] = {
            table: server.query(every.format(schema, table, "id" if table == "source" else "fid"))
            for table in ("link", "route", "reach", "corridor", "source", "status", "cited")
        }
        assert done.features == sum(
            len(rows)
            for table, rows in told[schema].items()
            if table not in ("source", "status", "cited")
        )
    assert steps[-1] == (done.features, done.features)
    assert told["parted"] == told["whole"]
    assert len(told["parted"]["status"]) > len(told["parted"]["link"]) == len(network.links)
    comments = [
        server.query(
            "SELECT obj_description(c.oid, 'pg_class'), array_agg(a.attname ORDER BY a.attnum) "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            f"WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind = 'r' "
            "AND a.attnum > 0 GROUP BY c.oid ORDER BY c.relname"
        )
        for schema in told
    ]
    assert comments[0] == comments[1]


def test_a_network_is_written_with_the_statuses_of_its_links(server):
    network = load_network()
    write(network, server.address(), schema="net")
    ((links,),) = server.query("SELECT count(*) FROM net.link")
    ((statuses,),) = server.query("SELECT count(*) FROM net.status")
    assert links == len(network.links)
    assert statuses == sum(len(link.statuses) for link in network.links)


def test_a_table_of_another_is_never_replaced(server):
    server.query("CREATE SCHEMA theirs")
    server.query("CREATE TABLE theirs.status (n int)")
    server.query("INSERT INTO theirs.status VALUES (7)")
    with pytest.raises(FileFormatError, match="table 'status' of schema 'theirs' is not one that"):
        write(system("btk"), server.address(), schema="theirs")
    assert server.query("SELECT n FROM theirs.status") == [(7,)]
    assert server.query(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'theirs'::regnamespace"
    ) == [(1,)]


def test_what_a_view_of_the_users_needs_is_not_dropped(server):
    write(system("btk"), server.address(), schema="viewed")
    server.query("CREATE VIEW viewed.mine AS SELECT id FROM viewed.corridor")
    with pytest.raises(FileFormatError, match=r"other objects depend on.*drop what depends on it"):
        write(system("tanap"), server.address(), schema="viewed")
    assert server.query("SELECT DISTINCT id FROM viewed.mine") == [("btk",)]


FEW = settings(
    max_examples=25, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)  # fmt: skip


@FEW
@given(made=tables())
def test_names_types_and_geometry_come_back(server, made):
    own, kinds = made
    if "kind" in kinds:
        own = own.rename(columns={"kind": "sort"})
        kinds["sort"] = kinds.pop("kind")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", FormatWarning)
        assert write(own, server.address(), schema="İl şəhər") == len(own)
    notes = " ".join(str(warning.message) for warning in told)
    assert PASSWORD not in notes
    names = [n for (n,) in server.query(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'İl şəhər' AND table_name = 'features' ORDER BY ordinal_position"
    )]  # fmt: skip
    rows = server.query('SELECT * FROM "İl şəhər".features ORDER BY nr')
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for key, kind in kinds.items():
        candidates = [n for n in names if n == key and n not in ("fid", "geom")] or [
            n for n in names if f"'{key}' is '{n}'" in notes
        ]
        cells = cells_of(own, key)
        if all(v is None for v in cells):
            continue
        for row, value in zip(found, cells, strict=True):
            there = row[max(candidates, key=len)]
            if kind == "text":
                assert there == (None if value is None else as_text(value, kind)), key
            else:
                assert there == value, key
    for row, shape in zip(found, own.geometry, strict=True):
        there = None if row["geom"] is None else shapely.from_wkb(row["geom"])
        assert (there is None) == (shape is None)
        assert shape is None or there.equals_exact(shape, 0)


def test_names_and_texts_in_the_scripts_of_seven_languages_come_back(server):
    own = gpd.GeoDataFrame(
        {name: [name, None] for name in SCRIPTS}, geometry=[Point(44, 40), Point(45, 40)], crs=4326
    )
    write(own, server.address(), schema="scripts")
    quoted = ", ".join(f'"{name}"' for name in SCRIPTS)
    assert server.query(f"SELECT {quoted} FROM scripts.features ORDER BY fid") == [
        SCRIPTS, (None,) * len(SCRIPTS)
    ]  # fmt: skip


def test_heights_measures_and_null_characters(server):
    shapes = [
        Point(44, 40),
        Point(44, 40, 900),
        shapely.from_wkt("LINESTRING ZM (44 40 1 2, 45 41 3 4)"),
    ]
    own = gpd.GeoDataFrame({"t": ["a\0b", "ü", None]}, geometry=shapes, crs=4326)
    with pytest.warns(FormatWarning, match="PostgreSQL holds no null characters"):
        write(own, server.address(), schema="high")
    rows = server.query("SELECT t, ST_AsEWKB(geom), ST_SRID(geom) FROM high.features ORDER BY fid")
    assert [row[0] for row in rows] == ["a\ufffdb", "ü", None]
    assert [shapely.from_wkb(row[1]).wkt for row in rows] == [shape.wkt for shape in shapes]
    assert {row[2] for row in rows} == {4326}
    only = gpd.GeoDataFrame(geometry=shapes[1:2], crs=4326)
    write(only, server.address(), schema="high")
    assert server.query(
        "SELECT type, coord_dimension FROM geometry_columns WHERE f_table_schema = 'high'"
    ) == [("POINT", 3)]


BIG = """
import sys
import geopandas, numpy, shapely
from corridors import network_from_osm, reach
from corridors.export import formats
from corridors.export.formats import write
n = 20_000
xy = numpy.random.default_rng(0).uniform(40, 50, (n, 120, 2))
own = geopandas.GeoDataFrame({"n": range(n)}, geometry=shapely.linestrings(xy), crs=4326)
print("ready", flush=True)
write(own, sys.argv[1], schema="killed")
"""


def test_a_run_killed_in_the_middle_leaves_what_was_there(server):
    write(system("btk"), server.address(), schema="killed")
    before = server.query("SELECT oid, relname FROM pg_class WHERE relnamespace = "
                          "'killed'::regnamespace ORDER BY 1")  # fmt: skip
    run = subprocess.Popen(
        [sys.executable, "-c", BIG, server.address()], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        copied = 0
        end = time.monotonic() + 400
        while copied < 1000 and time.monotonic() < end and run.poll() is None:
            rows = server.query("SELECT tuples_processed FROM pg_stat_progress_copy")
            copied = rows[0][0] if rows else 0
        assert run.poll() is None, "it was done before it could be killed"
        assert copied >= 1000
    finally:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        run.stdout.close()
    while server.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY%killed%' "
                       "AND pid <> pg_backend_pid()"):  # fmt: skip
        time.sleep(0.05)
    after = server.query("SELECT oid, relname FROM pg_class WHERE relnamespace = "
                         "'killed'::regnamespace ORDER BY 1")  # fmt: skip
    assert after == before
    assert server.query("SELECT DISTINCT id FROM killed.corridor") == [("btk",)]


def refused(capsys, *words) -> str:
    """Return the one line in which the command line refuses."""
    assert main(["export", "btk", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert PASSWORD not in printed.err
    assert "p%2540ss" not in printed.err
    return printed.err


def test_what_a_database_refuses_is_one_line_without_its_password(every, capsys):
    server, good = every, every.address()
    for address, words in (
        (good.replace(":p%25", ":q%25"), 'password authentication failed for user "araxes"'),
        (good.replace("/maps", "/none"), 'database "none" does not exist'),
        (server.address("plain"), "has no PostGIS; run CREATE EXTENSION postgis"),
        (server.address(user="guest"), "permission denied for schema araxes; ask its owner"),
        (good.replace(f":{server.port}", ":1"), "Connection refused"),
        (
            good.replace("127.0.0.1", "no.such.host.invalid"),
            "check host, database, user and password",
        ),
        (good.replace(f":{server.port}", ":123456"), "not an address of a database"),
        ("postgresql://me:p%2540ss@:x/y", "not an address of a database"),
        (good.replace("postgresql", "mysql"), "databases are postgresql://"),
    ):
        assert words in refused(capsys, "--out", address), address
    guest = server.address(user="guest")
    assert "permission denied for database maps" in refused(
        capsys, "--out", guest, "--schema", "new"
    )
    assert "give a name of 1 to 63 bytes" in refused(capsys, "--out", good, "--schema", " ")
    assert "a schema is for a database" in refused(capsys, "--out", "x.gpkg", "--schema", "a")
    assert "--safe-csv is for CSV" in refused(capsys, "--out", good, "--safe-csv")


def test_a_table_that_another_program_holds_is_given_up(server, monkeypatch):
    monkeypatch.setattr("corridors.export.postgis._LOCK_S", 0.2)
    write(system("btk"), server.address(), schema="held")
    with psycopg.connect(
        host="127.0.0.1", port=server.port, user="araxes", password=PASSWORD, dbname="maps"
    ) as reader:
        reader.execute("SELECT * FROM held.corridor")
        with pytest.raises(FileFormatError, match="another program holds the table: try again"):
            write(system("tanap"), server.address(), schema="held")
    write(system("tanap"), server.address(), schema="held")


def test_the_command_tells_what_was_written_without_the_password(server, capsys):
    assert main(["export", "btk", "kars-1921", "--out", server.address(), "--schema", "cli"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    place = f"postgresql://araxes@127.0.0.1:{server.port}/maps"
    assert printed.out == f"wrote 50 features to {place}\n"
    lines = gpd.GeoDataFrame({"x\0": ["a"]}, geometry=[LineString([(43, 40), (44, 40)])], crs=4326)
    with pytest.warns(FormatWarning, match=r"^postgresql://araxes@127"):
        write(lines, server.address(), schema="cli")


def test_the_page_about_databases_prints_what_it_shows(server, capsys):
    page = (ROOT / "docs/how-to/gis.md").read_text("utf-8")
    there = [step for step in blocks.steps(page) if isinstance(step, blocks.Shown)]
    asked = [step for step in there if step.elsewhere and "postgresql://" in step.code]
    assert {step.kind for step in asked} == {"console", "python"}
    shown = "postgresql://analyst@localhost/maps"
    for step in asked:
        code = step.code.replace(shown, server.address())
        if step.kind == "console":
            assert main(shlex.split(code)[1:]) == 0
            printed = re.sub(r"postgresql://\S+", shown, capsys.readouterr().out)
            assert blocks.same(step.lines, tuple(printed.splitlines()))
            found = server.query("SELECT DISTINCT id FROM borders.corridor")
            assert found == [("zangezur-tripp",)]
        else:
            exec(compile(code, "gis.md", "exec"), {})
            assert server.query("SELECT DISTINCT id FROM borders.border") == [("kars-1921",)]
