"""Overture's segments and connectors: files written here, equal to the same streets from a PBF."""

from __future__ import annotations

import sys
from itertools import pairwise, permutations

import numpy as np
import pytest
from osm_files import Drawn, km, road
from pyproj import Geod
from shapely import LineString, Point, to_wkb

from borders.errors import AraxesError, FileFormatError, GeometryError, NoAnswerError, SchemaError
from corridors import network_from_osm

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

GEOD = Geod(ellps="WGS84")
# A street from west to east, one that crosses it at 3, and a bridge over it, all of 1 km or so.
AT = {1: (10.0, 50.0), 2: (10.01, 50.0), 3: (10.02, 50.0), 4: (10.03, 50.0), 5: (10.04, 50.0),
      6: (10.02, 50.01), 7: (10.02, 49.99), 8: (10.03, 50.01), 9: (10.03, 49.99)}  # fmt: skip
WHEN = pa.struct([("heading", pa.string()), ("during", pa.string()),
                  ("mode", pa.list_(pa.string())), ("using", pa.list_(pa.string())),
                  ("recognized", pa.list_(pa.string()))])  # fmt: skip
BETWEEN = ("between", pa.list_(pa.float64()))
SCHEMA = pa.schema([
    ("id", pa.string()), ("geometry", pa.binary()), ("type", pa.string()),
    ("subtype", pa.string()), ("class", pa.string()), ("subclass", pa.string()),
    ("names", pa.struct([("primary", pa.string()),
                         ("common", pa.map_(pa.string(), pa.string()))])),
    ("sources", pa.list_(pa.struct([("property", pa.string()), ("dataset", pa.string()),
                                    ("license", pa.string()), ("record_id", pa.string()),
                                    ("update_time", pa.string())]))),
    ("connectors", pa.list_(pa.struct([("connector_id", pa.string()), ("at", pa.float64())]))),
    ("access_restrictions", pa.list_(pa.struct([("access_type", pa.string()), ("when", WHEN),
                                                BETWEEN]))),
    ("speed_limits", pa.list_(pa.struct([
        ("max_speed", pa.struct([("value", pa.int32()), ("unit", pa.string())])),
        ("when", WHEN), BETWEEN]))),
    ("road_flags", pa.list_(pa.struct([("values", pa.list_(pa.string())), BETWEEN]))),
    ("rail_flags", pa.list_(pa.struct([("values", pa.list_(pa.string())), BETWEEN]))),
])  # fmt: skip


def segment(key, *nodes, joins=None, **values):
    """Return a segment along nodes; those of `joins`, or its ends, are connectors."""
    xy = [AT[n] for n in nodes]
    at = np.r_[0, np.cumsum([GEOD.line_length(*zip(a, b, strict=True))
                             for a, b in pairwise(xy)])]  # fmt: skip
    joins = joins or (nodes[0], nodes[-1])
    connectors = [
        {"connector_id": f"c{n}", "at": at[k] / at[-1]} for k, n in enumerate(nodes) if n in joins
    ]
    return {"id": key, "geometry": to_wkb(LineString(xy)), "type": "segment", "subtype": "road",
            "class": "residential", "connectors": connectors, **values}  # fmt: skip


def written(file, *segments):
    pq.write_table(pa.Table.from_pylist(list(segments), SCHEMA), file)
    return file


def osm(way):
    return [{"property": "", "dataset": "OpenStreetMap", "license": "ODbL-1.0",
             "record_id": f"w{way}@7", "update_time": "2026-03-02T00:00:00Z"}]  # fmt: skip


STREETS = (
    segment("a", 1, 2, 3, 4, 5, joins=(1, 3, 5), sources=osm(10)),
    segment("b", 6, 3, 7, joins=(6, 3, 7), sources=osm(11)),
    segment("c", 8, 4, 9, sources=osm(12), road_flags=[{"values": ["is_bridge"]}]),
)


def node(network, n):
    """Return the place of the network at a drawn node."""
    xy = network.table.nodes.xy / 1e7
    return network.table.place_of(int(np.argmin(np.hypot(*(xy - AT[n]).T))))


def test_segments_give_the_network_of_the_same_streets_of_a_pbf(tmp_path):
    ours = network_from_osm(written(tmp_path / "s.parquet", *STREETS))
    # The bridge meets no street, as its node is not that of the street below.
    nodes = AT | {14: AT[4]}
    ways = {10: road(1, 2, 3, 4, 5), 11: road(6, 3, 7), 12: road(8, 14, 9, bridge="yes")}
    theirs = network_from_osm(Drawn(nodes, ways).write(tmp_path / "s.osm.pbf"))
    assert [link.id for link in ours.links] == [link.id for link in theirs.links]
    for a, b in permutations((1, 5, 6, 7, 8, 9), 2):
        truth = km(theirs, f"n{a}", f"n{b}")
        assert km(ours, node(ours, a), node(ours, b)) == pytest.approx(truth, abs=1e-3)
    assert km(ours, node(ours, 1), node(ours, 8)) is None
    assert ours.about["extracts"][0]["date"] == "2026-03-02"


def test_a_connector_between_vertices_makes_one(tmp_path):
    half = segment("a", 1, 3)
    half["connectors"].insert(1, {"connector_id": "c2", "at": 0.5})
    net = network_from_osm(written(tmp_path / "s.parquet", half, segment("b", 2, 6)))
    expected = [GEOD.line_length(*zip(AT[a], AT[b], strict=True)) for a, b in ((1, 2), (2, 6))]
    found = km(net, node(net, 1), node(net, 6))
    assert found == pytest.approx(sum(expected) / 1000, abs=2e-3)


