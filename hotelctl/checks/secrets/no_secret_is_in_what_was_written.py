"""SEC006: no secret of this service stands in a report, log or journal."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets.copies import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.secret_copies import SecretCopy


@check(
    "SEC006",
    "No secret of this service stands in a report, log or journal",
    severity=Severity.CRITICAL,
    rationale="Reports are sent around, and logs are read and collected by many who may not enter.",
    remediation="Give the service a new value and revoke the old one; mend what printed it; then remove the "
    "file here and wherever it was sent.",
    stage=Stage.AUDIT,
)
def no_secret_is_in_what_was_written(found: OutputCopies) -> Iterator[Finding]:
    """One finding a name and file: all below reports/, and logs and journals of this environment.

    Values of env files and of the environment are searched for letter by letter and encoded, as by SEC003.
    Where secrets belong is not looked at: variables of releases, keyring, backups, the database.

    Raises:
        Unavailable: after them, when a file could not be searched.

    """
    yield from findings(found.copies, _fix)
    require_none(found.doubts.items())


def _fix(copy: SecretCopy) -> str:
    return f"give {copy.names[0]} a new value;\nmend what printed it, then remove the file"
