"""What the live rows answered to the rules that pending migrations add."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hotelctl.facts.migration_run import WrittenQuestion


@dataclass(frozen=True, slots=True)
class Met:
    """`rows` of `database` stand in the way of what the question is about; counted up to a limit."""

    question: WrittenQuestion
    rows: int


@dataclass(frozen=True, slots=True)
class DataPreflight:
    """The answers of `database`; `doubts` say by question why one could not be answered."""

    database: str
    met: tuple[Met, ...]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
