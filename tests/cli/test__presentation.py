import json
from pathlib import Path

import pytest

from hotelctl.cli._options import Format
from hotelctl.cli._presentation import presentation
from hotelctl.core.errors import UsageError
from hotelctl.render.console import Detail
from hotelctl.render.json import render
from tests.render import made


def asked(form: Format = Format.CONSOLE, *output: str, verbose: bool = False, quiet: bool = False) -> Detail:
    return presentation(form, output, verbose=verbose, quiet=quiet, no_color=True).detail


def test_stdout_carries_the_chosen_format_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    document = made.document()
    presentation(Format.JSON, None, verbose=False, quiet=False, no_color=False).show(document, Path())
    said = capsys.readouterr()
    assert said.out == render(document)
    assert said.err == ""


def test_people_are_told_where_the_page_of_the_report_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=False, no_color=True)
    place = tmp_path / "reports" / "r1"
    place.mkdir(parents=True)
    shown.show(made.document(), place)
    assert "report.html" not in capsys.readouterr().out
    (place / "report.html").write_text("")
    shown.show(made.document(), place)
    told = capsys.readouterr().out.splitlines()
    assert told[-1 - len(made.document().next_steps)].split() == ["report", "reports/r1/report.html"]
    presentation(Format.CONSOLE, None, verbose=False, quiet=True, no_color=True).show(made.document(), place)
    assert "report.html" not in capsys.readouterr().out


def test_further_formats_go_into_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = [f"{form}={tmp_path}/deep/report.{form}" for form in ("json", "markdown", "console")]
    presentation(Format.CONSOLE, output, verbose=False, quiet=True, no_color=False).show(
        made.document(), Path()
    )
    assert json.loads((tmp_path / "deep/report.json").read_text())["verdict"] == "blocked"
    assert (tmp_path / "deep/report.markdown").read_text().startswith("# Production deployment report")
    assert "ENV001" in (tmp_path / "deep/report.console").read_text()
    assert "BLOCKED" in capsys.readouterr().out


def test_detail_follows_the_flags() -> None:
    assert asked() is Detail.NORMAL
    assert asked(verbose=True) is Detail.VERBOSE
    assert asked(quiet=True) is Detail.QUIET


@pytest.mark.parametrize("output", ["json", "json=", "=x", "xml=x", "JSON=x"])
def test_an_output_that_is_not_format_and_path_is_refused(output: str) -> None:
    with pytest.raises(UsageError, match="FMT=PATH"):
        asked(Format.CONSOLE, output)


def test_every_format_is_written(tmp_path: Path) -> None:
    output = [f"{form}={tmp_path}/out/{form}" for form in Format]
    shown = presentation(Format.JSON, output, verbose=False, quiet=False, no_color=False)
    (tmp_path / "report").mkdir()
    shown.show(made.document(), tmp_path / "report")
    written = list((tmp_path / "out").iterdir())
    assert {path.name for path in written} == set(Format)
    assert [path.name for path in written if "ENV001" not in path.read_text()] == []


def test_the_summary_of_a_step_is_added_where_github_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "summary.md"
    place.write_text("of another tool\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place))
    presentation(Format.JSON, None, verbose=False, quiet=False, no_color=False).show(made.document(), Path())
    assert place.read_text() == "of another tool\n"
    for form, output in ((Format.GITHUB, None), (Format.JSON, [f"github={tmp_path}/commands"])):
        presentation(form, output, verbose=False, quiet=False, no_color=False).show(made.document(), Path())
    assert place.read_text().startswith("of another tool\n## hotelctl validate: BLOCKED\n")
    assert place.read_text().count("## hotelctl validate: BLOCKED\n") == 2
