"""What a validation is held to: the limit, the required checks, the exit code, what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotelctl.cli._selection import Selection, names
from hotelctl.core.check import Check, Stage
from hotelctl.core.errors import ExitCode, UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.report import CheckResult, Policy, Status, Verdict

_NAMED = 3
_BEFORE_A_DEPLOY = (Stage.PREFLIGHT, Stage.TEST, Stage.BUILD, Stage.AUDIT, Stage.SANDBOX)
_REQUIRED_FROM = {"ci": Severity.CRITICAL, "staging": Severity.HIGH, "production": Severity.HIGH}
_EXITS = {Verdict.BLOCKED: ExitCode.BLOCKED, Verdict.UNVERIFIED: ExitCode.UNVERIFIED}


def policy(
    selection: Selection[Check],
    profile: str,
    fail_on: str,
    required: Iterable[str],
    in_part: frozenset[str] = frozenset(),
) -> Policy:
    """Which findings block, and which checks must give a verdict.

    Required are the critical checks that can be asked before a deploy, with the profiles staging
    and production also those of severity high, and all that `required` names. Checks that `--only`
    leaves out are not required, because they were not asked; nor are those `in_part`, of whose question
    it leaves out a part.

    Raises:
        UsageError: `required` names what does not exist or what `--only` leaves out.

    """
    asked = (*selection.chosen, *selection.skipped)
    named = names((*asked, *selection.left_out), required, "--required")
    absent = sorted(check.id for check in selection.left_out if check.id in named)
    if absent:
        raise UsageError(f"--required names {absent[0]}, which --only leaves out", "add it to --only")
    by_default = {check.info.id for check in asked if _by_default(check, profile)} - in_part
    by_name = {check.info.id for check in asked if {check.info.id, check.info.section} & named}
    return Policy(Severity[fail_on.upper()], frozenset(by_default | by_name))


def _by_default(check: Check, profile: str) -> bool:
    return check.info.stage in _BEFORE_A_DEPLOY and check.info.severity >= _REQUIRED_FROM[profile]


def exit_code(verdict: Verdict) -> ExitCode:
    """0 ready, 1 blocked, 3 unverified."""
    return _EXITS.get(verdict, ExitCode.READY)


@dataclass(frozen=True, slots=True)
class Commands:
    """What to type: to judge `again`, to go `onward` when all is well, to get `back` when it is not.

    The first of them can be `narrowed` to some rules by --only.
    """

    again: str
    onward: tuple[str, ...]
    back: tuple[str, ...] = ()
    narrowed: bool = True


def advice(
    results: Sequence[CheckResult], held_to: Policy, verdict: Verdict, commands: Commands
) -> tuple[str, ...]:
    """What a person does next, most pressing first."""
    if verdict is Verdict.BLOCKED:
        failed = _worst_first(r for r in results if r.status is Status.FAILED)
        how = f"hotelctl explain {failed[0].info.id} says how"
        return (f"mend {_listed(failed)}; {how}", *commands.back, commands.again)
    if verdict is Verdict.UNVERIFIED:
        doubtful = (Status.UNKNOWN, Status.SKIPPED)
        open_checks = [r for r in results if r.info.id in held_to.required and r.status in doubtful]
        named = ",".join(r.info.id for r in _worst_first(open_checks)[:_NAMED])
        narrowed = f" --only {named}" if commands.narrowed else ""
        first = f"{commands.again}{narrowed} --verbose tells why {_listed(open_checks)} could not judge"
        return (first, commands.again)
    notes = [r for r in results if r.status in (Status.WARNED, Status.UNKNOWN)]
    looked_at = (f"look at {_listed(notes)}",) if notes else ()
    return (*looked_at, *commands.onward)


def _worst_first(results: Iterable[CheckResult]) -> list[CheckResult]:
    return sorted(results, key=lambda result: -result.info.severity)


def _listed(results: Sequence[CheckResult]) -> str:
    shown = ", ".join(result.info.id for result in _worst_first(results)[:_NAMED])
    more = len(results) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown
