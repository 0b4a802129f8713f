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


@dataclass(frozen=True, slots=True)
class Case:
    """One test that did not pass: `name` as the runner prints it, `words` its last line."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a JUnit file; `errors` includes collection errors, which are listed apart too."""

    tests: int
    skipped: int
    failed: tuple[Case, ...]
    errors: tuple[Case, ...]
    collection_errors: tuple[Case, ...]

    @property
    def executed(self) -> int:
        """Tests that really ran; a collection error is no test."""
        return self.tests - self.skipped - len(self.collection_errors)


@dataclass(frozen=True, slots=True)
class TestRun:
    """What ran, of which commit, until when, and how the command ended.

    Where `files` hold what another run left, `argv` is empty and the exit code unknown.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for a test

    counts: Counts
    commit: str
    finished_at: datetime
    exit_code: int | None
    argv: tuple[str, ...]
    words: str
    files: tuple[str, ...] = ()

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
    return Counts(
        sum(one.tests for one in counts),
        sum(one.skipped for one in counts),
        tuple(case for one in counts for case in one.failed),
        tuple(case for one in counts for case in one.errors),
        tuple(case for one in counts for case in one.collection_errors),
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
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return Counts(len(cases), skipped, tuple(_with(cases, "failure")), errors, collection)


def _nodes(cases: list[ET.Element], tag: str) -> Iterator[ET.Element]:
    return (node for case in cases if (node := case.find(tag)) is not None)


def _with(cases: list[ET.Element], tag: str) -> Iterator[Case]:
    for case in cases:
        if (node := case.find(tag)) is not None:
            place = case.get("classname") or ""
            name = "::".join(part for part in (place, case.get("name") or "") if part)
            yield Case(name, _first_line(node.get("message") or node.text or ""))


def _collecting(node: ET.Element) -> bool:
    """Source: pytest's junitxml writes this message where a module could not be imported."""
    return "collection failure" in (node.get("message") or "")


def _first_line(text: str) -> str:
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")
