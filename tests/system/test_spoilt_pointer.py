"""Somebody wrote into the edge's pointer, or removed it: what still answers, and the two ways out."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.deploy.targets import supervision
from tests.system.site import Site
from tests.system.tidiness import serving

pytestmark = pytest.mark.system

SPOILT = {"garbage": b"\x00nonsense", "a foreign address": b"127.0.0.1:1", "emptied": b"", "removed": None}


def spoil(site: Site, content: bytes | None) -> None:
    """As an editor or a script does it."""
    if content is None:
        site.places.active.unlink()
    else:
        site.places.active.write_bytes(content)


@pytest.fixture
def whole(served: Site) -> Iterator[Site]:
    """The site; its pointer is as it was, whatever a test left."""
    before = served.places.active.read_bytes()
    yield served
    served.places.active.write_bytes(before)


def standing(site: Site) -> tuple[list[Path], tuple[str, ...], bool]:
    """What a refused command must leave as it was: reports, operations, the hold."""
    return sorted((site.root / "reports").iterdir()), site.operations(), (site.state / "frozen.json").exists()


@pytest.mark.parametrize("content", SPOILT.values(), ids=list(SPOILT))
def test_looking_goes_on_and_resolve_puts_it_back(whole: Site, content: bytes | None) -> None:
    running, before = whole.answers(), standing(whole)
    spoil(whole, content)
    for words in (("deploy", "--yes"), ("rollback",), ("verify",)):
        refused = whole.run(*words).expect(12)
        assert "hint: hotelctl resolve --reason TEXT puts it back, hotelctl rollback --to ID" in refused.err
    assert standing(whole) == before
    assert whole.facts("status")["serving"].startswith("diverged: the edge points ")
    assert whole.facts("plan")["serving"].startswith("unknown: the edge points ")
    assert whole.facts("history")[0]["outcome"] == "succeeded"
    whole.run("logs").expect(0)
    assert standing(whole) == before
    whole.run("resolve", "--reason", "a wrong script wrote there").expect(0)
    assert (whole.answers(), whole.answers("/ready")) == (running, {"ready": True})
    assert whole.facts("status")["ready"] is True
    whole.run("resolve", "--reason", "again").expect(2)


def test_validate_judges_what_it_can_and_says_the_rest(whole: Site) -> None:
    spoil(whole, None)
    ended = whole.run("validate", "--only", "environment,operations", "--format", "json")
    assert ended.code in {0, 1, 3}, str(ended)
    assert "the edge points nowhere" in ended.err
    checks = {one["id"]: one for part in whole.report()["sections"] for one in part["checks"]}
    assert checks["OPS005"]["status"] == "unknown"
    assert "the edge points nowhere" in checks["OPS005"]["reason"]
    assert checks["ENV001"]["status"] == "pass"


def test_a_rollback_to_a_named_release_mends_it_too(whole: Site) -> None:
    running, release = whole.answers(), serving(whole)
    spoil(whole, b"127.0.0.1:1")
    whole.run("rollback", "--to", str(release)).expect(0)
    assert (whole.answers(), whole.answers("/ready")) == (running, {"ready": True})
    assert whole.report()["verdict"] == "rolled_back"
    assert serving(whole) == release


def test_a_release_that_hangs_is_not_called_ready_and_gets_no_traffic_back(whole: Site) -> None:
    release = str(serving(whole))
    seen = supervision.observed(whole.places, release)
    assert seen is not None
    os.kill(seen.pid, signal.SIGSTOP)
    try:
        status = whole.facts("status")
        spoil(whole, b"nonsense")
        refused = whole.run("resolve", "--reason", "a wrong script").expect(12)
    finally:
        os.kill(seen.pid, signal.SIGCONT)
    assert (status["process"], status["ready"]) == ("runs", False)
    assert status["unready"] == "/ready: no answer within 2 s"
    assert "is not ready: /ready: no answer within 2 s" in refused.err
    assert f"hint: hotelctl rollback --to {release}" in refused.err
    whole.run("resolve", "--reason", "it answers again").expect(0)
    assert whole.answers("/ready") == {"ready": True}
