"""The search for the service's own secrets in reports, journals and logs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.secret_copies import SecretCopy, SecretValues, copies, none_known
from hotelctl.probes.context import Context
from hotelctl.probes.validation import REPORTS

_MOST_FILES = 100_000
_LARGEST_BYTES = 200_000_000
# So many files of that size are in memory at once, a larger one alone.
_AT_ONCE, _SMALL_BYTES = 200, 500_000
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
# A report that is written over while it is read is read as it was.
_NOTHING = ("is not there", "is no plain file")
_LINK, _LATEST = "is a link", f"{REPORTS}/latest"
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
    for said in _read(context, names):
        files = {name: what for name, what in said.items() if isinstance(what, bytes)}
        found += copies(secrets.known, files, context.mark)
        doubts |= {one: why for one, why in said.items() if isinstance(why, str) and _is_doubt(one, why)}
        doubts |= dict.fromkeys((one for one in files if one.endswith(_PACKED)), "is compressed")
    return OutputCopies(len(secrets.known), len(names), tuple(found), doubts)


def _read(context: Context, names: Sequence[str]) -> Iterator[Mapping[str, bytes | str]]:
    """What the files hold, or why they were not read; few at a time, as they may be large together."""
    project = context.configuration.project
    for start in range(0, len(names), _AT_ONCE):
        said = context.files.contents(project, names[start : start + _AT_ONCE], _SMALL_BYTES)
        again = [name for name, what in said.items() if isinstance(what, str) and what not in _NOTHING]
        yield {name: what for name, what in said.items() if name not in again}
        for name in again:
            yield context.files.contents(project, [name], _LARGEST_BYTES)


def _is_doubt(name: str, why: str) -> bool:
    """A name that is no text is told with backslashes, and is not found by what was told.

    Of links only that to the newest report leads to what is read anyway.
    """
    if why == _LINK:
        return name != _LATEST
    return why not in _NOTHING or (why == _NOTHING[0] and "\\" in name)


def _below(context: Context, root: Path, doubts: dict[str, str]) -> Sequence[Path]:
    if not context.files.exists(root):
        return ()
    # In reports there are no such places: whatever lies there was made to be read.
    kept, kept_files = (_KEPT, _KEPT_FILES) if root == context.state else (set[str](), set[str]())
    names = context.files.names(root, lambda name: PurePosixPath(name).name not in kept, _MOST_FILES + 1)
    if len(names) > _MOST_FILES:
        doubts[str(root.relative_to(context.configuration.project))] = f"holds more than {_MOST_FILES} files"
    return [root / name for name in names if PurePosixPath(name).name not in kept_files]
