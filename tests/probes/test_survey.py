from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import UsageError
from hotelctl.facts.found.survey import Survey
from hotelctl.probes import survey as probe
from hotelctl.probes.survey import looked_at, surveyed
from tests.fakes.evidence import FakeEvidence
from tests.services.shapes import BROKEN, FASTAPI, checked_out, laid_out


def found(root: Path) -> Survey:
    evidence = FakeEvidence()
    files = LocalFiles(evidence, root)
    return surveyed(
        root, looked_at(root, files, GitRepository(root, evidence, {"PATH": "/usr/bin:/bin"})), files
    )


def test_what_git_ignores_is_none_of_it_but_env_files_are(tmp_path: Path) -> None:
    root = checked_out(tmp_path / "book", {**FASTAPI, ".gitignore": ".env\nmade/\n"})
    laid_out(root, {"made/app.py": "import os\nos.environ['MADE']\n", ".env": "A=1\n"})
    laid_out(root, {"made/junit.xml": "<testsuite/>"})
    laid_out(
        root, {"node_modules/x/index.js": "process.env.THEIRS\n", "new.py": "import os\nos.environ['NEW']\n"}
    )
    survey = found(root)
    names = {name for read in survey.reads.reads for name in read.names}
    assert "NEW" in names
    assert not names & {"MADE", "THEIRS"}
    assert survey.files.env_files == (".env",)
    assert survey.files.results == ("made/junit.xml",)


def test_git_is_asked_what_it_ignores_of_what_it_does_not_track_alone(tmp_path: Path) -> None:
    root = checked_out(tmp_path / "book", {**FASTAPI, ".gitignore": "made/\n"})
    laid_out(root, {"made/app.py": "import os\n"})
    evidence = FakeEvidence()
    git = GitRepository(root, evidence, {"PATH": "/usr/bin:/bin"})
    looked_at(root, LocalFiles(evidence, root), git)
    (asked,) = (one["paths"] for one in evidence.of("git") if one["operation"] == "ignored")
    assert asked == {"made/app.py": True}


def test_results_that_are_tracked_are_samples(tmp_path: Path) -> None:
    root = checked_out(tmp_path / "book", {"tests/data/junit.xml": "<testsuite/>"})
    (root / "junit.xml").write_text("<testsuite/>")
    assert found(root).files.results == ("junit.xml",)


def test_without_a_repository_all_files_count(tmp_path: Path) -> None:
    survey = found(laid_out(tmp_path / "book", FASTAPI))
    assert survey.name.value == "Guest_Book"
    assert survey.migrations[0].kind == "alembic"


def test_links_in_a_circle_and_files_of_no_use_are_passed_over(tmp_path: Path) -> None:
    root = laid_out(tmp_path / "odd", BROKEN)
    (root / "loop").symlink_to(root)
    (root / "package-lock.py").symlink_to("package-lock.py")
    (root / "gone.py").symlink_to("nowhere.py")
    survey = found(root)
    assert survey.doubts["gone.py"] == "is a link"
    assert survey.doubts["package-lock.py"] == "is a link"
    assert survey.doubts["big.js"].startswith("has 10.0 MB")


def test_an_empty_directory_is_surveyed(tmp_path: Path) -> None:
    survey = found(tmp_path)
    assert survey.name.value == tmp_path.name
    assert not survey.reads.reads


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_MOST_NAMES", 3)
    with pytest.raises(UsageError, match="holds more than 3 files"):
        found(laid_out(tmp_path, FASTAPI))
