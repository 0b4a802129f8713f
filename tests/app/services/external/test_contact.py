import asyncio
import ssl

import pytest

from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import (
    CallFailed,
    Contact,
    Standing,
    State,
    code_of,
    code_of_status,
)

pytestmark = pytest.mark.anyio


class Pretended(Contact):
    name, extra, library, variable = "pretended", "none", "json", "NONE"

    def __init__(self, error: Exception | None = None, *, on: bool = True, asks_for_s: float = 0) -> None:
        self._error, self._on, self._asks_for_s = error, on, asks_for_s
        self.asked = 0

    def configured(self) -> bool:
        return self._on

    async def ask(self) -> None:
        self.asked += 1
        await asyncio.sleep(self._asks_for_s)
        if self._error:
            raise self._error


async def test_what_is_off_is_not_asked() -> None:
    off = Pretended(on=False)
    assert await off.check() == Standing(State.NOT_CONFIGURED)
    assert off.asked == 0


async def test_a_success_says_when_and_how_long() -> None:
    found = await Pretended().check()
    assert (found.state, found.code) == (State.OK, None)
    assert found.checked_at is not None
    assert found.latency_ms is not None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CallFailed("forbidden"), "forbidden"),
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError("s3cr3t"), "unreachable"),
        (ssl.SSLCertVerificationError("s3cr3t"), "tls"),
    ],
)
async def test_a_failure_has_a_code_and_no_words(error: Exception, code: str) -> None:
    found = await Pretended(error).check()
    assert (found.state, found.code) == (State.FAILED, code)
    assert "s3cr3t" not in repr(found)


async def test_nothing_is_waited_for_longer_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LIMIT_S", 0.01)
    assert (await Pretended(asks_for_s=5).check()).code == "timeout"


async def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pretended, "library", "no_such_library")
    asked = Pretended()
    assert (await asked.check()).code == "extra_missing"
    assert (asked.asked, asked.installed()) == (0, False)


async def test_a_bug_is_no_failure_of_the_service() -> None:
    with pytest.raises(KeyError):
        await Pretended(KeyError("x")).check()


def test_statuses_have_words() -> None:
    words = {status: code_of_status(status) for status in (400, 401, 403, 404, 429, 500, 503)}
    assert words == {
        400: "refused",
        401: "unauthorized",
        403: "forbidden",
        404: "not_found",
        429: "rate_limited",
        500: "server_error",
        503: "server_error",
    }


def test_the_cause_is_found_however_a_library_keeps_it() -> None:
    linked = RuntimeError("x")
    linked.__cause__ = ssl.SSLError("x")
    assert code_of(linked) == "tls"
    assert code_of(RuntimeError("x", RuntimeError(TimeoutError()))) == "timeout"
    round_about = RuntimeError("x")
    round_about.args = (round_about,)
    assert code_of(round_about) == "unreachable"
