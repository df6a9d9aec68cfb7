"""Run the notebooks of the site."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

__all__ = ["NOTEBOOKS", "executed"]

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
# On a busy machine a kernel takes a minute to start.
SECONDS = 600


def executed(file: Path, folder: Path) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of its cells, run in a folder.

    Raises
    ------
    CellExecutionError : a cell raises.
    """
    notebook = nbformat.read(file, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=SECONDS, startup_timeout=SECONDS, resources=resources)
    client.execute()
    for cell in notebook.cells:
        # When each cell was run is of no use to a reader.
        cell.metadata.pop("execution", None)
    return notebook
