import pytest

from hotelctl.facts.value_name import name_of, names_no_secret


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ('{"etag": "x", "cacheKey": "', "cacheKey"),
        ("export API_TOKEN='", "API_TOKEN"),
        ("config['api_key'] = \"", "api_key"),
        ('<Item site-key="', "site-key"),
        ("a sentence. ", "sentence."),
        ("= ", ""),
        ("", ""),
    ],
)
def test_the_name_is_the_word_in_front(before: str, name: str) -> None:
    assert name_of(before) == name


@pytest.mark.parametrize(
    "name",
    [
        "cacheKey",
        "OBJECT_KEY",
        "row-key",
        "siteKey",
        "sitekey",
        "request_id",
        "nextToken",
        "XPathToken",
        "userId",
    ],
)
def test_keys_and_numbers_of_things_are_no_secrets(name: str) -> None:
    assert names_no_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "apiKey",
        "SECRET_KEY",
        "key",
        "token",
        "access_token",
        "secret_id",
        "session_id",
        "storageKey",
        "password",
        "",
    ],
)
def test_everything_else_may_be_one(name: str) -> None:
    assert not names_no_secret(name)
