"""One running instance: its parts, its start in the background, its drain and its end."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from hotelctl.app.domain.failures import (
    EXIT_BUG,
    EXIT_CONFIG,
    EXIT_DEPENDENCY,
    EXIT_INCOMPATIBLE,
    StartFailure,
)
from hotelctl.app.domain.schema import SCHEMA_SERIAL, Fit, SchemaState, fit
from hotelctl.app.identity import Identity
from hotelctl.app.logs import Event, log
from hotelctl.app.services.admission import Admission
from hotelctl.app.services.assistant.assistant import Assistant
from hotelctl.app.services.background import Background
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.keyring_watch import KeyringWatch
from hotelctl.app.services.metrics import Metrics
from hotelctl.app.services.password_check import PasswordCheck
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.post import Post
from hotelctl.app.services.readiness import Phase, ReadinessProbe
from hotelctl.app.settings import Settings
from hotelctl.app.store import health, limits
from hotelctl.app.store.engine import Database

_CLOCK_SKEW_S = 5.0
# Together with the server's own grace less than a deploy waits before it kills.
_SETTLE_S = 4.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
# Connection refused or the server still starting may pass; a wrong password or database name does not.
_HOPELESS = ("28P01", "28000", "3D000")


class Service:
    """What the routes work with; made once per process."""

    def __init__(
        self,
        settings: Settings,
        keyring: Keyring,
        identity: Identity,
        passwords: Passwords | None = None,
        *,
        old_secret: bytes | None = None,
    ) -> None:
        self.settings = settings
        self._keys = KeyringWatch(settings.hotel_keyring, keyring)
        self.identity = identity
        self.inflight = 0
        self.metrics = Metrics(identity)
        self.db = Database(
            settings.database_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            instance_id=identity.instance_id,
            observe=self.metrics.queried,
        )
        self.external = Directory(settings)
        self.passwords = passwords or Passwords(settings.password_memory_kib)
        self.admission = Admission(self.db, self._keys.current, old_secret)
        self.background = Background()
        self.leaving = asyncio.Event()
        self.probe = ReadinessProbe(self.db, self._keys.is_usable)
        self.post = Post(self.db, self.external.smtp, self.probe)
        self.assistant = Assistant(
            self.db, settings, self.external, self.metrics, self.post, self._keys.current
        )
        self.start_failure: StartFailure | None = None

    @property
    def keyring(self) -> Keyring:
        """The signing keys of this moment; ask anew for each request."""
        return self._keys.current()

    @property
    def password_check(self) -> PasswordCheck:
        """Proves who somebody is, for every way in."""
        allowed = self.settings.login_failures_per_minute
        return PasswordCheck(self.db, self.passwords, allowed, self.metrics.log_ins)

    @property
    def draining(self) -> bool:
        """Whether this instance asks to be left."""
        return self.probe.phase is Phase.DRAINING

    def drain(self) -> None:
        """Readiness answers 503, streams end and connections close; requests are still served."""
        if not self.draining:
            self.probe.phase = Phase.DRAINING
            self.leaving.set()
            log().info(Event.DRAINING, msg="leaving: no new traffic, please", inflight=self.inflight)

    def adopt(self, task: "asyncio.Task[None]") -> None:
        """The work of a request that is over is in flight until it is done."""
        self.inflight += 1

        def done(_: object) -> None:
            self.inflight -= 1

        task.add_done_callback(done)

    async def start(self, give_up: Callable[[], None], warm: Callable[[], None] = lambda: None) -> None:
        """Serving, or `start_failure` is set and `give_up` was called.

        What `warm` makes ready beforehand, the first visitor does not wait for.
        """
        try:
            schema = await self._bring_up()
            await asyncio.to_thread(warm)
        except StartFailure as failure:
            self.start_failure = failure
            give_up()
            return
        except Exception as error:  # noqa: BLE001 - a background task's bug must end the process, not vanish
            log().error(Event.CRASHED, msg="unexpected error while starting", exc_info=error)
            self.start_failure = StartFailure(EXIT_BUG, Event.CRASHED, "unexpected error while starting")
            give_up()
            return
        if self.probe.phase is Phase.STARTING:
            self.probe.phase = Phase.SERVING
        if fit(schema) is Fit.BEHIND:
            message = f"schema is at {schema.serial}, this code needs {SCHEMA_SERIAL}: migrate first"
            log().warning(Event.SCHEMA_BEHIND, msg=message)
        else:
            log().info(Event.READY, msg="ready", schema_serial=SCHEMA_SERIAL)

    async def _bring_up(self) -> SchemaState:
        await self._wait_for_database()
        async with self.db.transaction() as session:
            role = await health.runtime_role(session)
            schema = await health.schema_state(session)
            before = datetime.now(UTC)
            skew_s = abs((await health.server_time(session) - before).total_seconds())
        _check_role(role)
        if fit(schema) is Fit.INCOMPATIBLE:
            message = f"schema serves code from {schema.min_code_serial} on, this code is {SCHEMA_SERIAL}"
            raise StartFailure(EXIT_INCOMPATIBLE, Event.SCHEMA_INCOMPATIBLE, message)
        if skew_s >= _CLOCK_SKEW_S:
            raise _no_database(f"clocks of this machine and the database differ by {skew_s:.0f} s")
        if fit(schema) is Fit.OK:
            async with self.db.transaction() as session:
                await limits.sweep(session)
        return schema

    async def _wait_for_database(self) -> None:
        deadline = asyncio.get_running_loop().time() + self.settings.database_wait_s
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                async with self.db.transaction() as session:
                    await health.server_version(session)
            except (SQLAlchemyError, OSError) as error:
                reason = _reason(error)
                if _is_hopeless(error) or asyncio.get_running_loop().time() + pause_s > deadline:
                    raise _no_database(reason) from None
            else:
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def stop(self) -> None:
        """Answers under way are stored, connections given back; the log's last line tells an orderly end."""
        self.leaving.set()
        await self.background.settle(_SETTLE_S)
        await self.assistant.close()
        await self.db.close()
        if self.start_failure is None:
            log().info(Event.SHUTDOWN_COMPLETE, msg="stopped", inflight=self.inflight)


def _check_role(role: health.RuntimeRole) -> None:
    faults = role.faults()
    if faults:
        message = f"role {role.name} is not held by row-level security ({', '.join(faults)}): use hotel_app"
        problem = {"key": "DATABASE_URL", "problem": message}
        raise StartFailure(EXIT_CONFIG, Event.CONFIG_INVALID, message, (problem,))


def _no_database(reason: str) -> StartFailure:
    return StartFailure(EXIT_DEPENDENCY, Event.DEPENDENCY_UNAVAILABLE, f"database: {reason}")


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(str(cause).split()) or type(cause).__name__


def _is_hopeless(error: Exception) -> bool:
    """Whether waiting cannot help: libpq gives no code for a refused log-in, only its words."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    text = str(error.orig)
    return (
        getattr(error.orig, "sqlstate", None) in _HOPELESS
        or "authentication failed" in text
        or ("FATAL" in text and "does not exist" in text)
    )
