"""What the codes mean: units, indicators, places, spans, breaks, identities."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
