import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.workflow_audit import WorkflowFinding, command, findings

_PLACE: dict[str, Any] = {
    "symbolic": {
        "key": {"Local": {"verbatim_path": ".github/workflows/ci.yml"}},
        "annotation": "may expand into attacker-controllable code",
        "kind": "Primary",
    },
    "concrete": {"location": {"start_point": {"row": 6, "column": 8}}},
}
_OTHER = {**_PLACE, "symbolic": {**_PLACE["symbolic"], "kind": "Related"}, "concrete": {}}
_ITEM: dict[str, Any] = {
    "ident": "template-injection",
    "desc": "code injection via template expansion",
    "url": "https://docs.zizmor.sh/audits/#template-injection",
    "determinations": {"confidence": "High", "severity": "High", "persona": "Regular"},
    "locations": [_OTHER, _PLACE],
    "ignored": False,
}


def done(code: int | None, items: Any = None, text: str | None = None, **more: Any) -> Completed:  # noqa: ANN401 - JSON
    """How zizmor ended."""
    stdout = json.dumps(items if items is not None else []) if text is None else text
    stderr = more.pop("stderr", "")
    return Completed(("zizmor",), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_it_is_told_to_ask_nobody_and_to_heed_no_settings() -> None:
    assert {"--offline", "--no-config", "--strict-collection", "ci.yml"} <= set(command("ci.yml"))


def test_its_findings_have_their_primary_place() -> None:
    assert findings(done(0)) == ()
    assert findings(done(14, [_ITEM])) == (
        WorkflowFinding(
            "template-injection",
            "high",
            ".github/workflows/ci.yml",
            7,
            "code injection via template expansion",
            "may expand into attacker-controllable code",
            "https://docs.zizmor.sh/audits/#template-injection",
        ),
    )
    assert findings(done(0, [_ITEM | {"ignored": True}])) == ()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, timed_out=True), "killed at its limit"),
        (
            done(1, text="", stderr="fatal: x\nfailed to load file://a.yml as workflow\n"),
            "zizmor failed to load file://a.yml",
        ),
        (done(1, text=""), "ended with 1"),
        (done(3), "ended with 3"),
        (done(0, text=""), "said nothing"),
        (done(0, text="all good"), "not the JSON"),
        (done(0, [_ITEM]), "ended with 0 and named 1 findings"),
        (done(14), "ended with 14 and named 0 findings"),
        (done(14, [{"ident": "x"}]), "not the JSON"),
        (done(14, [_ITEM | {"locations": []}]), "not the JSON"),
        (done(14, ["x"]), "not the JSON"),
        (done(14, [_ITEM], truncated=True), "more than is read"),
    ],
)
def test_everything_else_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        findings(how)
