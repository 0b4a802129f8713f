import dataclasses
from pathlib import Path

from hotelctl.checks.build.artifact_installs_and_imports import artifact_installs_and_imports
from hotelctl.facts.installation import Imported, Installation
from tests.checks import made

_GOOD = Installation(Path("/v"), 0, ("pip",), "")
_IMPORTED = Imported(("thing",), 0, "")


def test_installed_and_imported_is_fine() -> None:
    assert not made.judged(artifact_installs_and_imports, _GOOD, _IMPORTED)


def test_a_failed_installation_says_why() -> None:
    bad = dataclasses.replace(_GOOD, install_exit=1, install_words="x\nhash mismatch")
    (finding,) = made.judged(artifact_installs_and_imports, bad, Imported(("thing",), None, ""))
    assert "hash mismatch" in finding.message


def test_a_failed_import_names_the_package() -> None:
    bad = dataclasses.replace(_IMPORTED, exit_code=1, words="ModuleNotFoundError: No module named 'y'")
    (finding,) = made.judged(artifact_installs_and_imports, _GOOD, bad)
    assert finding.subject == "thing"
    assert "'y'" in finding.message
