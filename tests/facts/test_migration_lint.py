import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_lint import MigrationRemark, command, remarks, seen

_PATH = "migrations/2.sql"
_ITEM: dict[str, Any] = {
    "file": _PATH,
    "line": 3,
    "column": 0,
    "level": "Warning",
    "message": "During normal index creation, table updates are blocked.",
    "help": "Use `concurrently` to avoid blocking writes.",
    "rule_name": "require-concurrent-index-creation",
}
_BROKEN = _ITEM | {"rule_name": "syntax-error", "level": "Error", "message": "expected R_PAREN", "help": None}


def done(code: int | None, items: Any = None, text: str | None = None, **more: Any) -> Completed:  # noqa: ANN401 - JSON
    """How squawk ended."""
    stdout = json.dumps(items if items is not None else []) if text is None else text
    stderr = more.pop("stderr", "")
    return Completed(("squawk",), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_it_is_told_that_a_file_is_one_transaction_and_to_heed_no_settings_but_ours() -> None:
    words = command(_PATH, "/place/squawk.toml")
    assert words[:2] == ("--config", "/place/squawk.toml")
    assert {"json", "--assume-in-transaction", _PATH} <= set(words)
    assert "require-lock-timeout" in words[words.index("--exclude") + 1].split(",")


def test_its_remarks_count_lines_from_one() -> None:
    assert remarks(_PATH, done(0)) == ()
    assert remarks(_PATH, done(1, [_ITEM, _ITEM | {"help": None}])) == (
        MigrationRemark(_ITEM["rule_name"], "warning", _PATH, 4, _ITEM["message"], _ITEM["help"]),
        MigrationRemark(_ITEM["rule_name"], "warning", _PATH, 4, _ITEM["message"], ""),
    )


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, timed_out=True), "killed at its limit"),
        (done(1, text="", stderr='Failed to find files for provided patterns: ["x"]'), "Failed to find"),
        (done(2, text=""), "ended with 2"),
        (done(None), "ended with None"),
        (done(1, text=""), "said nothing"),
        (done(0, text=""), "said nothing"),
        (done(0, text="Found 0 issues"), "not the JSON"),
        (done(0, text="3"), "not the JSON"),
        (done(1, [{"rule_name": "x"}]), "not the JSON"),
        (done(1, ["x"]), "not the JSON"),
        (done(0, [_ITEM]), "ended with 0 and named 1 findings"),
        (done(1), "ended with 1 and named 0 findings"),
        (done(1, [_ITEM | {"file": "other.sql"}]), "ended with 1 and named 1 findings"),
        (done(1, [_ITEM, _BROKEN]), "cannot read line 4: expected R_PAREN"),
        (done(1, [_ITEM], truncated=True), "more than is read"),
        (done(0, stderr="warning: odd"), "complained: warning: odd"),
    ],
)
def test_everything_else_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        remarks(_PATH, how)


@pytest.mark.parametrize(
    ("rule", "kinds", "expected"),
    [
        ("require-concurrent-index-creation", {HazardKind.INDEX_BUILD}, True),
        ("require-concurrent-index-creation", {HazardKind.SCAN}, False),
        ("changing-column-type", {HazardKind.REWRITE, HazardKind.CACHED_PLAN}, True),
        ("changing-column-type", {HazardKind.CACHED_PLAN}, False),
        ("adding-not-nullable-field", {HazardKind.SCAN}, True),
        ("ban-drop-column", {HazardKind.DATA_LOSS}, True),
        # What it warns of takes a moment, whatever was seen.
        ("require-concurrent-index-deletion", {HazardKind.INDEX_BUILD}, False),
        # Nobody measures what the old release reads here, nor a rule that is new to us.
        ("renaming-column", {HazardKind.DATA_LOSS}, None),
        ("a-rule-of-tomorrow", set(), None),
    ],
)
def test_a_rule_is_held_against_what_the_shadow_run_saw(
    rule: str, kinds: set[HazardKind], expected: object
) -> None:
    assert seen(rule, frozenset(kinds)) is expected
