"""SEC022: the certificate of the public address is trusted and does not end soon."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.certificate import Certificate


@check(
    "SEC022",
    "The certificate of the public address is trusted and does not end soon",
    severity=Severity.HIGH,
    rationale="With a certificate that ended, or is another host's, browsers let nobody through.",
    remediation="Renew it, serve the whole chain, and let the renewal run by itself well before the end.",
)
def certificate_is_good(certificate: Certificate) -> Iterator[Finding]:
    """A finding when it is not trusted, or ends within the days that the service file asks for."""
    where = f"{certificate.host}:{certificate.port}"
    left, wanted = certificate.days_left, certificate.days_wanted
    if left is None:
        yield Finding(
            subject=where,
            message=f"the certificate of {where} is not trusted: {certificate.refusal}",
            evidence=(Measurement("trusted certificates", 0, "certificates", 1),),
            fix=f"openssl s_client -connect {where} -servername {certificate.host} -showcerts </dev/null",
        )
    elif left < wanted:
        yield Finding(
            subject=where,
            message=f"the certificate of {where} ends in {left:.0f} days; at least {wanted} are wanted",
            evidence=(Measurement("days until the certificate ends", round(left, 1), "days", wanted),),
            fix="renew the certificate, and look at why it did not renew itself",
            severity=Severity.MEDIUM,
        )
