import sys

import pytest

from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.directory import Directory

_ALL = {
    "smtp_host": "mail.example",
    "email_from": "a@b.example",
    "openai_api_key": "s3cr3t",
    "pinecone_api_key": "s3cr3t",
    "pinecone_index": "hotel",
    "stripe_webhook_secret": "s3cr3t",
    "aws_s3_bucket": "files",
}
_LIBRARIES = ("aiosmtplib", "openai", "pinecone", "stripe", "boto3")


@pytest.fixture
def _nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in _LIBRARIES:
        monkeypatch.setattr("hotelctl.app.services.external.contact.find_spec", lambda _: None)
        monkeypatch.delitem(sys.modules, library, raising=False)


def _of(values: dict[str, str]) -> Directory:
    return Directory(ExternalSettings.model_validate(values))


@pytest.mark.usefixtures("_nothing_installed")
def test_without_any_extra_a_service_without_keys_starts() -> None:
    directory = _of({})
    directory.require_extras()
    assert set(directory.last_found().values()) == {Standing(State.NOT_CONFIGURED)}


@pytest.mark.usefixtures("_nothing_installed")
def test_every_key_without_its_extra_is_named_at_once() -> None:
    with pytest.raises(StartFailure) as caught:
        _of(_ALL).require_extras()
    failure = caught.value
    assert (failure.exit_code, failure.event) == (78, "config_invalid")
    assert {item["key"]: item["problem"] for item in failure.problems} == {
        "SMTP_HOST": "is set, but the extra `mail` is not installed",
        "OPENAI_API_KEY": "is set, but the extra `openai` is not installed",
        "PINECONE_API_KEY": "is set, but the extra `pinecone` is not installed",
        "STRIPE_SECRET_KEY": "is set, but the extra `stripe` is not installed",
        "AWS_S3_BUCKET": "is set, but the extra `s3` is not installed",
    }
    assert "s3cr3t" not in failure.message


def test_a_key_that_is_set_is_no_connection() -> None:
    found = _of({"openai_api_key": "s3cr3t"}).last_found()
    assert found["openai"] == Standing(State.CONFIGURED_UNCHECKED)
    assert found["s3"] == Standing(State.NOT_CONFIGURED)


@pytest.mark.anyio
@pytest.mark.usefixtures("_nothing_installed")
async def test_only_what_is_wanted_is_asked_and_a_missing_library_is_its_failure() -> None:
    directory = _of(_ALL)
    found = await directory.check(["stripe"])
    assert (found["stripe"].state, found["stripe"].code) == (State.FAILED, "extra_missing")
    assert found["smtp"] == Standing(State.CONFIGURED_UNCHECKED)
    assert {one.code for one in (await directory.check()).values()} == {"extra_missing"}
