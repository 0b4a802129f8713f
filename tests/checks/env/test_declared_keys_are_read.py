import pytest

from hotelctl.checks.env.declared_keys_are_read import declared_keys_are_read
from hotelctl.core.errors import Unavailable
from hotelctl.facts.code_reads import CodeReads, Read
from tests.checks import made

_CONTRACT = made.contract(PORT={}, HOST={}, OLD={"deprecated": "use HOST"})
_PORT = Read(("PORT",), "app.py", 3, "os.environ")


def test_read_named_and_deprecated_keys_are_fine() -> None:
    code = CodeReads((_PORT,), 1, words=frozenset({"HOST"}))
    assert not made.judged(declared_keys_are_read, code, _CONTRACT)


def test_a_key_that_nothing_names_is_told_with_its_contract_line() -> None:
    (finding,) = made.judged(declared_keys_are_read, CodeReads((_PORT,), 7), _CONTRACT)
    assert (finding.subject, str(finding.location)) == ("HOST", "env.toml:20")
    assert "none of 7 files" in finding.message


@pytest.mark.parametrize(
    ("code", "place"),
    [
        (CodeReads((_PORT,), 1, skipped={"big.py": "too large"}), r"big\.py"),
        (CodeReads((_PORT,), 1, composed=(Read((), "a.py", 9, "os.environ"),)), r"a\.py:9"),
    ],
)
def test_where_something_was_not_seen_it_is_unknown(code: CodeReads, place: str) -> None:
    with pytest.raises(Unavailable, match=f"HOST stands nowhere, but {place}"):
        made.judged(declared_keys_are_read, code, _CONTRACT)


def test_what_was_not_seen_matters_only_for_keys_that_were_not() -> None:
    code = CodeReads((_PORT,), 1, words=frozenset({"HOST"}), skipped={"big.py": "too large"})
    assert not made.judged(declared_keys_are_read, code, _CONTRACT)
