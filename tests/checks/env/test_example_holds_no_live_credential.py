import pytest

from hotelctl.checks.env.example_holds_no_live_credential import example_holds_no_live_credential
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_files import OtherEnvFiles
from tests.checks import made

# In two parts, so that no scanner of repositories takes them for keys.
_RANDOM = "_9aK3mQx7ZtR2vB8nL5wY4cHd"
_STRIPE = "sk_live" + _RANDOM


def test_placeholders_are_fine() -> None:
    text = f"KEY=CHANGE_ME\n# TOKEN=sk_test{_RANDOM}\nAWS=AKIAIOSFODNN7EXAMPLE\n"
    assert not made.judged(example_holds_no_live_credential, made.example(text))


def test_a_live_key_is_named_by_kind_line_and_length_alone() -> None:
    (finding,) = made.judged(example_holds_no_live_credential, made.example(f"A=1\n# STRIPE_KEY={_STRIPE}\n"))
    assert (finding.subject, str(finding.location)) == ("STRIPE_KEY", ".env.example:2")
    assert f"a live Stripe key ({len(_STRIPE)} characters)" in finding.message
    assert _STRIPE not in repr(finding)


def test_without_an_example_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="no example"):
        made.judged(example_holds_no_live_credential, OtherEnvFiles((), None))
