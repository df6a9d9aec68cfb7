"""Systems, places and routes as plain dictionaries: the JSON of `araxes show` and `route`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.compiler.boundary import Boundary
from borders.dates import iso, parse_date, status_on
from borders.errors import UnknownNameError
from borders.files.catalogue import source, sources
from borders.measure import Measure
from corridors.network.hours_parts import hours_by
from corridors.routing.route import Route

if TYPE_CHECKING:
    from datetime import date

    from borders.compiler.leg import Leg
    from borders.dates import Status
    from borders.gazetteer.places import Place
    from corridors.analysis.compare import Row
    from corridors.model.corridor import Corridor
    from corridors.model.registry import System
    from corridors.network.dated_statuses import LinkStatus
    from corridors.scenarios.terms import Terms

__all__ = [
    "comparison_summary",
    "place_summary",
    "route_summary",
    "source_summary",
    "status_summary",
    "summary",
]


def status_summary(status: Status | LinkStatus) -> dict[str, Any]:
    """Return a status, its dates as ISO text."""
    return {
        "status": status.status,
        "valid_from": iso(status.valid_from),
        "valid_to": iso(status.valid_to),
        "precision": status.precision,
        "source": status.source,
        "state": status.state,
        "note": status.note,
    } | {key: said for key in ("closed", "open_hours") if (said := getattr(status, key, ""))}


def source_summary(key: str) -> dict[str, str]:
    """Return a source with its citation and licence."""
    if key not in sources():
        return {"id": key}
    cited = source(key)
    return {"id": key, "citation": cited.citation, "state": cited.state, "licence": cited.licence}


def summary(one: System | Route, *, on: date | str | None = None) -> dict[str, Any]:
    """Return what is known of a system or a route: lengths in km, areas in km², dates as ISO text.

    Parameters
    ----------
    one : a system or a route, not its id.
    on : of a system; adds the status of this day and the area of the territory that existed then.

    Raises
    ------
    UnknownNameError : an id, not the thing itself.

    Examples
    --------
    >>> from corridors.model.registry import system
    >>> summary(system("lachin-2020"), on="2019-01-01")["territory_km2"] is None
    True
    """
    if isinstance(one, str):
        message = f"'{one}' is text; give corridors.thing('{one}')"
        raise UnknownNameError(message)
    if isinstance(one, Route):
        return route_summary(one)
    table: dict[str, Any] = {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "names": dict(one.names),
        "length_km": _km(one.length.value),
        "low_km": _km(one.length.low),
        "high_km": _km(one.length.high),
        "basis": one.length.basis,
        "basis_state": one.length.state or None,
        "error_from": one.length.how,
    }
    table |= _boundary_values(one) if isinstance(one, Boundary) else _corridor_values(one)
    if on is not None:
        table |= _day_values(one, parse_date(on))
    table["statuses"] = [status_summary(s) for s in one.statuses]
    table["sources"] = [source_summary(key) for key in one.sources]
    return table


def _km(metres: float) -> float:
    return round(metres / 1000, 3)


def _boundary_values(boundary: Boundary) -> dict[str, Any]:
    """Return what only a border or a territory has: its area, its text and its legs."""
    table: dict[str, Any] = {}
    if boundary.area is not None:
        table["area_km2"] = round(boundary.area.value / 1e6, 2)
        table["area_low_km2"] = round(boundary.area.low / 1e6, 2)
        table["area_high_km2"] = round(boundary.area.high / 1e6, 2)
    table["document"] = boundary.treaty.document
    table["state"] = boundary.treaty.state
    table["note"] = boundary.treaty.note
    table["beyond"] = [
        {"name": b.name, "lon": b.seat.lon, "lat": b.seat.lat, "source": b.source, "note": b.note}
        for b in boundary.treaty.beyond
    ]
    table["legs"] = [_leg_values(leg) for leg in boundary.legs]
    return table


def _leg_values(leg: Leg) -> dict[str, Any]:
    from borders.compiler.uncertainty import leg_sigma_m

    return {
        "n": leg.n,
        "words": leg.words,
        "rule": leg.rule,
        "from": leg.start.name,
        "to": leg.end.name,
        **_km_interval(Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)),
        "sigma_m": round(leg.sigma_m),
        "state": leg.drawn_as,
        "reading": leg.evidence,
        "circular": leg.circular,
        "gap_m": round(leg.gap_m),
    }


def _km_interval(measure: Measure) -> dict[str, float]:
    return {"km": _km(measure.value), "low_km": _km(measure.low), "high_km": _km(measure.high)}


def _interval(measure: Measure, scale: float, unit: str) -> dict[str, float]:
    return {
        unit: round(measure.value / scale, 1),
        f"low_{unit}": round(measure.low / scale, 1),
        f"high_{unit}": round(measure.high / scale, 1),
    }


def _corridor_values(corridor: Corridor) -> dict[str, Any]:
    """Return what only a corridor has: its mode, its drawn line, its width and its parts."""
    from corridors.analysis.corridor_parts import areas_by_rayon, country_lengths, places_inside
    from corridors.context.flows import flows_of
    from corridors.context.pipelines import pipeline_of

    piped = None if corridor.own else pipeline_of(corridor.id)
    return {
        "countries": {
            code: _interval(part, 1e3, "km") for code, part in country_lengths(corridor).items()
        },
        "rayons": {
            name: _interval(part, 1e6, "km2") for name, part in areas_by_rayon(corridor).items()
        },
        "places_inside": [place.id for place in places_inside(corridor)],
        "mode": corridor.mode,
        "definition": corridor.definition,
        "drawn_km": _km(corridor.drawn_m),
        "geometry_quality": corridor.geometry_quality,
        "position_sigma_m": round(corridor.position_sigma_m),
        "width_km": None if corridor.width_m is None else corridor.width_m / 1000,
        "closed": corridor.closed or None,
        "open_hours": corridor.open_hours or None,
        "names_by": [{"name": n.name, "by": n.by, "source": n.source} for n in corridor.names_by],
        "legs": [],
        "flows": []
        if corridor.own
        else [flow.row() | {"text": flow.text} for flow in flows_of(corridor.id)],
        "pipeline": piped.row() if piped else None,
    } | ({"lent": [value.key for value in corridor.lent]} if corridor.lent else {})


def place_summary(place: Place) -> dict[str, Any]:
    """Return what is known of a place: position in degrees with its error in metres."""
    return {
        "id": place.id,
        "kind": "place",
        "what": place.kind,
        "name": place.name,
        "names": dict(place.names),
        "aliases": list(place.aliases),
        "country": place.country,
        "lon": place.lon,
        "lat": place.lat,
        "sigma_m": place.sigma_m,
        "state": place.state,
        "note": place.note,
        "sources": [source_summary(place.source)],
    }


def _day_values(system: System, day: date) -> dict[str, Any]:
    """Return the status of a day and the area of the territory that existed then."""
    status = status_on(system.statuses, day)
    values: dict[str, Any] = {
        "on": day.isoformat(),
        "status": None if status is None else status.status,
        "territory_km2": None,
    }
    if system.territory(on=day) is not None:
        area = system.area if isinstance(system, Boundary) else system.territory_area()
        if area is not None:
            values["territory_km2"] = round(area.value / 1e6, 2)
            values["territory_low_km2"] = round(area.low / 1e6, 2)
            values["territory_high_km2"] = round(area.high / 1e6, 2)
    return values


def comparison_summary(row: Row, terms: Terms) -> dict[str, Any]:
    """Return a row of a comparison as the values of its JSON: its own, the terms, its hours."""
    way = row.way
    day = way.on if way else row.scenario.on
    return row.row() | {
        "on": day and day.isoformat(), "by": terms.by, "users": terms.who, "via": [],
        "avoid": sorted(terms.avoid), "hours_by": way and _hours_by(way),
    }  # fmt: skip


def _hours_by(route: Route) -> dict[str, float]:
    return {key: round(h, 1) for key, h in hours_by(route.hours_parts).items()}


def route_summary(route: Route) -> dict[str, Any]:
    """Return a route as the values of its JSON: its row, its links, what its hours are."""
    return route.row() | {
        "hours_rest_on": [
            {
                "on": part.key, "hours": round(part.value, 1), "low_hours": round(part.low, 1),
                "high_hours": round(part.high, 1), "state": part.state,
            }
            for part in route.time.parts
        ],
        **({"driver_rest_h": rest_h} if (rest_h := route.driver_rest_h) else {}),
        "hours_by": _hours_by(route),
        "hours_parts": [
            {
                "what": part.what, "where": part.where, "hours": round(part.hours, 1),
                "low_hours": round(part.low, 1), "high_hours": round(part.high, 1),
                "basis": part.basis,
            }
            for part in route.hours_parts
        ],
        "links": [
            {
                "id": step.link.id, "mode": step.link.mode,
                **({"part_of": step.link.part_of} if step.link.part_of else {}),
                "km": round(step.link.length_m / 1000, 1),
                "basis": step.link.basis, "status": step.status,
                "from": (step.link.start if step.forward else step.link.end).place,
                "to": (step.link.end if step.forward else step.link.start).place,
            }
            for step in route.steps
        ],
    }  # fmt: skip
