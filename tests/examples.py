"""How many examples a property is tried with: all of them in CI, fewer where one waits."""

from hypothesis import settings

FEWEST = 5


def examples(number):
    """Return settings for so many examples, or for the share of them that the profile makes."""
    return settings(max_examples=max(FEWEST, number * settings().max_examples // 100))
