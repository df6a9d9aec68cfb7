"""Names of files: asked about without raising, and handed to GDAL as paths and nothing else.

Between a name and GDAL stand libraries that read it as an address, as in ``zip:x.geojson`` or
``http:x.geojson``, or as a member of an archive: ``a!b.geojson`` would be ``b.geojson``.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["exists", "gdal_path", "is_file", "is_folder", "no_such_file"]

# An absolute path that no library takes for anything else: letters of any script, digits, and
# signs that mean nothing in an address. `/vsi` begins GDAL's virtual file systems, `.zip` ends
# an archive that would be opened.
_PLAIN = re.compile(r"/(?!vsi|/)[\w /.,()+=@'-]*(?<!\.zip)", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)


def is_file(path: str | Path) -> bool:
    """Tell whether a path is a file, or leads to one; False where that cannot be looked up."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: str | Path) -> bool:
    """Tell whether a path is a folder, or leads to one; False where that cannot be looked up."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def exists(path: str | Path) -> bool:
    """Tell whether something is there; False where that cannot be looked up."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def no_such_file(path: str | Path) -> str:
    """Return in one line that there is no such file, and why not if the name is an address."""
    name = str(path)
    if _ADDRESS.match(name):
        address = re.sub(":/+", "://", name, count=1)
        return f"{address}: an address, not a file; download it first, then give the file"
    if name.startswith("/vsi"):
        return f"{name}: a path of GDAL's, not a file; download or unpack it first"
    return f"{name}: no such file"


@contextmanager
def gdal_path(path: str | Path, *, beside: bool = False) -> Iterator[str]:
    """Yield a path that GDAL, and what hands paths to it, takes for the path of this file.

    It is the absolute path itself if nothing in it could mean anything else, or else a link to it
    of a plain name, with the same suffix, in a folder that lasts as long as the block. A file that
    does not exist yet can be written through it.

    Parameters
    ----------
    beside : link the files of other suffixes that lie beside it too, such as those of a Shapefile.

    Examples
    --------
    >>> with gdal_path("a!b.geojson") as plain:
    ...     plain.endswith("file.geojson")
    True
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow links)
    # A path with a drive letter is taken as it is, but for archives.
    windows = os.name == "nt" and whole.suffix.lower() != ".zip"
    if windows or _PLAIN.fullmatch(str(whole)):
        yield str(whole)
        return
    with tempfile.TemporaryDirectory(prefix="araxes-") as folder:
        plain = Path(folder)
        if beside:
            for other in whole.parent.iterdir():
                if other.stem == whole.stem and other.suffix:
                    (plain / f"file{other.suffix}").symlink_to(other)
        else:
            (plain / f"file{whole.suffix}").symlink_to(whole)
        yield str(plain / f"file{whole.suffix}")
