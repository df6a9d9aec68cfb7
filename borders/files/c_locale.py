"""The C libraries below us in a locale that pairs i with I, whatever the user's language.

GDAL and GEOS compare and write keywords with the C library's `strcasecmp` and `toupper`. Where the
locale is Turkish or Azerbaijani, i and I are two letters to these: GDAL then knows none of its
options that have an i, and GEOS writes ``LiNESTRiNG``.
"""

from __future__ import annotations

import locale
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["c_locale", "set_c_locale"]

# The first one that a system has: only the former knows letters that are not ASCII.
_NAMES = ("C.UTF-8", "C")


@contextmanager
def c_locale() -> Iterator[None]:
    """Let this thread, and no other, use the C locale for letters and numbers; also a decorator.

    Other systems than Linux pair i with I in every locale.

    Examples
    --------
    >>> import shapely
    >>> with c_locale():
    ...     shapely.Point(1, 0).wkt
    'POINT (1 0)'
    """
    library = _library() if sys.platform == "linux" else None
    before = None if library is None else library.uselocale(_neutral(library))
    decimals = locale.setlocale(locale.LC_NUMERIC)
    try:
        yield
    finally:
        if library is not None:
            library.uselocale(before)
        if locale.setlocale(locale.LC_NUMERIC) != decimals:
            # Writing a GeoPackage, GDAL leaves the whole process with decimal points.
            locale.setlocale(locale.LC_NUMERIC, decimals)


def set_c_locale() -> None:
    """Let the whole process use the C locale for letters: for a program, never for a library."""
    for name in _NAMES:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return


@cache
def _library() -> Any:
    """Return the C library, None if it knows no locales of threads."""
    import ctypes

    library = ctypes.CDLL(None)
    try:
        newlocale, uselocale = library.newlocale, library.uselocale
    except AttributeError:
        return None
    newlocale.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p]
    newlocale.restype = ctypes.c_void_p
    uselocale.argtypes = [ctypes.c_void_p]
    uselocale.restype = ctypes.c_void_p
    return library


@cache
def _neutral(library: Any) -> int | None:
    """Return a handle for the C locale; None, which changes nothing, if there is none."""
    mask = 1 << locale.LC_CTYPE | 1 << locale.LC_NUMERIC
    handles = (library.newlocale(mask, name.encode(), None) for name in _NAMES)
    return next(filter(None, handles), None)
