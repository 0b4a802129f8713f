"""SEC003: no secret of this service stands in the work tree."""

from collections.abc import Iterator
from itertools import groupby

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.secret_copies import SecretCopies, SecretCopy


@check(
    "SEC003",
    "No secret of this service is copied into the work tree",
    severity=Severity.CRITICAL,
    rationale="It is the value that is in use, whatever it looks like: who may read the repository, or one "
    "copy of it, may enter.",
    remediation="Give the service a new value first and revoke the old one; then take it out of the file, "
    "and read it from the environment.",
    stage=Stage.AUDIT,
)
def no_secret_of_the_service_is_copied(found: SecretCopies) -> Iterator[Finding]:
    """One finding a name and file: values of env files and of the environment, searched for letter by letter.

    Also as base64, hex, percent-encoded or escaped, and in UTF-16. What is too short or too common to be
    searched for is left to ENV012.

    Raises:
        Unavailable: after them, when a file could not be searched.

    """
    ordered = sorted(found.copies, key=lambda copy: (copy.path, copy.names, copy.line))
    for _, copies in groupby(ordered, key=lambda copy: (copy.path, copy.names)):
        yield _finding(list(copies))
    if found.doubts:
        raise Unavailable("; ".join(f"{path}: {why}" for path, why in found.doubts.items()))


def _finding(copies: list[SecretCopy]) -> Finding:
    first = copies[0]
    names = " and ".join(first.names)
    places = some_of(tuple(f"line {one.line}{' (encoded)' if one.encoded else ''}" for one in copies))
    words = f"{first.path}: the value of {names} stands here, {places}: {first.mark}"
    return Finding(
        subject=names,
        message=words,
        evidence=tuple(FileExcerpt(one.path, one.line, by_shape(f"{names} {one.mark}")) for one in copies),
        location=Location(first.path, first.line),
        fix=f"give {first.names[0]} a new value where it is used;\nthen read it from the environment here",
    )
