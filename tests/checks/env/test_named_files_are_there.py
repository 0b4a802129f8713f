import pytest

from hotelctl.checks.env.named_files_are_there import named_files_are_there
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.env_files import NamedFiles
from tests.checks import made


def test_files_that_are_there_are_fine() -> None:
    assert not made.judged(named_files_are_there, NamedFiles("hotelctl.toml", (".env.staging",), ()))


def test_an_absent_file_is_unknown_with_its_name() -> None:
    with pytest.raises(Unavailable, match=r"hotelctl\.toml: names \.env\.staging, which is not there"):
        made.judged(named_files_are_there, NamedFiles("hotelctl.toml", (".env.staging",), (".env.staging",)))


def test_where_nothing_is_named_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        made.judged(named_files_are_there, NamedFiles("hotelctl.toml", (), ()))
