"""The files to which keys lead that the contract calls private."""

from collections.abc import Iterator
from pathlib import Path

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.private_files import PrivateFile, PrivateFiles
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.probes.context import Context

_MOST_FILES = 1_000


def private_files(context: Context, environment: ReleaseEnvironment, contract: EnvContract) -> PrivateFiles:
    """The files, and everything below the directories, that are there already.

    Raises:
        NotApplicable: the contract calls no file private, or none is there yet.
        Unavailable: one cannot be looked at, or there are more than a thousand.

    """
    values = environment.values()
    keys = [key for key, rule in contract.keys.items() if rule.private and key in values]
    if not keys:
        raise NotApplicable("the contract calls no file private that is set here")
    try:
        found = tuple(one for key in keys for one in _below(context, key, values[key]))
    except OSError as error:
        raise Unavailable(f"{error.filename} cannot be looked at: {error.strerror}") from error
    if not found:
        raise NotApplicable(f"nothing is there yet: {', '.join(keys)}")
    return PrivateFiles(found)


def _below(context: Context, key: str, value: str) -> Iterator[PrivateFile]:
    top = context.configuration.project / value
    if not context.files.exists(top):
        return
    if context.files.is_file(top):
        yield _looked_at(context, top, key)
        return
    yield _looked_at(context, top, key, is_directory=True)
    names = context.files.names(top, lambda _directory: True, _MOST_FILES + 1)
    if len(names) > _MOST_FILES:
        raise Unavailable(f"{key} leads to more than {_MOST_FILES} files")
    yield from (_looked_at(context, top / name, key) for name in names)


def _looked_at(context: Context, path: Path, key: str, *, is_directory: bool = False) -> PrivateFile:
    return PrivateFile(context.configuration.shown(path), context.files.mode(path), key, is_directory)
