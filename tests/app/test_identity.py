from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from hotelctl.app import identity


def test_the_commit_is_what_the_export_filled_in(tmp_path: Path) -> None:
    (tmp_path / "commit").write_text("a" * 40 + "\n", encoding="ascii")
    assert identity.built_commit(tmp_path / "commit") == "a" * 40


def test_an_unfilled_commit_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "commit").write_text("$" + "Format:%H$\n", encoding="ascii")
    assert identity.built_commit(tmp_path / "commit") == "unknown"


def test_the_commit_file_is_filled_in_by_an_export() -> None:
    attributes = Path(__file__).parents[2] / ".gitattributes"
    assert "hotelctl/app/_commit.txt export-subst" in attributes.read_text(encoding="utf-8").splitlines()
    assert identity.built_commit()


def test_a_missing_distribution_is_an_unknown_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(identity, "version", missing)
    assert identity.installed_version() == "unknown"


def test_every_start_is_another_instance() -> None:
    assert identity.Identity().instance_id != identity.Identity().instance_id
