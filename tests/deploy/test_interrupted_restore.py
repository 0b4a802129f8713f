from pathlib import Path

import pytest

from hotelctl.core.errors import UsageError
from hotelctl.deploy.interrupted_restore import InterruptedRestore, Standing, ended, note, noted, require_none
from hotelctl.deploy.layout import Layout
from tests.fakes.files import FakeFiles

LAYOUT = Layout(Path("/state"))
SWAP = InterruptedRestore("b1", "live", "copy", "old", live_number=7, copy_number=9)


@pytest.mark.parametrize(
    ("one", "numbers", "standing"),
    [
        (InterruptedRestore("b1", "live", "copy"), {"live": 7, "copy": 9}, Standing.COPYING),
        (SWAP, {"live": 7, "copy": 9}, Standing.CLOSED),
        (SWAP, {"live": 9, "old": 7}, Standing.SWAPPED),
        (SWAP, {"old": 7, "copy": 9}, Standing.UNKNOWN),
        (SWAP, {"live": 8, "old": 7}, Standing.UNKNOWN),
    ],
)
def test_the_numbers_of_the_databases_tell_how_far_it_came(
    one: InterruptedRestore, numbers: dict[str, int], standing: Standing
) -> None:
    assert one.standing(numbers) is standing


def test_what_is_noted_is_found_until_it_has_ended() -> None:
    files = FakeFiles()
    assert noted(LAYOUT, files) is None
    note(SWAP, LAYOUT, files)
    assert noted(LAYOUT, files) == SWAP
    with pytest.raises(UsageError, match="b1 was interrupted") as refused:
        require_none(LAYOUT, files)
    assert refused.value.hint == "hotelctl backup restore b1 --swap settles it"
    ended(LAYOUT, files)
    require_none(LAYOUT, files)
    assert noted(LAYOUT, files) is None
    files.write_durable(LAYOUT.restore(), b'{"backup": "b1"}')
    with pytest.raises(UsageError, match=r"restore\.json: cannot be read"):
        noted(LAYOUT, files)
