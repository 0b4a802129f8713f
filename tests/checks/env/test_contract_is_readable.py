import pytest

from hotelctl.checks.env.contract_is_readable import contract_is_readable
from hotelctl.core.errors import Unavailable
from tests.checks import made


def test_a_contract_with_keys_is_fine() -> None:
    assert not made.judged(contract_is_readable, made.contract(A={}))


def test_a_contract_without_keys_is_unknown() -> None:
    with pytest.raises(Unavailable, match=r"env\.toml: declares no key"):
        made.judged(contract_is_readable, made.contract())
