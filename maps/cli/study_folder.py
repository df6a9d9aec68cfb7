"""How every command finds its study: by --study, or by the folder in which it is given."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import AraxesError, FormatWarning
from maps.cli.messages import complain

if TYPE_CHECKING:
    from corridors.study.study import Study

__all__ = ["study_of", "without_study"]

# Commands that make a study, or need none: a folder around them is not one that they are about.
_OUTSIDE = ("new", "open", "completion", "help")
# Commands that need all that a study holds; the others leave out what is broken and say so.
_WHOLE = ("report", "gallery", "lock", "verify", "pack")


def without_study(words: list[str]) -> tuple[list[str], str | None]:
    """Return the words of a command without ``--study DIR``, and the folder that it names."""
    kept: list[str] = []
    folder = None
    rest = iter(words)
    for word in rest:
        if word == "--study":
            folder = next(rest, "")
        elif word.startswith("--study="):
            folder = word.partition("=")[2]
        else:
            kept.append(word)
    if folder == "":
        message = "--study names no folder; give --study DIR"
        raise AraxesError(message)
    return kept, folder


def study_of(command: str, folder: str | None) -> Study | None:
    """Return the study of --study, or the one in whose folder the command is given, and say which.

    Raises
    ------
    FileFormatError, SchemaError : the folder is no study, or what it says is none.
    """
    if folder is None and (command in _OUTSIDE or not _around()):
        return None
    from corridors.study.study import Study, readable_study, study_around

    found = Path(folder) if folder else study_around(Path.cwd())
    if found is None:
        return None
    with warnings.catch_warnings():
        if command == "validate":
            # It tells itself what is wrong with what it is asked for.
            warnings.simplefilter("ignore", FormatWarning)
        study = Study.open(found) if command in _WHOLE else readable_study(found)
    complain(f"study '{study.title}', {found}", fold=False)
    return study


def _around() -> bool:
    """Tell whether this folder, or one above it, may be a study; loads nothing."""
    try:
        here = os.getcwd()  # noqa: PTH109 - pathlib takes longer to load than to look
    except OSError:
        return False
    while True:
        if os.path.isfile(os.path.join(here, "araxes.toml")):  # noqa: PTH113, PTH118
            return True
        above = os.path.dirname(here)  # noqa: PTH120
        if above == here:
            return False
        here = above
