import re
from datetime import date

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
        ("a = " + "[" * 20_000, "is nested too deep to be read"),
        ('schema = "other/1"', "env.toml:1"),
        (_HEAD + '[keys.A]\ndocs = "a"\nsecrt = true', "env.toml:4: unknown field 'A.secrt'"),
        (_HEAD + '[keys.A]\ndocs = "a"\ntype = "number"', "env.toml:4: A.type"),
        (_HEAD + '[keys.A]\ndocs = "a"\npattern = "["', "regular expression"),
        (_HEAD + "[keys.A]\n", "A.docs"),
        (_HEAD + "keys = 3", "table"),
        (_HEAD + "key = 3", "knows no 'key'"),
        (_HEAD + '[keys.A]\ndocs = "a"\nmin_length = 9\nmax_length = 8', "env.toml:5: A.max_length"),
        (_HEAD + '[keys.A]\ndocs = "a"\ntype = "int"\nmin = 9\nmax = 8', "env.toml:6: A.max is below min"),
        (
            _HEAD + '[keys.A]\ndocs = "a"\ntype = "int"\nmax = 8\ndefault = "9"',
            "env.toml:6: A.default is above 8",
        ),
        (_HEAD + '[keys.A]\ndocs = "a"\ntype = "int"\ndefault = "x"', "env.toml:5: A.default "),
        (
            _HEAD + '[keys.A]\ndocs = "a"\nchoices = ["b"]\ndefault = "c"',
            "env.toml:5: A.default is none of b",
        ),
        (_HEAD + '[keys.A]\ndocs = "a"\nrotated = 2026-01-01', "env.toml:2: A: rotated and max_age_days"),
        (_HEAD + '[keys.A]\ndocs = "a"\nrotate_by = "soon"', "env.toml:4: A.rotate_by"),
        (_HEAD + '[keys.A]\ndocs = "a"\nrequired_when = { B = [] }', "env.toml:2: A.required_when names B"),
        (_HEAD + '[[rules]]\nkind = "equal"\nkeys = ["A", "B"]', "env.toml:2: rules name A"),
        (_HEAD + '[[rules]]\nkind = "equals"\nkeys = []', "env.toml:3: rules.kind"),
        (_HEAD + '[[rules]]\nkind = "requires"\nkeys = ["A"]', "env.toml:2: rules: requires needs key"),
        (_HEAD + "rules = 3", "[[rules]]"),
        (_HEAD + '\nconsumers = ["bash"]', "env.toml:3: contract.consumers"),
        (_HEAD + "consumers = []", "env.toml:2: contract.consumers"),
    ],
)
def test_a_bad_contract_is_unavailable_with_its_place(text: str, words: str) -> None:
    with pytest.raises(Unavailable, match=re.escape(words)):
        parse_contract("env.toml", text)


_WHOLE = (
    _HEAD
    + """consumers = ["python-dotenv", "posix-sh"]
[keys.MODE]
docs = "how"
[keys.KEY]
docs = "a key"
secret = true
owner = "payments"
rotated = 2026-01-01
max_age_days = 31
rotate_by = 2026-03-01
[keys.KEY.required_when]
MODE = ["live", "trial"]
[keys.HOST]
docs = "a host"
required_when = { KEY = [] }
[[rules]]
kind = "excludes"
key = "KEY"
keys = ["HOST"]
"""
)


def test_conditions_dates_rules_and_readers() -> None:
    contract = parse_contract("env.toml", _WHOLE)
    assert contract.lines == {"MODE": 3, "KEY": 5, "HOST": 14}
    assert contract.rule_lines == (17,)
    assert contract.consumers == ("python-dotenv", "posix-sh")
    assert contract.keys["KEY"].due == date(2026, 2, 1)
    assert contract.keys["HOST"].due is None


def test_a_key_is_required_where_its_condition_holds() -> None:
    contract = parse_contract("env.toml", _WHOLE)
    assert contract.required("ci") == ()
    assert contract.required("ci", {"MODE": "trial"}) == ("KEY",)
    assert contract.required("ci", {"MODE": "off", "KEY": "x"}) == ("HOST",)
    assert contract.why_required("KEY", "ci") == "where MODE is live or trial"
    assert contract.why_required("HOST", "ci") == "where KEY is set"


def test_a_contract_without_the_new_words_reads_as_before() -> None:
    contract = parse_contract("env.toml", _HEAD + '[keys.A]\ndocs = "a"\n')
    assert (contract.rules, contract.consumers) == ((), ("python-dotenv",))


def test_what_reaches_visitors_is_told_by_prefix_or_by_the_contract() -> None:
    text = _HEAD + '[keys.A]\ndocs = "a"\nclient_exposed = true\n[keys.B]\ndocs = "b"\n'
    contract = parse_contract("env.toml", text)
    assert [contract.is_exposed(key) for key in ("A", "B", "VITE_X")] == [True, False, True]


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("requird = []", r"env\.toml:3: unknown field 'A\.requird'; did you mean 'required'\?$"),
        ("doc = 'x'", r"env\.toml:3: unknown field 'A\.doc'; did you mean 'docs'\?$"),
        ("zzz = 1", r"env\.toml:3: unknown field 'A\.zzz'$"),
    ],
)
def test_a_field_that_is_not_known_is_named_with_the_one_that_was_meant(field: str, says: str) -> None:
    with pytest.raises(Unavailable, match=says):
        parse_contract("env.toml", f'schema = "hotelctl.env/1"\n[keys.A]\n{field}\n')


def test_what_a_text_of_several_lines_holds_is_no_line_of_the_contract() -> None:
    docs = 'docs = """\n[keys.A]\ntype = "url"\n"""\n'
    with pytest.raises(Unavailable, match=r"^env\.toml:7: A\.type"):
        parse_contract("env.toml", f'schema = "hotelctl.env/1"\n[keys.A]\n{docs}type = "number"\n')
