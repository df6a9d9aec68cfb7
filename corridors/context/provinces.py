"""Provinces and rayons of today as things of their own: outline, area, names in seven languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from borders.errors import UnknownNameError, no_such
from borders.files import schema
from borders.files.bundle import layer
from borders.frozendict import FrozenDict
from borders.gazetteer.places import LANGUAGES, fold, places
from corridors.context.districts import outline_area

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas
    import shapely

    from borders.gazetteer.places import Place
    from borders.measure import Measure

__all__ = ["Province", "Provinces", "province", "province_ids", "provinces", "provinces_called"]


@dataclass(frozen=True, kw_only=True)
class Province:
    """A province, region or rayon, or a city that is none's part.

    Parameters
    ----------
    id : country and name, as ``tr-kars``.
    kind : ``province``, ``region``, ``rayon``, ``city`` or ``autonomous republic``.
    names : language code → name.
    code : ISO 3166-2 as CLDR has it; a city and the rayon around it may share one.
    transliterated : languages whose name is our own transliteration.
    polygon : EPSG:4326.
    """

    id: str
    kind: str
    name: str
    names: Mapping[str, str]
    code: str
    country: str
    transliterated: tuple[str, ...]
    polygon: shapely.Polygon | shapely.MultiPolygon
    sources: tuple[str, ...]
    note: str

    @cached_property
    def area(self) -> Measure:
        """Return the area of the outline, in square metres."""
        return outline_area(self.polygon)

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places of the gazetteer inside, in order of id."""
        import shapely

        known = list(places().values())
        inside = shapely.contains_xy(
            self.polygon, [spot.lon for spot in known], [spot.lat for spot in known]
        )
        return tuple(spot for spot, held in zip(known, inside, strict=True) if held)

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return its values in a table; outlines are those of today, whatever the day."""
        area = self.area
        return [{
            "id": self.id, "kind": self.kind, "country": self.country, "code": self.code,
            "name": self.name, "names": dict(self.names),
            "transliterated": list(self.transliterated),
            "area_km2": round(area.value / 1e6), "low_km2": round(area.low / 1e6),
            "high_km2": round(area.high / 1e6), "note": self.note or None,
        }]  # fmt: skip

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of it as JSON."""
        (row,) = self.rows(on)
        inside = [spot.id for spot in self.places]
        return row | {"places": inside, "sources": list(self.sources)}

    def feature(self) -> dict[str, Any]:
        """Return its outline as the row of a table of features."""
        names = {f"name_{code}": self.names[code] for code in LANGUAGES if code in self.names}
        return {
            "id": self.id, "kind": self.kind, "name": self.name, **names,
            "source": "natural-earth", "geometry_quality": "natural-earth",
            "country": self.country, "area_m2": self.area.value,
            "area_sigma_m2": self.area.sigma, "note": self.note or None,
            "geometry": self.polygon,
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:  # noqa: ARG002
        """Return its outline as one row."""
        from borders.files.features import features_to_gdf

        return features_to_gdf([self.feature()], name=self.name)


@dataclass(frozen=True, slots=True)
class Provinces:
    """Every province and rayon of the data, as one thing."""

    id: str = "provinces"
    kind: str = "provinces"
    name: str = "Provinces and rayons"
    sources: tuple[str, ...] = ("natural-earth", "cldr")

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({
            "en": self.name, "tr": "İller ve rayonlar", "az": "Vilayətlər və rayonlar",
            "hy": "Մարզեր և շրջաններ", "ka": "პროვინციები და რაიონები", "ru": "Провинции и районы",
            "fa": "استان‌ها و شهرستان‌ها",
        })  # fmt: skip

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return the values of each in a table; outlines are those of today, whatever the day."""
        return [row for known in provinces() for row in known.rows(on)]

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of them as JSON."""
        return {
            "id": self.id, "kind": self.kind, "name": self.name, "provinces": self.rows(on),
            "sources": list(self.sources),
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:  # noqa: ARG002
        """Return the outline of each as a row; they are those of today, whatever the day."""
        from borders.files.features import features_to_gdf

        return features_to_gdf([known.feature() for known in provinces()], name=self.name)


@cache
def _provinces() -> dict[str, Province]:
    outlines = {f.properties["id"]: f for f in layer("provinces")}
    known = {}
    for typed in schema.checked_rows("province-name", "guides/province_names.csv"):
        outline = outlines[typed["id"]]
        names = {code: typed[f"name_{code}"] for code in LANGUAGES if typed[f"name_{code}"]}
        sources = ["natural-earth", typed["source"]]
        known[typed["id"]] = Province(
            id=typed["id"], kind=typed["kind"], name=names["en"], names=FrozenDict(names),
            code=typed["code"], country=outline.properties["country"],
            transliterated=tuple((typed["transliterated"] or "").split()),
            polygon=outline.geometry, sources=tuple(sources),
            note=outline.properties.get("note") or "",
        )  # fmt: skip
    return known


def provinces() -> tuple[Province, ...]:
    """Return every province and rayon of the data, in order of id.

    Examples
    --------
    >>> provinces()[0].id, len(provinces()[0].names)
    ('am-aragatsotn', 7)
    """
    return tuple(_provinces().values())


def province_ids() -> tuple[str, ...]:
    """Return the ids of all provinces and rayons."""
    return tuple(_provinces())


def province(key: str) -> Province:
    """Return a province by id; see `province_ids`.

    Raises
    ------
    UnknownNameError : there is none; the message offers the nearest.

    Examples
    --------
    >>> province("az-lacin").names["hy"]
    'Բերձոր'
    """
    known = _provinces()
    if key not in known:
        raise UnknownNameError(no_such("province", key, known))
    return known[key]


def provinces_called(name: str) -> tuple[Province, ...]:
    """Return the provinces that have a name in some language, marks and case aside.

    Examples
    --------
    >>> [known.id for known in provinces_called("Sünik")]
    ['am-syunik']
    """
    wanted = fold(name)
    return tuple(p for p in provinces() if wanted in map(fold, p.names.values()))
