"""Corridors, networks, scenarios and routes: lengths with their basis, comparison, export."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
