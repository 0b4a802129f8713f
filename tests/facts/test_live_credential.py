import pytest

from hotelctl.facts.live_credential import credentials, live_kind

# In parts, so that no scanner of repositories takes them for keys.
_RANDOM = "9aK3mQx7ZtR2vB8nL5wY4cHdJ6pS1gFe0uTi"
_LIVE = {
    "a live Stripe key": "rk_live" + f"_{_RANDOM[:24]}",
    "a Stripe webhook secret": "whsec" + f"_{_RANDOM[:32]}",
    "an AWS access key id": "AKIA" + "Q3EGRZ7NW5LXV2TB",
    "a GitHub token": "ghp" + f"_{_RANDOM}",
    "a GitLab token": "glpat" + f"-{_RANDOM[:20]}",
    "a Slack token": "xoxb" + f"-2847561938-{_RANDOM[:24]}",
    "a Google API key": "AIza" + _RANDOM[:35],
    "an OpenAI key": "sk-proj" + f"-{_RANDOM}",
    "a SendGrid key": "SG" + f".{_RANDOM[:22]}.{_RANDOM}{_RANDOM[:7]}",
    "an npm token": "npm" + f"_{_RANDOM}",
}


@pytest.mark.parametrize("kind", _LIVE)
def test_each_providers_key_is_known_anywhere_in_a_line(kind: str) -> None:
    (found,) = credentials(f"A=1\n# old: KEY='{_LIVE[kind]}'\n")
    assert (found.kind, found.line, found.length) == (kind, 2, len(_LIVE[kind]))
    assert live_kind(_LIVE[kind]) == kind


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "sk_live" + "_your_stripe_key_goes_here",
        "sk_live" + "_" + "x" * 24,
        "ghp" + "_" + "x" * 36,
        "ghp" + "_" + "a" * 36,
        "xoxb" + "-1234567890-1234567890-abcdefabcdef",
        "sk_test" + f"_{_RANDOM[:24]}",
        "pk_live" + f"_{_RANDOM[:24]}",
        "-----BEGIN " + "PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----",
        "desk-lamp-with-a-very-long-name-and-many-words",
    ],
)
def test_documentation_keys_and_public_ones_are_none(text: str) -> None:
    assert list(credentials(f"KEY={text}\n")) == []


def test_the_secret_half_of_an_aws_pair_is_told_by_its_name() -> None:
    secret = (_RANDOM + "Xy+/")[:40]
    (found,) = credentials(f"AWS_SECRET_ACCESS_KEY={secret}\n")
    assert (found.kind, found.key) == ("an AWS secret access key", "AWS_SECRET_ACCESS_KEY")
    assert list(credentials(f"OTHER={secret}\n")) == []


@pytest.mark.parametrize("between", ["\n", "\\n", "\n# "])
def test_a_private_key_needs_a_body(between: str) -> None:
    head = "-----BEGIN RSA " + "PRIVATE KEY-----"
    (found,) = credentials(f'KEY="{head}{between}MIIEow{_RANDOM}{_RANDOM}\n')
    assert found.kind == "a private key"
