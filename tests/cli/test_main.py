"""The frame of the command line, as a person starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import typer

from hotelctl.cli.main import app

pytestmark = pytest.mark.system
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
}
ASK_MODULES = """
import json, sys
sys.argv = ["hotelctl", *{arguments!r}]
from hotelctl.cli.main import run
try:
    run()
except SystemExit as end:
    print(json.dumps([end.code, sorted({{name.partition(".")[0] for name in sys.modules}})]), file=sys.stderr)
"""


def hotelctl(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hotelctl", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **(env or {})}
    )


@pytest.mark.parametrize(
    "arguments", [("--help",), ("validate", "--help"), ("deploy", "--help"), ("--version",)], ids=str
)
def test_help_imports_none_of_the_heavy_packages(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK_MODULES.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    code, modules = json.loads(done.stderr)
    assert code == 0
    # Typer itself loads pydantic to read the options of one command.
    by_typer = {"pydantic"} if arguments[0] in {"validate", "deploy"} else set()
    assert set(modules) & NEVER_FOR_HELP <= by_typer
    assert "typer" in modules


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


def test_every_command_of_the_list_has_help_with_a_first_line() -> None:
    text = hotelctl("--help").stdout
    names = [line.split()[0] for line in text.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert {"validate", "explain", "doctor", "report", "deploy", "rollback"} <= set(names)
    for line in text.partition("Commands:")[2].strip().splitlines():
        assert len(line.split()) > 2, line


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


def test_whatever_changes_something_takes_yes_since_scripts_pass_it() -> None:
    root: Any = typer.main.get_command(app)
    for name in ("deploy", "rollback", "resume", "abort", "resolve"):
        assert any("--yes" in option.opts for option in root.commands[name].params), name


def test_a_reader_that_leaves_early_is_no_bug() -> None:
    command = f"{sys.executable} -m hotelctl explain --list | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.returncode in (0, 141)
