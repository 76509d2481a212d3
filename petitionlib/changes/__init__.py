"""Each year against the one before; shares, rates, rankings, revisions, boundaries."""
