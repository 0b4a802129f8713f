import json
from collections.abc import Mapping
from typing import Any

import pytest
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.advisories import answer, known_bad, requirements

_BAD = {"id": "GHSA-d", "fix_versions": ["2.0"], "aliases": ["CVE-1"], "description": "Weak\nin more words"}
_CANARY = {"name": "django", "version": "1.11", "vulns": [_BAD]}


def pins(**versions: str | None) -> Mapping[NormalizedName, Version | None]:
    """What the lock would install here."""
    return {canonicalize_name(name): Version(v) if v else None for name, v in versions.items()}


def done(code: int | None, *items: dict[str, Any], text: str | None = None, **more: Any) -> Completed:  # noqa: ANN401 - fields
    """How pip-audit ended."""
    stdout = json.dumps({"dependencies": list(items), "fixes": []}) if text is None else text
    stderr = more.pop("stderr", "")
    return Completed(("pip-audit",), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_every_pin_is_asked_and_one_package_that_is_known_to_be_bad() -> None:
    assert requirements(pins(rich="15.0", free=None)) == "rich==15.0\ndjango==1.11\n"
    assert known_bad(pins(django="6.0")) == ("jinja2", "2.10")


def test_advisories_are_those_about_the_pins() -> None:
    item = {"name": "Rich", "version": "15.0", "vulns": [_BAD]}
    (found,), doubts = answer(done(1, _CANARY, item), pins(rich="15.0"))
    assert (found.id, found.name, found.fixed_in, found.aliases, found.summary) == (
        "GHSA-d", "rich", ("2.0",), ("CVE-1",), "Weak",
    )  # fmt: skip
    assert doubts == ()
    assert answer(done(1, _CANARY, item | {"vulns": []}), pins(rich="15.0")) == ((), ())


def test_what_was_skipped_or_left_out_is_a_doubt() -> None:
    skipped = {"name": "odd", "skip_reason": "not found"}
    _, doubts = answer(done(1, _CANARY, skipped), pins(odd="1", rich="15.0", free=None))
    assert doubts == (
        "free has no version that could be looked up",
        "odd was skipped: not found",
        "rich was not looked up",
    )


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, timed_out=True), "killed"),
        (done(2, _CANARY), "ended with 2"),
        (
            done(1, text="", stderr="ERROR:pip_audit:no connection\n"),
            "look nothing up: ERROR:pip_audit:no conn",
        ),
        (done(0, text="", stderr="No known vulnerabilities found"), "look nothing up"),
        (done(0, text=""), "it said nothing"),
        (done(0, text="garbage"), "not the JSON"),
        (done(0, text="[]"), "not the JSON"),
        (done(0, text="{}"), "not the JSON"),
        (done(0), "knows nothing of django==1.11"),
        (done(0, _CANARY | {"vulns": []}), "knows nothing of django==1.11"),
        (done(0, {"name": "django", "skip_reason": "x"}), "knows nothing of django==1.11"),
        (done(1, {"name": "django"}), "not the JSON"),
        (done(1, _CANARY, truncated=True), "more than is read"),
    ],
)
def test_everything_else_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        answer(how, pins(rich="15.0"))
