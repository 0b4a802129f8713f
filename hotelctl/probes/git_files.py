"""What git says of env files."""

from hotelctl.config.load import Configuration
from hotelctl.facts.git_files import GitFiles, looks_like_env_file
from hotelctl.probes.context import Context
from hotelctl.probes.few_at_a_time import links

_PATTERNS = (".env", ".env.*", "*.env", "*/.env", "*/.env.*")


def git_files(context: Context) -> GitFiles:
    """Which env files are tracked, and which of the service file's are ignored, asked of git.

    Of a link git holds where it leads, and nothing of what stands there.
    """
    spec = context.configuration.spec
    named = declared_env_files(context.configuration)
    found = context.repository.tracked((*_PATTERNS, *named))
    like = [path for path in found if path in named or looks_like_env_file(path, spec.env.example)]
    tracked = set(like) - links(like, context)
    open_names = [name for name in named if name not in tracked]
    ignored = context.repository.ignored(open_names) if open_names else {}
    return GitFiles(
        tuple(sorted(tracked)),
        tuple(name for name in open_names if ignored[name]),
        tuple(name for name in open_names if not ignored[name]),
    )


def declared_env_files(configuration: Configuration) -> tuple[str, ...]:
    """The env files of all environments that the service file names, relative to the project."""
    spec = configuration.spec
    elsewhere = (name for env in spec.environments.values() for name in env.env_files)
    here = (*spec.env.files, *configuration.environment.env_files, *elsewhere)
    return tuple(dict.fromkeys(name for name in here if not name.startswith("/")))
