"""Dockerfiles and what belongs to them, written by hand for checks to judge."""

from collections.abc import Mapping
from typing import Any

import pytest

from hotelctl.core.check import Check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_context import BuildContexts, SentFiles, private_files, read_ignore
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.docker_settings import DockerSettings, Said
from hotelctl.facts.dockerfile import Dockerfiles, Unread
from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.facts.hadolint import HadolintRuns, Linted, Remark
from hotelctl.facts.secret import Secret

BROKEN = Unread("web.Dockerfile", "web.Dockerfile:3: unknown instruction")


def files(*texts: str) -> Dockerfiles:
    """The first text is `Dockerfile`, others `Dockerfile.2` and so on."""
    names = ["Dockerfile", *(f"Dockerfile.{n}" for n in range(2, len(texts) + 1))]
    return Dockerfiles(
        tuple(parse_dockerfile(name, text.encode()) for name, text in zip(names, texts, strict=True))
    )


def with_broken(text: str) -> Dockerfiles:
    """One file, and another one that nobody can read."""
    return Dockerfiles(files(text).files, (BROKEN,))


def settings(**fields: Any) -> DockerSettings:  # noqa: ANN401 - any field of the fact
    """A service whose Dockerfile is `Dockerfile` and that listens on 8080."""
    good: dict[str, Any] = {"main": "Dockerfile", "port": Said("8080", "service.toml:5")}
    return DockerSettings(**(good | fields))


def secrets(*values: str, names: tuple[str, ...] = (), doubt: str = "") -> DeclaredSecrets:
    """Names that a contract declares, and values of env files."""
    return DeclaredSecrets(frozenset(names), tuple(map(Secret, values)), doubt)


def contexts(*names: str, ignore: str | None = None, declared: tuple[str, ...] = ()) -> BuildContexts:
    """A project of these files and what its ignore file lets through for `Dockerfile`."""
    rules = read_ignore(None) if ignore is None else read_ignore(".dockerignore", ignore.encode())
    sent = SentFiles("Dockerfile", rules, private_files(names, declared, rules))
    return BuildContexts({"Dockerfile": sent})


def runs(
    *shown: Remark, hidden: tuple[Remark, ...] = (), doubts: Mapping[str, str] | None = None
) -> HadolintRuns:
    """What hadolint said of `Dockerfile`; with `doubts` it said nothing."""
    if doubts is not None:
        return HadolintRuns({}, doubts)
    return HadolintRuns({"Dockerfile": Linted("Dockerfile", shown, hidden, ("hadolint", "-"))})


def unknown(check: Check, *facts: object) -> str:
    """Why the check cannot judge; it must not."""
    with pytest.raises(Unavailable) as caught:
        list(check.judge(*facts))
    return caught.value.reason
