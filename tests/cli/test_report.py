import json
from pathlib import Path

import pytest
import typer

from hotelctl.cli._gate import guarded
from hotelctl.cli._shelf import Shelf
from hotelctl.cli.main import app
from tests.cli.test__shelf import kept


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    kept(Shelf(tmp_path / "reports"), "a")
    kept(Shelf(tmp_path / "reports"), "b", environment="production")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = guarded(typer.main.get_command(app), ("report", *words))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_later_report_is_the_newest_by_itself(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (here / "reports/latest").resolve().name == "b"
    code, out, _ = said(capsys, "diff", "a")
    assert (code, out) == (0, "a -> b\n  environment: local -> production\n7 checks as before\n")
    assert said(capsys, "diff", "b", "reports/a/report.json")[1].startswith("b -> a\n")
    assert json.loads(said(capsys, "diff", "a", "--format", "json")[1])["about"][0]["after"] == "production"


def test_a_report_that_is_not_there_or_cannot_be_read_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "diff", "gone", "a")
    assert (code, out) == (2, "")
    assert "there is no report 'gone'" in err
    (here / "reports/a/report.json").write_text("{")
    code, _, err = said(capsys, "diff", "a")
    assert code == 2
    assert "is no report that can be read" in " ".join(err.split())
    assert said(capsys, "diff")[0] == 2
