from typing import Any

import pytest

from hotelctl.app.external_settings import PineconeSettings
from hotelctl.app.services.external import contact
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.pinecone import Pinecone
from tests.app_system.outside import HANGS, Outside

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_KEY = "pcsk_s3cr3t"


def _index(*, ready: bool) -> dict[str, Any]:
    return {
        "name": "hotel",
        "host": "hotel-abc.svc.pinecone.invalid",
        "schema": {"fields": {"v": {"type": "dense_vector", "dimension": 3, "metric": "cosine"}}},
        "deployment": {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"},
        "status": {"ready": ready, "state": "Ready" if ready else "Initializing"},
        "deletion_protection": "disabled",
    }


async def _check(url: str) -> Standing:
    values = {"pinecone_api_key": _KEY, "pinecone_index": "hotel", "pinecone_controller_host": url}
    standing = await Pinecone(PineconeSettings.model_validate(values)).check()
    assert "s3cr3t" not in repr(standing)
    return standing


async def test_ok_is_said_after_the_index_was_described_with_the_key(outside: Outside) -> None:
    outside.answers["/indexes/hotel"] = (200, _index(ready=True))
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.OK, None)
    assert [(one.method, one.path, one.headers["api-key"]) for one in outside.asked] == [
        ("GET", "/indexes/hotel", _KEY)
    ]


async def test_an_index_that_cannot_be_asked_yet_is_no_success(outside: Outside) -> None:
    outside.answers["/indexes/hotel"] = (200, _index(ready=False))
    assert (await _check(outside.url)).code == "not_ready"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not_found"),
        (429, "rate_limited"),
        (500, "server_error"),
    ],
)
async def test_a_refusal_has_its_word_and_is_not_repeated(status: int, code: str, outside: Outside) -> None:
    outside.answers["/indexes/hotel"] = (status, {"error": {"code": "X", "message": f"Invalid key {_KEY}"}})
    standing = await _check(outside.url)
    assert (standing.state, standing.code) == (State.FAILED, code)
    assert len(outside.asked) == 1


async def test_an_answer_of_another_kind_is_no_success(outside: Outside) -> None:
    outside.answers["/indexes/hotel"] = (200, ["something else"])
    assert (await _check(outside.url)).code == "bad_answer"


async def test_silence_is_a_time_out(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "LIMIT_S", 0.3)
    outside.answers["/indexes/hotel"] = (HANGS, None)
    assert (await _check(outside.url)).code == "timeout"


async def test_a_certificate_that_nobody_trusts_is_named(untrusted: Outside) -> None:
    assert (await _check(untrusted.url)).code == "tls"
    assert untrusted.asked == []


async def test_nobody_there_is_unreachable() -> None:
    assert (await _check("http://127.0.0.1:1")).code == "unreachable"
