"""Work of the program in a process beside it."""

from __future__ import annotations

import os

from maps.cli.beside import beside

# What is called `program` in the script that runs tells that it is ours.
ASK = """
import os
from functools import partial
from unittest.mock import patch
from maps.cli import beside
program = None
processors = patch.object(beside, "processors", return_value=2)
with processors, beside.beside(os.getpid) as number:
    print(number() == os.getpid())
with processors, beside.beside(partial(int, "x")) as number:
    try:
        number()
    except ValueError as err:
        print(err)
with processors, beside.beside(partial(os._exit, 3)) as number:
    number()
"""


def test_work_is_done_in_another_process_and_its_errors_are_raised_here(python):
    done = python("-c", ASK)
    assert done.stdout.splitlines() == ["False", "invalid literal for int() with base 10: 'x'"]
    # Work that ended its process is done once more, here.
    assert done.returncode == 3


def test_in_the_process_of_others_work_is_done_there():
    with beside(os.getpid) as number:
        assert number() == os.getpid()
