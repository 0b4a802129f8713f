"""What the release that serves answers about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.core.ports import Reply


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the running service and its answer."""

    url: str
    reply: Reply


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
        data: Any = self.version.reply.json()
        for part in self.commit_field.split("."):
            data = data.get(part) if isinstance(data, Mapping) else None
        return data if isinstance(data, str) else None
