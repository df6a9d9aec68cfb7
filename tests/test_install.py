"""What is built installs outside the checkout, works there, and has one version number."""

from __future__ import annotations

import ast
import io
import json
import re
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

import pytest
from interpreter import run_python

from borders import __version__

ROOT = Path(__file__).parents[1]
PACKAGES = ("borders", "corridors", "maps")
# What runtime.npz, links.geojson and calibration.csv are made from; the packages read only those.
SOURCES_OF_DERIVED_FILES = {
    "basemap.geojson", "guides", "build", "network/crossings.csv", "network/links",
    "network/rail.csv", "network/statuses.csv", "network/totals.csv",
}  # fmt: skip
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
NO_INDEX = ("--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation")


@dataclass(frozen=True)
class Built:
    """The sdist and the wheel of the checkout, and the wheel that pip makes of the sdist."""

    sdist: Path
    wheel: Path
    wheel_of_sdist: Path


@dataclass(frozen=True)
class Installed:
    """A folder that holds only the installed wheel, and an empty one to work in."""

    packages: Path
    work: Path

    def run(self, *arguments: str) -> str:
        """Return what Python prints; the checkout is neither in the path nor in the folder."""
        return run_python(*arguments, folder=self.work, PYTHONPATH=str(self.packages))

    def araxes(self, *arguments: str) -> str:
        """Return what a command prints."""
        return self.run("-m", "maps.cli", *arguments)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    folder = tmp_path_factory.mktemp("dist")
    run_python("-m", "hatchling", "build", "-d", str(folder), folder=ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    # pip unpacks the sdist to a folder of its own and builds there, as `pip install .` does.
    again = tmp_path_factory.mktemp("again")
    run_python("-m", "pip", "wheel", *NO_INDEX, "-w", str(again), str(sdist), folder=again)
    (wheel_of_sdist,) = again.glob("*.whl")
    return Built(sdist, wheel, wheel_of_sdist)


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Installed:
    packages, work = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("work")
    wheel = str(built.wheel_of_sdist)
    run_python("-m", "pip", "install", *NO_INDEX, "--target", str(packages), wheel, folder=work)
    return Installed(packages, work)


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _checked_out(folder: str) -> set[str]:
    """Return the files of a folder of the checkout, without what running leaves behind."""
    files = (p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if p.is_file())
    return {
        file.as_posix()
        for file in files
        if not any(part.startswith(".") or part == "__pycache__" for part in file.parts)
    }


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_checkout(built):
    assert _contents(built.wheel_of_sdist) == _contents(built.wheel)


def test_the_wheel_has_every_file_of_the_packages_and_no_other_folder(built):
    names = set(_contents(built.wheel))
    for package in PACKAGES:
        inside = {name for name in names if name.startswith(f"{package}/")}
        assert {name for name in inside if "/_data/" not in name} == _checked_out(package)
    tops = {name.split("/")[0] for name in names}
    assert tops == {*PACKAGES, f"araxes-{__version__}.dist-info"}
    # lazy_loader reads the stubs when a package is imported.
    assert {f"{package}/__init__.pyi" for package in PACKAGES} <= names


def test_the_wheel_has_all_data_but_what_other_files_are_made_from(built):
    prefix = "borders/_data/"
    packed = {n.removeprefix(prefix) for n in _contents(built.wheel) if n.startswith(prefix)}
    data = {name.removeprefix("data/") for name in _checked_out("data")}
    assert packed <= data
    left_out = data - packed
    assert {
        name
        for name in left_out
        if not any(name == part or name.startswith(f"{part}/") for part in SOURCES_OF_DERIVED_FILES)
    } == set()
    assert not any(name.startswith("build/") for name in packed)


def test_the_sdist_has_what_the_tests_and_the_rebuilding_of_the_data_need(built):
    with tarfile.open(built.sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    for folder in (*PACKAGES, "data", "docs", "tests"):
        assert _checked_out(folder) <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        *PACKAGES, "data", "docs", "tests", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md",
        "LICENSE", "Makefile", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore",
        "codemeta.json", "requirements.lock", "requirements-dev.lock", "requirements-lowest.lock",
    }  # fmt: skip


def test_the_installed_packages_are_those_of_the_wheel(installed):
    code = f"import {', '.join(PACKAGES)}; print(*(p.__file__ for p in ({', '.join(PACKAGES)})))"
    expected = [str(installed.packages / package / "__init__.py") for package in PACKAGES]
    assert installed.run("-c", code).split() == expected


def test_the_installed_data_lie_inside_the_package(installed):
    code = (
        "from borders.files.bundle import BUNDLED, layer;print(BUNDLED.folder, len(layer('lakes')))"
    )
    folder, count = installed.run("-c", code).split()
    assert folder == str(installed.packages / "borders" / "_data")
    assert int(count) > 0


def test_the_version_is_one_number(built, installed):
    from importlib.metadata import PathDistribution

    (metadata,) = (p for p in installed.packages.glob("*.dist-info") if p.is_dir())
    assert PathDistribution(metadata).version == __version__
    assert installed.run("-c", "import borders; print(borders.__version__)").strip() == __version__
    assert installed.araxes("--version") == f"araxes {__version__}\n"
    assert built.sdist.name == f"araxes-{__version__}.tar.gz"
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {__version__}\n" in citation
    (day,) = re.findall(r"^date-released: (\S+)$", citation, re.M)
    newest, *_ = re.findall(r"^## (\d.*)$", CHANGELOG, re.M)
    assert newest == f"{__version__} ({day})"
    codemeta = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" not in project
    for key, value in (("version", __version__), ("description", project["description"])):
        assert codemeta[key] == value
    assert project["dynamic"] == ["version"]


def test_deprecated_names_are_listed_with_what_to_write_instead():
    listed = CHANGELOG.partition("### Deprecated\n")[2].partition("\n#")[0]
    instead = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and "DeprecationWarning" in map(ast.unparse, call.args):
                instead |= set(re.findall(r"(?:is now|take) ([\w.]+)", ast.unparse(call.args[0])))
    assert len(instead) > 5
    assert not [name for name in instead if f"`{name}" not in listed]


def test_nothing_reads_the_version_from_the_metadata():
    """Metadata of an editable install stay those of the day it was made."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text("utf-8")
            # The lock of a study names the versions of other distributions.
            assert "importlib.metadata" not in text or path.name == "lock.py", path
            assert not re.search(r"version\(.araxes", text), path


def test_the_installed_command_is_the_one_that_is_declared(installed):
    (entry_points,) = installed.packages.glob("*.dist-info/entry_points.txt")
    module, function = re.search(r"araxes = ([\w.]+):(\w+)", entry_points.read_text()).groups()
    installed.run("-c", f"from {module} import {function}")


def test_the_installed_commands_answer(installed):
    assert "kars-1921" in installed.araxes("list")
    assert json.loads(installed.araxes("show", "kars-1921", "--json"))["id"] == "kars-1921"
    assert json.loads(installed.araxes("route", "Kars", "Baku", "--json"))
    installed.araxes("map", "lachin-2020", "--out", "x.html")
    assert (installed.work / "x.html").stat().st_size > 100_000
    installed.araxes("map", "lachin-2020", "--out", "x.png")
    assert (installed.work / "x.png").read_bytes().startswith(b"\x89PNG")
    installed.araxes("export", "btk", "--out", "x.geojson")
    collection = json.loads((installed.work / "x.geojson").read_text("utf-8"))
    assert collection["features"]


def test_the_readme_promises_no_package_index():
    """Araxes is on none; `pip install araxes` would get nothing, or another's package."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert not re.search(r"pip install '?araxes", readme)


def test_the_metadata_show_the_readme_and_every_extra(built):
    (name,) = (n for n in _contents(built.wheel) if n.endswith("/METADATA"))
    text = _contents(built.wheel)[name].decode("utf-8")
    metadata = HeaderParser().parse(io.StringIO(text))
    assert metadata.get_all("Provides-Extra") == [
        "cluster",
        "dem",
        "fast",
        "parquet",
        "postgis",
    ]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload() == (ROOT / "README.md").read_text("utf-8")
