"""Where things stand in the state directory of one environment. Standard library only."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """`state` is absolute: `<project>/.hotelctl/<environment>`."""

    state: Path

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
    def postgres(self) -> Path:
        """The embedded PostgreSQL's data directory."""
        return self.state / "postgres" / "pgdata"

    def release(self, release_id: str) -> Path:
        """The directory of one release: manifest, virtual environment, artifact, log."""
        return self.state / "releases" / release_id

    def release_log(self, release_id: str) -> Path:
        """What the instance of a release prints."""
        return self.release(release_id) / "log" / "service.log"

    def make(self) -> None:
        """The directories exist and git ignores all of them."""
        self.state.mkdir(parents=True, exist_ok=True)
        ignore = self.state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
        for private in (self.supervisor, self.units, self.observed, self.edge):
            private.mkdir(mode=0o700, exist_ok=True)
