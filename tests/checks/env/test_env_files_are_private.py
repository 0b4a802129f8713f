import pytest

from hotelctl.checks.env.env_files_are_private import env_files_are_private
from tests.checks import made


def test_the_owner_alone_is_fine() -> None:
    assert not made.judged(env_files_are_private, made.files("A=1", mode=0o600))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_bits_for_others_are_a_finding(mode: int) -> None:
    (finding,) = made.judged(env_files_are_private, made.files("A=hunter2", mode=mode))
    assert f"{mode:04o}" in finding.message
    assert finding.fix == "chmod 600 .env.local"
