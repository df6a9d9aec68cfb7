"""What a study is made of: its files of data, and the sources that its things cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from borders.files.bundle import BUNDLED, own_left_out
from borders.files.toml import read_toml
from borders.gazetteer.places import places
from corridors.network.load import own_links
from corridors.scenarios.scenario import read_scenario
from corridors.study.region import GUIDES
from corridors.study.study import FIGURES, FILE, Study

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OwnFile", "own_files", "own_sources"]

_TITLES = {
    FILE: "What the study asks",
    FIGURES: "Figures, and steps of a story",
    "places.csv": "Places",
    "towns.csv": "Towns",
    "claims.csv": "Numbers to check",
    "treaties": "Treaty",
    "corridors": "Corridor",
    "scenarios": "Scenario",
    "network": "Links",
    "network/assumptions.csv": "Speeds, delays and costs with their ranges",
    "network/crossings.csv": "Border crossings and their delays",
    "network/open_borders.csv": "Unions at whose inner borders there is no stop",
    "network/statuses.csv": "Dated statuses of links and crossings",
    GUIDES: "Guide lines",
}


class OwnFile(NamedTuple):
    """A file of a study: its path below the folder, what it holds, and how many rows or parts."""

    path: str
    title: str
    rows: int


def own_files(study: Study) -> list[OwnFile]:
    """Return the files of data of a study, in the order of its lock; the study is active.

    Raises
    ------
    FileFormatError : one cannot be read.
    """
    named = {study.countries: "Countries", study.gazetteer: "A bigger gazetteer"}
    found = []
    for path in study.inputs:
        key = path.as_posix()
        title = named.get(key) or _TITLES.get(key) or _TITLES.get(path.parts[0])
        if title is not None:
            found.append(OwnFile(key, title, _count(study, path)))
    return found


def _count(study: Study, path: Path) -> int:
    """Return how many rows, features, calls or keys a file holds."""
    key, suffix = path.as_posix(), path.suffix.lower()
    if key == study.gazetteer:
        return len(BUNDLED.tables["towns.csv"]())
    if suffix == ".toml":
        table = read_toml(study.folder / path)
        parts = next((table[k] for k in ("call", "path", "figure") if k in table), table)
        return len(parts)
    if suffix == ".csv" and path.parts[0] != GUIDES:
        return len(BUNDLED.own_rows(key))
    from borders.files.vector import read_vector

    return len(read_vector(study.folder / path))


def own_sources(study: Study) -> list[str]:
    """Return the sources that the things of a study cite, each once; the study is active.

    Warns
    -----
    FormatWarning : a thing cannot be read, and is left out.
    """
    from corridors.model.registry import system

    cited: list[str] = []
    for kind in ("treaties", "corridors"):
        for key in study.own_ids(kind):
            with own_left_out(f"{kind}/{key}.toml"):
                cited += system(key).sources
    known = places()
    cited += [known[row["id"]].source for row in BUNDLED.own_rows("places.csv")]
    features = [feature for read in BUNDLED.layers.values() for feature in read()]
    cited += [feature.properties["source"] for feature in features]
    for link in own_links():
        cited += [link.source, *(status.source for status in link.statuses)]
    for key in study.own_ids("scenarios"):
        with own_left_out(f"scenarios/{key}.toml"):
            cited.append(read_scenario(key).source)
    return list(dict.fromkeys(filter(None, cited)))
