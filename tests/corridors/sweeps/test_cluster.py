"""A sweep on a real scheduler and two workers, one of which is killed in the middle."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pandas as pd
import pytest
from dask_cluster import dask_cluster

from corridors import Study
from corridors.scenarios.terms import Terms
from corridors.sweeps.run import sweep

STUDIES = Path(__file__).parents[2] / "studies"

pytest.importorskip("distributed")


def test_a_cluster_gives_the_same_table_though_a_worker_is_killed(tmp_path: Path) -> None:
    asked = {"draws": 16_000, "terms": Terms(modes="rail", by="hours"),
             "scenarios": ["status-quo", "all-open"]}  # fmt: skip
    truth = sweep(("Kars", "Baku"), **asked)
    at_work: list[int] = []
    with dask_cluster(tmp_path) as (address, workers):

        def progress(done: int, total: int) -> None:
            if done == 4:
                os.kill(workers[0].pid, signal.SIGKILL)
                at_work.append(total - done)

        table = sweep(("Kars", "Baku"), **asked, scheduler=address, progress=progress,
                      out=tmp_path / "x.csv")  # fmt: skip
        assert workers[0].wait() == -signal.SIGKILL
        assert workers[1].poll() is None
        # A study of another region goes there as its archive, checked by its checksum.
        with Study.open(STUDIES / "north-america").active():
            question = {"scenarios": ["status-quo", "tunnel-closed"], "terms": Terms(modes="rail")}
            alone = sweep(("Windsor", "Detroit"), **question)
            there = sweep(("Windsor", "Detroit"), **question, scheduler=address)
        assert alone["km"].notna().any()
        pd.testing.assert_frame_equal(there, alone)
    assert at_work
    assert at_work[0] > 8
    pd.testing.assert_frame_equal(table, truth)
    assert len(pd.read_csv(tmp_path / "x.csv")) == 32_000
