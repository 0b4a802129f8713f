"""`hotelctl validate` and `report` as a person and a pipeline use them, on the second service."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import xmlschema

from tests.render.schemas import PLACE as SCHEMAS
from tests.render.schemas import complaints
from tests.services.checkout import commit_all, git, plain_checkout

pytestmark = pytest.mark.system
SECRET = "Tr0ub4dor-and-three-more-words"
QUICK = "environment,OPS001"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return plain_checkout(tmp_path)


def run(
    project: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hotelctl", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def reports(project: Path) -> list[Path]:
    return sorted(path for path in (project / "reports").glob("*/") if not path.is_symlink())


def stored(project: Path) -> Iterator[Path]:
    place = (project / "reports/latest").resolve()
    return (path for path in sorted(place.rglob("*")) if path.is_file())


def test_a_ready_service_is_ready_and_its_report_is_whole(project: Path) -> None:
    done = run(project, "validate", "--only", QUICK, "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "ready"
    assert report["facts"] == {"only": QUICK}
    assert {s["id"] for s in report["sections"] if s["checks"]} == {"environment", "operations"}
    assert "ENV001" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert run(project, "report", "verify").returncode == 0
    assert run(project, "report", "show", "--format", "json").stdout == done.stdout
    assert (project / "reports/latest/report.md").read_text().startswith("# Production deployment report")


def test_no_database_is_started_for_checks_that_ask_none(project: Path) -> None:
    def asked() -> list[str]:
        lines = (project / "reports/latest/evidence.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines]
        return [record["operation"] for record in records if record["adapter"] == "postgres"]

    run(project, "validate", "--only", QUICK)
    assert asked() == []
    run(project, "validate", "--only", "DB001")
    assert {"create", "query", "drop"} <= set(asked())


def test_nothing_of_it_shows_in_git(project: Path) -> None:
    assert run(project, "validate", "--only", QUICK, "--quiet").returncode == 0
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=project, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""


def test_one_changed_byte_in_any_stored_file_is_exit_one_with_the_record(project: Path) -> None:
    run(project, "validate", "--only", QUICK, "--quiet")
    choice = random.Random(11)  # noqa: S311 - which bytes, not secrecy
    for path in stored(project):
        data = path.read_bytes()
        position = choice.randrange(len(data))
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        done = run(project, "report", "verify")
        path.write_bytes(data)
        assert done.returncode == 1, (path, position)
        assert path.name in done.stdout
    assert run(project, "report", "verify").returncode == 0


def test_a_report_of_another_commit_is_told(project: Path) -> None:
    run(project, "validate", "--only", QUICK, "--quiet")
    (project / "more.txt").write_text("more")
    commit_all(project, "More")
    done = run(project, "report", "verify")
    assert done.returncode == 1
    assert "HEAD is" in done.stdout
    assert run(project, "report", "verify", "--any-commit").returncode == 0


def test_a_finding_blocks_with_one_and_less_does_not(project: Path) -> None:
    (project / "left.txt").write_text("not committed")
    done = run(project, "validate", "--only", "OPS001", "--quiet")
    assert done.returncode == 1
    assert "BLOCKED" in done.stdout
    assert "left.txt" in done.stdout
    assert done.stderr == ""


def test_a_required_check_without_a_verdict_is_three(project: Path) -> None:
    done = run(project, "validate", "--only", QUICK, "--skip", "OPS001", "--quiet")
    assert done.returncode == 3
    assert "no verdict from required OPS001" in done.stdout


def test_bad_input_is_two_and_leaves_nothing(project: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    for place, arguments, words in (
        (project, ("--only", "enviroment"), "'environment'"),
        (project, ("--env", "prod"), "no environment 'prod'"),
        (project, ("--service", "none.toml"), "none.toml"),
        (nowhere, (), "is no git repository"),
    ):
        done = run(place, "validate", *arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 2
        assert done.stdout == ""
    assert reports(project) == []


def test_a_directory_without_git_is_two(project: Path) -> None:
    (project / ".git").rename(project / ".git-away")
    done = run(project, "validate")
    assert done.returncode == 2
    assert "git" in done.stderr
    assert reports(project) == []


def test_a_secret_reaches_no_output_and_no_file(project: Path) -> None:
    url = f"postgresql://owner:{SECRET}@127.0.0.1:1/notes"
    done = run(
        project, "validate", "--only", "environment,schema", "--verbose", env={"NOTES_DATABASE_URL": url}
    )
    assert done.returncode in (1, 3)
    written = "".join(path.read_text() for path in stored(project))
    assert SECRET not in done.stdout + done.stderr + written
    assert "refused" in done.stdout


def test_one_run_writes_what_every_other_tool_reads(project: Path, tmp_path: Path) -> None:
    (project / "left.txt").write_text("not committed")
    out, summary = tmp_path / "out", tmp_path / "summary.md"
    wanted = ("sarif", "junit", "gitlab", "ctrf")
    done = run(
        project,
        *("validate", "--only", QUICK, "--format", "github"),
        *(word for form in wanted for word in ("--output", f"{form}={out}/{form}")),
        env={"GITHUB_STEP_SUMMARY": str(summary)},
    )
    assert done.returncode == 1
    assert "::error file=left.txt,line=1,title=OPS001 The checkout is clean::left.txt" in done.stdout
    assert {line.split()[0] for line in done.stdout.splitlines()} <= {"::notice", "::error", "::warning"}
    assert complaints((out / "sarif").read_text(), "sarif-2.1.0.schema.json") == []
    assert complaints((out / "ctrf").read_text(), "ctrf-0.0.schema.json") == []
    xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd").validate(out / "junit")
    assert "OPS001" in [issue["check_name"] for issue in json.loads((out / "gitlab").read_text())]
    assert summary.read_text().startswith("## hotelctl validate: BLOCKED\n")
    evidence = json.loads((project / "reports/latest/report.json").read_text())["sections"][-1]["checks"][0]
    for form in wanted:
        assert evidence["findings"][0]["evidence"][0] in (out / form).read_text(), form
        assert str(project) not in (out / form).read_text(), form


def test_the_page_beside_the_report_is_made_anew_from_what_is_stored(project: Path) -> None:
    assert run(project, "validate", "--only", QUICK, "--quiet").returncode == 0
    place = (project / "reports/latest").resolve()
    page = (place / "report.html").read_text()
    assert "<strong>READY</strong>" in page
    assert "files read: env.toml" in page
    assert run(project, "report", "render", "--format", "html").stdout == page
    (place / "report.html").write_text(page.replace("READY", "BLOCKED"))
    assert run(project, "report", "verify").returncode == 1
    done = run(project, "report", "render")
    assert done.stdout.split() == [f"reports/{place.name}/report.md", f"reports/{place.name}/report.html"]
    assert (place / "report.html").read_text() == page
    assert run(project, "report", "verify").returncode == 0
    assert run(project, "report", "render", "nothing").returncode == 2


def test_offline_asks_no_other_machine_and_its_checks_are_unknown(project: Path) -> None:
    url = "postgresql://owner@db.example:5432/notes"
    done = run(
        project,
        *("validate", "--offline", "--only", "environment,DB001,BLD006", "--format", "json"),
        env={"NOTES_DATABASE_URL": url},
    )
    assert done.returncode == 3, done.stdout + done.stderr
    report = json.loads(done.stdout)
    checks = {check["id"]: check for section in report["sections"] for check in section["checks"]}
    for rule, words in (("DB001", "db.example is not this machine"), ("BLD006", "would fetch packages")):
        assert checks[rule]["status"] == "unknown"
        assert f"because of --offline: {words}" in checks[rule]["reason"].replace("requirements.txt ", "")
    assert checks["ENV001"]["status"] == "pass"
    assert report["facts"]["offline"] == "only this machine was asked"


def waiver(**changes: object) -> str:
    today = datetime.now(UTC).date()
    entry = {
        "rule": "OPS001",
        "path": "left.txt",
        "reason": "left over from the move",
        "owner": "ana",
        "approved_by": "bela",
        "ticket": "OPS-17",
        "created": today,
        "expires": today + timedelta(days=30),
    } | changes
    lines = (f"{k} = {v if isinstance(v, date) else json.dumps(v)}" for k, v in entry.items())
    return "\n".join(["[[waiver]]", *lines, ""])


def waived_project(project: Path, text: str) -> None:
    (project / "waivers.toml").write_text(text)
    commit_all(project, "Waivers")
    (project / "left.txt").write_text("not committed")


def test_a_waived_finding_blocks_no_more_and_stays_visible(project: Path) -> None:
    waived_project(project, waiver())
    done = run(project, "validate", "--only", "OPS001,OPS012,SEC023", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    checks = {check["id"]: check for section in report["sections"] for check in section["checks"]}
    assert {rule: check["status"] for rule, check in checks.items()} == {
        "OPS001": "waived",
        "OPS012": "warn",
        "SEC023": "pass",
    }
    assert checks["OPS001"]["findings"][0]["waiver"] == "waivers.toml:1"
    assert report["waivers"][0]["approved_by"] == "bela"
    assert report["verdict"] == "ready_with_notes"
    shown = run(project, "report", "show").stdout
    for words in ("~ waived", "left.txt", "left over from the move", "bela", "OPS-17"):
        assert words in shown
    assert run(project, "report", "verify").returncode == 0


def test_a_waiver_that_ended_waives_nothing_and_is_found_itself(project: Path) -> None:
    past = datetime.now(UTC).date() - timedelta(days=20)
    waived_project(project, waiver(created=past, expires=past + timedelta(days=10)))
    done = run(project, "validate", "--only", "OPS001,SEC023", "--quiet")
    assert done.returncode == 1
    assert "fail    OPS001" in done.stdout
    assert "SEC023" in done.stdout
    assert f"ended on {past + timedelta(days=10)}" in " ".join(done.stdout.split())


def test_a_spoilt_waiver_file_is_two_with_its_line(project: Path) -> None:
    for text, words in (
        (waiver(raeson="x"), "waivers.toml:10: unknown key 'waiver.0.raeson'; did you mean 'reason'?"),
        (waiver(rule="OPS801"), "waivers.toml:1: no rule is called 'OPS801'; did you mean 'OPS"),
        ("[[waiver", "waivers.toml:1: is not TOML"),
    ):
        (project / "waivers.toml").write_text(text)
        for command in (("validate",), ("deploy", "--yes")):
            done = run(project, *command)
            assert done.returncode == 2, command
            assert words in done.stderr
            assert len(done.stderr.strip().splitlines()) <= 2
    assert reports(project) == []


def test_with_a_baseline_only_what_is_new_blocks(project: Path) -> None:
    (project / "old.txt").write_text("uncommitted\n")
    assert run(project, "validate", "--only", "OPS001").returncode == 1
    (known,) = reports(project)
    flags = ("--only", "OPS001", "--baseline", str(known.relative_to(project)))
    again = run(project, "validate", *flags)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "1 check with findings left out" in again.stdout
    assert "new ones count" in " ".join(again.stdout.split())
    assert run(project, "report", "verify").returncode == 0
    assert json.loads((project / "reports/latest/report.json").read_text())["facts"]["baseline"]
    (project / "new.txt").write_text("uncommitted, too\n")
    more = run(project, "validate", *flags)
    assert more.returncode == 1
    assert "new.txt" in more.stdout


def test_since_a_branch_only_findings_in_what_changed_count(project: Path) -> None:
    leak = 'TOKEN = "ghp_' + "a1B2c3D4" * 4 + 'e5F6"\n'
    (project / "plainsvc/old.py").write_text(leak)
    commit_all(project, "An old mistake")
    git(project, "checkout", "--quiet", "-b", "work")
    (project / "README.md").write_text("# Other words\n")
    commit_all(project, "Other words")
    flags = ("--only", "SEC001", "--since", "main")
    assert run(project, "validate", "--only", "SEC001").returncode == 1
    good = run(project, "validate", *flags, "--verbose")
    assert good.returncode == 0, good.stdout + good.stderr
    words = " ".join(good.stdout.split())
    assert "1 finding left out, not of the change since main: plainsvc/old.py:1" in words
    assert "1 file changed" in words
    assert run(project, "report", "verify").returncode == 0
    (project / "plainsvc/new.py").write_text(leak)
    bad = run(project, "validate", *flags)
    assert bad.returncode == 1
    assert "plainsvc/new.py" in bad.stdout


def test_since_a_branch_a_secret_that_came_and_went_in_between_counts_and_an_older_one_does_not(
    project: Path,
) -> None:
    names = ("README.md", "plainsvc/notes.py")
    before = {name: (project / name).read_text() for name in names}

    def came_and_went(name: str, token: str) -> None:
        for text in (f'{before[name]}\nTOKEN = "ghp_{token * 4}e5F6"\n', before[name]):
            (project / name).write_text(text)
            commit_all(project, "A mistake, or its end")

    came_and_went("README.md", "a1B2c3D4")
    git(project, "checkout", "--quiet", "-b", "work")
    flags = ("--only", "SEC002", "--since", "main")
    assert run(project, "validate", "--only", "SEC002").returncode == 1
    good = run(project, "validate", *flags, "--verbose")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "1 finding left out, not of the change since main: README.md" in " ".join(good.stdout.split())
    came_and_went("plainsvc/notes.py", "f6E5d4C3")
    bad = run(project, "validate", *flags)
    assert bad.returncode == 1
    assert "plainsvc/notes.py: github-pat" in " ".join(bad.stdout.split())
    assert "README.md: github-pat" not in bad.stdout


def test_since_what_nobody_knows_is_two_and_leaves_no_report(project: Path) -> None:
    for flags, words in (
        (("--since", "nowhere"), "nowhere: this clone knows no such commit"),
        (("--since", "main", "--baseline", "x"), "--baseline and --since are two ways"),
    ):
        done = run(project, "validate", "--only", QUICK, *flags)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) <= 2
    assert reports(project) == []


def test_a_baseline_that_is_none_is_two_and_leaves_no_report(project: Path) -> None:
    (project / "spoilt.json").write_text("{}")
    for name in ("spoilt.json", "away.json"):
        done = run(project, "validate", "--only", QUICK, "--baseline", name)
        assert done.returncode == 2
        assert f"{name}" in done.stderr
        assert len(done.stderr.strip().splitlines()) <= 2
    assert reports(project) == []


def test_ctrl_c_ends_it_at_once_with_130_and_no_half_report(project: Path, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    slow = f"import os, pathlib, time\n\ndef test_slow():\n    pathlib.Path({str(mark)!r})"
    slow += ".write_text(str(os.getpid()))\n    time.sleep(600)\n"
    (project / "tests/test_a_slow.py").write_text(slow)
    commit_all(project, "Slow")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "hotelctl", "validate", "--only", "tests"]
    with subprocess.Popen(
        command, cwd=project, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        _until(lambda: bool(mark.exists() and mark.read_text()), 180)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert time.monotonic() - began < 30
    assert err.strip().splitlines()[-1] == "hotelctl: interrupted"
    assert "Traceback" not in err
    assert out == ""
    assert reports(project) == []
    _until(lambda: not Path("/proc", mark.read_text()).exists(), 60)


def _until(holds: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
