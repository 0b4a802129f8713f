import inspect
import re
import sys
from pathlib import Path
from typing import Any, get_type_hints

from hotelctl.checks.catalogue import markdown, walk
from hotelctl.core.check import SECTIONS, Check, Stage
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.report import Status
from hotelctl.facts.rebuild import Rebuild
from hotelctl.probes.registry import IN_A_DEPLOY, PROBES
from tests.fakes.evidence import FakeEvidence

CHECKS = walk()
PROJECT = Path(__file__).parents[2]
_AREAS = {
    "environment": "env",
    "schema": "schema",
    "tests": "tests",
    "build": "build",
    "docker": "docker",
    "operations": "operations",
    "performance": "performance",
    "secrets": "secrets",
    "security": "security",
    "services": "services",
}


def test_the_walk_finds_what_the_design_promises_first() -> None:
    wanted = {f"ENV{n:03}" for n in (1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 16, 17, 18, 19)}
    wanted |= (
        {f"DB{n:03}" for n in (1, 2, 3, 4, 17, 20)}
        | {f"TST{n:03}" for n in (1, 2, 3, 8)}
        | {"SEC001", "SEC002", "SEC003"}
    )
    wanted |= {f"BLD{n:03}" for n in range(1, 20)} | {f"OPS{n:03}" for n in (1, 5, 6, 7, 8, 15)}
    assert wanted <= {check.info.id for check in CHECKS}


def test_ids_are_unique_and_sorted() -> None:
    ids = [check.info.id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)


def _place(check: Check) -> tuple[str, ...]:
    return tuple(check.judge.__module__.split(".")[1:])


def test_each_prefix_names_its_section_and_place() -> None:
    for check in CHECKS:
        assert check.info.section in SECTIONS, check.info.id
        place = _place(check)
        assert place[1] == _AREAS[check.info.section], check.info.id
        assert place[-1] == check.judge.__name__


def test_the_words_of_each_are_there() -> None:
    for info in (check.info for check in CHECKS):
        assert re.fullmatch(r"[A-Z]{2,3}\d{3}", info.id)
        assert min(len(info.title), len(info.rationale), len(info.remediation)) > 8, info.id
        assert info.rationale.endswith("."), info.id


def test_the_facts_of_each_have_probes() -> None:
    assert [check.info.id for check in CHECKS if not check.facts or not set(check.facts) <= set(PROBES)] == []


def test_each_is_unknown_when_its_facts_are_unavailable() -> None:
    def gone(_context: object) -> Any:  # noqa: ANN401 - it returns nothing at all
        raise Unavailable("the world is away")

    for check in CHECKS:
        evidence = FakeEvidence()
        evidence.record("test", {})
        facts = FactStore(dict.fromkeys(PROBES, gone), None, evidence)
        result = judge(check, facts, evidence, Severity.HIGH)
        assert (result.status, result.reason) == (Status.UNKNOWN, "the world is away"), check.info.id


def test_each_has_a_mirrored_test() -> None:
    mirrored = {
        check.info.id: PROJECT.joinpath("tests", *place[:-1], f"test_{place[-1]}.py")
        for check in CHECKS
        for place in [_place(check)]
    }
    assert [rule for rule, path in mirrored.items() if not path.is_file()] == []


def test_a_deploy_starts_no_tool_and_builds_once() -> None:
    starts = ("run_tool(", "said_of_file(", "leaks_in(", "scan_files(", "search_files(", "past_search(")
    sources = {kind: inspect.getsource(sys.modules[probe.__module__]) for kind, probe in IN_A_DEPLOY.items()}
    slow = {kind for kind, text in sources.items() if any(word in text for word in starts)} | {Rebuild}
    assert len(slow) == 13
    asked = {check.info.id: check.info.stage for check in CHECKS if slow & set(check.facts)}
    assert set(asked.values()) == {Stage.AUDIT}


def test_the_document_is_what_the_walk_says() -> None:
    assert (PROJECT / "docs" / "checks.md").read_text() == markdown(), (
        "python -m hotelctl.checks > docs/checks.md"
    )


def test_probes_build_only_on_facts_that_have_probes() -> None:
    for probe in PROBES.values():
        hints = get_type_hints(probe)
        assert set(list(hints.values())[1:-1]) <= set(PROBES), probe.__qualname__
