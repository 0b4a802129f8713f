"""Which entries of env files are secrets."""

import re
from collections.abc import Callable, Iterable, Iterator

from hotelctl.facts.docker_secrets import is_kept
from hotelctl.facts.env_files import EnvFile
from hotelctl.facts.env_sh import read_sh
from hotelctl.facts.placeholder import placeholder

_GOES_ON = re.compile(r"\\\r?\n")


def secret_entries(
    files: Iterable[EnvFile], is_secret: Callable[[str], bool]
) -> Iterator[tuple[str, str, str]]:
    """File, name and value of each whose name `is_secret` and whose value may be one."""
    for file in files:
        for key, value in dict.fromkeys(_values(file)):
            if is_secret(key) and may_be_secret(value):
                yield file.path, key, value


def _values(file: EnvFile) -> Iterator[tuple[str, str]]:
    """As python-dotenv reads them, and where lines go on behind a backslash as a shell does, too."""
    yield from ((entry.key, entry.value.reveal()) for entry in file.entries)
    text = file.text.reveal()
    if _GOES_ON.search(text):
        taken = read_sh(text, {}).taken.items()
        yield from ((key, one.value.reveal()) for key, one in taken if one.value is not None)


def may_be_secret(value: str) -> bool:
    """Whether it is no number, switch, reference or placeholder."""
    return is_kept(value) and placeholder(value) is None
