from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotelctl.checks.secrets.no_secret_of_the_service_is_copied import (
    no_secret_of_the_service_is_copied as check,
)
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.history import Trace
from hotelctl.facts.secret_copies import SecretCopies, SecretCopy
from hotelctl.facts.secret_history import PastCopy, SecretHistory
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made

_MARK = "[redacted 24 chars #0123abcd]"
NO_PAST = SecretHistory(12, ())
NOTHING = SecretCopies(1, 3, ())


def judged(*facts: object) -> list[Finding]:
    """What it finds where nobody answers for an archive."""
    return made.judged(check, *facts, AnsweredArchives())


def copy(line: int, path: str = "deploy.sh", name: str = "LOGIN", *, encoded: bool = False) -> SecretCopy:
    return SecretCopy((name,), path, line, _MARK, encoded)


def test_values_that_stand_nowhere_are_fine() -> None:
    assert judged(SecretCopies(2, 3, ()), NO_PAST) == []


def test_a_value_in_a_file_is_one_finding_with_all_its_places() -> None:
    (one,) = judged(SecretCopies(1, 3, (copy(9, encoded=True), copy(4))), NO_PAST)
    assert (one.subject, str(one.location), one.severity) == ("LOGIN", "deploy.sh:4", None)
    assert one.message == f"deploy.sh: the value of LOGIN stands here, line 4, line 9 (encoded): {_MARK}"
    assert len(one.evidence) == 2
    assert check.info.severity is Severity.CRITICAL


def test_other_files_and_other_values_are_findings_of_their_own() -> None:
    found = judged(SecretCopies(2, 3, (copy(1), copy(1, "b.sh"), copy(1, name="OTHER"))), NO_PAST)
    assert [(one.subject, str(one.location)) for one in found] == [
        ("LOGIN", "b.sh:1"),
        ("LOGIN", "deploy.sh:1"),
        ("OTHER", "deploy.sh:1"),
    ]


def test_a_file_that_could_not_be_read_is_a_doubt_after_what_was_found() -> None:
    judged = check.judge(
        SecretCopies(1, 1, (copy(1),), {"big.bin": "is too large"}), NO_PAST, AnsweredArchives()
    )
    assert next(iter(judged)).subject == "LOGIN"
    with pytest.raises(Unavailable, match=r"big\.bin: is too large"):
        list(check.judge(SecretCopies(1, 1, (), {"big.bin": "is too large"}), NO_PAST, AnsweredArchives()))


def trace(commit: str, day: int, path: str = "deploy.sh") -> Trace:
    return Trace(commit * 40, "Ada", datetime(2026, 1, day, tzinfo=UTC), path)


def past(*traces: Trace, object_id: str = "e" * 40, encoded: bool = False) -> PastCopy:
    return PastCopy(("LOGIN",), object_id, _MARK, encoded, traces, bool(traces))


def test_the_history_tells_since_when_by_whom_and_how_to_mend_it() -> None:
    old, new = past(trace("a", 3)), past(trace("b", 7), trace("c", 5), object_id="d" * 40)
    (one,) = judged(NOTHING, SecretHistory(12, (new, old)))
    assert (one.subject, str(one.location), one.severity) == ("LOGIN in the history", "deploy.sh", None)
    when = f"since {'a' * 12} of 2026-01-03 by Ada, last touched in {'b' * 12} of 2026-01-07 by Ada"
    assert one.message == f"deploy.sh: the history holds the value of LOGIN, {when}: {_MARK}"
    assert one.fix.splitlines()[:2] == ["give LOGIN a new value,", "revoke the old one, then:"]
    shown = [(one.path, one.text) for one in one.evidence if isinstance(one, FileExcerpt)]
    assert set(shown) == {("deploy.sh", f"LOGIN {_MARK} in git object {sign * 40}") for sign in "de"}


def test_of_a_change_are_the_commits_that_added_it_and_merges_where_no_other_did() -> None:
    gone = replace(trace("d", 9), came=False)
    merge = replace(trace("c", 7), merged=True)
    both = past(trace("a", 3), merge, trace("b", 5), gone)
    (one,) = judged(NOTHING, SecretHistory(12, (both,)))
    assert one.commits == ("a" * 40, "b" * 40)
    (one,) = judged(NOTHING, SecretHistory(12, (past(merge, gone),)))
    assert one.commits == ("c" * 40,)


def test_files_and_commit_messages_are_findings_of_their_own() -> None:
    copies = (past(trace("a", 1, "b.sh")), past(trace("a", 1)), past(trace("f", 1, "")))
    found = judged(NOTHING, SecretHistory(12, copies))
    assert [one.location and str(one.location) for one in found] == ["b.sh", None, "deploy.sh"]
    assert found[1].subject == f"LOGIN in the history, commit {'f' * 12}"
    (shown,) = found[1].evidence
    assert isinstance(shown, FileExcerpt)
    assert shown.text == f"LOGIN {_MARK} in git object {'e' * 40}"


def test_what_no_branch_reaches_is_milder_and_is_thrown_away() -> None:
    (one,) = judged(NOTHING, SecretHistory(12, (past(), past(object_id="d" * 40))))
    assert (one.severity, one.location) == (Severity.MEDIUM, None)
    assert "in 2 objects that no branch and no tag reaches" in one.message
    assert "git gc --prune=now" in one.fix


@pytest.mark.parametrize(
    ("history", "why"),
    [
        (SecretHistory(12, (), gap="the clone is shallow"), "the clone is shallow"),
        (SecretHistory(12, (past(trace("a", 1)),), gap="the clone is partial"), "the clone is partial"),
        (SecretHistory(12, (past(trace("a", 1)),), "", {"a.zip": "is locked"}), "^a.zip: is locked; look"),
        (SecretHistory(12, (), "is shallow", {"a.zip": "is locked"}), "^is shallow; a.zip: is locked; look"),
    ],
)
def test_a_history_that_was_not_all_searched_is_a_doubt(history: SecretHistory, why: str) -> None:
    found = iter(check.judge(NOTHING, history, AnsweredArchives()))
    assert [str(next(found).location) for _ in history.copies] == ["deploy.sh"] * len(history.copies)
    with pytest.raises(Unavailable, match=why):
        list(found)


def test_two_values_of_one_name_are_two_findings() -> None:
    other = replace(copy(4), mark="[redacted 9 chars #89abcdef]")
    found = judged(SecretCopies(2, 3, (copy(4), other)), NO_PAST)
    assert len({one.message for one in found}) == 2
    pasts = past(trace("a", 1)), replace(past(trace("a", 1)), mark=other.mark)
    assert len(judged(NOTHING, SecretHistory(12, pasts))) == 2


def test_what_a_tag_alone_names_and_what_nobody_could_place_are_no_less_severe() -> None:
    tagged = past(replace(trace("a", 1, ""), ref="v1"))
    unplaced = replace(past(), reached=None)
    found = judged(NOTHING, SecretHistory(12, (tagged, unplaced)))
    assert [one.subject for one in found] == ["LOGIN in the history, objects", "LOGIN in the history, tag v1"]
    assert [one.severity for one in found] == [None, None]
    assert "in 1 object:" in found[0].message


def test_a_name_that_holds_it_is_deleted_and_nothing_is_rewritten() -> None:
    (one,) = judged(NOTHING, SecretHistory(12, (replace(past(), reached=True, called="tag"),)))
    assert (
        one.message
        == f"name of a tag: the history holds the value of LOGIN, in what a tag is called: {_MARK}"
    )
    assert one.fix == "give LOGIN a new value,\ndelete the tag here and at every remote"
    assert (one.location, one.severity) == (None, None)
