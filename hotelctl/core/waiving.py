"""What waivers make of a judged check: the findings stay, those that are covered no longer count."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hotelctl.core.finding import Severity
from hotelctl.core.report import CheckResult, JudgedFinding, Status, doubted, weighed
from hotelctl.core.waiver import NEVER_WAIVED, Waiver

_WITH_FINDINGS = (Status.FAILED, Status.WARNED, Status.UNKNOWN)


def waived(result: CheckResult, waivers: Sequence[Waiver], today: date, fail_on: Severity) -> CheckResult:
    """`result` under the waivers that hold on `today`; findings that still count come first.

    Only findings can be waived: what could not be judged stays in doubt, whatever covers the rest.
    """
    if result.status not in _WITH_FINDINGS or result.info.id in NEVER_WAIVED:
        return result
    holding = [waiver for waiver in waivers if not waiver.refused(today)]
    marked = [_marked(judged, result.info.id, holding) for judged in result.findings]
    still, covered = ([f for f in marked if (f.waiver is None) is counts] for counts in (True, False))
    if not covered:
        return result
    if result.reason:
        return replace(result, status=doubted(still, fail_on), findings=(*still, *covered))
    told = "; ".join(dict.fromkeys(f.waiver.told() for f in covered if f.waiver))
    status = weighed(still, fail_on) if still else Status.WAIVED
    return replace(result, status=status, findings=(*still, *covered), reason=None if still else told)


def _marked(judged: JudgedFinding, check_id: str, holding: Sequence[Waiver]) -> JudgedFinding:
    waiver = next((one for one in holding if one.covers(check_id, judged.finding)), None)
    return judged if waiver is None else replace(judged, waiver=waiver)
