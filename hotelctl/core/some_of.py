"""A long list in a short sentence."""

from collections.abc import Sequence


def some_of(names: Sequence[str], shown: int = 3) -> str:
    """The first `shown` names, and how many more there are."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
