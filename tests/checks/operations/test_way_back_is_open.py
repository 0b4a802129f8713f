import dataclasses

from hotelctl.checks.operations.way_back_is_open import way_back_is_open
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.installed_package import InstalledPackage
from hotelctl.facts.rollback_readiness import RollbackReadiness
from tests.checks import made

_SITE = "releases/r0/venv/lib/python3.11/site-packages"
_KEPT = DeployedArtifact("r0", "releases/r0/a.whl", "a" * 64, "a" * 64, InstalledPackage(_SITE, listed=3))
_GOOD = RollbackReadiness(_KEPT, ("r1 proved class A",))


def test_an_artifact_its_installation_and_a_rehearsal_are_fine() -> None:
    assert not made.judged(way_back_is_open, _GOOD)


def test_a_missing_or_changed_artifact_is_a_finding() -> None:
    for now, words in ((None, "is gone"), ("b" * 64, "has sha256 bbbb")):
        kept = dataclasses.replace(_KEPT, sha256_now=now, installed=None)
        (finding,) = made.judged(way_back_is_open, RollbackReadiness(kept, _GOOD.rehearsals))
        assert words in finding.message


def test_a_missing_environment_or_an_edited_file_of_the_previous_release_is_a_finding() -> None:
    for installed, words in (
        (InstalledPackage("releases/r0/venv", None, gone=True), "its virtual environment is gone"),
        (InstalledPackage(_SITE, 3, changed=("town/a.py",)), "town/a.py is not what was built"),
    ):
        kept = dataclasses.replace(_KEPT, installed=installed)
        (finding,) = made.judged(way_back_is_open, RollbackReadiness(kept, _GOOD.rehearsals))
        assert (finding.subject, words in finding.message) == ("r0", True)


def test_no_rehearsal_is_a_finding() -> None:
    (finding,) = made.judged(way_back_is_open, dataclasses.replace(_GOOD, rehearsals=()))
    assert "no journal shows" in finding.message
