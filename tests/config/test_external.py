import pytest
from pydantic import ValidationError

from hotelctl.config.external import External, Webhook
from hotelctl.facts.webhook_signature import SIGNERS


def test_one_url_is_a_list_of_one() -> None:
    assert External.model_validate({"url": "https://${HOST}"}).url == ("https://${HOST}",)
    assert External.model_validate({"url": ["${A}", "https://b.example"]}).url == (
        "${A}",
        "https://b.example",
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"url": "https://$/x"}, r"names a variable as \$\{NAME\}"),
        ({"url": "https://${a-b}"}, r"names a variable as \$\{NAME\}"),
        ({"variable": "A B"}, "variable"),
        ({"check": []}, "check"),
        ({"variable": "KEY", "live_keys": ["sk_live_"]}, "needs both live_keys and test_keys"),
        ({"variable": "KEY", "test_keys": ["sk_test_"]}, "needs both live_keys and test_keys"),
        ({"live_keys": ["sk_live_"], "test_keys": ["sk_test_"]}, "no variable that holds the key"),
        ({"variable": "KEY", "live_keys": [""], "test_keys": ["t_"]}, "live_keys"),
        ({"adress": "https://a.example"}, "adress"),
        ({"webhook": {"variable": "S", "path": "/in", "signature": "none"}}, "signature"),
        ({"away_check": ["ask"]}, "no away that puts it out of reach"),
        ({"away": {"A B": "x"}}, "away"),
        ({"webhook": {"variable": "S", "path": "in", "signature": "github"}}, "path"),
    ],
)
def test_what_cannot_be_meant_is_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        External.model_validate(said)


@pytest.mark.parametrize("signature", SIGNERS)
def test_every_way_to_sign_has_its_name(signature: str) -> None:
    assert Webhook.model_validate({"variable": "S", "path": "/in", "signature": signature}).path == "/in"
