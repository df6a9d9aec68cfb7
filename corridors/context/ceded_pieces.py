"""The pieces of Nakhchivan that lay inside in 1921 and lie outside today, with their villages.

Each is the part of the territory of Annex III that today's outline leaves out, on one side of the
country; its interval comes from draws of the places that bound it, which `data/build/ceded.py`
makes, as they take longer than a reader of a map should wait.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.compiler.deviation import changes
from borders.compiler.resolve import boundary
from borders.dates import parse_date
from borders.files import schema
from borders.frozendict import FrozenDict
from borders.geodesy import area_m2
from borders.measure import Z95, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas

    from borders.compiler.boundary import Boundary
    from borders.geodesy.lonlat import FloatArray

__all__ = ["CededPiece", "CededPieces", "Village", "ceded_pieces", "drawn_sigmas_m2", "held_by"]

_THEN, _NOW = "nakhchivan-1921", "nakhchivan"
# Days from which it was otherwise: the decision of 18 February 1929, and the last of the transfers.
_FROM, _TO = "1929-02-18", "1931-01-01"
_DRAWS, _SEED = 200, 1929
# Today's outline is thinned by this before many draws are cut with it: far less than their errors.
_THINNED_M = 150.0
# Smaller parts of a draw are slivers along lines that both outlines follow.
_LEAST_M2 = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village that was transferred (`data/context/ceded_villages.csv`).

    Parameters
    ----------
    names : language code → name: az, hy and en.
    lon, lat, sigma_m : position with its standard error; None where it was not found.
    """

    id: str
    piece: str
    names: Mapping[str, str]
    lon: float | None
    lat: float | None
    sigma_m: float | None
    transferred: str
    source: str
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CededPiece:
    """One piece: what the outline of 1921 has and today's has not, on one side of the country.

    Parameters
    ----------
    polygon : EPSG:4326.
    area : in square metres, with an interval from draws of the places that bound it.
    """

    id: str
    name: str
    names: Mapping[str, str]
    polygon: shapely.Polygon | shapely.MultiPolygon
    area: Measure
    villages: tuple[Village, ...]


# Meridians between the pieces, from west to east.
_MERIDIANS = (45.05, 45.85)
# Piece → its names, from west to east.
_PIECES = {
    "yeraskh": {
        "en": "Strip at Yeraskh (Arazdayan)", "tr": "Arazdayan şeridi",
        "az": "Arazdəyən zolağı", "hy": "Երասխի շերտ", "ka": "ერასხის ზოლი",
        "ru": "Полоса у Ерасха (Араздаян)", "fa": "نوار یراسخ (ارازدایان)",
    },
    "daralagez": {
        "en": "Northern piece (Daralagez)", "tr": "Kuzey parçası (Dereleyez)",
        "az": "Şimal hissəsi (Dərələyəz)", "hy": "Հյուսիսային մաս (Դարալագյազ)",
        "ka": "ჩრდილოეთი ნაწილი (დარალაგიაზი)", "ru": "Северная часть (Даралагез)",
        "fa": "بخش شمالی (دره‌لگز)",
    },
    "karchevan": {
        "en": "South-eastern piece (Karchevan)", "tr": "Güneydoğu parçası (Karçevan)",
        "az": "Cənub-şərq hissəsi (Qarçevan)", "hy": "Հարավարևելյան մաս (Կարճևան)",
        "ka": "სამხრეთ-აღმოსავლეთი ნაწილი (კარჩევანი)", "ru": "Юго-восточная часть (Карчеван)",
        "fa": "بخش جنوب شرقی (کارچوان)",
    },
}  # fmt: skip


@cache
def _villages() -> tuple[Village, ...]:
    known = []
    for typed in schema.checked_rows("ceded-village", "context/ceded_villages.csv"):
        codes = ("az", "hy", "tr", "ru")
        names = {code: typed[f"name_{code}"] for code in codes if typed[f"name_{code}"]}
        known.append(
            Village(
                id=typed["id"], piece=typed["piece"],
                names=FrozenDict({"en": typed["name"], **names}), lon=typed["lon"],
                lat=typed["lat"], sigma_m=typed["sigma_m"], transferred=typed["transferred"],
                source=typed["source"], state=typed["state"], note=typed["note"] or "",
            )
        )  # fmt: skip
    return tuple(known)


