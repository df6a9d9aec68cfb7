"""Dated events from 1918 to 2026: when, of what, where, who says so, and what held from then on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.dates import iso
from borders.errors import AmbiguousNameError, UnknownNameError, no_such
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.frozendict import FrozenDict
from borders.gazetteer import lookup
from borders.gazetteer.places import fold, places
from corridors.context.edtf_dates import EdtfDate, read_edtf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import geopandas

    from borders.gazetteer.places import Place

__all__ = ["Event", "Events", "event", "event_layers", "events", "events_to_gdf"]

_TABLE = "context/timeline.csv"
# What stands between the places of an event: "Aghavno-Tegh", "Aras / Karasu".
_BETWEEN = re.compile(r"\s*[-–/,]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, and who says so.

    Parameters
    ----------
    when : the date, as exact as the source gives it.
    layer : the subject, one of `event_layers`.
    text : what happened.
    place : where, in the source's words; may be empty.
    status_after : what held from then on; may be empty.
    source : id in the catalogue.
    also : ids of other sources that tell of it.
    state : ``quoted``, ``source-document`` or ``unverified``.
    """

    id: str
    when: EdtfDate
    layer: str
    text: str
    place: str
    status_after: str
    source: str
    also: tuple[str, ...]
    state: str
    note: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources, the main one first."""
        return (self.source, *self.also)

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places of the gazetteer that its place names, none if it knows none."""
        return _places(self.place)

    def row(self) -> dict[str, Any]:
        """Return it as the values of a table: dates as text, positions in degrees."""
        known = self.places
        return {
            "id": self.id,
            "date": self.when.text,
            "first": iso(self.when.first),
            "last": iso(self.when.last),
            "about": self.when.about,
            "uncertain": self.when.uncertain,
            "layer": self.layer,
            "event": self.text,
            "place": self.place or None,
            "places": [known_place.id for known_place in known],
            "lon": known[0].lon if known else None,
            "lat": known[0].lat if known else None,
            "status_after": self.status_after or None,
            "source": self.source,
            "also": list(self.also),
            "state": self.state,
            "note": self.note or None,
        }


@dataclass(frozen=True, slots=True)
class Events:
    """All dated events, as one thing of a map or an export."""

    id: str = "events"
    name: str = "Events"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({
            "en": self.name, "tr": "Olaylar", "az": "Hadisələr", "hy": "Իրադարձություններ",
            "ka": "მოვლენები", "ru": "События", "fa": "رویدادها",
        })  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return them as points in EPSG:4326, those of one day if it is given."""
        return events_to_gdf(events(on=on), name=self.name)


@cache
def _places(text: str) -> tuple[Place, ...]:
    known: dict[str, Place] = {}
    for part in ([text] if _known(text) else _BETWEEN.split(text)) if text else ():
        found = _known(part)
        if found is not None:
            known.setdefault(found.id, found)
    return tuple(known.values())


def _known(name: str) -> Place | None:
    try:
        return lookup.place(name)
    except AmbiguousNameError:
        # Two gates of one crossing bear each other's names; the one that is called so is meant.
        return places().get(fold(name))
    except UnknownNameError:
        return None


@cache
def _events(root: DataRoot) -> tuple[Event, ...]:
    rows = []
    for n, row in enumerate(root.rows(_TABLE), 2):
        where = f"data/{_TABLE}:{n}"
        typed = schema.check("event", row, where)
        rows.append(
            Event(
                id=typed["id"],
                when=read_edtf(typed["edtf"], where),
                layer=typed["layer"],
                text=typed["event"],
                place=typed["place"] or "",
                status_after=typed["status_after"] or "",
                source=typed["source"],
                also=tuple((typed["also"] or "").split()),
                state=typed["state"],
                note=typed["note"] or "",
            )
        )
    return tuple(sorted(rows, key=lambda event: event.when.sort_key))


def event_layers() -> tuple[str, ...]:
    """Return the subjects that events have, such as ``treaty`` or ``handover``."""
    return tuple(schema.columns("event")["layer"]["values"].split("|"))


def event(key: str, *, root: DataRoot = BUNDLED) -> Event:
    """Return an event by its id.

    Raises
    ------
    UnknownNameError : there is none; the message offers the nearest.

    Examples
    --------
    >>> event("e1921-treaty-kars-signed").when.text
    '1921-10-13'
    """
    by_id = {known.id: known for known in _events(root)}
    if key not in by_id:
        raise UnknownNameError(no_such("event", key, by_id, "see `araxes events --json`"))
    return by_id[key]


def events(
    *,
    on: date | str | EdtfDate | None = None,
    begin: date | str | EdtfDate | None = None,
    end: date | str | EdtfDate | None = None,
    layer: str | None = None,
    place: str | None = None,
    root: DataRoot = BUNDLED,
) -> tuple[Event, ...]:
    """Return the events of a day or a period, in order of time.

    An event whose date is a month, a year or an interval is taken if it may have been then.

    Parameters
    ----------
    on : one date: a day, a month, a year, or any other in EDTF.
    begin, end : first and last date of a period, either of them open if missing.
    layer : only this subject.
    place : only events at this place, by any of its names, or that name it in their place.

    Raises
    ------
    AraxesError : a date is none.
    UnknownNameError : there is no such layer.

    Examples
    --------
    >>> [event.text for event in events(on="1921-10-13")]
    ['Treaty of Kars signed']
    """
    first = None if begin is None else _edtf(begin).first
    last = None if end is None else _edtf(end).last
    if on is not None:
        first, last = _edtf(on).first, _edtf(on).last
    if layer is not None and layer not in event_layers():
        message = f"no layer '{layer[:60]}'; known: {', '.join(event_layers())}"
        raise UnknownNameError(message)
    chosen = [known for known in _events(root) if known.when.meets(first, last)]
    if layer is not None:
        chosen = [known for known in chosen if known.layer == layer]
    if place is not None:
        chosen = [known for known in chosen if _is_at(known, place)]
    return tuple(chosen)


def _is_at(known: Event, name: str) -> bool:
    """Tell whether an event is at a place: the same one of the gazetteer, or one of its words."""
    wanted = _known(name)
    if wanted is not None and wanted in known.places:
        return True
    folded = fold(name)
    parts = [known.place, *_BETWEEN.split(known.place)]
    return bool(folded) and folded in (fold(part) for part in parts)


def _edtf(when: date | str | EdtfDate) -> EdtfDate:
    return when if isinstance(when, EdtfDate) else read_edtf(str(when))


def events_to_gdf(chosen: Iterable[Event], *, name: str = "Events") -> geopandas.GeoDataFrame:
    """Return events as points in EPSG:4326; those at several places as several, others without.

    Parameters
    ----------
    name : what the table is called on a map.
    """
    import shapely

    from borders.files.features import features_to_gdf

    rows = []
    for known in chosen:
        points = [shapely.Point(spot.lon, spot.lat) for spot in known.places]
        shape = None
        if points:
            shape = points[0] if len(points) == 1 else shapely.MultiPoint(points)
        last = known.when.last
        rows.append(
            {
                "id": known.id,
                "kind": "event",
                "name": f"{known.when.words}: {known.text}",
                "valid_from": known.when.first,
                "valid_to": None if last is None else last + timedelta(days=1),
                "source": known.source,
                "geometry_quality": "place" if points else None,
                "date": known.when.text,
                "layer": known.layer,
                "place": known.place or None,
                "status_after": known.status_after or None,
                "also": " ".join(known.also) or None,
                "state": known.state,
                "note": known.note or None,
                "geometry": shape,
            }
        )
    return features_to_gdf(rows, name=name)
