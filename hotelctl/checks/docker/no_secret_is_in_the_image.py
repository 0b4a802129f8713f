"""DKR008: no secret is written into the image."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, of_value, place, told_apart
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.docker_secrets import (
    DeclaredSecrets,
    has_secret_shape,
    is_kept,
    is_secret_name,
    is_stand_in,
)
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Instruction

_SAYS_VALUES = ("ARG", "ENV", "LABEL")
_FIX = (
    "RUN --mount=type=secret,id=NAME,env=NAME ... while building; --env-file or a mounted file while running"
)


@check(
    "DKR008",
    "No secret is written into the image",
    severity=Severity.CRITICAL,
    rationale="Variables and build arguments stay in the image, where everybody who can pull reads them.",
    remediation="Mount it for the RUN that needs it, give it to the container at its start, and replace it.",
    references=("https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",),
)
def no_secret_is_in_the_image(files: Dockerfiles, secrets: DeclaredSecrets) -> Iterator[Finding]:
    """A finding for every ARG or ENV that is secret by name or value, and for secrets in other words.

    A word of examples under a secret name is of medium severity.
    """

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        for stage in file.stages:
            for one in (stage.start, *stage.instructions):
                yield from _named(file, one, secrets)
                yield from _elsewhere(file, one, secrets)
        if secrets.doubt:
            yield Doubt(secrets.doubt)

    return every_file(files, judged)


def _named(file: Dockerfile, one: Instruction, secrets: DeclaredSecrets) -> Iterator[Finding]:
    for name, value in one.pairs:
        by_name = is_secret_name(name) or name in secrets.names
        by_value = value is not None and (has_secret_shape(value) or secrets.value_in(value))
        if not by_value and not (by_name and _is_given(one, value)):
            continue
        mild = value is not None and is_stand_in(value) and not secrets.value_in(value)
        yield Finding(
            subject=f"{one.name} {name}",
            message=f"{one.name} {name} {_why(value, mild=mild, by_name=by_name)}",
            evidence=(of_value(file, one, name, value or ""),),
            location=place(file, one),
            fix=_FIX.replace("NAME", name),
            severity=Severity.MEDIUM if mild else None,
        )


def _is_given(one: Instruction, value: str | None) -> bool:
    """An argument without a default takes its value from whoever builds; a label is no variable."""
    if one.name == "LABEL":
        return False
    return value is None or is_kept(value)


def _why(value: str | None, *, mild: bool, by_name: bool) -> str:
    if value is None:
        return "takes a secret from the build's arguments, and the history keeps it"
    if mild:
        return "holds a word of examples that somebody will run with"
    return "holds a secret by its name" if by_name else "holds a value that is a secret"


def _elsewhere(file: Dockerfile, one: Instruction, secrets: DeclaredSecrets) -> Iterator[Finding]:
    if one.name in _SAYS_VALUES:
        return
    text = "\n".join((one.text, *one.heredocs))
    if has_secret_shape(text) or secrets.value_in(text):
        redacted = of_instruction(
            file, one, by_shape("its text holds a key, a token or the password of a URL")
        )
        yield Finding(
            subject=f"secret in {one.name} {told_apart(file, one, secrets.values)}",
            message=f"a secret stands in the words of {one.name}",
            evidence=(redacted,),
            location=place(file, one),
            fix=_FIX,
        )
