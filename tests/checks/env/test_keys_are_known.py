from hotelctl.checks.env.keys_are_known import keys_are_known
from tests.checks import made

_CONTRACT = made.contract(DATABASE_URL={"secret": True})


def test_known_keys_are_fine() -> None:
    assert not made.judged(keys_are_known, made.files("DATABASE_URL=x"), _CONTRACT)


def test_a_misspelt_key_is_named_with_its_neighbour_and_line() -> None:
    (finding,) = made.judged(keys_are_known, made.files("# x\nDATABSE_URL=hunter2hunter2"), _CONTRACT)
    assert "did you mean DATABASE_URL?" in finding.message
    assert str(finding.location) == ".env.local:2"
