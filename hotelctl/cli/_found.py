"""A project that no service file speaks of: what is found in it, and the configuration that follows."""

import os
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.git import GitRepository
from hotelctl.cli._places import project
from hotelctl.cli._wiring import Asked, completed, configure
from hotelctl.config.load import Configuration, drafted, written_file
from hotelctl.config.service_draft import service_draft
from hotelctl.core.redact import Redactor
from hotelctl.facts.found.survey import Survey
from hotelctl.probes.survey import surveyed


def found_here(root: Path) -> Survey:
    """What lies in the project at `root`; nothing is written, and nothing of it is run."""
    return surveyed(root, LocalFiles(_unrecorded(), root), _repository(root))


def _unrecorded() -> Unrecorded:
    return Unrecorded(Redactor(), SystemClock())


def _repository(root: Path) -> GitRepository:
    return GitRepository(root, _unrecorded(), dict(os.environ))


def configured_or_found(asked: Asked) -> Configuration:
    """The service file's configuration; where there is none, what `hotelctl init` would write is read.

    Raises:
        UsageError: the file cannot be read, or the environment is not known; without a file also
            where there is no repository or commit, so that no home directory is searched.

    """
    root = project()
    if asked.service is not None or written_file(root) is not None:
        return configure(asked)
    _repository(root).head()
    return completed(drafted(service_draft(found_here(root), None), root, asked.environment), asked)
