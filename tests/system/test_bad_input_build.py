"""Tests, builds, requirements and migrations that fail: traffic is never touched."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import psycopg
import pytest

from tests.system.bad_input_world import Served

pytestmark = pytest.mark.system

REPORT = """\
import sys
from pathlib import Path

Path(sys.argv[1]).write_text('''{report}''')
sys.exit({code})
"""
FAILED = (
    '<testsuites><testsuite tests="2" failures="1" errors="0" skipped="0">'
    '<testcase classname="tests.test_routes" name="test_a_note_is_stored">'
    '<failure message="assert 500 == 201">long</failure></testcase>'
    '<testcase classname="tests.test_routes" name="test_healthy"/></testsuite></testsuites>'
)
EMPTY = '<testsuites><testsuite tests="0" failures="0" errors="0" skipped="0"/></testsuites>'
HANGS = """\
import subprocess
import sys
import time

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(4711)", *sys.argv])
time.sleep(4711)
"""
CRASHES = "import sys\nsys.exit('no such plugin: turbo')\n"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (
            REPORT.format(report=FAILED, code=1),
            "TST002 tests.test_routes::test_a_note_is_stored: assert 500 == 201",
        ),
        (REPORT.format(report=EMPTY, code=5), "TST001 no test was executed: 0 found, 0 skipped"),
        (REPORT.format(report="<garbage", code=0), "the test report is not XML"),
        (CRASHES, "the test command wrote no result: no such plugin: turbo"),
    ],
    ids=["fails", "collects nothing", "writes garbage", "crashes"],
)
def test_a_suite_that_does_not_pass(victim: Served, command: str, says: str) -> None:
    (victim.world.root / "quick_tests.py").write_text(command)
    victim.world.commit()
    victim.refuses("deploy", code=10, says=["step test", says])


def test_a_suite_that_hangs_is_killed_with_its_children(victim: Served) -> None:
    (victim.world.root / "quick_tests.py").write_text(HANGS)
    victim.world.edit("hotelctl.toml", "timeout_s = 60", "timeout_s = 1.5")
    victim.world.commit()
    says = ["step test: the test command was killed at its limit after "]
    victim.refuses("deploy", code=10, says=says, hint="tests.timeout_s")
    # `refuses` waited until no program of the environment ran that had not run before.
    ours = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    assert not [words for words in ours if f"{victim.world.state}" in str(words) and "4711" in str(words)]


@pytest.mark.parametrize(
    ("name", "old", "new", "says", "hint"),
    [
        (
            "quick_build.py",
            "import sys\n",
            "import sys\nsys.exit('error: no compiler here')\n",
            "step build: the build failed: error: no compiler here",
            "quick_build.py",
        ),
        (
            "quick_build.py",
            'glob("*")',
            'glob("*.py")',
            "step build: BLD017 plainsvc-1.0.0-py3-none-any.whl holds nothing that matches plainsvc/_commit",
            "plainsvc/_commit.txt",
        ),
        (
            "hotelctl.toml",
            'requirements = "requirements.txt"',
            'requirements = "gone.txt"',
            "step build: build.requirements names gone.txt, which is not in the commit",
            "git add gone.txt",
        ),
        (
            "plainsvc/about.py",
            "from importlib import",
            "import turbo\nfrom importlib import",
            "BLD006 plainsvc.about cannot be imported after installation: ModuleNotFoundError: No module",
            "import plainsvc",
        ),
        (
            "hotelctl.toml",
            'version_file = "pyproject.toml"',
            'version_file = "gone.toml"',
            "step build: gone.toml: no [project].version can be read",
            "version",
        ),
    ],
    ids=["fails", "leaves out data", "no requirements", "does not import", "no version"],
)
def test_an_artifact_that_is_none(
    victim: Served, name: str, old: str, new: str, says: str, hint: str
) -> None:
    victim.world.edit("hotelctl.toml", 'imports = ["plainsvc"]', 'imports = ["plainsvc.about"]')
    victim.world.edit(name, old, new)
    victim.world.commit()
    victim.refuses("deploy", code=10, says=[says], hint=hint)


def test_a_requirement_that_is_another_file(victim: Served) -> None:
    file = victim.world.root / "requirements.txt"
    file.write_text(file.read_text().replace("--hash=sha256:", f"--hash=sha256:{'0' * 8}"))
    lines = file.read_text().splitlines()
    good = [line.replace("0" * 8, "", 1) if "typing" in line else line for line in lines]
    file.write_text("\n".join(good) + "\n")
    victim.world.commit()
    ended = victim.refuses("deploy", code=10, says=["step build: the release's environment cannot be made"])
    assert "psycopg" in ended.refusal or "hash" in ended.refusal.lower()


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("ALTER TABLE gone ADD x int;", ["DB003", "0003_bad.sql: ", 'relation "gone" does not exist']),
        ("COMMIT;", ["0003_bad.sql: holds COMMIT"]),
        (
            "ALTER TABLE notes ADD COLUMN stars int NOT NULL;",
            ["step prove: the migration fails on a copy of the database: 0003_bad.sql", "null values"],
        ),
        (
            "ALTER TABLE notes DROP COLUMN text;",
            ["step prove: class C: the serving release", "a note lives and goes", "503"],
        ),
    ],
    ids=["no table", "own transaction", "only with rows", "breaks the old release"],
)
def test_a_migration_that_is_broken(victim: Served, sql: str, says: list[str]) -> None:
    (victim.world.root / "migrations" / "0003_bad.sql").write_text(sql)
    victim.world.commit()
    victim.refuses("deploy", code=10, says=says)


def test_an_applied_migration_that_was_edited(victim: Served) -> None:
    file = victim.world.root / "migrations" / "0002_notes_by_time.sql"
    file.write_text(file.read_text() + "-- nicer\n")
    victim.world.commit()
    says = ["0002_notes_by_time.sql: was edited after it had been applied"]
    victim.refuses("deploy", code=10, says=says)


@contextmanager
def table_in_use(url: str) -> Iterator[None]:
    """Somebody reads the notes and does not end, as a forgotten psql does."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE notes IN ACCESS SHARE MODE")
        yield


