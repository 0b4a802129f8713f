"""Plain SQL files on a real server, run on a shadow."""

import tempfile
from pathlib import Path

import pytest

from hotelctl.facts.hazard import HazardKind
from tests.probes.lived import lived

pytestmark = pytest.mark.database


def test_what_a_file_takes_back_to_a_savepoint_is_no_hazard(database_server: str) -> None:
    with tempfile.TemporaryDirectory(prefix="q-") as place, lived(database_server, Path(place)) as one:
        run = one.run("SAVEPOINT a; DROP TABLE rooms; ROLLBACK TO a; RELEASE a; CREATE TABLE more ();")
        assert (run.stopped, run.of(HazardKind.DATA_LOSS)) == ("", ())
        assert len(one.run("SAVEPOINT a; DROP TABLE rooms; RELEASE a;").of(HazardKind.DATA_LOSS)) == 1
