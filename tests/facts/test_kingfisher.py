import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts import kingfisher
from hotelctl.facts.kingfisher import by_place, in_archive, in_history, items
from tests.facts.test_archives import zipped

_VALUE = "hunter2kX9vv7q"
_FILES = {"a.py": f'db = "{_VALUE}"\n'.encode(), "b.py": b"12"}
_BYTES = sum(map(len, _FILES.values()))


def told(path: str = "a.py", rule: str = "betterleaks.github-pat", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """One of its findings."""
    finding = {"snippet": _VALUE, "confidence": "high", "line": 1, "path": path}
    return {"rule": {"id": rule}, "finding": finding | more}


def done(code: int | None, found: list[Any], stderr: str = "", **more: Any) -> Completed:  # noqa: ANN401 - JSON
    """How kingfisher ended; `summary`, `audit` and `git` change what it says of its search."""
    summary = {"findings": len(found), "blobs_scanned": 2, "bytes_scanned": _BYTES}
    audit = {"scan_succeeded": 1, "scan_partial": 0, "scan_failed": 0} | more.pop("audit", {})
    git = {"fetched_commit_count": 5, "shallow": False} | more.pop("git", {})
    answer = {
        "findings": found,
        "audit": {"summary": audit, "repositories": [{"git": git}]},
        "metadata": {"summary": summary | more.pop("summary", {})},
    }
    text = more.pop("text", json.dumps(answer) + '\n{"findings": 99}\n')
    return Completed((), code, text, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_it_asks_no_other_machine_heeds_nothing_that_allows_and_leaves_nothing_out() -> None:
    for words in (kingfisher.command("tree.tar"), kingfisher.command("history", past=True)):
        assert {"--no-validate", "--no-update-check", "--no-ignore", "--no-limits", "--no-dedup"} <= set(
            words
        )
        assert words[words.index("--rule-cache-dir") + 1] == kingfisher.RULES
    assert kingfisher.command("history", past=True)[-2:] == ("full", "history")
    assert kingfisher.command("tree.tar")[-2:] == ("none", "tree.tar")


def test_an_answer_about_all_files_and_commits_counts() -> None:
    assert in_archive(done(200, [told()]), _FILES) == [told()]
    assert in_archive(done(0, []), _FILES) == []
    assert in_history(done(200, [told()]), 5) == [told()]


def test_what_is_no_text_counts_as_what_was_read_out_of_it() -> None:
    held = {**_FILES, "c.zip": zipped({"x": b"1"}), "d.pyc": b"\0" * 99}
    assert in_archive(done(0, [], summary={"blobs_scanned": 4, "bytes_scanned": _BYTES + 1}), held) == []


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, [], timed_out=True), "killed at its limit"),
        (done(1, [told()]), "ended with 1"),
        (done(205, [told()]), "ended with 205"),
        (done(None, [told()]), "ended with None"),
        (done(0, [], text=""), "said nothing"),
        (done(200, [], text="found one"), "not the JSON"),
        (done(200, [], text="[]"), "not the JSON"),
        (done(200, [], text='{"findings": []}'), "not the JSON"),
        (done(0, [told()]), "ended with 0, counts 1 findings and names 1"),
        (done(200, []), "ended with 200, counts 0 findings and names 0"),
        (done(200, [told()], summary={"findings": 2}), "counts 2 findings and names 1"),
        (done(0, [], audit={"scan_partial": 1}), "is not whole"),
        (done(0, [], audit={"scan_failed": 1, "scan_succeeded": 0}), "is not whole"),
        (done(0, [], summary={"blobs_scanned": 1}), "read 1 files of 24 bytes, of at least 2 of 24 bytes"),
        (done(0, [], summary={"bytes_scanned": 0}), "read 2 files of 0 bytes, of at least 2 of 24 bytes"),
        (done(0, [], summary={"bytes_scanned": "many"}), "not the JSON"),
        (done(200, [told()], stderr=f"WARN {_VALUE}"), "kingfisher complained"),
        (done(200, [told()], truncated=True), "more than is read"),
    ],
)
def test_everything_else_is_no_verdict_and_quotes_nothing(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why) as caught:
        in_archive(how, _FILES)
    assert "hunter2" not in caught.value.reason


@pytest.mark.parametrize(
    ("git", "why"),
    [
        ({"fetched_commit_count": 4}, "read 4 commits of 5$"),
        ({"fetched_commit_count": 3, "shallow": True}, "read 3 commits of 5 of a shallow clone"),
        ({"fetched_commit_count": None}, "not the JSON"),
    ],
)
def test_a_history_of_which_commits_are_missing_is_no_verdict(git: dict[str, Any], why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        in_history(done(0, [], git=git), 5)


def test_a_history_of_no_bytes_is_no_verdict() -> None:
    with pytest.raises(Unavailable, match="read 5 commits of 5"):
        in_history(done(0, [], summary={"bytes_scanned": 0}), 5)


def test_a_finding_has_the_form_of_betterleaks_with_what_stands_in_front_of_the_value() -> None:
    git = {"commit": {"id": "a" * 40, "date": "2026-11-30", "author": {"name": "Ada"}}}
    (place, found), *_ = by_place([told(line=3, git_metadata=git)]).items()
    assert place == ("a" * 40, "a.py")
    (one,) = items(found, f'# 1\nname: DB\nvalue: "{_VALUE}"\n'.encode())
    assert (one["rule_id"], one["confidence"]) == ("github-pat", "high")
    assert one["location"] == {"path": "a.py", "start_line": 3}
    assert one["match"] == {"value": _VALUE, "context": f'# 1\nname: DB\nvalue: "{_VALUE}'}
    about = {"resource": "", "git.sha": "a" * 40, "git.date": "2026-11-30", "git.author_name": "Ada"}
    assert one["attributes"] == about
    assert [*by_place([told()])] == [("", "a.py")]


@pytest.mark.parametrize("content", [None, b"", b"\n\nx\n", b"another = 1\n"])
def test_what_does_not_stand_where_it_says_has_nothing_in_front(content: bytes | None) -> None:
    (one,) = items([told()], content)
    assert one["match"]["context"] == _VALUE


def test_of_rules_that_mean_one_value_the_surest_tells_it() -> None:
    low = told(rule="custom.generic-password-given", confidence="low")
    for both in ([low, told()], [told(), low]):
        assert [one["rule_id"] for one in items(both, None)] == ["github-pat"]
    assert len(items([told(), told(line=2)], None)) == 2


@pytest.mark.parametrize("without", ["snippet", "confidence", "line", "path"])
def test_a_finding_of_another_shape_is_none(without: str) -> None:
    broken = told()
    del broken["finding"][without]
    with pytest.raises(Unavailable, match="kingfisher's answer is not the JSON that it promises"):
        [one for found in by_place([broken]).values() for one in items(found, None)]


@pytest.mark.parametrize("broken", [told(confidence="certain"), {"rule": {"id": "x"}}, "x"])
def test_a_finding_that_says_nothing_known_is_none(broken: Any) -> None:  # noqa: ANN401 - JSON
    with pytest.raises(Unavailable, match="not the JSON"):
        [one for found in by_place([broken]).values() for one in items(found, None)]
