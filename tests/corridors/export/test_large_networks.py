"""A network written in parts: the same file as one that is written at once."""

from __future__ import annotations

import json

import geopandas
import pytest
from geopandas.testing import assert_geodataframe_equal
from osm_files import Drawn, rail, road

from corridors import network_from_osm
from corridors.export import formats
from corridors.export.formats import write_file
from maps.qgis.project import write_styled

# Two roads without a name, one of them one-way, one with a name and one with a name in Turkish too,
# railways of two gauges, and a station on a road: changes of mode have no course.
NODES = {n: (10.0 + 0.01 * n, 50.0 + 0.002 * (n % 3)) for n in range(1, 11)}
WAYS = {
    1: road(1, 2), 2: road(2, 3, oneway="yes"), 3: road(3, 4, name="=High Street", ref="B 1"),
    4: rail(3, 5, 6, gauge="1435", railway="rail"), 5: rail(6, 7, gauge="1520"),
    6: road(6, 8, highway="motorway", toll="yes"), 7: road(9, 10, name="Ring", name__tr="Çevre"),
}  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    tagged = {3: {"railway": "station", "name": "Middletown"}, 6: {"railway": "station"}}
    drawn = Drawn(NODES, WAYS, tagged)
    return network_from_osm(drawn.write(tmp_path_factory.mktemp("osm") / "x.osm.pbf"))


def _written(network, folder, suffix, monkeypatch, part):
    monkeypatch.setattr(formats, "PART", part)
    folder.mkdir()
    file, steps = folder / f"x{suffix}", []
    write = write_styled if suffix == ".kml" else write_file
    done = write([network], file, progress=lambda n, of: steps.append((n, of)))
    return file, done, steps


@pytest.mark.parametrize(
    "suffix", [".csv", ".geojson", ".kml", ".gpx", ".gpkg", ".fgb", ".parquet", ".pmtiles"]
)
def test_a_network_written_in_parts_is_the_one_written_whole(
    network, tmp_path, monkeypatch, suffix
) -> None:
    count = len(network.links)
    whole, at_once, none = _written(network, tmp_path / "a", suffix, monkeypatch, count)
    parted, in_parts, steps = _written(network, tmp_path / "b", suffix, monkeypatch, 2)
    assert none == []
    assert steps[-1] == (count, count)
    assert len(set(steps)) == (count + 1) // 2 > 2
    assert (in_parts.features, in_parts.notes) == (at_once.features, at_once.notes)
    if suffix in (".csv", ".geojson", ".kml", ".gpx"):
        assert parted.read_bytes() == whole.read_bytes()
        return
    read = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
    if suffix == ".pmtiles":
        assert sorted(read(parted)["id"]) == sorted(read(whole)["id"])
        return
    assert_geodataframe_equal(read(parted), read(whole))
    if suffix == ".parquet":
        pyarrow_parquet = pytest.importorskip("pyarrow.parquet")
        about = [json.loads(pyarrow_parquet.read_schema(f).metadata[b"geo"])
                 for f in (parted, whole)]  # fmt: skip
        assert about[0] == about[1]
