"""The bar on the error stream: shown to a person who waits, and to nobody else."""

from __future__ import annotations

import io
import sys

from maps import progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_shows_only_on_a_terminal_and_only_when_it_takes_long(monkeypatch) -> None:
    for stream, after, shown in (
        (_Terminal(), 0, True), (_Terminal(), 60, False), (io.StringIO(), 0, False)
    ):  # fmt: skip
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(progress, "AFTER_S", after)
        with progress.bar("scenarios") as step:
            step(1, 2)
            step(2, 2)
        assert ("scenarios" in stream.getvalue()) == shown
