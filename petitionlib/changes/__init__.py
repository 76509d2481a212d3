"""This year against last; shares, rates, rankings, revisions, boundaries."""
