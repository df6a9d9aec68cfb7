"""How the program ends where its output is closed or full, where it is interrupted, and where
matplotlib's surroundings are odd."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

PROGRAM = f"'{sys.executable}' -m maps.cli"
FULL = "araxes: the answer cannot be written (No space left on device)\n"
SHUT = "araxes: the answer cannot be written (Bad file descriptor)\n"


def shell(line):
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", ["show btk", "list --json", "--help", "--version"])
@pytest.mark.parametrize(
    ("streams", "told"), [(">&-", SHUT), (">/dev/full", FULL), (">&- 2>&-", ""),
                          (">&- 2>&- <&-", ""), (">/dev/full 2>/dev/full", "")],
)  # fmt: skip
def test_an_answer_that_nobody_can_get_is_an_error(command, streams, told):
    assert shell(f"{PROGRAM} {command} {streams}") == (2, "", told)


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("show btk", 0),
        ("compare --pair Kars:Baku", 0),
        ("show no-such-id", 2),
        ("show", 2),
        ("route Kars Baku --modes ferry", 1),
    ],
)
def test_who_hears_no_errors_gets_the_answer_and_the_code(command, code, streams):
    done, out, err = shell(f"{PROGRAM} {command} {streams}")
    assert (done, err, bool(out)) == (code, "", code == 0)


def test_a_file_is_whole_where_all_streams_are_closed(tmp_path):
    target = tmp_path / "x.geojson"
    code, *_ = shell(f"{PROGRAM} export btk --out '{target}' >&- 2>&- <&-")
    assert code == 2
    assert target.read_text("utf-8").rstrip().endswith("}")


# A library that is interrupted while it loads: the interrupt becomes an error of another kind.
INTERRUPTED = """
import os, signal, sys, time
import corridors.analysis.verdicts as verdicts
from maps.cli.main import program

def load(*_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    except KeyboardInterrupt:
        raise {error}("the core failed to import")

verdicts.verdicts = load
sys.argv = ["araxes", "figures"]
program()
"""


@pytest.mark.parametrize("error", ["ImportError", "SystemError", "OSError", "AttributeError"])
def test_an_error_after_an_interrupt_is_an_interrupt(python, error):
    done = python("-c", INTERRUPTED.format(error=error))
    told = "araxes: interrupted; no file was left half-written\n"
    assert (done.returncode, done.stdout, done.stderr) == (130, "", told)


def test_a_refusal_after_an_interrupt_is_an_interrupt(python):
    code = "from borders.errors import SchemaError as Refusal\n" + INTERRUPTED
    done = python("-c", code.format(error="Refusal"))
    assert (done.returncode, done.stderr.count("\n")) == (130, 1)


@pytest.mark.parametrize("after_s", [0.3, 0.6, 1.2])
def test_ctrl_c_while_libraries_load_is_no_traceback(tmp_path, after_s):
    code = "import sys; from maps.cli.main import program; print(flush=True); program()"
    words = ["map", "btk", "--out", str(tmp_path / "x.png")]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        time.sleep(after_s)
        child.send_signal(signal.SIGINT)
        told = child.communicate(timeout=60)[1].decode()
    assert child.returncode in (0, 130)
    assert told == ("" if child.returncode == 0 else "araxes: interrupted; no file was left "
                    "half-written\n")  # fmt: skip
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "odd", [{"MPLBACKEND": "nosuch"}, {"MPLBACKEND": "tkagg"}, {"MPLCONFIGDIR": "/nosuch/dir"},
            {"MPLCONFIGDIR": "", "HOME": "/nosuch"}],
    ids=str,
)  # fmt: skip
def test_matplotlibs_surroundings_are_no_news(python, tmp_path, odd):
    if odd.get("MPLCONFIGDIR") == "":
        odd = {**odd, "MPLCONFIGDIR": os.devnull + "/x"}
    done = python("-m", "maps.cli", "map", "btk", "--out", tmp_path / "x.png", **odd)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "x.png").stat().st_size > 1000
