"""Failures that end a request or a start, each with the one text that its receiver may see.

Failure
  Unauthenticated       401
  QuotaUsedUp           402
  Forbidden             403
    PasswordChangeDue   403, says what comes first
  HotelSuspended        403
  NotFound              404
  Conflict              409
    WithColleague       409, says who has it
    GuestGone           409
  Gone                  410
  PreconditionFailed    412
  TooLarge              413
  Invalid               422, names the fields
  IdempotencyMismatch   422
  Locked                423, retry later
  PreconditionRequired  428
  RateLimited           429, retry later
  NotConfigured         501
  Unavailable           503
  TimedOut              504
StartFailure            ends the process with its exit code
"""

from collections.abc import Callable
from typing import ClassVar

EXIT_INCOMPATIBLE = 65
EXIT_BUG = 70
EXIT_DEPENDENCY = 75
EXIT_CONFIG = 78


class Failure(Exception):
    """A request that ends with a fixed problem answer."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    detail: ClassVar[str | None] = None
    """Where the text of the code is too general."""

    def __init__(self, retry_after_s: int | None = None) -> None:
        super().__init__(self.code)
        self.retry_after_s = retry_after_s
        self.headers: dict[str, str] = {}
        self.errors: list[dict[str, object]] | None = None


class Unauthenticated(Failure):
    """Wrong, missing, expired or withdrawn credentials: one answer for all causes."""

    status = 401
    code = "unauthenticated"


class QuotaUsedUp(Failure):
    """The hotel has used what its plan gives for this month."""

    status = 402
    code = "quota_used_up"


class Forbidden(Failure):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"


class PasswordChangeDue(Forbidden):
    """The caller still has a password that somebody else chose."""

    detail = "Choose a password of your own first, with POST /api/auth/password."


class HotelSuspended(Failure):
    """The caller is known, and nobody of the hotel is let in for the time being."""

    status = 403
    code = "hotel_suspended"


class NotFound(Failure):
    """There is no such thing in the caller's hotel; what is in another hotel does not exist either."""

    status = 404
    code = "not_found"


class Conflict(Failure):
    """The thing's state, or another request under way, does not allow it."""

    status = 409
    code = "conflict"


class WithColleague(Conflict):
    """A colleague answers this guest; `errors` name who."""

    detail = "A colleague answers this guest. Take the conversation over first."

    def __init__(self, colleague: object) -> None:
        super().__init__()
        self.errors = [{"loc": ["assigned_to"], "msg": str(colleague)}]


class GuestGone(Conflict):
    """The guest whose conversation it is cannot read there any more."""

    detail = "The session of this guest is over: nobody would read the answer."


class Gone(Failure):
    """It was there and is over."""

    status = 410
    code = "gone"


class PreconditionFailed(Failure):
    """If-Match names another version than the present one."""

    status = 412
    code = "precondition_failed"


class TooLarge(Failure):
    """More than is taken at once."""

    status = 413
    code = "payload_too_large"


class Invalid(Failure):
    """A field that is well formed and still wrong: where, and what about it, never its value."""

    status = 422
    code = "validation_failed"

    def __init__(self, loc: tuple[str, ...], msg: str) -> None:
        super().__init__()
        self.errors = [{"loc": list(loc), "msg": msg}]


class IdempotencyMismatch(Failure):
    """The Idempotency-Key came before, with another request."""

    status = 422
    code = "idempotency_mismatch"


class Locked(Failure):
    """Too many failed attempts for one e-mail address, known or not."""

    status = 423
    code = "locked"


class PreconditionRequired(Failure):
    """A change needs If-Match with the version that it is based on."""

    status = 428
    code = "precondition_required"


class RateLimited(Failure):
    """Too many attempts; `headers` say how many there may be."""

    status = 429
    code = "rate_limited"


class NotConfigured(Failure):
    """A feature that this hotel or installation has not set up."""

    status = 501
    code = "feature_not_configured"


class Unavailable(Failure):
    """Something that the request needs does not answer."""

    status = 503
    code = "dependency_unavailable"


class TimedOut(Failure):
    """Something that the request needs took too long."""

    status = 504
    code = "timed_out"


class StartFailure(Exception):
    """A start that cannot go on: exit code, log event, one line for a person, facts without values."""

    def __init__(
        self, exit_code: int, event: str, message: str, problems: tuple[dict[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.event = event
        self.message = message
        self.problems = problems


def require_all(*checks: Callable[[], object]) -> None:
    """Every check is made, so that whoever mends the configuration is told all of it at once.

    Raises StartFailure with what all of them found.
    """
    found = []
    for check in checks:
        try:
            check()
        except StartFailure as failure:
            found.append(failure)
    if found:
        message = "; ".join(failure.message for failure in found)
        problems = tuple(problem for failure in found for problem in failure.problems)
        raise StartFailure(found[0].exit_code, found[0].event, message, problems)
