"""The certificates that servers present, judged by what this machine trusts."""

import socket
import ssl
from datetime import UTC, datetime
from typing import Any

from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import EvidenceLog, Presented


class TlsCertificates:
    """One handshake a look; nothing is asked of the server after it."""

    def __init__(self, evidence: EvidenceLog, reach: Reach = ANYWHERE, trust: str | None = None) -> None:
        """Keep the ports; `trust` is a file of authorities, by default those of this machine."""
        self._evidence = evidence
        self._reach = reach
        self._trust = trust

    def look(self, host: str, port: int, timeout_s: float = 3.0) -> Presented:
        """Chain, name and dates held against what is trusted here.

        Raises:
            Unavailable: nothing there speaks TLS, or it is out of reach.

        """
        self._reach.require(host)
        context = ssl.create_default_context(cafile=self._trust)
        found: dict[str, Any] = {}
        refusal = ""
        try:
            with (
                socket.create_connection((host, port), timeout_s) as raw,
                context.wrap_socket(raw, server_hostname=host) as secured,
            ):
                found = dict(secured.getpeercert() or {})
        except ssl.SSLCertVerificationError as error:
            refusal = error.verify_message
        except OSError as error:
            raise Unavailable(
                f"{host}:{port} cannot be asked for its certificate: {_words(error)}"
            ) from error
        ends = None
        if not refusal:
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
        issuer = _issuer(found)
        data = {"host": host, "port": port, "refusal": refusal, "issuer": issuer}
        data["not_after"] = ends.isoformat() if ends else None
        return Presented(refusal, ends, issuer, self._evidence.record("tls", data))


def _issuer(found: dict[str, Any]) -> str:
    """Organization and name of who signed it."""
    parts = {key: value for pairs in found.get("issuer", ()) for key, value in pairs}
    return ", ".join(parts[key] for key in ("organizationName", "commonName") if key in parts)


def _words(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
