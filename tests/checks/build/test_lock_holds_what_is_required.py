from pathlib import Path

import pytest

from hotelctl.checks.build.lock_holds_what_is_required import lock_holds_what_is_required as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.lock import read_lock
from hotelctl.facts.wheel import Wheel
from tests.checks import made
from tests.checks.build import projects


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """It requires rich>=14 and psycopg[binary]>=3.2, for post stripe>=16."""
    return projects.wheel(tmp_path_factory.mktemp("town"))


def found(town: Wheel, text: str) -> list[str]:
    """The words of all findings about a lock of this text."""
    return [one.message for one in made.judged(check, town, read_lock("lock.txt", text.encode()))]


def test_a_lock_with_all_of_it_is_fine_with_and_without_extras(town: Wheel) -> None:
    assert found(town, "rich==14.1\nPsycopg==3.3\nmore==1\n") == []
    assert found(town, "rich==14.1\npsycopg==3.3\nstripe==16.0\n") == []


def test_what_it_does_not_hold_is_named(town: Wheel) -> None:
    (message,) = found(town, "rich==14.1\n")
    assert message == "lock.txt does not hold psycopg, which the package requires: psycopg[binary]>=3.2"


def test_a_pin_that_is_not_allowed_is_named_with_its_line_also_of_an_extra(town: Wheel) -> None:
    lock = read_lock("lock.txt", b"rich==13.0 \\\n    --hash=sha256:00\npsycopg==3.3\nstripe==15.1\n")
    first, second = made.judged(check, town, lock)
    assert "holds rich 13.0; the package requires rich>=14" in first.message
    assert [str(first.location), str(second.location)] == ["lock.txt:1", "lock.txt:4"]


def test_a_requirement_that_cannot_be_read_is_unknown_after_the_others(tmp_path: Path) -> None:
    data = projects.wheel_bytes(tmp_path)
    broken = b"Metadata-Version: 2.1\nName: town\nVersion: 1\nRequires-Dist: ((\nRequires-Dist: rich\n"
    wheel = projects.opened(projects.changed(data, METADATA=broken))
    with pytest.raises(Unavailable, match=r"'\(\(' is no requirement"):
        made.judged(check, wheel, read_lock("lock.txt", b"rich==1\n"))
