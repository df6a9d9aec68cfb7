"""How many processors a command may use: those of its process, within the quota of its group."""

from __future__ import annotations

import os

import pytest

from maps.cli.beside import processors, quota

ASK = """
import os
from maps.cli.beside import processors
from maps.cli.sweep import _read_workers
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print(processors(), _read_workers("all"))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_a_process_bound_to_one_processor_uses_one_for_all_that_it_does(python):
    assert python("-c", ASK).stdout.split() == ["1", "1"]


def test_there_is_one_at_least_and_no_more_than_the_machine_has():
    assert 1 <= processors() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("files", "group", "expected"),
    [
        ({"cpu.max": "max 100000"}, "0::/", None),
        ({"cpu.max": "150000 100000"}, "0::/", 2),
        ({"cpu.max": "50000 100000"}, "0::/", 1),
        # The strictest of a group and those above it holds.
        ({"a/cpu.max": "400000 100000", "a/b/cpu.max": "max 100000"}, "0::/a/b", 4),
        ({"a/cpu.max": "200000 100000", "a/b/cpu.max": "800000 100000"}, "0::/a/b", 2),
        # The first version of control groups; -1 is no limit.
        ({"cpu/x/cpu.cfs_quota_us": "300000", "cpu/x/cpu.cfs_period_us": "100000"},
         "4:memory:/y\n1:cpu,cpuacct:/x\n0::/", 3),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, "1:cpu:/", None),
        # What cannot be read limits nothing.
        ({"cpu.max": "word"}, "0::/", None),
        ({}, "0::/a", None),
    ],
)  # fmt: skip
def test_the_quota_of_a_control_group_limits_them(tmp_path, files, group, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{text}\n", "ascii")
    own = tmp_path / "cgroup"
    own.write_text(f"{group}\n", "ascii")
    assert quota(own, tmp_path) == expected


def test_a_system_without_control_groups_has_no_quota(tmp_path):
    assert quota(tmp_path / "cgroup", tmp_path) is None
