"""JUnit XML as Jenkins, GitLab and others read it: a suite a section, a case a check, one more for the steps.

A finding that blocks is a failure, a check that could not be judged an error, one that was not asked or
is waived is skipped with the reason. What only warns passes: its findings stand in the case's output.
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from hotelctl.core.report import Status
from hotelctl.render.console import undecided
from hotelctl.render.document import CheckPart, Document, StepPart
from hotelctl.render.rows import Row, evidence, rows
from hotelctl.render.words import clean, one_line

# XML 1.0 has no way to write these two, not even as a reference.
_NO_XML = re.compile("[\ufffe\uffff]")
_KINDS = ("failure", "error", "skipped")
_STEPS = {"failed": "failure", "undone": "failure", "running": "error", "planned": "skipped"}


def render(made: Document) -> str:
    """The text of the file."""
    required, found = undecided(made), rows(made)
    suites = [
        _suite(made, section.id, [_check(check, section.id, required, found) for check in section.checks])
        for section in made.sections
        if section.checks
    ]
    if made.steps:
        suites.append(_suite(made, "steps", [_step(step) for step in made.steps]))
    root = ET.Element("testsuites", name=f"hotelctl {made.kind}", time=f"{made.duration_s:.3f}")
    root.extend(suites)
    counts = ("tests", "failures", "errors")
    root.attrib.update({key: str(sum(int(suite.attrib[key]) for suite in suites)) for key in counts})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(made: Document, name: str, cases: Iterable[ET.Element]) -> ET.Element:
    every = list(cases)
    counts = {kind: sum(case.find(kind) is not None for case in every) for kind in _KINDS}
    suite = ET.Element(
        "testsuite",
        name=f"hotelctl.{name}",
        tests=str(len(every)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time=f"{sum(float(case.attrib['time']) for case in every):.3f}",
        timestamp=made.started_at[:19],
    )
    suite.extend(every)
    return suite


def _case(section: str, name: str, duration_s: float) -> ET.Element:
    return ET.Element("testcase", classname=f"hotelctl.{section}", name=_text(name), time=f"{duration_s:.3f}")


def _check(check: CheckPart, section: str, required: Iterable[str], found: Iterable[Row]) -> ET.Element:
    case = _case(section, f"{check.id} {check.title}", check.duration_s)
    mine = [row for row in found if row.check.id == check.id]
    counting = [row for row in mine if row.waiver is None]
    match check.status:
        case Status.FAILED:
            _outcome(case, "failure", check.severity, "; ".join(r.title for r in counting), counting)
        case Status.UNKNOWN:
            _outcome(case, "error", "unknown", check.reason or "")
        case Status.SKIPPED if check.id in required:
            _outcome(case, "error", "required", f"required, but skipped: {check.reason}")
        case Status.SKIPPED | Status.WAIVED:
            _outcome(case, "skipped", check.status, check.reason or "")
        case Status.NOT_APPLICABLE:
            _outcome(case, "skipped", check.status, f"not applicable: {check.reason}")
        case _:
            pass
    shown = [] if check.status is Status.FAILED else mine
    notes = (f"{label}: {words}" for label, words in check.notes())
    _output(case, [*(row.text for row in shown), *notes, evidence(check.evidence)])
    return case


def _outcome(case: ET.Element, kind: str, word: str, message: str, found: Iterable[Row] = ()) -> None:
    outcome = ET.SubElement(case, kind, type=_text(word), message=_text(one_line(message)))
    outcome.text = _text("\n\n".join(f"{row.place}: {row.text}" for row in found) or message)


def _output(case: ET.Element, lines: Iterable[str]) -> None:
    ET.SubElement(case, "system-out").text = _text("\n\n".join(lines))


def _step(step: StepPart) -> ET.Element:
    case = _case("steps", f"{step.n} {step.name}", step.duration_s)
    if step.status in _STEPS:
        _outcome(case, _STEPS[step.status], step.status, step.summary)
    _output(case, [step.summary, evidence(step.evidence)])
    return case


def _text(words: str) -> str:
    return _NO_XML.sub(lambda hit: f"\\u{ord(hit[0]):04x}", clean(words))
