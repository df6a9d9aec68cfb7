"""The districts in and around the former autonomous oblast, and who held them, by day.

Polygons are the rayons of Natural Earth. Each holder's share of a polygon has an interval, as a
line of contact ran through some of them that no text describes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import shapely

from borders.dates import parse_date
from borders.errors import UnknownNameError
from borders.files import schema
from borders.files.bundle import layer
from borders.frozendict import FrozenDict
from borders.geodesy import area_m2, length_m
from borders.guide_lines import COARSE_SIGMA_M
from borders.measure import Z95, Measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import geopandas

__all__ = ["GROUPS", "HOLDERS", "Control", "District", "Districts", "control_days", "control_on",
           "district", "districts", "held_area", "is_told", "outline_area"]  # fmt: skip

GROUPS = {
    "surrounding": "the seven rayons around the former oblast",
    "oblast": "the five districts of the former oblast",
}
HOLDERS = {
    "armenian": "Armenian side",
    "armenian-peacekeepers": "Armenian side, Russian peacekeepers",
}
AZERBAIJAN = "Azerbaijan"
# Over how long a stretch Natural Earth's lines are off to the same side is set so that the
# differences from eight published areas of rayons are as large as they should be
# (tests/corridors/context/test_districts.py).
_CORRELATION_M = 56_000.0
_STATEMENT = "2020-11-10"


@dataclass(frozen=True, kw_only=True)
class District:
    """A district with its polygon and the names that the parties use.

    Parameters
    ----------
    part_of : one of `GROUPS`.
    names : language code → name.
    called_by_armenia : what Armenian sources call it, or the part of their division that it was.
    polygon : EPSG:4326.
    published_km2 : area that others give, None if no one does for this polygon.
    """

    id: str
    part_of: str
    name: str
    names: Mapping[str, str]
    called_by_armenia: str
    polygon: shapely.Polygon | shapely.MultiPolygon
    published_km2: float | None
    source: str
    note: str

    @cached_property
    def area(self) -> Measure:
        """Return the area of the polygon, in square metres."""
        return outline_area(self.polygon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The share of a district that a side holds from a day on; Azerbaijan holds the rest.

    Parameters
    ----------
    holder : one of `HOLDERS`.
    share, low, high : of the polygon, with its 95 % interval.
    manner : ``done``, or ``planned`` as it had been agreed.
    """

    district: str
    valid_from: date
    holder: str
    share: float
    low: float
    high: float
    manner: str
    source: str
    state: str
    note: str

    @property
    def words(self) -> str:
        """Return who holds it, with the share where it is not all or nothing."""
        if self.high <= 0.05:
            return AZERBAIJAN
        if self.low >= 0.9:
            return HOLDERS[self.holder]
        span = f"{100 * self.low:.0f}–{100 * self.high:.0f} %"
        return f"{HOLDERS[self.holder]} {100 * self.share:.0f} % ({span}), {AZERBAIJAN}"


def outline_area(polygon: Any) -> Measure:
    """Return the area of an outline of Natural Earth, in square metres, with its error."""
    rim_m = float(length_m(shapely.boundary(polygon)))
    sigma_m2 = COARSE_SIGMA_M * (rim_m * _CORRELATION_M) ** 0.5
    return Measure(
        value=float(area_m2(polygon)), sigma=float(sigma_m2),
        basis="outlines of Natural Earth", how="lines to ±1.4 km",
    )  # fmt: skip


@cache
def _districts() -> dict[str, District]:
    shapes = {f.properties["id"]: f.geometry for f in layer("provinces")}
    known = {}
    for typed in schema.checked_rows("district", "context/districts.csv"):
        parts = [shapes[key] for key in typed["provinces"].split()]
        codes = ("tr", "az", "hy", "ru")
        known[typed["id"]] = District(
            id=typed["id"],
            part_of=typed["part_of"],
            name=typed["name"],
            names=FrozenDict(
                {"en": typed["name"], **{code: typed[f"name_{code}"] for code in codes}}
            ),
            called_by_armenia=typed["called_by_armenia"],
            polygon=parts[0] if len(parts) == 1 else shapely.union_all(parts),
            published_km2=typed["published_km2"],
            source=typed["source"],
            note=typed["note"] or "",
        )
    return known