def test_a_migration_that_waits_for_a_lock(victim: Served) -> None:
    (victim.world.root / "migrations" / "0003_more.sql").write_text("ALTER TABLE notes ADD COLUMN stars int;")
    victim.world.commit()
    with table_in_use(victim.world.database_url()):
        says = ["step migrate", "0003_more.sql", "lock timeout", "another session holds the lock"]
        # Its backup is kept, because a migration of the real database was begun.
        ended = victim.refuses("deploy", code=10, says=says, hint="then hotelctl deploy", but=["backups"])
    assert "the schema is at 0002_notes_by_time.sql, as before" in ended.told


def test_two_signals_end_a_deploy_that_hangs_and_the_next_one_tidies_up(victim: Served) -> None:
    world = victim.world
    (world.root / "migrations" / "0003_slow.sql").write_text("SELECT pg_sleep(4711);")
    world.commit()
    before, failed = world.standing(), victim.witness.failures.copy()
    with subprocess.Popen(
        world.words("deploy"),
        cwd=world.root,
        env=world.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            world.wait(lambda: any("pg_sleep" in query for query in world.queries()), 60)
            os.kill(process.pid, signal.SIGTERM)
            assert process.stderr is not None
            assert any("once more ends it at once" in line for line in process.stderr)
            os.kill(process.pid, signal.SIGTERM)
            process.wait(timeout=60)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL
    assert world.run("abort").code == 0
    world.restore()
    world.settle(lambda: world.standing() == before)
    assert world.standing() == before
    assert not any("pg_sleep" in query for query in world.queries())
    assert victim.witness.failures == failed
