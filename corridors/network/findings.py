"""What a check finds in a network: what is wrong, where, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas

    from borders.errors import AraxesError

__all__ = ["Finding", "finding_of", "findings_to_gdf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong (``error``) or that a user should know (``remark``).

    Parameters
    ----------
    level : ``error`` or ``remark``.
    link : id of the link; empty if it concerns no single link.
    repair : what would mend it, where that can be said.
    xy : where it is: lon/lat pairs of a course, of one point, or none, EPSG:4326.
    """

    level: str
    link: str
    message: str
    repair: str = ""
    xy: tuple[tuple[float, float], ...] = ()

    @property
    def text(self) -> str:
        """Return in a line which link it is, what is wrong, and what would mend it."""
        link = f"{self.link}: " if self.link else ""
        return f"{link}{self.message}{f'; {self.repair}' if self.repair else ''}"


def finding_of(
    error: AraxesError,
    where: str,
    link: str,
    xy: tuple[tuple[float, float], ...] = (),
    *,
    level: str = "error",
) -> Finding:
    """Return an error of reading as a finding; what stands after its last semicolon mends it."""
    # The finding names file and link by itself.
    text = str(error).removeprefix(where).lstrip(":, ").removeprefix(f"link '{link}' ")
    what, _, how = text.rpartition("; ")
    return Finding(level=level, link=link, message=what or text, repair=how if what else "", xy=xy)


def findings_to_gdf(findings: Iterable[Finding]) -> geopandas.GeoDataFrame:
    """Return one row a finding, in EPSG:4326: a line, a point, or nothing where it has no place."""
    from shapely import LineString, MultiPoint, Point

    from borders.files.features import features_to_gdf

    rows = []
    for n, finding in enumerate(findings, 1):
        xy = finding.xy
        shape = None
        if len(xy) == 1:
            shape = Point(xy[0])
        elif xy:
            shape = LineString(xy) if finding.link else MultiPoint(xy)
        rows.append(
            {
                "id": f"finding-{n}", "kind": "finding", "name": finding.message,
                "level": finding.level, "link": finding.link or None,
                "repair": finding.repair or None, "geometry": shape,
            }
        )  # fmt: skip
    return features_to_gdf(rows)
