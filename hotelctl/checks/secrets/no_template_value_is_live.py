"""SEC004: no value of a template is live."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets.copies import findings
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.secret_copies import SecretCopy
from hotelctl.facts.template_copies import TemplateCopies


@check(
    "SEC004",
    "No value of a template is live",
    severity=Severity.CRITICAL,
    rationale="Who sets a service up copies the template, and the key in it becomes that of production: long "
    "enough for every rule, and known to all who can read the repository.",
    remediation="Give every environment that has the value a new one and revoke the old one; put CHANGE_ME "
    "into the template.",
)
def no_template_value_is_live(found: TemplateCopies) -> Iterator[Finding]:
    """One finding a name and template: values of env files, of the release and of this process.

    A template is the `example` of the service file, and a file whose name says so: example, sample,
    template, dist. A value that is short or common counts beside its own name, any other one wherever it
    stands, encoded too; of a URL its password. Placeholders are ENV011's.

    Raises:
        Unavailable: after them, when a template could not be read.

    """
    yield from findings(found.copies, _fix)
    require_none(found.doubts.items())


def _fix(copy: SecretCopy) -> str:
    return f"give {copy.names[0]} a new value;\nput CHANGE_ME into the template"
