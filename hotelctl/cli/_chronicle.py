"""The shared history of an environment: written after each operation, read for those of other machines."""

import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hotelctl.cli._places import REPORTS
from hotelctl.cli._wiring import layout_of, templates, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.config.state_url import state_url
from hotelctl.core.chronicle import Approval, Deployment
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.deploy.chapters import chapters, past_of, ways_back
from hotelctl.deploy.elsewhere import Elsewhere
from hotelctl.deploy.history import Damaged, Past, told_operations
from hotelctl.render.words import below

# SQLAlchemy is read by those who ask for the history only.
if TYPE_CHECKING:
    from hotelctl.adapters.chronicle.store import Chronicle

_FILE = "history.db"
_SQLITE = "sqlite:///"
# A report may have megabytes, and most were signed by nobody.
_UNSIGNED = re.compile(rb'"signoffs":\s*\[\s*\]')


def chronicle_of(configuration: Configuration) -> "Chronicle":
    """Where the environment's history is shared: `state_url`, else a file of its own beside the journals."""
    from hotelctl.adapters.chronicle.store import Chronicle

    layout = layout_of(configuration)
    url = state_url(configuration, templates(configuration, layout), os.environ)
    if url is None:
        url = f"{_SQLITE}{layout.state / _FILE}"
    elif url.startswith(_SQLITE):
        url = f"{_SQLITE}{configuration.project / url.removeprefix(_SQLITE)}"
    return Chronicle(url, configuration.spec.service.name, configuration.environment_name)


def write_down(configuration: Configuration, tell: Callable[[str], None]) -> None:
    """All that journals and reports here tell is in the shared history; what fails is only told."""
    layout, files = layout_of(configuration), unrecorded_files(configuration)

    def warn(line: str) -> None:
        tell(f"warning: {below(configuration.project, line)}")

    try:
        pasts = told_operations(layout, files).pasts
        approvals = tuple(_approvals(configuration))
        told = tuple(chapters(pasts, layout, files))
        chronicle_of(configuration).write(told, approvals, warn)
    except (Unavailable, UsageError, OSError) as error:
        warn(f"{error}; journals and reports here have all of it, the next operation writes it again")


def _approvals(configuration: Configuration) -> Iterator[Approval]:
    """The signatures below the environment's reports that are stored here."""
    for path in sorted((configuration.project / REPORTS).glob("*/report.json")):
        if not path.parent.is_symlink():
            with suppress(OSError, UsageError):
                yield from _signed(path, configuration.environment_name)


def _signed(path: Path, environment: str) -> Iterator[Approval]:
    if _UNSIGNED.search(path.read_bytes()):
        return
    from hotelctl.cli._shelf import read

    made = read(path.parent)
    if made.environment == environment:
        for one in made.signoffs:
            yield Approval(made.id, made.digest, made.git.commit, one.name, one.role, one.at, one.signature)


def elsewhere(
    configuration: Configuration, known: Collection[str]
) -> tuple[tuple[Deployment, ...], tuple[str, ...]]:
    """The operations that only the shared history tells of, oldest first, and why they cannot be told."""
    try:
        return chronicle_of(configuration).deployments(known), ()
    except (Unavailable, UsageError) as trouble:
        why = below(configuration.project, str(trouble))
        return (), (f"{why}; only what this machine did is shown",)


def kept_elsewhere(configuration: Configuration) -> Elsewhere:
    """What other machines that share the store of backups may need of them.

    Raises:
        Unavailable: the shared history cannot be asked.
        UsageError: `state_url` leads nowhere.

    """
    place = configuration.environment
    if place.state_url is None or place.backups.store is None:
        return Elsewhere()
    here = told_operations(layout_of(configuration), unrecorded_files(configuration)).ids
    found = chronicle_of(configuration).deployments(here)
    need = ways_back(found, configuration.spec.retention.releases)
    return Elsewhere(need, frozenset(one.id for one in found))


def journal_elsewhere(configuration: Configuration, name: str) -> tuple[list[Past | Damaged], list[str]]:
    """The operation called so, if the shared history has it, and why that cannot be told."""
    try:
        lines = chronicle_of(configuration).lines(name)
    except (Unavailable, UsageError) as trouble:
        return [], [str(trouble)]
    return [past_of(name, lines)] if lines else [], []
