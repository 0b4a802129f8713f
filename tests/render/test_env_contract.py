import re
import tomllib

from hotelctl.facts.env_contract import parse_contract
from hotelctl.facts.env_rule import EnvRule
from hotelctl.facts.key_rule import KeyRule
from hotelctl.render.env_contract import page
from tests.house.tracked import ROOT


def test_the_page_is_what_the_reader_accepts() -> None:
    assert (ROOT / "docs/env-contract.md").read_text() == page()


def test_every_field_is_told() -> None:
    told = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", page(), re.MULTILINE)
    assert [name for name, _what in told] == [*KeyRule.model_fields, *EnvRule.model_fields]
    assert all(len(what) > 10 and what != "None" for _name, what in told)


def test_the_example_is_a_contract() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", page(), re.DOTALL)
    assert tomllib.loads(example)
    contract = parse_contract("env.toml", example)
    assert contract.required("ci", {"MAIL_HOST": "mail.invalid"}) == ("MAIL_FROM",)
    assert [rule.kind for rule in contract.rules] == ["requires"]


def test_it_can_be_found_from_where_contracts_are_spoken_of() -> None:
    for name in ("README.md", "docs/own-service.md"):
        assert "env-contract.md" in (ROOT / name).read_text()