def districts(*, part_of: str | None = None) -> tuple[District, ...]:
    """Return the districts, or those of one group.

    Raises
    ------
    UnknownNameError : there is no such group.

    Examples
    --------
    >>> len(districts(part_of="surrounding")), len(districts(part_of="oblast"))
    (7, 5)
    """
    if part_of is not None and part_of not in GROUPS:
        message = f"no group '{part_of[:60]}' of districts; known: {', '.join(GROUPS)}"
        raise UnknownNameError(message)
    return tuple(d for d in _districts().values() if part_of in (None, d.part_of))


def district(key: str) -> District:
    """Return a district by its id.

    Raises
    ------
    UnknownNameError : there is none.
    """
    known = _districts()
    if key not in known:
        message = f"no district '{key[:60]}'; known: {', '.join(known)}"
        raise UnknownNameError(message)
    return known[key]


@cache
def _control(manner: str) -> tuple[Control, ...]:
    """Return the changes in order of time: what was done, or since the statement of 2020 agreed."""
    rows = []
    for typed in schema.checked_rows("control", "context/control.csv"):
        typed["note"] = typed["note"] or ""
        rows.append(Control(**typed))
    statement = parse_date(_STATEMENT)
    chosen = [
        change
        for change in rows
        if change.manner == manner or (manner == "planned" and change.valid_from <= statement)
    ]
    return tuple(sorted(chosen, key=lambda change: change.valid_from))


def control_days() -> tuple[date, ...]:
    """Return the days on which a share changed.

    Examples
    --------
    >>> "2020-11-25" in map(str, control_days())
    True
    """
    return tuple(dict.fromkeys(change.valid_from for change in _control("done")))


def control_on(day: date | str, *, manner: str = "done") -> dict[str, Control]:
    """Return district → the share that another side than Azerbaijan holds on a day.

    Parameters
    ----------
    manner : ``done``, or ``planned``: from 10 November 2020 on as Articles 2 and 6 of the statement
        of that day have it.

    Raises
    ------
    UnknownNameError : no such manner.

    Examples
    --------
    >>> control_on("2020-11-19")["aghdam"].share, control_on("2020-11-20")["aghdam"].words
    (0.77, 'Azerbaijan')
    >>> control_on("2020-11-20", manner="planned")["kalbajar"].share
    0.2
    """
    if manner not in ("done", "planned"):
        message = f"no manner '{manner[:60]}' of control; known: done, planned"
        raise UnknownNameError(message)
    on = parse_date(day)
    return {c.district: c for c in _control(manner) if c.valid_from <= on}


def held_area(
    day: date | str,
    *,
    manner: str = "done",
    part_of: str | None = None,
    holders: Iterable[str] = tuple(HOLDERS),
) -> Measure:
    """Return the area that other sides than Azerbaijan hold on a day, in square metres.

    The error is that of the outline of all that is held, and of the shares, each of its own.

    Parameters
    ----------
    manner : as for `control_on`.
    part_of : only one group of districts.
    holders : only these of `HOLDERS`.

    Examples
    --------
    >>> held_area("1988-01-01").value
    0.0
    """
    wanted = {known.id: known for known in districts(part_of=part_of)}
    chosen = set(holders)
    total, share_variance, whole, shared = 0.0, 0.0, 0.0, []
    for key, change in control_on(day, manner=manner).items():
        if key not in wanted or change.holder not in chosen or change.high == 0:
            continue
        area = wanted[key].area.value
        total += change.share * area
        share_variance += ((change.high - change.low) / (2 * Z95) * area) ** 2
        if change.share:
            shared.append(key)
            whole += area
    # Of a polygon that is held in part, as much of the outline's error is taken.
    rim = _joint_area(tuple(shared)).sigma * total / whole if shared else 0.0
    return Measure(
        value=total, sigma=(rim**2 + share_variance) ** 0.5, basis="rayons of Natural Earth",
        how="lines to ±1.4 km, shares by their intervals",
    )  # fmt: skip


