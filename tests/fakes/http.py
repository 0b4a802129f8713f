"""Servers that exist only as prepared answers."""

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotelctl.core.http import Reply
from hotelctl.core.ports import EvidenceLog
from tests.fakes.evidence import FakeEvidence


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Any
    form: Mapping[str, str] | None = None
    content: bytes | None = None


@dataclass
class _Route:
    replies: list[tuple[int | None, str, Mapping[str, str], float]] = field(default_factory=list)


class FakeHttp:
    """Answers of one URL are given in order, the last one for ever; an unknown URL refuses the connection."""

    def __init__(self, evidence: EvidenceLog | None = None) -> None:
        self.evidence = evidence or FakeEvidence()
        self.requests: list[Request] = []
        self._routes: dict[tuple[str, str], _Route] = {}

    def answer(
        self,
        method: str,
        url: str,
        status: int | None = 200,
        body: Any = "",  # noqa: ANN401 - text, or JSON of any shape
        *,
        headers: Mapping[str, str] | None = None,
        duration_s: float = 0.005,
    ) -> None:
        """Add one answer; `status` None is a connection that breaks."""
        text = body if isinstance(body, str) else jsonlib.dumps(body)
        route = self._routes.setdefault((method, url), _Route())
        route.replies.append((status, text, headers or {}, duration_s))

    def forget(self) -> None:
        """All servers are gone."""
        self._routes.clear()

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
        """The next answer; `timeout_s` is passed when the prepared one takes longer."""
        self.requests.append(Request(method, url, headers or {}, json, form, content))
        route = self._routes.get((method, url), _Route([(None, "", {}, 0.001)]))
        status, body, answer_headers, took = route.replies[0]
        if len(route.replies) > 1:
            route.replies.pop(0)
        error = "connection refused" if status is None else ""
        if took > timeout_s:
            status, body, took, error = None, "", timeout_s, f"no answer within {timeout_s:g} s"
        shown = None if confidential else body
        evidence = self.evidence.record("http", {"method": method, "url": url, "status": status}, shown)
        return Reply(status, answer_headers, body, took, evidence, error)
