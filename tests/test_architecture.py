"""The layers data <- borders <- corridors <- maps, and what importing costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("borders", "corridors", "maps")
# `data/` holds files, not Python; tests are above everything.
NEVER = {"data", "tests"}
HEAVY = ("geopandas", "folium", "osmnx", "matplotlib", "scipy")


def imported(path: Path, root: Path) -> list[tuple[int, str]]:
    """Return line and dotted name of every import, wherever in the module it stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(root).parts[: -node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found.append((node.lineno, base))
            # `from . import x` and `from .. import maps` name modules after `import`
            found += [(node.lineno, f"{base}.{alias.name}".lstrip(".")) for alias in node.names]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func).rsplit(".", 1)[-1]
            if called in ("import_module", "__import__", "find_spec", "run_module"):
                found.append((node.lineno, str(node.args[0].value)))
    return found


def upward_imports(root: Path) -> list[str]:
    """Return where a layer imports a higher one, as file:line imports name."""
    found = set()
    for rank, package in enumerate(LAYERS):
        forbidden = {*LAYERS[rank + 1 :], *NEVER}
        for path in sorted((root / package).rglob("*.py")):
            for line, name in imported(path, root):
                if name.split(".")[0] in forbidden:
                    where = f"{path.relative_to(root).as_posix()}:{line}"
                    found.add(f"{where} imports {name.split('.')[0]}")
    return sorted(found)


def loaded(code: str, names: tuple[str, ...] = HEAVY) -> list[str]:
    """Return which of the modules a fresh interpreter has loaded after running the code."""
    after = f"{code}\nimport sys\nprint(*[n for n in {names!r} if n in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", after], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()[-1].split()


def test_no_layer_imports_a_higher_one():
    assert upward_imports(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line", "code", "what"),
    [
        ("borders/planted.py", 1, "import corridors", "corridors"),
        ("borders/planted.py", 1, "import maps.style as style", "maps"),
        ("borders/planted.py", 1, "from maps import style", "maps"),
        (
            "borders/planted.py",
            2,
            "def f():\n    from corridors.model.length import length",
            "corridors",
        ),
        (
            "borders/planted.py",
            3,
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import maps",
            "maps",
        ),
        (
            "borders/planted.py",
            2,
            "import importlib\nimportlib.import_module('maps.web.document')",
            "maps",
        ),
        ("borders/planted.py", 1, "__import__('corridors')", "corridors"),
        ("borders/planted.py", 1, "from .. import maps", "maps"),
        ("borders/deep/planted.py", 1, "from ...corridors import export", "corridors"),
        ("borders/planted.py", 1, "import data", "data"),
        (
            "corridors/planted.py",
            2,
            "try:\n    import maps.cli.main\nexcept ImportError: pass",
            "maps",
        ),
        ("corridors/planted.py", 1, "from tests import golden", "tests"),
        ("maps/planted.py", 1, "import data.build", "data"),
    ],
)
def test_a_planted_upward_import_is_found(tmp_path, file, line, code, what):
    for package in LAYERS:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    planted = tmp_path / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(code, "utf-8")
    assert upward_imports(tmp_path) == [f"{file}:{line} imports {what}"]


def test_downward_and_sideways_imports_are_allowed(tmp_path):
    (tmp_path / "corridors").mkdir()
    (tmp_path / "maps").mkdir()
    (tmp_path / "corridors" / "a.py").write_text(
        "import borders.files.atomic\nfrom . import b\n", "utf-8"
    )
    (tmp_path / "maps" / "a.py").write_text("import corridors\nfrom .b import c\n", "utf-8")
    assert upward_imports(tmp_path) == []


def test_importing_borders_loads_no_heavy_library():
    assert loaded("import borders") == []


def test_a_border_is_summed_up_without_a_heavy_library():
    code = "from corridors import summary, system\n"
    assert loaded(f"{code}summary(system('kars-1921'), on='2026-01-01')") == []


def test_a_border_whose_places_have_coordinates_is_read_without_the_gazetteer():
    names = (
        "borders.gazetteer.candidates",
        "borders.treaty.places",
        "borders.treaty.place_matching",
        "tomlkit",
    )
    code = "from corridors.model.registry import system\nsystem('kars-1921')"
    assert loaded(code, names) == []


def test_importing_any_module_of_the_core_loads_no_heavy_library():
    core = (path for package in LAYERS[:2] for path in (ROOT / package).glob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in core]
    assert loaded("\n".join(f"import {name}" for name in names)) == []


@pytest.mark.parametrize("package", LAYERS)
def test_every_package_says_that_it_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def test_no_module_is_longer_than_400_lines():
    paths = [p for folder in (*LAYERS, "data/build") for p in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 40
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_text().splitlines()) for p in paths}
    assert {name: n for name, n in lengths.items() if n > 400} == {}
