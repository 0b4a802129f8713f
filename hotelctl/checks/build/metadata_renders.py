"""BLD005: the metadata of the wheel can be shown."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.rendered_metadata import RenderedMetadata


@check(
    "BLD005",
    "The metadata of the wheel can be shown",
    severity=Severity.MEDIUM,
    rationale="An index refuses a description that it cannot render, on the day of the release.",
    remediation="Mend the readme's markup, and name its type: readme = 'README.md' or with content-type.",
    references=("https://packaging.python.org/en/latest/specifications/core-metadata/",),
    stage=Stage.AUDIT,
)
def metadata_renders(metadata: RenderedMetadata) -> Iterator[Finding]:
    """A finding for each error of twine."""
    for words in metadata.complaints:
        yield Finding(
            subject=words[:80],
            message=f"{metadata.name}: {words}",
            evidence=(CommandOutput(metadata.argv, 1, by_shape(words)),),
            fix=shlex.join(metadata.argv),
        )
