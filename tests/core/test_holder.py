import json
from datetime import UTC, datetime

import pytest

from hotelctl.core.holder import Holder

HOLDER = Holder(
    "ana", "desk", 4711, 1234.5, "boot", "deploy", "d1", "migrate", 7, "2026-03-01T12:00:00+00:00"
)
NOW = datetime(2026, 3, 1, 12, 1, 5, 900_000, tzinfo=UTC)


def test_a_holder_survives_its_record() -> None:
    assert Holder.from_json(json.loads(json.dumps(HOLDER.to_json()))) == HOLDER


@pytest.mark.parametrize("missing", Holder.__slots__)
def test_a_record_that_lacks_a_field_is_none(missing: str) -> None:
    raw = HOLDER.to_json()
    del raw[missing]
    with pytest.raises(KeyError, match=missing):
        Holder.from_json(raw)


def test_a_field_of_a_later_version_is_no_obstacle() -> None:
    assert Holder.from_json(HOLDER.to_json() | {"colour": "red"}) == HOLDER


def test_those_who_wait_read_what_by_whom_at_which_step_since_when() -> None:
    assert (
        HOLDER.describe(NOW, alive=True) == "deploy d1 by ana@desk (pid 4711, alive), step migrate, for 65 s"
    )


def test_a_dead_holder_without_a_step_is_told_as_such() -> None:
    raw = HOLDER.to_json() | {"step": ""}
    assert "(pid 4711, no longer alive), step none yet, taken at 2026" in Holder.from_json(raw).describe(
        NOW, alive=False
    )
