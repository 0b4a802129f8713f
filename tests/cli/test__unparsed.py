from pathlib import Path

import pytest

from hotelctl.cli._unparsed import hiding

_VALUE = "kX9vv7qLw2pQ"


def test_values_of_env_files_and_of_the_environment_are_hidden_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hotelctl.toml").write_text("")
    (tmp_path / ".env.local").write_bytes(f"DB_PASSWORD={_VALUE}\nTITLE=night-desk\n\xff".encode("latin-1"))
    (tmp_path / ".env.example").write_text("API_TOKEN=how-to-begin\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SESSION_SECRET", "Zt5Rm2wQe8")
    hide = hiding()
    said = hide(f"no {_VALUE}, Zt5Rm2wQe8, night-desk, how-to-begin")
    assert _VALUE not in said
    assert "Zt5Rm2wQe8" not in said
    assert "night-desk, how-to-begin" in said
    assert said != hiding()(f"no {_VALUE}, Zt5Rm2wQe8, night-desk, how-to-begin"), "nobody can compare marks"


def test_a_directory_that_is_gone_hides_nothing_and_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert hiding()("words") == "words"
