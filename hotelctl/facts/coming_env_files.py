"""Env files that are not there yet, or that nobody declared, and what ignore files do with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hotelctl.facts.git_files import looks_like_env_file
from hotelctl.facts.template_names import without_word


@dataclass(frozen=True, slots=True)
class ComingEnvFile:
    """A path; `origin` is the template that it is made from, empty for one that lies there.

    `within` is the path relative to the context of builds, empty for one that does not lie in it.
    `exposed` is whether git would take it; `sent_by` names the Dockerfiles with whose build it would be
    sent, each with the ignore file that says so, None where there is none.
    """

    path: str
    origin: str
    within: str
    exposed: bool
    sent_by: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ComingEnvFiles:
    """All of them; `doubts` says by Dockerfile why its ignore file does not answer."""

    files: tuple[ComingEnvFile, ...]
    doubts: dict[str, str] = field(default_factory=dict)


def made_from(templates: Iterable[str], example: str | None) -> dict[str, str]:
    """By the path of each env file the template that people copy to it."""
    made = {path: without_word(path) for path in sorted(templates)}
    return {to: path for path, to in made.items() if to != path and looks_like_env_file(to, example)}
