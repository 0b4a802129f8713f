"""A service goes in, forward and back through the real command line, under load and with its proof."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.load.run import Load
from hotelctl.config.release_env import with_database
from tests.load.background import under_load
from tests.services.checkout import git
from tests.system.site import REPOSITORY, Site
from tests.system.tidiness import assert_tidy, serving

pytestmark = pytest.mark.system

_COLUMNS = """
SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, ordinal_position
"""
_RENAMED = """
ALTER TABLE notes ADD COLUMN body varchar(500);
UPDATE notes SET body = text;
ALTER TABLE notes ALTER COLUMN body SET NOT NULL;
ALTER TABLE notes DROP COLUMN text;
"""


def schema(site: Site) -> list[Any]:
    """Every column of the service's database, and what the ledger says was applied."""
    url = with_database(EmbeddedPostgres(site.places.postgres).ensure(), "plain_notes")
    with psycopg.connect(url) as connection:
        columns = connection.execute(_COLUMNS).fetchall()
        return [*columns, *connection.execute("SELECT name, sha256 FROM schema_migrations").fetchall()]


def digest(root: Path) -> dict[str, str]:
    """Every file and link of the tree by its name, without what running servers write for themselves."""
    own = {"access.log", "caddy.log", "service.log", "pgdata"}
    found = (path for path in sorted(root.rglob("*")) if not own & set(path.relative_to(root).parts))
    return {
        str(path): str(path.readlink())
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.is_symlink() or path.is_file()
    }


