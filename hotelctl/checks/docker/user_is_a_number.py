"""DKR005: the user is a number."""

import re
from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles


@check(
    "DKR005",
    "The user is a number",
    severity=Severity.INFO,
    rationale="Kubernetes refuses a name under runAsNonRoot: it cannot see that the name is not root.",
    remediation="Write the number of the user, and of its group: USER 10001:10001.",
)
def user_is_a_number(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for every file whose last USER is a name; root has a rule of its own."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    users = [one for one in file.shipped() if one.name == "USER"]
    if not users:
        return
    last = users[-1]
    user = last.filled("".join(last.args)).strip("\"'").partition(":")[0]
    if re.fullmatch(r"\d+|root|.*\$.*", user) is None:
        yield Finding(
            subject=f"USER of {file.path}",
            message=f"{user} is a name, which only the image itself can look up",
            evidence=(of_instruction(file, last),),
            location=place(file, last),
            fix="USER 10001:10001",
        )
