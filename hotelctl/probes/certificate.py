"""What people's browsers are shown at the public address."""

from urllib.parse import urlsplit

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.certificate import Certificate
from hotelctl.probes.context import Context

_HTTPS_PORT = 443


def certificate(context: Context) -> Certificate:
    """The certificate at `public_url`. Raises `NotApplicable` where that is no https."""
    configuration = context.configuration
    parts = urlsplit(configuration.environment.public_url or "")
    if parts.scheme != "https" or parts.hostname is None:
        raise NotApplicable("the public_url of this environment is no https address")
    port = parts.port or _HTTPS_PORT
    shown = context.certificates.look(parts.hostname, port)
    return Certificate(
        parts.hostname,
        port,
        shown.refusal,
        shown.not_after,
        shown.issuer,
        context.clock.now(),
        configuration.spec.security.certificate_days,
    )
