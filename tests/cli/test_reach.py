"""The command reach: what lies within a limit, as a table, JSON and a page."""

from __future__ import annotations

import json


def test_a_reach_is_sorted_and_holds_the_start(araxes, tmp_path) -> None:
    rows = json.loads(araxes("reach", "Kars", "--within", "4", "--by", "hours", "--json").out)
    start = {"hours": 0.0, "low_hours": 0.0, "high_hours": 0.0}
    assert rows[0] == {"id": "kars", "name": "Kars", **start}
    hours = [row["hours"] for row in rows]
    assert hours == sorted(hours)
    assert hours[-1] <= 4
    file = tmp_path / "reach.html"
    assert araxes("reach", "Kars", "--within", "150", "--out", file).code == 0
    assert "within 150 km of Kars" in file.read_text("utf-8")
