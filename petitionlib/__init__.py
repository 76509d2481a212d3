"""Yearly citizen reception and petition tables: compared, checked, drawn and reported."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
