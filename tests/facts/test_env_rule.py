import pytest

from hotelctl.facts.env_rule import EnvRule


@pytest.mark.parametrize(
    ("kind", "key", "values", "words"),
    [
        ("requires", "K", {"K": "1", "A": "1", "B": "1"}, None),
        ("requires", "K", {"A": "1"}, None),
        ("requires", "K", {"K": "1", "A": "1"}, "K is set without B"),
        ("excludes", "K", {"K": "1"}, None),
        ("excludes", "K", {"K": "1", "B": "1"}, "K is set together with B"),
        ("one_of", None, {"A": "1"}, None),
        ("one_of", None, {}, "none of A and B is set"),
        ("one_of", None, {"A": "1", "B": "1"}, "A and B are set, one alone is allowed"),
        ("equal", None, {"A": "1", "B": "1"}, None),
        ("equal", None, {"A": "1"}, None),
        ("equal", None, {"A": "1", "B": "2"}, "A and B have not the same value"),
        ("different", None, {"A": "1", "B": "2"}, None),
        ("different", None, {"A": "1", "B": "1"}, "A and B have the same value"),
        ("equal_host", None, {"A": "https://X.org/a", "B": "http://x.org:80"}, None),
        ("equal_host", None, {"A": "https://x.org", "B": "https://y.org"}, "A and B have not the same host"),
    ],
)
def test_each_kind_is_kept_and_broken(
    kind: str, key: str | None, values: dict[str, str], words: str | None
) -> None:
    rule = EnvRule.model_validate({"kind": kind, "key": key, "keys": ["A", "B"]})
    assert rule.complaint() is None
    assert rule.broken(values) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "requires", "keys": ["A"]}, "needs key and keys"),
        ({"kind": "excludes", "key": "A", "keys": []}, "needs key and keys"),
        ({"kind": "equal", "key": "A", "keys": ["B", "C"]}, "keys alone"),
        ({"kind": "one_of", "keys": ["A"]}, "two keys"),
    ],
)
def test_a_rule_that_cannot_be_asked_says_why(rule: dict[str, object], words: str) -> None:
    assert words in (EnvRule.model_validate(rule).complaint() or "")
