"""Whether a stored report is whole: pure questions about the bytes of its files.

report.json    in its one spelling; every digest; counts, section states and verdict follow from the records
report.md      its last line, and its text where this hotelctl wrote it
report.html    the same
evidence.jsonl the chain up to the head that the report names
evidence/*     each output's size and digest; nothing that no record names
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hotelctl.core.chain import Chain, ChainBroken, decode
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.lazily import lazily
from hotelctl.core.report import Status, Verdict, worst
from hotelctl.core.waiver import LONGEST
from hotelctl.render import json
from hotelctl.render.document import CheckPart, Document, FindingPart, StepPart
from hotelctl.render.load import load
from hotelctl.render.trailer import intact
from hotelctl.render.words import moment

if TYPE_CHECKING:
    from hotelctl.render import html, markdown
else:
    html, markdown = lazily("hotelctl.render.html"), lazily("hotelctl.render.markdown")

REPORT = "report.json"
MARKDOWN = "report.md"
HTML = "report.html"
EVIDENCE = "evidence.jsonl"
_OPEN = (Status.FAILED, Status.WARNED)
_OF_WHAT_SERVES = ("rollback", "verify")
_UNDECIDED = (Status.UNKNOWN, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold, and the record where."""

    record: str
    message: str


def verify(files: Mapping[str, bytes], version: str, head: str | None = None) -> tuple[Problem, ...]:
    """All problems of the report whose files these are, by their names in its directory.

    `version` is that of the hotelctl that asks; with `head`, the report must be about that commit,
    unless its kind is about the release that serves, whatever is checked out.
    """
    return tuple(_problems(files, version, head))


def _problems(files: Mapping[str, bytes], version: str, head: str | None) -> Iterator[Problem]:
    missing = [name for name in (REPORT, MARKDOWN, HTML, EVIDENCE) if name not in files]
    yield from (Problem(name, "is missing") for name in missing)
    if missing:
        return
    try:
        made = load(files[REPORT], REPORT)
    except UsageError as error:
        yield Problem(REPORT, error.message)
        return
    yield from _report(made, files[REPORT])
    mine = made.hotelctl.version == version
    yield from _text(MARKDOWN, files[MARKDOWN], markdown.render(made) if mine else None)
    damage = tuple(_evidence(made, files))
    # Over damaged evidence the page cannot be made as it was: its own last line still speaks for it.
    yield from _text(HTML, files[HTML], html.render(made, files) if mine and not damage else None)
    yield from damage
    if head is not None and made.kind not in _OF_WHAT_SERVES and made.git.commit != head:
        yield Problem(REPORT, f"is about commit {made.git.commit}, HEAD is {head}")


def _report(made: Document, data: bytes) -> Iterator[Problem]:
    parts: tuple[CheckPart | StepPart, ...] = (*made.checks(), *made.steps)
    for part in parts:
        if part.digest != json.digest(part):
            name = part.id if isinstance(part, CheckPart) else f"step {part.n}"
            yield Problem(f"{REPORT} {name}", "its contents do not give the digest that it names")
    if made.digest != json.digest(made):
        yield Problem(REPORT, f"its contents give {json.digest(made)}, it names {made.digest}")
    yield from (
        Problem(f"{REPORT} sign-off of {one.name}", f"is for {one.digest}, not for this report")
        for one in made.signoffs
        if one.digest != made.digest
    )
    spelled = json.render(made).encode()
    if data != spelled:
        yield Problem(f"{REPORT} line {_first_difference(data, spelled)}", "is not spelled as it was written")
    yield from (problem for check in made.checks() for problem in _check(made, check))
    counts = Counter(check.status.value for check in made.checks())
    expected = {"checks": len(made.checks())} | {s.value: counts[s.value] for s in Status}
    if made.summary != expected:
        yield Problem(f"{REPORT} summary", "its counts are not those of the checks")
    for section in made.sections:
        state = worst(check.status for check in section.checks) if section.checks else Status.SKIPPED
        if section.status is not state:
            yield Problem(f"{REPORT} section {section.id}", f"says {section.status}, its checks say {state}")
    if not _follows(made):
        yield Problem(f"{REPORT} verdict", f"{made.verdict} does not follow from the checks and the steps")


