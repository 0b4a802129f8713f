"""`hotelctl validate --only secrets` where published values come true."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.test_validate import run
from tests.config.test_waivers import OF_AN_ARCHIVE
from tests.facts.test_archives import zipped
from tests.services.checkout import commit_all, plain_checkout

pytestmark = pytest.mark.system
_KEY = "sig-Tr0ub4dor-and-three-more-words"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return plain_checkout(tmp_path)


def _validated(project: Path, *rules: str) -> subprocess.CompletedProcess[str]:
    return run(project, "validate", "--only", ",".join(rules), "--fail-on", "critical")


def test_a_template_that_was_copied_as_the_readme_says_blocks_with_its_line(project: Path) -> None:
    template = project / "deploy.env.example"
    template.write_text(f"# cp deploy.env.example .env.local\nSESSION_SECRET={_KEY}\nMAIL_PASSWORD=hunter2\n")
    commit_all(project, "How to begin")
    assert _validated(project, "SEC004").returncode == 0
    shutil.copyfile(template, project / ".env.local")
    done = _validated(project, "SEC003", "SEC004")
    words = " ".join(done.stdout.split())
    assert done.returncode == 1, words
    for name, line in (("SESSION_SECRET", 2), ("MAIL_PASSWORD", 3)):
        said = f"deploy.env.example: the value of {name} of .env.local stands here, line {line}"
        assert said in words
        # It is told of the template once, and of the history.
        assert words.count(said) == 1
    assert _KEY not in done.stdout


def test_a_deploy_stops_in_its_preflight_where_a_templates_value_is_live(project: Path) -> None:
    template = project / "deploy.env.example"
    template.write_text(f"SESSION_SECRET={_KEY}\n")
    commit_all(project, "How to begin")
    shutil.copyfile(template, project / ".env.local")
    (project / ".env.local").chmod(0o600)
    done = run(project, "deploy", "--yes")
    words = " ".join(f"{done.stdout}{done.stderr}".split())
    assert done.returncode == 10, words
    assert "SEC004 deploy.env.example: the value of SESSION_SECRET of .env.local stands here, line 1" in words
    assert not (project / ".hotelctl/local/releases").exists(), "nothing was built"
    assert _KEY not in words


def test_a_secret_that_the_service_logged_blocks_with_the_logs_line(project: Path) -> None:
    (project / ".env.local").write_text(f"SESSION_SECRET={_KEY}\n")
    log = project / ".hotelctl/local/releases/r1/log/service.log"
    log.parent.mkdir(parents=True)
    log.write_text("begin\n")
    assert _validated(project, "SEC006").returncode == 0
    log.write_text(f"begin\nsigned with {_KEY}\n")
    done = _validated(project, "SEC006")
    words = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert ".hotelctl/local/releases/r1/log/service.log: the value of SESSION_SECRET" in words
    assert "stands here, line 2" in words
    assert _KEY not in done.stdout
    # What the run itself wrote holds no value either.
    assert _validated(project, "SEC006").stdout.count("report.json") == 0


def test_a_log_whose_name_is_no_text_is_read_as_others_are(project: Path) -> None:
    (project / ".env.local").write_text(f"SESSION_SECRET={_KEY}\n")
    log = project / ".hotelctl/local/releases/r1/log"
    log.mkdir(parents=True)
    (log / os.fsdecode(b"a\xff.log")).write_text(_KEY)
    done = _validated(project, "SEC006")
    assert done.returncode == 1, done.stdout
    assert "a\\xff.log:1" in "".join(done.stdout.split())


def test_a_secret_that_is_built_in_blocks_where_another_check_builds(project: Path) -> None:
    (project / ".env.local").write_text(f"SESSION_SECRET={_KEY}\n")
    packs = project.parent / "pack.sh"
    packs.write_text(f'echo KEY={_KEY} > "$1/plainsvc/_commit.txt"\nshift\nexec "$@"\n')
    service = project / "hotelctl.toml"
    build = 'command = ["{python}", "-m", "build"'
    assert build in service.read_text()
    told = build.replace("[", f'["sh", "{packs}", "{{source}}", ', 1)
    service.write_text(service.read_text().replace(build, told))
    alone = _validated(project, "SEC005")
    assert "the artifact was not looked into: no check of this run builds it" in " ".join(
        alone.stdout.split()
    )
    assert alone.returncode == 0, alone.stdout
    assert run(project, "validate", "--only", "SEC005", "--required", "SEC005").returncode == 3
    done = _validated(project, "SEC005", "BLD001")
    words = " ".join(done.stdout.split())
    assert done.returncode == 1, words
    assert "py3-none-any.whl/plainsvc/_commit.txt: the value of SESSION_SECRET of .env.local" in words
    assert _KEY not in done.stdout


def test_archives_that_nobody_opened_are_no_clean_answer(project: Path) -> None:
    (project / ".env.local").write_text(f"SESSION_SECRET={_KEY}\n")
    rules = ("SEC001", "SEC002", "SEC003", "SEC008")
    assert _validated(project, *rules).returncode == 0
    (project / "large.zip").write_bytes(zipped({"dump.sql": bytes(50_000_001)}))
    (project / "old.tar.zst").write_bytes(b"\x28\xb5\x2f\xfd and more")
    commit_all(project, "Archives")
    done = _validated(project, *rules)
    words = " ".join(done.stdout.split())
    assert done.returncode == 3, words
    for said in (
        "large.zip: is not opened as a whole",
        "old.tar.zst: is not opened: zstd has no reader here",
    ):
        # SEC002 and SEC003 say the same.
        assert words.count(said) == len(rules) - 1, words
    for name in ("large.zip", "old.tar.zst"):
        (project / name).unlink()
    commit_all(project, "They are gone")
    done = _validated(project, *rules)
    assert done.returncode == 3, "the history holds them"
    assert "git filter-repo --invert-paths --path PATH" in " ".join(done.stdout.split())
    assert _validated(project, "SEC001").returncode == 0


def test_an_archive_for_which_somebody_answers_is_waived_in_every_search_and_never_green(
    project: Path,
) -> None:
    (project / ".env.local").write_text(f"SESSION_SECRET={_KEY}\n")
    content = b"\x28\xb5\x2f\xfd and more"
    (project / "old.tar.zst").write_bytes(content)
    commit_all(project, "An archive")
    (project / "old.tar.zst").unlink()
    commit_all(project, "It is gone")
    rules = ("SEC002", "SEC003", "SEC008")
    required = ("--required", ",".join(rules))
    assert run(project, "validate", "--only", ",".join(rules), *required).returncode == 3
    digest, today = sha256(content).hexdigest(), datetime.now(UTC).date()
    entry = OF_AN_ARCHIVE.format(digest)
    entry = entry.replace("2026-03-01", f"{today}").replace("2026-05-01", f"{today + timedelta(days=80)}")
    (project / "waivers.toml").write_text(entry)
    commit_all(project, "Ana answers")
    done = run(project, "validate", "--only", ",".join((*rules, "SEC023")), *required)
    words = " ".join(done.stdout.split())
    assert done.returncode == 0, words
    assert "4 checks: 1 pass, 3 waived" in words
    assert words.count(f"archive sha256 {digest} in old.tar.zst") == len(rules), words
    (project / "more.tar.zst").write_bytes(content + b"!")
    commit_all(project, "Another one")
    assert run(project, "validate", "--only", ",".join(rules), *required).returncode == 3


def test_a_secret_is_waived_by_its_fingerprint_and_who_did_not_rotate_it_is_told_where(project: Path) -> None:
    (project / "plainsvc/pay.py").write_text(f'TOKEN = "ghp_{"a1B2c3D4" * 4}e5F6"\n')
    commit_all(project, "A mistake")
    assert run(project, "validate", "--only", "SEC001").returncode == 1
    report = json.loads((project / "reports/latest/report.json").read_text())
    checks = [check for section in report["sections"] for check in section["checks"]]
    (found,) = [one for check in checks for one in check["findings"]]
    today = datetime.now(UTC).date()
    waiver = (
        f'[[waiver]]\nrule = "SEC001"\nfingerprint = "{found["fingerprint"]}"\nreason = "it is replaced"\n'
        f'owner = "ana"\napproved_by = "bela"\nticket = "OPS-1"\ncreated = {today}\n'
        f"expires = {today + timedelta(days=30)}\n"
    )
    rules = ("validate", "--only", "SEC001,SEC009,SEC023", "--fail-on", "medium")
    (project / "waivers.toml").write_text(waiver)
    bare = run(project, *rules)
    words = " ".join(bare.stdout.split())
    assert bare.returncode == 1, words
    assert "SEC009" in words
    assert "waivers.toml:1" in words
    assert "does not say rotated, so the value may still let somebody in" in words
    (project / "waivers.toml").write_text(f'{waiver}rotated = {today}\nrotation = "audit log of the host"\n')
    done = run(project, *rules)
    words = " ".join(done.stdout.split())
    assert done.returncode == 0, words
    assert f"rotated on {today}: audit log of the host" in words
