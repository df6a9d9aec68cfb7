"""The border of Kyrgyzstan and Uzbekistan, which the CSTO study measures; beyond the region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.compiler.uncertainty import LENGTH_SIGMA
from borders.files.bundle import layer
from borders.frozendict import FrozenDict
from borders.geodesy import length_m
from borders.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas

__all__ = ["StateBorder"]

_ID = "kgz-uzb"
_SOURCE = "osm-timezones"
_NOTE = (
    "as OpenStreetMap draws it in 2026, not as it was in 2012; the enclaves Sokh and Shohimardon "
    "are in it, smaller ones have no outline in the data"
)


@dataclass(frozen=True, slots=True)
class StateBorder:
    """The border as the data have it: its main line and the rims of two enclaves."""

    id: str = _ID
    kind: str = "state border"
    name: str = "Border of Kyrgyzstan and Uzbekistan"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({
            "en": self.name, "tr": "Kırgızistan–Özbekistan sınırı",
            "az": "Qırğızıstan–Özbəkistan sərhədi", "hy": "Ղրղզստան–Ուզբեկստան սահման",
            "ka": "ყირგიზეთ-უზბეკეთის საზღვარი", "ru": "Киргизско-узбекская граница",
            "fa": "مرز قرقیزستان و ازبکستان",
        })  # fmt: skip

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of its sources."""
        return (_SOURCE, "csto-study")

    @property
    def length(self) -> Measure:
        """Return the length of all its parts, in metres."""
        return _measured(sum(float(length_m(part.geometry)) for part in layer(_ID)))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:  # noqa: ARG002
        """Return its parts as values of a table; they are those of today, whatever the day."""
        rows = []
        for part in layer(_ID):
            length = _measured(float(length_m(part.geometry)))
            rows.append({
                "id": part.properties["id"], "name": part.properties["name"], **_km(length),
            })  # fmt: skip
        return rows

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of it as JSON."""
        length = self.length
        return {
            "id": self.id, "kind": self.kind, "name": self.name, "names": dict(self.names),
            **_km(length), "basis": length.basis, "parts": self.rows(on), "note": _NOTE,
            "sources": list(self.sources),
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:  # noqa: ARG002
        """Return its parts as lines, EPSG:4326."""
        from borders.files.features import features_to_gdf

        rows = []
        for part in layer(_ID):
            length = _measured(float(length_m(part.geometry)))
            rows.append({
                "id": part.properties["id"], "kind": "state-border",
                "name": part.properties["name"], "length_m": length.value,
                "sigma_m": length.sigma, "source": _SOURCE, "geometry_quality": "osm",
                "basis": length.basis, "note": _NOTE, "geometry": part.geometry,
            })  # fmt: skip
        return features_to_gdf(rows, name=self.name)


def _measured(metres: float) -> Measure:
    return Measure(
        value=metres, sigma=LENGTH_SIGMA * metres, basis="reach", how="1 % scale of border lines"
    )


def _km(length: Measure) -> dict[str, float]:
    ends = np.array([length.value, length.low, length.high]) / 1000
    return dict(zip(("length_km", "low_km", "high_km"), ends.round(1).tolist(), strict=True))
