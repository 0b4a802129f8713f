"""BLD019: the wheel is laid out as imports expect it."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.wheel_contents import ContentsRemark, WheelContents

_PAGE = "https://github.com/jwodder/check-wheel-contents#checks"
_SEVERITIES = {
    "W002": Severity.LOW,
    "W007": Severity.HIGH,
    "W008": Severity.HIGH,
    "W009": Severity.LOW,
    "W010": Severity.HIGH,
}
# What says that there is more than one of something needs two.
_OF_SEVERAL = ("W002", "W009")
_OF_NONE = ("W007", "W008")


@check(
    "BLD019",
    "The wheel is laid out as imports expect",
    severity=Severity.MEDIUM,
    rationale="A module beside its package lands among everybody's, or cannot be imported where it is.",
    remediation="Each rule has a paragraph in check-wheel-contents' documentation that says what to do.",
    references=(_PAGE,),
    stage=Stage.AUDIT,
)
def wheel_is_laid_out_as_imports_expect(contents: WheelContents) -> Iterator[Finding]:
    """A finding a remark of check-wheel-contents, under its own id; what BLD004 names is left to it."""
    for remark in contents.remarks:
        least = 2 if remark.rule in _OF_SEVERAL else 1
        if len(remark.members) >= least or remark.rule in _OF_NONE:
            yield _finding(contents, remark)


def _finding(contents: WheelContents, remark: ContentsRemark) -> Finding:
    words = f"{remark.rule}: {remark.words}" + (f": {some_of(remark.members)}" if remark.members else "")
    return Finding(
        subject=remark.rule,
        message=f"{contents.name}: {words}",
        evidence=(CommandOutput(contents.argv, 1, by_shape(words)),),
        fix=_PAGE,
        severity=_SEVERITIES.get(remark.rule),
    )
