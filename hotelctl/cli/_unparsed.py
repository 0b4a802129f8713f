"""What is hidden in messages of a command that failed before it had loaded anything, as by its own words."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from hotelctl.cli._places import project
from hotelctl.core.errors import HotelctlError
from hotelctl.core.redact import Redactor
from hotelctl.facts.docker_secrets import is_secret_name
from hotelctl.facts.env_files import scan
from hotelctl.facts.git_files import looks_like_env_file

_KEY_BYTES = 32


def hiding() -> Callable[[str], str]:
    """What hides the values of names of secrets in this process and in the env files beside the service file.

    Marks of it can be compared with no others: the key of the project is not asked for.
    """
    return Redactor(os.urandom(_KEY_BYTES), dict.fromkeys(_values()))


def _values() -> Iterator[str]:
    yield from (value for name, value in os.environ.items() if is_secret_name(name))
    with suppress(HotelctlError, OSError):
        for path in project().iterdir():
            if looks_like_env_file(path.name, None) and path.is_file():
                entries = scan(path.name, path.read_bytes()).entries
                yield from (entry.value.reveal() for entry in entries if is_secret_name(entry.key))
