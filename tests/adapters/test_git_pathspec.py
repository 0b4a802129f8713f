"""Patterns of paths as git reads them, and as hotelctl reads the plain ones in its stead."""

import os
from pathlib import Path

import pytest

from hotelctl.adapters import git as git_module
from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import UsageError
from tests.fakes.evidence import FakeEvidence
from tests.services.shapes import checked_out

_NAMES = """
.env a.env deep/.env deep/.env.local deep/x.env/y Dockerfile Dockerfile.dev docker/Dockerfile
sub.Dockerfile/inside x.Dockerfile compose.yml my-compose.prod.yml
deep/er/compose.yaml src2/a srcs src/run.sh README.md a*b [x]
back\\slash requirements/dev.txt deep/requirements/dev.txt
requirements.txt 'quoted' UPPER.TXT ümlaut.txt changelog.d/+a.md
"""
_PATTERNS = """
* *.env .env .env.* */.env */.env.* Dockerfile* *.Dockerfile */Dockerfile* *compose*.yml src sr src/
src/* deep deep/er ./src src/../src /src *requirements*.txt requirements/*.txt */requirements/*.txt
changelog.d/* ** a*b [x] back* *.txt *.TXT upper* *e*e*e*e*e* ? ümlaut* README.md README . .. .git
deep//er :(glob)*.env *\\*
"""


def _answers(repository: GitRepository) -> dict[str, tuple[str, ...] | str]:
    def one(pattern: str) -> tuple[str, ...] | str:
        try:
            return repository.tracked((pattern,))
        except UsageError as error:
            return error.message

    return {pattern: one(pattern) for pattern in _PATTERNS.split()}


@pytest.mark.system
def test_what_is_tracked_fits_patterns_as_git_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checked_out(tmp_path / "project", dict.fromkeys(_NAMES.split(), "x"))
    repository = GitRepository(root, FakeEvidence(), {"PATH": os.environ["PATH"]})
    with monkeypatch.context() as patched:
        patched.setattr(git_module, "is_plain", lambda _patterns: False)
        by_git = _answers(repository)
    assert _answers(repository) == by_git
    assert sum(map(bool, by_git.values())) > 30, "most of them say something"
