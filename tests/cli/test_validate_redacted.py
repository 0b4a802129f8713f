"""No byte that a command produced holds a secret, wherever it was planted and however it is spelt."""

import subprocess
from pathlib import Path

import pytest

from hotelctl.core.redact import forms
from tests.cli.test__asked_to_end import ended, replacing
from tests.cli.test_validate import run
from tests.services.checkout import commit_all, plain_checkout

pytestmark = pytest.mark.system
_KEY = 'sig"Tr0ub4dor/äand&three%more+words'
_PLAIN = "sigTr0ub4dorAndThreeMoreWords84"
_TOKEN = "ghp_" + "k3J9xQ2mV7tB5nR8wL4pZ6sD1fG0hY3cA9eU"

# In no env file and of no known shape: what stands before it says what it is.
_NAMED = "Zx81kkQw9tPl"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Where they stand in the env file, in SQL, in names, messages, a branch, a tag and a log."""
    project = plain_checkout(tmp_path)
    (project / ".env.local").write_text(f"SESSION_SECRET='{_KEY}'\nMAIL_PASSWORD={_PLAIN}\n")
    (project / f"notes-{_PLAIN}.md").write_text(f"url: https://app:{_PLAIN}@mail.acme.example/\n")
    (project / f"{_TOKEN}.md").write_text("nothing\n")
    (project / "pay.sql").write_text(f"CREATE USER app WITH PASSWORD '{_PLAIN}';\n-- {_KEY}\n")
    commit_all(project, f"use {_PLAIN} and {_TOKEN}")
    for words in (("branch", f"fix-{_PLAIN}"), ("tag", "-m", f"with {_PLAIN}", f"v-{_PLAIN}")):
        subprocess.run(("git", *words), cwd=project, check=True, capture_output=True)
    log = project / ".hotelctl/local/releases/r1/log/service.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"Traceback\nConnectionError: {_KEY} {_PLAIN} {_TOKEN}\n")
    return project


def _files(project: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in project.rglob("*") if path.is_file() and ".git" not in path.parts
    }


def _leaked(project: Path, before: dict[Path, bytes], done: subprocess.CompletedProcess[str]) -> set[str]:
    written = {path: held for path, held in _files(project).items() if before.get(path) != held}
    produced = {str(path.relative_to(project)): held for path, held in written.items()}
    produced |= {name: name.encode() for name in produced}
    produced |= {"stdout": done.stdout.encode(), "stderr": done.stderr.encode()}
    spelt = {form.encode() for value in (_KEY, _PLAIN, _TOKEN, _NAMED) for form in forms(value)}
    return {name for name, held in produced.items() if any(form in held for form in spelt)}


@pytest.mark.parametrize("words", [(), ("--verbose",), ("--format", "json"), ("--format", "sarif")])
def test_reports_evidence_and_answers_hold_none(project: Path, words: tuple[str, ...]) -> None:
    before = _files(project)
    done = run(project, "validate", "--only", "secrets", *words)
    assert done.returncode == 1, done.stderr
    assert _leaked(project, before, done) == set()


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "--only", _PLAIN),
        ("validate", f"--{_PLAIN}"),
        ("validate", "--since", _PLAIN),
        (_PLAIN,),
        ("--service", f"https://app:{_PLAIN}@acme.example/x.toml", "validate"),
    ],
    ids=["a value", "an option", "a name", "a command", "a URL"],
)
def test_words_of_the_command_are_not_repeated_with_it(project: Path, words: tuple[str, ...]) -> None:
    before = _files(project)
    done = run(project, *words)
    assert done.returncode not in (0, 70), done.stdout
    assert _leaked(project, before, done) == set()


def test_an_env_file_that_cannot_be_read_is_not_quoted(project: Path) -> None:
    path = project / ".env.local"
    path.write_bytes(path.read_bytes() + f"\xff{_PLAIN}=\x00{_TOKEN}\n".encode("latin-1"))
    before = _files(project)
    done = run(project, "validate", "--only", "secrets")
    assert _leaked(project, before, done) == set()


def test_what_a_program_says_of_a_value_that_only_its_name_tells_is_hidden(project: Path) -> None:
    spec = project / "hotelctl.toml"
    build = (
        'command = ["{python}", "-m", "build", "--wheel", "--no-isolation", "--outdir", "{out}", "{source}"]'
    )
    assert build in spec.read_text()
    spec.write_text(spec.read_text().replace(build, 'command = ["{python}", "made.py"]'))
    said = (
        f"api_token={_NAMED}\nX-Api-Key: {_NAMED}\n" + f'{{"client_secret": "{_NAMED}"}} --password {_NAMED}'
    )
    (project / "made.py").write_text(f"print({said!r})\nraise SystemExit(1)\n")
    commit_all(project, "a build that tells too much")
    before = _files(project)
    done = run(project, "validate", "--only", "BLD003", "--verbose")
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("[redacted") >= 1, done.stdout
    assert _leaked(project, before, done) == set()


def test_the_log_of_a_crash_holds_none(project: Path) -> None:
    text = f"key = {_KEY!r}\nraise ValueError(f'{{key}} {_TOKEN} password={_NAMED}')\n"
    instead = replacing(project, "hotelctl.cli._looking", text)
    before = _files(project)
    done = ended(project, instead)
    assert done.returncode == 70, done.stderr
    assert [path for path in _files(project) if path.name.startswith("hotelctl-bug-")]
    assert _leaked(project, before, done) == set()
