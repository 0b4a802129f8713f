"""Waivers in a run: applied to each result, and counted so that one that covers nothing is found."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from hotelctl.config.load import Configuration
from hotelctl.config.waivers import FILE_NAME, parse_waivers
from hotelctl.core.check import Check, Named
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore
from hotelctl.core.report import CheckResult, Status
from hotelctl.core.waiving import waived
from hotelctl.facts.waivers import WaiverBook, WaiverUse

_UNJUDGED = (Status.UNKNOWN, Status.SKIPPED, Status.NOT_APPLICABLE)


@dataclass(slots=True)
class Waiving:
    """Takes results in from any thread."""

    facts: FactStore
    fail_on: Severity
    _seen: list[CheckResult] = field(default_factory=list)

    def apply(self, result: CheckResult) -> CheckResult:
        """The result under the waivers that hold today."""
        had = self.facts.get(WaiverBook)
        if had.trouble is None:
            result = waived(result, had.value.waivers, had.value.today, self.fail_on)
        self._seen.append(result)
        return result

    def tell(self) -> None:
        """From now on the facts say which waivers were used by the results so far."""
        had = self.facts.get(WaiverBook)
        if had.trouble is not None:
            return
        # Of a check whose findings were left out nobody knows which waivers would cover one.
        seen = (r for r in self._seen if r.status not in _UNJUDGED and not r.left_out)
        judged = frozenset(r.info.id for r in seen)
        used = frozenset(f.waiver.place for r in self._seen for f in r.findings if f.waiver is not None)
        self.facts.put(WaiverUse(judged, used), had.evidence)


def in_turn(checks: Sequence[Check]) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """The checks that are judged first, and those that ask what the others made of the waivers."""
    late = tuple(check for check in checks if WaiverUse in check.facts)
    return tuple(check for check in checks if check not in late), late


def require_readable(configuration: Configuration, rules: Sequence[Named]) -> None:
    """Return when the project has no waiver file or one in which every entry can be understood.

    Raises:
        UsageError: it cannot be read, or speaks of a rule that does not exist.

    """
    path = configuration.project / FILE_NAME
    if not path.exists():
        return
    try:
        waivers = parse_waivers(path.read_bytes(), FILE_NAME)
    except OSError as error:
        raise UsageError(
            f"{FILE_NAME}: cannot be read: {error.strerror}", "give this user the right to read it"
        ) from error
    known = [one.id for one in rules]
    for waiver in waivers:
        if waiver.rule not in known:
            near = difflib.get_close_matches(waiver.rule, known, n=1)
            did_you_mean = f"; did you mean {near[0]!r}?" if near else ""
            raise UsageError(
                f"{waiver.place}: no rule is called {waiver.rule!r}{did_you_mean}",
                "hotelctl explain --list names them all",
            )
