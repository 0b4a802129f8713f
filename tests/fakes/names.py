"""A name service that only a test fills."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.names import Resolved
from hotelctl.core.ports import EvidenceLog
from tests.fakes.evidence import FakeEvidence


class FakeNames:
    """Every name leads somewhere, but those `unknown`; whatever `trouble` names raises it."""

    def __init__(self, evidence: EvidenceLog | None = None) -> None:
        self.evidence = evidence or FakeEvidence()
        self.unknown: set[str] = set()
        self.trouble: dict[str, Unavailable] = {}
        self.offline = False

    def require(self, host: str) -> None:
        """Everybody may be asked, unless the test says `offline`."""
        if self.offline:
            raise Unavailable(f"not asked, because of --offline: {host} is not this machine")

    def resolve(self, host: str, timeout_s: float = 5.0) -> Resolved:
        """One address, or what was prepared."""
        assert timeout_s
        self.require(host)
        if host in self.trouble:
            raise self.trouble[host]
        evidence = self.evidence.record("names", {"host": host})
        return (
            Resolved((), "no such name", evidence)
            if host in self.unknown
            else Resolved(("192.0.2.7",), "", evidence)
        )
