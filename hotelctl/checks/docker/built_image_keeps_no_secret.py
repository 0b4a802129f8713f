"""DKR022: no secret is in the variables or the history of the built image."""

import re
from collections.abc import Iterator

from hotelctl.checks.docker.of_image import said
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.docker_secrets import (
    DeclaredSecrets,
    has_secret_shape,
    hide,
    is_kept,
    is_secret_name,
    is_stand_in,
)

# How the classic builder and BuildKit note the arguments that a RUN was given.
_ARGUMENTS = re.compile(r"^(?:RUN )?\|\d+ (.*?)(?: /bin/sh -c |$)", re.DOTALL)
# A value may hold blanks, and then it is not quoted: what looks like the next name is taken for one.
_ARGUMENT = re.compile(r"(?:^|\s)(\w+)=(\S*)")
_DECLARED = re.compile(r"^(?:/bin/sh -c #\(nop\) +)?ARG +(.*)", re.DOTALL)
_NOTED_ENV = re.compile(r"^(/bin/sh -c #\(nop\) +)?(ENV|LABEL) ")
_FIX = "RUN --mount=type=secret,id=NAME,env=NAME ... while building;\n--env-file while running"


@check(
    "DKR022",
    "No secret is in the variables or the history of the built image",
    severity=Severity.CRITICAL,
    rationale="Whoever can pull an image reads its variables, and the arguments of its build in its history.",
    remediation="Replace the secret, mount it for the RUN that needs it, build anew, delete what was pushed.",
    references=("https://docs.docker.com/build/building/secrets/",),
    stage=Stage.BUILD,
)
def built_image_keeps_no_secret(image: BuiltImage, secrets: DeclaredSecrets) -> Iterator[Finding]:
    """A finding for each variable, label or argument that is secret by name or value, and for other words.

    Raises:
        Unavailable: after them, where the contract that says what is secret could not be asked.

    """
    for name, value in image.env:
        yield from _named(image, "variable", name, value, secrets)
    for name, value in sorted(image.labels.items()):
        if has_secret_shape(value) or secrets.value_in(value):
            yield _finding(image, f"label {name}", "holds a value that is a secret", name)
    told = set[str]()
    for number, words in enumerate(image.history, 1):
        for finding in _in_history(image, number, words, secrets):
            # An argument stands where it is declared, and at each RUN after it.
            if finding.subject not in told:
                told.add(finding.subject)
                yield finding
    if secrets.doubt:
        raise Unavailable(secrets.doubt)


def _named(
    image: BuiltImage, what: str, name: str, value: str, secrets: DeclaredSecrets
) -> Iterator[Finding]:
    by_value = has_secret_shape(value) or secrets.value_in(value)
    if not by_value and not ((is_secret_name(name) or name in secrets.names) and is_kept(value)):
        return
    if is_stand_in(value) and not secrets.value_in(value):
        why, severity = "holds a word of examples that somebody will run with", Severity.MEDIUM
    else:
        why, severity = "holds a value that is a secret" if by_value else "holds a secret by its name", None
    yield _finding(image, f"{what} {name}", why, name, severity)


def _in_history(image: BuiltImage, number: int, words: str, secrets: DeclaredSecrets) -> Iterator[Finding]:
    """What a variable says stands in the history again, and is not told twice."""
    if _NOTED_ENV.match(words):
        return
    rest = words
    if hit := _ARGUMENTS.match(words) or _DECLARED.match(words):
        for name, value in _ARGUMENT.findall(hit[1]):
            yield from _named(image, "build argument", name, value, secrets)
        rest = _ARGUMENT.sub("", hit[1]) + words[hit.end(1) :]
    if has_secret_shape(rest) or secrets.value_in(rest):
        step = f"step {number} of the history"
        yield _finding(image, step, "has a secret in its words", "NAME")


def _finding(image: BuiltImage, what: str, why: str, name: str, severity: Severity | None = None) -> Finding:
    return Finding(
        subject=f"{what} of {image.name}",
        message=f"{image.name}: {what} {why}",
        evidence=(said(image, hide(f"{what}=[redacted]")),),
        fix=_FIX.replace("NAME", name),
        severity=severity,
    )
