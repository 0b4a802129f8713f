"""Questions to one instance; redirects are never followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.config.service import Sent
from hotelctl.config.template import fill_tree
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.http import Http
from hotelctl.facts.running_service import Asked


@dataclass(frozen=True, slots=True)
class Interview:
    """`url` is where the instance is asked."""

    http: Http
    url: str

    def ask(self, request: str, sent: str = "", headers: Mapping[str, str] | None = None) -> Asked:
        """The answer to `METHOD /path`. Raises `Unavailable` when none comes."""
        method, path = request.split(" ", 1)
        url = self.url.rstrip("/") + path
        return _answered(Asked(url, self.http.request(method, url, headers=headers), method, sent))

    def send(
        self,
        what: Sent,
        values: Mapping[str, str],
        sent: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Asked:
        """The answer to a declared request, which is not recorded: it may hold what somebody logs in with.

        Raises:
            Unavailable: no answer comes, or nothing is known for a name in the request.

        """
        method, path = filled(what.request, values).split(" ", 1)
        url = self.url.rstrip("/") + path
        reply = self.http.request(
            method,
            url,
            headers={**filled(what.headers, values), **(headers or {})},
            json=filled(what.json_body, values),
            form=filled(what.form, values),
            confidential=True,
        )
        return _answered(Asked(url, reply, method, sent))

    def post(self, path: str, content: bytes, sent: str, headers: Mapping[str, str]) -> Asked:
        """The answer to these very bytes, which are JSON. Raises `Unavailable` when none comes."""
        url = self.url.rstrip("/") + path
        said = {"Content-Type": "application/json", **headers}
        return _answered(
            Asked(url, self.http.request("POST", url, headers=said, content=content), "POST", sent)
        )


def _answered(asked: Asked) -> Asked:
    if asked.reply.status is None:
        raise Unavailable(f"{asked.request}: no answer: {asked.reply.error}")
    return asked


def filled(value: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is any shape
    """The same with every `{name}` in its texts replaced. Raises `Unavailable` for an unknown one."""
    try:
        return fill_tree(value, values, "[security]")
    except UsageError as unknown:
        raise Unavailable(f"{unknown.message}: the seed of the sandbox prints no such name") from unknown
