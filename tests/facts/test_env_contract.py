import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.env_contract import parse_contract

_HEAD = 'schema = "hotelctl.env/1"\n'


def test_keys_rules_and_lines() -> None:
    text = _HEAD + '\n[keys.A]\ndocs = "a"\n\n[keys."B_2"]\ndocs = "b"\nsecret = true\nrequired = ["ci"]\n'
    contract = parse_contract("env.toml", text)
    assert contract.lines == {"A": 3, "B_2": 6}
    assert contract.required("ci") == ("B_2",)
    assert contract.required("production") == ()
    assert [contract.is_secret(key) for key in ("A", "B_2", "UNKNOWN")] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[keys", "is not TOML"),
        ('schema = "other/1"', "env.toml:1"),
        (_HEAD + '[keys.A]\ndocs = "a"\nsecrt = true', "env.toml:2: A.secrt"),
        (_HEAD + '[keys.A]\ndocs = "a"\ntype = "number"', "env.toml:2: A.type"),
        (_HEAD + '[keys.A]\ndocs = "a"\npattern = "["', "regular expression"),
        (_HEAD + "[keys.A]\n", "A.docs"),
        (_HEAD + "keys = 3", "table"),
    ],
)
def test_a_bad_contract_is_unavailable_with_its_place(text: str, words: str) -> None:
    with pytest.raises(Unavailable, match=words.replace(".", r"\.")):
        parse_contract("env.toml", text)
