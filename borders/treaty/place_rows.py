"""The places of a treaty file: points with coordinates, and names that are looked up."""

from __future__ import annotations

from contextlib import suppress
from math import hypot, sqrt
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError, UnknownNameError
from borders.files import schema
from borders.frozendict import FrozenDict
from borders.gazetteer.lookup import place
from borders.gazetteer.places import Place, places, towns, twins
from borders.units import METRES, metres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BESIDE_M",
    "check_rows",
    "gazetteer_place",
    "matched_place",
    "pair_of",
    "settled_place",
    "stated_height_m",
]

# Root mean square distance from which Annex I passes nine villages whose place is known.
BESIDE_M = 2400.0


def check_rows(rows: Sequence[Mapping[str, Any]], where: str) -> list[dict[str, Any]]:
    """Return the rows of `[[place]]` with typed values.

    Parameters
    ----------
    where : the file, for the message.

    Raises
    ------
    SchemaError : a row breaks the rules of `schema.csv`, an id comes twice, or one of two keys that
        belong together is missing.
    """
    checked: dict[str, dict[str, Any]] = {}
    for n, row in enumerate(rows, 1):
        at = f"{where}, place {n}"
        typed = schema.check("treaty-place", row, at)
        if typed["id"] in checked:
            message = f"{at}: id '{typed['id']}' is already used; choose another"
            raise SchemaError(message)
        _check_pairs(typed, at)
        checked[typed["id"]] = typed
    return list(checked.values())


def _check_pairs(typed: Mapping[str, Any], at: str) -> None:
    pair = pair_of(typed, at)
    missing = [key for key in (*pair, "sigma_m", "source") if typed[key] is None]
    by_hand = any(typed[key] is not None for key in pair)
    if by_hand and missing and pair[0] == "easting":
        message = f"{at}: '{missing[0]}' is missing; give easting, northing, sigma_m and source"
        raise SchemaError(message)
    if by_hand and missing:
        what = schema.columns("treaty-place")[missing[0]]["description"].lower()
        message = (
            f"{at}: '{missing[0]}' is missing ({what}); give lon, lat, sigma_m and source, or "
            "neither lon nor lat to have the name looked up"
        )
        raise SchemaError(message)
    if by_hand and typed["choice"]:
        message = f"{at}: both coordinates and choice '{typed['choice']}'; leave one out"
        raise SchemaError(message)
    if not 0 <= (typed["ambiguity"] or 0) <= 1:
        message = f"{at}: ambiguity is {typed['ambiguity']:g}; it is a share, from 0 to 1"
        raise SchemaError(message)
    if typed["ambiguity"] and not typed["runner_up"]:
        message = f"{at}: ambiguity without runner_up; give both or neither"
        raise SchemaError(message)
    if typed["elevation"] is not None and typed["elevation_unit"] is None:
        units = ", ".join(METRES)
        message = (
            f"{at}: elevation {typed['elevation']:g} has no unit; give elevation_unit: {units}"
        )
        raise SchemaError(message)


def pair_of(typed: Mapping[str, Any], at: str) -> tuple[str, str]:
    """Return the columns that hold a row's coordinates: lon and lat, or easting and northing.

    Raises
    ------
    SchemaError : the row has both pairs, an easting and northing without their system, or a system
        without coordinates.
    """
    projected = typed["easting"] is not None or typed["northing"] is not None
    degrees = typed["lon"] is not None or typed["lat"] is not None
    if projected and degrees:
        message = f"{at}: both lon/lat and easting/northing; leave one pair out"
        raise SchemaError(message)
    if projected and not typed["crs"]:
        message = f"{at}: easting and northing of what? give their crs, such as EPSG:28408"
        raise SchemaError(message)
    if typed["crs"] and not projected and not degrees:
        message = f"{at}: crs without coordinates; give lon and lat, or easting and northing"
        raise SchemaError(message)
    return ("easting", "northing") if projected else ("lon", "lat")


def stated_height_m(typed: Mapping[str, Any]) -> float | None:
    """Return the height of a row in metres, if it gives one in any unit."""
    value: float | None = typed["elevation_m"]
    return (
        value if typed["elevation"] is None else metres(typed["elevation"], typed["elevation_unit"])
    )


