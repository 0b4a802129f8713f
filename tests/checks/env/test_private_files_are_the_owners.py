import pytest

from hotelctl.checks.env.private_files_are_the_owners import private_files_are_the_owners
from hotelctl.facts.private_files import PrivateFile, PrivateFiles
from tests.checks import made


def _found(mode: int, *, is_directory: bool = False) -> PrivateFiles:
    return PrivateFiles((PrivateFile("keys/a.pem", mode, "KEYRING", is_directory),))


def test_the_owner_alone_is_fine_and_others_may_enter_a_directory() -> None:
    assert not made.judged(private_files_are_the_owners, _found(0o600))
    assert not made.judged(private_files_are_the_owners, _found(0o755, is_directory=True))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_bits_for_others_are_a_finding(mode: int) -> None:
    (finding,) = made.judged(private_files_are_the_owners, _found(mode))
    assert finding.subject == "keys/a.pem"
    assert f"to which KEYRING leads, has mode {mode:04o}" in finding.message
    assert finding.fix == "chmod go= keys/a.pem"


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_directory_into_which_others_may_write_is_a_finding(mode: int) -> None:
    (finding,) = made.judged(private_files_are_the_owners, _found(mode, is_directory=True))
    assert "may put keys there" in finding.message
