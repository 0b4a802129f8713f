"""Whether this code may serve a database, by two integers that each revision writes."""

from dataclasses import dataclass
from enum import StrEnum

# The newest revision that this code was written for; raised together with a new revision.
SCHEMA_SERIAL = 13


class Fit(StrEnum):
    """How a database's schema stands to this code."""

    OK = "ok"
    BEHIND = "behind"
    INCOMPATIBLE = "incompatible"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What the database says of itself; serial 0 means that no revision was applied."""

    serial: int
    min_code_serial: int
    revision: str | None


EMPTY_SCHEMA = SchemaState(serial=0, min_code_serial=0, revision=None)


def fit(state: SchemaState, code_serial: int = SCHEMA_SERIAL) -> Fit:
    """OK exactly when min_code_serial <= code <= serial; BEHIND asks for a migration first."""
    if code_serial < state.min_code_serial:
        return Fit.INCOMPATIBLE
    if code_serial > state.serial:
        return Fit.BEHIND
    return Fit.OK
