"""What one host needs beside the rest of an environment's state. Standard library only: the supervisor's."""

from dataclasses import dataclass
from pathlib import Path

from hotelctl.deploy.layout import Layout


@dataclass(frozen=True, slots=True)
class Places(Layout):
    """The layout of every environment, and the places of its processes; `state` is absolute."""

    @property
    def supervisor(self) -> Path:
        """What the supervisor is given: its lock, pid, log and the two directories below."""
        return self.state / "supervisor"

    @property
    def units(self) -> Path:
        """What shall run, one file a unit; may hold secrets."""
        return self.supervisor / "units"

    @property
    def observed(self) -> Path:
        """What was seen to run, one file a unit, written by the supervisor."""
        return self.supervisor / "observed"

    @property
    def edge(self) -> Path:
        """Caddy's working directory: its configuration names everything relative to it."""
        return self.state / "edge"

    @property
    def active(self) -> Path:
        """The pointer: one address, without a line end."""
        return self.edge / "active"

    @property
    def access_log(self) -> Path:
        """What the edge notes of each request; older ones stand beside it."""
        return self.edge / "access.log"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's data directory."""
        return self.state / "postgres" / "pgdata"

    def make(self) -> None:
        """The directories exist and git ignores all of them."""
        self.state.mkdir(parents=True, exist_ok=True)
        ignore = self.state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        for private in (self.supervisor, self.units, self.observed, self.edge):
            private.mkdir(mode=0o700, exist_ok=True)
