import dataclasses

from hotelctl.checks.operations.way_back_is_open import way_back_is_open
from hotelctl.facts.rollback_readiness import RollbackReadiness
from tests.checks import made

_GOOD = RollbackReadiness("r0", "releases/r0/a.whl", "a" * 64, "a" * 64, ("r1 proved class A",))


def test_an_artifact_and_a_rehearsal_are_fine() -> None:
    assert not made.judged(way_back_is_open, _GOOD)


def test_a_missing_or_changed_artifact_is_a_finding() -> None:
    for now, words in ((None, "is gone"), ("b" * 64, "is not what was built")):
        (finding,) = made.judged(way_back_is_open, dataclasses.replace(_GOOD, sha256_now=now))
        assert words in finding.message


def test_no_rehearsal_is_a_finding() -> None:
    (finding,) = made.judged(way_back_is_open, dataclasses.replace(_GOOD, rehearsals=()))
    assert "no journal shows" in finding.message
