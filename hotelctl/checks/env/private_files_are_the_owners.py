"""ENV032: files that the contract calls private are their owner's only."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.private_files import PrivateFile, PrivateFiles

_READ_OR_WRITE, _WRITE = 0o077, 0o022


@check(
    "ENV032",
    "Files that the contract calls private are their owner's only",
    severity=Severity.HIGH,
    rationale="Who can read a signing key can be anybody, and so can who may put an own one beside it.",
    remediation="chmod go= FILE; make new keys where others could read the old ones.",
)
def private_files_are_the_owners(found: PrivateFiles) -> Iterator[Finding]:
    """A finding for every file that others may read or write, and every directory that they may write into.

    Raises:
        NotApplicable: the contract calls no file `private`, or none is there yet.
        Unavailable: one could not be looked at.

    """
    for file in found.files:
        if file.mode & (_WRITE if file.is_directory else _READ_OR_WRITE):
            yield _finding(file)


def _finding(file: PrivateFile) -> Finding:
    what = (
        "others than its owner may put keys there"
        if file.is_directory
        else "others than its owner may use it"
    )
    return Finding(
        subject=file.path,
        message=f"{file.path}, to which {file.key} leads, has mode {file.mode:04o}: {what}",
        evidence=(FileExcerpt(file.path, None, by_shape(f"mode {file.mode:04o}")),),
        location=Location(file.path),
        fix=f"chmod go= {file.path}",
    )
