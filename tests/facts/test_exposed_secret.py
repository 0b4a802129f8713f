import pytest

from hotelctl.facts.exposed_secret import is_exposed_secret


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("NEXT_PUBLIC_STRIPE_SECRET_KEY", True),
        ("VITE_DB_PASSWORD", True),
        ("PUBLIC_SERVICE_ROLE_KEY", True),
        ("NEXT_PUBLIC_MAP_KEY", False),
        ("VITE_API_KEY", False),
        ("PUBLIC_SECRET_NAME", False),
    ],
)
def test_a_page_may_show_keys_but_no_secrets(key: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert is_exposed_secret(key) is expected
