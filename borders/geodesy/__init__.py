"""Geodesy on the WGS84 ellipsoid: lengths, areas, positions along lines, offsets and buffers.

Every function takes a shapely geometry, an array of them or a GeoSeries in longitude and latitude,
and answers in kind; a border, corridor or route stands for its line as drawn, in `area_m2` a
territory for its polygon; see `borders.geodesy.lonlat` for what is taken and what is refused.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
