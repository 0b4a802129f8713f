"""The env contract as people ask for it, in a project of the test's own."""

import json
from pathlib import Path

import pytest

from hotelctl.cli import env
from hotelctl.cli._env import compared, explained, printed, wrote
from hotelctl.cli._options import TextOrJson
from hotelctl.cli._wiring import Asked
from hotelctl.core.errors import UsageError
from hotelctl.facts.env_files import scan
from tests.config.test_load import MINIMAL
from tests.services.checkout import commit_all, git

ASKED = Asked(None, "local")
_CONTRACT = """schema = "hotelctl.env/1"

[keys.MODE]
docs = "How it works."
choices = ["live", "trial"]
required = ["ci"]
example = "trial"

[keys.TOKEN]
docs = "Opens the partner's API."
secret = true
owner = "payments"
rotate_by = 2031-01-01
required_when = { MODE = ["live"] }
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project with a contract and one source file."""
    service = MINIMAL + '\n[env]\ncontract = "env.toml"\nfiles = [".env.local"]\n'
    (tmp_path / "hotelctl.toml").write_text(service)
    (tmp_path / "env.toml").write_text(_CONTRACT)
    (tmp_path / "app.py").write_text("import os\nos.environ['TOKEN']\n")
    git(tmp_path, "init", "--quiet")
    commit_all(tmp_path, "First")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOKEN", raising=False)
    monkeypatch.delenv("MODE", raising=False)
    return tmp_path


def test_a_key_is_explained_with_its_places_and_without_its_secret(project: Path) -> None:
    (project / ".env.local").write_text("MODE=live\nTOKEN=hunter2-9f8a7c6d5e\n")
    rows = explained(ASKED, "TOKEN")
    told = {row["what"]: row["value"] for row in rows.shown}
    assert told["declared"] == "env.toml:9"
    assert told["set in"] == ".env.local:2"
    assert told["read by"] == "app.py:2"
    assert told["required when"] == "MODE is live"
    assert (told["owner"], told["due"], told["secret"]) == ("payments", "2031-01-01", "yes")
    assert told["value"].startswith("[redacted 18 chars #")
    assert "hunter2" not in repr((told, rows.raw))


def test_an_open_value_is_shown_and_an_absent_one_is_told(project: Path) -> None:
    assert explained(ASKED, "MODE").raw["set_in"] is None
    (project / ".env.local").write_text("MODE=live\n")
    told = {row["what"]: row["value"] for row in explained(ASKED, "MODE").shown}
    assert told["value"] == "live"


@pytest.mark.usefixtures("project")
def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"^env\.toml has no key TOKNE; did you mean TOKEN\?$"):
        explained(ASKED, "TOKNE")


def test_two_files_are_compared_by_value_without_showing_secrets(project: Path) -> None:
    (project / "a.env").write_text("MODE=live\nTOKEN='hunter2a'\nSAME=hunter2\nNEW=hunter2new\n")
    (project / "b.env").write_text("TOKEN=hunter2b\nMODE=trial\nSAME='hunter2'\n")
    raw = compared(ASKED, Path("a.env"), Path("b.env")).raw
    assert raw["same"] == ["SAME"]
    assert "hunter2" not in json.dumps(raw)
    assert [row["key"] for row in raw["differ"]] == ["MODE", "TOKEN", "NEW"]
    assert raw["differ"][0] == {"key": "MODE", "first": "live (line 1)", "second": "trial (line 2)"}
    assert raw["differ"][1]["first"] != raw["differ"][1]["second"]
    assert raw["differ"][2]["second"] == "not set"


@pytest.fixture
def open_url(project: Path) -> Path:
    """The project with a key whose value everybody may read."""
    (project / "env.toml").write_text(_CONTRACT + '\n[keys.URL]\ndocs = "Where it is."\n')
    return project


def test_a_secret_is_hidden_where_another_key_holds_it(open_url: Path) -> None:
    (open_url / ".env.local").write_text("TOKEN=hunter2-own\nURL=https://a.invalid/?k=hunter2-own\n")
    told = explained(ASKED, "URL")
    assert "https://a.invalid/?k=[redacted 11 chars #" in told.raw["value"]
    assert "hunter2" not in repr((told.raw, [*told.shown]))


