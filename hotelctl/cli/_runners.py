"""What runs programs and asks databases, for real or, in tests, up to the place where the command dies."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.reach import Reach
from hotelctl.cli._faults import MIGRATION, REHEARSAL, DyingProcesses, Moment, moment
from hotelctl.config.load import Configuration
from hotelctl.core.ports import EvidenceLog, Processes

_LEDGER, _COPY = "INSERT INTO schema_migrations", "hotelctl_scratch_prove"


def runners(
    configuration: Configuration, evidence: EvidenceLog, environ: Mapping[str, str], reach: Reach
) -> tuple[Processes, PostgresDatabases]:
    """Both record into `evidence`. Raises `UsageError` as `moment` does."""
    profile, name = configuration.environment.profile, configuration.environment_name
    clock, last = SystemClock(), moment(environ, profile, name)
    packing = configuration.spec.backups.packing
    low_priority = configuration.environment.low_priority
    local = LocalProcesses(evidence, clock, environ, low_priority=low_priority)
    if last is None:
        return local, PostgresDatabases(local, evidence, clock, reach=reach, packing=packing)
    dying = DyingProcesses(local, last)
    databases = DyingDatabases(dying, evidence, clock, reach=reach, packing=packing)
    databases.moment = last
    return dying, databases


class DyingDatabases(PostgresDatabases):
    """All as it is; the statements that apply an SQL file may be the last."""

    moment: Moment

    def execute(self, url: str, sql: str, params: Sequence[Any] = ()) -> None:
        """As the real one does, unless this is the one."""
        with self.moment.over(_names(Address(url)) if _LEDGER in sql else ()):
            super().execute(url, sql, params)

    def execute_each(self, url: str, statements: Sequence[str]) -> None:
        """As the real one does, unless this is the one: a file whose statements are no transaction."""
        with self.moment.over(_names(Address(url))):
            super().execute_each(url, statements)


def _names(address: Address) -> tuple[str, ...]:
    """What applying an SQL file is there: on the copy, on the real database; on a check's shadow nothing."""
    if address.database.startswith(_COPY):
        return (REHEARSAL,)
    throw_away = "scratch" in address.database or "/scratch/" in address.host
    return () if throw_away else (MIGRATION,)
