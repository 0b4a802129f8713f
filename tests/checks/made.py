"""Facts made by hand, for checks to judge."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotelctl.core.check import Check
from hotelctl.core.finding import Finding, Location
from hotelctl.core.http import Reply
from hotelctl.core.ports import WorkTree
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile, EnvFiles, OtherEnvFiles, scan
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.key_rule import KeyRule
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard
from hotelctl.facts.release_environment import ReleaseEnvironment, Setting
from hotelctl.facts.running_service import Asked, RunningService
from hotelctl.facts.secret import Secret

COMMIT = "c" * 40
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def judged(check: Check, *facts: object) -> list[Finding]:
    """What the check finds; no finding may hold a value that a test marked with `hunter2`."""
    found = list(check.judge(*facts))
    assert "hunter2" not in repr(found), "a secret is in a finding"
    return found


def contract(**rules: Mapping[str, Any]) -> EnvContract:
    """A contract of these keys; each begins on line ten times its place."""
    keys = {key: KeyRule.model_validate({"docs": "...", **rule}) for key, rule in rules.items()}
    return EnvContract("env.toml", keys, {key: 10 * n for n, key in enumerate(keys, start=1)})


def environment(profile: str = "production", **values: str) -> ReleaseEnvironment:
    """These settings, each from a line of `.env.local`."""
    settings = {
        key: Setting(key, Secret(value), f".env.local:{n}", Location(".env.local", n))
        for n, (key, value) in enumerate(values.items(), start=1)
    }
    return ReleaseEnvironment(profile, settings, NOON.date())


def process(**values: str) -> ReleaseEnvironment:
    """An environment without settings of its own, in a process that has these variables."""
    return replace(environment(), process={key: Secret(value) for key, value in values.items()})


def example(text: str) -> OtherEnvFiles:
    """The committed example, and no file of another environment."""
    return OtherEnvFiles((), env_file(text, ".env.example"))


def files(text: bytes | str, mode: int = 0o600) -> EnvFiles:
    """One env file."""
    return EnvFiles((env_file(text, mode=mode),))


def env_file(text: bytes | str, path: str = ".env.local", mode: int = 0o600) -> EnvFile:
    """One file as it is read."""
    return scan(path, text, mode)


def tree(dirty: tuple[str, ...] = (), hidden: tuple[str, ...] = ()) -> WorkTree:
    """A checkout at `COMMIT`, committed at noon."""
    return WorkTree(
        Path("/project"), COMMIT, "main", (), dirty, hidden, shallow=False, committed_at=NOON, evidence="ev-1"
    )


def artifact(**fields: Any) -> Artifact:  # noqa: ANN401 - any field of the fact
    """A wheel that was built, with `fields` changed."""
    good: dict[str, Any] = {
        "commit": COMMIT,
        "argv": ("build",),
        "exit_code": 0,
        "words": "",
        "path": Path("/out/thing-1.0-py3-none-any.whl"),
        "sha256": "a" * 64,
        "names": {"thing/__init__.py": 10, "thing/data/page.html": 20},
    }
    return Artifact(**(good | fields))


def asked(path: str, status: int | None = 200, body: str = "{}") -> Asked:
    """A question and its answer."""
    error = "" if status else "connection refused"
    return Asked(f"http://127.0.0.1:8001{path}", Reply(status, {}, body, 0.01, "ev-1", error))


def service(**fields: Any) -> RunningService:  # noqa: ANN401 - any field of the fact
    """A service that is live, ready and runs `COMMIT`, with `fields` changed."""
    good: dict[str, Any] = {
        "release_id": "r1",
        "expected_commit": COMMIT,
        "commit_field": "git_sha",
        "live": asked("/health"),
        "ready": asked("/ready"),
        "version": asked("/version", body=f'{{"git_sha": "{COMMIT}"}}'),
    }
    return RunningService(**(good | fields))


def migration_run(*found: Hazard, stopped: str = "", rows: Mapping[str, int] | None = None) -> MigrationRun:
    """Pending migrations in which these hazards were seen; the live tables hold so many `rows`."""
    sql = "ALTER TABLE rooms\n  ADD more int"
    written = tuple(WrittenHazard(one, "2.sql", sql, 2.345, "migrations/2.sql", 7) for one in found)
    return MigrationRun(
        "the schema of live at 1.sql", "18.4", ("2.sql",), len(found), written, stopped, rows or {}
    )


def hazard(kind: HazardKind, **fields: Any) -> Hazard:  # noqa: ANN401 - any field of the fact
    """One that keeps everybody waiting."""
    good: dict[str, Any] = {
        "statement": 0,
        "table": "public.rooms",
        "detail": "all of public.rooms",
        "lock": LockMode.ACCESS_EXCLUSIVE,
        "refused": "reads and writes",
    }
    return Hazard(kind, **(good | fields))


def of_every_kind() -> MigrationRun:
    """One hazard of each kind that was seen, told by its name."""
    seen = [kind for kind in HazardKind if kind is not HazardKind.UNTAKEN]
    return migration_run(*(hazard(kind, detail=kind.value) for kind in seen))
