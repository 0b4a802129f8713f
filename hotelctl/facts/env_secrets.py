"""Which entries of env files are secrets."""

from collections.abc import Callable, Iterable, Iterator

from hotelctl.facts.docker_secrets import is_kept
from hotelctl.facts.env_files import EnvFile
from hotelctl.facts.placeholder import placeholder


def secret_entries(
    files: Iterable[EnvFile], is_secret: Callable[[str], bool]
) -> Iterator[tuple[str, str, str]]:
    """File, name and value of each whose name `is_secret` and whose value may be one."""
    for file in files:
        for entry in file.entries:
            value = entry.value.reveal()
            if is_secret(entry.key) and may_be_secret(value):
                yield file.path, entry.key, value


def may_be_secret(value: str) -> bool:
    """Whether it is no number, switch, reference or placeholder."""
    return is_kept(value) and placeholder(value) is None
