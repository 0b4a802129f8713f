"""What the release that serves answers about itself."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from hotelctl.core.http import Reply


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the running service and its answer; `sent` says in words what is special about it."""

    url: str
    reply: Reply
    method: str = "GET"
    sent: str = ""

    @property
    def request(self) -> str:
        """`METHOD /path`, and what was sent with it, for people."""
        parts = urlsplit(self.url)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        return f"{self.method} {path}{f' with {self.sent}' if self.sent else ''}"


@dataclass(frozen=True, slots=True)
class RunningService:
    """The answers of one instance; `waited_s` is how long its commit was asked for again.

    `log` is what it prints, relative to the project.
    """

    release_id: str
    expected_commit: str
    commit_field: str
    live: Asked
    ready: Asked
    version: Asked
    database: Asked | None = None
    waited_s: float = 0.0
    log: str = ""

    @property
    def last_words(self) -> str:
        """The command that shows what it printed last."""
        return f"tail -n 50 {self.log}"

    @property
    def commit(self) -> str | None:
        """The commit that it says it runs; None when it says none."""
        said = self.version.reply.at(self.commit_field)
        return said if isinstance(said, str) else None
