"""Networks of links in files of arrays: the same links again, and damaged files."""

from __future__ import annotations

import pytest

from borders.errors import FileFormatError
from borders.files.mapped_arrays import map_arrays, write_arrays
from corridors import load_network
from corridors.network.link_file import KIND, VERSION, write_link_file


@pytest.fixture
def file(tmp_path):
    write_link_file(load_network(), {"extracts": []}, tmp_path / "net.npz")
    return tmp_path / "net.npz"


def test_the_bundled_network_is_read_back_to_the_last_digit(file):
    ours, read = load_network(), load_network(file)
    assert read.links == ours.links
    assert (read.on, read.since, read.name) == (ours.on, ours.since, "net.npz")


def test_a_day_may_be_given(file):
    read = load_network(file, on="2015-01-01")
    assert (str(read.on), read.dated) == ("2015-01-01", True)


def test_damage_is_one_line(file):
    mapped = map_arrays(file, KIND, VERSION)
    links, about = mapped.table("links"), mapped.table("about")
    arrays = {key: array.copy() for key, array in mapped.arrays.items()}
    for wrong in (links[:-1], [{**links[0], "mode": "camel"}, *links[1:]],
                  [{**links[0], "length_m": "long"}, *links[1:]]):  # fmt: skip
        write_arrays(file, KIND, VERSION, arrays, {"links": wrong, "about": about})
        with pytest.raises(FileFormatError, match="damaged"):
            load_network(file)
    write_arrays(file, KIND, VERSION + 1, arrays, {"links": links, "about": about})
    with pytest.raises(FileFormatError, match="write it anew"):
        load_network(file)
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(FileFormatError, match=r"net\.npz"):
        load_network(file)
