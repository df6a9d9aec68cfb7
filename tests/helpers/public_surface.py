"""The public names of the three packages and their signatures, as one text.

``python tests/helpers/public_surface.py`` writes it anew; read the difference before you commit it.
"""

from __future__ import annotations

import importlib
import inspect
from functools import cached_property
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "public_surface.txt"
PACKAGES = ("borders", "borders.geodesy", "corridors", "maps")


def _signature(thing) -> str:
    try:
        return str(inspect.signature(thing))
    except (TypeError, ValueError):
        return ""


def _members(cls) -> list[str]:
    """Return the public methods, properties and fields that a class has itself."""
    lines = []
    for name, member in sorted(vars(cls).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, property | cached_property):
            asked = member.fget if isinstance(member, property) else member.func
            lines.append(f"    {name}: {inspect.signature(asked).return_annotation}")
        elif isinstance(member, classmethod | staticmethod):
            lines.append(f"    {name}{_signature(getattr(cls, name))}")
        elif inspect.isfunction(member):
            lines.append(f"    {name}{_signature(member)}")
    return lines


def surface() -> str:
    """Return every public name with its signature, classes with their members."""
    lines = []
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in sorted(module.__all__):
            thing = getattr(module, name)
            if inspect.isclass(thing):
                lines.append(f"{package}.{name}{_signature(thing)}")
                lines += _members(thing)
            elif callable(thing):
                lines.append(f"{package}.{name}{_signature(thing)}")
            else:
                lines.append(f"{package}.{name}: {thing}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(surface(), "utf-8")
