import pytest
from pydantic import ValidationError

from hotelctl.config.environment import Environment


def test_an_environment_needs_no_approval_unless_it_says_so() -> None:
    assert Environment().approvals.needed == 0
    given = Environment.model_validate({"approvals": {"needed": 2, "roles": ["operations"]}}).approvals
    assert (given.needed, given.roles, given.signers) == (2, ("operations",), "allowed_signers")


@pytest.mark.parametrize(
    "bad", [{"needed": -1}, {"roles": []}, {"roles": ["Release Manager"]}, {"signer": "x"}]
)
def test_what_nobody_could_keep_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Environment.model_validate({"approvals": bad})
