from pathlib import Path

import pytest

from hotelctl.cli._broken_off import gone_when_broken_off


def test_what_came_to_its_end_stays(tmp_path: Path) -> None:
    with gone_when_broken_off(tmp_path / "a") as place:
        place.mkdir()
    assert place.is_dir()


@pytest.mark.parametrize("trouble", [ValueError, KeyboardInterrupt])
def test_what_did_not_is_gone(tmp_path: Path, trouble: type[BaseException]) -> None:
    def begin(place: Path) -> None:
        place.mkdir()
        (place / "half").write_text("x")
        raise trouble

    with pytest.raises(trouble), gone_when_broken_off(tmp_path / "a") as place:
        begin(place)
    assert list(tmp_path.iterdir()) == []
