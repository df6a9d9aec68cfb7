"""Packages load their public names when they are asked for."""

from __future__ import annotations

import importlib
import subprocess
import sys
from types import ModuleType

import pytest


@pytest.mark.parametrize("package", ["borders", "borders.geodesy", "corridors", "maps"])
def test_every_public_name_loads_and_is_no_module(package: str) -> None:
    found = importlib.import_module(package)
    for name in found.__all__:
        assert not isinstance(getattr(found, name), ModuleType), name
        assert name in dir(found)


def test_a_function_stays_a_function_when_its_namesake_module_is_imported_first() -> None:
    code = (
        "import borders.compiler.resolve, borders.compiler.boundary, corridors.model.corridor\n"
        "from borders import boundary, resolve\n"
        "from corridors import corridor\n"
        "print(boundary.__name__, resolve.__name__, corridor.__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["boundary", "resolve", "corridor"]


def test_a_name_that_a_package_lacks_is_an_attribute_error() -> None:
    import borders

    with pytest.raises(AttributeError, match="No borders attribute treaties"):
        borders.treaties  # noqa: B018


def test_asking_for_places_loads_no_geometry_library() -> None:
    code = "import sys, borders; borders.place('kars'); print('shapely' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
