import pytest

from hotelctl.app.external_settings import OpenAISettings
from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.openai import OpenAI
from tests.app_system.outside import HANGS, Outside

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_KEY = "sk-s3cr3t-of-the-test"
_MODELS = {
    "object": "list",
    "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "openai"}],
}


async def _check(url: str) -> Standing:
    standing = await OpenAI(
        OpenAISettings.model_validate({"openai_api_key": _KEY, "openai_base_url": f"{url}/v1"})
    ).check()
    assert "s3cr3t" not in repr(standing)
    return standing


async def test_ok_is_said_after_the_models_were_listed_with_the_key(outside: Outside) -> None:
    outside.answers["/v1/models"] = (200, _MODELS)
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.OK, None)
    assert [(one.method, one.path, one.headers["authorization"]) for one in outside.asked] == [
        ("GET", "/v1/models", f"Bearer {_KEY}")
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "unauthorized"),
        (403, "forbidden"),
        (429, "rate_limited"),
        (500, "server_error"),
        (418, "refused"),
    ],
)
async def test_a_refusal_has_its_word_and_is_not_repeated(status: int, code: str, outside: Outside) -> None:
    outside.answers["/v1/models"] = (status, {"error": {"message": f"Incorrect API key provided: {_KEY}"}})
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.FAILED, code)
    assert len(outside.asked) == 1


async def test_an_answer_of_another_kind_is_no_success(outside: Outside) -> None:
    outside.answers["/v1/models"] = (200, ["a page", "of something else"])
    assert (await _check(outside.url)).code == "bad_answer"


async def test_silence_is_a_time_out(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LIMIT_S", 0.3)
    outside.answers["/v1/models"] = (HANGS, None)
    assert (await _check(outside.url)).code == "timeout"


async def test_a_certificate_that_nobody_trusts_is_named(untrusted: Outside) -> None:
    untrusted.answers["/v1/models"] = (200, _MODELS)
    assert (await _check(untrusted.url)).code == "tls"
    assert untrusted.asked == []


async def test_nobody_there_is_unreachable() -> None:
    assert (await _check("http://127.0.0.1:1")).code == "unreachable"


def test_without_a_key_it_is_off_and_nothing_is_claimed() -> None:
    assert OpenAI(OpenAISettings.model_validate({})).unasked() == Standing(State.NOT_CONFIGURED)
    keyed = OpenAI(OpenAISettings.model_validate({"openai_api_key": _KEY}))
    assert keyed.unasked() == Standing(State.CONFIGURED_UNCHECKED)
