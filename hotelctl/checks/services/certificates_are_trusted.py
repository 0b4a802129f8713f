"""EXT002: outside services encrypt, with a certificate for their name that is trusted."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_lines import Line, OutsideLines
from hotelctl.facts.outside_services import Encryption


@check(
    "EXT002",
    "Outside services encrypt, with a certificate for their name that is trusted",
    severity=Severity.HIGH,
    rationale="Without one, a library that looks refuses to connect, and others give the key to a stranger.",
    remediation="Mend the name in the address, or name the authority that signed it in SSL_CERT_FILE.",
    stage=Stage.AUDIT,
)
def certificates_are_trusted(outside: OutsideLines) -> Iterator[Finding]:
    """A finding for each configured service that is not trusted; what is not encrypted ENV018 judges."""
    encrypted = [line for line in outside.lines if line.address.encryption is not Encryption.NEVER]
    if not encrypted and not outside.untold:
        raise NotApplicable("no outside service that is configured has an address with encryption")
    for line in encrypted:
        if line.untrusted:
            yield Finding(
                subject=line.name,
                message=f"{line.name}: {line.address} is not trusted: {line.untrusted}",
                evidence=(Measurement("trusted certificates", 0, "certificates", 1),),
                fix=_fix(line),
            )
    require_none([*((line.name, _doubt(line)) for line in encrypted), *outside.untold])


def _doubt(line: Line) -> str:
    return line.unseen or line.unshaken or (line.blocked if not line.untrusted else "")


def _fix(line: Line) -> str:
    host, mail = line.address.host, line.address.encryption is Encryption.STARTTLS
    how = " -starttls smtp" if mail else ""
    return f"openssl s_client -connect {line.address} -servername {host} -showcerts{how} </dev/null"
