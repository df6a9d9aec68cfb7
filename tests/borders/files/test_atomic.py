"""A failed or interrupted run leaves the old file alone and nothing beside it."""

from __future__ import annotations

import errno
import os

import pytest

from borders.errors import FileFormatError
from borders.files.atomic import atomic, output_folder, write_text


@pytest.fixture
def old(tmp_path):
    file = tmp_path / "map.html"
    file.write_text("old", "utf-8")
    return file


def left_in(folder) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_block_that_succeeds_replaces_the_file(old):
    with atomic(old) as beside:
        beside.write_text("new", "utf-8")
        assert old.read_text("utf-8") == "old"
    assert old.read_text("utf-8") == "new"
    assert left_in(old.parent) == ["map.html"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, MemoryError])
def test_an_interrupted_block_leaves_the_old_file_and_no_folder(old, error):
    def half_of_it():
        with atomic(old) as beside:
            beside.write_text("half of it", "utf-8")
            raise error

    with pytest.raises(error):
        half_of_it()
    assert old.read_text("utf-8") == "old"
    assert left_in(old.parent) == ["map.html"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left on the device; free some"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EACCES, "permission denied; choose another place"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_what_the_system_refuses_is_one_line_with_path_and_reason(old, number, words):
    with pytest.raises(FileFormatError) as caught, atomic(old):
        raise OSError(number, os.strerror(number))
    assert str(caught.value).startswith(f"{old}: cannot be written: {words}")
    assert "\n" not in str(caught.value)
    assert old.read_text("utf-8") == "old"
    assert left_in(old.parent) == ["map.html"]


def test_a_block_that_writes_nothing_is_an_error_and_keeps_the_old_file(old):
    with pytest.raises(FileFormatError), atomic(old):
        pass
    assert old.read_text("utf-8") == "old"


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match="that is a folder; give a file name"):
        write_text(tmp_path, "text")


def test_a_file_in_place_of_the_folder_is_refused(old):
    with pytest.raises(FileFormatError, match="a part of the path is a file, not a folder"):
        write_text(old / "map.html", "text")


def test_a_missing_folder_is_named_and_not_made(tmp_path):
    with pytest.raises(FileFormatError, match="the folder does not exist; create it first"):
        write_text(tmp_path / "none" / "map.html", "text")
    assert left_in(tmp_path) == []


def test_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(FileFormatError, match="the name is too long"):
        write_text(tmp_path / ("a" * 300), "text")
    assert left_in(tmp_path) == []


def test_text_is_written_in_utf_8_with_unix_line_ends(tmp_path):
    write_text(tmp_path / "a.md", "Iğdır\nԿարս\n")
    assert (tmp_path / "a.md").read_bytes() == "Iğdır\nԿարս\n".encode()


def test_an_output_folder_is_made_with_its_parents(tmp_path):
    folder = output_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert output_folder(folder) == folder
    assert left_in(folder) == []


def test_an_output_folder_that_is_a_file_is_refused(old):
    with pytest.raises(FileFormatError, match=r"map\.html: cannot be written: a file of that name"):
        output_folder(old)
    with pytest.raises(FileFormatError, match="a part of the path is a file"):
        output_folder(old / "out")


def test_an_output_folder_that_refuses_files_is_refused(tmp_path, monkeypatch):
    def refuse(**options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(FileFormatError, match="permission denied; choose another place with --out"):
        output_folder(tmp_path)
