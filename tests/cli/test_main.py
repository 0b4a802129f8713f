"""The frame of the command line, as a person starts it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from hotelctl.cli.main import app

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]
NEVER_FOR_HELP = {
    "sqlalchemy",
    "docker",
    "fastapi",
    "httpx",
    "psycopg",
    "git",
    "pydantic",
    "jinja2",
    "alembic",
    "psutil",
    "dotenv",
    "zxcvbn",
    "yaml",
}
NEVER_TO_LOOK = (
    "hotelctl.checks",
    "hotelctl.probes",
    "hotelctl.adapters.git",
    "hotelctl.adapters.postgres",
    "hotelctl.adapters.scratch",
    "hotelctl.adapters.tools",
    "hotelctl.adapters.work",
    "hotelctl.facts.secret_copies",
)
ASK_MODULES = """
import json, sys
sys.argv = ["hotelctl", *{arguments!r}]
from hotelctl.cli.main import run
try:
    run()
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]), file=sys.stderr)
"""


def hotelctl(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hotelctl", *arguments]
    given = {**os.environ, **(env or {})}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=given, cwd=cwd
    )


@pytest.mark.parametrize(
    "arguments", [("--help",), ("validate", "--help"), ("deploy", "--help"), ("--version",)], ids=str
)
def test_help_imports_none_of_the_heavy_packages(arguments: tuple[str, ...]) -> None:
    modules = _read_by(*arguments)
    # Typer itself loads pydantic to read the options of one command.
    by_typer = {"pydantic"} if arguments[0] in {"validate", "deploy"} else set()
    assert modules & NEVER_FOR_HELP <= by_typer
    assert "typer" in modules


@pytest.mark.parametrize(
    ("arguments", "database"),
    [(("status",), set()), (("history",), {"sqlalchemy"}), (("explain", "ENV001"), set())],
    ids=str,
)
def test_a_command_that_only_tells_imports_what_it_tells_with(
    arguments: tuple[str, ...], database: set[str]
) -> None:
    modules = _read_by(*arguments, cwd=ROOT)
    assert modules & NEVER_FOR_HELP <= {"pydantic", "dotenv"} | database
    # They look at a few files, and work with nothing that stands in the way of looking.
    if arguments != ("explain", "ENV001"):
        own = {name for name in modules if name.startswith(NEVER_TO_LOOK)}
        # The shared history may be in PostgreSQL.
        asks = {"hotelctl.adapters.postgres_connect", "hotelctl.adapters.postgres_url"} if database else set()
        assert own <= asks


def test_a_validation_imports_nothing_for_what_it_does_not_look_at(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("LOG_LEVEL=info\n", encoding="utf-8")
    _committed(tmp_path)
    modules = _read_by("validate", "--only", "ENV001", cwd=tmp_path)
    assert modules & NEVER_FOR_HELP <= {"pydantic", "dotenv", "jinja2"}


def _read_by(*arguments: str, cwd: Path | None = None) -> set[str]:
    """The names of all modules that the command imports."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_MODULES.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    # A validation of next to nothing is unverified.
    assert code == (3 if "validate" in arguments and "--help" not in arguments else 0)
    return set(modules)


def _committed(place: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b.example"]):
        more = ["commit", "-q", "-m", "one"] if words[0] == "-c" else []
        subprocess.run(["git", *words, *more], cwd=place, check=True)


def _cpu_s(*arguments: str) -> float:
    """What one run used of the processor: others who use it too cost time, and hardly any of this."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def test_help_is_as_quick_as_typer_and_rich() -> None:
    turns = [(_cpu_s("-m", "hotelctl", "--help"), _cpu_s("-c", "import typer, rich")) for _ in range(7)]
    helped, imported = (min(values) for values in zip(*turns, strict=True))
    assert helped <= 1.5 * imported, turns


def test_no_garbage_is_looked_for_when_a_command_ends() -> None:
    tell = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count()))"
    words = (
        f"import sys; {tell}; sys.argv = ['hotelctl', '--version']; from hotelctl.__main__ import run; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout.splitlines()[-1]) > 1_000


def test_every_command_of_the_list_has_help_with_a_first_line() -> None:
    text = hotelctl("--help").stdout
    entries = re.split(r"\n  (?=\w)", text.partition("Commands:")[2])[1:]
    names = [entry.split()[0] for entry in entries]
    assert {"validate", "explain", "doctor", "report", "deploy", "rollback"} <= set(names)
    for entry in entries:
        assert len(entry.split()) > 2, entry


@pytest.mark.parametrize("group", [(), ("backup",), ("env",), ("report",), ("lock",), ("docker",)], ids=str)
def test_the_first_sentence_of_a_command_is_told_whole(group: tuple[str, ...]) -> None:
    listed = hotelctl(*group, "--help").stdout.partition("Commands:")[2]
    assert listed.strip()
    assert "..." not in listed.replace("CHORE ...`", "")
    assert max(map(len, listed.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Usage"),
        (("validat",), "validate"),
        (("validate", "--servce", "x"), "--service"),
        (("validate", "--jobs", "0"), "--jobs"),
        (("validate", "--fail-on", "bad"), "critical"),
        (("explain",), "name one rule"),
        (("explain", "ENVV001"), "ENV001"),
        (("report", "show", "no-such-report"), "no-such-report"),
        (("report", "show", "--verbose", "--quiet"), "contradict"),
        (("report", "show", "--output", "pdf=x"), "FMT=PATH"),
        (("doctor", "--env", "locl"), "locl"),
    ],
    ids=str,
)
def test_wrong_usage_is_two_with_a_word_on_what_is_right(arguments: tuple[str, ...], words: str) -> None:
    done = hotelctl(*arguments)
    expected = 1 if arguments[:1] == ("doctor",) else 2
    assert done.returncode == expected
    assert words in done.stderr + (done.stdout if expected == 1 else "")
    assert "Traceback" not in done.stderr


def test_explain_shows_what_the_newest_report_has_as_proof(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nUSER 1\n", encoding="utf-8")
    _committed(tmp_path)
    before = hotelctl("explain", "DKR005", cwd=tmp_path).stdout
    assert "Mend it" in before
    assert "newest report" not in before
    hotelctl("validate", "--only", "DKR005", cwd=tmp_path)
    after = hotelctl("explain", "DKR005", cwd=tmp_path).stdout
    assert after.startswith(before)
    assert "In the newest report" in after
    assert "Dockerfile" in after
    hotelctl("validate", "--only", "DKR006", "--report-dir", "others", cwd=tmp_path)
    assert "newest report" not in hotelctl("explain", "DKR006", cwd=tmp_path).stdout
    assert "newest report" in hotelctl("explain", "DKR006", "--report-dir", "others", cwd=tmp_path).stdout
    assert (
        json.loads(hotelctl("explain", "DKR006", "--format", "json", cwd=tmp_path).stdout)["id"] == "DKR006"
    )


def test_whatever_changes_something_takes_yes_since_scripts_pass_it() -> None:
    root: Any = typer.main.get_command(app)
    for name in ("deploy", "rollback", "resume", "abort", "resolve"):
        assert any("--yes" in option.opts for option in root.commands[name].params), name


def test_a_reader_that_leaves_early_is_no_bug() -> None:
    command = f"{sys.executable} -m hotelctl explain --list | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.returncode in (0, 141)
