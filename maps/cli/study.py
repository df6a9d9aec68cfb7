"""The commands of a study: new, lock, verify, pack, open."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError, visible
from maps.cli.commands import Command
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import word_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.study.study import Study

__all__ = ["LOCK", "NEW", "OPEN", "PACK", "VERIFY"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A folder that is to become a study."""

    folder: str
    title: str
    base: str


def new_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes new`."""
    parser.add_argument("folder", metavar="DIR", help="a folder that is not there yet")
    parser.add_argument("--title", default="", metavar="TEXT", help="of its report and page")
    parser.add_argument(
        "--base", default="south-caucasus", type=word_of("south-caucasus", "none"),
        metavar="BASE",
        help="what its things stand beside: south-caucasus, the bundled ones (default), or none",
    )  # fmt: skip


def read_new(options: Namespace) -> NewRequest:
    """Return the request of `araxes new`."""
    return NewRequest(folder=options.folder, title=options.title, base=options.base)


def run_new(request: NewRequest) -> None:
    """Write a study with an example of each thing."""
    from corridors.study.template import new_study

    paths = new_study(request.folder, title=request.title, base=request.base)
    for path in paths:
        print(visible(str(path)))
    print(visible(f"now: cd {request.folder}, then araxes report"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRequest:
    """A study that is to be locked, verified or packed."""

    study: Study
    archive: str = ""


def _needed(options: Namespace) -> Study:
    study: Study | None = options.study
    if study is None:
        message = "here is no study; go to the folder of one, or give --study DIR"
        raise AraxesError(message)
    return study


def no_arguments(parser: ArgumentParser) -> None:
    """Add no arguments; the study is that of the folder, or of --study."""


def read_study(options: Namespace) -> StudyRequest:
    """Return the request of `araxes lock` and `araxes verify`."""
    return StudyRequest(study=_needed(options))


def run_lock(request: StudyRequest) -> None:
    """Build the report of a study, and note with what, from what, and what came of it."""
    from time import time

    from borders.files.atomic import fixed_time, write_text
    from corridors.study import lock

    study = request.study
    fixed = fixed_time()
    built_at = int(time()) if fixed is None else int(fixed.timestamp())
    results = _built(study, study.folder / "out", built_at)
    made = lock.lock_of(study, results, built_at)
    target = study.folder / lock.FILE
    write_text(target, made.text())
    print(visible(f"{target}: {len(made.inputs)} inputs, {len(results)} results"))


def run_verify(request: StudyRequest) -> None:
    """Build the report of a study anew, elsewhere, and compare all with the lock.

    Raises
    ------
    NoAnswerError : something is not the same; says what.
    """
    from tempfile import TemporaryDirectory

    from corridors.study import lock

    study = request.study
    locked = lock.read_lock(study.folder)
    with TemporaryDirectory(prefix="araxes-") as folder:
        results = _built(study, Path(folder), locked.built_at)
    now = lock.lock_of(study, results, locked.built_at)
    differences = locked.differences(now)
    for line in differences:
        print(line)
    if differences:
        count = len(differences)
        message = f"{study.title}: {count} difference{'' if count == 1 else 's'} from the lock"
        raise NoAnswerError(message)
    print(f"{len(now.inputs)} inputs and {len(results)} results are those of the lock, to the byte")


def _built(study: Study, folder: Path, built_at: int) -> dict[str, str]:
    """Build the report with a fixed time; return its files with their checksums."""
    from corridors.study.lock import checksums

    quiet_matplotlib()
    from maps.report.study_report import study_report

    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(built_at)
    try:
        paths = study_report(study, folder)
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
    return checksums(folder, sorted(path.relative_to(folder) for path in paths))


def pack_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes pack`."""
    parser.add_argument("archive", metavar="FILE.zip", help="the archive that is written")


def read_pack(options: Namespace) -> StudyRequest:
    """Return the request of `araxes pack`."""
    if Path(options.archive).suffix.lower() != ".zip":
        message = f"{options.archive}: an archive is a zip; give a name that ends in .zip"
        raise AraxesError(message)
    return StudyRequest(study=_needed(options), archive=options.archive)


def run_pack(request: StudyRequest) -> None:
    """Write a study, its lock and its results into one archive."""
    from corridors.study.archive import pack
    from corridors.study.lock import FILE

    study = request.study
    out = study.folder / "out"
    if not (study.folder / FILE).is_file():
        complain("the study has no lock; `araxes lock` first lets others verify it")
    files = pack(study, Path(request.archive), out if out.is_dir() else None)
    size = Path(request.archive).stat().st_size / 1000
    print(visible(f"{request.archive}: {files} files, {size:,.0f} kB"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """An archive that is to be unpacked."""

    archive: Path
    folder: Path


def open_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes open`."""
    parser.add_argument("archive", metavar="FILE.zip", help="what `araxes pack` wrote")
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="a new folder (default: the name of the archive)"
    )


def read_open(options: Namespace) -> OpenRequest:
    """Return the request of `araxes open`."""
    archive = Path(options.archive)
    folder = Path(options.folder) if options.folder else Path(archive.stem)
    return OpenRequest(archive=archive, folder=folder)


def run_open(request: OpenRequest) -> None:
    """Unpack a study and say what it is."""
    from corridors.study.archive import unpack
    from corridors.study.study import Study

    files = unpack(request.archive, request.folder)
    study = Study.open(request.folder)
    print(visible(f"{request.folder}: {files} files, the study '{study.title}'"))
    print(visible(f"now: cd {request.folder}, then araxes verify, or araxes report"))


NEW = Command(new_arguments, read_new, run_new)
LOCK = Command(no_arguments, read_study, run_lock)
VERIFY = Command(no_arguments, read_study, run_verify)
PACK = Command(pack_arguments, read_pack, run_pack)
OPEN = Command(open_arguments, read_open, run_open)
