import base64

import pytest

from hotelctl.app.external_settings import StripeSettings
from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.stripe import Stripe
from tests.app_system.outside import HANGS, Outside

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_KEY = "sk_test_s3cr3t"
_BALANCE = {"object": "balance", "available": [], "pending": [], "livemode": False}


async def _check(url: str) -> Standing:
    standing = await Stripe(
        StripeSettings.model_validate({"stripe_secret_key": _KEY, "stripe_api_base": url})
    ).check()
    assert "s3cr3t" not in repr(standing)
    return standing


def _is_ours(authorization: str) -> bool:
    scheme, _, value = authorization.partition(" ")
    return value == _KEY if scheme == "Bearer" else base64.b64decode(value).decode() == f"{_KEY}:"


async def test_ok_is_said_after_the_balance_was_read_with_the_key(outside: Outside) -> None:
    outside.answers["/v1/balance"] = (200, _BALANCE)
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.OK, None)
    (asked,) = outside.asked
    assert (asked.method, asked.path) == ("GET", "/v1/balance")
    assert _is_ours(asked.headers["authorization"])


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "unauthorized"), (403, "forbidden"), (429, "rate_limited"), (503, "server_error")],
)
async def test_a_refusal_has_its_word_and_is_not_repeated(status: int, code: str, outside: Outside) -> None:
    outside.answers["/v1/balance"] = (status, {"error": {"message": f"Invalid API Key provided: {_KEY}"}})
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.FAILED, code)
    assert len(outside.asked) == 1


async def test_an_answer_of_another_kind_is_no_success(outside: Outside) -> None:
    outside.answers["/v1/balance"] = (200, ["a page", "of something else"])
    assert (await _check(outside.url)).code == "bad_answer"


async def test_silence_is_a_time_out(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LIMIT_S", 0.3)
    outside.answers["/v1/balance"] = (HANGS, None)
    assert (await _check(outside.url)).code == "timeout"


async def test_a_certificate_that_nobody_trusts_is_named(untrusted: Outside) -> None:
    assert (await _check(untrusted.url)).code == "tls"
    assert untrusted.asked == []


async def test_nobody_there_is_unreachable() -> None:
    assert (await _check("http://127.0.0.1:1")).code == "unreachable"


def test_the_webhook_alone_needs_the_library_but_is_no_connection() -> None:
    stripe = Stripe(StripeSettings.model_validate({"stripe_webhook_secret": "whsec_x"}))
    assert (stripe.configured(), stripe.in_use()) == (False, True)
