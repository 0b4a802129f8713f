"""Failures that end a request or a start, each with the one text that its receiver may see.

Failure
  Unauthenticated   401
  Locked            423, retry later
  RateLimited       429, retry later
  Unavailable       503
StartFailure        ends the process with its exit code
"""

from typing import ClassVar

EXIT_INCOMPATIBLE = 65
EXIT_BUG = 70
EXIT_DEPENDENCY = 75
EXIT_CONFIG = 78


class Failure(Exception):
    """A request that ends with a fixed problem answer."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, retry_after_s: int | None = None) -> None:
        super().__init__(self.code)
        self.retry_after_s = retry_after_s


class Unauthenticated(Failure):
    """Wrong, missing, expired or withdrawn credentials: one answer for all causes."""

    status = 401
    code = "unauthenticated"


class Locked(Failure):
    """Too many failed attempts for one e-mail address, known or not."""

    status = 423
    code = "locked"


class RateLimited(Failure):
    """Too many attempts from one address of the network."""

    status = 429
    code = "rate_limited"


class Unavailable(Failure):
    """Something that the request needs does not answer."""

    status = 503
    code = "dependency_unavailable"


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