def checks(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [check for section in report["sections"] for check in section["checks"]]


def assert_proven(site: Site, name: str) -> None:
    """The report has the form that is documented, holds together, and each pass stands on a record."""
    report = site.report(name)
    form = json.loads((REPOSITORY / "docs" / "report.schema.json").read_text())
    jsonschema.Draft202012Validator(form).validate(report)
    lines = (site.root / "reports" / name / "evidence.jsonl").read_text().splitlines()
    known = {json.loads(line)["id"] for line in lines}
    passed = [check for check in checks(report) if check["status"] == "pass"]
    assert len(passed) >= 20
    assert not [check["id"] for check in passed if not check["evidence"]]
    named = {one for part in (*checks(report), *report["steps"]) for one in part["evidence"]}
    assert named <= known
    site.run("report", "verify", name).expect(0)


def test_a_first_deploy_serves_and_its_report_is_proven(served: Site) -> None:
    first = served.operations()[0]
    report = served.report(first)
    assert (report["verdict"], report["facts"]["rollback class"]) == ("deployed", "first")
    assert [step["status"] for step in report["steps"]] == ["done"] * 10
    assert report["git"]["commit"] in {served.answers()["commit"], git(served.root, "rev-parse", "HEAD")}
    assert served.answers("/healthz") == {"status": "ok"}
    said = {check["id"]: check["status"] for check in checks(report)}
    # Of the first migration nothing is applied yet, and the role that it makes has no timeout.
    assert [said[f"DB{n:03}"] for n in (16, 17, 18, 19)] == ["not_applicable", "warn", "warn", "pass"]
    noted = json.loads((served.places.state / "applied.json").read_text())
    assert {one["deploy"] for notes in noted.values() for one in notes.values()} == {first}
    assert_proven(served, first)


def test_a_plan_writes_nothing_and_another_plan_is_refused(served: Site) -> None:
    served.change()
    before, running = digest(served.root), served.answers()
    planned = served.facts("plan")
    assert len(planned["steps"]) == 10
    served.run("plan").expect(0)
    refused = served.deploy("--plan", "0" * 16).expect(2)
    assert planned["hash"] in refused.err
    assert digest(served.root) == before
    assert served.answers() == running


def test_forward_and_back_under_load_lose_nothing(served: Site) -> None:
    former = served.answers()["commit"]
    commit = served.change()
    with under_load(Load(f"{served.url}/notes", rate=200)) as load:
        served.deploy("--plan", served.facts("plan")["hash"]).expect(0)
        forward, status = served.answers()["commit"], served.facts("status")
        served.run("rollback").expect(0)
        back, after = served.answers()["commit"], served.facts("status")
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"])
    assert load.summary["sent"] > 1000
    assert (forward, status["commit"], status["process"]) == (commit, commit, "runs")
    assert (back, after["commit"], after["process"]) == (former, former, "runs")
    assert_history_tells(served, commit, former)
    assert_verified_is(served, former)


def assert_verified_is(site: Site, commit: str) -> None:
    """Verify is about what serves, though another commit is checked out, and so is its report."""
    assert git(site.root, "rev-parse", "HEAD") != commit
    site.run("verify")
    report = site.report("latest")
    assert (report["kind"], report["git"]["commit"], report["git"]["branch"]) == ("verify", commit, None)
    assert not [step for step in report["next_steps"] if "hotelctl deploy" in step]
    site.run("report", "verify").expect(0)


def assert_history_tells(site: Site, commit: str, former: str) -> None:
    """The newest two operations, by their history, their status and their reports."""
    newest, before = site.facts("history")[:2]
    assert [(one["operation"], one["outcome"]) for one in (newest, before)] == [
        ("rollback", "succeeded"),
        ("deploy", "succeeded"),
    ]
    assert (before["header"]["commit"], newest["header"]["serving"]["commit"]) == (commit, commit)
    status = site.facts("status")
    assert newest["id"] in status["since"]
    assert former[:12] in status["serving"]
    for operation, verdict in ((before["id"], "deployed"), (newest["id"], "rolled_back")):
        report = site.report(operation)
        assert (report["verdict"], report["id"]) == (verdict, operation)
        flipped_ms, unit = report["facts"]["flip"].split()
        answered_ms, *_ = report["facts"]["first answer"].split()
        assert unit == "ms"
        assert float(flipped_ms) <= float(answered_ms) < 5000
        site.run("report", "verify", operation, "--any-commit").expect(0)


def test_a_release_that_was_stopped_comes_back_by_the_command_of_its_own_time(served: Site) -> None:
    former = served.answers()["commit"]
    package, file = served.root / "plainsvc", served.root / "hotelctl.toml"
    (package / "serve.py").write_text((package / "__main__.py").read_text())
    text = file.read_text()
    assert text.count('"-m", "plainsvc"') == 1
    file.write_text(text.replace('"-m", "plainsvc"', '"-m", "plainsvc.serve"'))
    commit = served.change()
    served.deploy().expect(0)
    assert served.answers()["commit"] == commit
    served.stop()
    served.run("rollback").expect(0)
    assert served.answers()["commit"] == former
    git(served.root, "reset", "--quiet", "--hard", "HEAD~1")


def test_a_commit_that_was_deployed_twice_is_left_by_one_rollback(served: Site) -> None:
    former, commit = served.answers()["commit"], served.change()
    for _ in range(2):
        served.deploy().expect(0)
        assert served.answers()["commit"] == commit
    served.run("rollback").expect(0)
    assert served.answers()["commit"] == former
    git(served.root, "reset", "--quiet", "--hard", "HEAD~1")


def test_a_migration_that_the_serving_release_survives_is_class_b(served: Site) -> None:
    former = served.answers()["commit"]
    commit = served.migrate()
    served.deploy().expect(0)
    report = served.report()
    assert (report["facts"]["rollback class"], served.answers()["commit"]) == ("B", commit)
    assert_proven(served, report["id"])
    served.run("rollback").expect(0)
    assert served.answers()["commit"] == former
    assert served.answers("/ready") == {"ready": True}
    served.run("rollback", "--to", commit).expect(0)
    assert served.answers()["commit"] == commit


def test_a_migration_that_the_serving_release_does_not_survive_is_refused(served: Site) -> None:
    running, before = served.answers(), schema(served)
    notes = served.root / "plainsvc" / "notes.py"
    text = notes.read_text()
    assert text.count("id, text, created_at") == 3
    notes.write_text(
        text.replace("id, text, created_at", "id, body AS text, created_at").replace("(text)", "(body)")
    )
    served.migrate(_RENAMED)
    refused = served.deploy().expect(10)
    said = [record.data["message"] for record in served.records() if record.kind == "fail"]
    assert len(said) == 1
    assert said[0].startswith("class C")
    assert "class C" in refused.err
    assert not [record for record in served.records() if record.step in {"migrate", "stage", "switch"}]
    assert (served.answers(), schema(served)) == (running, before)
    assert served.report()["verdict"] == "stopped"
    served.run("report", "verify").expect(0)
    warm = {path.parent.name for path in served.state.glob("releases/*/good.json")}
    assert_tidy(served, warm, must={str(serving(served))})
    git(served.root, "reset", "--quiet", "--hard", "HEAD~2")


def test_a_rollback_says_beforehand_where_it_would_go_and_writes_nothing(bare: Site) -> None:
    bare.deploy().expect(0)
    refused = bare.run("rollback", "--dry-run").expect(10)
    assert "no good release is older than the serving one" in refused.err
    first = serving(bare)
    bare.migrate()
    bare.deploy().expect(0)
    before = digest(bare.root)
    told = bare.facts("rollback", "--dry-run")
    assert digest(bare.root) == before
    assert (told["release"]["id"], told["warm"]) == (first, True)
    assert told["schema"].startswith("proven to run on schema ")
    assert (
        "no good release '9.9.9' is kept" in bare.run("rollback", "--dry-run", "--to", "9.9.9").expect(2).err
    )
    bare.run("rollback", "--yes").expect(0)
    assert serving(bare) == first
