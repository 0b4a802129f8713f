"""What the checks of outside services answered.

A check prints one JSON object with a member for each service that it asked, and ends with 0, or with 1
where one failed:

`{"mail": {"state": "failed", "code": "unauthorized"}, "files": {"state": "ok", "latencies_ms": [31.5, 29]}}`
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, json_of

NO_LIBRARY = "extra_missing"
"""The code of a service whose library the release does not hold."""
_ENDS = (0, 1)
_NUMBERS = (int, float)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,40}")


class State(StrEnum):
    """What is known of a service; a key that is set is never by itself a connection."""

    NOT_CONFIGURED = "not_configured"
    UNCHECKED = "configured_unchecked"
    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """One service's state; `code` is one word that says why it failed, `doubt` why nobody knows.

    `latencies_ms` are milliseconds from the beginning of each call until its answer, in their order.
    """

    name: str
    state: State
    code: str = ""
    doubt: str = ""
    latencies_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class OutsideAnswers:
    """One answer for each configured service."""

    answers: tuple[Answer, ...]


def unchecked(name: str, doubt: str) -> Answer:
    """Configured, and no more is known."""
    return Answer(name, State.UNCHECKED, doubt=doubt)


def answers_of(names: Sequence[str], done: Completed) -> tuple[Answer, ...]:
    """The answer for each of `names`; what is no answer is a doubt, never a state."""
    try:
        code = ended("its check", done, _ENDS)
        told = json_of("its check", done.stdout)
    except Unavailable as trouble:
        return tuple(unchecked(name, trouble.reason) for name in names)
    if not isinstance(told, Mapping):
        return tuple(unchecked(name, "its check printed no JSON object") for name in names)
    if code and not any(_state(one) is State.FAILED for one in told.values()):
        doubt = f"its check ended with {code}, but says of none that it failed"
        return tuple(unchecked(name, doubt) for name in names)
    return tuple(_answer(name, told.get(name)) for name in names)


def _answer(name: str, said: Any) -> Answer:  # noqa: ANN401 - JSON is any shape
    state = _state(said)
    if state is None:
        return unchecked(name, "its check says nothing of it")
    if state in (State.NOT_CONFIGURED, State.UNCHECKED):
        return unchecked(name, f"its check says {state}")
    code = said.get("code")
    if state is State.FAILED and not (isinstance(code, str) and _CODE.fullmatch(code)):
        return unchecked(name, "its check says failed without a code of one word")
    return Answer(name, state, code if state is State.FAILED else "", latencies_ms=_latencies(said))


def _latencies(said: Mapping[str, Any]) -> tuple[float, ...]:
    """What it tells of them; nothing where one is no number of milliseconds."""
    told = said.get("latencies_ms")
    if not isinstance(told, list) or not all(type(one) in _NUMBERS and one >= 0 for one in told):
        return ()
    return tuple(map(float, told))


def _state(said: object) -> State | None:
    word = said.get("state") if isinstance(said, Mapping) else None
    return next((state for state in State if state == word), None)