@cache
def _joint_area(keys: tuple[str, ...]) -> Measure:
    """Return the area of districts as one: many days, and what was agreed, have the same ones."""
    return outline_area(shapely.union_all([_districts()[key].polygon for key in keys]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Districts:
    """The districts as one system: what `araxes list`, `show`, `map` and `export` know."""

    id: str = "karabakh-districts"
    kind: str = "districts"
    name: str = "Districts in and around the former Nagorno-Karabakh oblast"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({"en": self.name})

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources."""
        keys = [known.source for known in districts()]
        keys += [change.source for change in _control("done")]
        return tuple(dict.fromkeys(["natural-earth", *keys]))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return the districts as values of a table, with who holds them on a day."""
        held = {} if on is None else control_on(on)
        planned = {} if on is None else control_on(on, manner="planned")
        rows = []
        for known in districts():
            area = known.area
            row: dict[str, Any] = {
                "id": known.id, "part_of": known.part_of, "name": known.name,
                "names": dict(known.names), "called_by_armenia": known.called_by_armenia,
                "area_km2": round(area.value / 1e6), "low_km2": round(area.low / 1e6),
                "high_km2": round(area.high / 1e6), "published_km2": known.published_km2,
                "source": known.source, "note": known.note or None,
            }  # fmt: skip
            if on is not None:
                change, plan = held.get(known.id), planned.get(known.id)
                row["on"] = on.isoformat()
                row["held_by"], row["planned"] = _holder(change, on), _holder(plan, on)
                row["since"] = change.valid_from.isoformat() if change else None
                row["control_source"] = change.source if change else None
            rows.append(row)
        return rows

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of it as JSON."""
        table: dict[str, Any] = {
            "id": self.id, "kind": self.kind, "name": self.name, "districts": self.rows(on),
            "days": [_day_row(day) for day in control_days()],
        }  # fmt: skip
        if on is not None:
            table["on"] = on.isoformat()
            if is_told(on):
                table["held"] = _day_row(on)
        return table

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the districts as areas, with who holds them on a day."""
        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        held = {} if day is None else control_on(day)
        rows = []
        for known in districts():
            change = held.get(known.id)
            rows.append({
                "id": known.id, "kind": "district", "name": known.name,
                "source": change.source if change else known.source,
                "geometry_quality": "natural-earth", "part_of": GROUPS[known.part_of],
                "name_az": known.names["az"], "name_hy": known.names["hy"],
                "called_by_armenia": known.called_by_armenia,
                "held_by": None if day is None else _holder(change, day),
                "area_m2": known.area.value, "area_sigma_m2": known.area.sigma,
                "note": known.note or None, "geometry": known.polygon,
            })  # fmt: skip
        return features_to_gdf(rows, name=self.name)


def is_told(day: date) -> bool:
    """Tell whether the data say who held the districts on a day: not before the first change."""
    days = control_days()
    return bool(days) and day >= days[0]


def _holder(change: Control | None, day: date) -> str | None:
    """Return who holds a district: without a change in it Azerbaijan; None before them all."""
    if change is not None:
        return change.words
    return AZERBAIJAN if is_told(day) else None


def _day_row(day: date) -> dict[str, Any]:
    """Return the area held on a day, as done and as planned, in square kilometres."""
    row: dict[str, Any] = {"day": day.isoformat()}
    for manner in ("done", "planned"):
        area = held_area(day, manner=manner)
        row[manner] = {
            "km2": round(area.value / 1e6), "low_km2": round(area.low / 1e6),
            "high_km2": round(area.high / 1e6),
        }  # fmt: skip
    holders = Counter(c.words for c in control_on(day).values())
    row["districts"] = dict(holders)
    return row
