"""The notebooks of the docs run, and say nothing that a reader should not see."""

from __future__ import annotations

import pytest
from notebooks import NOTEBOOKS, executed

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))


def test_there_are_five():
    assert len(FILES) == 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notebook_runs_and_every_answer_is_shown(file, tmp_path):
    import nbformat

    kept = nbformat.read(file, as_version=4)
    assert all(not cell.get("outputs") for cell in kept.cells), "kept without outputs"
    notebook = executed(file, tmp_path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    assert len(outputs) >= len(code)
    # A warning would be on the error stream.
    assert {output.get("name") for output in outputs} <= {None, "stdout"}
