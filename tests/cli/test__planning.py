"""A plan through the commands themselves, in a checkout where nothing was ever deployed."""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer

from hotelctl.cli._gate import guarded
from hotelctl.cli._planning import planned, require_plan
from hotelctl.cli._wiring import Asked
from hotelctl.cli.main import app
from hotelctl.core.errors import UsageError
from tests.services.checkout import commit_all, plain_checkout

pytestmark = pytest.mark.system

ASKED = Asked(None, "local")
URL = "postgresql://owner:s3cr3t-of-the-owner@127.0.0.1:1/none"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = plain_checkout(tmp_path)
    monkeypatch.chdir(place)
    monkeypatch.delenv("NOTES_DATABASE_URL", raising=False)
    return place


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = guarded(typer.main.get_command(app), arguments)
    out, err = capsys.readouterr()
    return code, out, err


def contents(place: Path) -> Mapping[str, str]:
    """Every file and directory with its digest."""
    return {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in place.rglob("*")
    }


@pytest.mark.parametrize("form", ["console", "json"])
def test_deploy_dry_run_is_the_plan_and_neither_writes_anything(
    checkout: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    before = contents(checkout)
    code, plan, _ = said(capsys, "plan", "--format", form, "--port", "8123")
    assert code == 0
    assert "look at port 8123" in plan
    assert said(capsys, "deploy", "--dry-run", "--format", form, "--port", "8123") == (0, plan, "")
    assert contents(checkout) == before


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("more", [("--format", "markdown"), ("--output", "json=plan.json")], ids=str)
def test_a_dry_run_refuses_what_a_plan_cannot_do(
    capsys: pytest.CaptureFixture[str], more: tuple[str, str]
) -> None:
    code, out, err = said(capsys, "deploy", "--dry-run", *more)
    assert (code, out) == (2, "")
    assert "a plan is printed as console or json and written nowhere" in err


@pytest.mark.usefixtures("checkout")
def test_a_dry_run_holds_to_an_approved_plan_like_a_deploy(capsys: pytest.CaptureFixture[str]) -> None:
    approved = planned(ASKED).hash
    assert said(capsys, "deploy", "--dry-run", "--plan", approved)[0] == 0
    code, out, err = said(capsys, "deploy", "--dry-run", "--plan", "0" * 16)
    assert (code, out) == (2, "")
    assert f"the plan is {approved} now, not 0000000000000000" in err


def test_json_says_of_each_configured_value_where_it_is_written(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (checkout / "hotelctl.toml").read_text().splitlines()
    sources = json.loads(said(capsys, "plan", "--format", "json")[1])["sources"]
    assert sources["run.env.NOTES_GREETING"].startswith("hotelctl.toml:")
    for key, source in sources.items():
        name, line = source.split(":")
        assert name == "hotelctl.toml"
        assert key.rpartition(".")[2] in lines[int(line) - 1]
    assert "retention.releases" not in sources


@pytest.mark.usefixtures("checkout")
def test_the_ten_steps_stand_in_order_with_what_each_would_do() -> None:
    plan = planned(ASKED)
    names = ["lock", "preflight", "test", "build", "backup", "prove", "migrate", "stage", "switch", "finish"]
    assert [(step.n, step.name) for step in plan.steps] == list(enumerate(names, start=1))
    assert all(step.lines for step in plan.steps)
    assert (plan.service, plan.environment, plan.serving, plan.revision) == (
        "plain-notes",
        "local",
        None,
        None,
    )


def test_a_plan_shows_no_secret(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = checkout / "hotelctl.toml"
    file.write_text(file.read_text().replace('"--port", "{port}"]', f'"--port", "{{port}}", "{URL}"]'))
    file.write_text(file.read_text().replace('"--outdir"', f'"{URL}", "--outdir"'))
    (checkout / ".env.local").write_text(f"NOTES_DATABASE_URL={URL}\n")
    for form in ("console", "json"):
        code, out, err = said(capsys, "plan", "--format", form)
        assert code == 0
        assert "[redacted" in out
        assert "s3cr3t-of-the-owner" not in out + err


def test_a_database_that_cannot_be_asked_is_no_obstacle(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTES_DATABASE_URL", "no url")
    assert str(planned(ASKED).revision).startswith("unknown: the database URL does not begin with")
    assert not (checkout / ".hotelctl").exists()


def test_the_hash_stands_for_commit_configuration_and_environment(checkout: Path) -> None:
    first = planned(ASKED)
    assert planned(ASKED) == first
    require_plan(ASKED, first.hash)
    require_plan(ASKED, None)
    file = checkout / "hotelctl.toml"
    text = file.read_text()
    file.write_text("\n# only lines move\n" + text)
    assert planned(ASKED).hash == first.hash
    hashes = {first.hash, planned(Asked(None, "local", 8124)).hash}
    file.write_text(text.replace("ready_timeout_s = 15", "ready_timeout_s = 16"))
    hashes.add(planned(ASKED).hash)
    commit_all(checkout, "longer")
    hashes.add(planned(ASKED).hash)
    assert len(hashes) == 4
    with pytest.raises(UsageError, match=f"not {first.hash}"):
        require_plan(ASKED, first.hash)


@pytest.mark.usefixtures("checkout")
def test_the_hash_stands_for_the_database_and_not_for_who_enters_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {planned(ASKED).hash}
    for url in (URL, URL.replace("/none", "/other"), URL.replace(":1/", ":2/")):
        monkeypatch.setenv("NOTES_DATABASE_URL", url)
        found.add(planned(ASKED).hash)
        monkeypatch.setenv("NOTES_DATABASE_URL", url.replace("owner:s3cr3t-of-the-owner", "new:one"))
        assert planned(ASKED).hash in found
    assert len(found) == 4


def test_what_has_no_commit_cannot_be_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        planned(ASKED)


@pytest.mark.usefixtures("checkout")
def test_templates_are_shown_with_their_values_and_the_hash_does_not_depend_on_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = said(capsys, "plan")
    assert code == 0
    assert "{" not in out
    assert f"{sys.executable} -m pytest -q --junitxml=.hotelctl/local/deploys/<id>/junit.xml tests" in out
    assert "run .hotelctl/local/releases/<id>/venv/bin/python -m plainsvc --port <port>" in out
    assert "with NOTES_GREETING=Notes in local\n" in out
    hashed = planned(ASKED).hash
    monkeypatch.setattr(sys, "executable", "/elsewhere/python")
    assert planned(ASKED).hash == hashed


def test_variables_that_are_not_declared_harmless_show_their_length_only(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / ".env.local").write_text(f"NOTES_DATABASE_URL={URL}\nNOT_DECLARED=abcdef\n")
    out = said(capsys, "plan")[1]
    assert f"with NOTES_DATABASE_URL=[redacted {len(URL)} chars]\n" in out
    assert "with NOT_DECLARED=[redacted 6 chars]\n" in out


def test_a_plan_says_what_would_stop_the_deploy_at_once(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "as things are" not in said(capsys, "plan")[1]
    (checkout / "hotelctl.toml").write_text((checkout / "hotelctl.toml").read_text() + "\n")
    (checkout / "added").touch()
    why = "not as committed: hotelctl.toml, added; hotelctl explain OPS001"
    code, out, _ = said(capsys, "plan")
    assert code == 0
    assert f"as things are it would stop: {why}\n" in out
    assert "does this and nothing else" not in out
    assert json.loads(said(capsys, "plan", "--format", "json")[1])["refusals"] == [why]


@pytest.mark.usefixtures("checkout")
def test_pending_migrations_stand_in_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    raw = json.loads(said(capsys, "plan", "--format", "json")[1])
    assert raw["pending"] == ["migrations/0001_notes.sql", "migrations/0002_notes_by_time.sql"]
    assert raw["proven"] is None
    (migrate,) = [step for step in raw["steps"] if step["name"] == "migrate"]
    assert "pending: migrations/0002_notes_by_time.sql" in migrate["lines"]


@pytest.mark.usefixtures("checkout")
def test_only_commands_are_wider_than_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    wide = [line for line in said(capsys, "plan")[1].splitlines() if len(line) > 80]
    assert all(" -m " in line for line in wide)


@pytest.mark.parametrize("command", ["plan", "deploy"])
def test_a_service_file_for_checks_alone_is_refused_before_anything_happens(
    checkout: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = checkout / "hotelctl.toml"
    head, _, rest = file.read_text().partition("[run]\n")
    file.write_text(head + "[env]" + rest.partition("[env]")[2])
    before = contents(checkout)
    code, out, err = said(capsys, command)
    assert (code, out) == (2, "")
    assert "hotelctl.toml: a deploy needs [run], which is not there" in err
    assert contents(checkout) == before
