import pytest

from hotelctl.checks.secrets.no_secret_is_in_the_work_tree import no_secret_is_in_the_work_tree as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made

_ONE, _OTHER = "[redacted 40 chars #0123abcd]", "[redacted 12 chars #4567abcd]"


def judged(*facts: object) -> list[Finding]:
    """What it finds where nobody answers for an archive."""
    return made.judged(check, *facts, AnsweredArchives())


def tree(*found: Leak, **doubts: str) -> TreeLeaks:
    """What betterleaks finds in three files."""
    return TreeLeaks(("betterleaks", "fs"), 3, found, doubts)


def leak(confidence: str = "high", doubt: str = "", path: str = "app.py", line: int = 7) -> Leak:
    """One of its findings."""
    return Leak("github-pat", confidence, path, line, _ONE, doubt)


def test_files_in_which_it_finds_nothing_are_fine() -> None:
    assert judged(tree()) == []


def test_a_finding_has_its_rule_its_place_and_a_mark_for_the_value() -> None:
    (one,) = judged(tree(leak()))
    assert (one.subject, str(one.location), one.severity) == ("github-pat", "app.py:7", Severity.CRITICAL)
    assert one.message == f"app.py: github-pat (high confidence): line 7 {_ONE}"


@pytest.mark.parametrize(
    ("confidence", "doubt", "severity"),
    [
        ("high", "", Severity.CRITICAL),
        ("medium", "", Severity.HIGH),
        ("low", "", Severity.LOW),
        ("none", "", Severity.LOW),
        ("high", "a template", Severity.MEDIUM),
        ("medium", "a template", Severity.LOW),
    ],
)
def test_it_is_as_severe_as_it_is_sure(confidence: str, doubt: str, severity: Severity) -> None:
    (one,) = judged(tree(leak(confidence, doubt)))
    assert one.severity is severity
    assert one.message.endswith(f"perhaps none: {doubt}") is bool(doubt)


def test_what_is_only_guessed_of_samples_is_one_finding_with_every_place_as_evidence() -> None:
    found = judged(tree(*(leak("low", "a template", f"tests/{n}.py") for n in range(5)), leak()))
    assert [one.severity for one in found] == [Severity.CRITICAL, Severity.INFO]
    start = "5 values of low confidence in samples: tests/0.py:7 github-pat [redacted 40 chars #0123abcd], "
    assert found[1].message.startswith(start)
    assert found[1].message.endswith(" and 2 more")
    assert [one.path for one in found[1].evidence if isinstance(one, FileExcerpt)] == [
        f"tests/{n}.py" for n in range(5)
    ]


def test_a_rule_in_a_file_is_one_finding_at_its_worst_place() -> None:
    mild = Leak("github-pat", "high", "app.py", 2, _OTHER, "a template")
    found = judged(tree(mild, leak(line=9), leak(line=8), leak(path="b.py")))
    assert [str(one.location) for one in found] == ["app.py:8", "b.py:7"]
    assert found[0].severity is Severity.CRITICAL
    assert found[0].message.endswith(f"line 8 {_ONE}, line 9 {_ONE}, line 2 {_OTHER}")


def test_a_file_that_could_not_be_searched_is_unknown_after_what_was_found() -> None:
    found = iter(check.judge(tree(leak(), **{"big.bin": "has 60.0 MB, above 50 MB"}), AnsweredArchives()))
    assert next(found).severity is Severity.CRITICAL
    with pytest.raises(Unavailable, match=r"big\.bin: has 60"):
        next(found)
