"""One run of the quick test tier, as its JUnit XML tells it."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from xml.etree import ElementTree as ET

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Evidence, FileExcerpt
from hotelctl.core.redact import by_shape

# Source: Maven Surefire's report, which cargo-nextest and others follow: failed first, passed in the end.
_RETRIED = ("flakyFailure", "flakyError")


@dataclass(frozen=True, slots=True)
class Case:
    """One test that did not pass: `name` as the runner prints it, `words` its last line."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a JUnit file; `errors` includes collection errors, which are listed apart too.

    `passed_over` are the cases that were skipped or expected to fail, with the reason given, `retried` those
    that passed after they had failed, `ran` the names of all that ran. `duration_s` is what the suites say
    that they took, None where one says nothing.
    """

    tests: int
    skipped: int
    failed: tuple[Case, ...]
    errors: tuple[Case, ...]
    collection_errors: tuple[Case, ...]
    passed_over: tuple[Case, ...] = ()
    retried: tuple[Case, ...] = ()
    ran: frozenset[str] = frozenset()
    duration_s: float | None = None

    @property
    def executed(self) -> int:
        """Tests that really ran; a collection error is no test."""
        return self.tests - self.skipped - len(self.collection_errors)


@dataclass(frozen=True, slots=True)
class TestRun:
    """What ran, of which commit, until when, for how long, and how the command ended.

    Where `files` hold what another run left, `argv` is empty and the exit code unknown. `duration_s` is
    None where nobody knows it.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for a test

    counts: Counts
    commit: str
    finished_at: datetime
    exit_code: int | None
    argv: tuple[str, ...]
    words: str
    files: tuple[str, ...] = ()
    duration_s: float | None = None

    @property
    def executed(self) -> int:
        """Tests that really ran."""
        return self.counts.executed

    @property
    def again(self) -> str:
        """The command that can be pasted to run them again; empty where it is not known."""
        return shlex.join(self.argv)

    def shown(self, text: str) -> Evidence:
        """`text` as evidence: what the command said, or what stands in the files."""
        if self.files:
            return FileExcerpt(self.files[0], None, by_shape(text))
        return CommandOutput(self.argv, self.exit_code, by_shape(text))


def together(counts: Sequence[Counts]) -> Counts:
    """The numbers of several JUnit files as one."""
    took = [one.duration_s for one in counts]
    return Counts(
        sum(one.tests for one in counts),
        sum(one.skipped for one in counts),
        tuple(case for one in counts for case in one.failed),
        tuple(case for one in counts for case in one.errors),
        tuple(case for one in counts for case in one.collection_errors),
        tuple(case for one in counts for case in one.passed_over),
        tuple(case for one in counts for case in one.retried),
        frozenset().union(*(one.ran for one in counts)),
        None if None in took else sum(filter(None, took)),
    )


def parse_junit(text: str | bytes) -> Counts:
    """The counts of a JUnit XML document, taken from its cases, not from its summary attributes.

    Raises:
        Unavailable: it is not JUnit XML.

    """
    try:
        root = ET.fromstring(text)  # noqa: S314 - written by the test command that was just run
    except ET.ParseError as error:
        raise Unavailable(f"the test report is not XML: {error}") from error
    if root.tag not in ("testsuites", "testsuite"):
        raise Unavailable(f"the test report is not JUnit XML: its root is <{root.tag}>")
    cases = list(root.iter("testcase"))
    errors = tuple(_with(cases, "error"))
    collection = tuple(
        case for case, node in zip(errors, _nodes(cases, "error"), strict=True) if _collecting(node)
    )
    passed_over = tuple(_with(cases, "skipped"))
    not_run = {case.name for case in (*passed_over, *collection)}
    return Counts(
        tests=len(cases),
        skipped=len(passed_over),
        failed=tuple(_with(cases, "failure")),
        errors=errors,
        collection_errors=collection,
        passed_over=passed_over,
        retried=tuple(case for tag in _RETRIED for case in _with(cases, tag)),
        ran=frozenset(name for case in cases if (name := _name(case)) not in not_run),
        duration_s=_took(root),
    )


def _took(root: ET.Element) -> float | None:
    """The seconds of all suites that hold cases themselves; None where one names no number."""
    suites = [suite for suite in root.iter("testsuite") if suite.find("testcase") is not None]
    try:
        return sum(float(suite.get("time") or "") for suite in suites) if suites else None
    except ValueError:
        return None


def _name(case: ET.Element) -> str:
    return "::".join(part for part in (case.get("classname") or "", case.get("name") or "") if part)


def _nodes(cases: list[ET.Element], tag: str) -> Iterator[ET.Element]:
    return (node for case in cases if (node := case.find(tag)) is not None)


def _with(cases: list[ET.Element], tag: str) -> Iterator[Case]:
    for case in cases:
        if (node := case.find(tag)) is not None:
            yield Case(_name(case), _first_line(node.get("message") or node.text or ""))


def _collecting(node: ET.Element) -> bool:
    """Source: pytest's junitxml writes this message where a module could not be imported."""
    return "collection failure" in (node.get("message") or "")


def _first_line(text: str) -> str:
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")
