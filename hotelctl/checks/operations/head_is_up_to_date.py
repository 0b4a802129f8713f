"""OPS002: HEAD holds all that the branch holds that it is merged into."""

from collections.abc import Iterator
from datetime import timedelta

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.base_stand import BaseStand

_HEARSAY = timedelta(days=1)


@check(
    "OPS002",
    "HEAD is up to date with its base",
    severity=Severity.MEDIUM,
    rationale="A release without what others merged takes their work out of service again.",
    remediation="git fetch, then rebase or merge; no other machine is asked here.",
)
def head_is_up_to_date(stand: BaseStand) -> Iterator[Finding]:
    """A finding when the base has commits that HEAD lacks.

    Raises:
        Unavailable: none are known, but nobody asked the remote for a day.

    """
    base = stand.base
    if base.behind:
        number = f"{base.behind} commit{'s' if base.behind > 1 else ''}"
        yield Finding(
            subject=base.ref,
            message=f"HEAD lacks {number} of {base.ref}",
            evidence=(
                CommandOutput(
                    ("git", "rev-list", "--count", f"HEAD..{base.ref}"), 0, by_shape(str(base.behind))
                ),
            ),
            fix=f"git rebase {base.ref}",
        )
    elif base.heard_at is None or stand.now - base.heard_at > _HEARSAY:
        when = f"{base.heard_at:%Y-%m-%d %H:%M} UTC" if base.heard_at else "nobody knows when"
        raise Unavailable(f"HEAD has all of {base.ref} as last heard of ({when}): git fetch")
