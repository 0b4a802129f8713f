import pytest

from hotelctl.checks.env.example_names_every_key import example_names_every_key
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_files import OtherEnvFiles
from tests.checks import made

_CONTRACT = made.contract(A={}, B={}, OLD={"deprecated": "use A"})


def test_set_and_commented_keys_are_named_and_old_ones_may_be_absent() -> None:
    assert not made.judged(example_names_every_key, _CONTRACT, made.example("export A=1\n#B=\n"))


def test_a_key_in_prose_is_not_named() -> None:
    (finding,) = made.judged(example_names_every_key, _CONTRACT, made.example("A=1\n# B is nice\n"))
    assert finding.subject == "B"
    assert "env.toml:20" in finding.message
    assert finding.fix == "hotelctl env example --write"


def test_without_an_example_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="no example"):
        made.judged(example_names_every_key, _CONTRACT, OtherEnvFiles((), None))
