import pytest

from hotelctl.core import errors
from hotelctl.core.errors import ExitCode, HotelctlError, NotApplicable, Unavailable

# The exit codes are a contract: scripts are written against the numbers.
CODES = {
    "Blocked": 1,
    "UsageError": 2,
    "Unverified": 3,
    "StepFailed": 10,
    "WaitedForLock": 10,
    "Damaged": 1,
    "RolledBack": 11,
    "Frozen": 12,
    "Diverged": 12,
    "Locked": 73,
    "Interrupted": 75,
}


def _refusals() -> dict[str, type[HotelctlError]]:
    found = (kind for kind in vars(errors).values() if isinstance(kind, type))
    return {
        kind.__name__: kind for kind in found if issubclass(kind, HotelctlError) and kind is not HotelctlError
    }


def test_every_refusal_has_the_exit_code_that_is_documented_for_it() -> None:
    assert {name: int(kind.exit_code) for name, kind in _refusals().items()} == CODES


def test_the_tree_in_the_docstring_names_each_with_its_code() -> None:
    for name, code in CODES.items():
        assert any(name in line and f" {code} " in line for line in (errors.__doc__ or "").splitlines()), name


def test_the_numbers_are_those_of_the_contract() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "READY": 0,
        "BLOCKED": 1,
        "USAGE": 2,
        "UNVERIFIED": 3,
        "STOPPED": 10,
        "ROLLED_BACK": 11,
        "FROZEN": 12,
        "BUG": 70,
        "LOCKED": 73,
        "INTERRUPTED": 75,
        "CTRL_C": 130,
    }


@pytest.mark.parametrize("kind", _refusals().values())
def test_a_refusal_keeps_message_and_hint(kind: type[HotelctlError]) -> None:
    error = kind("the port is taken", "free it")
    assert (str(error), error.message, error.hint) == ("the port is taken", "the port is taken", "free it")
    assert kind("alone").hint == ""


@pytest.mark.parametrize("kind", [Unavailable, NotApplicable])
def test_a_missing_fact_is_no_refusal_and_keeps_its_reason(
    kind: type[Unavailable] | type[NotApplicable],
) -> None:
    assert kind("no server").reason == str(kind("no server")) == "no server"
    assert not issubclass(kind, HotelctlError)
