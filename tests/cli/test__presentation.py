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
    presentation(Format.JSON, None, verbose=False, quiet=False, no_color=False).show(document)
    said = capsys.readouterr()
    assert said.out == render(document)
    assert said.err == ""


def test_further_formats_go_into_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = [f"{form}={tmp_path}/deep/report.{form}" for form in ("json", "markdown", "console")]
    presentation(Format.CONSOLE, output, verbose=False, quiet=True, no_color=False).show(made.document())
    assert json.loads((tmp_path / "deep/report.json").read_text())["verdict"] == "blocked"
    assert (tmp_path / "deep/report.markdown").read_text().startswith("# Production deployment report")
    assert "ENV001" in (tmp_path / "deep/report.console").read_text()
    assert "BLOCKED" in capsys.readouterr().out


def test_detail_follows_the_flags() -> None:
    assert asked() is Detail.NORMAL
    assert asked(verbose=True) is Detail.VERBOSE
    assert asked(quiet=True) is Detail.QUIET


@pytest.mark.parametrize("output", ["json", "json=", "=x", "sarif=x", "JSON=x"])
def test_an_output_that_is_not_format_and_path_is_refused(output: str) -> None:
    with pytest.raises(UsageError, match="FMT=PATH"):
        asked(Format.CONSOLE, output)
