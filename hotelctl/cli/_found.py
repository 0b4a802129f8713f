"""A project that no service file speaks of: what is found in it, and the configuration that follows."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.git import GitRepository
from hotelctl.adapters.kept_draft import ground, once
from hotelctl.cli._places import STATE, project
from hotelctl.cli._secrets import keep_out_of_git
from hotelctl.cli._wiring import Asked, completed, configure
from hotelctl.config.load import Configuration, drafted, written_file
from hotelctl.core.redact import Redactor

if TYPE_CHECKING:
    from hotelctl.facts.found.survey import Survey


def found_here(root: Path) -> "Survey":
    """What lies in the project at `root`; nothing is written, and nothing of it is run."""
    from hotelctl.probes.survey import looked_at, surveyed

    files = _files(root)
    return surveyed(root, looked_at(root, files, _repository(root)), files)


def _files(root: Path) -> LocalFiles:
    return LocalFiles(Unrecorded(Redactor(), SystemClock()), root)


def _repository(root: Path) -> GitRepository:
    return GitRepository(root, Unrecorded(Redactor(), SystemClock()), dict(os.environ))


def configured_or_found(asked: Asked, *, cache: bool = False) -> Configuration:
    """The service file's configuration; where there is none, what `hotelctl init` would write is read.

    With `cache` that is kept below the project for the next command.

    Raises:
        UsageError: the file cannot be read, or the environment is not known; without a file also
            where there is no repository or commit, so that no home directory is searched.

    """
    root = project()
    if asked.service is not None or written_file(root) is not None:
        return configure(asked)
    repository = _repository(root)
    repository.head()
    return completed(drafted(_draft(root, repository, cache=cache), root, asked.environment), asked)


def _draft(root: Path, repository: GitRepository, *, cache: bool) -> str:
    # Who has a service file, as most have, reads nothing of what finds out what there is without one.
    from hotelctl.config.service_draft import service_draft
    from hotelctl.probes.survey import looked_at, surveyed

    files = _files(root)
    seen = looked_at(root, files, repository)

    def draft() -> str:
        return service_draft(surveyed(root, seen, files), None)

    if not cache:
        return draft()
    keep_out_of_git(root / STATE, files)
    # How the files are is looked at first: what is changed meanwhile is another ground next time.
    return once(root / STATE / "cache" / "draft", ground(root, seen), draft, files)
