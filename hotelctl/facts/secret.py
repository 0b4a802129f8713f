"""A value that may be secret: it can be compared and measured, but not shown by accident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Text whose `repr` and `str` hide it; `reveal` is the one way to it."""

    _value: str

    def reveal(self) -> str:
        """The text itself, for judging only."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return f"Secret({len(self._value)} chars)"

    __str__ = __repr__
