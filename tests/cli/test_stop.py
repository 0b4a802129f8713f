from pathlib import Path

import pytest
import typer

from hotelctl.cli.stop import stop
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL


@pytest.fixture(autouse=True)
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that was never deployed."""
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)


def test_where_nothing_was_ever_started_there_is_nothing_to_agree_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        stop(None, "local")
    assert (ended.value.exit_code, capsys.readouterr().out) == (0, "nothing runs\n")
    assert [path.name for path in tmp_path.iterdir()] == ["hotelctl.toml"]


def test_what_may_serve_is_stopped_only_with_yes(tmp_path: Path) -> None:
    (tmp_path / ".hotelctl/local").mkdir(parents=True)
    with pytest.raises(
        UsageError, match=r"^nothing was stopped: it would leave local without an answer"
    ) as no:
        stop(None, "local")
    assert no.value.hint.startswith("hotelctl stop --env local --yes")
