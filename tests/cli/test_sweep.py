"""araxes sweep: one table from the command line, in one line if it cannot be."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from maps.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ["sweep", "--pair", "Kars:Baku", "--modes", "rail"]


def test_a_grid_under_every_subset_is_one_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grid.csv"
    keys = ["--vary", "delay_h.crossing.rail=0:0.3:4", "--vary", "speed_kmh.rail=40,60"]
    assert main([*PAIR, *keys, "--openings", "kars-gyumri,zangezur-tripp", "--out", str(file)]) == 0
    assert f"wrote 32 rows to {file}: 32 cases, 1 pair" in capsys.readouterr().out
    table = pd.read_csv(file, keep_default_na=False)
    found = table[["openings", "delay_h.crossing.rail", "speed_kmh.rail"]]
    subsets = ["", "kars-gyumri", "zangezur-tripp", "kars-gyumri+zangezur-tripp"]
    truth = product(subsets, [0.0, 0.1, 0.2, 0.3], [40.0, 60.0])
    assert list(found.itertuples(index=False, name=None)) == list(truth)
    assert (table["low_hours"] <= table["hours"]).all()
    assert (table["hours"] <= table["high_hours"]).all()


def test_a_folder_of_scenarios_is_swept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for name, key in (("b", "kars-gyumri"), ("a", "zangezur-tripp")):
        text = f'id = "{name}"\nname = "{name}"\nincludes = ["status-quo"]\nopen = ["{key}"]\n'
        (folder / f"{name}.toml").write_text(text)
    file = tmp_path / "folder.csv"
    assert main([*PAIR, str(folder), "--scenario", "status-quo", "--out", str(file)]) == 0
    assert pd.read_csv(file)["scenario"].tolist() == ["status-quo", "a", "b"]
    capsys.readouterr()


def test_draws_go_to_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "draws.parquet"
    assert main([*PAIR, "--draws", "1200", "--seed", "5", "--out", str(file)]) == 0
    assert "1 case × 1,200 draws" in capsys.readouterr().out
    table = pd.read_parquet(file)
    assert table["draw"].tolist() == list(range(1200))
    assert table["km"].std() > 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--vary", "a"], "write KEY=A:B:N"),
        (["--vary", "delay_h.crossing.rail=1:2"], "write KEY=A:B:N"),
        (["--vary", "delay_h.crossing.rail=2:1:5"], "write KEY=A:B:N"),
        (["--vary", "delay_h.crossing.rail=1,2", "--vary", "delay_h.crossing.rail=3"], "twice"),
        (["--workers", "none"], "--workers is 'none'"),
        (["--openings", "nowhere"], "'nowhere'"),
        (["/nowhere/at-all"], "no such folder"),
        (["--draws", "0"], "ask for 1 or more"),
        (["--seed", "-1", "--draws", "5"], "the seed is -1"),
        (["--pair", "Kars:Baku"], "is given twice"),
        (["--scheduler", "nonsense"], "no scheduler answers"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*PAIR, *words, "--out", str(tmp_path / "x.csv")]) == 2
    printed = capsys.readouterr()
    assert message in " ".join(printed.err.split())
    assert not printed.out
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("name", ["x.doc", "nowhere/x.csv"])
def test_an_output_that_cannot_be_is_refused_before_any_work(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*PAIR, "--out", str(tmp_path / name)]) == 2
    assert str(tmp_path) in "".join(capsys.readouterr().err.split())
