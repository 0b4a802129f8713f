"""What a rehearsal's copy is given, on a repository of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotelctl.cli._rehearsal_copy import Copy, copied
from hotelctl.cli._wiring import Asked, configure, layout_of, templates, wired
from hotelctl.config.release_env import compose
from hotelctl.core.errors import UsageError
from tests.services.checkout import git

pytestmark = pytest.mark.system

_LIVE = "postgresql://owner:pw@db.example:5432/notes"
_SERVICE = """schema = "hotelctl.service/1"

[service]
name = "notes"
title = "Notes"

[run]
command = ["python", "{port}"]
FILE_RUN
[health]
live = "/"
ready = "/"
version = "/"
commit_field = "commit"

[database]
url_env = "DATABASE_URL"

[env]
files = [".env"]
"""


class Project:
    """A service that finds its database by an env file which git ignores."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written("hotelctl.toml", _SERVICE.replace("FILE_RUN", ""))
        self.written(".gitignore", "/.env\n.hotelctl/\n")
        git(root, "init", "--quiet", "--initial-branch=main")

    def written(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    @contextmanager
    def copied(self) -> Iterator[Copy]:
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--allow-empty", "--message", "All")
        commit = git(self.root, "rev-parse", "HEAD")
        with (
            wired(configure(Asked(None, "local")), None, {}, start_database=False) as wiring,
            copied(wiring, commit, commit) as copy,
        ):
            yield copy

    def copied_env(self) -> Mapping[str, str]:
        """What a release in the copy would be started with."""
        with self.copied() as copy:
            found = copy.configuration()
            return compose(found, templates(found, layout_of(found)), copy.env)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "REPORTS_URL"):
        monkeypatch.delenv(name, raising=False)
    return Project(tmp_path)


@pytest.mark.parametrize(
    "second",
    [
        _LIVE,
        "postgresql+psycopg://reader:x@db.example/notes?sslmode=require",
        "postgresql://reader@first.example,DB.example/notes",
        "${DATABASE_URL}",
    ],
)
def test_no_line_of_an_env_file_leads_a_copy_to_the_database_here(project: Project, second: str) -> None:
    project.written(".env", f"DATABASE_URL={_LIVE}\nREPORTS_URL={second}\nGREETING=hello\n")
    assert project.copied_env() == {"GREETING": "hello"}


def test_nor_does_a_variable_of_the_shell_for_a_name_that_a_file_knows(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.written(".env", "REPORTS_URL=postgresql://db.example/other\n")
    monkeypatch.setenv("DATABASE_URL", _LIVE)
    monkeypatch.setenv("REPORTS_URL", _LIVE)
    assert project.copied_env() == {}


@pytest.mark.parametrize("name", ["REPORTS_URL", "DATABASE_URL"])
def test_a_commit_that_leads_to_it_by_any_name_is_refused(project: Project, name: str) -> None:
    project.written(".env", f"DATABASE_URL={_LIVE}\n")
    project.written("hotelctl.toml", _SERVICE.replace("FILE_RUN", f'[run.env]\n{name} = "{_LIVE}"\n'))
    with pytest.raises(UsageError, match=rf"^{name} is set .* would change that database"):
        project.copied_env()


@pytest.mark.parametrize("line", [f"DATABASE_URL={_LIVE}", "GREETING=hello"])
def test_an_env_file_outside_of_the_project_is_read_by_the_copy_unless_it_names_the_database(
    project: Project, line: str
) -> None:
    outside = project.root.parent / f"{project.root.name}.env"
    outside.write_text(f"{line}\n")
    project.written("hotelctl.toml", _SERVICE.replace("FILE_RUN", "").replace(".env", str(outside)))
    if line.startswith("GREETING"):
        assert project.copied_env() == {"GREETING": "hello"}
        return
    with pytest.raises(UsageError, match=r"^DATABASE_URL is set"):
        project.copied_env()


def test_a_copy_opens_its_backups_with_the_key_that_is_named_here(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOTELCTL_BACKUP_IDENTITY", raising=False)
    with project.copied() as copy:
        assert "HOTELCTL_BACKUP_IDENTITY" not in copy.env
    monkeypatch.setenv("HOTELCTL_BACKUP_IDENTITY", "keys/backup.txt")
    with project.copied() as copy:
        assert copy.env["HOTELCTL_BACKUP_IDENTITY"] == str(project.root / "keys" / "backup.txt")
    assert "HOTELCTL_BACKUP_IDENTITY" not in project.copied_env()
