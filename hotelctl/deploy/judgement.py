"""When judged checks hold a deploy back, in one line that names them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.core.finding import Severity
from hotelctl.core.report import CheckResult, Policy, Status, blocking

_SHOWN = 3


def require(results: Sequence[CheckResult], policy: Policy | None = None) -> Mapping[str, Any]:
    """The counts, for the journal.

    Raises:
        StepFailed: a finding blocks, or a critical check could not judge; the worst are named.

    """
    policy = policy or Policy()
    blocked = blocking(results, policy)
    if blocked:
        worst = [r for r in results if r.status is Status.FAILED]
        named = "; ".join(f"{r.info.id} {_found(r)}" for r in worst[:_SHOWN])
        more = f" (and {len(worst) - _SHOWN} more checks)" if len(worst) > _SHOWN else ""
        raise StepFailed(f"{named}{more}", _fix(worst[0]))
    undecided = [r for r in results if _undecided(r)]
    if undecided:
        raise StepFailed(
            f"could not be judged: {_reasons(undecided)}",
            _asked_again(undecided),
        )
    return counted(results)


def withdrawn(results: Sequence[CheckResult], serving: str | None, asked: str) -> tuple[CheckResult, ...]:
    """What was found of the release `asked`: nothing, if `serving` has the traffic by now, or nobody."""
    if serving == asked:
        return tuple(results)
    why = "traffic was turned back before all was asked"
    return tuple(CheckResult(r.info, Status.UNKNOWN, r.duration_s, reason=why) for r in results)


def counted(results: Sequence[CheckResult]) -> Mapping[str, Any]:
    """How many checks ended how, the words for it, and the rules that would hold a deploy back."""
    counts = Counter(result.status.value for result in results)
    words = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(counts.items()))
    failing = [result.info.id for result in results if blocking((result,), Policy())]
    return {"counts": dict(counts), "failing": failing, "summary": f"{len(results)} checks: {words}"}


def _found(result: CheckResult) -> str:
    """The first finding, and how many more there are."""
    found = result.counting()
    more = len(found) - 1
    return f"{found[0].finding.message}{f' (and {more} more)' if more else ''}"


def _asked_again(undecided: Sequence[CheckResult]) -> str:
    """What shows all that was tried: of a candidate, or of what serves."""
    serves = any(one.info.stage.asks_what_serves for one in undecided)
    named = ",".join(one.info.id for one in undecided)
    asks = "hotelctl verify" if serves else f"hotelctl validate --only {named}"
    return f"{asks} --verbose shows what was tried; hotelctl explain {undecided[0].info.id}"


def _reasons(undecided: Sequence[CheckResult]) -> str:
    """Each reason once, with the checks that it keeps from judging."""
    ids: dict[str, list[str]] = {}
    for result in undecided:
        ids.setdefault(str(result.reason), []).append(result.info.id)
    return "; ".join(f"{', '.join(ids[reason])} {reason}" for reason in list(ids)[:_SHOWN])


def _undecided(result: CheckResult) -> bool:
    return result.status is Status.UNKNOWN and result.info.severity is Severity.CRITICAL


def _fix(result: CheckResult) -> str:
    finding = result.counting()[0].finding
    return finding.fix or f"hotelctl explain {result.info.id}"
