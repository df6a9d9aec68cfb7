"""A study as one archive: a zip that is an RO-Crate, so that other programs know what it holds.

RO-Crate was chosen over Frictionless packages because it describes files of any kind, because the
archives to which such a zip is given (Zenodo, WorkflowHub) read it, and because it is one JSON
file.
"""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from borders import __version__
from borders.errors import FileFormatError
from borders.files.atomic import atomic, check_free
from borders.files.paths import exists, is_file, no_such_file
from corridors.study import lock
from corridors.study.study import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridors.study.study import Study

__all__ = ["METADATA", "pack", "unpack"]

METADATA = "ro-crate-metadata.json"
# Every member has this time, so that one study gives one archive.
_TIME = (1980, 1, 1, 0, 0, 0)
MOST_BYTES, MOST_MEMBERS = 1_000_000_000, 10_000
_LICENCES = {
    "south-caucasus": "Stated for each source in out/report.md; the bundled data are ODbL-1.0.",
    "none": "Stated for each source in out/report.md.",
}
_TYPES = {
    ".toml": "application/toml", ".csv": "text/csv", ".md": "text/markdown", ".html": "text/html",
    ".png": "image/png", ".gpkg": "application/geopackage+sqlite3", ".json": "application/json",
    ".geojson": "application/geo+json", ".svg": "image/svg+xml", ".pdf": "application/pdf",
}  # fmt: skip


def pack(study: Study, target: Path, results: Path | None = None, *, locked: bool = True) -> int:
    """Write a study, its lock and its results into a zip; return the number of files.

    Parameters
    ----------
    results : folder of the report, if it is to go with the study.
    locked : False to leave out its lock, which may be that of an earlier state.

    Raises
    ------
    FileFormatError : the place cannot be written to; says why. A file is another than its lock
        says, so that nobody could open the archive.
    """
    members = {path.as_posix(): study.folder / path for path in study.inputs}
    built: dict[str, Path] = {}
    if results is not None:
        below = sorted(path for path in results.rglob("*") if path.is_file())
        built = {f"out/{path.relative_to(results).as_posix()}": path for path in below}
    if locked and is_file(study.folder / lock.FILE):
        _check_as_locked(study, members, built)
        members[lock.FILE] = study.folder / lock.FILE
    members |= built
    check_free(target)
    with atomic(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, METADATA, _metadata(study, members).encode())
        for name, path in members.items():
            _add(archive, name, path.read_bytes())
    return len(members) + 1


def _check_as_locked(study: Study, inputs: Mapping[str, Path], results: Mapping[str, Path]) -> None:
    """Refuse to pack what is not as it was locked: a report built again has another time in it."""
    locked = lock.read_lock(study.folder)
    named = dict(locked.inputs)
    if results:
        named |= {f"out/{name}": digest for name, digest in locked.results.items()}
    files = {**inputs, **results}
    # What else lies in the folder of results goes along.
    for name in sorted({*inputs, *named}):
        path = files.get(name)
        if path is None or sha256(path.read_bytes()).hexdigest() != named.get(name):
            message = (
                f"{name} is not as the lock has it; `araxes lock` builds and notes all anew, "
                "then pack"
            )
            raise FileFormatError(message)


def unpack(archive: Path, folder: Path) -> int:
    """Unpack a study into a new folder, and check each file that its lock names.

    Raises
    ------
    FileFormatError : it is no archive of a study, a file of it is damaged or would lie outside the
        folder, or the folder is there already.
    """
    if not is_file(archive):
        raise FileFormatError(no_such_file(archive))
    if exists(folder):
        message = f"{folder}: is there already; give the name of a new folder"
        raise FileFormatError(message)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(archive, opened)
            contents = {name: opened.read(info) for name, info in members.items()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as err:
        reason = str(err).partition("\n")[0][:80]
        message = f"{archive}: cannot be unpacked ({reason}); give what `araxes pack` wrote"
        raise FileFormatError(message) from err
    if FILE not in contents:
        message = f"{archive}: no study, since it holds no {FILE}; give what `araxes pack` wrote"
        raise FileFormatError(message)
    with atomic(folder) as draft:
        draft.mkdir()
        for name, content in contents.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _check_locked(archive, draft)
    return len(contents)


def _check_locked(archive: Path, folder: Path) -> None:
    """Refuse a file that is another than the lock says."""
    if not is_file(folder / lock.FILE):
        return
    locked = lock.read_lock(folder)
    held = {name: digest for name, digest in locked.inputs.items() if is_file(folder / name)}
    held |= {f"out/{k}": v for k, v in locked.results.items() if is_file(folder / "out" / k)}
    found = lock.checksums(folder, map(Path, held))
    for name, digest in held.items():
        if found[name] != digest:
            message = (
                f"{archive}: {name} is not the file that the lock names; ask for the archive anew"
            )
            raise FileFormatError(message)


def _members(archive: Path, opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by their path; refuse what would lie outside its folder."""
    infos = [info for info in opened.infolist() if not info.is_dir()]
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
        message = (
            f"{archive}: over {MOST_MEMBERS:,} files or {MOST_BYTES / 1e9:g} GB; no study has them"
        )
        raise FileFormatError(message)
    for info in infos:
        path = PurePosixPath(info.filename)
        link = info.external_attr >> 16 & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or link:
            message = (
                f"{archive}: '{info.filename[:80]}' would lie outside the folder; do not open it"
            )
            raise FileFormatError(message)
    return {info.filename: info for info in infos}


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    archive.writestr(info, content)


def _metadata(study: Study, members: Iterable[str]) -> str:
    """Return the metadata of an RO-Crate 1.1, as JSON-LD."""
    names = list(members)
    locked = is_file(study.folder / lock.FILE)
    built_at = lock.read_lock(study.folder).built_at if locked else 0
    araxes = {"@id": "#araxes", "@type": "SoftwareApplication", "name": "Araxes",
              "softwareVersion": __version__}  # fmt: skip
    root = {
        "@id": "./", "@type": "Dataset", "name": study.title,
        "description": "A study made with Araxes; `araxes open` and `araxes verify` rebuild it.",
        "datePublished": datetime.fromtimestamp(built_at, UTC).date().isoformat(),
        "license": _LICENCES[study.base],
        "hasPart": [{"@id": name} for name in names],
        "mentions": {"@id": "#araxes"},
    }  # fmt: skip
    about = {
        "@id": METADATA, "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    graph: list[dict[str, Any]] = [about, root, araxes]
    for name in names:
        kind = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
        graph.append({"@id": name, "@type": "File", "name": name, "encodingFormat": kind})
    context = "https://w3id.org/ro/crate/1.1/context"
    return json.dumps({"@context": context, "@graph": graph}, indent=1, ensure_ascii=False)
