from datetime import UTC, datetime

import pytest

from hotelctl.checks.secrets.no_secret_is_in_the_history import no_secret_is_in_the_history as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.facts.past_leaks import HistoryLeaks, PastLeak
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made

_ONE, _OTHER = "[redacted 40 chars #0123abcd]", "[redacted 12 chars #4567abcd]"


def judged(*facts: object) -> list[Finding]:
    """What it finds where nobody answers for an archive."""
    return made.judged(check, *facts, AnsweredArchives())


def past(*found: PastLeak, gap: str = "", **doubts: str) -> HistoryLeaks:
    """What betterleaks finds in nine commits."""
    return HistoryLeaks(9, found, gap, doubts)


def tree(*found: Leak) -> TreeLeaks:
    """What it finds in the work tree."""
    return TreeLeaks(("betterleaks", "fs"), 3, found)


def leak(mark: str = _ONE, path: str = "app.py", confidence: str = "high", doubt: str = "") -> Leak:
    """One of its findings."""
    return Leak("github-pat", confidence, path, 7, mark, doubt)


def came(found: Leak, commit: str = "a", day: int = 1, message: str = "") -> PastLeak:
    """The commit that brought it."""
    return PastLeak(found, commit * 40, "Ada", datetime(2026, 11, day, tzinfo=UTC), message)


def test_a_history_in_which_it_finds_nothing_is_fine() -> None:
    assert judged(past(), tree()) == []


def test_a_value_is_told_with_the_commit_that_brought_it_and_how_many_more_hold_it() -> None:
    moved = came(leak(path="other.py"), "b", day=2)
    (one,) = judged(past(moved, came(leak())), tree())
    assert one.message == (
        "app.py: github-pat (high confidence) in the history, "
        f"since aaaaaaaaaaaa of 2026-11-01 by Ada and 1 more: {_ONE}"
    )
    assert (str(one.location), one.severity, one.subject) == (
        "app.py",
        Severity.CRITICAL,
        f"github-pat {_ONE}",
    )
    assert one.fix.startswith("revoke it at GitHub: ")
    shown = [(part.path, part.text) for part in one.evidence if isinstance(part, FileExcerpt)]
    assert shown == [
        ("app.py", f"github-pat {_ONE}, since aaaaaaaaaaaa of 2026-11-01 by Ada"),
        ("other.py", f"github-pat {_ONE}, since bbbbbbbbbbbb of 2026-11-02 by Ada"),
    ]


def test_what_still_stands_in_the_work_tree_is_told_there() -> None:
    assert judged(past(came(leak())), tree(leak(path="moved.py"))) == []
    assert len(judged(past(came(leak())), tree(leak(_OTHER)))) == 1


def test_a_sample_in_the_work_tree_does_not_hide_that_it_was_none() -> None:
    sample = leak(path="docs/notes.md", doubt="it stands among documentation")
    (one,) = judged(past(came(leak())), tree(sample))
    assert (one.severity, str(one.location)) == (Severity.CRITICAL, "app.py")
    assert judged(past(came(sample)), tree(sample)) == []


def test_it_is_as_severe_as_the_worst_place_of_the_value() -> None:
    mild = came(leak(path="tests/a.py", doubt="it stands among tests"))
    (one,) = judged(past(mild), tree())
    assert (one.severity, one.message.endswith("; perhaps none: it stands among tests")) == (
        Severity.MEDIUM,
        True,
    )
    (one,) = judged(past(mild, came(leak(), "b", day=2)), tree())
    assert one.severity is Severity.CRITICAL


def test_two_values_are_two_findings_that_a_waiver_tells_apart() -> None:
    found = judged(past(came(leak()), came(leak(_OTHER))), tree())
    assert len({one.subject for one in found}) == 2


@pytest.mark.parametrize(
    ("message", "start"), [("commit message", "commit aaaaaaaaaaaa: "), ("tag v1", "tag v1: ")]
)
def test_a_message_is_named_instead_of_a_file(message: str, start: str) -> None:
    (one,) = judged(past(came(leak(path=""), message=message)), tree())
    assert one.message.startswith(start)
    assert one.location is None


def test_guesses_among_samples_are_one_finding() -> None:
    guess = came(leak(path="tests/a.py", confidence="low", doubt="a template"))
    other = came(leak(_OTHER, path="tests/b.py", confidence="low", doubt="a template"), "b")
    (one,) = judged(past(guess, other), tree())
    assert one.severity is Severity.INFO
    assert one.message.startswith("2 values of low confidence in samples that are gone: tests/a.py")


def test_a_clone_without_the_whole_history_is_unknown_after_what_was_found() -> None:
    found = iter(check.judge(past(came(leak()), gap="the clone is shallow"), tree(), AnsweredArchives()))
    assert next(found).severity is Severity.CRITICAL
    with pytest.raises(Unavailable, match="the clone is shallow"):
        next(found)


@pytest.mark.parametrize("found", [(), (came(leak()),)])
def test_an_archive_that_was_not_opened_is_a_doubt_with_what_to_do(found: tuple[PastLeak, ...]) -> None:
    judged = iter(check.judge(past(*found, old="is too large"), tree(), AnsweredArchives()))
    assert [next(judged).subject for _ in found] == [f"github-pat {_ONE}"] * len(found)
    with pytest.raises(Unavailable, match=r"^old: is too large; .*--invert-paths --path PATH; or answer"):
        list(judged)
