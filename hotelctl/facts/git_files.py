"""What git says of the project's env files."""

from dataclasses import dataclass

from hotelctl.facts.template_names import is_template


@dataclass(frozen=True, slots=True)
class GitFiles:
    """`tracked`: env files that git tracks, the example left out; `ignored` and `exposed`: the others."""

    tracked: tuple[str, ...]
    ignored: tuple[str, ...]
    exposed: tuple[str, ...]


_HARMLESS_ENDS = (".md", ".py")


def looks_like_env_file(path: str, example: str | None) -> bool:
    """Whether a tracked path is an env file with values, not an example of one."""
    name = path.rpartition("/")[2]
    if is_template(path, example) or name.endswith(_HARMLESS_ENDS) or "example" in name:
        return False
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")
