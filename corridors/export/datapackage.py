"""A Data Package 2.0 that describes the files of an export: whose they are, under what licence.

Source: https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from borders.files.atomic import valid_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corridors.export.feature_table import FeatureTable

__all__ = ["descriptor"]

_MEDIA = {
    ".gpkg": "application/geopackage+sqlite3", ".qgz": "application/x-qgis-project",
}  # fmt: skip
# What a name of a package or resource may hold.
_OTHER = re.compile(r"[^a-z0-9._-]+")


def descriptor(
    files: Mapping[str, tuple[Path, str]],
    features: FeatureTable,
    title: str,
    cited: Iterable[str] = (),
) -> str:
    """Return the text of a ``datapackage.json``.

    Parameters
    ----------
    files : name beside the descriptor → where it is now, and what it is.
    features : the rows that the files hold: their sources, licences and attributions are stated.
    title : of the whole.
    cited : ids of further sources that the things rest on.
    """
    stated = {
        key: sorted({str(v) for v in features.column(key).cells if v})
        for key in ("source", "licence", "attribution")
    }
    named = list(dict.fromkeys([*cited, *stated["source"]]))
    licences = [{"name": name} for name in stated["licence"]]
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _plain(title),
        "title": valid_utf8(title),
        "created_with": "araxes",
    }
    package |= {"licenses": licences} if licences else {}
    package |= {"sources": list(_sources(named))} if named else {}
    if stated["attribution"]:
        package["description"] = "; ".join(map(valid_utf8, stated["attribution"]))
    package["resources"] = [
        _resource(name, path, about) for name, (path, about) in files.items()
    ]  # fmt: skip
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(name: str, path: Path, about: str) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": _plain(name), "path": name, "title": about,
        "format": path.suffix.removeprefix(".").lower(), "mediatype": _MEDIA[path.suffix.lower()],
        "bytes": path.stat().st_size, "hash": f"sha256:{digest}",
    }  # fmt: skip


def _sources(keys: Iterable[str]) -> Iterable[dict[str, str]]:
    """Yield sources as a Data Package names them."""
    from borders.files.catalogue import sources

    known = sources()
    for key in keys:
        entry = {"title": valid_utf8(known[key].citation if key in known else key)}
        if key in known and known[key].url.startswith("https://"):
            entry["path"] = known[key].url
        yield entry


def _plain(text: str) -> str:
    """Return a name of small letters, digits, points and dashes."""
    letters = unicodedata.normalize("NFKD", text.lower())
    ascii_only = "".join(c for c in letters if not unicodedata.combining(c))
    return _OTHER.sub("-", ascii_only).strip("-.") or "araxes"
