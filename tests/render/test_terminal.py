import pytest

from hotelctl.render.terminal import stdout


@pytest.mark.parametrize(
    ("told", "width"), [("0", 80), ("1", 80), ("19", 80), ("20", 20), ("100", 100), ("500", 120)]
)
def test_a_terminal_without_a_width_that_can_be_read_has_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, told: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert stdout().width == width
