"""What the edge noted of a request: what was asked, which instance answered, how, and how soon."""

import json
import re
from dataclasses import dataclass

MARK, MARKED = "X-Hotelctl-Probe", "1"
"""The header of a request that hotelctl or a smoke program sends, and what it says."""
_DIFFERS = re.compile(r"[^/]*(?:\d|[^/]{24})[^/]*")
_NO_ANSWER = 499
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """`at_s` is the Unix time of its end, `seconds` how long the instance took until its answer began.

    `asked` is method and path, each part of it that differs from call to call as `*`. A `synthetic` one was
    asked for by hotelctl or a smoke program.
    """

    at_s: float
    status: int
    seconds: float
    asked: str
    synthetic: bool = False

    @property
    def failed(self) -> bool:
        """Whether the server is to blame."""
        return self.status >= _SERVER_ERROR

    @property
    def given_up(self) -> bool:
        """Whether nobody waited for it: an answer would have taken longer than `seconds`."""
        return self.status == _NO_ANSWER


def answer_of(line: bytes, address: str) -> Answer | None:
    """What `line` of the access log tells; None where the instance at `address` was not asked in it.

    Who hung up before there was an answer is told by 499 or 0.
    """
    if address.encode() not in line:
        return None
    try:
        told = json.loads(line)
        if told["upstream"] != address:
            return None
        request = told["request"]
        asked = f"{request['method']} {_DIFFERS.sub('*', request['uri'].partition('?')[0])}"
        return Answer(
            float(told["ts"]),
            int(told["status"]) or _NO_ANSWER,
            _seconds(told),
            asked,
            synthetic=told.get("probe") == MARKED,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _seconds(told: dict[str, object]) -> float:
    """Until the head of the answer, where the edge tells that; a stream goes on for as long as it is read."""
    latency = str(told.get("latency_ms") or "")
    try:
        return float(latency) / 1000
    except ValueError:
        return float(str(told["duration"]))
