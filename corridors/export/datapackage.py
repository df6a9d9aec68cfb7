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
from borders.files.catalogue import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corridors.export.feature_table import FeatureTable

__all__ = ["descriptor"]

# By the end of the name: the media type, and what such a file of ours holds.
_FILES = {
    ".caption.md": ("text/markdown", "Caption of the figure"),
    ".csv": ("text/csv", "Routes compared"),
    ".gpkg": ("application/geopackage+sqlite3", "Borders, corridors, network and places"),
    ".html": ("text/html", "Map as one page"),
    ".md": ("text/markdown", "Report: tables, statuses and sources"),
    ".png": ("image/png", "Figure"),
    ".qgz": ("application/x-qgis-project", "Project of QGIS over the GeoPackage"),
}
# What a name of a package or resource may hold.
_OTHER = re.compile(r"[^a-z0-9._-]+")


def descriptor(
    files: Mapping[str, Path],
    tables: Iterable[FeatureTable],
    title: str,
    cited: Iterable[str] = (),
) -> str:
    """Return the text of a ``datapackage.json``.

    Parameters
    ----------
    files : path from the folder of the descriptor → where the file is now; of the kinds that
        Araxes writes in sets: tables, GeoPackages, pages, Markdown, figures, projects of QGIS.
    tables : the rows that the files hold: their sources, licences and attributions are stated.
    title : of the whole.
    cited : ids of further sources that the files rest on: a base map, treaties.
    """
    known = sources()
    further = [known[key] for key in dict.fromkeys(cited) if key in known]
    held = list(tables)
    stated = {
        key: sorted({str(v) for table in held for v in table.column(key).cells if v})
        for key in ("source", "licence", "attribution")
    }
    stated["licence"] = sorted({*stated["licence"], *(s.licence for s in further if s.licence)})
    stated["attribution"] = sorted(
        {*stated["attribution"], *(s.attribution for s in further if s.attribution)}
    )
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
    package["resources"] = [_resource(name, path) for name, path in files.items()]
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(name: str, path: Path) -> dict[str, Any]:
    media, about = next(entry for end, entry in _FILES.items() if name.lower().endswith(end))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": _plain(name), "path": name, "title": about,
        "format": path.suffix.removeprefix(".").lower(), "mediatype": media,
        "bytes": path.stat().st_size, "hash": f"sha256:{digest}",
    }  # fmt: skip


def _sources(keys: Iterable[str]) -> Iterable[dict[str, str]]:
    """Yield sources as a Data Package names them."""
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
