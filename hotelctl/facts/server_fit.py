"""What the live database server is and offers, beside what the service needs of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hotelctl.facts.created_extensions import CreatedExtension

END_OF_LIFE: Mapping[int, date] = {
    9: date(2021, 11, 11),
    10: date(2022, 11, 10),
    11: date(2023, 11, 9),
    12: date(2024, 11, 21),
    13: date(2025, 11, 13),
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
"""The last release of each major version. Source: https://www.postgresql.org/support/versioning/"""

STATEMENT, LOCK, IDLE = "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"
_DURATION = re.compile(r"\s*'?\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*'?\s*")
_MS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "min": 60_000.0, "h": 3_600_000.0, "d": 86_400_000.0}


@dataclass(frozen=True, slots=True)
class ServerFit:
    """The live server and what it is asked for.

    `shadow_major` is that of the throw-away server on which migrations are judged, None where there is none.
    `timeouts_ms` are those that `role` gets at log-in, 0 for no limit, None where that cannot be told; empty
    where the first migration is yet to make the role.
    `wanted` are extensions that migrations create, `offered` those of them that the server has.
    """

    database: str
    version: str
    shadow_major: int | None
    role: str
    timeouts_ms: Mapping[str, float | None]
    wanted: tuple[CreatedExtension, ...]
    offered: frozenset[str]

    @property
    def major(self) -> int:
        """The first number of the version; 9 for 9.6."""
        hit = re.match(r"\d+", self.version)
        return int(hit[0]) if hit else 0

    def ended(self, today: date) -> date | None:
        """Since when nobody mends its version any more; None while somebody does."""
        last = END_OF_LIFE.get(max(self.major, min(END_OF_LIFE)))
        return last if last is not None and last < today else None

    @property
    def lacking(self) -> tuple[CreatedExtension, ...]:
        """Where each extension that the server does not have is asked for first."""
        first: dict[str, CreatedExtension] = {}
        for one in self.wanted:
            if one.name not in self.offered:
                first.setdefault(one.name, one)
        return tuple(first.values())


def milliseconds(text: str) -> float | None:
    """A setting of time as PostgreSQL writes it, without a unit in milliseconds; None for anything else."""
    hit = _DURATION.fullmatch(text)
    return float(hit[1]) * _MS[hit[2] or "ms"] if hit else None