def _check(made: Document, check: CheckPart) -> Iterator[Problem]:
    """What a status claims must stand beside it."""
    limit = Severity[made.policy.fail_on.upper()]
    counting = [finding for finding in check.findings if finding.waiver is None]
    blocking = any(Severity[f.severity.upper()] >= limit for f in counting)
    holds = {
        Status.PASSED: bool(check.evidence) and not check.findings,
        Status.WARNED: bool(counting) and not blocking,
        Status.FAILED: blocking,
        Status.WAIVED: bool(check.findings) and not counting,
        Status.UNKNOWN: bool(check.reason) and not blocking,
    }
    if not holds.get(check.status, bool(check.reason)):
        yield Problem(f"{REPORT} {check.id}", f"says {check.status}, what stands below it does not")
    for finding in check.findings:
        if finding.waiver is not None and not _waived(made, check.id, finding):
            yield Problem(f"{REPORT} {check.id}", f"no waiver at {finding.waiver} covers {finding.subject}")


def _waived(made: Document, check_id: str, finding: FindingPart) -> bool:
    """Whether the waiver that the finding names speaks of it and held on a day of the operation."""
    values = {
        "path": finding.location.path if finding.location else "",
        "key": finding.subject,
        "fingerprint": finding.fingerprint,
    }
    began, ended = (date.fromisoformat(moment[:10]) for moment in (made.started_at, made.finished_at))
    return any(
        one.place == finding.waiver
        and one.rule == check_id
        and values[one.scope] == one.target
        and one.created <= ended
        and began <= one.expires <= one.created + LONGEST
        for one in made.waivers
    )


def _follows(made: Document) -> bool:
    """Whether the verdict is one that policy, checks and steps allow."""
    gated = _gated(made)
    if not made.steps:
        return made.verdict is gated
    complete = all(step.status == "done" for step in made.steps)
    if made.kind == "rehearse":
        return made.verdict is (Verdict.READY if complete else Verdict.BLOCKED)
    match made.verdict:
        case Verdict.DEPLOYED:
            return complete and gated is not Verdict.BLOCKED
        case Verdict.ROLLED_BACK:
            return complete == (made.kind == "rollback")
        case Verdict.STOPPED | Verdict.FROZEN | Verdict.INTERRUPTED:
            return not complete
        case _:
            return False


def _gated(made: Document) -> Verdict:
    """What the checks alone come to."""
    limit = Severity[made.policy.fail_on.upper()]
    checks = made.checks()
    found = (f for c in checks if c.status in _OPEN for f in c.findings if f.waiver is None)
    if any(Severity[f.severity.upper()] >= limit for f in found):
        return Verdict.BLOCKED
    if set(made.policy.required) - {check.id for check in checks if check.status not in _UNDECIDED}:
        return Verdict.UNVERIFIED
    passed = worst(check.status for check in checks) is Status.PASSED
    return Verdict.READY if passed else Verdict.READY_WITH_NOTES


def _text(name: str, data: bytes, written: str | None) -> Iterator[Problem]:
    """`written` is what this hotelctl makes of the report; None where another one wrote it."""
    expected = None if written is None else written.encode("utf-8", "backslashreplace")
    if not intact(data) or expected not in (None, data):
        line = _first_difference(data, expected or b"")
        yield Problem(f"{name} line {line}", "is not what was written from report.json")


