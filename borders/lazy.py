"""Packages whose names load when they are asked for, so that a command imports what it needs.

A function may bear the name of a module, such as `borders.resolve`; the package then always means
the function, whoever imported the module first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["load_when_asked"]


class _Package(ModuleType):
    """A package that finds its public names in their home modules."""

    _homes: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        """Return a public name from its home."""
        homes = self.__dict__["_homes"]
        if name not in homes:
            message = f"module '{self.__name__}' has no attribute '{name}'"
            raise AttributeError(message)
        found = getattr(import_module(homes[name]), name)
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep a function where the import of a module of its name would replace it."""
        if not (isinstance(value, ModuleType) and name in self.__dict__["_homes"]):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """Return the public names too, loaded or not."""
        return sorted({*super().__dir__(), *self.__dict__["_homes"]})


def load_when_asked(package: str, homes: Mapping[str, str]) -> None:
    """Let a package load each public name from its home module at first use.

    Parameters
    ----------
    homes : public name → full name of the module that defines it.
    """
    module = sys.modules[package]
    module.__dict__["_homes"] = dict(homes)
    module.__class__ = _Package