@pytest.mark.parametrize("where", ["process", ".env.local", "a.env", "b.env"])
def test_a_secret_of_any_place_is_hidden_in_both_files(
    open_url: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (open_url / "a.env").write_text("URL=hunter2-own\n")
    (open_url / "b.env").write_text("URL=https://a.invalid/hunter2-own\n")
    if where == "process":
        monkeypatch.setenv("TOKEN", "hunter2-own")
    else:
        with (open_url / where).open("a") as file:
            file.write("TOKEN=hunter2-own\n")
    rows = compared(ASKED, Path("a.env"), Path("b.env"))
    assert rows.raw["differ"][0]["second"].startswith("https://a.invalid/[redacted 11 chars")
    assert "hunter2" not in repr((rows.raw, [*rows.shown]))


def test_default_and_example_of_a_secret_are_told_as_set_or_not(project: Path) -> None:
    secret = _CONTRACT.replace("secret = true", 'secret = true\ndefault = "hunter2"')
    (project / "env.toml").write_text(secret)
    rows = explained(ASKED, "TOKEN")
    assert (rows.raw["default"], rows.raw["example"]) == ("set", "not set")
    assert {"what": "set in", "value": "nowhere; the default is set"} in [*rows.shown]
    assert "hunter2" not in repr((rows.raw, [*rows.shown]))


@pytest.mark.parametrize("name", ["key", "what"])
def test_a_file_may_have_any_name(project: Path, name: str) -> None:
    (project / name).write_text("MODE=live\n")
    (project / "b.env").write_text("MODE=trial\n")
    rows = compared(ASKED, Path(name), Path("b.env"))
    assert rows.raw["differ"] == [{"key": "MODE", "first": "live (line 1)", "second": "trial (line 1)"}]
    (row,) = rows.shown
    assert [*row.values()] == ["MODE", "live (line 1)", "trial (line 1)"]


def test_files_that_are_alike_say_so(project: Path) -> None:
    (project / "a.env").write_text("MODE=live\n")
    (row,) = compared(ASKED, Path("a.env"), Path("a.env")).shown
    assert row["value"] == "nothing; 1 key alike"


@pytest.mark.usefixtures("project")
def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"^nope\.env: cannot be read: No such file"):
        compared(ASKED, Path("nope.env"), Path("nope.env"))


def test_the_example_is_printed_and_nothing_is_written(project: Path) -> None:
    assert "# Opens the partner's API.\n# Owner: payments\n# TOKEN=CHANGE_ME\n" in printed(ASKED)
    assert not (project / ".env.example").exists()


def test_the_example_is_written_once_and_then_left_alone(project: Path) -> None:
    place = project / ".env.example"
    place.write_text("# ours\nMODE=live\n")
    assert wrote(ASKED) == ".env.example written; 1 key added: TOKEN\n"
    text = place.read_text()
    assert text.startswith("# ours\nMODE=live\n")
    assert wrote(ASKED) == ".env.example holds every key already\n"
    assert place.read_text() == text
    assert [entry.key for entry in scan("", text).entries] == ["MODE"]


def test_a_live_key_in_the_example_is_not_printed(project: Path) -> None:
    (project / ".env.example").write_text("TOKEN=sk_live" + "_9aK3mQx7ZtR2vB8nL5wY4cHd\n")
    with pytest.raises(UsageError, match="line 1 of the example holds what looks like a live Stripe key"):
        printed(ASKED)


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (b"[keys", r"env\.toml: the env contract is not TOML"),
        (
            _CONTRACT.encode() + b"[keys.A]\nsecrt = 1\n",
            r"env\.toml:16: unknown field .A\.secrt.; did you mean .secret.",
        ),
        (b"\xff", r"env\.toml: is not UTF-8"),
    ],
)
def test_an_unreadable_contract_is_told_with_its_place(project: Path, contract: bytes, words: str) -> None:
    (project / "env.toml").write_bytes(contract)
    for ask in (lambda: explained(ASKED, "MODE"), lambda: printed(ASKED), lambda: wrote(ASKED)):
        with pytest.raises(UsageError, match=words):
            ask()


def test_without_a_contract_there_is_nothing_to_ask(project: Path) -> None:
    (project / "hotelctl.toml").write_text(MINIMAL)
    with pytest.raises(UsageError, match="names no env contract"):
        printed(ASKED)


def test_an_example_that_is_no_text_is_told(project: Path) -> None:
    (project / ".env.example").write_bytes(b"A=\xff\n")
    with pytest.raises(UsageError, match=r"^\.env\.example: is not UTF-8 \(byte 2\)$"):
        wrote(ASKED)


def test_the_commands_print_what_was_found(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "a.env").write_text("MODE=live\n")
    (project / "b.env").write_text("MODE=trial\n")
    env.explain("MODE", form=TextOrJson.JSON)
    assert json.loads(capsys.readouterr().out)["declared"] == "env.toml:3"
    env.diff(Path("a.env"), Path("b.env"), no_color=True)
    assert "trial (line 1)" in capsys.readouterr().out
    env.example(write=True)
    assert capsys.readouterr().out == ".env.example written; 2 keys added: MODE, TOKEN\n"