def settled_place(typed: Mapping[str, Any], at: str) -> Place | None:
    """Return the place that a row fixes by coordinates or by a choice; None if it is open."""
    pair = pair_of(typed, at)
    if typed[pair[0]] is not None:
        position = {"lon": typed["lon"], "lat": typed["lat"], "sigma_m": typed["sigma_m"]}
        if typed["crs"]:
            from borders.treaty.datum import on_wgs84

            projected = pair[0] == "easting"
            x, y = (typed[key] for key in pair)
            moved = on_wgs84(typed["crs"], x, y, f"{at}: crs", projected=projected)
            note = " ".join(filter(None, (typed["note"], moved.note)))
            typed = {**typed, "note": note}
            sigma_m = hypot(typed["sigma_m"], moved.sigma_m)
            position = {"lon": moved.lon, "lat": moved.lat, "sigma_m": sigma_m}
        height_m = stated_height_m(typed)
        return _place(typed, source=typed["source"], elevation_m=height_m, **position)
    if typed["choice"] is None:
        return None
    chosen = gazetteer_place(typed["choice"], f"{at}: choice")
    if not typed["ambiguity"] or typed["pinned"]:
        return matched_place(typed, chosen)
    rival = gazetteer_place(typed["runner_up"], f"{at}: runner_up")
    from borders.geodesy.lonlat import WGS84

    apart_m = float(WGS84.inv(chosen.lon, chosen.lat, rival.lon, rival.lat)[2])
    return matched_place(typed, chosen, ambiguity=typed["ambiguity"], apart_m=apart_m)


def matched_place(
    typed: Mapping[str, Any], chosen: Place, *, ambiguity: float = 0.0, apart_m: float = 0.0
) -> Place:
    """Return an entry of the gazetteer as a place of the treaty.

    The standard error is √(sigma² + beside² + ambiguity · apart²). sigma is the entry's own error;
    beside is `BESIDE_M` if the text names a point beside the place ("north of"), otherwise 0;
    ambiguity is the runner-up's share of the odds, and apart its distance. A `sigma_m` in the file
    replaces the first two.
    """
    from borders.gazetteer.name_parts import is_beside

    sigma_m = typed["sigma_m"]
    if sigma_m is None:
        sigma_m = hypot(chosen.sigma_m, BESIDE_M if is_beside(typed["name"]) else 0.0)
    return _place(
        typed,
        lon=chosen.lon,
        lat=chosen.lat,
        sigma_m=hypot(sigma_m, sqrt(ambiguity) * apart_m),
        source=typed["source"] or chosen.source,
        elevation_m=stated_height_m(typed) if chosen.elevation_m is None else chosen.elevation_m,
        chosen=chosen,
    )


def _place(typed: Mapping[str, Any], *, chosen: Place | None = None, **position: Any) -> Place:
    unverified = typed["reliability"] == "low"
    modern = typed["modern"] or typed["name"]
    if chosen is not None:
        # A choice that is not pinned was made by the program alone.
        unverified = unverified or not typed["pinned"] or chosen.state == "unverified"
        modern = typed["modern"] or chosen.name
    return Place(
        id=typed["id"],
        name=typed["name"],
        kind="treaty point",
        country="" if chosen is None else chosen.country,
        names=FrozenDict({"en": modern}),
        aliases=(),
        state="unverified" if unverified else "quoted",
        note=typed["note"] or "",
        on_todays_border=bool(typed["on_todays_border"]),
        **position,
    )


def gazetteer_place(key: str, at: str) -> Place:
    """Return the place of a gazetteer id: one of `places.csv`, or ``geonames:N`` of `towns.csv`.

    Raises
    ------
    UnknownNameError : there is no such id; the message says how ids look.
    """
    key = twins().get(key, key)
    entry = places().get(key) or (towns().get(key) if ":" in key else None)
    if entry is None:
        message = f"{at}: no place has the id '{key}'; see `araxes list places`, or geonames:N"
        with suppress(UnknownNameError):
            message += f" (the id of '{key}' is {place(key).id})"
        raise UnknownNameError(message)
    return entry
