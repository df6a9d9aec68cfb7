"""Borders: treaties as lines with an error, places, geodesy and the catalogue of the data."""

import lazy_loader

__version__ = "1.0.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
