"""DKR004: the image does not run as root."""

import re
from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.image_reference import ImageReference

_ROOT = re.compile(r"(root|0+)(:.*)?")
# Images that are made to run as another user, by what their names promise.
_OTHERS = re.compile(r"nonroot|rootless|unprivileged")


@check(
    "DKR004",
    "The image does not run as root",
    severity=Severity.HIGH,
    rationale="Whoever breaks into a root process of a container is one kernel fault from the host.",
    remediation="Write USER with a number after the last RUN that needs root.",
)
def image_runs_as_a_user(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for every file whose last stage ends as root, or says nothing on an image that is root."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
    users = [one for one in file.shipped() if one.name == "USER"]
    if not users:
        if not _runs_as_another(file.lineage(file.final)[0].base):
            start = file.final.start
            yield Finding(
                subject=f"USER of {file.path}",
                message=f"the last stage of {file.path} has no USER, so it runs as its base does: root",
                evidence=(of_instruction(file, start),),
                location=place(file, start),
                fix="USER 10001:10001",
            )
        return
    last = users[-1]
    user = last.filled("".join(last.args)).strip("\"'")
    if "$" in user:
        yield Doubt(f"{file.path}:{last.line}: which user {user} is, only the build's arguments say")
    elif _ROOT.fullmatch(user):
        yield Finding(
            subject=f"USER of {file.path}",
            message=f"the last stage of {file.path} ends as {user}",
            evidence=(of_instruction(file, last),),
            location=place(file, last),
            fix="USER 10001:10001",
        )


def _runs_as_another(image: ImageReference) -> bool:
    return _OTHERS.search(f"{image.repository}:{image.tag}") is not None
