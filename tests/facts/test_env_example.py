import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.facts.env_example import named_keys, written
from hotelctl.facts.env_files import scan
from tests.checks import made

_CONTRACT = made.contract(
    URL={"docs": "where it is", "required": ["ci"], "example": "https://example.invalid"},
    PORT={"docs": "two\nlines", "default": "80", "owner": "operations"},
    TOKEN={"secret": True},
    WORDS={"required": ["ci"], "example": "two words # and 'more'"},
    OLD={"deprecated": "use URL"},
)


def test_required_keys_are_set_and_others_are_comments_with_their_docs_and_owner() -> None:
    text = written(_CONTRACT)
    assert "# where it is\nURL=https://example.invalid\n" in text
    assert "# two\n# lines\n# Owner: operations\n# PORT=80\n" in text
    assert "# TOKEN=CHANGE_ME\n" in text
    assert "OLD" not in text


def test_a_value_is_read_as_the_contract_says_it() -> None:
    entry = scan("", written(_CONTRACT)).last("WORDS")
    assert entry is not None
    assert entry.value.reveal() == "two words # and 'more'"


@pytest.mark.parametrize("value", ["one\nB=2", "one\rB=2", "one\n", "one\u2028B=2", "ends with \\", "it\\'s"])
@pytest.mark.parametrize("required", [[], ["ci"]])
def test_a_value_that_no_line_can_hold_is_left_out_and_said_to_be(value: str, required: list[str]) -> None:
    contract = made.contract(A={"example": value, "required": required}, T={"secret": True, "default": value})
    text = written(contract)
    said = "# Its value cannot be written on one line; env.toml has it.\n"
    assert f"{said}{'' if required else '# '}A=\n" in text
    assert f"{said}# T=CHANGE_ME\n" in text
    assert set(named_keys(text)) == {"A", "T"}
    assert [entry.key for entry in scan("", text).entries] == ["A"] * bool(required)
    assert written(contract, text) == text


def test_an_owner_of_two_lines_is_one_comment() -> None:
    assert "# Owner: the people B=2\n# A=\n" in written(made.contract(A={"owner": "the people\nB=2"}))


@given(st.text(min_size=1, max_size=12))
def test_any_value_is_read_as_it_is_or_left_out(value: str) -> None:
    entry = scan("", written(made.contract(A={"example": value, "required": ["ci"]}))).last("A")
    assert entry is not None
    assert entry.value.reveal() in (value, "")


def test_what_stands_there_stays_and_a_repeat_changes_nothing() -> None:
    before = "# our own words\nURL=https://ours.invalid   # kept\n\n\n#PORT=8080"
    once = written(_CONTRACT, before)
    assert once.startswith(before + "\n\n# ...\n# TOKEN=CHANGE_ME\n")
    assert written(_CONTRACT, once) == once


def test_a_whole_example_is_left_as_it_is() -> None:
    before = "URL=1\nPORT=\nTOKEN=\nWORDS=\n\n\n"
    assert written(_CONTRACT, before) == before


@given(st.text(alphabet="# =AURLPOT\n", max_size=60))
def test_after_writing_every_key_is_named(before: str) -> None:
    text = written(_CONTRACT, before)
    assert {"URL", "PORT", "TOKEN", "WORDS"} <= set(named_keys(text))
    assert written(_CONTRACT, text) == text
