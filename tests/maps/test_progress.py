"""The bar on the error stream: shown to a person who waits, and to nobody else."""

from __future__ import annotations

import io
import sys
import time

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


def test_a_bar_shows_before_its_first_step(monkeypatch) -> None:
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "AFTER_S", 0.01)
    with progress.bar("places"):
        until = time.monotonic() + 10
        while "places" not in stream.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert "places" in stream.getvalue()


def test_what_takes_a_while_is_said_with_its_seconds_and_taken_back(monkeypatch) -> None:
    for stream, after, shown in (
        (_Terminal(), 0.01, True), (_Terminal(), 60, False), (io.StringIO(), 0.01, False)
    ):  # fmt: skip
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(progress, "AFTER_S", after)
        with progress.waiting("drawing"):
            until = time.monotonic() + 10
            while shown and not stream.getvalue() and time.monotonic() < until:
                time.sleep(0.01)
        assert ("drawing … 0 s" in stream.getvalue()) == shown
        assert stream.getvalue().endswith("\r\x1b[K") == shown
