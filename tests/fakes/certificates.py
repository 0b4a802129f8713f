"""Certificates that only a test presents."""

from datetime import datetime

from hotelctl.core.certificates import Presented
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import EvidenceLog
from tests.fakes.evidence import FakeEvidence


class FakeCertificates:
    """`presented` is what any server shows: a refusal or None, and the end; without it nothing speaks TLS."""

    def __init__(self, evidence: EvidenceLog | None = None) -> None:
        self.evidence = evidence or FakeEvidence()
        self.presented: tuple[str, datetime | None] | None = None
        self.looked: list[tuple[str, int]] = []
        self.mail: list[int] = []

    def look(self, host: str, port: int, timeout_s: float = 3.0, *, starttls: bool = False) -> Presented:
        """What was prepared."""
        assert timeout_s
        self.mail += [port] if starttls else []
        self.looked.append((host, port))
        if self.presented is None:
            raise Unavailable(f"{host}:{port} cannot be asked for its certificate: connection refused")
        refusal, ends = self.presented
        return Presented(refusal, ends, "A tester", self.evidence.record("tls", {"host": host}))
