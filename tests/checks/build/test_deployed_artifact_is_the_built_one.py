import dataclasses

import pytest

from hotelctl.checks.build.deployed_artifact_is_the_built_one import deployed_artifact_is_the_built_one
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.installed_package import InstalledPackage
from tests.checks import made

_SITE = "releases/r1/venv/lib/python3.11/site-packages"
_WHOLE = InstalledPackage(_SITE, listed=3)
_GOOD = DeployedArtifact("r1", "a.whl", "a" * 64, "a" * 64, _WHOLE)


def test_a_whole_artifact_and_a_whole_installation_are_fine() -> None:
    assert not made.judged(deployed_artifact_is_the_built_one, _GOOD)


def test_a_changed_or_missing_artifact_is_a_finding() -> None:
    for now, words in (("b" * 64, "bbbbbbbbbbbb"), (None, "is gone")):
        changed = dataclasses.replace(_GOOD, sha256_now=now, installed=None)
        (finding,) = made.judged(deployed_artifact_is_the_built_one, changed)
        assert words in finding.message


@pytest.mark.parametrize(
    "installed",
    [
        dataclasses.replace(_WHOLE, changed=("town/a.py",)),
        dataclasses.replace(_WHOLE, missing=("town/a.py",)),
        dataclasses.replace(_WHOLE, foreign=("town/a.py",)),
    ],
)
def test_an_installed_file_that_is_not_as_built_is_named_with_the_remedy(installed: InstalledPackage) -> None:
    damaged = dataclasses.replace(_GOOD, installed=installed)
    (finding,) = made.judged(deployed_artifact_is_the_built_one, damaged)
    assert "r1 is damaged: town/a.py is " in finding.message
    assert (str(finding.location), finding.fix) == (f"{_SITE}/town/a.py", "hotelctl deploy")


def test_a_missing_environment_is_a_finding() -> None:
    gone = dataclasses.replace(_GOOD, installed=InstalledPackage("releases/r1/venv", None, gone=True))
    (finding,) = made.judged(deployed_artifact_is_the_built_one, gone)
    assert "environment is gone" in finding.message


def test_an_artifact_that_lists_nothing_is_not_called_fine() -> None:
    unlisted = dataclasses.replace(_GOOD, installed=InstalledPackage(_SITE, None))
    with pytest.raises(NotApplicable, match=r"a\.whl is as it was built, but no wheel"):
        made.judged(deployed_artifact_is_the_built_one, unlisted)
