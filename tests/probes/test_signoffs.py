from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from hotelctl.config.environment import Environment
from hotelctl.core.seal import report_digest
from hotelctl.facts.signoff import Signoff, Signoffs
from tests.facts.test_validation import REPORT, sealed
from tests.fakes.processes import Answer
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World

SIGNED = Signoff("bela", "operations", "2026-03-01T13:00:00Z", "sha256:ab", "armour")
GOOD = Answer(0, 'Good "hotelctl-report" signature for bela with ED25519 key SHA256:one\n')
NOT = Answer(255, "", "Could not verify signature.")


def _world(**changes: Any) -> World:  # noqa: ANN401 - any field of the report
    world = World()
    world.deploying = True
    world.environment = Environment.model_validate({"approvals": {"needed": 2}})
    world.write("allowed_signers", "bela ssh-ed25519 AAAA")
    finished = (world.clock.now() - timedelta(hours=1)).isoformat()
    words = {"environment": "local", "profile": "ci", "finished_at": finished, "signoffs": [asdict(SIGNED)]}
    git = {"commit": COMMIT, "dirty": False}
    world.write("reports/r1/report.json", sealed(**{**words, "git": git, **changes}))
    world.processes.answer(("ssh-keygen",), NOT)
    world.processes.answer(("ssh-keygen", "-I", "bela"), GOOD)
    return world


def test_the_sign_offs_of_the_newest_validation_are_judged() -> None:
    world = _world()
    found: Signoffs = world.fact(Signoffs)
    assert (found.place, found.missing, found.needed) == ("reports/r1/report.json", "", 2)
    (one,) = found.found
    assert (one.signoff, one.problem, one.key, one.by_author) == (SIGNED, "", "SHA256:one", False)
    raw = REPORT | {
        "environment": "local",
        "profile": "ci",
        "finished_at": found.finished_at.isoformat(),
        "git": {"commit": COMMIT, "dirty": False},
    }
    assert found.digest == report_digest(raw)
    assert world.processes.commands[0].stdin == SIGNED.payload


def test_the_author_of_the_commit_is_known_by_the_key() -> None:
    world = _world()
    world.processes.answer(("ssh-keygen", "-I", "ada@example.org"), GOOD)
    assert world.fact(Signoffs).found[0].by_author


def test_a_report_of_another_commit_is_none_to_sign_off() -> None:
    found = _world(git={"commit": "d" * 40, "dirty": False}).fact(Signoffs)
    assert (found.place, found.found) == ("reports/r1/report.json", ())
    assert found.missing == f"is of dddddddddddd, HEAD is {COMMIT[:12]}"
    found = _world(kind="deploy").fact(Signoffs)
    assert (found.place, found.missing[:19]) == ("reports", "holds no validation")
    assert _world(git=None).fact(Signoffs).missing.startswith("is of no commit")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("blocked", "says that the release is blocked"),
        ("unverified", "says that a required check could not judge"),
        ("interrupted", "says that it was interrupted"),
    ],
)
def test_a_verdict_that_lets_nothing_pass_is_none_to_sign_off(verdict: str, words: str) -> None:
    found = _world(verdict=verdict).fact(Signoffs)
    assert (found.place, found.missing, found.found) == ("reports/r1/report.json", words, ())
    assert _world(verdict="ready_with_notes").fact(Signoffs).missing == ""


def test_what_cannot_be_read_or_verified_is_unknown() -> None:
    assert "sign-offs cannot be read" in _world(signoffs=[1]).why_not(Signoffs)
    world = _world()
    world.processes.absent("ssh-keygen")
    assert world.why_not(Signoffs) == "Unavailable: ssh-keygen is not installed"


@pytest.mark.parametrize(
    ("deploying", "needed", "words"),
    [(False, 2, "it is asked before a deploy"), (True, 0, "names no number of approvals")],
)
def test_who_validates_or_needs_none_is_not_asked(deploying: bool, needed: int, words: str) -> None:  # noqa: FBT001
    world = _world()
    world.deploying = deploying
    world.environment = Environment.model_validate({"approvals": {"needed": needed}})
    why = world.why_not(Signoffs)
    assert why.startswith("NotApplicable: ")
    assert words in why
