"""A failed or interrupted run leaves the old file alone and nothing beside it."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from interpreter import run_python

from borders.errors import FileFormatError
from borders.files.atomic import atomic, output_folder, together, write_text

ROOT = Path(__file__).parents[3]


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


def test_a_link_stays_one_and_what_it_leads_to_is_written(old):
    link = old.with_name("link.html")
    link.symlink_to(old.name)
    dangling = old.with_name("later.html")
    dangling.symlink_to("not-yet.html")
    write_text(link, "new")
    write_text(dangling, "first")
    assert (link.is_symlink(), dangling.is_symlink()) == (True, True)
    assert old.read_text("utf-8") == "new"
    assert old.with_name("not-yet.html").read_text("utf-8") == "first"
    assert left_in(old.parent) == ["later.html", "link.html", "map.html", "not-yet.html"]


def test_links_in_a_circle_are_refused_in_one_line(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(FileFormatError, match="cannot be written"):
        write_text(tmp_path / "a", "text")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_mode(old, mode):
    old.chmod(mode)
    write_text(old, "new")
    assert oct(old.stat().st_mode & 0o777) == oct(mode)
    assert old.read_text("utf-8") == "new"


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "a.txt", "new")
    finally:
        os.umask(before)
    assert oct((tmp_path / "a.txt").stat().st_mode & 0o777) == oct(0o640)


def test_a_pipe_stays_a_pipe_and_gets_the_whole_file(tmp_path):
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    write_text(pipe, "Iğdır\n")
    reader.join(timeout=10)
    assert read == ["Iğdır\n"]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert left_in(tmp_path) == ["pipe.txt"]


def test_a_stream_of_the_process_is_written_to(tmp_path):
    code = "from borders.files.atomic import write_text; write_text('/dev/stdout', 'x\\n')"
    assert run_python("-c", code, folder=ROOT) == "x\n"


KILLED = """
import os, signal, sys, time
from borders.files.atomic import atomic
# Who runs the tests by nohup has them ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with atomic(sys.argv[1]) as path:
    path.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


def killed(file, number) -> subprocess.Popen[str]:
    """Return a process that a signal ended in the middle of writing a file."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    process.wait(timeout=30)
    process.stdout.close()
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_process_told_to_end_leaves_the_old_file_and_nothing_beside_it(old, number):
    process = killed(old, number)
    # as if nothing had been handled: the shell sees which signal it was
    assert process.returncode == -number
    assert old.read_text("utf-8") == "old"
    assert left_in(old.parent) == ["map.html"]


def test_what_a_killed_process_left_is_cleared_up_by_the_next(old):
    killed(old, signal.SIGKILL)
    assert len(left_in(old.parent)) == 2
    living = left_over(old.parent, os.getppid())
    code = "import sys; from borders.files.atomic import write_text; write_text(sys.argv[1], 'new')"
    run_python("-c", code, str(old), folder=ROOT)
    assert left_in(old.parent) == [living.name, "map.html"]


def left_over(folder, process):
    """Return a folder such as a run of a process on this machine makes."""
    with atomic(folder / "x.txt") as path:
        name = path.parent.name.replace(f"-{os.getpid()}-", f"-{process}-")
        path.write_text("x")
    (folder / "x.txt").unlink()
    (folder / name).mkdir()
    return folder / name


def test_what_is_not_ours_or_not_old_stays(tmp_path):
    week = time.time() - 7 * 86_400
    names = {
        ".araxes-0badcafe-1-abcdefgh": False, ".araxes-abcdefgh": False,
        ".araxes-notes": True, "araxes-abcdefgh": True,
    }  # fmt: skip
    for name in names:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (week, week))
    (tmp_path / ".araxes-recent01").mkdir()
    write_text(tmp_path / "a.txt", "text")
    stay = [name for name, kept in names.items() if kept]
    assert left_in(tmp_path) == sorted([*stay, ".araxes-recent01", "a.txt"])


def test_files_written_together_take_their_places_together(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("old", "utf-8")
    with together():
        write_text(one, "new")
        write_text(two, "new")
        assert (one.read_text("utf-8"), two.exists()) == ("old", False)
    assert (one.read_text("utf-8"), two.read_text("utf-8")) == ("new", "new")
    assert left_in(tmp_path) == ["one", "two"]


def test_a_set_within_a_set_waits_for_the_end_of_the_outer_one(tmp_path):
    figure, table = tmp_path / "figure", tmp_path / "table"
    with together() as waiting:
        with together():
            write_text(figure, "new")
        assert not figure.exists()
        assert waiting()[figure].read_text("utf-8") == "new"
        write_text(table, "new")
        assert list(waiting()) == [figure, table]
    assert left_in(tmp_path) == ["figure", "table"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_if_one_of_several_fails_none_takes_its_place(old, error):
    def half_of_them():
        with together():
            write_text(old, "new")
            raise error

    with pytest.raises(error):
        half_of_them()
    assert old.read_text("utf-8") == "old"
    assert left_in(old.parent) == ["map.html"]


def test_handlers_of_the_user_are_left_alone(tmp_path):
    def mine(number, frame):
        raise AssertionError

    hangup, before = signal.getsignal(signal.SIGHUP), signal.signal(signal.SIGTERM, mine)
    try:
        with atomic(tmp_path / "a") as path:
            path.write_text("x")
            assert signal.getsignal(signal.SIGTERM) is mine
        assert signal.getsignal(signal.SIGTERM) is mine
    finally:
        signal.signal(signal.SIGTERM, before)
    assert signal.getsignal(signal.SIGHUP) == hangup
