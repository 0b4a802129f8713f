import base64
import json
import secrets

import pytest

from hotelctl.facts.unreal_secret import nowhere, unreal

_JWT = base64.urlsafe_b64encode(
    json.dumps({"sub": "1234567890", "name": "John Doe"}, separators=(",", ":")).encode()
)


@pytest.mark.parametrize(
    "value",
    [
        "${DB_PASSWORD}",
        "app:$DB_PASSWORD",
        "@app.token@",
        "sk_live_...",
        "op://ops/deploy/token",
        "vault:secret/data/app/db#password",
        "ref+awsssm://app/db",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf",
        "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/db)",
        "/run/secrets/db_password",
        "projects/acme/secrets/db/versions/1",
        "AgB" + "x9/Z" * 40,
        "ENC[AES256_GCM,data:Tr7o=,iv:1=,tag:k=,type:str]",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "deadbeef" * 4,
        f"e30.{_JWT.decode()}.x",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
        "ghp_" + "yourPersonalAccessTokenGoesHere1234",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvb" + "EXAMPLEKEY",
        "generate-with-openssl-rand-hex-32",
        "encrypted:B" + "x9/Z" * 40,
        "AQICAH" + "x9/Z" * 40,
        "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoII]",
        "MIIBeQYJKoZIhvcNAQcDoIIBajCCAWYCAQAx",
        "pk_live_" + "Tr7o8Hq2xWv9",
        "__attr_factory_%s",
    ],
)
def test_what_lets_nobody_in_is_known_without_a_doubt(value: str) -> None:
    assert nowhere(value)
    assert unreal(value) == nowhere(value)


@pytest.mark.parametrize(
    "value",
    [
        "CHANGE_ME",
        "dummy-password",
        "votre-mot-de-passe",
        "only-for-tests",
        "not-a-real-secret",
        "insecure-dev",
        "Wachtwoord-wijzigen",
        "fake-token-1234567890",
        "not-the-password",
        "password123",
        "API-key-is-missing",
        "Password must be 12 characters",
        "Passwort vergessen?",
    ],
)
def test_words_of_samples_and_about_secrets_are_a_doubt_alone(value: str) -> None:
    assert unreal(value)
    assert not nowhere(value)


@pytest.mark.parametrize(
    "value",
    [
        "correct horse battery staple",
        "correct-horse-battery-staple",
        "Acme-password-2024",
        "password4711",
        "acme-secret",
        "my-kX9vv7qLw2pQ84",
        "kL%sd93jaX",
        "Winter2024!",
        "hunter2",
        "op-7Hq2xWv9",
        "vault:7Hq2xWv9",
        "AgB7Hq2xWv9",
    ],
)
def test_what_may_let_somebody_in_is_none(value: str) -> None:
    assert unreal(value) == ""


def test_what_was_drawn_is_none() -> None:
    for number in range(8, 40):
        assert unreal(secrets.token_urlsafe(number)) == ""
        assert unreal(secrets.token_hex(number)) == ""