@cache
def ceded_pieces() -> tuple[CededPiece, ...]:
    """Return the pieces, the larger first.

    Examples
    --------
    >>> [piece.id for piece in ceded_pieces()]
    ['daralagez', 'karchevan', 'yeraskh']
    """
    then, now = boundary(_THEN), boundary(_NOW)
    parts: dict[str, list[shapely.Polygon]] = {key: [] for key in _PIECES}
    for polygon in changes(then, now)["lost"]:
        parts[_side(polygon.centroid.x)].append(polygon)
    sigmas_m2 = _sigmas_m2()
    pieces = []
    for key, names in _PIECES.items():
        shape = shapely.union_all(parts[key])
        pieces.append(
            CededPiece(
                id=key, name=names["en"], names=FrozenDict(names), polygon=shape,
                area=Measure(
                    value=float(area_m2(shape)), sigma=sigmas_m2[key], basis="draws",
                    how="of the places that bound it, within their errors",
                ),
                villages=tuple(v for v in _villages() if v.piece == key),
            )
        )  # fmt: skip
    return tuple(sorted(pieces, key=lambda piece: -piece.area.value))


def _sigmas_m2() -> dict[str, float]:
    """Return piece → standard error of its area (`data/context/ceded_areas.csv`)."""
    rows = schema.checked_rows("ceded-area", "context/ceded_areas.csv")
    return {row["piece"]: 1e6 * row["sigma_km2"] for row in rows}


def _side(x: float, meridians: Sequence[float] = _MERIDIANS) -> str:
    return list(_PIECES)[bisect(meridians, x)]


def drawn_sigmas_m2() -> dict[str, float]:
    """Return piece → standard error of its area in square metres, from draws made anew.

    It is that of a normal distribution as wide as the middle 95 % of the draws.
    """
    sigmas_m2 = {}
    for key, areas_m2 in _drawn_areas(boundary(_THEN), boundary(_NOW)).items():
        low, high = np.quantile(areas_m2, [0.025, 0.975])
        sigmas_m2[key] = float(high - low) / (2 * Z95)
    return sigmas_m2


