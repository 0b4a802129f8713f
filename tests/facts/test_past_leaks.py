import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Trace
from hotelctl.core.ports import Completed
from hotelctl.core.redact import Redactor
from hotelctl.facts.betterleaks import answered
from hotelctl.facts.leaks import Item, token
from hotelctl.facts.past_leaks import PastLeak, brought, ends, expected, past_leaks

_MARK = Redactor(b"key").mark
_VALUE = "hunter2hunter2"
_ABOUT = {
    "git.sha": "a" * 40,
    "git.author_name": "Ada",
    "git.date": "2026-11-29T10:44:43Z",
    "resource": "git.patch_content",
}


def item(path: str | None = "app.py", value: str = _VALUE, **about: str) -> dict[str, Any]:
    """One of its findings; messages have no path."""
    place = {"start_line": 7} | ({"path": path} if path else {})
    found = {"rule_id": "github-pat", "confidence": "high", "match": {"value": value}, "location": place}
    return found | {"attributes": _ABOUT | about}


_PLANTED = [item(name, token(name)) for name, _ in ends()]


def done(*items: dict[str, Any]) -> Completed:
    """How it ended."""
    scan = {"state": "complete", "num_findings": len(items), "bytes_scanned": 99}
    return Completed((), 1, json.dumps({"findings": items, "scan": scan}), "", False, 0.1, "ev-1")  # noqa: FBT003


def told(*items: dict[str, Any]) -> list[Item]:
    """What its answer holds besides the planted ones."""
    return answered(done(*items), expected())


def found(*items: dict[str, Any]) -> tuple[PastLeak, ...]:
    """What is made of these between the planted ones."""
    return past_leaks(told(_PLANTED[0], *items, _PLANTED[1]), _MARK, {"f" * 40: "b" * 40})


def test_a_value_has_its_commit_and_leaves_as_a_mark() -> None:
    (one,) = found(item())
    assert (one.commit, one.author, one.message) == ("a" * 40, "Ada", "")
    assert one.at == datetime(2026, 11, 29, 10, 44, 43, tzinfo=UTC)
    assert (one.leak.path, one.leak.line, one.leak.mark) == ("app.py", 7, _MARK(_VALUE))
    assert _VALUE not in repr(one)


def test_messages_are_told_apart_from_files() -> None:
    commit = item(None, resource="git.commit_message")
    tag = item(None, resource="git.tag_message")
    tag["attributes"] = {**tag["attributes"], "git.tagger_name": "Bob"}
    del tag["attributes"]["git.author_name"]
    assert [(one.message, one.author, one.leak.path) for one in found(commit, tag)] == [
        ("commit message", "Ada", ""),
        ("tag message", "Bob", ""),
    ]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_walk_of_which_an_end_is_missing_means_nothing(missing: int) -> None:
    with pytest.raises(Unavailable, match="did not find a secret that was planted"):
        told(item(), _PLANTED[1 - missing])


def test_who_is_called_as_a_value_is_not_named_nor_is_a_file() -> None:
    named = {"git.author_name": f"Ada {_VALUE}"}
    (one,) = found(item(f"{_VALUE}.py", **named))
    assert (one.author, one.leak.path) == (f"Ada {_MARK(_VALUE)}", f"{_MARK(_VALUE)}.py")


def test_a_commit_that_stands_for_an_object_is_told_as_that() -> None:
    (one,) = found(item(**{"git.sha": "f" * 40}))
    assert (one.commit, one.author) == ("b" * 40, "")


def test_a_year_that_no_calendar_has_is_the_last_moment() -> None:
    for said, year in (("+12026-11-29T10:44:43Z", 9999), ("2026-11-29T10:44:43", 2026)):
        (one,) = found(item(**{"git.date": said}))
        assert (one.at.year, one.at.tzinfo) == (year, UTC)


def test_a_secret_under_the_name_of_what_is_planted_is_found() -> None:
    (name, _), _ = ends()
    assert [one.leak.path for one in found(item(name))] == [name]


@pytest.mark.parametrize("without", ["attributes", "location", "rule_id", "match"])
def test_an_answer_of_another_shape_is_none(without: str) -> None:
    broken = {key: value for key, value in item().items() if key != without}
    with pytest.raises(Unavailable, match="not the JSON that it promises"):
        found(broken)


def test_a_commit_brought_what_came_with_it_and_a_merge_what_nobody_else_did() -> None:
    at = datetime(2026, 11, 29, tzinfo=UTC)
    own, merge = Trace("a" * 40, "Ada", at, "a.py"), Trace("b" * 40, "Ada", at, "a.py", merged=True)
    gone, tag = Trace("c" * 40, "Ada", at, "a.py", came=False), Trace("d" * 40, "Ada", at, "", "v1")
    assert brought((own, merge, gone, tag)) == (own,)
    assert brought((merge, gone, tag)) == (merge,)
    assert brought((gone, tag)) == ()
