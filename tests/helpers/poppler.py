"""What the programs of poppler-utils tell of a PDF: not our code, nor what wrote it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

REQUIRED = os.environ.get("ARAXES_REQUIRE_BROWSER") == "1"


def told(program, *arguments):
    """Return what a program prints of a PDF; the test is skipped where there is none."""
    path = shutil.which(program)
    assert path or not REQUIRED, f"ARAXES_REQUIRE_BROWSER is 1, and there is no {program}"
    if path is None:
        pytest.skip(f"needs {program} of poppler-utils")
    done = subprocess.run([path, *arguments], capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


def words_of(pdf, *, sheet=None):
    """Return each word of a PDF, or of a sheet: with left, top, right and bottom in points."""
    only = () if sheet is None else ("-f", str(sheet), "-l", str(sheet))
    found = re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>',
                       told("pdftotext", *only, "-bbox", pdf, "-"))  # fmt: skip
    return [(text, *map(float, box)) for *box, text in found]


def pages_of(pdf):
    """Return the text of each sheet of a PDF."""
    return told("pdftotext", pdf, "-").split("\f")[:-1]
