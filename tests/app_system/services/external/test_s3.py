import asyncio
from collections.abc import Iterator

import httpx
import pytest

from hotelctl.app.external_settings import StorageSettings
from hotelctl.app.services.external import s3
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.s3 import S3
from tests.app_system.outside import HANGS, Outside
from tests.s3_server import s3_server

pytestmark = [pytest.mark.system, pytest.mark.anyio]
_SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    """A server that speaks S3 and holds the bucket `hotel-files`."""
    with s3_server("hotel-files") as url:
        yield url


async def _check(url: str, bucket: str = "hotel-files") -> Standing:
    values = {
        "aws_access_key_id": "id",
        "aws_secret_access_key": _SECRET,
        "aws_endpoint_url_s3": url,
        "aws_s3_bucket": bucket,
    }
    standing = await S3(StorageSettings.model_validate(values)).check()
    assert _SECRET not in repr(standing)
    return standing


async def test_ok_is_said_of_a_bucket_that_is_there(storage: str) -> None:
    standing = await _check(storage)
    assert (standing.state, standing.code) == (State.OK, None)


async def test_a_bucket_that_is_not_there(storage: str) -> None:
    standing = await _check(storage, "another-one")
    assert (standing.state, standing.code) == (State.FAILED, "not_found")


@pytest.fixture
def guarded(storage: str) -> Iterator[str]:
    """The same server while it looks at keys, of which it knows none."""
    httpx.post(f"{storage}/moto-api/reset-auth", content="0").raise_for_status()
    yield storage
    httpx.post(f"{storage}/moto-api/reset-auth", content="inf").raise_for_status()


async def test_a_key_that_is_not_known(guarded: str) -> None:
    assert (await _check(guarded)).code == "forbidden"


async def test_silence_is_a_time_out(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "LIMIT_S", 0.3)
    outside.answers["/hotel-files"] = (HANGS, None)
    assert (await _check(outside.url)).code == "timeout"
    # Who waited long enough may have gone before the server took in what was asked.
    assert await asyncio.to_thread(outside.arrived.wait, 60)
    assert [one.method for one in outside.asked] == ["HEAD"]
    outside.released.set()


async def test_a_certificate_that_nobody_trusts_is_named(untrusted: Outside) -> None:
    assert (await _check(untrusted.url)).code == "tls"
    assert untrusted.asked == []


async def test_nobody_there_is_unreachable() -> None:
    assert (await _check("http://127.0.0.1:1")).code == "unreachable"
