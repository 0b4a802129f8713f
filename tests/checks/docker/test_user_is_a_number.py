import pytest

from hotelctl.checks.docker.user_is_a_number import user_is_a_number as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize("user", ["1000", "1000:app", "root", "0", "$UNKNOWN"])
def test_numbers_are_fine_and_root_is_another_rule(user: str) -> None:
    assert made.judged(check, written.files(f"FROM a:1\nUSER {user}\n")) == []


def test_a_name_is_told() -> None:
    (finding,) = made.judged(check, written.files("FROM a:1\nUSER 1000\nUSER app:app\n"))
    assert "app is a name" in finding.message
    assert str(finding.location) == "Dockerfile:3"
