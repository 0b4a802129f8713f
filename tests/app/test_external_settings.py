import pytest

from hotelctl.app.contract import variables
from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.settings import load


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def _problems() -> dict[str, str]:
    with pytest.raises(StartFailure) as caught:
        load(ExternalSettings)
    assert "s3cr3t" not in f"{caught.value.message}{caught.value.problems}"
    return {item["key"]: item["problem"] for item in caught.value.problems}


def test_everything_is_off_by_default() -> None:
    settings = load(ExternalSettings)
    keys = (settings.smtp_host, settings.openai_api_key, settings.pinecone_api_key, settings.aws_s3_bucket)
    assert keys == (None, None, None, None)
    assert (settings.stripe_secret_key, settings.stripe_webhook_secret) == (None, None)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"SMTP_HOST": "mail.example"}, {"SMTP_HOST": "needs EMAIL_FROM"}),
        (
            {"SMTP_HOST": "mail.example", "EMAIL_FROM": "a@b.example", "SMTP_USER": "u"},
            {"SMTP_HOST": "needs SMTP_PASSWORD"},
        ),
        ({"PINECONE_API_KEY": "s3cr3t"}, {"PINECONE_API_KEY": "needs PINECONE_INDEX"}),
        (
            {"AWS_S3_BUCKET": "files", "AWS_ACCESS_KEY_ID": "id"},
            {"AWS_S3_BUCKET": "needs AWS_SECRET_ACCESS_KEY"},
        ),
    ],
)
def test_half_a_configuration_is_named(
    given: dict[str, str], problem: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert _problems() == problem


_GOOD = {
    "SMTP_HOST": "mail.example",
    "AI_PROVIDER": "openai",
    "PINECONE_API_KEY": "s3cr3t",
    "PINECONE_INDEX": "texts",
    "AWS_S3_BUCKET": "files",
    "AWS_ACCESS_KEY_ID": "id",
    "OPENAI_API_KEY": "s3cr3t",
    "OPENAI_MODEL": "m",
}
_CONDITIONS = {name: key["required_when"] for name, key in variables().items() if "required_when" in key}


@pytest.mark.parametrize("name", _CONDITIONS)
def test_what_the_contract_says_is_needed_the_service_refuses_to_miss(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {key: value for key, value in _GOOD.items() if key.partition("_")[0] == name.partition("_")[0]}
    for key, value in (others | {key: _GOOD[key] for key in _CONDITIONS[name]}).items():
        if key != name:
            monkeypatch.setenv(key, value)
    assert [problem for problem in _problems().values() if problem == f"needs {name}"]


def test_the_contract_has_conditions() -> None:
    assert {"EMAIL_FROM", "OPENAI_API_KEY", "PINECONE_INDEX", "AWS_SECRET_ACCESS_KEY"} <= set(_CONDITIONS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "s3cr3t with space"),
        ("STRIPE_SECRET_KEY", "s3cr3té"),
        ("OPENAI_BASE_URL", "api.example"),
        ("STRIPE_API_BASE", "https://u:s3cr3t@api.example"),
        ("EMAIL_FROM", "nobody"),
        ("SMTP_SECURITY", "none"),
        ("SMTP_PORT", "0"),
        ("AWS_S3_BUCKET", "No Bucket"),
    ],
)
def test_refuses(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert list(_problems()) == [name]


def test_keys_of_a_developer_s_machine_alone_turn_nothing_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("SMTP_USER", "u")
    settings = load(ExternalSettings)
    assert (settings.aws_s3_bucket, settings.smtp_host) == (None, None)
