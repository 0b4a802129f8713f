"""The lock for operators on several machines: this machine's own, and the lease on top of it."""

from collections.abc import Callable

from hotelctl.adapters.host_lock import HostLock
from hotelctl.adapters.lease import Lease, Tenant
from hotelctl.adapters.term import Term, boot_time
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import Locked, StepFailed, Unavailable
from hotelctl.core.holder import SETTLING, Holder
from hotelctl.core.ports import Clock

_LOOK_S = 0.5
_BACK = frozenset({"rollback", "abort", "resolve", SETTLING})
"""What an unreachable state database must not keep anybody from."""
_NEED_NOT = "hotelctl rollback, abort and resolve do not wait for it"
_NOBODY_KNOWS = "an unknown process"


class SharedLock:
    """Fences grow over all machines: the lease gives a higher one than any of them has seen.

    Where the state database cannot be asked, what leads back goes on under the machine's own lock.
    """

    def __init__(
        self, host: HostLock, lease: Lease, clock: Clock, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Nothing is touched before `acquire`; `tell` is given warnings."""
        self._host = host
        self._lease = lease
        self._clock = clock
        self._tell = tell
        self._term: Term | None = None
        self._alone = False

    def acquire(
        self,
        operation: str,
        deploy: str,
        *,
        wait_s: float = 0.0,
        waiting: Callable[[str], None] = lambda _who: None,
    ) -> int:
        """Take both and return the next fence number; up to `wait_s` are waited for the two of them.

        Raises:
            Locked: another process holds it, here or elsewhere, still; holder, step and age are named.
            StepFailed: the state database cannot be asked.
            UsageError: the last fence cannot be read, so nobody knows the next one.

        """
        deadline = Deadline.after(wait_s, self._clock.monotonic)
        fence = self._host.acquire(operation, deploy, wait_s=wait_s, waiting=waiting)
        try:
            fence = self._leased(fence, deadline, waiting)
        except Unavailable as trouble:
            why = f"the lease in {self._lease.address} cannot be had: {trouble.reason}"
            if operation not in _BACK:
                self._host.release()
                hint = f"operators elsewhere may be at work; {_NEED_NOT}"
                raise StepFailed(why, hint) from trouble
            self._alone = True
            self._tell(f"warning: {why}; {operation} goes on with this machine's own lock")
        except BaseException:
            self._host.release()
            raise
        return fence

    def _leased(self, fence: int, deadline: Deadline, waiting: Callable[[str], None]) -> int:
        holder, place, told = self._host.adopt(fence), self._host.place(), ""
        while True:
            began = boot_time()
            given = self._lease.take(holder, place)
            if given is not None:
                break
            who = self._who(tenant := self._lease.tenant())
            if deadline.passed():
                raise _refusal(who)
            if told != (told := _step_of(tenant)):
                waiting(who)
            self._clock.sleep(_LOOK_S)
        holder = self._host.adopt(given)
        self._term = Term(self._lease, holder, place, began, self._clock.now, self._tell)
        self._term.begin()
        return given

    def at(self, step: str, deploy: str) -> None:
        """Write the step where those who wait read it, on this machine and elsewhere."""
        self._host.at(step, deploy)
        holder, _ = self._host.holder()
        if self._term is not None and holder is not None and holder.fence == self._term.holder.fence:
            self._term.at(holder)

    def require(self) -> None:
        """Return while it is held: asked before whatever changes something.

        Raises:
            Locked: another operation took it over; its holder is named.
            Interrupted: the lease ran out, nobody can tell, and the operation does not go back.

        """
        self._host.require()
        if self._term is not None:
            self._term.require()

    def turn_back(self) -> None:
        """From here on it goes back: that is refused only where another one took over."""
        if self._term is not None:
            self._term.back = True

    def release(self) -> None:
        """Give both back; fine when they are not held."""
        if self._term is not None:
            self._term.end()
            self._term = None
        self._host.release()

    def holder(self) -> tuple[Holder | None, bool]:
        """The newest holder on record, and whether it holds the lock now, here or elsewhere.

        Where the state database cannot be asked, what this machine alone knows.
        """
        here = self._host.holder()
        if self._alone:
            return here
        try:
            tenant = self._lease.tenant()
        except Unavailable as trouble:
            self._tell(f"who has the lease in {self._lease.address} cannot be told: {trouble.reason}")
            return here
        if tenant is None or (here[1] and not tenant.held):
            return here
        newer = here[0] is not None and tenant.holder is not None and here[0].fence > tenant.holder.fence
        return here if newer and not tenant.held else (tenant.holder, tenant.held)

    def _who(self, tenant: Tenant | None) -> str:
        if tenant is None or tenant.holder is None:
            return _NOBODY_KNOWS
        return tenant.holder.describe(self._clock.now(), alive=True)


def _step_of(tenant: Tenant | None) -> str:
    """What changes when somebody else has it, or goes on with another step."""
    known = tenant.holder if tenant else None
    return f"{known.fence} {known.step}" if known else _NOBODY_KNOWS


def _refusal(who: str) -> Locked:
    return Locked(
        f"the environment is locked: {who}", "--wait SECONDS waits for its end; hotelctl lock status shows it"
    )
