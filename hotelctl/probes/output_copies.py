"""The search for the service's own secrets in reports, journals and logs."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.secret_copies import SecretCopy, SecretValues, copies, none_known
from hotelctl.probes.context import Context
from hotelctl.probes.few_at_a_time import LINK, few_at_a_time, is_doubt
from hotelctl.probes.validation import REPORTS

_MOST_FILES = 100_000
# Secrets and data belong there, or it is none of what is written to be read.
_KEPT = {
    "postgres",
    "scratch",
    "workspace",
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
_LATEST = f"{REPORTS}/latest"
# What may hold anything, unseen.
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")


def output_copies(context: Context, secrets: SecretValues) -> OutputCopies:
    """Every copy in what this environment and its reports hold to be read by people and programs.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        raise NotApplicable(none_known(secrets))
    project = context.configuration.project
    doubts: dict[str, str] = {}
    names = [
        str(path.relative_to(project))
        for root in (project / REPORTS, context.state)
        for path in _below(context, root, doubts)
    ]
    found: list[SecretCopy] = []
    for said in few_at_a_time(names, context):
        files = {name: what for name, what in said.items() if isinstance(what, bytes)}
        told = copies(secrets.known, files, context.mark)
        found += told.found
        doubts |= told.doubts
        doubts |= {one: why for one, why in said.items() if isinstance(why, str) and _is_doubt(one, why)}
        doubts |= dict.fromkeys((one for one in files if one.endswith(_PACKED)), "is compressed")
    return OutputCopies(len(secrets.known), len(names), tuple(found), doubts)


def _is_doubt(name: str, why: str) -> bool:
    """Of links only that to the newest report leads to what is read anyway."""
    return name != _LATEST if why == LINK else is_doubt(name, why)


def _below(context: Context, root: Path, doubts: dict[str, str]) -> Sequence[Path]:
    if not context.files.exists(root):
        return ()
    # In reports there are no such places: whatever lies there was made to be read.
    kept, kept_files = (_KEPT, _KEPT_FILES) if root == context.state else (set[str](), set[str]())
    names = context.files.names(root, lambda name: PurePosixPath(name).name not in kept, _MOST_FILES + 1)
    if len(names) > _MOST_FILES:
        doubts[str(root.relative_to(context.configuration.project))] = f"holds more than {_MOST_FILES} files"
    return [root / name for name in names if PurePosixPath(name).name not in kept_files]
