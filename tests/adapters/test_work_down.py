"""What stands above a revision is taken back by the service's own command."""

import pytest

from hotelctl.core.work import Migrated
from tests.adapters.test_work import URL, VENV, Made, _at
from tests.fakes.processes import Answer


@pytest.fixture
def made() -> Made:
    """A worker whose service can take migrations back, and whose database stands at `a`."""
    commands = {"command": ["{venv}/up"], "down_command": ["{venv}/up", "--down"]}
    one = Made(migrations={"kind": "alembic", "directory": "m", **commands})
    _at(one, "a")
    return one


@pytest.mark.parametrize(("revision", "word"), [("a", "a"), (None, "base")])
def test_its_command_is_told_where_to_stop_and_works_as_the_owner(
    made: Made, revision: str | None, word: str
) -> None:
    made.processes.answer([f"{VENV}/up", "--down"], Answer(0))
    done = made.work.migrate_down(VENV, URL, {"DATABASE_URL": "postgresql://app@x/y", "A": "1"}, revision)
    assert done == Migrated(True, "a", ())  # noqa: FBT003 - it went well
    assert made.ran[-1].argv == (f"{VENV}/up", "--down", "--revision", word)
    assert made.ran[-1].env == {"DATABASE_URL": URL, "A": "1"}


def test_a_way_back_that_is_refused_says_why_in_its_last_line(made: Made) -> None:
    made.processes.answer([f"{VENV}/up"], Answer(1, stderr="Traceback\nNotImplementedError"))
    done = made.work.migrate_down(VENV, URL, {}, "a")
    assert (done.ok, done.why) == (False, "NotImplementedError")
