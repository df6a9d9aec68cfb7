"""From longitude and latitude to the metres of a projected plane."""

from __future__ import annotations

from pyproj import Transformer

__all__ = ["plane"]


def plane(projection: str) -> Transformer:
    """Return the transformer from lon/lat in degrees to a plane in metres, and back.

    Parameters
    ----------
    projection : PROJ string of a projection on the ellipsoid of WGS84.

    Examples
    --------
    >>> plane("+proj=laea +lat_0=40 +lon_0=44 +ellps=WGS84").transform(44.0, 40.0)
    (0.0, 0.0)
    """
    # Between two reference systems PROJ searches its database for the best operation, which takes a
    # hundred times as long; on one ellipsoid there is only this one.
    return Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {projection}"
    )