@pytest.mark.parametrize(
    ("rules", "there", "back"),
    [
        ([], True, True),
        ([{"access_type": "denied", "when": {"heading": "backward"}}], True, False),
        ([{"access_type": "denied", "when": {"heading": "forward"}}], False, True),
        ([{"access_type": "denied", "when": {"mode": ["hgv"]}}], False, False),
        ([{"access_type": "denied", "when": {"mode": ["foot", "bicycle"]}}], True, True),
        ([{"access_type": "denied", "when": {"heading": "backward", "mode": ["bicycle"]}}],
         True, True),
        ([{"access_type": "denied"}], False, False),
        ([{"access_type": "denied"},
          {"access_type": "allowed", "when": {"recognized": ["as_private"]}}], False, False),
        ([{"access_type": "denied"},
          {"access_type": "allowed", "when": {"mode": ["motor_vehicle"]}}], True, True),
        # One-way for a third of its length.
        ([{"access_type": "denied", "when": {"heading": "backward"}, "between": [0.3, 0.6]}],
         True, False),
    ],
)  # fmt: skip
def test_who_may_use_a_segment_in_which_direction(tmp_path, rules, there, back):
    # Of another class, so that none of its ends is passed over.
    others = [segment(k, *n, **{"class": "tertiary"}) for k, n in (("b", (5, 6)), ("c", (7, 1)))]
    net = network_from_osm(
        written(
            tmp_path / "s.parquet", segment("a", 1, 2, 3, 5, access_restrictions=rules), *others
        )
    )
    first, last = node(net, 1), node(net, 5)
    assert (km(net, first, last) is not None) == there
    assert (km(net, last, first) is not None) == back


def test_limits_names_classes_and_ids_are_kept(tmp_path):
    limit = [{"max_speed": {"value": 50, "unit": "mph"}}]
    file = written(
        tmp_path / "s.parquet",
        segment("a", 1, 2, **{"class": "motorway"}, subclass="link", speed_limits=limit,
                names={"primary": "Bağ", "common": [("en", "Vine")]}),
        segment("r", 3, 4, subtype="rail", **{"class": "standard_gauge"},
                rail_flags=[{"values": ["is_disused"]}]),
        segment("f", 4, 5, subtype="water", **{"class": None}),
        segment("p", 6, 7, **{"class": "footway"}),
        segment("t", 6, 7, subtype="rail", **{"class": "tram"}),
    )  # fmt: skip
    net = network_from_osm(file)
    by_mode = {link.mode: link for link in net.links}
    assert sorted(by_mode) == ["ferry", "rail", "road"]
    assert by_mode["road"].note == "motorway_link"
    assert by_mode["road"].speed_kmh == pytest.approx(0.8 * 50 * 1.609344, abs=0.1)
    assert by_mode["road"].name == "Bağ"
    assert by_mode["rail"].status(net.on).status == "disused"
    assert {"": "Bağ", "en": "Vine", "overture": "a"} in net.table.labels
    assert len({link.id for link in net.links}) == 3


def test_files_are_merged_and_credited(tmp_path):
    other = [{"property": "", "dataset": "TomTom", "license": "CDLA", "record_id": "x"}]
    one = written(tmp_path / "a.parquet", *STREETS[:2])
    two = written(tmp_path / "b.parquet", *STREETS[1:], segment("d", 5, 8, sources=other))
    points = [{"id": f"c{n}", "geometry": to_wkb(Point(xy))} for n, xy in AT.items()]
    pq.write_table(pa.Table.from_pylist(points), tmp_path / "connectors.parquet")
    net = network_from_osm(one, two, tmp_path / "connectors.parquet")
    assert len([link for link in net.links if link.mode == "road"]) == 4
    assert "TomTom" in net.about["attribution"]
    assert "© OpenStreetMap contributors" in net.about["attribution"]
    assert net.about["licence"] == "CDLA AND ODbL-1.0"


def test_what_is_no_such_theme_is_said_in_one_line(tmp_path, monkeypatch):
    points = pa.Table.from_pylist([{"id": "c1", "geometry": to_wkb(Point(1, 2))}])
    old = pa.Table.from_pylist([{"id": "a", "geometry": b"", "subtype": "road",
                                 "class": "x", "connector_ids": []}])  # fmt: skip
    for table, said in (
        (points, "connectors only"), (pa.Table.from_pylist([{"x": 1}]), "lacks id, geometry"),
        (old, "before 2024-09"),
    ):  # fmt: skip
        pq.write_table(table, tmp_path / "x.parquet")
        with pytest.raises(FileFormatError, match=said):
            network_from_osm(tmp_path / "x.parquet")
    own = points.append_column("length_m", pa.array([1.0]))
    pq.write_table(own, tmp_path / "x.parquet")
    with pytest.raises(SchemaError, match="give the file to --network as it is"):
        network_from_osm(tmp_path / "x.parquet")
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(FileFormatError, match="cannot be read as GeoParquet"):
        network_from_osm(tmp_path / "x.parquet")
    with pytest.raises(FileFormatError, match="no such file"):
        network_from_osm(tmp_path / "y.parquet")
    file = written(tmp_path / "x.parquet", segment("a", 1, 2) | {"geometry": to_wkb(Point(1, 2))})
    with pytest.raises(GeometryError, match="segment a is no line"):
        network_from_osm(file)
    with pytest.raises(NoAnswerError, match="no road, railway or ferry"):
        network_from_osm(written(tmp_path / "x.parquet", segment("a", 1, 2, **{"class": "path"})))
    with pytest.raises(AraxesError, match="not both at once"):
        network_from_osm(file, tmp_path / "x.osm.pbf")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(FileFormatError, match="araxes\\[parquet\\]"):
        network_from_osm(file)
