import pytest

from hotelctl.checks.env.values_have_their_type import values_have_their_type
from tests.checks import made


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("int", "20", "20.5"),
        ("float", "0.5", "half"),
        ("bool", "true", "ja"),
        ("url", "https://example.org", "example.org"),
        ("email", "a@example.org", "a@example"),
        ("duration", "30s", "soon"),
        ("json", '{"a": 1}', "{a: 1}"),
        ("list", "a,b", "a,,b"),
    ],
)
def test_each_type_knows_good_from_bad(kind: str, good: str, bad: str) -> None:
    contract = made.contract(KEY={"type": kind})
    assert not made.judged(values_have_their_type, made.environment(KEY=good), contract)
    (finding,) = made.judged(values_have_their_type, made.environment(KEY=bad), contract)
    assert str(finding.location) == ".env.local:1"


def test_a_secret_of_the_wrong_type_is_not_shown() -> None:
    contract = made.contract(KEY={"type": "int", "secret": True})
    (finding,) = made.judged(values_have_their_type, made.environment(KEY="hunter2"), contract)
    assert "a whole number" in finding.message
