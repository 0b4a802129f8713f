"""Asking over HTTP: what is asked by, and what came back."""

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, redirects not followed; `status` is None when none came and `error` says why."""

    status: int | None
    headers: Mapping[str, str]
    body: str
    duration_s: float
    evidence: str
    error: str = ""

    def json(self) -> Any:  # noqa: ANN401 - JSON is any shape
        """The body as JSON; None when it is none."""
        try:
            return jsonlib.loads(self.body)
        except ValueError:
            return None

    def at(self, path: str) -> Any:  # noqa: ANN401 - JSON is any shape
        """The value at a dotted path of the body; None where it is not there."""
        found = self.json()
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found


class Http(Protocol):
    """HTTP requests with a limit, no redirects, no retries, no proxies."""

    def request(  # noqa: PLR0913 - one parameter a part of the exchange
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,  # noqa: ANN401 - JSON is any shape
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float = 5.0,
        confidential: bool = False,
    ) -> Reply:
        """One exchange; the body of a `confidential` answer is returned but not recorded."""
        ...
