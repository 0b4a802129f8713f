import json
from pathlib import Path

import pytest

from hotelctl.cli._options import Format
from hotelctl.cli._rendering import rendered
from hotelctl.cli._shelf import Shelf, verified
from hotelctl.core.errors import UsageError
from tests.cli.test__shelf import kept


def test_without_a_format_the_texts_for_people_are_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = kept(Shelf(tmp_path / "reports"), "a")
    monkeypatch.chdir(tmp_path)
    before = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    (place / "report.md").write_text("spoilt")
    (place / "report.html").unlink()
    assert verified(place, any_commit=True).exit_code == 1
    rendered(place, None, None, no_color=True)
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()} == before
    assert capsys.readouterr().out.split() == ["reports/a/report.md", "reports/a/report.html"]


def test_any_format_goes_to_stdout_or_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = kept(Shelf(tmp_path / "reports"), "a")
    rendered(place, Format.HTML, None, no_color=True)
    assert capsys.readouterr().out == (place / "report.html").read_text()
    rendered(place, None, [f"sarif={tmp_path}/a.sarif"], no_color=True)
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "a.sarif").read_text())["version"] == "2.1.0"
    rendered(place, Format.JUNIT, [f"html={tmp_path}/a.html"], no_color=True)
    assert capsys.readouterr().out.startswith("<?xml ")
    assert (tmp_path / "a.html").read_text() == (place / "report.html").read_text()


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    place = kept(Shelf(tmp_path / "reports"), "a")
    (place / "report.json").write_text("{}")
    with pytest.raises(UsageError, match="is no report that can be read"):
        rendered(place, None, None, no_color=True)
