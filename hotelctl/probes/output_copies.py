"""The search for the service's own secrets in reports, journals and logs."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.secret_copies import SecretCopy, SecretValues, copies, none_known
from hotelctl.probes.context import Context
from hotelctl.probes.validation import REPORTS

_MOST_FILES = 100_000
_LARGEST_BYTES = 200_000_000
# So many files at once are in memory.
_AT_ONCE = 200
# Secrets and data belong there, or it is none of what is written to be read.
_KEPT = {
    "postgres",
    "venv",
    "artifact",
    "source",
    "backups",
    "secrets",
    "keyring",
    "units",
    "storage",
    "home",
}
_KEPT_FILES = {"env.json", "carry.json"}
# A report that is written over while it is read is read as it was.
_NOTHING = ("is not there", "is a link", "is no plain file")


def output_copies(context: Context, secrets: SecretValues) -> OutputCopies:
    """Every copy in what this environment and its reports hold to be read by people and programs.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        raise NotApplicable(none_known(secrets))
    project = context.configuration.project
    names = [str(path.relative_to(project)) for path in _written(context)]
    found: list[SecretCopy] = []
    doubts: dict[str, str] = {}
    for start in range(0, len(names), _AT_ONCE):
        said = context.files.contents(project, names[start : start + _AT_ONCE], _LARGEST_BYTES)
        files = {name: what for name, what in said.items() if isinstance(what, bytes)}
        found += copies(secrets.known, files, context.mark)
        doubts |= {one: why for one, why in said.items() if isinstance(why, str) and why not in _NOTHING}
    return OutputCopies(len(secrets.known), len(names), tuple(found), doubts)


def _written(context: Context) -> Iterator[Path]:
    reports = context.configuration.project / REPORTS
    return chain(_below(context, reports), _below(context, context.state))


def _below(context: Context, root: Path) -> Sequence[Path]:
    if not context.files.exists(root):
        return ()
    names = context.files.names(root, lambda name: PurePosixPath(name).name not in _KEPT, _MOST_FILES)
    return [root / name for name in names if PurePosixPath(name).name not in _KEPT_FILES]
