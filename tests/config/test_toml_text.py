import tomllib

from hypothesis import given
from hypothesis import strategies as st

from hotelctl.config import toml_text


@given(st.text(), st.lists(st.text()))
def test_any_text_reads_back_as_it_was(text: str, texts: list[str]) -> None:
    written = f"{toml_text.key(text)} = {toml_text.string(text)}\nlist = {toml_text.strings(texts)}\n"
    if text != "list":
        assert tomllib.loads(written) == {text: text, "list": texts}


@given(st.text(alphabet=st.characters()))
def test_any_comment_is_one_line_that_sets_nothing(text: str) -> None:
    line = toml_text.comment(text)
    assert tomllib.loads(f"{line}\n") == {}
    assert len(f"{line}.".splitlines()) == 1


def test_what_toml_cannot_hold_becomes_a_question_mark() -> None:
    assert tomllib.loads(f"a = {toml_text.string('x' + chr(0xD800))}") == {"a": "x?"}


def test_a_plain_key_stays_plain() -> None:
    assert toml_text.key("DATABASE_URL") == "DATABASE_URL"
    assert toml_text.key("a.b") == '"a.b"'
