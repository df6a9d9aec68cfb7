"""What a link keeps of the tags and ids of its ways, in every format and read back again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from osm_files import Drawn, rail, road
from shapely import LineString

from borders.errors import FileFormatError, SchemaError
from borders.files.mapped_arrays import map_arrays, write_arrays
from corridors import load_network, network_from_osm, write
from corridors.network.compiled import KIND, VERSION, write_compiled
from corridors.network.way_lists import WayLists
from maps.cli.main import main

GOLDEN = Path(__file__).parents[2] / "golden"
NODES = {n: (10.0 + 0.01 * n, 50.0 + 0.001 * (n % 2)) for n in range(1, 13)}
ASPHALT = {"highway": "primary", "surface": "asphalt", "maxspeed": "30 mph", "toll": "yes"}
WAYS = {
    # One road from west to east, drawn as three ways, the last of another surface.
    20: road(3, 4, **ASPHALT), 30: road(1, 2, 3, **ASPHALT),
    40: road(4, 5, **{**ASPHALT, "surface": "gravel"}),
    50: road(5, 6, hgv__conditional="no @ (weight > 7.5)", name="Çevre", name__az="Çevrə"),
    # A main line, and the siding beside it.
    60: rail(7, 8, 9, 10, usage="main", maxspeed="120"),
    70: rail(8, 11, 12, 9, service="siding"),
}  # fmt: skip
TAGGED = ("way_class", "speed_limit", "surface", "toll", "usage", "service", "condition")
# By id, with what is tagged in this order, and the ways.
TRUTH = {
    "w20.0": ("primary", "30 mph", "asphalt", "yes", None, None, None, "30;20"),
    "w40.0": ("primary", "30 mph", "gravel", "yes", None, None, None, "40"),
    "w50.0": ("residential", None, None, None, None, None, "hgv:conditional=no @ (weight > 7.5)",
              "50"),
    "w60.0": ("rail", "120", None, None, "main", None, None, "60"),
    "w60.1": ("rail", "120", None, None, "main", None, None, "60"),
    "w60.2": ("rail", "120", None, None, "main", None, None, "60"),
    "w70.0": ("rail", None, None, None, None, "siding", None, "70"),
}  # fmt: skip


def _extract(folder):
    return Drawn(NODES, WAYS).write(folder / "x.osm.pbf")


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return network_from_osm(_extract(tmp_path_factory.mktemp("osm")), sidings=True)


def _told(network):
    """Return what links tell, by id."""
    return {
        link.id: (
            *((("yes" if link.toll else None) if key == "toll" else getattr(link, key) or None)
              for key in TAGGED),
            ";".join(map(str, link.osm_ways)) or None,
        )
        for link in network.links
    }  # fmt: skip


def test_links_keep_what_their_ways_are_tagged_with_and_end_where_that_changes(network):
    assert _told(network) == TRUTH


def test_the_ways_of_a_link_come_in_the_order_of_its_course(network):
    link = network.link("w20.0")
    ends = [NODES[1], NODES[4]]
    forward = [link.xy[0], link.xy[-1]] == ends
    assert link.osm_ways == ((30, 20) if forward else (20, 30))


def test_a_compiled_file_holds_them(network, tmp_path):
    file = tmp_path / "x.npz"
    write_compiled(network.table, network.about, file)
    assert _told(load_network(file)) == TRUTH
    with np.load(file) as arrays:
        assert (arrays["ways.link"].tolist(), arrays["ways.way"].tolist()) == ([0], [30, 20])


def _rows(file):
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return [
                {key: cell or None for key, cell in row.items()} for row in csv.DictReader(lines)
            ]
    if file.suffix == ".geojson":
        return [f["properties"] for f in json.loads(file.read_text("utf-8"))["features"]]
    read = gpd.read_parquet if file.suffix == ".parquet" else gpd.read_file
    frame = read(file)
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".fgb", ".parquet"])
def test_each_has_a_column_of_every_format(network, tmp_path, suffix):
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    file = tmp_path / f"x{suffix}"
    write(network, file)
    rows = {row["id"]: row for row in _rows(file)}
    assert {key: tuple(row.get(k) for k in (*TAGGED, "osm_ways")) for key, row in rows.items()} == (
        TRUTH
    )


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb"])
def test_a_file_of_another_program_gives_them_back(network, tmp_path, suffix):
    file = tmp_path / f"x{suffix}"
    write(network, file)
    read = load_network(file)
    assert _told(read) == TRUTH
    assert dict(read.link("w50.0").names) == {"az": "Çevrə"}
    # A limit of a railway is not the speed of its trains, a toll without an amount costs nothing.
    assert read.link("w60.0").speed_kmh is None
    assert read.link("w20.0").speed_kmh == network.link("w20.0").speed_kmh


def test_a_network_of_links_in_memory_has_the_columns_too(network, tmp_path):
    write(network, tmp_path / "x.gpkg")
    told = load_network(tmp_path / "x.gpkg").to_gdf().set_index("id")[[*TAGGED, "osm_ways"]]
    cells = told.astype(object).where(told.notna(), None)
    assert dict(zip(cells.index, cells.itertuples(index=False, name=None), strict=True)) == TRUTH


def test_show_tells_them_of_a_link(network, tmp_path, capsys):
    file = tmp_path / "x.npz"
    write_compiled(network.table, network.about, file)
    assert main(["show", "w20.0", "--network", str(file), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["links"]
    assert (told["surface"], told["toll"], told["osm_ways"]) == ("asphalt", "yes", [30, 20])
    assert "usage" not in told


def test_a_graph_for_osmnx_has_them_on_its_edges(network, tmp_path):
    import osmnx

    osmnx.save_graphml(network.to_osmnx(), tmp_path / "x.graphml")
    graph = nx.read_graphml(tmp_path / "x.graphml")
    edges = {edge["link"]: edge for *_, edge in graph.edges(data=True)}
    assert edges["w20.0"]["osm_ways"] == "30;20"
    assert (edges["w20.0"]["surface"], edges["w20.0"]["speed_limit"]) == ("asphalt", "30 mph")
    assert edges["w20.0"]["toll"] in (True, "True")
    assert (edges["w60.0"]["usage"], edges["w70.0"]["service"]) == ("main", "siding")
    assert "surface" not in edges["w50.0"]


def test_links_of_a_simplified_graph_keep_the_ids_of_all_its_ways():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for n in (1, 2, 3, 4):
        graph.add_node(n, x=NODES[n][0], y=NODES[n][1])
    graph.add_edge(1, 2, osmid=[9, 7], highway="primary", oneway=True)
    graph.add_edge(3, 4, highway="secondary", oneway=True)
    links = {link.id: link for link in network_from_osm(graph).links}
    assert links["w7.0"].osm_ways == (9, 7)
    # What has no id of OpenStreetMap gets none by being numbered.
    (other,) = (link for link in links.values() if link.way_class == "secondary")
    assert other.osm_ways == ()


def test_a_file_of_version_1_is_read_and_its_notes_say_what_is_tagged():
    # Written by Araxes as it was before version 2.
    read = load_network(GOLDEN / "network_version_1.npz")
    assert map_arrays(GOLDEN / "network_version_1.npz", KIND, 1).about["version"] == 1
    assert _told(read) == {
        "w1.0": ("trunk", None, "asphalt", "yes", None, None, None, "1"),
        "w3.0": ("primary", None, None, None, None, None, None, "3"),
        "w4.0": ("rail", None, None, None, "main", None, None, "4"),
    }


def test_a_version_to_come_and_lists_that_do_not_fit_are_one_line(network, tmp_path):
    file = tmp_path / "x.npz"
    write_compiled(network.table, network.about, file)
    mapped = map_arrays(file, KIND, VERSION)
    arrays = {key: array.copy() for key, array in mapped.arrays.items()}
    tables = {key: mapped.table(key) for key in ("about", "kinds", "labels", "layers")}
    write_arrays(file, KIND, VERSION + 1, arrays, tables)
    with pytest.raises(
        FileFormatError, match=r"version 3 of its format, this program reads 1 to 2"
    ):
        load_network(file)
    for key, wrong in (("ways.link", np.array([99])), ("ways.offsets", np.array([0, 5])),
                       ("ways.way", np.array([30]))):  # fmt: skip
        write_arrays(file, KIND, VERSION, arrays | {key: wrong}, tables)
        with pytest.raises(FileFormatError, match="damaged"):
            load_network(file)


def test_ways_that_are_no_numbers_are_refused_in_one_line(network, tmp_path):
    table = network.to_gdf(transfers=True)
    table.loc[2, "osm_ways"] = "50;?"
    with pytest.raises(
        SchemaError, match=r"osm_ways is '50;\?'; write ids separated by semicolons"
    ):
        load_network(table)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"az": "Yol"}, {"az": "Yol"}), ('{"az": "Yol"}', {"az": "Yol"}),
        # As others have columns of this name.
        ({"primary": "Yol", "common": {"az": "Yol"}}, {}), ("Yol, Way", {}), (["Yol"], {}), (5, {}),
    ],
)  # fmt: skip
def test_names_by_language_are_read_and_other_columns_of_that_name_do_no_harm(network, names, told):
    table = network.to_gdf(transfers=True)
    table["names"] = pd.Series([names] * len(table), dtype=object)
    assert dict(load_network(table).links[0].names) == told


def test_what_others_write_into_such_columns_is_text():
    table = gpd.GeoDataFrame(
        {
            "u": [1], "v": [2], "surface": [["asphalt", "gravel"]], "service": [True],
            "toll": ["no"], "usage": [3.0],
        },
        geometry=[LineString([(44, 40), (44.1, 40)])], crs="EPSG:4326",
    )  # fmt: skip
    (link,) = load_network(table).links
    assert (link.surface, link.service, link.usage, link.toll) == (
        "asphalt;gravel", "True", "3", False
    )  # fmt: skip


passed = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=20)


@given(passed, st.lists(st.integers(1, 4), min_size=6, max_size=6), st.permutations(range(6)))
def test_lists_of_ways_are_those_of_a_dictionary(pairs, own, order):
    pairs = sorted(pairs, key=lambda pair: pair[0])
    truth = {n: tuple(dict.fromkeys(w for link, w in pairs if link == n)) for n in range(6)}
    link, way = np.array(pairs, np.int64).reshape(-1, 2).T
    lists = WayLists.of(link, way, np.array(own))

    def ways(lists, n, own):
        known = lists.of_link(n)
        return (own,) if known is None else known

    assert [ways(lists, n, own[n]) for n in range(6)] == [truth[n] for n in range(6)]
    taken = lists.taken(np.array(order))
    assert [ways(taken, k, own[n]) for k, n in enumerate(order)] == [truth[n] for n in order]
    assert taken.sound(6)
    some = np.array(order[:3])
    assert [ways(lists.taken(some), k, own[n]) for k, n in enumerate(some)] == [
        truth[n] for n in order[:3]
    ]
