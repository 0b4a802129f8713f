"""What an environment keeps to itself: the key of short hashes, the run-time role's password."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hotelctl.config.load import Configuration
from hotelctl.config.release_env import declared_keys
from hotelctl.core.ports import Files
from hotelctl.facts.docker_secrets import is_secret_name
from hotelctl.facts.env_files import EnvFile, scan
from hotelctl.facts.env_secrets import secret_entries
from hotelctl.facts.secret_copies import SecretValues

_BYTES = 32
_IGNORE = "# state of deployments, not sources\n*\n"


def keep_out_of_git(directory: Path, files: Files) -> None:
    """`directory` exists and git never looks into it."""
    if not files.exists(directory / ".gitignore"):
        files.make_directory(directory, 0o755)
        files.write_durable(directory / ".gitignore", _IGNORE.encode())


def kept(path: Path, files: Files, *, keep: bool) -> str:
    """The random text in `path`, readable by its owner only; made when missing, stored only with `keep`."""
    if path.exists():
        return path.read_text(encoding="ascii")
    made = secrets.token_urlsafe(_BYTES)
    if keep:
        files.make_directory(path.parent, 0o755)
        files.write_durable(path, made.encode(), 0o600)
    return made


def secrets_of_env_files(configuration: Configuration) -> tuple[str, ...]:
    """What the rules about copies search for, of every environment: no output may show it either."""
    declared, secret = declared_keys(configuration)

    def is_secret(name: str) -> bool:
        return name in secret if name in declared else is_secret_name(name)

    found = SecretValues.of(secret_entries(_env_files(configuration), is_secret))
    return tuple(one.value.reveal() for one in found.known)


def _env_files(configuration: Configuration) -> Iterator[EnvFile]:
    """Those that can be read; rules about env files tell of the others."""
    spec = configuration.spec
    elsewhere = (name for one in spec.environments.values() for name in one.env_files)
    here = (*spec.env.files, *configuration.environment.env_files)
    for name in dict.fromkeys((*here, *elsewhere)):
        path = configuration.project / name
        with suppress(OSError):
            # A pipe would be waited for without end.
            if path.is_file():
                yield scan(name, path.read_bytes())
