from hotelctl.checks.env.secrets_are_their_own import secrets_are_their_own
from hotelctl.facts.env_files import OtherEnvFiles
from tests.checks import made

_CONTRACT = made.contract(KEY={"secret": True}, OTHER={"secret": True}, NAME={})
_NONE = OtherEnvFiles((), None)


def test_different_secrets_are_fine() -> None:
    environment = made.environment(KEY="hunter2a", OTHER="hunter2b", NAME="hunter2a")
    assert not made.judged(secrets_are_their_own, environment, _CONTRACT, _NONE)


def test_two_keys_with_one_value_are_both_named() -> None:
    found = made.judged(
        secrets_are_their_own, made.environment(KEY="hunter2", OTHER="hunter2"), _CONTRACT, _NONE
    )
    assert [finding.subject for finding in found] == ["KEY", "OTHER"]


def test_a_value_of_the_example_or_of_another_environment_is_named_with_its_line() -> None:
    others = OtherEnvFiles(
        (made.env_file("\nK=hunter2", ".env.staging"),), made.env_file("A=1\nKEY=hunter2", ".env.example")
    )
    (finding,) = made.judged(secrets_are_their_own, made.environment(KEY="hunter2"), _CONTRACT, others)
    assert ".env.example:2" in finding.message
    assert ".env.staging:2" in finding.message
