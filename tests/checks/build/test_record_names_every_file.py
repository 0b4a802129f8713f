import pytest

from hotelctl.checks.build.record_names_every_file import record_names_every_file as check
from tests.checks import made
from tests.checks.build import projects


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A wheel as its backend built it."""
    return projects.wheel_bytes(tmp_path_factory.mktemp("town"))


def found(data: bytes) -> list[str]:
    """The words of all findings."""
    return [one.message for one in made.judged(check, projects.opened(data))]


def test_a_wheel_as_it_was_built_is_fine(data: bytes) -> None:
    assert found(data) == []


def test_what_was_added_is_found_although_pip_installs_it(data: bytes) -> None:
    (message,) = found(projects.added(data, "town/evil.py"))
    assert "town/evil.py: is not in RECORD" in message


def test_what_was_changed_or_taken_away_is_found(data: bytes) -> None:
    (message,) = found(projects.changed(data, **{"streets.py": b"import os\n"}))
    assert "town/streets.py: is not what its hash in RECORD promises" in message
    (message,) = found(projects.changed(data, **{"streets.py": None}))
    assert "town/streets.py: is in RECORD, and not in the archive" in message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_one_name_is_found(data: bytes) -> None:
    messages = found(projects.added(data, "town/streets.py"))
    assert any("town/streets.py: is 2 times in the archive" in one for one in messages)


def test_names_that_lead_out_are_found(data: bytes) -> None:
    for name in ("../evil.py", "/etc/evil", "C:/evil"):
        assert any("leads out" in one for one in found(projects.added(data, name)))


def test_a_list_that_is_gone_or_proves_nothing_is_found(data: bytes) -> None:
    (message,) = found(projects.changed(data, RECORD=None))
    assert "RECORD: it holds no RECORD" in message
    weak = b"town/__init__.py,,\ntown/streets.py,md5=AAAA,1\ntown-1.2.0.dist-info/RECORD,,\n"
    messages = " ".join(found(projects.changed(data, RECORD=weak)))
    assert "town/__init__.py: has no hash" in messages
    assert "kind md5" in messages
    assert "METADATA" in messages
