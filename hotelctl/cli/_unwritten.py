"""A journal that lasts as long as the process."""

from collections.abc import Mapping
from typing import Any


class Unwritten:
    """A journal's file that keeps nothing: for who only looks at an operation."""

    def __init__(self) -> None:
        """Empty."""
        self._records: list[dict[str, Any]] = []

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record, numbered."""
        self._records.append({**record, "seq": len(self._records) + 1})
        return self._records[-1]

    def records(self) -> tuple[dict[str, Any], ...]:
        """What was appended in this process."""
        return tuple(self._records)
