import dataclasses
from pathlib import Path

from hotelctl.checks.build.artifact_installs_and_imports import artifact_installs_and_imports
from hotelctl.facts.installation import Installation
from tests.checks import made

_GOOD = Installation(Path("/v"), 0, ("pip",), "", 0, "", ("thing",))


def test_installed_and_imported_is_fine() -> None:
    assert not made.judged(artifact_installs_and_imports, _GOOD)


def test_a_failed_installation_says_why() -> None:
    bad = dataclasses.replace(_GOOD, install_exit=1, install_words="x\nhash mismatch", import_exit=None)
    (finding,) = made.judged(artifact_installs_and_imports, bad)
    assert "hash mismatch" in finding.message


def test_a_failed_import_names_the_package() -> None:
    bad = dataclasses.replace(_GOOD, import_exit=1, import_words="ModuleNotFoundError: No module named 'y'")
    (finding,) = made.judged(artifact_installs_and_imports, bad)
    assert finding.subject == "thing"
    assert "'y'" in finding.message
