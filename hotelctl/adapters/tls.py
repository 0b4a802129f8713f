"""The certificates that servers present, judged by what this machine trusts."""

import errno
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.certificates import Presented
from hotelctl.core.errors import NoNetwork, Unavailable
from hotelctl.core.lazily import lazily
from hotelctl.core.ports import EvidenceLog

if TYPE_CHECKING:
    import smtplib
    import ssl
else:
    smtplib, ssl = lazily("smtplib"), lazily("ssl")

_NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}


class TlsCertificates:
    """One handshake a look; nothing is asked of the server after it."""

    def __init__(self, evidence: EvidenceLog, reach: Reach = ANYWHERE, trust: str | None = None) -> None:
        """Keep the ports; `trust` is a file of authorities, by default those of this machine."""
        self._evidence = evidence
        self._reach = reach
        self._trust = trust

    def look(self, host: str, port: int, timeout_s: float = 3.0, *, starttls: bool = False) -> Presented:
        """Chain, name and dates held against what is trusted here; `starttls` asks a mail server for TLS.

        Raises:
            NoNetwork: there is no way to it from here.
            Unavailable: nothing there speaks TLS, or it is out of reach.

        """
        self._reach.require(host)
        context = ssl.create_default_context(cafile=self._trust)
        shake = _after_starttls if starttls else _at_once
        found: dict[str, Any] = {}
        refusal = ""
        try:
            found = shake(host, port, timeout_s, context)
        except ssl.SSLCertVerificationError as error:
            refusal = error.verify_message
        except smtplib.SMTPNotSupportedError:
            refusal = "the server offers no STARTTLS"
        except OSError as error:
            kind = NoNetwork if error.errno in _NO_WAY else Unavailable
            raise kind(f"{host}:{port} cannot be asked for its certificate: {_words(error)}") from error
        ends = None
        if not refusal:
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
        issuer = _issuer(found)
        data = {"host": host, "port": port, "refusal": refusal, "issuer": issuer}
        data["not_after"] = ends.isoformat() if ends else None
        return Presented(refusal, ends, issuer, self._evidence.record("tls", data))


def _at_once(host: str, port: int, timeout_s: float, context: "ssl.SSLContext") -> dict[str, Any]:
    with (
        socket.create_connection((host, port), timeout_s) as raw,
        context.wrap_socket(raw, server_hostname=host) as secured,
    ):
        return dict(secured.getpeercert() or {})


def _after_starttls(host: str, port: int, timeout_s: float, context: "ssl.SSLContext") -> dict[str, Any]:
    """The certificate that a mail server shows when it is asked to encrypt; no log-in, no mail."""
    # Its own name would be looked up; an address is as good (RFC 5321, 4.1.3).
    with smtplib.SMTP(host, port, "[127.0.0.1]", timeout_s) as server:
        server.starttls(context=context)
        secured = server.sock
        return dict(secured.getpeercert() or {}) if isinstance(secured, ssl.SSLSocket) else {}


def _issuer(found: dict[str, Any]) -> str:
    """Organization and name of who signed it."""
    parts = {key: value for pairs in found.get("issuer", ()) for key, value in pairs}
    return ", ".join(parts[key] for key in ("organizationName", "commonName") if key in parts)


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