def _evidence(made: Document, files: Mapping[str, bytes]) -> Iterator[Problem]:
    try:
        chain = decode(files[EVIDENCE])
    except ChainBroken as broken:
        before = f" or {broken.line - 1}" if broken.line > 1 else ""
        yield Problem(f"{EVIDENCE} line {broken.line}{before}", broken.why)
        return
    last = f"{EVIDENCE} line {len(chain.records)}"
    if chain.torn:
        yield Problem(last, "is followed by half a line")
    if made.evidence_head != f"sha256:{chain.head}":
        yield Problem(last, "is not the record that the report names as its newest")
    yield from _outputs(chain.records, files)
    yield from _cited(made, chain)


def _outputs(records: Sequence[Mapping[str, Any]], files: Mapping[str, bytes]) -> Iterator[Problem]:
    named = {REPORT, MARKDOWN, HTML, EVIDENCE}
    for record in records:
        output = record.get("output")
        if not output:
            continue
        named.add(output["path"])
        data = files.get(output["path"])
        if data is None:
            yield Problem(f"{record['id']} {output['path']}", "is missing")
        elif (len(data), hashlib.sha256(data).hexdigest()) != (output["bytes"], output["sha256"]):
            yield Problem(f"{record['id']} {output['path']}", "is not what was recorded")
    yield from (Problem(name, "belongs to no record") for name in sorted(files.keys() - named))


def _cited(made: Document, chain: Chain) -> Iterator[Problem]:
    """Every id that the report cites is on record, and every recorded finding is in the report."""
    records = {record.get("id"): record for record in chain.records}
    cited = {check.id: {i for f in check.findings for i in f.evidence} for check in made.checks()}
    for check in made.checks():
        absent = sorted({*check.evidence, *cited[check.id]} - records.keys())
        if absent:
            yield Problem(f"{REPORT} {check.id}", f"names evidence that is not on record: {absent[0]}")
    for step in made.steps:
        if absent := sorted(set(step.evidence) - records.keys()):
            yield Problem(f"{REPORT} step {step.n}", f"names evidence that is not on record: {absent[0]}")
    if made.lock_timeline and (absent := sorted(set(made.lock_timeline.evidence) - records.keys())):
        yield Problem(f"{REPORT} lock_timeline", f"names evidence that is not on record: {absent[0]}")
    yield from _kept(made, records)
    yield from _measured(made, set(records))
    if made.kind != "validate":
        return
    for evidence_id, record in records.items():
        rule = record.get("check")
        if record.get("adapter") == "finding" and evidence_id not in cited.get(str(rule), set()):
            yield Problem(f"{EVIDENCE} {evidence_id}", f"is a finding of {rule} that the report leaves out")


def _kept(made: Document, records: Mapping[Any, Mapping[str, Any]]) -> Iterator[Problem]:
    """What stands on the answer of an earlier command says so, and since when."""
    stands = [(check.id, check.evidence, check.cached) for check in made.checks()]
    if (locks := made.lock_timeline) is not None:
        stands.append(("lock_timeline", locks.evidence, locks.cached))
    for name, evidence, cached in stands:
        stood_on = (records.get(one, {}) for one in evidence)
        kept = (_moment(str(record.get("started_at"))) for record in stood_on if record.get("cached"))
        if cached != min(kept, default=None):
            yield Problem(f"{REPORT} {name}", "does not say since when the answer is kept that it stands on")


def _moment(text: str) -> str:
    """As reports write it; empty for what is no time."""
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return ""


def _measured(made: Document, recorded: set[Any]) -> Iterator[Problem]:
    """Every target's evidence is on record, and none passes without any."""
    for row in made.performance:
        if absent := sorted(set(row.evidence) - recorded):
            yield Problem(f"{REPORT} {row.metric}", f"names evidence that is not on record: {absent[0]}")
        if row.status is Status.PASSED and (row.measured is None or not row.evidence):
            yield Problem(f"{REPORT} {row.metric}", "passes without a measurement on record")


def _first_difference(data: bytes, expected: bytes) -> int:
    """The first line, from 1, in which the two differ."""
    pairs = zip(data.split(b"\n"), expected.split(b"\n"), strict=False)
    return next((n for n, (a, b) in enumerate(pairs, 1) if a != b), data.count(b"\n") + 1)
