"""The named places of an extract as a gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_towns"]

# What OpenStreetMap calls settlements, https://wiki.openstreetmap.org/wiki/Key:place.
_SETTLEMENTS = ("city", "town", "village", "hamlet")
_NAMES = ("name:", "alt_name", "old_name", "int_name", "official_name")


def read_towns(path: Path) -> tuple[dict[str, str], ...]:
    """Return the settlements of an extract (.osm.pbf, .osm) as rows of table `town`.

    Raises
    ------
    FileFormatError : there is no such file, it is no extract, or it has no settlements.
    """
    import osmium

    if not path.is_file():
        message = f"{path}: no such file"
        raise FileFormatError(message)
    rows = []
    try:
        places = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(
            osmium.filter.KeyFilter("place")
        )
        for node in places:
            tags = dict(node.tags)
            if tags.get("place") in _SETTLEMENTS and tags.get("name"):
                assert isinstance(node, osmium.osm.Node)
                rows.append(_row(node.id, node.lon, node.lat, tags))
    except RuntimeError as err:
        message = f"{path.name}: no extract of OpenStreetMap that can be read ({err})"
        raise FileFormatError(message) from err
    if not rows:
        message = f"{path.name}: no city, town, village or hamlet with a name in this extract"
        raise FileFormatError(message)
    return tuple(rows)


def _row(number: int, lon: float, lat: float, tags: dict[str, str]) -> dict[str, str]:
    names = {value for key, value in tags.items() if key.startswith(_NAMES)} - {tags["name"]}
    people = tags.get("population", "")
    return {
        "id": f"osm:{number}", "name": tags["name"],
        "country": tags.get("is_in:country_code", "").upper(),
        "lat": str(lat), "lon": str(lon),
        "population": people if people.isdecimal() else "0",
        "names": "|".join(sorted(names)), "source": "openstreetmap",
    }  # fmt: skip
