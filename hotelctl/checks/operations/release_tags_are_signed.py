"""OPS003: the tags of the release are signed."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.references import Signature
from hotelctl.facts.release_tags import ReleaseTags


@check(
    "OPS003",
    "The tag of the release is signed",
    severity=Severity.MEDIUM,
    rationale="Whoever may push a tag could call anything a release; a signature says who did.",
    remediation="git tag --sign; a tag that others have already stays, and the next one is signed.",
)
def release_tags_are_signed(tags: ReleaseTags) -> Iterator[Finding]:
    """A finding for every tag without a signature or with a bad one.

    Raises:
        Unavailable: git cannot judge a signature, as it knows no key for it.

    """
    for tag, found in tags.signatures.items():
        if (problem := _problem(found)) is not None:
            yield Finding(
                subject=tag,
                message=f"the tag {tag} {problem}",
                evidence=(CommandOutput(("git", "verify-tag", "--raw", tag), 1, by_shape(found.words)),),
                fix=f"git tag --sign {tag}",
            )
    open_ones = [f"{tag} ({found.words})" for tag, found in tags.signatures.items() if found.good is None]
    if open_ones:
        raise Unavailable(f"signed, but git knows no key to judge it by: {', '.join(open_ones)}")


def _problem(found: Signature) -> str | None:
    if not found.annotated:
        return "is a lightweight one, which holds no signature"
    if not found.signed:
        return "is not signed"
    return f"has a bad signature: {found.words}" if found.good is False else None
