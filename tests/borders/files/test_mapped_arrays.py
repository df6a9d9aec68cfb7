"""Files of arrays: numpy reads them too, and one that is damaged is told in a line."""

from __future__ import annotations

import numpy as np
import pytest

from borders.errors import FileFormatError
from borders.files.mapped_arrays import map_arrays, verify, write_arrays

ARRAYS = {"n": np.arange(5, dtype=np.int32), "xy": np.zeros((2, 2))}


@pytest.fixture
def file(tmp_path):
    write_arrays(tmp_path / "x.npz", "test", 3, ARRAYS, {"about": {"name": "Çay"}})
    return tmp_path / "x.npz"


def test_numpy_reads_the_same(file):
    with np.load(file) as theirs:
        assert theirs["n"].tolist() == map_arrays(file, "test", 3).arrays["n"].tolist()


def test_versions_from_the_oldest_that_is_known_are_read(file):
    assert map_arrays(file, "test", 4, oldest=3).about["version"] == 3
    with pytest.raises(FileFormatError, match="version 3 of its format, this program reads 4;"):
        map_arrays(file, "test", 4)
    with pytest.raises(FileFormatError, match="version 3 of its format, this program reads 1 to 2"):
        map_arrays(file, "test", 2, oldest=1)


def test_a_byte_that_is_wrong_is_found_or_does_no_harm(file):
    whole = file.read_bytes()
    directory = whole.index(b"PK\x01\x02")
    said = []
    for at in (*range(0, directory, 7), *range(directory, len(whole))):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            mapped = map_arrays(file, "test", 3)
            mapped.table("about")
            verify(mapped)
        except FileFormatError as err:
            said.append(str(err))
    assert len(said) > 100
    assert all(str(file) in text for text in said)
