from .codebook import breaks as breaks
from .codebook import identities as identities
from .codebook import indicators as indicators
from .codebook import places as places
from .codebook import spans as spans
from .codebook import units as units
