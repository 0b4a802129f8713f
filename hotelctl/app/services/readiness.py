"""Whether this instance may get traffic: its phase, the database, the schema, the keys."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.schema import Fit, fit
from hotelctl.app.store.engine import Database
from hotelctl.app.store.health import schema_state

_DB_TIMEOUT_S = 1.0
_CACHE_S = 2.0


class Phase(StrEnum):
    """Where an instance is in its life."""

    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class Readiness:
    """One answer: the status and what each check found."""

    status: str
    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether traffic may come."""
        return self.status == "ready"


class ReadinessProbe:
    """Asks the database at most every two seconds, for at most one second, however many ask."""

    def __init__(self, db: Database, keys_usable: Callable[[], bool]) -> None:
        self.phase = Phase.STARTING
        self._db = db
        self._keys_usable = keys_usable
        self._found = {"db": "unknown", "schema": "unknown"}
        self._found_at_s = float("-inf")
        self._asking = asyncio.Lock()

    async def read(self) -> Readiness:
        """The state now; without a usable keyring this instance lives, but could not start again."""
        async with self._asking:
            if time.monotonic() - self._found_at_s >= _CACHE_S:
                self._found = await self._ask()
                self._found_at_s = time.monotonic()
        checks = {**self._found, "keys": "ok" if self._keys_usable() else "unusable"}
        if self.phase is not Phase.SERVING:
            return Readiness(self.phase.value, checks)
        return Readiness("ready" if set(checks.values()) == {"ok"} else "not_ready", checks)

    async def _ask(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(_DB_TIMEOUT_S), self._db.transaction() as session:
                found = fit(await schema_state(session))
        except (SQLAlchemyError, TimeoutError, OSError):
            return {"db": "failed", "schema": "unknown"}
        return {"db": "ok", "schema": "schema_behind" if found is Fit.BEHIND else found.value}