def _drawn_areas(then: Boundary, now: Boundary) -> dict[str, FloatArray]:
    """Return the areas of the pieces, in square metres, in many draws of the bounding places.

    Legs that are straight turn and stretch with their ends; those along today's line stay, so they
    add nothing to a difference with it.
    """
    middle = shapely.box(*then.geometry.bounds).centroid
    from borders.geodesy.plane import plane  # loads PROJ

    to = plane(f"+proj=laea +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84")

    def flat(shape: Any) -> Any:
        return shapely.transform(shape, lambda xy: np.column_stack(to.transform(*xy.T)))

    today = shapely.simplify(flat(now.polygon), _THINNED_M)
    shapely.prepare(today)
    places = {spot.id: spot for leg in then.legs for spot in (leg.start, leg.end)}
    rng = np.random.default_rng(_SEED)
    moved = {
        key: rng.normal(0.0, spot.sigma_m / np.sqrt(2), (_DRAWS, 1, 2))
        for key, spot in places.items()
    }
    # Per leg: draw, vertex, x and y.
    drawn = []
    for leg in then.legs:
        line = flat(leg.geometry)
        if leg.guide is None:
            xy = shapely.get_coordinates(line)
            share = np.linspace(0.0, 1.0, len(xy))[:, None]
            drawn.append(xy + (1 - share) * moved[leg.start.id] + share * moved[leg.end.id])
        else:
            xy = shapely.get_coordinates(shapely.simplify(line, _THINNED_M))
            drawn.append(np.broadcast_to(xy, (_DRAWS, *xy.shape)))
    outlines = shapely.polygons(np.concatenate(drawn, axis=1))
    crossed = ~shapely.is_valid(outlines)
    outlines[crossed] = shapely.make_valid(outlines[crossed])
    parts, draw = shapely.get_parts(shapely.difference(outlines, today), return_index=True)
    size_m2 = shapely.area(parts)
    large = size_m2 >= _LEAST_M2
    meridians_x = [to.transform(meridian, middle.y)[0] for meridian in _MERIDIANS]
    side = np.searchsorted(meridians_x, shapely.get_x(shapely.centroid(parts)), side="right")
    return {
        key: np.bincount(draw[chosen], size_m2[chosen], _DRAWS).astype(np.float64)
        for n, key in enumerate(_PIECES)
        for chosen in [large & (side == n)]
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CededPieces:
    """The pieces as one system: what `araxes list`, `show`, `map` and `export` know."""

    id: str = "nakhchivan-ceded"
    kind: str = "ceded pieces"
    name: str = "Pieces of Nakhchivan transferred to Armenia, 1929–1931"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({
            "en": self.name, "tr": "Nahçıvan'dan Ermenistan'a verilen parçalar, 1929–1931",
            "az": "Naxçıvandan Ermənistana verilmiş hissələr, 1929–1931",
            "hy": "Նախիջևանից Հայաստանին փոխանցված մասեր, 1929–1931",
            "ka": "ნახიჩევანიდან სომხეთისთვის გადაცემული ნაწილები, 1929–1931",
            "ru": "Части Нахичевани, переданные Армении, 1929–1931",
            "fa": "بخش‌های نخجوان که به ارمنستان داده شد، ۱۹۲۹–۱۹۳۱",
        })  # fmt: skip

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources."""
        keys = [*boundary(_THEN).sources, *(village.source for village in _villages())]
        return tuple(dict.fromkeys(keys))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return the pieces as values of a table; on a day, whose each was."""
        rows = []
        for piece in ceded_pieces():
            area = piece.area
            row: dict[str, Any] = {
                "id": piece.id, "name": piece.name, "names": dict(piece.names),
                "area_km2": round(area.value / 1e6), "low_km2": round(area.low / 1e6),
                "high_km2": round(area.high / 1e6), "basis": area.basis,
                "villages": [
                    {"id": v.id, "names": dict(v.names), "transferred": v.transferred,
                     "lon": v.lon, "lat": v.lat, "sigma_m": v.sigma_m, "source": v.source,
                     "state": v.state, "note": v.note or None}
                    for v in piece.villages
                ],
            }  # fmt: skip
            if on is not None:
                row["on"], row["held_by"] = on.isoformat(), held_by(on)
            rows.append(row)
        return rows

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of them as JSON, with the areas of 1921 and today."""
        whole = {}
        for key in (_THEN, _NOW):
            area = boundary(key).area
            assert area is not None
            whole[key] = {"km2": round(area.value / 1e6), "low_km2": round(area.low / 1e6),
                          "high_km2": round(area.high / 1e6)}  # fmt: skip
        return {
            "id": self.id, "kind": self.kind, "name": self.name,
            "on": None if on is None else on.isoformat(), "territories": whole,
            "pieces": self.rows(on), "sources": list(self.sources),
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the pieces as areas and their villages as points, EPSG:4326."""
        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        rows: list[dict[str, Any]] = []
        for piece in ceded_pieces():
            names = {f"name_{code}": piece.names[code] for code in ("az", "hy")}
            rows.append({
                "id": piece.id, "kind": "ceded-piece", "name": piece.name, **names,
                "source": boundary(_THEN).treaty.source, "geometry_quality": "inferred",
                "valid_from": parse_date(_FROM), "area_m2": piece.area.value,
                "area_sigma_m2": piece.area.sigma,
                "held_by": None if day is None else held_by(day), "geometry": piece.polygon,
            })  # fmt: skip
            for v in piece.villages:
                if v.lon is None or v.lat is None:
                    continue
                rows.append({
                    "id": v.id, "kind": "village", "name": v.names["en"],
                    "name_az": v.names["az"], "name_hy": v.names["hy"],
                    "source": v.source, "geometry_quality": "place", "note": v.note or None,
                    "position_sigma_m": v.sigma_m, "geometry": shapely.Point(v.lon, v.lat),
                })  # fmt: skip
        return features_to_gdf(rows, name=self.name)


def held_by(on: date) -> str:
    """Return whose the pieces were on a day.

    Examples
    --------
    >>> held_by(parse_date("1925-01-01")), held_by(parse_date("1935-01-01"))
    ('Nakhchivan', 'Armenia')
    """
    if on < parse_date(_FROM):
        return "Nakhchivan"
    return "Armenia" if on >= parse_date(_TO) else "in transfer, 1929–1931"
