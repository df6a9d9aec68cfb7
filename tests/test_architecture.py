"""Floors and rooms import only downwards, nothing in circles; and what importing costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
# The rooms of each floor, from the lowest up: a room imports only from rooms before it in the
# list, and from the floors below its own. CONTRIBUTING.md says what each is for.
ROOMS = {
    "borders": (
        "errors", "frozendict", "measure", "units", "geodesy", "files", "dates", "recurring",
        "gazetteer", "guide_lines", "terrain", "treaty", "compiler",
    ),
    "corridors": (
        "context", "model", "network", "osm", "scenarios", "lookup", "routing", "analysis",
        "study", "sweeps", "export",
    ),
    "maps": (
        "style", "progress", "i18n", "layers", "tables", "print", "qgis", "charts", "web", "report",
        "cli",
    ),
}  # fmt: skip
RANK = {
    f"{floor}.{room}": (height, n)
    for height, (floor, rooms) in enumerate(ROOMS.items())
    for n, room in enumerate(rooms)
}
# `data/` holds files, not Python; tests are above everything.
NEVER = {"data", "tests"}
HEAVY = ("geopandas", "folium", "osmnx", "matplotlib", "scipy", "networkx", "osmium")


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


def modules(root: Path) -> dict[str, Path]:
    """Return dotted name → file of every module of the three packages."""
    found = {}
    for floor in ROOMS:
        for path in sorted((root / floor).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def targets(path: Path, root: Path) -> list[tuple[int, str]]:
    """Return line and dotted name of every module that a module imports from the house."""
    known = modules(root)
    found = []
    for line, name in imported(path, root):
        parts = name.split(".")
        while parts and ".".join(parts) not in known:
            parts.pop()
        if parts:
            found.append((line, ".".join(parts)))
    return found


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def upward_imports(root: Path) -> list[str]:
    """Return where a room imports one that is not below it, as file:line imports name."""
    found = set()
    for module, path in modules(root).items():
        where = path.relative_to(root).as_posix()
        for line, name in imported(path, root):
            if name.split(".")[0] in NEVER:
                found.add(f"{where}:{line} imports {name.split('.')[0]}")
        if module in ROOMS:
            # A package's own names come from its rooms, through its stub.
            continue
        height, place = RANK.get(room(module), (list(ROOMS).index(module.split(".")[0]), 99))
        for line, name in targets(path, root):
            floor = list(ROOMS).index(name.split(".")[0])
            there = RANK.get(room(name), (floor, -1))
            same = room(name) == room(module)
            if there[0] > height or (there[0] == height and not same and there[1] >= place):
                found.add(f"{where}:{line} imports {name}")
    return sorted(found)


def circles(root: Path) -> list[list[str]]:
    """Return the sets of modules that import one another in a circle."""
    graph = nx.DiGraph()
    for module, path in modules(root).items():
        graph.add_edges_from((module, name) for _, name in targets(path, root) if name != module)
    parts = nx.strongly_connected_components(graph)
    return sorted(sorted(part) for part in parts if len(part) > 1)


def loaded(code: str, names: tuple[str, ...] = HEAVY) -> list[str]:
    """Return which of the modules a fresh interpreter has loaded after running the code."""
    after = f"{code}\nimport sys\nprint(*[n for n in {names!r} if n in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", after], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()[-1].split()


def test_no_room_imports_one_that_is_not_below_it():
    assert upward_imports(ROOT) == []


def test_no_modules_import_one_another_in_a_circle():
    assert circles(ROOT) == []


def test_every_room_is_in_the_table():
    there = {
        f"{floor}.{path.stem}"
        for floor in ROOMS
        for path in (ROOT / floor).iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }
    assert there == set(RANK)


def test_the_page_for_contributors_has_a_line_for_every_room():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    tree = page[page.index("```text") : page.index("```", page.index("```text") + 3)]
    words = tree.replace("/", " ").split()
    assert [name for name in RANK if name.split(".")[1] not in words] == []


@pytest.fixture
def house(tmp_path):
    """Return a function that plants files in an empty house."""
    for floor, rooms in ROOMS.items():
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "__init__.py").touch()
        for name in rooms:
            (tmp_path / floor / name).mkdir()
            (tmp_path / floor / name / "__init__.py").touch()

    def plant(**files):
        for name, code in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.write_text(code, "utf-8")
        return tmp_path

    return plant


@pytest.mark.parametrize(
    ("file", "line", "code", "what"),
    [
        ("borders__files__x", 1, "import corridors", "corridors"),
        ("borders__files__x", 1, "import maps.style as style", "maps.style"),
        ("borders__files__x", 1, "from maps import style", "maps.style"),
        ("borders__files__x", 2, "def f():\n    from corridors.model import y", "corridors.model"),
        (
            "borders__files__x",
            3,
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import maps",
            "maps",
        ),
        (
            "borders__files__x",
            2,
            "import importlib\nimportlib.import_module('maps.web')",
            "maps.web",
        ),
        ("borders__files__x", 1, "__import__('corridors')", "corridors"),
        ("borders__files__x", 1, "from ...corridors import export", "corridors.export"),
        ("borders__files__x", 1, "from borders.compiler import y", "borders.compiler"),
        ("borders__files__x", 1, "from ..gazetteer import y", "borders.gazetteer"),
        ("borders__files__x", 1, "import data", "data"),
        ("corridors__network__x", 1, "from corridors.routing import y", "corridors.routing"),
        ("corridors__network__x", 2, "try:\n    import maps.cli\nexcept ImportError: pass",
         "maps.cli"),
        ("corridors__model__x", 1, "from tests import golden", "tests"),
        ("maps__print__x", 1, "from maps.web import y", "maps.web"),
        ("maps__print__x", 1, "import data.build", "data"),
    ],
)  # fmt: skip
def test_a_planted_upward_import_is_found(house, file, line, code, what):
    root = house(**{file: code})
    found = upward_imports(root)
    assert f"{file.replace('__', '/')}.py:{line} imports {what}" in found


def test_downward_imports_and_those_inside_a_room_are_allowed(house):
    root = house(
        corridors__network__x="import borders.files\nfrom . import y\n",
        corridors__network__y="from borders import errors\nfrom corridors.model import corridor\n",
        maps__web__x="import corridors\nfrom .y import c\nfrom maps.print import figure\n",
        maps__web__y="",
    )
    assert upward_imports(root) == []
    assert circles(root) == []


def test_a_planted_circle_is_found(house):
    root = house(
        borders__files__x="from borders.files import y",
        borders__files__y="def f():\n    from borders.files.x import g",
    )
    assert circles(root) == [["borders.files.x", "borders.files.y"]]


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
    names = [name for name in modules(ROOT) if not name.startswith("maps")]
    assert loaded("\n".join(f"import {name}" for name in names)) == []


@pytest.mark.parametrize("package", ROOMS)
def test_every_package_says_that_it_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()


def words(path: Path) -> Counter[str]:
    return Counter(re.findall(r"\w+", path.read_text("utf-8")))


def public_names(path: Path) -> list[str]:
    """Return the names that a module lists in `__all__`."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value)) if isinstance(node.value, ast.List) else []
    return []


def test_no_public_name_is_dead():
    folders = (*ROOMS, "tests", "data/build")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*.py*") if p.suffix != ".pyc"]
    count = {path: words(path) for path in files}
    total = sum(count.values(), Counter())
    dead = {
        f"{module}.{name}"
        for module, path in modules(ROOT).items()
        for name in public_names(path)
        # Once in `__all__`, once where it is defined; a command is found by its capitals.
        if total[name] <= 2 and not (module.startswith("maps.cli.") and name.isupper())
    }
    assert dead == set()
