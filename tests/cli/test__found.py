import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotelctl.cli._found import configured_or_found
from hotelctl.cli._wiring import Asked
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Files
from hotelctl.facts.found.survey import Survey
from hotelctl.probes import survey
from hotelctl.probes.survey import surveyed
from tests.config.test_load import MINIMAL
from tests.services.shapes import FASTAPI, checked_out, laid_out

ASKED = Asked(None, "local")


def test_without_a_file_what_is_found_is_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checked_out(tmp_path, FASTAPI))
    found = configured_or_found(ASKED)
    assert not found.written
    assert found.spec.migrations is not None
    assert (found.spec.migrations.directory, found.spec.env.contract) == ("migrations", None)
    assert not (tmp_path / "hotelctl.toml").exists()


def test_what_was_found_is_kept_until_a_file_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checked_out(tmp_path, FASTAPI))
    surveys: list[int] = []

    def counted(root: Path, seen: Sequence[str], files: Files) -> Survey:
        surveys.append(len(seen))
        return surveyed(root, seen, files)

    monkeypatch.setattr(survey, "surveyed", counted)
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10_000_000_000)
    first = configured_or_found(ASKED, cache=True)
    assert configured_or_found(ASKED, cache=True) == first
    assert len(surveys) == 1
    configured_or_found(ASKED)
    assert len(surveys) == 2, "without a cache all is looked at"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert configured_or_found(ASKED, cache=True).spec.service.name == "other"
    (tmp_path / ".env.example").write_text("NEW=1\n")
    assert configured_or_found(ASKED, cache=True).spec.env.example == ".env.example"
    kept = tmp_path / ".hotelctl/cache/draft"
    kept.write_bytes(kept.read_bytes().replace(b"other", b"evil!"))
    assert configured_or_found(ASKED, cache=True).spec.service.name == "other"


def test_a_file_that_is_there_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(laid_out(tmp_path, {**FASTAPI, "hotelctl.toml": MINIMAL}))
    found = configured_or_found(ASKED)
    assert found.written
    assert found.spec.service.name == "plain"


def test_a_file_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(laid_out(tmp_path, FASTAPI))
    with pytest.raises(UsageError, match="cannot be read"):
        configured_or_found(Asked(Path("other.toml"), "local"))


def test_without_a_repository_nothing_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(laid_out(tmp_path, FASTAPI))
    with pytest.raises(UsageError, match="is no git repository"):
        configured_or_found(ASKED)
