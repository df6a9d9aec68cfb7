"""The folders that `araxes new` makes, one for each base."""

from __future__ import annotations

import json
from pathlib import Path

from borders.errors import FileFormatError
from borders.files.atomic import atomic
from borders.files.paths import exists

__all__ = ["new_study"]


def new_study(folder: str | Path, *, title: str = "", base: str = "south-caucasus") -> list[Path]:
    """Write a study with one example of each thing; return the paths of its files.

    Parameters
    ----------
    folder : of a name that is not taken.
    title : the name of the folder if missing.
    base : ``south-caucasus``, beside whose things those of the study stand, or ``none``.

    Raises
    ------
    FileFormatError : the folder is there already, or cannot be written.
    """
    path = Path(folder)
    if exists(path):
        message = f"{path}: is there already; give the name of a new folder"
        raise FileFormatError(message)
    template = Path(__file__).parent / base
    files = sorted(one for one in template.rglob("*") if one.is_file())
    title = title or path.resolve().name
    with atomic(path) as draft:
        for file in files:
            target = draft / file.relative_to(template)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text("utf-8")
            # In TOML a text is written as in JSON.
            quoted = json.dumps(title, ensure_ascii=False)
            text = text.replace('"TITLE"', quoted).replace("TITLE", title)
            target.write_text(text, "utf-8")
    return [path / file.relative_to(template) for file in files]
