"""ENV014: the committed example holds no live credential."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_files import OtherEnvFiles
from hotelctl.facts.live_credential import credentials


@check(
    "ENV014",
    "The committed example holds no live credential",
    severity=Severity.CRITICAL,
    rationale="The example is in every clone and in its history; whoever reads it holds the credential.",
    remediation="Revoke the credential where it was issued, and put CHANGE_ME in its place.",
)
def example_holds_no_live_credential(others: OtherEnvFiles) -> Iterator[Finding]:
    """A finding for every line, comments too, with what a provider's live credential looks like."""
    if others.example is None:
        raise NotApplicable("no example is present")
    path = others.example.path
    for found in credentials(others.example.text.reveal()):
        yield Finding(
            subject=found.key or f"{path}:{found.line}",
            message=f"{path}:{found.line} holds what looks like {found.kind} ({found.length} characters)",
            evidence=(FileExcerpt(path, found.line, by_shape(f"{found.kind}, {found.length} characters")),),
            location=Location(path, found.line),
            fix=f"sed -i '{found.line}s/=.*/=CHANGE_ME/' {shlex.quote(path)}",
        )
